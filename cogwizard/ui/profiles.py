"""Choosing another AWS profile, or AWS keys of the vault."""

import threading
from typing import TYPE_CHECKING, ClassVar, Union

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList

from cogwizard.model.inert import inert
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Dialog
from cogwizard.ui.vault_rows import trouble_text, waiting
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.aws.session import HeldKeys
    from cogwizard.vault import Held

_TICK = 0.2  # seconds between two looks at the clock while a keyring works
_VAULT = "vault:"


class ChooseProfile(Dialog[Union[str, "HeldKeys"]]):
    """Gives the name of a profile of the user's AWS files, or keys of the vault; None when it is closed.

    The keyring is asked beside the files, and not waited for: its entries come last.
    """

    texts_name = "access"
    DEFAULT_CSS = """
    ChooseProfile #profiles { height: auto; max-height: 14; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("down", "focus_list", show=False),
    ]

    class Listed(Message):
        """The files were read: the names, or the key and the parameters of a text that says why not."""

        def __init__(self, names: tuple[str, ...], key: str = "", params: dict[str, str] | None = None) -> None:
            """Take either."""
            super().__init__()
            self.names, self.key, self.params = names, key, params or {}

    def __init__(self) -> None:
        """The files are read when the dialog is shown."""
        super().__init__()
        self._listed: ChooseProfile.Listed | None = None
        self._held: tuple[str, ...] = ()  # entries of the vault, as `vault:NAME`
        self._shown: list[str] = []
        self._filter = ""
        self._trouble = ""  # why an entry of the vault cannot be used

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog"):
            yield Prose(self.say("choose profile"), classes="heading")
            yield Input(self._filter, placeholder=self.say("filter"), id="profile-filter", classes="gap")
            yield OptionList(id="profiles")
            yield Prose(self.say("looking"), id="profiles-note", classes="muted")
            yield Prose(id="vault-note", classes="muted")
        yield Footer()

    def on_mount(self) -> None:
        """Read the files in a thread: they may lie on a slow disk."""
        self.query_one("#profile-filter").focus()
        self.asking = Asking(self.post_message, self.wizard.monotonic)
        self.asking.ask(self.session.vault.names, "reading")
        self.set_interval(_TICK, self._tick)
        threading.Thread(target=self._look, daemon=True, name="profiles").start()

    def _look(self) -> None:
        from cogwizard.aws.session import SetupError
        from cogwizard.aws.setup import profile_names

        try:
            self.post_message(self.Listed(profile_names()))
        except SetupError as error:
            self.post_message(self.Listed((), error.key, error.params))

    def on_choose_profile_listed(self, message: Listed) -> None:
        """Show the names."""
        self._listed = message
        self._list()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._list)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the user types."""
        if event.value != self._filter:
            self._filter = event.value
            self._list()

    def _list(self) -> None:
        self._tick()
        if self._listed is None:
            return
        words, names = self._filter.lower().split(), (*self._listed.names, *self._held)
        self._shown = [name for name in names if all(word in name.lower() for word in words)]
        options = self.query_one("#profiles", OptionList)
        options.clear_options()
        options.add_options(Content(inert(name, 120)) for name in self._shown)
        options.highlighted = 0 if self._shown else None
        options.display = bool(self._shown)
        note = self.query_one("#profiles-note", Prose)
        note.text = "" if self._shown else self.say("no profiles")
        if self._listed.key:
            note.text = self.session.texts.message(self._listed.key, self._listed.params)

    def action_focus_list(self) -> None:
        """Go from the filter to the list."""
        self.query_one("#profiles").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose the one that is highlighted."""
        event.stop()
        self.query_one("#profiles", OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose a profile."""
        event.stop()
        chosen = self._shown[event.option_index]
        if chosen not in self._held:
            self._choose(chosen)
        elif self.asking.seconds is None:
            self._trouble = ""
            self.asking.ask(lambda: self.session.vault.read(chosen.removeprefix(_VAULT)), "reading")
            self._tick()

    # -- the vault ---------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Say what the keyring is waited for, or why an entry cannot be used."""
        for note in self.query("#vault-note").results(Prose):
            seconds = self.asking.seconds
            note.text = self._trouble
            if seconds is not None:
                note.text = waiting("reading", seconds, self.session.vault.backend, self.session.texts)
            note.display = bool(note.text)

    def on_answered(self, message: Answered) -> None:
        """Take the names of the vault, or the keys of an entry."""
        from cogwizard.vault import Held, Listing, Trouble

        if not self.asking.takes(message):
            return
        value, texts = message.value, self.session.texts
        if isinstance(value, Listing):
            # A keyring that cannot be looked at is the vault's page to tell: this is a list of profiles.
            self._held = tuple(f"{_VAULT}{entry.name}" for entry in value.entries if entry.kind == "aws-keys")
            self._list()
        elif isinstance(value, Held):
            self._use(value)
        elif isinstance(value, Trouble):
            self._trouble = f"! {trouble_text(value, texts)}"
        self._tick()

    def _use(self, held: "Held") -> None:
        from cogwizard.aws.session import HeldKeys
        from cogwizard.vault.kinds import BadValue

        try:
            keys = held.keys()
        except BadValue as error:
            self._trouble = f"! {self.session.texts.message(error.key, error.params)}"
        else:
            name = f"{_VAULT}{held.entry.name}"
            self._choose(HeldKeys(name, keys.key_id, keys.secret, keys.session_token))

    def _choose(self, chosen: "str | HeldKeys") -> None:
        """Give it; in the sandbox no AWS account is read."""
        if self.app.screen is self and self.session.sandbox is not None:
            self._trouble = f"! {self.say('sandbox note')}"
            self._tick()
        else:
            self.give(chosen)
