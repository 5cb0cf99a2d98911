"""Where the secrets of calls in program text stand: browsers' "Copy as fetch", PowerShell, Python; curl's options
wherever they stand in a text that names curl."""

import re
from collections.abc import Iterator

from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.sensitive import PLACEHOLDER, Span, header_value
from cogwizard.intake.sensitive_curl import option_value

# A string in any quotes; it ends with the text where it is not closed.
_STRING = (
    rf"(?:\"(?:{PLACEHOLDER}|[^\"\\`]|[\\`][\s\S])*+(?:\"|$)?+|'(?:{PLACEHOLDER}|[^'\\]|\\[\s\S])*+(?:'|$)?+"
    rf"|\u2018[^\u2019]*+\u2019?+|\u201c[^\u201d]*+\u201d?+|\u00ab[^\u00bb]*+\u00bb?+"
    rf"|`(?:{PLACEHOLDER}|[^`\\]|\\[\s\S])*+(?:`|$)?+)"
)
_HEADERS = re.compile(
    r"(?i)(?<![A-Za-z0-9_])headers?[\"']?[ \t]*+(?:[:=][ \t\r\n]*+)?(?:new Headers\()?(?:@|dict\()?[({][ \t\r\n]*+"
)
_PAIR = re.compile(
    rf"[ \t\r\n,;]*+(?P<name>[\"'][^\"'\r\n]{{1,100}}+[\"']|[A-Za-z0-9_-]{{1,100}}+)[ \t]*+[:=][ \t]*+"
    rf"(?P<value>{_STRING}|[^\s,;}}\"']++)"
)
# [["name", "value"], ...], as fetch takes them too
_LISTED = re.compile(r"(?i)(?<![A-Za-z0-9_])headers?[\"']?[ \t]*+[:=][ \t\r\n]*+(?:new Headers\()?\[[ \t\r\n]*+(?=\[)")
_LISTED_PAIR = re.compile(
    rf"[ \t\r\n,]*+\[[ \t\r\n]*+(?P<name>[\"'][^\"'\r\n]{{1,100}}+[\"'])[ \t\r\n]*+,[ \t\r\n]*+"
    rf"(?P<value>{_STRING})[ \t\r\n,]*+\]?+"
)
_BODY = re.compile(
    rf"(?:(?i:(?<![\w-])-Body[ \t:]++)|(?<=[{{,\s])[\"']?body[\"']?[ \t]*+:[ \t]*+(?:JSON\.stringify\()?)"
    rf"(?P<value>{_STRING}|\{{[^{{}}]*+\}}?+)"
)
_IS_CODE = re.compile(r"fetch\(|(?i:Invoke-(?:RestMethod|WebRequest)|-Body\b)")

_IS_CURL = re.compile(r"(?i)(?<![\w.-])curl(?:\.exe|rc)?(?![\w-])|(?m:^[ \t]*+url[ \t]*+=)")
_OPTIONS = {"h": "header", "u": "user", "d": "data", "b": "cookie", "f": "form"}
_LONG = r"header|proxy-header|user|proxy-user|data(?:-[a-z]{3,9})?|json|cookie|form|oauth2-bearer|pass"
# An option anywhere, with any hyphen that a word processor makes of one, also in a list of strings.
_OPTION = re.compile(
    rf"(?<![\w-])(?:[-\u2010-\u2015\u2212](?P<short>[HudbF])|(?:--|[-\u2010-\u2015\u2212]{{1,2}})(?P<long>{_LONG}))"
    rf"(?:[\"'],[ \t\r\n]*+|[ \t\u00a0=]++|(?=[\"'\u2018\u201c\u00ab]))(?P<value>{_STRING}|[^\s\"',]++)"
)
# A line of .curlrc
_CONFIG = re.compile(rf"(?m)(?:^|')[ \t]*+(?P<long>{_LONG})[ \t]*+[=:][ \t]*+(?P<value>{_STRING})")
_HEREDOC = re.compile(r"<<[-~]?[ \t]*+[\"'\\]?(?P<word>[A-Za-z_]\w{0,40}+)[\"']?[^\r\n<]{0,200}+\r?\n")


def find(text: str) -> Iterator[Span]:
    """Yield the places of header values and bodies that a program sends."""
    for opening, item in ((_HEADERS, _PAIR), (_LISTED, _LISTED_PAIR)):
        at = 0
        while block := opening.search(text, at):
            at = block.end()
            while pair := item.match(text, at):
                at = pair.end()
                name = pair["name"].strip("\"'")
                if name.lower() not in HARMLESS:
                    yield from _inside(text, pair, name)
    if _IS_CODE.search(text):
        for found in _BODY.finditer(text):
            yield from _inside(text, found, "body")
    if _IS_CURL.search(text):
        yield from _options(text)


def _options(text: str) -> Iterator[Span]:
    for pattern in (_OPTION, _CONFIG):
        for found in pattern.finditer(text):
            short = found.groupdict().get("short")
            yield from option_value(
                text, *_inner(text, *found.span("value")), _OPTIONS[short.lower()] if short else found["long"]
            )
    at = 0
    while opening := _HEREDOC.search(text, at):
        closing = re.compile(rf"(?m)^[ \t]*{opening['word']}[ \t]*\r?$").search(text, opening.end())
        at = closing.start() if closing else len(text)
        if at > opening.end():
            yield opening.end(), at, "auto"


def _inside(text: str, found: re.Match[str], name: str) -> Iterator[Span]:
    start, end = _inner(text, *found.span("value"))
    if start < end and text[start] != "$":
        yield from header_value(text, start, end, name)


def _inner(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place inside the quotes of a string."""
    closing = {'"': '"', "'": "'", "`": "`", "\u2018": "\u2019", "\u201c": "\u201d", "\u00ab": "\u00bb"}.get(
        text[start : start + 1]
    )
    if closing:
        start += 1
        if end > start and text[end - 1] == closing:
            end -= 1
    return start, end
