"""Choosing a secret of the vault. Names are shown, the value goes to whoever asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Dialog
from cogwizard.ui.vault_rows import entry_rows, trouble_text, waiting
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.vault import Entry, Held, Kind, Trouble

_TICK = 0.2  # seconds between two looks at the clock while a keyring works


class FromVault(Dialog["Held"]):
    """Gives an entry of one of these kinds with its value, or None."""

    texts_name = "vault"
    help_key: ClassVar[str] = "vault entry"
    DEFAULT_CSS = """
    FromVault #entries { height: auto; max-height: 14; margin-top: 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "cancel")]

    def __init__(self, kinds: "Sequence[Kind]") -> None:
        """Take the kinds of entries that are of use."""
        super().__init__()
        self._kinds = tuple(kinds)
        self._entries: list[Entry] | None = None
        self._trouble: Trouble | None = None
        self._wrong: str | None = None  # the key of why an entry is of no use here

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog"):
            yield Prose(self.say("choose title"), classes="heading")
            yield OptionList(id="entries", markup=False)
            yield Prose(id="note", classes="gap")
        yield Footer()

    def on_mount(self) -> None:
        """Look for the names."""
        self.asking = Asking(self.post_message, self.wizard.monotonic)
        self.set_interval(_TICK, self._tick)
        self.asking.ask(self.session.vault.names, "reading")
        self._show()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        options, found = self.query_one("#entries", OptionList), self._entries or []
        shown = entry_rows(found, self.session.clock(), self.say, options.size.width or 60)
        options.set_options(Option(Content(row.text), id=row.id) for row in shown)
        options.highlighted = 0 if shown else None
        options.display = bool(shown)
        if shown:
            options.focus()
        self._tick()

    def _tick(self) -> None:
        for note in self.query("#note").results(Prose):
            lines = []
            if self.asking.seconds is not None:
                seconds = self.asking.seconds
                lines.append(waiting(self.asking.words, seconds, self.session.vault.backend, self.session.texts))
            elif self._trouble:
                lines.append(f"! {trouble_text(self._trouble, self.session.texts)}")
            elif self._wrong:
                lines.append(f"! {self.session.texts.message(self._wrong, {})}")
            elif not self._entries:
                kinds = ", ".join(self.say(f"kind {kind}") for kind in self._kinds)
                lines.append(self.say("none of these", kinds=kinds))
            note.text, note.display = "\n".join(lines), bool(lines)
            note.set_class(self._trouble is not None or self._wrong is not None, "warn")

    def on_answered(self, message: Answered) -> None:
        """Take the names, or the value."""
        from cogwizard.vault import Held, Listing, Trouble

        if not self.asking.takes(message):
            return
        value = message.value
        if isinstance(value, Held):
            self._give(value)
            return
        if isinstance(value, Listing):
            self._entries = [entry for entry in value.entries if entry.kind in self._kinds]
            self._trouble = value.trouble
        else:
            self._trouble = value if isinstance(value, Trouble) else Trouble("failed", type(value).__name__)
        self._show()

    def _give(self, held: "Held") -> None:
        """Give it, unless the entry was replaced by one that is of no use here: then look for the names again."""
        from cogwizard.vault.kinds import BadValue

        self._wrong = None if held.entry.kind in self._kinds else "other-kind"
        try:
            if self._wrong is None and held.entry.kind == "tokens":
                held.tokens()
        except BadValue as error:
            self._wrong = error.key
        if self._wrong is None:
            self.give(held)
        else:
            self.asking.ask(self.session.vault.names, "reading")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Fetch the value."""
        event.stop()
        name = event.option.id
        if name and self.asking.seconds is None:
            self._trouble = self._wrong = None
            self.asking.ask(lambda: self.session.vault.read(name), "reading")
            self._tick()
