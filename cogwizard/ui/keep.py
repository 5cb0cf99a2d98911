"""Keeping a secret under a name. What became of it is said as it is: stored, or in memory only, and why."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.model.inert import inert
from cogwizard.ui.ask import Ask
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.vault_rows import trouble_text, waiting
from cogwizard.ui.widgets.field import Field
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.vault import Kind, Saved

_TICK = 0.2  # seconds between two looks at the clock while a keyring works
_LONG = 10  # seconds: more than a few words are to be read


class Taken:
    """An entry of this name is there already."""


class Keep(Dialog["Saved"]):
    """Asks for a name and gives what became of the secret, or None. One that is not stored is kept in memory.

    Whoever closes it while the keyring has not answered is told on the next screen.
    """

    texts_name = "vault"
    help_key: ClassVar[str] = "keep secret"
    DEFAULT_CSS = """
    Keep #fields { margin-top: 1; }
    Keep #keep-buttons { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("ctrl+s", "keep", "keep", priority=True),
    ]

    def __init__(self, kind: "Kind", value: str, about: Mapping[str, str] | None = None, name: str = "") -> None:
        """`value` is the secret; `about`: what it belongs to (`vault.kinds.ABOUT`); `name`: what is proposed."""
        super().__init__()
        self.kind, self._value, self._about = kind, value, dict(about or {})
        self._called = name
        self._saved: Saved | None = None
        self._trouble: tuple[str, dict[str, object]] | None = None  # a message's key and parameters
        self._is_sure = False  # that an entry of the same name is replaced

    # -- drawing -----------------------------------------------------------------------------------------------------

    def heading(self) -> str:
        """Return what stands at the top."""
        return self.say("keep title", kind=self.say(f"kind {self.kind}"))

    def choice(self) -> Iterable[Widget]:
        """Return what stands before the name."""
        return ()

    def fields(self) -> Iterable[Widget]:
        """Return what stands between the name and the buttons."""
        return ()

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog", id="keep-box", can_focus=False):
            yield Prose(self.heading(), classes="heading")
            yield Prose(self.say("keep about"), classes="muted")
            yield from self.choice()
            with VerticalGroup(id="fields"):
                yield Field("name", self.say("name"), self._called, self.say("refused"))
                yield from self.fields()
            yield Prose(id="status", classes="gap muted")
            yield Prose(id="outcome", classes="gap warn")
            with Horizontal(id="keep-buttons"):
                yield Button(f"{self.say('keep')} (ctrl+s)", id="keep", variant="primary")
                yield Button(self.say("cancel"), id="close")
        yield Footer()

    def on_mount(self) -> None:
        """Begin with the name."""
        self.asking = Asking(self._heard, self.wizard.monotonic)
        self._wizard = self.wizard
        self.set_interval(_TICK, self._tick)
        self.begin()
        self._tick()

    def begin(self) -> None:
        """Put the focus where the user goes on."""
        self.query_one("#line-name").focus()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._tick)

    def _tick(self) -> None:
        """Say what is waited for, or what came of it."""
        if not self.query("#status"):
            return
        status, outcome = self.query_one("#status", Prose), self.query_one("#outcome", Prose)
        seconds, texts = self.asking.seconds, self.session.texts
        status.display = seconds is not None
        if seconds is not None:
            status.text = waiting("saving", seconds, self.session.vault.backend, texts)
        text = ""
        if self._trouble:
            text = texts.message(self._trouble[0], self._trouble[1])
        elif self._saved and self._saved.trouble:
            name = inert(self._saved.entry.name, 80)
            text = f"! {self.say('not stored', name=name)} {trouble_text(self._saved.trouble, texts)}"
        outcome.text, outcome.display = text, bool(text)
        self.query_one("#close", Button).label = Content(self.say("close" if self._saved else "cancel"))

    # -- keeping -----------------------------------------------------------------------------------------------------

    def secret(self) -> str:
        """Return the value to be kept, as the vault takes it."""
        return self._value

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        if event.input.id == "line-name" and event.value != self._called:
            self._called, self._is_sure = event.value, False
            self.query_one("#field-name", Field).wrong = ""
            self._forget_outcome()

    def _forget_outcome(self) -> None:
        self._trouble = None
        self._tick()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field; from the last one, keep."""
        event.stop()
        if event.input is [line for line in self.focus_chain if isinstance(line, Input)][-1]:
            self.action_keep()
        else:
            self.focus_next(Input)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        if event.button.id == "keep":
            self.action_keep()
        else:
            self.action_leave()

    def action_keep(self) -> None:
        """Write it, and read it back; asks first where the name is taken."""
        from cogwizard.vault.outcome import BadName, key_of

        if self.asking.seconds is not None:
            return
        name, value = self._called.strip(), self.secret()
        self._trouble = self._saved = None
        try:
            key = key_of(name)
        except BadName as error:
            self._trouble = (error.key, error.params)
        else:
            if value:
                self._ask(name, key, value)
            else:
                self._trouble = ("vault-empty", {})
        self._tick()

    def _ask(self, name: str, key: str, value: str) -> None:
        vault, kind, about, is_sure = self.session.vault, self.kind, self._about, self._is_sure

        def work() -> object:
            if not is_sure and any(entry.name.lower() == key for entry in vault.names().entries):
                return Taken()
            return vault.save(name, kind, value, about)

        self.asking.ask(work, "saving")

    def _heard(self, message: Answered) -> None:
        """Called from the thread: take the answer, or tell it on another screen when this one was closed."""
        if self.is_attached:
            self.post_message(message)
        elif not isinstance(message.value, Taken | Exception):
            self._wizard.call_from_thread(self._tell_elsewhere, message.value)

    def _tell_elsewhere(self, saved: "Saved") -> None:
        texts, name = self._wizard.session.texts, inert(saved.entry.name, 80)
        if saved.stored:
            text = texts.screen("vault", "stored", name=name, backend=saved.backend)
            text += f" {texts.vault('list begun anew')}" if saved.list_begun_anew else ""
        else:
            text = texts.screen("vault", "not stored", name=name)
        self._wizard.notify(text, markup=False, timeout=_LONG, severity="information" if saved.stored else "warning")

    def on_answered(self, message: Answered) -> None:
        """Take what the thread brings."""
        if not self.asking.takes(message):
            return
        value = message.value
        if isinstance(value, Taken):
            self._ask_to_replace()
        elif isinstance(value, Exception):
            key, params = getattr(value, "key", None), getattr(value, "params", None)
            known = isinstance(key, str) and isinstance(params, dict)
            self._trouble = (key, params) if known else ("crash", {"error": type(value).__name__})  # type: ignore[assignment]
        else:
            self._finish(value)  # type: ignore[arg-type]
        self._tick()

    def _finish(self, saved: "Saved") -> None:
        self._saved = saved
        if saved.stored:
            self._tell_elsewhere(saved)
            self.give(saved)

    def _ask_to_replace(self) -> None:
        name = inert(self._called.strip(), 80)

        def say(key: str) -> str:
            return self.say(key, name=name)

        def answered(yes: bool | None) -> None:
            if yes:
                self._is_sure = True
                self.action_keep()

        question = Ask(lambda: say("ask replace"), lambda: say("ask replace yes"), lambda: say("ask replace no"))
        self.app.push_screen(question, answered)

    def action_leave(self) -> None:
        """Close; what is in memory only by now is given as that."""
        self.dismiss(self._saved)
