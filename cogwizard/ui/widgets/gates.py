"""The chain of gates as a picture: the call comes from the left and goes as far as the gate that stopped it."""

from collections.abc import Mapping

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from cogwizard.gateway import GATES
from cogwizard.report.gates import NONE, Gate
from cogwizard.report.wrap import pad, width
from cogwizard.text import Texts
from cogwizard.ui.widgets.prose import MARKS, STYLES, wrapped

_VERDICTS = {"passed": "pass", "held": "pass", "stopped": "fail", "next": "warn", "open": "unknown", "ahead": "skipped"}
# Cells of a note, where there is room and where there is little; a longer one goes on in the next line.
_LONG, _SHORT = 16, 14
_MOST = 3  # lines of notes, or of gates in running text
_NARROW = 40  # cells; below it, a gate takes a line of its own
_NEXT = " > "
_MUTED = "$foreground-muted"
Pieces = list[tuple[str, str]]


def words(texts: Texts) -> dict[str, str]:
    """Return the words that a picture needs."""
    found = {f"gate {gate}": texts.label(f"gate {gate}") for gate in ("preflight", "front", *GATES, "browser")}
    special = ("front open", "backend passed", "backend held", "backend stopped")
    keys = ("client", "none", *(f"state {state}" for state in (*_VERDICTS, *special)))
    return found | {key: texts.screen("verdict", key) for key in keys}


class Gates(Widget):
    """`gates` in order. The gate that stopped the call stands in capitals, bold and in the colour of a cause."""

    DEFAULT_CSS = "Gates { height: auto; width: 1fr; }"

    gates: reactive[tuple[Gate, ...]] = reactive((), layout=True)

    def __init__(self, words: Mapping[str, str], *, id: str | None = None) -> None:
        """Take `words` in the user's language; nothing is drawn until there are gates."""
        super().__init__(id=id)
        self._words = words

    def _title(self, gate: Gate) -> str:
        name = self._words[f"gate {gate.id}"]
        return name.upper() if gate.state == "stopped" else name

    def _fact(self, gate: Gate) -> str:
        """What stands at a gate that the call did not stop at, "" for nothing that is known."""
        if gate.state in ("stopped", "next", "open"):
            return ""
        return self._words["none"] if gate.fact == NONE else gate.fact

    def _word(self, gate: Gate) -> str:
        return self._words.get(f"state {gate.id} {gate.state}") or self._words[f"state {gate.state}"]

    def _note(self, gate: Gate) -> str:
        """A mark, and the fact or the word beside it. Where the call stopped or would stop, that is the word."""
        return f"{MARKS[_VERDICTS[gate.state]]} {self._fact(gate) or self._word(gate)}"

    def _lines(self, cells: int) -> list[Pieces]:
        """The picture that tells most in few lines: a row with its notes, else running text, else a column."""
        if not self.gates:
            return []
        if cells < _NARROW:
            return self._column(cells)
        gates = [(self._title(gate), self._note(gate), STYLES[_VERDICTS[gate.state]]) for gate in self.gates]
        # Behind the gate that stopped the call a mark tells as much as "not reached" does.
        short = [
            (name, note[0] if gate.state == "ahead" and not self._fact(gate) else note, style)
            for gate, (name, note, style) in zip(self.gates, gates, strict=True)
        ]
        roomy = self._row([(self._words["client"], "", ""), *gates], _LONG, 2)
        tight = self._row(short, _SHORT, 1)
        for row in (roomy, tight):
            if len(row) <= _MOST + 1 and sum(width(text) for text, _ in row[0]) <= cells:
                return row
        told = self._in_text(cells, with_facts=True)
        return told if len(told) <= _MOST else self._in_text(cells, with_facts=False)

    def _column(self, cells: int) -> list[Pieces]:
        lines: list[Pieces] = []
        for gate in self.gates:
            style = STYLES[_VERDICTS[gate.state]]
            first, *rest = wrapped(f"{self._note(gate)[:2]}{self._title(gate)}: {self._note(gate)[2:]}", cells - 2)
            lines += [[(first, style)], *([(f"  {line}", style)] for line in rest)]
        return lines

    def _in_text(self, cells: int, *, with_facts: bool) -> list[Pieces]:
        """The gates one behind the other, each with its mark; words only where the mark alone does not tell."""
        lines: list[Pieces] = [[]]
        taken = 0
        for at, gate in enumerate(self.gates):
            is_told = gate.state not in ("passed", "held", "ahead") or (gate.id == "backend" and gate.state != "ahead")
            behind = (self._fact(gate) if with_facts else "") or (self._word(gate) if is_told else "")
            style = STYLES[_VERDICTS[gate.state]]
            text = f"{MARKS[_VERDICTS[gate.state]]} {self._title(gate)} {behind}".rstrip()
            end = "" if at == len(self.gates) - 1 else _NEXT
            first, *rest = wrapped(text, cells - len(end))
            if taken and taken + width(text) + len(end.rstrip()) > cells:
                lines.append([])
                taken = 0
            lines[-1].append((first, style))
            lines += [[(line, style)] for line in rest]
            lines[-1].append((end, _MUTED))
            taken = width(rest[-1] if rest else first) + len(end) + (0 if rest else taken)
        return lines

    def _row(self, columns: list[tuple[str, str, str]], longest: int, dashes: int) -> list[Pieces]:
        """All names in a line, joined, and the notes under them."""
        widths = [max(width(name), min(width(note), longest)) for name, note, _ in columns]
        names: Pieces = []
        for at, ((name, _, style), cells) in enumerate(zip(columns, widths, strict=True)):
            is_last = at == len(columns) - 1
            line = " " * (cells - width(name)) if is_last else f" {'-' * (cells - width(name) + dashes)} "
            names += [(name, style if "bold" in style else "bold"), (line, _MUTED)]
        notes = [self._under(note, cells) for (_, note, _), cells in zip(columns, widths, strict=True)]
        lines = [names]
        for number in range(max(map(len, notes))):
            line_pieces: Pieces = []
            for at, (note, (_, _, style), cells) in enumerate(zip(notes, columns, widths, strict=True)):
                text = note[number] if number < len(note) else ""
                line_pieces.append((pad(text, cells + (2 + dashes if at < len(columns) - 1 else 0)), style))
            lines.append(line_pieces)
        return lines

    def _under(self, note: str, cells: int) -> list[str]:
        """A note in lines, all beside its mark."""
        lines = wrapped(note[2:], cells - 2) if note[2:] else [""] * bool(note)
        return [f"{'  ' if number else note[:2]}{line}" for number, line in enumerate(lines)]

    def render(self) -> Content:
        """See `Widget`."""
        lines = self._lines(self.content_size.width)
        return Content("\n").join(Content.assemble(*((text, style) for text, style in line if text)) for line in lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._lines(width))
