"""Where the secrets of raw HTTP messages stand: header values that are not harmless, and the body of a request."""

import re
from collections.abc import Iterator

from cogwizard.intake.harmless import HARMLESS, HARMLESS_IN_ANSWERS
from cogwizard.intake.sensitive import Span, header_value

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|$)")
_MARK = re.compile(r"[<>](?: |$)")  # what `curl -v` prints before what it sends and gets
_REQUEST = re.compile(r"[A-Z]{3,20} \S++ HTTP/[0-9](?:\.[0-9])?[ \t]*+$")
_ANSWER = re.compile(r"HTTP/[0-9](?:\.[0-9])? +[1-9][0-9]{2}(?![0-9])")
# One of these begins headers without a request or status line.
_FIRST = frozenset({"authorization", "cookie", "host", "user-agent", "x-api-key"})
_HEADER = re.compile(r":?([A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}):")


def find(text: str) -> Iterator[Span]:
    """Yield the places of the secrets of raw requests and answers, and of headers that stand alone."""
    yield from _messages(text)
    yield from _headers(text)


def _headers(text: str) -> Iterator[Span]:
    """Yield the secrets of headers without a request or status line; DevTools shows the value on the next line."""
    is_among = is_pending = is_secret = False
    for line in _LINE.finditer(text):
        content = line[0].rstrip("\r\n")
        if is_among and is_pending and content.strip():
            if is_secret:
                yield line.start(), line.start() + len(content), "auto"
            is_pending = False
        elif header := _HEADER.match(content):
            name, is_pending = header[1].lower(), not content[header.end() :].strip()
            is_pseudo = content.startswith(":")
            is_among = is_among or is_pseudo or name in _FIRST
            is_secret = is_among and not is_pseudo and name not in HARMLESS_IN_ANSWERS
            if is_secret:
                yield from header_value(text, line.start() + header.end(), line.start() + len(content), header[1])
        else:
            is_among = False


def _messages(text: str) -> Iterator[Span]:
    """Yield the secrets of raw messages, as `curl -i` and `curl -v` print them."""
    harmless: frozenset[str] | None = None  # None: not among headers
    body: int | None = None  # where the body of a request begins
    is_marked = is_secret = False
    for line in _LINE.finditer(text):
        start, content = line.start(), line[0].rstrip("\r\n")
        mark = _MARK.match(content)
        start, content = (start + mark.end(), content[mark.end() :]) if mark else (start, content)
        bare = content.lstrip(" \t")
        if request := _REQUEST.match(bare) or _ANSWER.match(bare):
            if body is not None:
                yield body, line.start(), "auto"
            harmless = HARMLESS if request.re is _REQUEST else HARMLESS_IN_ANSWERS
            body, is_marked, is_secret = None, bool(mark), False
        elif body is not None or harmless is None or (is_marked and not mark):
            continue
        elif not bare:
            body = line.end() if harmless is HARMLESS and not is_marked else None
            harmless = None
        elif (header := _HEADER.match(content)) and header[1].lower() in harmless:
            is_secret = False
        elif header:
            is_secret = True
            yield from header_value(text, start + header.end(), start + len(content), header[1])
        elif is_secret:  # the rest of the value before: folded, or broken by the terminal
            yield start + len(content) - len(bare), start + len(content), "auto"
    if body is not None:
        yield body, len(text), "auto"
