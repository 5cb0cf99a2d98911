"""What was typed about Postman's OAuth 2.0 tab. It outlives the pages and holds no secret. No widget."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cogwizard.model.postman import CALLBACKS, App, Setup
from cogwizard.ui.signin.state import Purpose, Signing, begin

if TYPE_CHECKING:
    from cogwizard.ui.session import Session


@dataclass
class Typed:
    """`where`: pool, region and app client. `method`, `url`: of the call that the token is for. `app` and `entered`:
    what was chosen for the tab, by Postman's keys; `callback` is that of the pop-up, kept while another Postman is
    chosen. The rest stands in the pages of the check and of the export.
    """

    where: Signing = field(default_factory=Signing)
    method: str = "GET"
    url: str = field(default="", repr=False)
    app: App | None = None
    entered: dict[str, str] = field(default_factory=dict)
    callback: str = ""
    collection: str = ""
    environment: str = ""
    offline: bool = False
    folder: str = "."
    forms: tuple[str, ...] = ("postman",)

    def at(self, where: Signing) -> None:
        """Take another app client: what was chosen for the one before does not belong to it."""
        if (where.user_pool_id, where.client_id) != (self.where.user_pool_id, self.where.client_id):
            self.forget()
        self.where = where

    def forget(self) -> None:
        """Choose nothing any more."""
        self.app, self.entered, self.callback = None, {}, ""

    @property
    def setup(self) -> Setup:
        """The set-up without any facts."""
        where = self.where
        return chosen(Setup(where.region or None, where.client_id or None, where.user_pool_id or None), self)


def chosen(setup: Setup, typed: Typed) -> Setup:
    """Return a set-up with what was chosen; what the endpoints answered to another choice is dropped."""
    entered = dict(typed.entered)
    if typed.callback and typed.app not in CALLBACKS:
        entered["redirect_uri"] = typed.callback
    return replace(setup, app=typed.app, entered=entered, answers={})


def first(session: "Session", purpose: Purpose) -> Typed:
    """Return what stands in the fields at first: what was typed before, with the pool that the call's authorizer
    trusts, where that is known; else the app client of the last sign-in, in this run or the one before."""
    typed = session.postman or Typed()
    known, remembered = typed.where, session.remembered
    if not known.client_id and session.signing is not None:
        known = session.signing
    if session.sandbox is not None:
        remembered = replace(remembered, user_pool_id=None)
    found = begin(known if known.user_pool_id or known.client_id else None, purpose, remembered)
    typed.at(Signing().at(found.user_pool_id, found.region, found.client_id))
    return typed
