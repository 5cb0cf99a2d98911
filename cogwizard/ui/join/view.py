"""The screen of one step of joining: what is missing, what to send to whom, what there is, and what it is about."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import VerticalGroup
from textual.widget import Widget
from textual.widgets import Input

from cogwizard.model.inert import inert
from cogwizard.report import page
from cogwizard.ui.join.known import CALL, END, EXPORT, SIGN_IN, Known, end_answer, end_of, missing, page_of
from cogwizard.ui.signin.panel import visible
from cogwizard.ui.views.sheet import Sheet
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.value import Value

if TYPE_CHECKING:
    from cogwizard.ui.join.walk import JoinWalk

_STYLES = {"fail": "cause", "unknown": "unknown"}
_CALL = ("method", "path")
_MOST_ROUTES = 20  # that are listed


class JoinView(Sheet):
    """What a step says. One with something of its own has a class of its own."""

    steps_name: ClassVar[str] = "join"
    verb: ClassVar[str] = "next screen"  # key of the name of what enter does here
    send: ClassVar[str] = "send to admin"  # key of the heading above what is to be sent
    DEFAULT_CSS = """
    JoinView #asks { height: auto; }
    JoinView Entry { height: auto; }
    """

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._known: Known | None = None
        self._asked: tuple[str, ...] = ()

    @property
    def walk(self) -> "JoinWalk":
        """The page that it stands on."""
        return cast("JoinWalk", self.screen)

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/join_page.toml`."""
        return self.session.texts.screen("join_page", key, **params)

    @property
    def reason(self) -> str:
        """See `Sheet`: what the step is about."""
        return self.session.texts.screen("join", f"what {self.step}")

    @property
    def reason_heading(self) -> str:
        """See `Sheet`."""
        return self.words("what heading")

    def own(self) -> Iterable[Widget]:
        """Return the widgets of a step that has some of its own."""
        return ()

    def extra(self) -> Iterable[Widget]:
        """See `Sheet`."""
        yield VerticalGroup(id="asks")
        yield from self.own()
        yield Prose(self.words("has"), classes="heading has")
        yield Facts([self.label(key) for key in ("what", "value", "source")], id="has", column=1)

    def on_mount(self) -> None:
        """Begin without what there is nothing of."""
        for part in self.query(".has, #has"):
            part.display = False

    def page_of(self, report: page.Document, *, reading: bool) -> page.Page:
        """See `Sheet`: of a step that waits for the user too."""
        known = self._known
        return page_of(known, self.step, self.session.texts) if known else super().page_of(report, reading=reading)

    async def show(self, known: Known) -> None:
        """Show what is known at this moment."""
        self._known = known
        if known.report is None:
            return
        await self.show_asks(known.asks(self.step))
        texts = self.session.texts
        steps = (item["has"] for item in known.report["steps"] if item["step"] == self.step)
        rows = [
            Fact("", (row["label"], texts.phrase(row["value"]), texts.phrase(row["source"]))) for row in next(steps, ())
        ]
        self.query_one("#has", Facts).put(rows)
        for part in self.query(".has, #has"):
            part.display = bool(rows)
        await self.show_report(known.report, reading=known.running)

    async def show_asks(self, asks: tuple[str, ...]) -> None:
        """Show sentences for the administrator, each to be copied."""
        if asks == self._asked:
            return
        self._asked = asks
        widgets: list[Widget] = [Prose(self.words(self.send), classes="heading")] if asks else []
        await self._fill("#asks", [*widgets, *(Value(text, classes="inset") for text in asks)])

    def copyable_page(self) -> str | None:
        """See `Sheet`: what is to be sent to the administrator, else the answer."""
        return "\n\n".join(self._asked) or super().copyable_page()


class SignInView(JoinView):
    """The sign-in, which enter begins."""

    verb = "sign in"


class CallView(JoinView):
    """The call: the file's first route, or one that is typed."""

    verb = "call api"
    DEFAULT_CSS = """
    CallView #call { height: auto; margin-top: 1; }
    """

    def own(self) -> Iterable[Widget]:
        """See `JoinView`."""
        typed, team = self.walk.typed, self.walk.team
        lines = [
            visible(name, self.words(f"field {name}"), getattr(typed, name), self.words("refused")) for name in _CALL
        ]
        yield VerticalGroup(*lines, id="call")
        routes = [f"{method} {path}" for method, path in team.routes]
        if len(routes) > 1:
            more = self.words("more routes", count=len(routes) - _MOST_ROUTES) if len(routes) > _MOST_ROUTES else ""
            listed = inert(", ".join(routes[:_MOST_ROUTES]), 2000)
            yield Prose(self.words("file routes", routes=f"{listed} {more}".strip()), classes="muted")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        event.stop()
        setattr(self.walk.typed, (event.input.id or "").removeprefix("line-"), event.value.strip())
        self.screen.refresh_bindings()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Call."""
        event.stop()
        await self.walk.action_do_it()


class ExportView(JoinView):
    """The export, which enter asks for."""

    verb = "export"


class EndView(JoinView):
    """Everything that is missing, in order, and all that is to be sent to the administrator, to be copied at once."""

    has_findings: ClassVar[bool] = False
    send = "send all"
    DEFAULT_CSS = """
    EndView #missing { height: auto; }
    """

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._shown: object = None

    def extra(self) -> Iterable[Widget]:
        """See `Sheet`."""
        yield VerticalGroup(id="missing")
        yield VerticalGroup(id="asks")
        yield Prose(self.reason_heading, classes="heading")
        yield Prose(self.reason)

    async def show(self, known: Known) -> None:
        """See `JoinView`."""
        self._known, texts = known, self.session.texts
        answer, verdict = self.query_one("#answer", Prose), end_of(known)
        answer.text = f"{MARKS[verdict]} {end_answer(known, texts)}".strip()
        answer.set_classes(f"gap {_STYLES.get(verdict, '')}")
        found = missing(known, texts)
        if found != self._shown:
            self._shown = found
            await self._fill("#missing", self._missing(found))
        await self.show_asks(tuple(filter(None, ["\n\n".join(known.asks(END))])))

    def _missing(self, found: list[tuple[str, str]]) -> Iterable[Widget]:
        if found:
            yield Prose(self.words("missing heading"), classes="heading")
        for number, (heading, sentence) in enumerate(found, 1):
            yield Prose(f"{number} {heading}", indent=2, classes="cause gap" if number == 1 else "warn gap")
            yield Prose(sentence, classes="inset")

    @property
    def codes(self) -> tuple[str, ...]:
        """See `Sheet`: the causes."""
        return tuple(self._known.report["causes"]) if self._known and self._known.report else ()

    def copyable_page(self) -> str | None:
        """See `Sheet`: all that is to be sent, else the answer."""
        return "\n\n".join(self._asked) or self.query_one("#answer", Prose).text


# By the step's id; a step that is not named here shows what all show.
VIEWS: dict[str, type[JoinView]] = {SIGN_IN: SignInView, CALL: CallView, EXPORT: ExportView, END: EndView}
