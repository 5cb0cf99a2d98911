"""The token's screen: its life on a line, and what is in it; two tokens stand beside each other."""

import asyncio
from collections.abc import Iterable

from textual.app import ComposeResult
from textual.widget import Widget

from cogwizard.model.case import Case
from cogwizard.model.token import Token, read_token
from cogwizard.report.token import taken_apart
from cogwizard.ui.tokens import about, tables, wants
from cogwizard.ui.views.step import Seen, StepView
from cogwizard.ui.widgets.claims import Claims, Table
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.timeline import Life, Timeline


class TokenView(StepView):
    """Adds what the token that was sent is and holds."""

    def __init__(self, step: str) -> None:
        """See `StepView`."""
        super().__init__(step)
        self._shown: tuple[Token | None, ...] = ()
        self._tables: list[Table] = []

    def say_token(self, key: str, **params: object) -> str:
        """Return a text of `screens/token.toml`."""
        return self.journey.session.texts.screen("token", key, **params)

    def extra(self) -> Iterable[Widget]:
        """See `StepView`."""
        session = self.journey.session
        yield Timeline(self.say_token, session.clock, id="life")
        yield Prose("", id="token-kind", classes="gap")
        yield Prose("", id="token-wanted")

    def compose(self) -> ComposeResult:
        """See `Widget`. What the token holds is long: it stands behind what is wrong and how to mend it."""
        yield from super().compose()
        yield Claims(id="claims")

    async def show_extra(self, seen: Seen) -> None:
        """See `StepView`. Tokens are taken apart on another thread, and only when they are others."""
        # What was judged knows already which header carries the token, and which method is called.
        case = seen.judgement.case if seen.judgement else seen.case
        tokens = await asyncio.to_thread(self._tokens, case) if seen.judgement else ()
        called = case.observed.date if case.observed else None
        self.query_one("#life", Timeline).put(Life.of(tokens[0], called) if tokens and tokens[0].claims else None)
        self.query_one("#token-kind", Prose).text = self._kinds(tokens, seen)
        self.query_one("#token-wanted", Prose).text = self._wanted(case, tokens, seen)
        await self.query_one("#claims", Claims).put(self._tables if tokens else [])

    def _tokens(self, case: Case) -> tuple[Token, ...]:
        """Return the token that is sent, and the other of the pair; makes their tables."""
        other = self.journey.session.given.other_token
        tokens = [] if case.token is None else [case.token]
        if tokens and other and other != tokens[0].text:
            tokens.append(read_token(other))
        if tuple(tokens) != self._shown:
            self._shown = tuple(tokens)
            pages = [(token.label, taken_apart(token)) for token in tokens]
            self._tables = tables(pages, self.journey.session.texts)
        return self._shown  # type: ignore[return-value]

    def _kinds(self, tokens: tuple[Token, ...], seen: Seen) -> str:
        if not tokens:
            return self.say_token("none sent") if seen.judgement else ""
        sent, *other = tokens
        lines = [
            about(sent, self.say_token),
            *(self.say_token("beside", about=about(item, self.say_token)) for item in other),
        ]
        return "\n".join(lines)

    def _wanted(self, case: Case, tokens: tuple[Token, ...], seen: Seen) -> str:
        if not tokens or seen.judgement is None:
            return ""
        found = wants(case)
        if found.kind is None and seen.running:
            return ""
        said = self.say_token(found.key, **found.params)
        if len(tokens) < 2 or found.kind is None or tokens[0].kind == found.kind:
            return said
        better = next((token for token in tokens[1:] if token.kind == found.kind), None)
        return f"{said} {self.say_token('send the other', token=better.label)}" if better else said
