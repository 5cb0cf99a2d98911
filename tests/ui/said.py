"""What a part of a screen says, however it is wrapped and wherever it is scrolled to."""

from textual.widget import Widget

from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.prose import MARKS, Prose


def said(root: Widget) -> str:
    """Return the text of all paragraphs and of all rows, with their marks, that are displayed."""
    lines: list[str] = []
    for widget in root.query("*"):
        if not widget.display:
            continue
        if isinstance(widget, Prose):
            lines.append(widget.text)
        elif isinstance(widget, Facts):
            lines += [f"{MARKS.get(fact.verdict, ' ')} {' | '.join(fact.cells)}" for fact in widget._facts]
    return "\n".join(lines)
