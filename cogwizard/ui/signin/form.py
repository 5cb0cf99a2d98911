"""The third stage: what the chosen flow needs to be typed. Secrets are taken out of their lines when they are sent."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.model.attempt import GRANTS, PASSWORD_FLOWS
from cogwizard.model.inert import inert
from cogwizard.ui.from_vault import FromVault
from cogwizard.ui.signin.panel import Panel, hidden, visible
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.secret import SecretLine

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.model.attempt import Flow
    from cogwizard.vault import Held, Kind

VISIBLE = ("username", "scopes", "redirect_uri", "domain")
# Secret fields: the kinds of the vault's entries that fit.
HIDDEN: "dict[str, tuple[Kind, ...]]" = {
    "password": ("password",),
    "secret": ("client-secret",),
    "refresh": ("refresh-token", "tokens"),
}


def fields_of(flow: "Flow", login: "Login", *, holds_refresh_token: bool) -> tuple[str, ...]:
    """Return the names of a flow's fields, in the order in which they are asked for.

    A client secret is asked for only where one may be needed and is not known.
    """
    found: list[str] = []
    if flow in PASSWORD_FLOWS:
        found += ["username", "password"]
    if flow == "refresh" and not holds_refresh_token:
        found.append("refresh")
    if flow in GRANTS:
        found.append("scopes")
        if flow != "client-credentials":
            found.append("redirect_uri")
        if login.facts.pool is None or login.domain is None:
            found.append("domain")
    if login.client is None and flow != "implicit":
        found.append("secret")
    return tuple(found)


class Form(Panel):
    """The fields of one flow, filled with what is known."""

    stop: ClassVar[int] = 2
    DEFAULT_CSS = """
    Form #send-row { height: auto; margin-top: 1; }
    Form #send-row Button { margin-right: 2; }
    """

    def __init__(self, flow: "Flow") -> None:
        """Take the flow."""
        super().__init__()
        self._flow = flow
        self._fields: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        page = self.page
        self._fields = fields_of(self._flow, page.login, holds_refresh_token=page.held_refresh_token is not None)
        yield Prose(self.label(f"flow {self._flow}"), classes="heading")
        yield Prose(self.say(f"about {self._flow}"), classes="muted")
        if page.is_scenario and self._flow != "client-credentials":
            from cogwizard.sandbox.scenarios.scenario import PASSWORD, USER

            yield Prose(self.say("sandbox user", name=USER, password=PASSWORD), classes="gap")
        yield Prose("", classes="gap")
        for name in self._fields:
            label, refusal = self.say(f"field {name}"), self.say("refused")
            yield hidden(name, label) if name in HIDDEN else visible(name, label, self._known(name), refusal)
        yield Prose(id="wrong", classes="warn gap")
        with HorizontalGroup(id="send-row"):
            yield Button(Content(self.say(f"send {self._flow}")), id="send", variant="primary")
            for name in self._fields:
                if name in HIDDEN:
                    yield Button(Content(self.say(f"vault {name}")), id=f"vault-{name}")
        for hint in self._hints():
            yield Prose(hint, classes="gap muted")

    def _known(self, name: str) -> str:
        """Return what a field holds at first: what was typed before, else what the app client says."""
        typed = str(getattr(self.page.signing, name))
        if typed:
            return typed
        if name == "redirect_uri":
            return self.page.login.redirect_uri
        if name == "scopes":
            return " ".join(self._scopes())
        if name == "username" and self.page.is_scenario:
            from cogwizard.sandbox.scenarios.scenario import USER

            return USER
        return ""

    def _scopes(self) -> list[str]:
        """All that the app client allows, so that the token that is wanted can come; none where it was not read."""
        client = self.page.login.client
        if client is None:
            return list(self.page.purpose.scopes)
        plain = [scope for scope in client.scopes if inert(scope) == scope]
        return [scope for scope in plain if self._flow != "client-credentials" or "/" in scope]

    def _hints(self) -> list[str]:
        hints = []
        if "scopes" in self._fields:
            hints.append(self.say("hint scopes"))
        if "redirect_uri" in self._fields:
            urls = self.page.login.client.callback_urls if self.page.login.client else ()
            listed = inert(" ".join(urls), 600)
            hints.append(self.say("hint redirect_uri", urls=listed) if urls else self.say("hint redirect_uri unknown"))
        if "secret" in self._fields:
            hints.append(self.say("hint secret"))
        if self._flow in PASSWORD_FLOWS:
            hints.append(self.say("hint once"))
        return hints

    def on_mount(self) -> None:
        """Say nothing wrong yet."""
        self.tell("")

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what may be kept: secrets stay in their lines."""
        name = (event.input.id or "").removeprefix("line-")
        if name in VISIBLE and event.value == event.input.value:
            setattr(self.page.signing, name, event.value.strip())
        self.tell("")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Send, or fill a secret from the vault."""
        event.stop()
        name = (event.button.id or "").removeprefix("vault-")
        if not self.may_go_on():
            return
        if name in HIDDEN:
            self.app.push_screen(FromVault(HIDDEN[name]), lambda held: self._fill(name, held))
        else:
            self.go_on()

    def _fill(self, name: str, held: "Held | None") -> None:
        if held is not None and self.is_attached:
            line = self.query_one(f"#line-{name}", SecretLine)
            line.value = (held.tokens().refresh_token or "") if held.entry.kind == "tokens" else held.value
            line.focus()

    def go_on(self) -> None:
        """Send what was typed, once."""
        needed = [name for name in self._fields if name not in ("secret", "scopes", "domain")]
        missing = next((name for name in needed if not self._line(name).value.strip()), None)
        if missing is not None:
            self.tell(self.say("missing", name=self.say(f"field {missing}")))
            self._line(missing).focus()
            return
        for name in VISIBLE:
            if name in self._fields:
                setattr(self.page.signing, name, self._line(name).value.strip())
        secrets = {name: self.query_one(f"#line-{name}", SecretLine).take() for name in HIDDEN if name in self._fields}
        self.page.send(self._flow, secrets)

    def _line(self, name: str) -> Input:
        return self.query_one(f"#line-{name}", Input)
