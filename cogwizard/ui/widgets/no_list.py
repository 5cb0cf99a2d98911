"""What stands in place of a list of the account: why there is none, and the ways on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widgets import Button

from cogwizard.report.page import FORMS
from cogwizard.ui.listing import never_deployed, sentences, sign_in_command
from cogwizard.ui.picking import Picking
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.ui.session import Session


class NoList(VerticalGroup):
    """`trouble` is Absent, Unread or what was raised, None for a list that is empty. Its buttons are the screen's:
    "again", "other-profile", "home"."""

    def __init__(self, session: "Session", picking: Picking, trouble: object) -> None:
        """Take what was picked so far, too."""
        super().__init__()
        self._session, self._picking, self._trouble = session, picking, trouble

    def _say(self, key: str, **params: object) -> str:
        return self._session.texts.screen("pick", key, **params)

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        picking, texts = self._picking, self._session.texts
        if self._trouble is not None:
            yield from (Prose(text, classes="gap") for text in sentences(self._trouble, texts, picking.names))
            if command := sign_in_command(self._trouble):
                yield Prose(command, classes="inset gap")
        else:
            yield Prose(self._say(f"empty {picking.at}", **picking.names), classes="gap")
            if picking.at == "stage":
                names = {form: texts.label(form) for form in FORMS}
                mends = never_deployed(texts, picking.picked["region"].id, picking.picked["api"].id)
                yield from (MendBox(mend, names) for mend in mends)
        yield Horizontal(*self._ways(), classes="row")

    def _ways(self) -> Iterator[Button]:
        yield Button(Content(self._say("try again")), id="again")
        if self._session.sandbox is None:
            yield Button(Content(self._session.texts.screen("access", "other profile")), id="other-profile")
        yield Button(Content(self._say("other way")), id="home")
