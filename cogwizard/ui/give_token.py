"""Asks for the token that is sent with the call."""

import asyncio
from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, TextArea

from cogwizard.model.token import Token
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.tokens import Wanted, about, tokens_in
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.paste import PasteField
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.timeline import Life, sentences


class GiveToken(Dialog[bool]):
    """Gives True when a token was given, False for a call without one, None when it is closed.

    The token goes to `session.given.token`, the other of a pair to `session.given.other_token`.
    """

    texts_name = "token"
    DEFAULT_CSS = """
    GiveToken #paste { height: 4; margin-top: 1; }
    GiveToken #found, GiveToken #answers { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("f5,ctrl+j", "use_token", "use token", priority=True),
    ]

    def __init__(self, wanted: Wanted | None = None) -> None:
        """Take the kind of token that the method wants, when it is known: of two tokens, this one is sent."""
        super().__init__()
        self._wanted = wanted
        self._text = ""
        self._tokens: tuple[Token, ...] = ()

    def _say(self, key: str, **params: object) -> str:
        """Say what differs where only an answer was given: no call is made then, the token was sent long ago."""
        return self.say(key if self.session.given.call else f"{key} answer", **params)

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog", can_focus=False):
            yield Prose(self._say("give title"), classes="heading")
            yield Prose(self.say("give about"))
            yield PasteField(id="paste", for_tokens=True)
            yield VerticalGroup(id="found")
            yield VerticalGroup(id="answers")
            yield Prose(self._say("give where"), classes="gap muted")
        yield Footer()

    def on_mount(self) -> None:
        """Show what was given before."""
        given = self.session.given
        self._text = "\n".join(token for token in (given.token, given.other_token) if token)
        self._begin()
        self.query_one("#paste").focus()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self._text:
            self.query_one(PasteField).set_whole(self._text)
        self._read_again()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what stands there."""
        text = self.query_one(PasteField).whole_text
        if text != self._text:
            self._text = text
            self._read_again()

    def _read_again(self) -> None:
        self.run_worker(self._read(self._text), exclusive=True, group="read")

    async def _read(self, text: str) -> None:
        tokens = await asyncio.to_thread(tokens_in, text)
        # The one that is sent stands first.
        self._tokens = tuple(sorted(tokens, key=lambda token: token.kind != self._wanted)) if self._wanted else tokens
        async with self.drawing, self.batch():
            found, answers = self.query_one("#found", VerticalGroup), self.query_one("#answers", VerticalGroup)
            await found.remove_children()
            await found.mount_all(self._found())
            await answers.remove_children()
            await answers.mount_all(self._answers())
        self.refresh_bindings()

    def _found(self) -> Iterator[Widget]:
        if self._text.strip() and not self._tokens:
            yield Prose(self.say("nothing found"))
        for token in self._tokens:
            if token.claims:
                life = sentences(Life.of(token), self.session.clock(), self.say).replace("\n", " ")
                yield Prose(f"{self.session.texts.phrase(token.label)}: {life}", classes="token")
            else:
                yield Prose(about(token, self.say), classes="token")
        if len(self._tokens) > 1:
            yield Prose(self._say("give two"), classes="gap")

    def _answers(self) -> Iterator[Button]:
        for at, token in enumerate(self._tokens):
            name = self._say("send", token=token.label) if len(self._tokens) > 1 else self.say("give use")
            text = self.say("with key", answer=name, pressed="F5") if at == 0 else name
            yield Button(Content(text), id=f"use-{at}", variant="primary" if at == 0 else "default")
        yield Button(Content(self.say("without")), id="without")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return bool(self._tokens) if action == "use_token" else super().check_action(action, parameters)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Send the token whose button it is, or none."""
        if event.button.id == "without":
            self._give()
        else:
            self.action_use_token(int((event.button.id or "use-0").rpartition("-")[2]))

    def action_use_token(self, at: int = 0) -> None:
        """Send a token; keep the other to be shown beside it."""
        rest = [token.text for number, token in enumerate(self._tokens) if number != at]
        self._give(self._tokens[at].text, *rest)

    def _give(self, token: str = "", other: str = "") -> None:
        given = self.session.given
        kept = (given.signed_in, given.order) if token and token in (given.token, given.other_token) else (None, None)
        given.take(token, other, *kept)
        self.dismiss(bool(token))
