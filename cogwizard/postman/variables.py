"""Postman's variables filled in: `{{name}}`, also within the values of others, without an end to wait for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cogwizard.postman.environment import Variable

NAME = re.compile(r"\{\{([^{}]*)\}\}")
_LONGEST = 100_000  # characters of a filled text: values that hold each other many times grow without measure
_MOST = 20  # names that one text is said to lack


@dataclass(frozen=True)
class Filled:
    """A text with its variables filled in: `open` names those that nothing fills, `blank` those without a value."""

    text: str = field(repr=False)
    open: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Known:
    filled: Filled
    off: tuple[str, ...] = ()


class Scope:
    """The variables that a request sees, the nearest first. Notes what was used."""

    def __init__(self, layers: Iterable[Mapping[str, Variable]], late: frozenset[str] = frozenset()) -> None:
        """Take the variables, the layer that goes first in front; `late`: names that get their value in a script."""
        variables: dict[str, Variable] = {}
        for layer in layers:
            for name, variable in layer.items():
                variables.setdefault(name, variable)
        self._late = late
        self._known: dict[str, _Known] = {}
        self._cyclic: set[str] = set()
        self.used_off: dict[str, None] = {}
        self.used_cyclic: dict[str, None] = {}
        self._settle(variables)

    def fill(self, text: str) -> Filled:
        """Return a text with its variables filled in; an unknown name stays as it stands. Raises nothing."""
        if "{{" not in text:
            return Filled(text)
        return self._fill(text, note=True).filled

    def _fill(self, text: str, *, note: bool) -> _Known:
        open_: dict[str, None] = {}
        blank: dict[str, None] = {}
        off: dict[str, None] = {}
        size = 0

        def put(found: re.Match[str]) -> str:
            nonlocal size
            name = found[1].strip()
            known = self._known.get(name)
            if known is None:
                is_late = name.startswith(("$", "vault:")) or name in self._late
                (blank if is_late else open_)[name] = None
                if name in self._cyclic and note:
                    self.used_cyclic[name] = None
                return "" if is_late else found[0]
            if not known.filled.text:
                blank[name] = None
            open_.update(dict.fromkeys(known.filled.open))
            blank.update(dict.fromkeys(known.filled.blank))
            off.update(dict.fromkeys(known.off))
            size += len(known.filled.text)
            return known.filled.text if size <= _LONGEST else ""

        shown = NAME.sub(put, text)
        if note:
            self.used_off.update(off)
        return _Known(Filled(shown, tuple(open_)[:_MOST], tuple(blank)[:_MOST]), tuple(off)[:_MOST])

    def _settle(self, variables: Mapping[str, Variable]) -> None:
        """Fill the variables' own values, those first that need no other: what is left over needs itself."""
        needs = {
            name: {part.strip() for part in NAME.findall(variable.value)} & variables.keys()
            for name, variable in variables.items()
            if "{{" in variable.value
        }
        needed_by: dict[str, list[str]] = {}
        for name, others in needs.items():
            for other in others:
                needed_by.setdefault(other, []).append(name)
        waiting = {name: len(others) for name, others in needs.items()}
        ready = [name for name in variables if not waiting.get(name)]
        while ready:
            name = ready.pop()
            variable = variables[name]
            own = self._fill(variable.value, note=False) if "{{" in variable.value else _Known(Filled(variable.value))
            off = (name, *own.off)[:_MOST] if variable.is_off else own.off
            self._known[name] = _Known(own.filled, off)
            for other in needed_by.get(name, ()):
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)
        self._cyclic = variables.keys() - self._known.keys()


_SET = re.compile(
    r"(?:\.set|setEnvironmentVariable|setGlobalVariable|setNextVariable)\(\s*+[\"'`]([^\"'`\r\n]{1,200})[\"'`]"
)


def names_set(script: str) -> list[str]:
    """Return the variables that a script sets: `pm.environment.set("name", ...)` and its kin."""
    return _SET.findall(script)
