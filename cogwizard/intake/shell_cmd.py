"""Words of one command of Windows' cmd, as curl.exe gets them.

Two readers take quotes off, one after the other: cmd (`^` escapes, `%NAME%`, where the command ends) and the C runtime
of the program ("Parsing C command-line arguments" of Microsoft's C documentation). Nothing is run.
"""

import re
from bisect import bisect_right

from cogwizard.intake.errors import BadInput
from cogwizard.intake.shell import CURLY_QUOTES, Text, Word

# White space after the caret is a copying accident, "More? " on the next line is cmd's own prompt.
_CONTINUATION = re.compile(r"\^([ \t]*)\r?\n(?:More\? )?")
_LINE_END = re.compile(r"\r?\n")
_PLAIN = re.compile(r'[^\^"%&|<>\r\n]+')
_IN_QUOTES = re.compile(r'[^"%\r\n]+')
_VARIABLE = re.compile(r"%([A-Za-z_][A-Za-z0-9_]{0,100})(?::[^%\r\n]{0,100})?%")
_OCTET = re.compile(r"[0-9A-Fa-f]{2}")
_REDIRECTION = re.compile(r'(?:>>|[<>])(?:&[0-9]|[ \t]*(?:"[^"\r\n]*"?|[^\s"&|<>]+)*)')
_HANDLE = re.compile(r"(?:^|[ \t])[0-9]$")
_ARGUMENT = re.compile(r'(?P<blank>[ \t]+)|(?P<slashes>\\+)(?P<escaped>")?|(?P<quote>"+)|(?P<plain>[^ \t\\"]+)')
# Older Chromes put the text between quotes of cmd and escaped it as if it were outside of them.
_ESCAPED_IN_QUOTES = re.compile(r'\^\\\^"')
_QUOTE_ESCAPED = re.compile(r'[ \t]\^"')


def read_words(text: str, start: int = 0) -> list[Word]:
    """Return the words of the first command in `text` from character `start`, without its redirections.

    A line end, `&` or `|` ends the command. `%NAME%` is what cmd would have filled in; `%%` is one percent sign, as
    in a batch file. A quote that begins the line behind a caret counts as a quote. Raises BadInput
    (`curl-quote-unclosed`, `curl-curly-quotes`, `curl-cmd-single-quotes`).
    """
    return _Arguments(_Command(text, start)).words


class _Command:
    """The command line that cmd gives to the program."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.parts: list[str] = []
        self.length = 0
        self.expressions: list[tuple[int, str]] = []
        self.places: list[tuple[int, int]] = []  # where in `line`, where in `text`
        self.escapes_everywhere = bool(
            _ESCAPED_IN_QUOTES.search(text, start) and not _QUOTE_ESCAPED.search(text, start)
        )
        self._read()
        self.line = "".join(self.parts)

    def place(self, offset: int) -> int:
        """Return the place in the text of a place in the line."""
        in_line, in_text = self.places[bisect_right(self.places, (offset, len(self.text))) - 1]
        return in_text + offset - in_line

    def _add(self, piece: str, width: int) -> None:
        self.places.append((self.length, self.at))
        self.parts.append(piece)
        self.length += len(piece)
        self.at += width

    def _read(self) -> None:
        is_quoted = False
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "%":
                self._percent()
            elif char == '"':
                is_quoted = not is_quoted and not self.escapes_everywhere
                self._add(char, 1)
            elif is_quoted:
                if not (plain := _IN_QUOTES.match(self.text, self.at)):
                    break  # whether the program takes the quote for closed is its own matter
                self._add(plain[0], len(plain[0]))
            elif char == "^":
                self._caret()
            elif char in "<>" and (redirection := _REDIRECTION.match(self.text, self.at)):
                self._redirect(redirection.end())
            elif char in "&|\r\n":
                break
            else:
                plain = _PLAIN.match(self.text, self.at)
                self._add(plain[0] if plain else char, len(plain[0]) if plain else 1)

    def _percent(self) -> None:
        if self.text.startswith("%%", self.at):
            self._add("%", 2)
            return
        variable = _VARIABLE.match(self.text, self.at)
        # What is percent-encoded looks the same: %E3%81%82, %2Fa%20b.
        if variable and (
            not _OCTET.match(variable[1]) or (len(variable[1]) > 2 and not _OCTET.match(self.text, variable.end()))
        ):
            self.expressions.append((self.length, f"%{variable[1]}%"))
            self._add(variable[0], len(variable[0]))
        else:
            self._add("%", 1)

    def _caret(self) -> None:
        if continuation := _CONTINUATION.match(self.text, self.at):
            if continuation[1]:
                self._add(" ", 0)
            self.at = continuation.end()
            if line_end := _LINE_END.match(self.text, self.at):  # the character that the caret escapes
                self._add("\n", len(line_end[0]))
        elif following := self.text[self.at + 1 : self.at + 2]:
            self.at += 1
            self._add(following, 1)
        else:
            self.at += 1  # the next line was not pasted

    def _redirect(self, end: int) -> None:
        if self.parts and _HANDLE.search(self.parts[-1]):  # the 2 of `2>`
            self.parts[-1] = self.parts[-1][:-1]
            self.length -= 1
        self._add(" ", 0)
        self.at = end


class _Arguments:
    """The arguments that the C runtime makes of the line."""

    def __init__(self, command: _Command) -> None:
        self.command = command
        self.words: list[Word] = []
        self.open: Text | None = None
        self.quoted = -1  # where the quoted part began, or -1
        self.next = 0  # the expression that comes next
        for found in _ARGUMENT.finditer(command.line):
            if found["blank"] and self.quoted < 0:
                self._end_word()
            else:
                self._part(found)
        if self.quoted >= 0:
            raise BadInput("curl-quote-unclosed", quote='"', position=str(command.place(self.quoted) + 1))
        self._end_word()

    def _end_word(self) -> None:
        if self.open is not None:
            self.words.append(self.open.word())
        self.open = None

    def _part(self, found: re.Match[str]) -> None:
        if self.open is None:
            self.open = Text()
            if found[0][0] in CURLY_QUOTES:
                raise BadInput("curl-curly-quotes")
            if found[0][0] == "'":
                raise BadInput("curl-cmd-single-quotes")
        expressions = self.command.expressions
        while self.next < len(expressions) and expressions[self.next][0] < found.end():
            at, shown = expressions[self.next]
            self.open.expressions.append((self.open.length + at - found.start(), shown))
            self.next += 1
        self.open.add(self._slashes(found) if found["slashes"] else self._quotes(found) if found["quote"] else found[0])

    def _slashes(self, found: re.Match[str]) -> str:
        """Backslashes stand for themselves but before a quote: there two are one, and one left over escapes it."""
        slashes = found["slashes"]
        if not found["escaped"]:
            return slashes
        if len(slashes) % 2 == 0:
            self.quoted = found.end() - 1 if self.quoted < 0 else -1
        return slashes[: len(slashes) // 2] + '"' * (len(slashes) % 2)

    def _quotes(self, found: re.Match[str]) -> str:
        count = len(found[0])
        if self.quoted < 0:
            self.quoted, count = found.start(), count - 1
        if count % 2:
            self.quoted = -1
        return '"' * (count // 2)  # two in a quoted part are one
