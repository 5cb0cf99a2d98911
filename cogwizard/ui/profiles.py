"""Choosing another AWS profile."""

import threading
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList

from cogwizard.model.inert import inert
from cogwizard.ui.base import Dialog
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose


class ChooseProfile(Dialog[str]):
    """Gives the name of a profile of the user's AWS files, or None."""

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
        self._shown: list[str] = []
        self._filter = ""

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog"):
            yield Prose(self.say("choose profile"), classes="heading")
            yield Input(self._filter, placeholder=self.say("filter"), id="profile-filter", classes="gap")
            yield OptionList(id="profiles")
            yield Prose(self.say("looking"), id="profiles-note", classes="muted")
        yield Footer()

    def on_mount(self) -> None:
        """Read the files in a thread: they may lie on a slow disk."""
        self.query_one("#profile-filter").focus()
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
        if self._listed is None:
            return
        words = self._filter.lower().split()
        self._shown = [name for name in self._listed.names if all(word in name.lower() for word in words)]
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
        self.dismiss(self._shown[event.option_index])
