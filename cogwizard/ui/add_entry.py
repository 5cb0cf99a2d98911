"""Adding an entry to the vault: its kind, its name, and the secret, which is typed unseen."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from cogwizard.ui.keep import Keep
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretField, SecretLine

_KEYS = ("key-id", "key", "session")


class AddEntry(Keep):
    """Asks for the secret too, and for its kind. What is typed is never shown."""

    DEFAULT_CSS = """
    AddEntry #kinds { height: auto; background: $panel; margin-top: 1; scrollbar-gutter: auto; }
    """

    def __init__(self) -> None:
        """The kind that comes first is offered."""
        super().__init__("client-secret", "")
        self._typed: dict[str, str] = {}

    def heading(self) -> str:
        """See `Keep`."""
        return self.say("add title")

    def choice(self) -> Iterable[Widget]:
        """See `Keep`."""
        from cogwizard.vault import KINDS

        yield OptionList(*(Option(Content(self.say(f"kind {kind}")), id=kind) for kind in KINDS), id="kinds")

    def fields(self) -> Iterable[Widget]:
        """See `Keep`."""
        yield SecretField("value", self.say("value"), self._typed.get("value", ""), many_lines=True)
        for name in _KEYS:
            yield SecretField(name, self.say(name), self._typed.get(name, ""))
        yield Prose(id="kind-note", classes="muted")

    def begin(self) -> None:
        """See `Keep`: the kind comes first."""
        self._show_fields()
        self.query_one("#kinds").focus()

    def retext(self) -> None:
        """See `Keep`."""
        super().retext()
        self.call_after_refresh(self._show_fields)

    def _show_fields(self) -> None:
        from cogwizard.vault import KINDS

        self.query_one("#kinds", OptionList).highlighted = KINDS.index(self.kind)
        has_parts = self.kind == "aws-keys"
        self.query_one("#field-value").display = not has_parts
        for name in _KEYS:
            self.query_one(f"#field-{name}").display = has_parts
        note = self.query_one("#kind-note", Prose)
        note.text = self.say(f"note {self.kind}") if self.kind in ("aws-keys", "tokens") else ""
        note.display = bool(note.text)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the fields of the kind."""
        # A list that is composed anew highlights its first option by itself.
        if event.option.id and event.option_list.has_focus and event.option.id != self.kind:
            self.kind = event.option.id  # type: ignore[assignment]
            self._show_fields()
            self._forget_outcome()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on to the first field."""
        event.stop()
        self.query_one("#line-name").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        if isinstance(event.input, SecretLine) and event.value == event.input.value:
            self._typed[str(event.input.id).removeprefix("line-")] = event.value
            self._forget_outcome()

    def secret(self) -> str:
        """See `Keep`."""
        if self.kind != "aws-keys":
            return self._typed.get("value", "")
        from cogwizard.vault.kinds import AwsKeys, pack_keys

        key_id, key, session = (self._typed.get(name, "").strip() for name in _KEYS)
        return pack_keys(AwsKeys(key_id, key, session or None)) if key_id and key else ""
