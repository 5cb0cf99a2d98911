"""The logs screen: what is logged of this call, what reading costs, the lines, and how logging is switched on."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.model.case import Case
from cogwizard.model.inert import inert
from cogwizard.model.log import Account
from cogwizard.report import logs as report_logs
from cogwizard.report.document import known_ids
from cogwizard.report.page import FORMS, Mend
from cogwizard.steps import logged
from cogwizard.steps.logged import Log
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import MARKS, Prose

# Of two logs the answer is that of the one that tells more.
_TOLD = ("found", "reading", "failed", "empty", "absent", "offered", "no-id", "elsewhere", "off", "unread")
_MARKS: dict[logged.State, str] = {**logged.VERDICTS, "reading": "reading", "off": "skipped"}


class LogsView(StepView):
    """Nothing is read here before the user has seen what will be, and has pressed the key."""

    has_findings: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("l", "read_logs", "read logs")]

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._codes: tuple[str, ...] = ()
        self._drawn: object = None

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/logs.toml`."""
        return self.journey.session.texts.screen("logs", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        yield Facts([self.words(key) for key in ("log", "state", "where")], id="logs", column=2)
        yield Prose("", id="log-ids", classes="muted")
        yield VerticalGroup(id="log-notes")
        yield Prose(self.words("to read"), classes="heading to-read")
        yield Prose(self.words("cost"), classes="to-read")
        yield Button(self.words("read logs"), id="read-logs", classes="to-read")
        yield Prose(self.words("lines"), classes="heading log-lines")
        head = [self.words(key) for key in ("time", "line", "says")]
        yield Facts(head, id="log-lines", column=1, under_row=True)
        yield Prose(self.say("why"), classes="heading")
        yield Prose(self.reason)
        yield VerticalGroup(id="switch-on")

    # -- drawing -----------------------------------------------------------------------------------------------------

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`."""
        case = seen.case
        found = tuple(log if seen.running else _ended(log) for log in logged.logs(case))
        lines = [line for log in found for line in log.lines]
        self._codes = tuple(
            dict.fromkeys(line.reading.code for line in lines if line.reading and line.reading.code) if lines else ()
        )
        self._answer(seen, found)
        self.query_one("#logs", Facts).put([self._row(log, case) for log in found])
        ids = [inert(value, 128) if value else self.words("none") for value in logged.request_ids(case)]
        self.query_one("#log-ids", Prose).text = self.words("ids", request_id=ids[0], extended=ids[1])
        can_read = any(log.state == "offered" for log in found)
        self.query(".to-read").set(display=can_read)
        table = self.query_one("#log-lines", Facts)
        mark = f"({ids[0]}) "  # which every line of the execution log begins with
        rows = (
            (report_logs.time_of_day(report_logs.moment(line.time)), line.text.removeprefix(mark), self._says(line))
            for line in lines
        )
        table.put([Fact("", row, opened=bool(row[-1])) for row in rows])
        table.display = self.query_one(".log-lines").display = bool(lines)
        drawn = (tuple(self._notes(found, case)), tuple(self._mends(found, case)))
        if drawn != self._drawn:
            self._drawn = drawn
            await self._fill("#log-notes", (Prose(text, classes="gap warn") for text in drawn[0]))
            await self._fill("#switch-on", self._switching_on(drawn[1]))

    def _answer(self, seen: Seen, found: Iterable[Log]) -> None:
        state = min((log.state for log in found), key=_TOLD.index)
        mark, text = _MARKS.get(state, "skipped"), self.words(f"answer {state}")
        if self._codes:
            code = self._codes[0]
            text = self.words("answer proof", title=self.session.texts.title(code), code=code)
        if state == "unread" and seen.running:
            mark, text = "reading", self.say("answer reading")
        answer = self.query_one("#answer", Prose)
        answer.text = f"{MARKS[mark]} {text}"
        answer.set_classes(f"gap {'unknown' if mark == 'unknown' else ''}")

    def _row(self, log: Log, case: Case) -> Fact:
        told = report_logs.build_log(log, case)
        state = report_logs.state_of(told, self.session.texts)
        return Fact(_MARKS.get(log.state, ""), (self.words(log.kind), state, told["name"] or "-"))

    def _says(self, line: logged.Line) -> str:
        return self.words(f"says {line.reading.says}") if line.reading else ""

    def _notes(self, found: tuple[Log, ...], case: Case) -> Iterator[str]:
        execution, _ = found
        account = case.known(logged.account_read(case), Account)
        if account is not None and account.log_role is None:
            yield self.words("no role")
        if execution.settings.data_trace and execution.settings.level != "OFF":
            yield self.words("trace")
        if any(log.state == "empty" for log in found):
            yield self.words("weak")
        if not all(log.complete for log in found):
            yield self.words("incomplete")

    def _mends(self, found: tuple[Log, ...], case: Case) -> Iterator[Mend]:
        """Yield how that is switched on which is off; without a role nothing is written."""
        account = case.known(logged.account_read(case), Account)
        names: list[str] = [log.kind for log in found if log.state == "off"]
        has_no_role = account.log_role is None if account else len(names) == len(found)
        for name in (*(["role"] if has_no_role else []), *names):
            commands = self.session.texts.log_commands(name, known_ids(case))
            forms = {"console": self.words(f"console {name}"), **commands}
            yield Mend(self.words(f"mend {name}"), tuple((form, forms[form]) for form in FORMS if form in forms))

    def _switching_on(self, mends: Iterable[Mend]) -> Iterator[Widget]:
        names = {form: self.label(form) for form in FORMS}
        mends = list(mends)
        if mends:
            yield Prose(self.words("switch on"), classes="heading")
            yield Prose(self.words("cost writing"))
            yield Prose(self.words("variables"), classes="gap")
        for mend in mends:
            yield Prose("")
            yield MendBox(mend, names)

    # -- what the keys do --------------------------------------------------------------------------------------------

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that a line proves: `e` explains the first."""
        return self._codes

    def copyable_page(self) -> str | None:
        """Return the lines of this call, else the answer."""
        lines = [line.text for log in logged.logs(self.journey.seen.case) for line in log.lines]
        return "\n".join(lines) or self.query_one("#answer", Prose).text

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the key does."""
        event.stop()
        await self.action_read_logs()

    async def action_read_logs(self) -> None:
        """Read the lines: who presses this has seen above it what is read and what it costs. Else say why not."""
        seen = self.journey.seen
        if seen.running:
            return
        if any(log.state == "offered" for log in logged.logs(seen.case)):
            await self.journey.read_logs()
        else:
            self.notify(self.query_one("#answer", Prose).text)


def _ended(log: Log) -> Log:
    """Return a log when nothing is read any more: what was being read then was given up."""
    return replace(log, state="failed") if log.state == "reading" else log
