"""The keyrings of this system: which one is used, why the others are not, and how to get one."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalGroup

from cogwizard.text import Texts
from cogwizard.ui.vault_rows import doctor_rows, trouble_text
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.vault.doctor import Doctor


class Keyrings(VerticalGroup):
    """A table of them, what came of trying the one in use, and advice where none is usable."""

    def __init__(self, texts: Texts, *, id: str | None = None) -> None:
        """Nothing is known yet."""
        super().__init__(id=id)
        self._texts = texts

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self._texts.screen("vault", "keyrings"), classes="heading")
        yield Facts([self._texts.vault(key) for key in ("backend", "reason")], id="backends", column=1)
        yield Prose(id="tried")
        yield Prose(id="advice", classes="gap")

    def put(self, found: "Doctor") -> None:
        """Show what was found."""
        texts = self._texts
        self.query_one("#backends", Facts).put(doctor_rows(found, texts))
        tried, advice = self.query_one("#tried", Prose), self.query_one("#advice", Prose)
        is_bad = found.probe not in (None, "ok")
        if found.probe == "ok":
            tried.text = f"✓ {texts.vault('probe ok')}"
        elif found.probe is not None:
            tried.text = f"! {trouble_text(found.probe, texts)}"
        else:
            tried.text = texts.screen("vault", "not tried") if found.usable else ""
        tried.set_classes(f"{'gap ' * bool(tried.text)}{'warn' * is_bad}")
        advice.text = "" if found.usable else f"{texts.vault('how')}: {texts.vault(f'advice {found.place}')}"
