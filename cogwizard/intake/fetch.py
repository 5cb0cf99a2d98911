"""A pasted call of JavaScript's fetch as the request that it sends: what browsers' "Copy as fetch" gives."""

import re
from dataclasses import dataclass, field

from cogwizard.intake.curl_request import bytes_of, missing_of, url_of
from cogwizard.intake.errors import BadInput
from cogwizard.intake.shell import Text, Word, unknown
from cogwizard.model.call import Call, Unexpanded, is_method

_BLANKS = re.compile(r"(?:\s|//[^\r\n]*|/\*[\s\S]*?(?:\*/|\Z))+")
_KEY = re.compile(r"[A-Za-z_$][\w$]{0,100}")
_PLAIN = {quote: re.compile(rf"[^\\{quote}{'$' if quote == '`' else ''}]+") for quote in "\"'`"}
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<point>[0-9A-Fa-f]{1,6})\}|u(?P<u>[0-9A-Fa-f]{4})|x(?P<x>[0-9A-Fa-f]{2})|(?P<end>\r\n|\n|\r)"
    r"|(?P<char>[\s\S]))"
)
_CHARS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_SKIP = re.compile(r"\"(?:[^\"\\]|\\[\s\S])*+\"|'(?:[^'\\]|\\[\s\S])*+'|`(?:[^`\\]|\\[\s\S])*+`|[({\[]|[)}\]]|,|[\"'`]")
_HEADERS = re.compile(r"new[ \t]+Headers[ \t]*\(")


@dataclass
class _Object:
    items: list[tuple[Word, "Word | _Object"]] = field(default_factory=list, repr=False)

    def get(self, key: str) -> "Word | _Object | None":
        return next((value for name, value in reversed(self.items) if name.text.lower() == key), None)


def read_fetch(text: str, start: int) -> tuple[Call, tuple[str, ...]]:
    """Return the request of `fetch(url, options)`, and what of its options was ignored; `start`: behind the bracket.

    Literals are read (JSON, and JavaScript's strings); any other expression is what we were not given. The browser's
    own headers are not added (Fetch standard), only the Content-Type of a text. Raises BadInput with a `curl-...` key.
    """
    reader = _Reader(text, start)
    address = reader.value()
    options: Word | _Object | None = None
    if reader.take(","):
        options = reader.value()
    url = url_of(address if isinstance(address, Word) else unknown("(...)"))
    if not isinstance(options, _Object):
        missing = (Unexpanded("", "(...)"),) if options and options.text else ()
        return Call("GET", url, unexpanded=missing), ()
    headers, unexpanded = _headers(options)
    body = options.get("body")
    content = bytes_of(body.text) if isinstance(body, Word) and not body.expressions else None
    if content is not None and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "text/plain;charset=UTF-8"))
    return Call(_method(options), url, tuple(headers), content, tuple(unexpanded)), ()


def _method(options: _Object) -> str:
    value = options.get("method")
    if value is None:
        return "GET"
    if not isinstance(value, Word) or value.expressions:
        raise BadInput("curl-method-variable", variable="method")
    if not is_method(value.text):
        raise BadInput("curl-method")
    # The standard writes these in capitals, and no other.
    known = value.text.upper() in ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
    return value.text.upper() if known else value.text


def _headers(options: _Object) -> tuple[list[tuple[str, str]], list[Unexpanded]]:
    headers, unexpanded = list[tuple[str, str]](), list[Unexpanded]()
    given = options.get("headers")
    if isinstance(given, Word):
        unexpanded += [Unexpanded("", what) for what in missing_of(given)]
    for name, value in given.items if isinstance(given, _Object) else ():
        word = value if isinstance(value, Word) else unknown("(...)")
        if name.expressions:
            unexpanded.append(Unexpanded("", "(...)"))
            continue
        headers.append((name.text, word.text))
        unexpanded += [Unexpanded(name.text, what) for what in missing_of(word)]
    referrer = options.get("referrer")
    if isinstance(referrer, Word) and "://" in referrer.text and not referrer.expressions:
        headers.append(("Referer", referrer.text))
    return headers, unexpanded


class _Reader:
    """Reads literals."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self.depth = 0

    def take(self, char: str) -> bool:
        """Go over `char` and the blanks before it, if it stands here."""
        self._skip(_BLANKS)
        if self.text.startswith(char, self.at):
            self.at += len(char)
            return True
        return False

    def _skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
        return found

    def value(self) -> Word | _Object:
        """Read an expression up to the comma or bracket that ends it."""
        self._skip(_BLANKS)
        wrapped = self._skip(_HEADERS)
        start = self.at
        if self.text.startswith("{", start) and self.depth < 20:
            found = self._object()
            if wrapped:
                self.take(")")
            return found
        made = Text()
        while True:
            self._skip(_BLANKS)
            if (string := self._string()) is not None:
                made.add_word(string)
            elif end := self._rest():
                made.add_word(unknown(end))
            if not self.take("+"):
                break
        self._skip(_BLANKS)
        if self.at < len(self.text) and self.text[self.at] not in ",)}]":
            self._rest()
            return unknown("(...)")
        return made.word()

    def _object(self) -> _Object:
        begun = self.at
        self.at += 1
        self.depth += 1
        made = _Object()
        while not self.take("}"):
            if self.at >= len(self.text):
                raise BadInput("curl-substitution-unclosed", position=str(begun + 1))
            before = self.at
            name = self._string()
            if name is None and (bare := self._skip(_KEY)):
                name = Word(bare[0])
            if name is not None and self.take(":"):
                made.items.append((name, self.value()))
            else:  # `...other`, `token`, `[name]: value`
                self._rest()
                made.items.append((name or unknown("(...)"), unknown(name.text if name else "(...)")))
            if not self.take(",") and self.at == before:
                self.at += 1
        self.depth -= 1
        return made

    def _string(self) -> Word | None:
        quote = self.text[self.at : self.at + 1]
        if not quote or quote not in _PLAIN:
            return None
        start, made = self.at, Text()
        self.at += 1
        while self.at < len(self.text):
            if plain := self._skip(_PLAIN[quote]):
                made.add(plain[0])
            elif self.take_here(quote):
                return made.word()
            elif escape := self._skip(_ESCAPE):
                made.add(_char(escape))
            elif self.take_here("${"):
                self.at -= 1
                self.at = self._closing()
                made.add_word(unknown("${...}"))
            else:
                made.add(self.text[self.at])
                self.at += 1
        raise BadInput("curl-quote-unclosed", quote=quote, position=str(start + 1))

    def take_here(self, mark: str) -> bool:
        """Go over `mark`, if it stands here."""
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _closing(self) -> int:
        """Return the place behind the bracket that closes the one here."""
        depth = 0
        for found in _SKIP.finditer(self.text, self.at):
            depth += (found[0] in "({[") - (found[0] in ")}]")
            if depth == 0 and found[0] in ")}]":
                return found.end()
            _check(found)
        raise BadInput("curl-substitution-unclosed", position=str(self.at + 1))

    def _rest(self) -> str:
        """Go over the rest of an expression; return how it is told."""
        start = self.at
        while found := _SKIP.search(self.text, self.at):
            if found[0] in "({[":
                self.at = found.start()
                self.at = self._closing()
            elif found[0] in ",)}]":
                self.at = found.start()
                break
            else:
                _check(found)
                self.at = found.end()
        else:
            self.at = len(self.text)
        name = _KEY.fullmatch(self.text[start : min(self.at, start + 200)].strip())
        return (name[0][:40] if name else "(...)") if self.at > start else ""


def _check(found: re.Match[str]) -> None:
    if found[0] in ("'", '"', "`"):
        raise BadInput("curl-quote-unclosed", quote=found[0], position=str(found.start() + 1))


def _char(escape: re.Match[str]) -> str:
    if code := escape["point"] or escape["u"] or escape["x"]:
        return chr(min(int(code, 16), 0x10FFFF))
    return "" if escape["end"] else _CHARS.get(escape["char"], escape["char"])
