"""Taking the walk-through away: exactly what goes is shown and asked for, then each thing with what became of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from cogwizard.model.inert import scrub
from cogwizard.onboarding.teardown import owned
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.onboard.told import trouble
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.ui.onboard.build import Build

_TICK = 0.2  # seconds between two looks at the clock
_VERDICTS = {"removing": "reading", "gone": "pass", "absent": "skipped", "foreign": "warn", "remains": "fail"}


class TearDown(Dialog[bool]):
    """Gives True once nothing of the run is left. The safe answer has the focus."""

    texts_name = "walkthrough"
    help_key: ClassVar[str] = "tear down"
    DEFAULT_CSS = """
    TearDown Facts { margin-top: 1; }
    TearDown #remove-buttons { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy_value", "copy"),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    class Changed(Message):
        """Something is new."""

    def __init__(self, build: "Build") -> None:
        """Take the walk-through; its journal is open."""
        super().__init__()
        self._build = build
        walk = build.walk
        self._owned = owned(build.plan, walk.journal) if walk.journal is not None else []
        self._has_begun = False

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        say = self.session.texts.screen
        with Box(classes="dialog wide", id="remove-box", can_focus=False):
            yield Prose(self.say("remove title", name=self._build.plan.choices.name), classes="heading")
            yield Prose(say("onboard", "removing asks" if self._owned else "nothing to remove"), id="asks")
            yield Facts([self.say("head what"), self.say("head call"), self.say("head state")], id="owned", column=0)
            with Horizontal(id="remove-buttons"):
                yield Button(Content(self.say("remove no")), id="close")
                yield Button(Content(self.say("remove yes")), id="remove")
        yield Footer()

    def on_mount(self) -> None:
        """Offer the safe answer."""
        self._build.on_change = lambda: self.post_message(self.Changed())
        self.set_interval(_TICK, self._show)
        self._show()
        self.query_one("#close").focus()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._show)

    def on_tear_down_changed(self) -> None:
        """Draw what is new."""
        self._show()

    def _rows(self) -> Iterator[Fact]:
        build, walk = self._build, self._build.walk
        if not self._has_begun and walk.journal is not None:
            # Exactly what goes, while something is still being made too.
            self._owned = owned(build.plan, walk.journal)
        for write in self._owned:
            removal = build.removals.get(write.id)
            undoes = self.session.texts.screen("onboard", f"undoes {write.id}", **build.plan.values)
            call = f"{write.service}:{write.undo.operation}" if write.undo else ""
            state = self._state(removal.state) if removal else ""
            yield Fact(_VERDICTS[removal.state] if removal else "", (undoes, call, state))

    def _state(self, state: str) -> str:
        if state in ("removing", "remains"):
            return self.say(f"state {state}")
        return self.session.texts.screen("onboard", state)

    def _show(self) -> None:
        if not self.is_mounted or self.drawing.locked():
            return  # composed anew, piece by piece
        build, texts = self._build, self.session.texts
        self.query_one("#owned", Facts).put(list(self._rows()))
        self.query_one("#remove").display = bool(self._owned) and not (self._has_begun or build.is_busy)
        self.query_one("#close", Button).label = Content(self.say("close" if self._has_begun else "remove no"))
        said = []
        if build.is_busy:
            seconds = f"{self.wizard.monotonic() - build.since:.1f}"
            said.append(
                self.say("doing stopping" if build.is_stopping else "doing removing", seconds=seconds, action="")
            )
        elif self._has_begun:
            for removal in build.removals.values():
                if removal.failed is not None:
                    what = texts.screen("onboard", f"undoes {removal.write.id}", **build.plan.values)
                    error = scrub(f"{removal.failed.error} {removal.failed.detail}".strip(), 400)
                    said.append("✗ " + texts.screen("onboard", "remains", what=what, error=error))
            if build.error is not None:
                said.append(f"✗ {trouble(build.error, texts)}")
            said.append(texts.screen("onboard", "all gone" if build.is_removed else "some remain"))
        if self._has_begun:
            self.query_one("#asks", Prose).text = "\n".join(said)
        self.refresh_bindings()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it away, or close."""
        event.stop()
        if event.button.id == "remove":
            if self._build.remove():
                self._has_begun = True
                self.query_one("#close").focus()
                self._show()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Stop after what is on its way; when nothing is, close."""
        if self._build.is_busy and self._has_begun and not self._build.is_stopping:
            self._build.stop()
            self._show()
        else:
            self.dismiss(self._build.is_removed)

    def copyable(self) -> str | None:
        """See `Speaking`: what goes, or what became of it."""
        return "\n".join("  ".join(filter(None, fact.cells)) for fact in self._rows())
