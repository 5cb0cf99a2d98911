"""The check of a collection that was exported from Postman, by its path. The file is only read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.files import read_text
from cogwizard.intake.errors import BadInput
from cogwizard.model.postman import Setup
from cogwizard.report import page
from cogwizard.report.text import headline
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Page
from cogwizard.ui.postman.export import expanded
from cogwizard.ui.postman.state import Typed
from cogwizard.ui.signin.panel import visible
from cogwizard.ui.views.sheet import problem_widgets
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.checklist import Linted
    from cogwizard.model.case import Case
    from cogwizard.model.collection import Collection

_MIB = 64  # of a file that is read
_TICK = 0.2  # seconds
_STEP = "postman_file"
_FIELDS = ("collection", "environment")
_OUTCOMES = {"fault": ("fail", "cause"), "healthy": ("pass", ""), "inconclusive": ("unknown", "unknown")}


class Lint(Page):
    """Two paths and whether AWS is asked; below them what was found in the file."""

    texts_name = "postman"
    help_key: ClassVar[str] = "postman lint"
    DEFAULT_CSS = """
    Lint #sheet { height: 1fr; padding: 0 2; }
    Lint Entry { height: auto; }
    Lint #ways, Lint #found { height: auto; }
    Lint #ways Button { margin-right: 2; }
    Lint #status { color: $foreground-muted; background: $surface; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "check", "check file", priority=True),
        Binding("f2", "offline", "offline", priority=True),
        Binding("e", "explain", "explain"),
    ]

    def __init__(self, typed: Typed, case: "Case | None" = None) -> None:
        """Take what was typed before, and the call that the tokens are for."""
        super().__init__()
        self._typed, self._case = typed, case
        self._done: tuple[Linted, Collection] | None = None
        self._error: Exception | None = None
        self._page: page.Page | None = None

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        with VerticalScroll(id="sheet", can_focus=False):
            yield Prose(self.say("lint title"), classes="heading")
            yield Prose(self.say("lint about"), classes="muted")
            yield Prose("", classes="gap")
            for name in _FIELDS:
                yield visible(name, self.say(f"lint {name}"), getattr(self._typed, name), self.say("refused"))
            yield HorizontalGroup(
                Button(Content(self.say("lint check")), id="check", variant="primary"),
                Button("", id="offline"),
                id="ways",
                classes="gap",
            )
            yield Prose(id="answer", indent=2, classes="gap")
            yield VerticalGroup(id="found")
        yield Prose(id="status")
        yield Footer()

    async def on_mount(self) -> None:
        """Begin in the first field."""
        self.asking = Asking(self.post_message, self.wizard.monotonic)
        self.set_interval(_TICK, self._tick)
        self.query_one("#line-collection").focus()
        await self._show()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._show)

    def _tick(self) -> None:
        if self.query("#status"):
            seconds = self.asking.seconds
            text = "" if seconds is None else self.say(self.asking.words, seconds=f"{seconds:.1f}")
            self.query_one("#status", Prose).text = text

    async def _show(self) -> None:
        async with self.drawing:
            if not self.query("#found"):
                return
            top = self.query_one(TopLine)
            top.trail, top.place = self.say("trail lint"), self.wizard.place_line(self._case)
            top.mark = self.wizard.sandbox_mark()
            mark = "✓" if self._typed.offline else " "
            self.query_one("#offline", Button).label = Content(f"{mark} {self.say('lint offline')}")
            found = self.query_one("#found", VerticalGroup)
            await found.remove_children()
            await found.mount_all(self._results())
        self._tick()
        self.refresh_bindings()

    def _results(self) -> Iterator[Widget]:
        answer, texts = self.query_one("#answer", Prose), self.session.texts
        answer.text, self._page = "", None
        answer.set_classes("gap")
        if self._error is not None:
            answer.text = self._sentence(self._error)
            answer.set_classes("gap warn")
        if self._done is None:
            return
        from cogwizard.report import postman as report

        done, collection = self._done
        document = report.build_file(done.setup, done.findings, done.unread, collection, texts)
        mark, style = _OUTCOMES[document["outcome"]]
        answer.text = f"{MARKS[mark]} {headline(document, texts)}"
        answer.set_classes(f"gap {style}")
        yield Prose(self.say("lint read", **{key: document["collection"][key] for key in ("requests", "auths")}))
        evidence = {item["code"]: item["evidence"] for item in document["findings"]}
        document["findings"] = [{**item, "step": _STEP} for item in document["findings"]]
        self._page = page.build(document, _STEP, texts)
        yield from self._problems(self._page, evidence)

    def _problems(self, found: page.Page, evidence: dict[str, list[page.Document]]) -> Iterator[Widget]:
        texts = self.session.texts
        head = [texts.label(key) for key in ("what", "expected", "actual", "source")]
        for problem in found.problems:
            rows = [Fact("", page.cells(problem.code, row, texts)) for row in evidence[problem.code]]
            yield from problem_widgets(problem, texts, proof=[Facts(head, rows)] if rows else ())
        if found.unchecked:
            yield Prose(texts.screen("steps", "not checked"), classes="heading")
        yield from (Prose(f"? {text}", indent=2) for text in found.unchecked)

    def _sentence(self, error: Exception) -> str:
        key, params = getattr(error, "key", None), getattr(error, "params", None)
        if isinstance(key, str) and isinstance(params, dict):
            return self.session.texts.message(key, params)
        return self.say("crashed", error=type(error).__name__)

    # -- keys --------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        setattr(self._typed, str(event.input.id).removeprefix("line-"), event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field; from the last one, check."""
        if event.input.id == "line-collection":
            self.focus_next()
        else:
            self.action_check()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        if event.button.id == "offline":
            await self.action_offline()
        else:
            self.action_check()

    async def action_offline(self) -> None:
        """Ask AWS, or do not."""
        self._typed.offline = not self._typed.offline
        await self._show()

    def action_check(self) -> None:
        """Read the file and judge it."""
        typed, session = self._typed, self.session
        if self.asking.seconds is not None:
            return
        if not typed.collection.strip():
            self.query_one("#line-collection").focus()
            self.query_one("#answer", Prose).text = self.say("lint no path")
            return
        where = typed.where
        setup = Setup(where.region or None, where.client_id or None, where.user_pool_id or None)
        ports, offline = None if typed.offline else session.ports, typed.offline
        paths, case, clock = (typed.collection.strip(), typed.environment.strip()), self._case, session.clock
        case = replace(case, facts={}, offline=offline) if case and not offline else case

        def work() -> object:
            from cogwizard.checklist import lint

            collection = _read(*paths)
            return lint(ports, collection, setup, case, clock=clock), collection

        self.asking.ask(work, "linting")
        self._tick()
        self.refresh_bindings()

    async def on_answered(self, message: Answered) -> None:
        """Take what was found, or why nothing could be."""
        if self.asking.takes(message):
            if isinstance(message.value, Exception) and self.session.fall_back(message.value):
                self.action_check()
                return
            failed = isinstance(message.value, Exception)
            self._error = message.value if isinstance(message.value, Exception) else None
            self._done = None if failed else message.value  # type: ignore[assignment]
            await self._show()
            self.query_one("#answer").scroll_visible(animate=False)

    def name_of(self, binding: Binding) -> str:
        """See `Speaking`: while the file is read, `escape` stops that."""
        stops = binding.action == "leave" and self.asking.seconds is not None
        return self.session.texts.key_name("cancel") if stops else super().name_of(binding)

    def action_leave(self) -> None:
        """Stop waiting; else go back."""
        if self.asking.seconds is not None:
            self.asking.drop()
            self._tick()
            self.refresh_bindings()
        else:
            super().action_leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return bool(self._codes) if action == "explain" else True

    @property
    def _codes(self) -> tuple[str, ...]:
        return tuple(problem.code for problem in self._page.problems) if self._page else ()

    def action_explain(self) -> None:
        """Explain the first finding."""
        self.wizard.action_explain(self._codes[0])

    def copyable(self) -> str | None:
        """See `Speaking`: what was found, in words."""
        if self._page is None:
            return self.query_one("#answer", Prose).text or None
        lines = [f"{problem.code}: {problem.summary}" for problem in self._page.problems]
        return "\n".join([self.query_one("#answer", Prose).text, *lines])


def _read(collection: str, environment: str) -> "Collection":
    """Return a collection by the paths that were typed. Raises NotRead, BadInput."""
    from cogwizard.postman.document import is_v3_directory
    from cogwizard.postman.read import read_collection

    path = expanded(collection)
    if is_v3_directory(Path(path)):
        raise BadInput("postman-v3")
    around = read_text(expanded(environment), _MIB) if environment else None
    return read_collection(read_text(path, _MIB), around)
