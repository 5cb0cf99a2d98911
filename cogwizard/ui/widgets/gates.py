"""The chain of gates as a picture: the call comes from the left and goes as far as the gate that stopped it."""

from collections.abc import Mapping

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from cogwizard.gateway import GATES
from cogwizard.report.gates import NONE, Gate
from cogwizard.report.wrap import pad, width
from cogwizard.ui.widgets.prose import MARKS, STYLES, wrapped

_VERDICTS = {"passed": "pass", "held": "pass", "stopped": "fail", "next": "warn", "open": "unknown", "ahead": "skipped"}
_LONGEST = 16  # cells of a note; a longer one goes on in the next line
_NARROW = 40  # cells; below it, a gate takes a line of its own
_JOIN = "--"
Pieces = list[tuple[str, str]]
# The words that a picture needs, as keys of a catalogue.
WORDS = (
    "client",
    "none",
    *(f"gate {gate}" for gate in ("front", *GATES)),
    *(f"state {state}" for state in _VERDICTS),
    *(f"state {special}" for special in ("front open", "backend passed", "backend held", "backend stopped")),
)


class Gates(Widget):
    """`gates` in order. The gate that stopped the call stands in capitals, bold and in the colour of a cause."""

    DEFAULT_CSS = "Gates { height: auto; width: 1fr; }"

    gates: reactive[tuple[Gate, ...]] = reactive((), layout=True)

    def __init__(self, words: Mapping[str, str], *, id: str | None = None) -> None:
        """Take the texts of `WORDS` in the user's language; nothing is drawn until there are gates."""
        super().__init__(id=id)
        self._words = words

    def _title(self, gate: Gate) -> str:
        name = self._words[f"gate {gate.id}"]
        return name.upper() if gate.state == "stopped" else name

    def _note(self, gate: Gate) -> str:
        """A mark, and the word or the fact beside it. Where the call stopped or would stop, that is the word."""
        word = self._words.get(f"state {gate.id} {gate.state}") or self._words[f"state {gate.state}"]
        fact = self._words["none"] if gate.fact == NONE else gate.fact
        text = fact if fact and gate.state not in ("stopped", "next", "open") else word
        return f"{MARKS[_VERDICTS[gate.state]]} {text}"

    def _lines(self, cells: int) -> list[Pieces]:
        if not self.gates:
            return []
        return self._column(cells) if cells < _NARROW else self._rows(cells)

    def _column(self, cells: int) -> list[Pieces]:
        lines: list[Pieces] = []
        for gate in self.gates:
            style = STYLES[_VERDICTS[gate.state]]
            first, *rest = wrapped(f"{self._note(gate)[:2]}{self._title(gate)}: {self._note(gate)[2:]}", cells - 2)
            lines += [[(first, style)], *([(f"  {line}", style)] for line in rest)]
        return lines

    def _rows(self, cells: int) -> list[Pieces]:
        columns = [(self._words["client"], "", "")]
        columns += [(self._title(gate), self._note(gate), STYLES[_VERDICTS[gate.state]]) for gate in self.gates]
        widths = [max(width(name), min(width(note), _LONGEST)) for name, note, _ in columns]
        lines: list[Pieces] = []
        at = 0
        while at < len(columns):
            lead = "" if at == 0 else f"{_JOIN} "
            end, taken = at + 1, len(lead) + widths[at]
            while end < len(columns) and taken + 4 + widths[end] <= cells - 3:
                taken += 4 + widths[end]
                end += 1
            lines += self._row(columns[at:end], widths[at:end], lead, end == len(columns))
            at = end
        return lines

    def _row(self, columns: list[tuple[str, str, str]], widths: list[int], lead: str, is_last: bool) -> list[Pieces]:
        """A row of names, joined, and the notes under them."""
        muted = "$foreground-muted"
        names: Pieces = [(lead, muted)]
        for at, ((name, _, style), cells) in enumerate(zip(columns, widths, strict=True)):
            ends = at == len(columns) - 1
            line = "" if ends and is_last else f" {'-' * (cells - width(name) + 2)} "
            names += [(name, style if "bold" in style else "bold" if name else ""), (line, muted)]
        notes = [self._under(note, cells) for (_, note, _), cells in zip(columns, widths, strict=True)]
        lines = [names]
        for number in range(max(map(len, notes))):
            line_pieces: Pieces = [(" " * len(lead), "")]
            for note, (_, _, style), cells in zip(notes, columns, widths, strict=True):
                text = note[number] if number < len(note) else ""
                line_pieces.append((pad(text, cells) + "    ", style))
            lines.append(line_pieces)
        return [*lines, [("", "")]] if not is_last else lines

    def _under(self, note: str, cells: int) -> list[str]:
        """A note in lines, all beside its mark."""
        lines = wrapped(note[2:], cells - 2) if note else []
        return [f"{'  ' if number else note[:2]}{line}" for number, line in enumerate(lines)]

    def render(self) -> Content:
        """See `Widget`."""
        lines = self._lines(self.content_size.width)
        return Content("\n").join(Content.assemble(*((text, style) for text, style in line if text)) for line in lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `Widget`."""
        return len(self._lines(width))
