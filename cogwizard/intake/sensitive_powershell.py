"""Where the secrets of PowerShell stand: what is given to a name, to a method or to a cmdlet, in its own quoting."""

import re
from collections.abc import Iterator

from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.sensitive import PLACEHOLDER, Span, header_value

_IS_POWERSHELL = re.compile(
    r"(?i)(?<![\w-])(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm|New-Object|ConvertTo-SecureString|curl\.exe)(?![\w-])|@\{"
)
_STRING = (
    rf"(?:'(?:{PLACEHOLDER}|[^']|'')*+(?:'|$)?+|\"(?:{PLACEHOLDER}|[^\"`]|`[\s\S]|\"\")*+(?:\"|$)?+"
    rf"|\u2018[^\u2018\u2019]*+\u2019?+|\u201c[^\u201c\u201d]*+\u201d?+)"
)
_NAME = r"(?:\"(?P<double>[^\"\r\n]{1,100}+)\"|'(?P<single>[^'\r\n]{1,100}+)'|(?P<bare>[A-Za-z_][\w-]{0,99}+))"
_CAST = r"(?:\[[\w.]{1,60}\][ \t]*+)?+\(?"
# `name = "value"`, `["name"] = "value"`, `.Add("name", "value")`, Cookie("name", "value")
_GIVEN = re.compile(
    rf"(?P<call>\b(?i:Cookie|Cookie\]::new|Add|TryAddWithoutValidation)\([ \t]*+)?(?<![\w-]){_NAME}"
    rf"(?(call)[ \t]*+,|(?:[ \t]*+\])?[ \t]*+\+?=)[ \t\r\n]*+{_CAST}(?={_STRING})"
)
_TAKEN = re.compile(
    r"(?i:(?<![\w-])-(?:Bo|Bod|Body|Tok|Toke|Token)(?::|[ \t])|GetBytes\("
    r"|ConvertTo-SecureString[ \t]+(?:-S\w{0,5}[ \t]+)?)"
    rf"[ \t]*+{_CAST}(?={_STRING})"
)
_PARTS = re.compile(rf"{_STRING}")
_PLUS = re.compile(r"[ \t]*+\+[ \t\r\n]*+(?:\$[\w:]{1,80}[ \t]*+\+[ \t\r\n]*+)?+")
_HERE = re.compile(r"@(?P<quote>[\"'])[ \t]*+\r?\n(?P<text>[\s\S]*?)(?:\r?\n(?P=quote)@|\Z)")
_NO_SECRET = HARMLESS | {"uri", "url", "method", "contenttype", "useragent", "domain", "path", "name"}
_ADDRESS = re.compile(r"['\"\u2018\u201c]https?://")


def find(text: str) -> Iterator[Span]:
    """Yield the places of the values that a piece of PowerShell sends."""
    if not _IS_POWERSHELL.search(text):
        return
    for given in _GIVEN.finditer(text):
        name = given["double"] or given["single"] or given["bare"]
        if name.lower() not in _NO_SECRET:
            kind = "cookie" if given["call"] and given["call"].lower().startswith("cookie") else name
            yield from _strings(text, given.end(), kind)
    for taken in _TAKEN.finditer(text):
        yield from _strings(text, taken.end(), "body")
    for here in _HERE.finditer(text):
        yield from header_value(text, *here.span("text"), "body")


def _strings(text: str, at: int, name: str) -> Iterator[Span]:
    """Yield what stands in a string, and in those that are added to it. An address has finders of its own."""
    while found := _PARTS.match(text, at):
        start, end = found.start() + 1, found.end()
        if not _ADDRESS.match(text, found.start()):
            if end > start and text[end - 1] in "'\"\u2019\u201d":
                end -= 1
            if start < end and text[start] != "$":
                yield from header_value(text, start, end, name)
        plus = _PLUS.match(text, found.end())
        if not plus:
            return
        at = plus.end()
