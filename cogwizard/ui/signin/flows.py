"""The second stage: what the app client allows, what each flow can ever give, and which one leads to the token."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cogwizard.model.client import AppClient
from cogwizard.model.inert import inert
from cogwizard.model.read import Absent, Unread
from cogwizard.report.page import FORMS, Mend
from cogwizard.report.wrap import pad, width
from cogwizard.ui.listing import sentences
from cogwizard.ui.signin.panel import Panel
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import MARKS, Prose

if TYPE_CHECKING:
    from cogwizard.steps.offers import Offer, Setting

_MARKS = {"allowed": "pass", "off": "fail", "unknown": "unknown"}


class Flows(Panel):
    """The app client in a line, the flows as a list, and all about the one that is highlighted."""

    stop: ClassVar[int] = 1
    DEFAULT_CSS = """
    Flows #flows { height: auto; overflow-x: hidden; margin-top: 1; }
    Flows #about { height: auto; }
    Flows #about .heading { margin-top: 1; }
    """

    def __init__(self) -> None:
        """The page has the sign-in that was looked up."""
        super().__init__()
        self.offers: tuple[Offer, ...] = ()
        self._at = 0

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        page = self.page
        self.offers = in_order(page.login.offers(has_refresh_token=page.held_refresh_token is not None))
        yield Prose(self.say("question flow"), classes="heading")
        yield from self._client()
        yield Prose(self.wanted(), classes="muted")
        widest = max(width(self._state(offer)) for offer in self.offers)
        yield OptionList(*(Option(Content(self._row(offer, widest))) for offer in self.offers), id="flows")
        yield VerticalGroup(id="about")

    def _client(self) -> Iterator[Widget]:
        """What is known of the app client, and what of it and of its pool could not be read."""
        login = self.page.login
        if isinstance(login.client, AppClient):
            secret = self.say("has secret" if login.client.has_secret else "has no secret")
            name = inert(login.client.name, 80) or login.client.id
            yield Prose(self.say("client is", name=name, id=login.client.id, secret=secret))
        elif not login.order.user_pool_id:
            yield Prose(f"{MARKS['unknown']} {self.say('client not asked')}", indent=2, classes="unknown")
        for fact in (login.facts.client, login.facts.pool):
            if isinstance(fact, Absent):
                yield Prose(f"{MARKS['unknown']} {self.say('absent', action=fact.read.action)}", indent=2)
            elif isinstance(fact, Unread):
                said = " ".join(sentences(fact, self.page.session.texts, {}))
                yield Prose(f"{MARKS['unknown']} {said}", indent=2, classes="unknown")

    def _state(self, offer: "Offer") -> str:
        return self.say("proposed") if offer.proposed else self.label(f"offer {offer.state}")

    def _row(self, offer: "Offer", widest: int) -> str:
        return f"{MARKS[_MARKS[offer.state]]} {pad(self._state(offer), widest)}  {self.say(f'list {offer.flow}')}"

    def on_mount(self) -> None:
        """Highlight the flow of the last time where it is open, else the one that is proposed."""
        self._highlight()

    def _highlight(self) -> None:
        chosen = self.page.signing.flow
        at = next((at for at, item in enumerate(self.offers) if item.flow == chosen and item.state != "off"), 0)
        self.query_one("#flows", OptionList).highlighted = at

    def begin(self) -> None:
        """See `Panel`."""
        self.query_one("#flows").focus()

    # -- the one that is highlighted ---------------------------------------------------------------------------------

    async def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say all about it."""
        event.stop()
        self._at = event.option_index
        about = self.query_one("#about", VerticalGroup)
        async with self.batch():
            await about.remove_children()
            await about.mount_all(self._about(self.highlighted))
        self.screen.refresh_bindings()

    def _about(self, offer: "Offer") -> Iterator[Widget]:
        yield Prose(self.label(f"flow {offer.flow}"), classes="heading")
        for setting in offer.settings:
            yield from self._off(offer, setting)
        if offer.settings:
            yield Prose("")
        if offer.tokens:
            kinds = self.page.listed(self.say(f"kind {kind}") for kind in offer.tokens)
            yield Prose(self.say("gives", tokens=kinds))
        if "access-token" in offer.tokens and offer.flow != "refresh":
            scopes = None if offer.scopes is None else inert(" ".join(offer.scopes), 400)
            known = self.say("scopes unknown") if scopes is None else self.say("scopes", scopes=scopes or "-")
            yield Prose(known)
        if offer.fits is False:
            yield Prose(f"{MARKS['warn']} {self.label('offer never')}", indent=2, classes="warn")
        notes = [self.label(f"offer note {note}") for note in offer.notes]
        notes += [self.label("offer secret")] if offer.needs_secret else []
        for note in notes:
            yield Prose(f"{MARKS['skipped']} {note}", indent=2, classes="muted")

    def _off(self, offer: "Offer", setting: "Setting") -> Iterator[Widget]:
        from cogwizard.report.signin import known_ids

        texts = self.page.session.texts
        actual, expected = texts.phrase(setting.actual), texts.phrase(setting.expected)
        said = self.label("offer setting", name=setting.name, actual=actual, expected=expected)
        yield Prose(f"{MARKS['fail']} {setting.code}: {said}", indent=2, classes="warn")
        ids = known_ids(self.page.attempt_of(offer.flow))
        names = {form: self.label(form) for form in FORMS}
        for fix in texts.fixes(setting.code, ids, variant="fail")[:1]:
            forms = [(form, getattr(fix, form)) for form in FORMS]
            yield MendBox(Mend(fix.title, tuple((form, text) for form, text in forms if text)), names)

    # -- choosing ----------------------------------------------------------------------------------------------------

    @property
    def highlighted(self) -> "Offer":
        """The flow under the cursor."""
        return self.offers[self._at]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with it."""
        event.stop()
        self.proceed()

    def go_on(self) -> None:
        """Ask for what the flow needs. One that is off is not tried: its page says why and how to mend it."""
        self.page.choose(self.highlighted)

    @property
    def codes(self) -> tuple[str, ...]:
        """See `Panel`."""
        return tuple(setting.code for setting in self.highlighted.settings) if self.offers else ()


def in_order(offers: "tuple[Offer, ...]") -> "tuple[Offer, ...]":
    """Return the flows: the proposed one first, then those that are open, what is not known, what is off."""
    rank = {"allowed": 0, "unknown": 1, "off": 2}
    return tuple(sorted(offers, key=lambda offer: (not offer.proposed, rank[offer.state], offer.fits is False)))
