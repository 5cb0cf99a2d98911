"""A field for whatever people paste. What is secret in it never enters its document."""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual import events
from textual.timer import Timer
from textual.widgets import TextArea

if TYPE_CHECKING:
    from cogwizard.intake.mask import LoneWord, Masked
    from cogwizard.ui.app import CogwizardApp

LONGEST = 4 << 20  # characters that are taken
FOLDED = 30_000  # characters that are shown: the field lays out every line of its document
_AT_ONCE = 10_000  # characters that are masked without a thread
_TELL = 100_000  # characters from which on reading takes long enough to say so
_PAUSE = 0.3  # seconds after the last key: then what was typed is masked
_STYLED = re.compile(r"\x1b\[[0-?]*+[ -/]*+[@-~]")  # a terminal's colours: no content
_LINE_END = re.compile(r"\r\n?")
_UNPRINTED = re.compile(r"[^ -~\n\t]")
_PLACEHOLDER = re.compile(r"\[[^\[\]\n]{1,80}\]")
# Takes a pasted text, and whether the cursor was moved since; gives what goes between it and what stands there, None
# where it takes the place of that.
Joint = Callable[[str, bool], str | None]


def _unless_moved(_: str, moved: bool) -> str | None:
    return "" if moved else None


class PasteField(TextArea):
    """Takes text of any length and all its lines; shows placeholders for secrets, for characters that a terminal would
    act on, and for what is too long to be shown. `whole_text` is the real text.
    """

    DEFAULT_CSS = "PasteField { height: 7; }"

    def __init__(self, *, placeholder: str = "", id: str | None = None, for_tokens: bool = False) -> None:
        """`placeholder` is shown while the field is empty; `for_tokens`: a lone word is a secret, however short."""
        self._lone_word: LoneWord = "any" if for_tokens else "long"
        super().__init__(id=id, tab_behavior="focus", placeholder=placeholder)
        self.secrets: dict[str, str] = {}
        self._settled = ""  # the document as it was masked last
        self._finished: tuple[str, tuple[int, int], Joint] | None = None  # the whole text, the cursor, see `finish`
        self._replacement = ""  # the document that took the place of another
        self._timer: Timer | None = None

    @property
    def whole_text(self) -> str:
        """The real text, secrets and all that is not shown included."""
        from cogwizard.intake.mask import reveal

        return reveal(self.text, self.secrets)

    def set_whole(self, text: str) -> None:
        """Show another text; what can be undone is forgotten."""
        from cogwizard.intake.mask import mask

        self.secrets.clear()
        shown = self._fit(mask(_plain(text), lone_word=self._lone_word))
        self._settled = shown
        self.load_text(shown)
        self.finish()

    def finish(self, joint: Joint = _unless_moved) -> None:
        """Say that what stands here is whole: while it is not edited, a paste takes its place or joins it as `joint`
        says, which is asked in a thread. What is selected is always what a paste takes the place of.
        """
        self._finished = (self.whole_text, self.cursor_location, joint)

    @property
    def has_replaced(self) -> bool:
        """Whether what stands here took the place of something that can be brought back."""
        return bool(self.text) and self.text == self._replacement

    async def action_clear(self) -> None:
        """Empty the field; what stood there comes back when it is undone, as it was shown."""
        await self._mask_typed()
        self.clear()

    def on_resize(self) -> None:
        """Keep the cursor in sight: the field gives way to what is said below it."""
        self.scroll_cursor_visible()

    # -- pasting -----------------------------------------------------------------------------------------------------

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        await self.take(event.text)

    async def action_paste(self) -> None:  # type: ignore[override]
        """Paste what was copied inside the wizard."""
        await self.take(self.app.clipboard)

    async def take(self, text: str) -> None:
        """Paste a text, wherever the focus is."""
        if self.read_only or not text:
            return
        text = _plain(text)
        was_typing = self._timer is not None
        await self._mask_typed()  # what is replaced comes back when it is undone: as it is shown
        joint = await self._joint(text)
        before, after = ("", "") if joint is None else self._around(joint)
        if len(before) + len(text) + len(after) > LONGEST:
            self.notify(self._say("too long", count=f"{len(text):,}", most=f"{LONGEST:,}"), severity="error")
            return
        if len(text) > _TELL:
            self.notify(self._say("reading", count=f"{len(text):,}"), timeout=3)
        if await self._show(before + text, after, self.secrets) and joint is None:
            self._replacement = self.text
        elif was_typing:  # what was typed may be part of a secret only together with the paste
            self.history.clear()
        self.focus()

    async def _joint(self, text: str) -> str | None:
        """Return what goes between what stands here and a pasted text, None where it takes the place of all."""
        whole = self.whole_text
        if self._finished is None or not whole or whole != self._finished[0] or not self.selection.is_empty:
            return ""
        _, place, joint = self._finished
        return await asyncio.to_thread(joint, text, self.cursor_location != place)

    def _around(self, joint: str) -> tuple[str, str]:
        """Return the real text before and behind a paste."""
        from cogwizard.intake.mask import reveal

        if joint:
            return self.whole_text.rstrip("\n") + joint, ""
        start, end = sorted(self.selection)
        before, after = self.get_text_range((0, 0), start), self.get_text_range(end, self.document.end)
        return reveal(before, self.secrets), reveal(after, self.secrets)

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_text_area_changed(self) -> None:
        """Mask what was typed when the typing pauses."""
        if self.text != self._settled:
            self._stop_timer()
            self._timer = self.set_timer(_PAUSE, self._mask_typed)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def _mask_typed(self) -> None:
        from cogwizard.intake.mask import reveal

        self._stop_timer()
        shown = self.text
        if shown == self._settled:
            return
        before = self.get_text_range((0, 0), self.cursor_location)
        whole_before = reveal(before, self.secrets)
        whole = reveal(shown, self.secrets)
        # A password has no fingerprint in its name; half of one that is typed on is not worth a number.
        known = {name: secret for name, secret in self.secrets.items() if not name.startswith("[password")}
        if await self._show(whole[: len(whole_before)], whole[len(whole_before) :], known):
            self.history.clear()

    # -- showing -----------------------------------------------------------------------------------------------------

    async def _show(self, before: str, after: str, known: Mapping[str, str]) -> bool:
        """Show a text with the cursor between its two parts; return whether the document changed."""
        from cogwizard.intake.mask import mask

        whole = before + after
        if len(whole) <= _AT_ONCE:
            masked = mask(whole, known, lone_word=self._lone_word)
        else:
            masked = await asyncio.to_thread(mask, whole, known, lone_word=self._lone_word)
        shown = self._fit(masked)
        self._stop_timer()
        self._settled = shown
        if shown == self.text:
            return False
        at = _cursor(shown, self.secrets, len(before))
        self.replace(shown, (0, 0), self.document.end, maintain_selection_offset=False)
        lines = shown[:at].split("\n")
        self.move_cursor((len(lines) - 1, len(lines[-1])))
        return True

    def _fit(self, masked: "Masked") -> str:
        """Return a masked text as it may enter the document, and take over its placeholders."""
        from cogwizard.intake.mask import reveal

        self.secrets.update(masked.secrets)
        shown = masked.shown
        if len(shown) > FOLDED:
            cut = shown.rfind("\n", FOLDED // 2, FOLDED) + 1 or FOLDED
            opened, closed = shown.rfind("[", cut - 80, cut), shown.rfind("]", cut - 80, cut)
            cut = opened if opened > closed else cut
            rest = reveal(shown[cut:], self.secrets)
            shown = shown[:cut] + self._stand_in(shown, self._say("more", count=f"{len(rest):,}"), rest)
        return _UNPRINTED.sub(lambda found: self._still(shown, found[0]), shown)

    def _still(self, shown: str, char: str) -> str:
        from cogwizard.model.inert import LOUD

        if unicodedata.category(char) not in LOUD:
            return char
        return self._stand_in(shown, f"U+{ord(char):04X}", char)

    def _stand_in(self, shown: str, word: str, hidden: str) -> str:
        number, name = 1, f"[{word}]"
        while self.secrets.get(name, hidden) != hidden or (name not in self.secrets and name in shown):
            number += 1
            name = f"[{word} {number}]"
        self.secrets[name] = hidden
        return name

    def _say(self, key: str, **params: object) -> str:
        return cast("CogwizardApp", self.app).session.texts.screen("paste", key, **params)

    def get_line(self, line_index: int) -> Text:
        """See `TextArea`. An empty line is a blank: else a selected one is drawn with a mark of unknown width."""
        line = super().get_line(line_index)
        return line if line.plain else Text(" ", end="", no_wrap=True)

    # -- deleting ----------------------------------------------------------------------------------------------------

    def action_delete_left(self) -> None:
        """Delete the character before the cursor, or the whole placeholder that ends there."""
        self._delete_around(left=True) or super().action_delete_left()

    def action_delete_right(self) -> None:
        """Delete the character under the cursor, or the whole placeholder that begins there."""
        self._delete_around(left=False) or super().action_delete_right()

    def _delete_around(self, *, left: bool) -> bool:
        row, column = self.cursor_location
        if self.selection.is_empty and not self.read_only:
            for found in _PLACEHOLDER.finditer(self.document.get_line(row)):
                start, end = found.span()
                if found[0] in self.secrets and (start < column <= end if left else start <= column < end):
                    self._delete_via_keyboard((row, start), (row, end))
                    return True
        return False


def _plain(text: str) -> str:
    """Return a paste with line ends of one kind and without a terminal's colours."""
    return _LINE_END.sub("\n", _STYLED.sub("", text))


def _cursor(shown: str, secrets: Mapping[str, str], wanted: int) -> int:
    """Return the place in `shown` for a place in the whole text: behind a placeholder where it is within one."""
    at = whole = 0
    for found in _PLACEHOLDER.finditer(shown):
        if whole + found.start() - at >= wanted:
            break
        whole += found.start() - at + len(secrets.get(found[0], found[0]))
        at = found.end()
        if whole >= wanted:
            return at
    return min(len(shown), at + wanted - whole)
