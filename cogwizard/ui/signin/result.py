"""The last stage: the tokens by kind and fingerprint, which one fits the method, and what can be done with them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import ItemGrid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button

from cogwizard.model.attempt import SIGN_IN_SCOPE
from cogwizard.model.inert import inert
from cogwizard.model.token import Token, read_token
from cogwizard.ui.signin.findings import page_of
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.views.sheet import problem_widgets
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.timeline import Life, sentences

if TYPE_CHECKING:
    from cogwizard.model.attempt import Attempt
    from cogwizard.model.finding import Finding
    from cogwizard.model.tokens import Tokens
    from cogwizard.ui.signin.state import Purpose


def fits(token: Token, purpose: "Purpose") -> bool | None:
    """Whether a token is the one that the method wants; None where that is not known."""
    wanted = purpose.wants.kind
    if wanted is None:
        return None
    return token.kind == wanted and (not purpose.scopes or bool(set(purpose.scopes).intersection(token.scopes)))


class Result(Panel):
    """Nothing of the tokens themselves is shown."""

    stop: ClassVar[int] = 3
    DEFAULT_CSS = """
    Result ItemGrid { grid-gutter: 0 2; margin-top: 1; height: auto; }
    Result Facts { margin-top: 1; }
    """

    def __init__(self, tokens: "Tokens", judged: "tuple[Attempt, list[Finding]] | None" = None) -> None:
        """Take the tokens, and what is to be said of the sign-in that gave them."""
        super().__init__()
        self._tokens, self._judged = tokens, judged
        texts = filter(None, (tokens.id_token, tokens.access_token))
        self.usable = tuple(read_token(text) for text in texts)

    @property
    def _best(self) -> int | None:
        """Which of the usable ones fits; the first where nobody knows, None where none does."""
        found = [fits(token, self.page.purpose) for token in self.usable]
        return next((at for at, fit in enumerate(found) if fit), 0 if None in found else None)

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self.say("question tokens"), classes="heading")
        yield Prose(self.wanted())
        yield Facts(
            [self.say(f"head {name}") for name in ("token", "life", "scopes", "fit")], self._rows(), id="tokens"
        )
        if self._best is None:
            yield Prose(f"{MARKS['warn']} {self.say('none fits')}", indent=2, classes="warn gap")
        with ItemGrid(min_column_width=32):
            yield from self._buttons()
        yield Prose(self.say("where kept"), classes="gap muted")
        yield from self._warnings()

    def _rows(self) -> list[Fact]:
        texts, rows = self.page.session.texts, []
        for token in self.usable:
            fit = fits(token, self.page.purpose)
            verdict = {True: "pass", False: "", None: ""}[fit]
            word = self.say({True: "fits", False: "fits not", None: "fits unknown"}[fit])
            scopes = inert(" ".join(token.scopes), 300) or "-"
            rows.append(Fact(verdict, (texts.phrase(token.label), self._life(token), scopes, word)))
        if self._tokens.refresh_token:
            label = texts.phrase(read_token(self._tokens.refresh_token).label)
            rows.append(Fact("", (label, self.say("life refresh"), "-", self.say("fits refresh"))))
        return rows

    def _life(self, token: Token) -> str:
        session = self.page.session
        if not token.claims:
            return "-"

        def say(key: str, **params: object) -> str:
            return session.texts.screen("token", key, **params)

        return sentences(Life.of(token), session.clock(), say).replace("\n", " ")

    def _buttons(self) -> Iterator[Button]:
        best = self._best
        for at, token in sorted(enumerate(self.usable), key=lambda item: item[0] != best):
            words = self.say("use", token=token.label)
            yield Button(
                Content(f"{words} (F5)" if at == best else words),
                id=f"use-{at}",
                variant="primary" if at == best else "default",
            )
        yield Button(Content(self.say("save")), id="save")
        access = read_token(self._tokens.access_token) if self._tokens.access_token else None
        if access and SIGN_IN_SCOPE in access.scopes and self.page.can_change_password:
            yield Button(Content(self.say("change password")), id="change")

    def _warnings(self) -> Iterator[Widget]:
        """What the sign-in can never give, although it went well."""
        if self._judged:
            found = page_of(*self._judged, self.page.session.texts)
            for problem in found.problems:
                yield from problem_widgets(problem, self.page.session.texts)

    def begin(self) -> None:
        """See `Panel`."""
        self.query(Button).first().focus(scroll_visible=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        event.stop()
        name = event.button.id or ""
        if not self.may_go_on():
            return
        if name == "save":
            self._save()
        elif name == "change":
            self._change()
        else:
            self._use(int(name.rpartition("-")[2]))

    def go_on(self) -> None:
        """Use the one that fits."""
        if self._best is not None and self.usable:
            self._use(self._best)

    def _use(self, at: int) -> None:
        others = [token.text for number, token in enumerate(self.usable) if number != at]
        self.page.use(self._tokens, self.usable[at].text, *others[:1])

    def _save(self) -> None:
        from cogwizard.ui.keep import Keep
        from cogwizard.vault.kinds import pack_tokens

        self.app.push_screen(Keep("tokens", pack_tokens(self._tokens), self.page.about_tokens(), "tokens"))

    def _change(self) -> None:
        from cogwizard.ui.signin.password import ChangePassword

        sending = self.page.changing
        if sending is not None and sending.is_sending:
            self.app.notify(self.say("changing"), markup=False)
            return
        self.page.changing = ChangePassword(self.page.login)
        self.app.push_screen(self.page.changing)
