"""Inspect a token: what it is, how long it lives, what is in it, what stands out. Nothing is asked from the network."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, TextArea

from cogwizard.model.token import Token
from cogwizard.text import Texts
from cogwizard.ui.base import Page
from cogwizard.ui.tokens import about, as_pasted, tables, tokens_in
from cogwizard.ui.widgets.claims import Claims, Table
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.paste import PasteField
from cogwizard.ui.widgets.prose import MARKS, Prose
from cogwizard.ui.widgets.timeline import Life, Timeline
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.judgement import Judgement

_PAUSE = 0.1  # seconds after the last change before the text is read: typing is not read letter by letter


@dataclass(frozen=True, eq=False)
class Read:
    """A token that was read: what was judged of it without its keys, and its page in the user's language."""

    token: Token
    judgement: "Judgement"
    page: dict[str, Any]


class Inspect(Page):
    """One or two tokens, as they are pasted: bare, in a header line, in a token endpoint's answer."""

    texts_name = "token"
    DEFAULT_CSS = """
    Inspect #inspect { height: 1fr; padding: 0 2; }
    Inspect #paste { height: 6; margin-top: 1; }
    Inspect Timeline { margin-top: 0; }
    Inspect #uses Button { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "use_token", "use token", priority=True),
        Binding("e", "explain", "explain"),
        Binding("g", "get_token", "get token"),
    ]

    def __init__(self, token: str = "") -> None:
        """Take what was pasted already."""
        super().__init__()
        self._text = token
        self._reads: tuple[Read, ...] = ()
        self._tables: list[Table] = []

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        with VerticalScroll(id="inspect", can_focus=False):
            yield Prose(self.say("title"), classes="heading")
            yield Prose(self.say("about"), classes="muted")
            yield PasteField(id="paste", for_tokens=True)
            yield VerticalGroup(id="found")
            yield Claims(id="claims")
        yield Footer()

    def on_mount(self) -> None:
        """Read what was pasted already."""
        self._begin()
        self.query_one("#paste").focus()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        top = self.query_one(TopLine)
        top.trail, top.mark = self.say("trail"), self.wizard.sandbox_mark()
        if self._text:
            self.query_one(PasteField).set_whole(self._text)
        self._read_again()

    # -- reading -----------------------------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Read what stands there."""
        text = self.query_one(PasteField).whole_text
        if text != self._text:
            self._text = text
            self._read_again()

    def _read_again(self) -> None:
        self.run_worker(self._read(self._text, self.session.texts), exclusive=True, group="read")

    async def _read(self, text: str, texts: Texts) -> None:
        await asyncio.sleep(_PAUSE if self._reads else 0)
        self._reads, self._tables = await asyncio.to_thread(_read, text, self.session.clock(), texts)
        async with self.drawing, self.batch():
            if not self.query("#found"):
                return  # taken away, or drawn anew, which reads again
            found = self.query_one("#found", VerticalGroup)
            await found.remove_children()
            await found.mount_all(self._found())
            await self.query_one("#claims", Claims).put(self._tables)
        self.refresh_bindings()

    def _found(self) -> Iterator[Widget]:
        if not self._reads:
            if self._text.strip():
                yield Prose(self.say("nothing found"), classes="gap")
            return
        for read in self._reads:
            yield Prose(about(read.token, self.say), classes="gap token")
            if read.token.claims:
                yield Timeline(self.say, self.session.clock, Life.of(read.token))
        yield Prose(self.session.texts.label("token verdict"), classes="gap")
        yield HorizontalGroup(*self._buttons(), id="uses", classes="gap")
        yield from self._stands_out()

    def _buttons(self) -> Iterator[Button]:
        for at, read in enumerate(self._reads):
            yield Button(Content(self.say("use", token=read.token.label)), id=f"use-{at}")

    def _stands_out(self) -> Iterator[Widget]:
        label, phrase = self.session.texts.label, self.session.texts.phrase
        items = [(phrase(read.token.label), item) for read in self._reads for item in read.page["stands_out"]]
        yield Prose(label("stands out" if items else "nothing stands out"), classes="heading")
        for token, item in items:
            whose = f"{token}: " if len(self._reads) > 1 else ""
            kind = "cause" if item["verdict"] == "fail" else "warn"
            yield Prose(f"{MARKS[item['verdict']]} {whose}{item['code']}: {item['title']}", indent=2, classes=kind)
            yield Prose(item["summary"], classes="inset")

    # -- what can be done with it --------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if action == "use_token":
            return bool(self._reads)
        if action == "explain":
            return bool(self._codes())
        return True

    def _codes(self) -> list[str]:
        return [item["code"] for read in self._reads for item in read.page["stands_out"]]

    def action_explain(self) -> None:
        """Explain what stands out."""
        self.wizard.action_explain(self._codes()[0])

    def action_get_token(self) -> None:
        """Sign in for another one, at the app client of this one."""
        self.wizard.action_get_token(self._reads[0].token if self._reads else None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Send the token whose button it is."""
        self.action_use_token(int((event.button.id or "use-0").rpartition("-")[2]))

    def action_use_token(self, at: int = 0) -> None:
        """Send a token with a call: the one that was given, else one that is chosen from the account."""
        given, others = self.session.given, [read.token.text for read in self._reads]
        given.take(others.pop(at), next(iter(others), ""))
        if given.call is not None:
            self.wizard.action_troubleshoot()
        else:
            self.wizard.action_pick()

    def copyable(self) -> str | None:
        """See `Speaking`: what the tables hold."""
        rows = [row for table in self._tables for row in table.rows]
        return "\n".join("\t".join(row) for row in rows) or None


def _read(text: str, now: float, texts: Texts) -> tuple[tuple[Read, ...], list[Table]]:
    from cogwizard.report.token import page_of, read

    found = []
    for token in tokens_in(text):
        judgement = read(as_pasted(token, text), now)
        found.append(Read(token, judgement, page_of(judgement, token.text, texts)))
    return tuple(found), tables([(item.token.label, item.page) for item in found], texts)
