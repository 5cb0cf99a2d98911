"""What a token holds: one table for each part, or two tokens in one table beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.containers import VerticalGroup
from textual.widget import Widget

from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose


@dataclass(frozen=True)
class Table:
    """A table of claims: its title, the names of its columns, its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Claims(VerticalGroup):
    """Shows tables. Where nothing changed, the cursor stays where it is."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin without a table."""
        super().__init__(id=id)
        self._tables: tuple[Table, ...] = ()

    async def put(self, tables: Sequence[Table]) -> None:
        """Show other tables."""
        if tuple(tables) == self._tables:
            return
        self._tables = tuple(tables)
        widgets: list[Widget] = []
        for table in tables:
            widgets += [
                Prose(table.title, classes="heading"),
                Facts(table.head, [Fact("", row) for row in table.rows]),
            ]
        await self.remove_children()
        await self.mount_all(widgets)
