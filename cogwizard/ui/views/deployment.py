"""The deployment screen: this method as the stage serves it, beside the draft that the console shows."""

from collections.abc import Iterable, Iterator

from textual.widget import Widget

from cogwizard.model.api import Authorizer, Export, Stage
from cogwizard.model.case import Case
from cogwizard.model.inert import inert, scrub
from cogwizard.model.read import Absent, Unread
from cogwizard.model.read_api import GetDeployment, GetExport
from cogwizard.model.route import NoRoute, Route
from cogwizard.steps import deployment
from cogwizard.ui.views.access_rows import moment
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose

# What a deployment's summary tells, and what an export without the extensions does not.
_IN_SUMMARY = ("method", "authorization type", "API key")
_IN_EXTENSIONS = ("identity source", "user pools", "token validation")
_LABELS = (*_IN_SUMMARY[:2], "authorizer", "identity source", "user pools", "token validation", "scopes", "API key")


class DeploymentView(StepView):
    """Every field of the method in both views, the stage's deployment, and whether the deployed view was readable."""

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/deployment.toml`."""
        return self.journey.session.texts.screen("deployment", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        yield Prose("", id="difference", classes="heading")
        yield Facts([self.words(key) for key in ("field", "deployed", "draft")], id="fields", column=1)
        yield Prose("", id="readable", classes="gap")
        yield Prose(self.words("stage"), classes="heading")
        yield Facts([self.words(key) for key in ("what", "value", "source")], id="stage-facts", column=1)

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`."""
        deployed, draft = seen.case.seen_as("deployed"), seen.case.seen_as("draft")
        rows = list(self._fields(deployed, draft))
        differ = sum(row.verdict == "warn" for row in rows)
        unknown = any(self.words("not known") in row.cells for row in rows)
        title = "reading" if seen.running else "unknown" if unknown else "same"
        title = "nothing deployed" if deployed.stage_exists is False else title
        text = self.words("differ", count=differ) if differ else self.words(title)
        self.query_one("#difference", Prose).text = text
        self.query_one("#fields", Facts).put(rows)
        self.query_one("#stage-facts", Facts).put(list(self._stage(deployed)))
        readable = self.query_one("#readable", Prose)
        verdict, text = ("", "") if seen.running else self._readable(deployed)
        readable.text = text
        readable.set_classes(f"gap {verdict}")

    def _fields(self, deployed: Case, draft: Case) -> Iterator[Fact]:
        live, drafted = deployment.fields(deployed), deployment.fields(draft)
        unknown = self.words("not known")
        for label in _LABELS:
            if label not in live and label not in drafted and label not in _IN_SUMMARY:
                continue
            left, right = self._cell(deployed, live, label), self._cell(draft, drafted, label)
            # As the step compares: headers are named in any case, but shown as they were written.
            differs = live.get(label) != drafted.get(label) and left != right and unknown not in (left, right)
            yield Fact("warn" if differs else "", (self.label(label), left, right))

    def _cell(self, case: Case, fields: dict[str, str], label: str) -> str:
        if case.view == "deployed" and case.stage_exists is False:
            return self.words("not deployed") if label == "method" else "-"
        if isinstance(case.route, NoRoute):
            return self.words("no method") if label == "method" else "-"
        if not isinstance(case.route, Route) or not self._is_told(case, label):
            return self.words("not known")
        value = fields.get(label, "none")
        if label == "identity source" and isinstance(case.authorizer, Authorizer):
            value = case.authorizer.identity_source or "none"
        if value in ("none", "asked for", "not asked for"):
            return self.words(value)
        return scrub("\n".join(value.split(" ")) if label == "user pools" else value, 2000).replace("\\x0a", "\n")

    def _is_told(self, case: Case, label: str) -> bool:
        """Whether a field of the view is read, and not taken from the other view for want of better."""
        if case.view == "draft":
            return True
        if case.api.assumed:
            return label in _IN_SUMMARY and case.known(case.api_read(GetDeployment), object) is not None
        export = case.known(case.api_read(GetExport), Export)
        return label not in _IN_EXTENSIONS or export is None or export.with_authorizers

    def _stage(self, case: Case) -> Iterator[Fact]:
        source = "apigateway:GetStages"
        name = scrub(case.place.stage or "-", 200)
        stage = case.stage
        if stage is None:
            known = case.stages is not None
            yield Fact(
                "warn" if known else "", (self.label("stage"), name, self.words("no stage" if known else "not known"))
            )
            if known and case.stages:
                names = ", ".join(item.name for item in case.stages[:20])
                yield Fact("", (self.words("stages"), scrub(names, 500), source))
            return
        yield Fact("pass", (self.label("stage"), name, source))
        yield Fact("", (self.words("deployment"), inert(stage.deployment_id or "-", 100), source))
        if stage.updated is not None:
            when = moment(stage.updated, self.journey.session.clock())
            yield Fact("", (self.words("changed"), when, self.words("not younger")))
        yield from self._canary(stage)

    def _canary(self, stage: Stage) -> Iterator[Fact]:
        if stage.canary_percent:
            text = self.words("canary share", percent=f"{stage.canary_percent:g}")
            yield Fact("warn", (self.words("canary"), text, self.words("canary hides")))
        else:
            yield Fact("", (self.words("canary"), self.words("none"), "apigateway:GetStages"))

    def _readable(self, case: Case) -> tuple[str, str]:
        """Return the style and the sentence on whether the deployed view could be read, and what that hides."""
        read = case.api_read(GetExport)
        value = case.facts.get(read) if read else None
        if isinstance(value, Export):
            if value.with_authorizers:
                return "", f"✓ {self.words('export read')}"
            return "unknown", f"? {self.words('export without authorizers')}"
        if read is None or value is None:
            return "unknown", f"? {self.words('export not asked')}"
        summary = case.known(case.api_read(GetDeployment), object) is not None
        hides = self.words("hides part" if summary else "hides all")
        if isinstance(value, Unread):
            parts = [self.words("export unread", error=inert(value.error, 120))]
            if value.reason == "denied":
                parts.append(self.words("export permission", permission=scrub(read.permission or "", 300)))
            elif value.reason == "credentials":
                parts.append(self.words("export sign-in"))
            return "unknown", f"? {' '.join((*parts, hides))}"
        if isinstance(value, Absent) and case.stage is None:
            return "unknown", f"? {self.words('export no stage')}"
        return "unknown", f"? {self.words('export absent')} {hides}"
