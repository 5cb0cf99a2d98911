"""Expressions and arguments of PowerShell (about_Expressions, about_Parsing), as far as they are plain to see.

What would have to be run is what we were not given.
"""

import re

from cogwizard.intake import shell_cmd
from cogwizard.intake.shell import Text, Word, unknown
from cogwizard.intake.shell_powershell import BLANKS, LINES, MEMBER, NAME, Argument, Reader, Table, Value, told

_DEEPEST = 20  # parentheses in parentheses; what is nested deeper is not looked into
_CAST = re.compile(r"\[[\w., \[\]]{1,120}?\](?![\w:.\[]|[ \t]*=)")
_BYTES = re.compile(r"\[(?:System\.)?Text\.(?:\w{0,20})Encoding\]::\w{1,20}\.GetBytes(?=\()", re.IGNORECASE)
_NEW = re.compile(r"\[([\w.]{1,120})\]::new(?=\()", re.IGNORECASE)
_NEW_OBJECT = re.compile(
    r"New-Object[ \t]+(?:-TypeName[ \t]+)?(?:\"([^\"\r\n]{1,200})\"|'([^'\r\n]{1,200})'|([\w.\[\],]{1,200}))[ \t]*"
    r"(?:-ArgumentList[ \t]*)?",
    re.IGNORECASE,
)
_SECURE = re.compile(r"ConvertTo-SecureString(?=\s)", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9][0-9.]{0,20}(?=[\s;,)}]|$)")
_KEY = re.compile(r"[\w-]{1,200}")
_EQUALS = re.compile(r"[ \t]*=[ \t\r\n]*")
_BARE = re.compile(r"[^\s;|&(){}<>,`$\"'\u201c-\u201e\u2018-\u201b]+")
_REDIRECTION = re.compile(r"[1-6*]?>>?(?:&[12])?|<")
_PARAMETER = re.compile(r"-[A-Za-z]\w{0,60}:(?=[@($\"'])")
_SPLAT = re.compile(r"@([A-Za-z_]\w{0,100})")
_VERBATIM = re.compile(r"--%[ \t]+([^\r\n|]*)")
_COMMA = re.compile(r",(?=[^\s$'\"@(])")  # of one word; before anything else it parts arguments


class Values(Reader):
    """A reader of values and of arguments."""

    def group(self, shown: str = "(...)") -> Value:
        """Go over the parentheses here and return what stands in them, as far as it is plain to see."""
        end = self.closing()
        inner = Values(self.text, self.at + 1, self.variables, end - 1, self.depth + 1)
        self.at = end
        value = inner.value(shown) if inner.depth <= _DEEPEST else unknown(shown)
        inner.skip(LINES)
        return value if inner.at == inner.end else unknown(shown)

    # -- expressions ---------------------------------------------------------------------------------------------------

    def value(self, shown: str = "(...)") -> Value:
        """Read an expression up to the line end, comma, semicolon or bracket that ends it."""
        made = Text()
        value: Value | None = None
        while True:
            self.skip(BLANKS)
            start = self.at
            part = self._primary()
            if part is None:
                self.rest()
                return unknown(shown)
            name = NAME.match(self.text, start, self.end)
            made.add_word(told(part, name[0] if name else shown))
            value = part if value is None else made.word()
            self.skip(BLANKS)
            if not self.peek() or self.peek() in "\r\n;,)}#":
                return value
            if self.peek() != "+":
                self.rest()
                return unknown(name[0] if name else shown)
            self.at += 1
            self.skip(LINES)

    def _primary(self) -> Value | None:
        """Read one operand; None: it would have to be run."""
        while self.skip(_CAST):
            self.skip(BLANKS)
        if (string := self.string()) is not None:
            return string
        if self.peek(2) == "@{":
            return self.table()
        if self.peek() == "(" or self.skip(_BYTES):
            return self.group()
        if self.peek() == "$":
            return self._dollar()
        if number := self.skip(_NUMBER):
            return Word(number[0])
        if self.skip(_SECURE):
            given = [item.value for item in self.arguments(native=False) if not item.bare or not _is_parameter(item)]
            return given[0] if given else None
        new = self.skip(_NEW) or self.skip(_NEW_OBJECT)
        return self._object((new[1] or new[2] or new[3]).lower()) if new else None

    def _dollar(self) -> Value:
        made = Text()
        if not (name := self.skip(NAME)):
            self.special(made)
            return made.word()
        value = self.variable(name)
        while member := self.skip(MEMBER):
            key = member[1] or member[2] or member[3] or ""
            value = (value.get(key) if isinstance(value, Table) else None) or unknown(name[0])
        return value

    def _object(self, kind: str) -> Table:
        made = Table()
        given: list[Value] = []
        if self.peek() == "(":
            end = self.closing()
            inner = Values(self.text, self.at + 1, self.variables, end - 1, self.depth + 1)
            self.at = end
            while inner.at < inner.end and inner.depth <= _DEEPEST:
                given.append(inner.value())
                inner.at += 1  # the comma
        if kind.endswith("cookie"):
            for key, value in zip(("Name", "Value"), given, strict=False):
                made.put(Word(key), value)
        return made

    def table(self) -> Table:
        """Read `@{ "key" = "value"; ... }`."""
        end = self.closing_of_table()
        inner = Values(self.text, self.at + 2, self.variables, end - 1, self.depth + 1)
        self.at = end
        made = Table()
        while inner.depth <= _DEEPEST:
            inner.skip(LINES)
            if inner.at >= inner.end:
                break
            name = inner.string() or ((bare := inner.skip(_KEY)) and Word(bare[0]))
            if not name:
                key = inner._primary() if inner.peek() in ("$", "(") else None
                name = told(key or Table(), "(...)")
            if inner.skip(_EQUALS):
                made.put(name, inner.value())
            else:
                inner.rest()
            if inner.peek() in (",", ")", "}", "]"):
                inner.at += 1
        return made

    def closing_of_table(self) -> int:
        """Return the place behind the brace that closes the table here."""
        self.at += 1
        end = self.closing()
        self.at -= 1
        return end

    # -- arguments -----------------------------------------------------------------------------------------------------

    def arguments(self, *, native: bool) -> list[Argument]:
        """Read the arguments of a command, to the end of its statement. `native`: of a program, which gets texts."""
        found: list[Argument] = []
        while self.at < self.end:
            if self.skip(BLANKS):
                continue
            if verbatim := self.skip(_VERBATIM):
                found += [Argument(word) for word in shell_cmd.read_words(verbatim[1])]
            elif redirection := self.skip(_REDIRECTION):
                self.skip(BLANKS)
                if "&" not in redirection[0]:
                    self._argument(native=native)
            elif self.peek() == ",":
                self.at += 1
                self.skip(LINES)
            elif self.peek() in "\r\n;|&)}#":
                break
            else:
                found.append(self._argument(native=native))
        return found

    def _argument(self, *, native: bool) -> Argument:
        if (string := self.string()) is not None:
            return Argument(string)
        if self.peek(2) == "@{":
            return Argument(self.table())
        if not native and (splat := self.skip(_SPLAT)):
            return Argument(self.variables.get(splat[1].lower(), Table()), splat=True)
        if self.peek(2) == "@(":
            self.at += 1
        if self.peek() in ("(", "{"):
            value = self.group()
            if not self.skip(MEMBER):
                return Argument(value)
            return Argument(unknown("(...)"))
        if not native and (parameter := self.skip(_PARAMETER)):
            return Argument(Word(parameter[0]), bare=True)
        return self._bare()

    def _bare(self) -> Argument:
        """Read a word without quotes around it; a variable alone may hold a table."""
        made, is_variable = Text(), self.peek() == "$"
        begun = self.at
        if is_variable and self.peek(2) != "$(":
            name = NAME.match(self.text, self.at, self.end)
            value = self._dollar()
            if not self.peek() or self.peek() in " \t\r\n;|&)},<>":
                return Argument(value)
            made.add_word(told(value, name[0] if name else "$"))
        while self.at < self.end:
            if plain := self.skip(_BARE):
                made.add(plain[0])
            elif self.peek() in ("`", "$"):
                if BLANKS.match(self.text, self.at, self.end):  # a line continuation
                    break
                self.special(made)
            elif self.at > begun and (comma := self.skip(_COMMA)):
                made.add(comma[0])
            elif (string := self.string()) is not None:
                made.add_word(string)
            elif self.at == begun:
                made.add(self.peek())
                self.at += 1
            else:
                break
        return Argument(made.word(), bare=not is_variable)


def _is_parameter(item: Argument) -> bool:
    return isinstance(item.value, Word) and item.value.text[:1] == "-"
