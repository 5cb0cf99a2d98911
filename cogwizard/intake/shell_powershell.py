"""Words and values of PowerShell: strings, variables, hash tables, what stands in parentheses.

Only what a pasted call needs (about_Parsing, about_Quoting_Rules, about_Special_Characters, about_Hash_Tables); nothing
is run. Arguments of a program such as curl.exe are those that PowerShell 7.3 and later hand over; Windows PowerShell
5.1 takes the double quotes out of them.
"""

import re
from dataclasses import dataclass, field

from cogwizard.intake.errors import BadInput
from cogwizard.intake.shell import Text, Word, unknown


@dataclass
class Table:
    """A hash table or an object: values by key, without case."""

    items: dict[str, tuple[Word, "Value"]] = field(default_factory=dict, repr=False)

    def put(self, key: Word, value: "Value") -> None:
        """Set a value."""
        self.items[key.text.lower()] = key, value

    def get(self, key: str) -> "Value | None":
        """Return a value, None where there is none."""
        found = self.items.get(key.lower())
        return found[1] if found else None


Value = Word | Table


@dataclass(frozen=True)
class Argument:
    """An argument of a command. `bare`: it begins without quotes, so that it may be a parameter; `splat`: `@name`."""

    value: Value
    bare: bool = False
    splat: bool = False


_SINGLE = "'\u2018\u2019\u201a\u201b"
_DOUBLE = '"\u201c\u201d\u201e'
# ">> " on the next line is PowerShell's own prompt.
BLANKS = re.compile(r"(?:[ \t\u00a0]|`[ \t]*\r?\n(?:>> ?)?|<#[\s\S]*?(?:#>|\Z))+")
LINES = re.compile(r"(?:[\s;]|`[ \t]*\r?\n|<#[\s\S]*?(?:#>|\Z)|#[^\r\n]*|(?<=\n)>> ?)+")
_IN_SINGLE = re.compile(rf"[^{_SINGLE}]+")
_IN_DOUBLE = re.compile(rf"[^{_DOUBLE}`$]+")
_HERE = re.compile(rf"@([{_SINGLE}{_DOUBLE}])[ \t]*\r?\n")
_HERE_END = {quote: re.compile(rf"\r?\n[{quotes}]@") for quotes in (_SINGLE, _DOUBLE) for quote in quotes}
NAME = re.compile(r"\$(?:\{([^{}\r\n]{1,100})\}|((?:\w{1,100}:(?=\w))?\w{1,100}|[?^$]))")
MEMBER = re.compile(r"\.(\w{1,100})(?![\w(])|\[[ \t]*(?:\"([^\"`$\]]{0,100})\"|'([^'\]]{0,100})')[ \t]*\]")
_CHAR = re.compile(r"\$\([ \t]*\[char\][ \t]*(0x[0-9a-f]{1,6}|[0-9]{1,7})[ \t]*\)", re.IGNORECASE)
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_UNICODE = re.compile(r"u\{([0-9A-Fa-f]{1,6})\}")
_GROUPS = re.compile(
    rf"`[\s\S]|@(?P<here>[{_SINGLE}{_DOUBLE}])[ \t]*\r?\n|(?P<single>[{_SINGLE}])|(?P<double>[{_DOUBLE}])"
    r"|<#[\s\S]*?(?:#>|\Z)|(?<=\s)#[^\r\n]*|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<stop>[\r\n;,|])"
)
_STRING_END = {
    "single": re.compile(rf"[{_SINGLE}](?![{_SINGLE}])|[{_SINGLE}]{{2}}"),
    "double": re.compile(rf"`[\s\S]|[{_DOUBLE}]{{2}}|[{_DOUBLE}]"),
}
_KNOWN = {"true": "True", "false": "False", "null": ""}


def told(value: Value, shown: str) -> Word:
    """Return what stands for a value in a text; nobody knows a table's."""
    return value if isinstance(value, Word) else unknown(shown)


class Reader:
    """Reads from `at` on. `variables`: what was given to them before, by name in lower case."""

    def __init__(self, text: str, at: int, variables: dict[str, Value], end: int | None = None, depth: int = 0) -> None:
        self.text = text
        self.at = at
        self.end = len(text) if end is None else end
        self.variables = variables
        self.depth = depth

    def peek(self, count: int = 1) -> str:
        """Return the next characters."""
        return self.text[self.at : min(self.at + count, self.end)]

    def skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go over what matches here."""
        found = pattern.match(self.text, self.at, self.end)
        if found:
            self.at = found.end()
        return found

    # -- strings -------------------------------------------------------------------------------------------------------

    def string(self) -> Word | None:
        """Read a string in quotes or a here-string; None: there is none here."""
        if here := self.skip(_HERE):
            return self._here(here)
        quote = self.peek()
        if not quote or quote not in _SINGLE + _DOUBLE:
            return None
        start = self.at
        self.at += 1
        made = Text()
        quotes, plain = (_SINGLE, _IN_SINGLE) if quote in _SINGLE else (_DOUBLE, _IN_DOUBLE)
        while self.at < self.end:
            if found := self.skip(plain):
                made.add(found[0])
            elif self.peek() in quotes:
                self.at += 1
                if not self.peek() or self.peek() not in quotes:
                    return made.word()
                made.add(self.peek())  # doubled: one of them
                self.at += 1
            else:
                self.special(made)
        raise BadInput("curl-quote-unclosed", quote=quote, position=str(start + 1))

    def _here(self, opening: re.Match[str]) -> Word:
        # The closing quote must begin a line, so that an empty text ends on the opening's own line end.
        found = _HERE_END[opening[1]].search(self.text, opening.end() - 1 - (opening[0][-2] == "\r"), self.end)
        if not found:
            raise BadInput("curl-quote-unclosed", quote=f"@{opening[1]}", position=str(opening.start() + 1))
        end = max(found.start(), opening.end())
        if opening[1] in _SINGLE:
            self.at = found.end()
            return Word(self.text[opening.end() : end])
        made, inner = Text(), type(self)(self.text, opening.end(), self.variables, end, self.depth)
        while inner.at < end:
            if inner.peek() in "`$":
                inner.special(made)
            else:
                plain = inner.skip(_IN_DOUBLE)
                made.add(plain[0] if plain else inner.peek())
                inner.at += 0 if plain else 1
        self.at = found.end()
        return made.word()

    def special(self, made: Text) -> None:
        """Read an escape or an expansion in a text."""
        if self.peek() == "`":
            self.at += 1
            if code := self.skip(_UNICODE):
                made.add(chr(min(int(code[1], 16), 0x10FFFF)))
            else:
                made.add(_ESCAPES.get(self.peek(), self.peek()))
                self.at += 1
        elif not self._expansion(made):
            made.add(self.peek())
            self.at += 1

    def _expansion(self, made: Text) -> bool:
        if char := self.skip(_CHAR):
            made.add(chr(min(int(char[1], 0), 0x10FFFF)))
        elif self.peek(2) == "$(":
            self.at += 1
            made.add_word(told(self.group("$(...)"), "$(...)"))
        elif name := self.skip(NAME):
            made.add_word(told(self.variable(name), name[0]))
        else:
            return False
        return True

    def variable(self, found: re.Match[str]) -> Value:
        """Return what a variable holds."""
        name = (found[1] or found[2]).lower()
        if name in _KNOWN:
            return Word(_KNOWN[name])
        return self.variables.get(name) or unknown(found[0])

    # -- groups --------------------------------------------------------------------------------------------------------

    def closing(self) -> int:
        """Return the place behind the bracket that closes the one here."""
        start, depth, at = self.at, 0, self.at
        while found := _GROUPS.search(self.text, at, self.end):
            at = found.end()
            if found["open"]:
                depth += 1
            elif found["close"]:
                depth -= 1
                if depth == 0:
                    return at
            else:
                at = self._behind_string(found)
        raise BadInput("curl-substitution-unclosed", position=str(start + 1))

    def _behind_string(self, found: re.Match[str]) -> int:
        at = found.end()
        if found["here"]:
            end = _HERE_END[found["here"]].search(self.text, at - 1, self.end)
            if not end:
                raise BadInput("curl-quote-unclosed", quote=f"@{found['here']}", position=str(found.start() + 1))
            return end.end()
        if kind := "single" if found["single"] else "double" if found["double"] else "":
            while end := _STRING_END[kind].search(self.text, at, self.end):
                at = end.end()
                if len(end[0]) == 1:
                    return at
            raise BadInput("curl-quote-unclosed", quote=found[0], position=str(found.start() + 1))
        return at

    def rest(self) -> None:
        """Go over the rest of an expression, to the line end, comma, semicolon or bracket that ends it."""
        at = self.at
        while found := _GROUPS.search(self.text, at, self.end):
            if found["close"] or (found["stop"] and found["stop"] != "|"):
                self.at = found.start()
                return
            if found["open"]:
                self.at = found.start()
                at = self.closing()
            else:
                at = self._behind_string(found)
        self.at = self.end

    def group(self, shown: str = "(...)") -> Value:
        """Go over the parentheses here and return what stands in them, as far as it is plain to see."""
        self.at = self.closing()
        return unknown(shown)
