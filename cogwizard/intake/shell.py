"""Words of one bash command: quotes taken off, what the shell would have filled in marked.

Only what a pasted curl command needs (Bash Reference Manual, 3.1.2 Quoting and 3.5 Shell Expansions); nothing is run.
"""

import re
from dataclasses import dataclass, field

from cogwizard.intake.errors import BadInput


@dataclass(frozen=True)
class Word:
    """A word as the command would get it. `expressions`: where in `text` the shell would have filled something in,
    and what, without its content (`$TOKEN`, `${TOKEN}`, `$(...)`), since a command may hold a password.
    """

    text: str = field(repr=False)
    expressions: tuple[tuple[int, str], ...] = ()


def unknown(shown: str) -> Word:
    """Return the word for what a shell would have filled in."""
    return Word(shown, ((0, shown),))


class Text:
    """A word in the making."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.expressions: list[tuple[int, str]] = []

    def add(self, text: str) -> None:
        """Add characters."""
        self.parts.append(text)
        self.length += len(text)

    def add_word(self, word: Word) -> None:
        """Add a word."""
        self.expressions += [(self.length + at, what) for at, what in word.expressions]
        self.add(word.text)

    def word(self) -> Word:
        """Return the word. A character beyond U+FFFF may have been written as two (`\\ud83d\\ude00`)."""
        text = "".join(self.parts)
        if not self.expressions and _SURROGATES.search(text):
            text = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
        return Word(text, tuple(self.expressions))


_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# White space after the backslash is a copying accident, "> " on the next line is bash's own prompt.
_CONTINUATION = re.compile(r"\\([ \t]*)\r?\n(?:> )?")
_PLAIN = re.compile(r"[^\s\\'\"$`;|&()<>#^]+")
_IN_DOUBLE = re.compile(r'[^\\"$`]+')
_NAMED = re.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])", re.ASCII)
_BRACED = re.compile(r"\$\{[#!]?(\w+)", re.ASCII)
_REDIRECTION = re.compile(r"&?(?:<<<|<<-?|<>|<|>>|>\||>)(?:&)?")
_ANSI_ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9A-Fa-f]{1,2})|u(?P<u>[0-9A-Fa-f]{1,4})|U(?P<U>[0-9A-Fa-f]{1,8})|(?P<octal>[0-7]{1,3})"
    r"|c(?P<control>[\s\S])|(?P<char>[\s\S]))"
)
_ANSI_CHARS = {"a": 7, "b": 8, "e": 27, "E": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
CURLY_QUOTES = frozenset("“”„‘’‚«»")


def read_words(text: str, start: int = 0) -> list[Word]:
    """Return the words of the first command in `text` from character `start`, without its redirections.

    A line end, `;`, `|`, `&`, a parenthesis or a comment ends the command. Raises BadInput (`curl-quote-unclosed`,
    `curl-substitution-unclosed`, `curl-curly-quotes`, `curl-mixed-quoting`).
    """
    return _Reader(text, start).words()


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.found: list[Word] = []
        self.target_follows = False  # the next word is a redirection's, not the command's
        self._begin()

    def words(self) -> list[Word]:
        while self.at < len(self.text):
            char = self.text[self.at]
            if continuation := _CONTINUATION.match(self.text, self.at):
                self.at = continuation.end()
                if continuation[1]:
                    self._end_word()
            elif char in " \t" or (char == "\r" and self.text[self.at + 1 : self.at + 2] != "\n"):
                self._end_word()
                self.at += 1
            elif char in "<>&" and (redirection := _REDIRECTION.match(self.text, self.at)):
                self._redirect(redirection.end())
            elif char in "\r\n;|&()" or (char == "#" and not self.open):
                break
            else:
                self._part(char)
        self._end_word()
        return self.found

    def _begin(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.expressions: list[tuple[int, str]] = []
        self.open = False

    def _end_word(self) -> None:
        if self.open and not self.target_follows:
            self.found.append(Word("".join(self.parts), tuple(self.expressions)))
        self.target_follows = self.target_follows and not self.open
        self._begin()

    def _redirect(self, end: int) -> None:
        if "".join(self.parts).isdigit():  # the 2 of `2>`
            self._begin()
        self._end_word()
        self.target_follows = True
        self.at = end

    def _add(self, text: str) -> None:
        self.open = True
        self.parts.append(text)
        self.length += len(text)

    def _part(self, char: str) -> None:
        if char == "'":
            end = self._closing("'", self.at + 1)
            self._add(self.text[self.at + 1 : end])
            self.at = end + 1
        elif char == '"':
            self._double()
        elif char == "\\":
            if following := self.text[self.at + 1 : self.at + 2]:  # else the next line was not pasted
                self._add(following)
            self.at += 2
        elif char == "$" and self.text.startswith("$'", self.at):
            self._ansi()
        elif char == "$" and self.text.startswith('$"', self.at):
            self.at += 1
        elif char in "$`":
            self._expansion(char)
        else:
            self._plain(char)

    def _plain(self, char: str) -> None:
        if char in CURLY_QUOTES and not self.open:
            raise BadInput("curl-curly-quotes")
        if char == "^" and re.match(r'\^(?:"|\r?\n)', self.text[self.at : self.at + 3]):
            raise BadInput("curl-mixed-quoting")  # the quoting of Windows' cmd
        plain = _PLAIN.match(self.text, self.at)
        self._add(plain[0] if plain else char)
        self.at += len(plain[0]) if plain else 1

    def _double(self) -> None:
        start = self.at
        self.at += 1
        self._add("")
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                return
            if char == "\\":
                self._escape_in_double()
            elif char in "$`":
                self._expansion(char)
            else:
                plain = _IN_DOUBLE.match(self.text, self.at)
                self._add(plain[0] if plain else char)
                self.at += len(plain[0]) if plain else 1
        raise BadInput("curl-quote-unclosed", quote='"', position=str(start + 1))

    def _escape_in_double(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if re.match(r"\\\r?\n", self.text[self.at : self.at + 3]):
            self.at = self.text.index("\n", self.at) + 1
            return
        self._add(following if following and following in '$`"\\' else "\\" + following)
        self.at += 2

    def _ansi(self) -> None:
        """Read `$'...'`: the bytes that its escapes name, as UTF-8."""
        start = self.at + 2
        end = start
        while end < len(self.text) and self.text[end] != "'":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise BadInput("curl-quote-unclosed", quote="$'", position=str(self.at + 1))
        raw = bytearray()
        last = start
        for escape in _ANSI_ESCAPE.finditer(self.text, start, end):
            raw += self.text[last : escape.start()].encode("utf-8", "surrogatepass") + _ansi_bytes(escape)
            last = escape.end()
        raw += self.text[last:end].encode("utf-8", "surrogatepass")
        self._add(bytes(raw).decode("utf-8", "surrogateescape"))
        self.at = end + 1

    def _expansion(self, char: str) -> None:
        text, at = self.text, self.at
        if char == "`":
            if re.match(r"`\r?\n", text[at : at + 3]):
                raise BadInput("curl-mixed-quoting")  # PowerShell's line continuation
            end, shown = self._closing("`", at + 1) + 1, "`...`"
        elif text.startswith("$(", at):
            end, shown = self._balanced(at + 1, "(", ")"), "$(...)"
        elif text.startswith("${", at):
            name = _BRACED.match(text, at)
            end, shown = self._balanced(at + 1, "{", "}"), f"${{{name[1]}}}" if name else "${...}"
        elif named := _NAMED.match(text, at):
            end, shown = named.end(), named[0]
        else:
            self._add("$")
            self.at += 1
            return
        self.expressions.append((self.length, shown))
        self._add(text[at:end])
        self.at = end

    def _closing(self, quote: str, start: int) -> int:
        end = self.text.find(quote, start)
        while quote == "`" and end > 0 and self.text[end - 1] == "\\":
            end = self.text.find(quote, end + 1)
        if end < 0:
            raise BadInput("curl-quote-unclosed", quote=quote, position=str(start))
        return end

    def _balanced(self, start: int, opening: str, closing: str) -> int:
        """Return the place after the bracket that closes the one at `start`; brackets in quotes do not count."""
        depth = 0
        skip = re.compile(rf"""\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|[{re.escape(opening + closing)}]""")
        for found in skip.finditer(self.text, start):
            depth += (found[0] == opening) - (found[0] == closing)
            if depth == 0 and found[0] == closing:
                return found.end()
        raise BadInput("curl-substitution-unclosed", position=str(start))


def _ansi_bytes(escape: re.Match[str]) -> bytes:
    if escape["hex"] or escape["octal"]:
        return bytes([int(escape["hex"], 16) if escape["hex"] else int(escape["octal"], 8) & 0xFF])
    if code := escape["u"] or escape["U"]:
        point = int(code, 16)
        return chr(point if point <= 0x10FFFF else 0xFFFD).encode("utf-8", "surrogatepass")
    if escape["control"]:
        return bytes([ord(escape["control"]) & 0x1F])
    char = escape["char"]
    if char in _ANSI_CHARS:
        return bytes([_ANSI_CHARS[char]])
    return char.encode("utf-8") if char in "\\'\"?" else ("\\" + char).encode("utf-8", "surrogatepass")
