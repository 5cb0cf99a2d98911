"""A Cognito authorizer's `identityValidationExpression`: a regular expression in Java's syntax, and hostile input.

Nothing is matched by backtracking: the expression becomes a small automaton that reads the text once, all of its
states side by side, so that time is bounded by states times characters. What this subset of Java's syntax lacks yields
"unknown", never a guess. That the expression is Java's is an assumption; AWS names no dialect (research 1.3 [U]).
"""

import string
from dataclasses import dataclass, field
from typing import Literal

Match = Literal["full", "part", "none", "unknown"]

LONGEST = 2_000  # characters of an expression or a text
MOST_STATES = 5_000  # after repetitions were written out
MOST_STEPS = 1_000_000  # visits of a state while matching

# java.util.regex.Pattern without flags: ASCII classes, and more line ends than "\n".
_LINE_ENDS = frozenset("\n\r\u0085\u2028\u2029")
_CLASSES = {
    "d": frozenset(string.digits),
    "w": frozenset(string.ascii_letters + string.digits + "_"),
    "s": frozenset(" \t\n\v\f\r"),
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_ANCHORS = {"A": "start", "z": "end", "Z": "last-line"}
_LETTERS = frozenset(string.ascii_letters)
_HEX = frozenset(string.hexdigits)


class _Unsupported(ValueError):
    """The expression is invalid, is beyond the subset, or costs too much: the verdict is "unknown"."""


@dataclass(frozen=True, slots=True)
class _State:
    """Reads one character of `reads` and goes on to the next state; or, where `reads` is None, reads nothing and goes
    on to each of `jumps` (relative), provided that the text is at its `anchor`."""

    reads: frozenset[str] | None = None
    jumps: tuple[int, ...] = (1,)
    anchor: str = ""


@dataclass
class _Frame:
    """A group that is still open: its finished branches, and the branch that is being read."""

    branches: list[list[_State]] = field(default_factory=list)
    branch: list[_State] = field(default_factory=list)

    def add(self, states: list[_State]) -> None:
        self.branch.extend(states)
        if len(self.branch) > MOST_STATES:
            raise _Unsupported

    def close(self) -> list[_State]:
        if not self.branches:
            return self.branch
        branches = [*self.branches, self.branch]
        total = 1 + sum(len(branch) + 1 for branch in branches)
        states: list[_State] = []
        starts: list[int] = []
        for branch in branches:
            starts.append(1 + len(states))
            states += branch
            states.append(_State(jumps=(total - len(states) - 1,)))
        return [_State(jumps=tuple(starts)), *states]


def match(expression: str, text: str) -> Match:
    """Say whether `expression` (Java's syntax) matches all of `text`, only a part of it (maybe an empty one), or none.

    AWS does not say whether all or a part has to match, hence two answers (research 1.3 [U]). "unknown": the expression
    is invalid, uses what is not supported here, or exceeds LONGEST, MOST_STATES or MOST_STEPS. Accepts any strings,
    raises nothing.
    """
    if len(expression) > LONGEST or len(text) > LONGEST:
        return "unknown"
    try:
        automaton = _Automaton(_Parser(expression, frozenset(text)).parse(), text)
        if automaton.accepts(search=False):
            return "full"
        return "part" if automaton.accepts(search=True) else "none"
    except _Unsupported:
        return "unknown"


class _Automaton:
    """Runs the states of an expression over a text, all at once. `steps` counts the visits of states."""

    def __init__(self, states: list[_State], text: str) -> None:
        self.states = states
        self.text = text
        self.steps = 0
        last_line = {len(text)}
        if text[-1:] in _LINE_ENDS and text:
            last_line.add(len(text) - (2 if text.endswith("\r\n") else 1))
        self._holds = {"start": {0}, "end": {len(text)}, "last-line": last_line}

    def accepts(self, *, search: bool) -> bool:
        """Whether the whole text is accepted or, with `search`, any substring of it."""
        accepted = len(self.states)
        here = self._reach([0], 0)
        for at, char in enumerate(self.text, 1):
            if search and accepted in here:
                return True
            after = [state + 1 for state in here if state != accepted and char in (self.states[state].reads or "")]
            if search:
                after.append(0)
            here = self._reach(after, at)
        return accepted in here

    def _reach(self, starts: list[int], at: int) -> set[int]:
        """Return the states that read a character, and the accepted end, that `starts` lead to without reading."""
        reached: set[int] = set()
        seen = set(starts)
        waiting = list(seen)
        while waiting:
            here = waiting.pop()
            self.steps += 1
            if here == len(self.states) or self.states[here].reads is not None:
                reached.add(here)
                continue
            state = self.states[here]
            if not state.anchor or at in self._holds[state.anchor]:
                after = {here + jump for jump in state.jumps} - seen
                seen |= after
                waiting.extend(after)
        if self.steps > MOST_STEPS:
            raise _Unsupported
        return reached


class _Parser:
    """Reads an expression into states. Sets of characters hold only characters of the text: no others can be met."""

    def __init__(self, expression: str, alphabet: frozenset[str]) -> None:
        self._ignore_case = expression.startswith("(?i)")
        self._source = _unquote(expression[4:] if self._ignore_case else expression)
        self._at = 0
        self._alphabet = alphabet
        self._names: set[str] = set()

    def parse(self) -> list[_State]:
        """Return the states; the accepted end is the place after the last one. Raises _Unsupported."""
        frames = [_Frame()]  # a stack of our own: a thousand nested groups need no thousand Python frames
        while self._at < len(self._source):
            char = self._take()
            if char == "(":
                self._open()
                frames.append(_Frame())
                continue
            if char == "|":
                frames[-1].branches.append(frames[-1].branch)
                frames[-1].branch = []
                continue
            if char == ")":
                if len(frames) == 1:
                    raise _Unsupported
                atom = frames.pop().close()
            else:
                atom = [self._atom(char)]
            frames[-1].add(self._repeated(atom))
        if len(frames) != 1:
            raise _Unsupported
        return frames[0].close()

    def _peek(self, ahead: int = 0) -> str:
        return self._source[self._at + ahead : self._at + ahead + 1]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise _Unsupported
        self._at += 1
        return char

    def _skip(self, char: str) -> bool:
        if self._peek() != char:
            return False
        self._at += 1
        return True

    def _take_while(self, allowed: frozenset[str]) -> str:
        start = self._at
        while self._peek() and self._peek() in allowed:
            self._at += 1
        return self._source[start : self._at]

    def _open(self) -> None:
        """Read what follows an opening bracket: nothing, `?:` or `?<name>`."""
        if not self._skip("?") or self._skip(":"):
            return
        if not self._skip("<"):
            raise _Unsupported
        name = self._take_while(_LETTERS | _CLASSES["d"])
        if name[:1] not in _LETTERS or name in self._names or not self._skip(">"):
            raise _Unsupported
        self._names.add(name)

    def _atom(self, char: str) -> _State:
        if char == "^":
            return _State(anchor="start")
        if char == "$":
            return _State(anchor="last-line")
        if char == "\\" and self._peek() in _ANCHORS:
            return _State(anchor=_ANCHORS[self._take()])
        if char == ".":
            return _State(self._alphabet - _LINE_ENDS)
        if char == "[":
            return _State(self._class())
        if char in "*+?{":  # nothing to repeat: invalid in Java, also a "{" that is meant literally
            raise _Unsupported
        read = self._escape() if char == "\\" else char
        return _State(read if isinstance(read, frozenset) else self._one(read))

    def _escape(self) -> str | frozenset[str]:
        """Read what follows a backslash: one character, or a set such as that of `\\d`."""
        char = self._take()
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _CLASSES:
            return _CLASSES[char]
        if char.lower() in _CLASSES:
            return self._alphabet - _CLASSES[char.lower()]
        if char in "xu":
            digits = "".join(self._take() for _ in range(2 if char == "x" else 4))
            if not _HEX.issuperset(digits) or 0xD800 <= int(digits, 16) <= 0xDFFF:
                raise _Unsupported  # \x{h}, or half a character
            return chr(int(digits, 16))
        if char in _LETTERS or char in string.digits:
            raise _Unsupported  # back-references, boundaries, properties, octal numbers; other letters are invalid
        return char

    def _class(self) -> frozenset[str]:
        negated = self._skip("^")
        chars: set[str] = set()
        first = True
        while (char := self._take()) != "]" or first:
            if char in "[]" or (char == "&" and self._peek() == "&"):
                raise _Unsupported  # a union, an intersection, or a "]" at the start, where dialects differ
            first = False
            low = self._escape() if char == "\\" else char
            if isinstance(low, frozenset):
                chars |= low
            elif self._peek() == "-" and self._peek(1) not in ("]", "["):
                self._take()
                chars |= self._range(low, self._escape() if (high := self._take()) == "\\" else high)
            else:
                chars |= self._one(low)
        return self._alphabet - chars if negated else frozenset(chars)

    def _one(self, char: str) -> frozenset[str]:
        # (?i) without (?u) concerns ASCII letters only.
        return frozenset((char, char.swapcase()) if self._ignore_case and char in _LETTERS else (char,))

    def _range(self, low: str, high: str | frozenset[str]) -> frozenset[str]:
        if isinstance(high, frozenset) or high < low:
            raise _Unsupported
        return frozenset(char for char in self._alphabet if any(low <= one <= high for one in self._one(char)))

    def _repeated(self, atom: list[_State]) -> list[_State]:
        """Apply the quantifier that follows, if any. A lazy one finds a match exactly where a greedy one does."""
        match self._peek():
            case "*":
                low, high = 0, None
            case "+":
                low, high = 1, None
            case "?":
                low, high = 0, 1
            case "{":
                low, high = self._bounds()
            case _:
                return atom
        self._at += 1
        self._skip("?")
        if self._peek() and self._peek() in "*+?{":
            raise _Unsupported  # possessive, or a second quantifier, which Java's versions read differently
        return _repeat(atom, low, high)

    def _bounds(self) -> tuple[int, int | None]:
        """Read `{m`, `{m,` or `{m,n`, up to the closing brace."""
        self._at += 1
        first = self._take_while(_CLASSES["d"])
        comma = self._skip(",")
        second = self._take_while(_CLASSES["d"]) if comma else first
        if not first or self._peek() != "}" or (second and int(second) < int(first)):
            raise _Unsupported
        return int(first), int(second) if second else None


def _repeat(atom: list[_State], low: int, high: int | None) -> list[_State]:
    """Write a repetition out; `high` None is without end. Raises _Unsupported before it grows beyond MOST_STATES."""
    size = len(atom)
    optional = 0 if high is None else high - low
    if low * max(size, 1) + optional * (size + 1) > MOST_STATES:
        raise _Unsupported
    if high is None and low == 0:
        return [_State(jumps=(1, size + 2)), *atom, _State(jumps=(-size - 1,))]
    states = atom * low
    if high is None:
        states.append(_State(jumps=(-size, 1)))
    for left in range(optional, 0, -1):
        states.append(_State(jumps=(1, left * (size + 1))))
        states += atom
    return states


def _unquote(expression: str) -> str:
    r"""Return the expression with `\Q...\E` written as `\uhhhh`, which is a plain character at every place."""
    parts: list[str] = []
    at = 0
    while at < len(expression):
        if expression.startswith("\\Q", at):
            end = expression.find("\\E", at + 2)
            end = end if end >= 0 else len(expression)
            parts += [f"\\u{ord(char):04x}" if char <= "\uffff" else char for char in expression[at + 2 : end]]
            at = end + 2
        else:
            size = 2 if expression[at] == "\\" else 1
            parts.append(expression[at : at + size])
            at += size
    return "".join(parts)
