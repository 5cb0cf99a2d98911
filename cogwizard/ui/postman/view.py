"""The screen of one line of the checklist: what to enter where, what the pool has, the verdict, the guide's note."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import VerticalGroup
from textual.widget import Widget

from cogwizard.report import page
from cogwizard.ui.postman.known import Known, page_of
from cogwizard.ui.views.sheet import Sheet
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.value import Value

if TYPE_CHECKING:
    from cogwizard.ui.postman.walk import Walk


class EntryValue(Value):
    """A value of a field in Postman. Of a secret only kind and fingerprint stand here; `secret_key` names it."""

    help_key: ClassVar[str] = "entry"

    def __init__(self, entry: dict[str, Any], note: str) -> None:
        """`entry`: as in the report; `note`: what is said in the place of a value that is empty or not known."""
        super().__init__(entry["value"] or note, classes="inset")
        self.entry = entry
        self.set_class(not entry["value"], "muted")

    @property
    def secret_key(self) -> str | None:
        """The key of a secret, None for what may be seen."""
        return str(self.entry["key"]) if self.entry["secret"] else None

    @property
    def copyable(self) -> str | None:
        """The value, where it may be seen."""
        return None if self.entry["secret"] else self.entry["value"] or None


class Entries(VerticalGroup):
    """The fields of a line with their values. They keep the focus while only values change."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__(id="entries")
        self._shown: list[dict[str, Any]] = []

    async def put(self, entries: Sequence[dict[str, Any]], empty: str, unknown: str) -> None:
        """Show these; `empty` and `unknown`: what stands in the place of a value that there is not."""
        if list(entries) == self._shown:
            return
        self._shown = list(entries)
        focused = next((at for at, value in enumerate(self.query(EntryValue)) if value.has_focus), None)
        await self.remove_children()
        for entry in entries:
            await self.mount(
                Prose(entry["field"], classes="muted"),
                EntryValue(entry, unknown if entry["value"] is None else empty),
            )
        values = list(self.query(EntryValue))
        if focused is not None and focused < len(values):
            values[focused].focus(scroll_visible=False)


class LineView(Sheet):
    """What a line of the checklist says. One with a choice has a class of its own in `views`."""

    steps_name: ClassVar[str] = "postman"
    DEFAULT_CSS = """
    LineView #entries { height: auto; }
    LineView OptionList { height: auto; max-height: 10; overflow-x: hidden; scrollbar-gutter: auto; margin-top: 1; }
    """

    def __init__(self, step: str) -> None:
        """Take the step's id."""
        super().__init__(step)
        self._known: Known | None = None

    @property
    def walk(self) -> "Walk":
        """The page that it stands on."""
        return cast("Walk", self.screen)

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/postman.toml`."""
        return self.session.texts.screen("postman", key, **params)

    # -- what a line with a choice writes ----------------------------------------------------------------------------

    def choice(self) -> Iterable[Widget]:
        """Return the widgets of the choice."""
        return ()

    async def show_choice(self, known: Known) -> None:
        """Update what `choice` returned."""

    # -- the same for all --------------------------------------------------------------------------------------------

    def extra(self) -> Iterable[Widget]:
        """See `Sheet`."""
        yield from self.choice()
        yield Prose(self.words("enter"), classes="heading enter")
        yield Entries()
        yield Prose(id="place", classes="muted")
        yield Prose(self.words("has"), classes="heading has")
        yield Facts([self.label(key) for key in ("what", "value", "source")], id="has", column=1)

    @property
    def reason(self) -> str:
        """See `Sheet`: the note of AWS's guide."""
        return self.words(f"note {self.step}")

    @property
    def reason_heading(self) -> str:
        """See `Sheet`: it is the guide's note."""
        return self.words("note heading")

    def on_mount(self) -> None:
        """Begin without what there is nothing of."""
        for part in self.query(".enter, #place, .has, #has"):
            part.display = False

    def page_of(self, report: page.Document, *, reading: bool) -> page.Page:
        """See `Sheet`."""
        known = self._known
        return page_of(known, self.step, self.session.texts) if known else super().page_of(report, reading=reading)

    async def show(self, known: Known) -> None:
        """Show what is known at this moment."""
        self._known = known
        await self.show_choice(known)
        if known.report is None:
            return
        line, texts = known.line(self.step), self.session.texts
        entries = line["entries"]
        await self.query_one(Entries).put(entries, self.words("stays empty"), self.words("not known"))
        place = self.query_one("#place", Prose)
        place.text = self.words("where", place=line["place"])
        place.display = self.query_one(".enter").display = bool(entries)
        rows = [
            Fact("", (row["label"], texts.phrase(row["value"]), texts.phrase(row["source"]))) for row in line["has"]
        ]
        self.query_one("#has", Facts).put(rows)
        self.query_one("#has").display = self.query_one(".has").display = bool(rows)
        await self.show_report(known.report, reading=known.running)

    @property
    def first_secret(self) -> bool:
        """Whether the first value of the line is a secret, which is not copied by the way."""
        return any(value.secret_key for value in list(self.query(EntryValue))[:1])

    def copyable_page(self) -> str | None:
        """See `Sheet`: the first value to enter; else the answer."""
        values = list(self.query(EntryValue))
        return values[0].copyable if values else super().copyable_page()
