"""SECRET_HASH on its own: computed from what is typed, and another one compared with it. Nothing is sent."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ItemGrid, VerticalScroll
from textual.widgets import Button, Input

from cogwizard.ui.base import Page
from cogwizard.ui.widgets.field import Field
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.secret import SecretField
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.vault import Held

_LONGEST = 1024  # characters of a secret and of a hash: more than either has


@dataclass
class HashInputs:
    """What was typed, for the next time that the page is opened. `others`: names with blanks between them."""

    username: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    hash: str = field(default="", repr=False)
    others: str = ""


class SecretHash(Page):
    """The formula is filled in as one types; below it the verdict about the hash that is to be checked."""

    texts_name = "secret_hash"
    help_key: ClassVar[str] = "secret hash"
    DEFAULT_CSS = """
    SecretHash #sheet { height: 1fr; padding: 0 2; }
    SecretHash #fields, SecretHash Field, SecretHash SecretField { height: auto; }
    SecretHash #ways { grid-gutter: 0 2; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("f6", "from_vault", "from vault", priority=True),
        Binding("f7", "copy_hash", "copy hash", priority=True),
        Binding("c", "copy_value", show=False),
    ]

    def __init__(self, username: str = "", client_id: str = "", secret: str = "") -> None:
        """Take what is known already; what is left out stands as it was typed the last time."""
        super().__init__()
        self._known = {"username": username, "client_id": client_id, "secret": secret}

    @property
    def inputs(self) -> HashInputs:
        """What stands in the fields."""
        if self.session.hash_inputs is None:
            self.session.hash_inputs = HashInputs()
        return self.session.hash_inputs

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        given = self.inputs
        yield TopLine()
        with VerticalScroll(id="sheet", can_focus=False):
            yield Prose(self.say("title"), classes="heading")
            yield Prose(self.say("about"), classes="muted")
            yield Prose(classes="gap")
            yield Field("username", self.say("field username"), given.username, self.say("refused"))
            yield Field("client_id", self.say("field client id"), given.client_id, self.say("refused"))
            yield SecretField("secret", self.say("field secret"), given.secret, longest=_LONGEST)
            yield SecretField("hash", self.say("field hash"), given.hash, longest=_LONGEST)
            yield Field("others", self.say("field others"), given.others, self.say("refused"))
            yield Prose(id="verdict", indent=2)
            yield Prose(id="computed", classes="gap")
            yield Prose(id="given")
            yield Prose(indent=14, id="formula", classes="gap")
            yield ItemGrid(
                Button(self.say("copy hash"), id="copy-hash"),
                Button(self.say("from vault"), id="from-vault"),
                id="ways",
                min_column_width=26,
            )
        yield Footer()

    def on_mount(self) -> None:
        """Begin in the first field that is empty."""
        for name, text in self._known.items():
            if text:
                setattr(self.inputs, name, text)
        self._begin()
        lines = [self.query_one(f"#line-{name}", Input) for name in ("username", "client_id", "secret", "hash")]
        next((line for line in lines if not line.value), lines[-1]).focus()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        top = self.query_one(TopLine)
        top.trail, top.mark = self.say("trail"), self.wizard.sandbox_mark()
        for name in ("username", "client_id", "secret", "hash", "others"):
            self.query_one(f"#line-{name}", Input).value = getattr(self.inputs, name)
        self.query_one("#line-others", Input).placeholder = self.say("about others")
        self._show()

    # -- what is typed -----------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Compute as the user types."""
        if event.value != event.input.value:
            return
        setattr(self.inputs, str(event.input.id).removeprefix("line-"), event.value)
        for field_ in event.input.ancestors:
            if isinstance(field_, Field):
                field_.wrong = ""
        self._show()

    def on_input_submitted(self) -> None:
        """Go to the next field."""
        self.focus_next()

    # -- what comes of it --------------------------------------------------------------------------------------------

    @property
    def _is_complete(self) -> bool:
        return bool(self.inputs.username and self.inputs.client_id and self.inputs.secret)

    def _show(self) -> None:
        from cogwizard.report.secret_hash import build, parts

        given = self.inputs
        names = {name: self.say(f"name {name}") for name in ("key", "username", "client_id")}
        names |= parts(given.username, given.client_id, given.secret)
        self.query_one("#formula", Prose).text = f"SECRET_HASH = {self.say('formula', **names)}"
        computed, checked, verdict = (self.query_one(f"#{name}", Prose) for name in ("computed", "given", "verdict"))
        self.query_one("#copy-hash").display = self._is_complete
        checked.text = verdict.text = ""
        verdict.set_classes("")
        computed.text = self.say("missing")
        if self._is_complete:
            hash_ = given.hash.strip() or None
            others = tuple(given.others.split())
            found = build(given.username, given.client_id, given.secret, self.session.texts, hash_, others)
            computed.text = self.say("computed", fingerprint=found["fingerprint"])
            if found["given"]:
                checked.text = self.say("given", fingerprint=found["given"])
                verdict.text = f"{MARKS['pass' if found['matches'] else 'fail']} {found['summary']}"
                verdict.set_classes("gap" if found["matches"] else "gap cause")
        computed.set_class(not self._is_complete, "muted")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return self._is_complete if action == "copy_hash" else True

    def action_copy_hash(self) -> None:
        """Copy the hash itself; never into a file."""
        from cogwizard.signin.secret_hash import secret_hash
        from cogwizard.ui.clipboard import copy_in_background

        given = self.inputs
        copy_in_background(self.wizard, secret_hash(given.username, given.client_id, given.secret), to_file=False)

    def copyable(self) -> str | None:
        """See `Speaking`: the formula, which holds no secret."""
        return self.query_one("#formula", Prose).text

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        if event.button.id == "copy-hash":
            self.action_copy_hash()
        else:
            self.action_from_vault()

    def action_from_vault(self) -> None:
        """Take a client secret from the vault."""
        from cogwizard.ui.from_vault import FromVault

        self.app.push_screen(FromVault(("client-secret", "token", "password")), self._taken)

    def _taken(self, held: "Held | None") -> None:
        if held is None:
            return
        self.inputs.secret = held.value
        for name in ("client_id", "username"):
            if not getattr(self.inputs, name):
                setattr(self.inputs, name, held.entry.about.get(name, ""))
        self._begin()
