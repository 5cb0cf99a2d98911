"""The call as it was understood, redacted."""

from collections.abc import Callable, Iterable

from textual.widget import Widget

from cogwizard.model.inert import inert
from cogwizard.report.redaction import show_headers, show_url, shown_call
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose


class CalledView(StepView):
    """Adds the call: what was sent, which API it reaches, and what came back."""

    def tell(self, key: str, **params: object) -> str:
        """Return a text of `screens/call.toml`."""
        return self.journey.session.texts.screen("call", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        yield Prose(self.tell("understood"), classes="heading")
        yield Facts((self.tell("what"), self.tell("value")), id="call-facts")

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`."""
        self.query_one("#call-facts", Facts).put(_facts(seen, self.tell))


def _facts(seen: Seen, tell: Callable[..., str]) -> list[Fact]:
    """Return the call's rows: from the report, before there is one from the case alone."""
    case, report = seen.case, seen.report
    if not case.call_given and report is None:
        return []
    shown = report["request"] if report else {}
    rows = []
    if case.call_given:
        rows += [("method", shown.get("method") or inert(case.call.method, 40)), ("url", show_url(case.call.url))]
    rows += [(name, shown.get(name)) for name in ("rest_api_id", "stage", "region", "resource")]
    facts = [Fact("", (tell(f"field {name}"), str(text))) for name, text in rows if text]
    headers = shown.get("headers") if report else show_headers(shown_call(case))
    facts += [Fact("", (tell("header", header=name), text or tell("empty"))) for name, text in headers or ()]
    observed = report["observed"] if report else None
    if observed:
        parts = (str(observed["status"]), observed["error_type"], observed["message"])
        facts.append(Fact("", (tell("observed"), " ".join(part for part in parts if part))))
    return facts
