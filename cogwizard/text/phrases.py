"""Evidence in the reader's language: the fixed English phrases of the steps, translated for screens.

Evidence is free of language where programs read it (JSON, text and Markdown reports). A name or a value is no phrase of
ours and stays as it is, whatever it says.
"""

import re
from collections.abc import Mapping

# What may stand in the place of a foreign part, by the name of the part. Bounded and without blanks: no cell can make
# the match slow, and what holds more than a name is not ours to reword.
_PARTS = {
    "moment": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC|-?\d{1,20} s",
    "count": r"\d{1,9}",
    "hash": r"[0-9a-f]{8}",
    "sign": r"\S{1,10}",
    "part": r"header|payload|signature",
    "operation": r"[A-Za-z]{1,60}",
    "action": r"[a-z-]{1,30}:[A-Za-z]{1,60}",
    "arn": r"arn:\S{1,500}",
    "path": r"/\S{0,500}",
    "days": r"\d{1,15}",
    "hours": r"\d{1,2}",
    "minutes": r"\d{1,2}",
    "seconds": r"\d{1,2}",
    "answer": r"\d{3}",
    "foreseen": r"(?:\d{3}|\?) [\w-]{0,80}",
    "gate": r"[a-z-]{1,20}(?:/[a-z-]{1,20}){0,8}",
    "name": r"[^\s,]{1,300}",
}
_WORDS = ("gate", "part", "kind")  # parts that are not foreign
_BARE = re.compile(r"[A-Za-z]{1,60}[a-z][A-Z][A-Za-z]{1,60}")  # the name of an operation or a field, between phrases
_LONGEST = 3000
_MOST = 20  # entries of a list


class Phrases:
    """The phrases of one language. A key may hold foreign parts, `{name}`; its value holds the same."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Take English phrases and what they are in the language, the narrower pattern first.

        `{kind} {word}` is the entry of a word that stands within a phrase.
        """
        self._exact = {key: text for key, text in table.items() if "{" not in key}
        self._patterns = [(_pattern(key), text) for key, text in table.items() if "{" in key]

    def translate(self, cell: str) -> str:
        """Return a cell of evidence in the language, unchanged where it is no phrase, nor a list of such."""
        if len(cell) > _LONGEST:
            return cell
        whole = self._one(cell)
        if whole is not None:
            return whole
        parts = cell.split(", ")
        if len(parts) > _MOST:
            return cell
        found = [self._one(part) for part in parts]
        is_ours = all(new or _BARE.fullmatch(part) for part, new in zip(parts, found, strict=True))
        if not is_ours or not any(found):
            return cell
        return "、".join(new or part for part, new in zip(parts, found, strict=True))

    def _one(self, text: str) -> str | None:
        if text in self._exact:
            return self._exact[text]
        for pattern, translated in self._patterns:
            if match := pattern.fullmatch(text):
                return translated.format_map({kind: self.word(kind, part) for kind, part in match.groupdict().items()})
        return None

    def word(self, kind: str, text: str) -> str:
        """Return a word of ours that stands within a phrase or a sentence: the entry `{kind} {text}`, else the text."""
        return "/".join(self._exact.get(f"{kind} {word}", word) for word in text.split("/")) if kind in _WORDS else text


def _pattern(key: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", key)
    return re.compile(
        "".join(f"(?P<{part}>{_PARTS[part]})" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )
