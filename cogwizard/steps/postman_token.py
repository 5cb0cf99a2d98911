"""Checklist: which token is sent. The method decides: without scopes the ID token, with scopes the access token."""

from collections.abc import Iterable, Iterator

from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import FIELDS, USE_TOKEN, Setup
from cogwizard.model.read import Read
from cogwizard.model.token import looks_like_jwt, read_token
from cogwizard.steps.postman import no_needs
from cogwizard.steps.postman_values import grant_of, value
from cogwizard.steps.ruling import listed
from cogwizard.steps.step import Say

_SELECTED = "id-token-not-selected"
_ID_SENT = "id-token-where-access-token-expected"


class PostmanTokenStep:
    """postman-oauth.md 0.2: Postman takes the access token again after each new sign-in, and no file tells [R]."""

    id = "postman_token"
    codes = (_SELECTED, _ID_SENT)
    keys = (USE_TOKEN,)

    def wants(self, _setup: Setup, /) -> Iterable[Read | None]:
        """Nothing of the pool: the method decides."""
        return ()

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """What the method wants."""
        if setup.needs.kind:
            yield Evidence("token kind", "", setup.needs.kind, "the method's scopes")
            yield Evidence("scopes", "", listed(setup.needs.scopes), "the method's scopes")

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        wanted, sent = setup.needs.kind, _kind_in(setup)
        if wanted is None:
            yield no_needs(setup, say, _SELECTED)
            yield no_needs(setup, say, _ID_SENT)
        elif wanted == "access-token":
            source = FIELDS["accessToken"] if sent else "Postman's default"
            seen = Evidence("token kind", wanted, sent or wanted, source)
            yield say.passed(_SELECTED, seen, variant="access-wanted")
            if sent == "id-token":
                yield say.failed(_ID_SENT, seen, variant="in-file")
            else:
                yield say.passed(_ID_SENT, seen, variant="fits")
        else:
            yield from _id_wanted(setup, say, sent)


def _id_wanted(setup: Setup, say: Say, sent: str | None) -> Iterator[Finding]:
    if grant_of(setup) == "client_credentials":
        yield say.skipped(_SELECTED, "masked", by="openid-scope-missing")
    elif sent:
        seen = Evidence("token kind", "id-token", sent, FIELDS["accessToken"])
        if sent == "id-token":
            yield say.passed(_SELECTED, seen, variant="id-in-file")
        else:
            yield say.failed(_SELECTED, seen, variant="access-in-file")
    elif setup.in_file:
        yield say.unknown(_SELECTED, variant="not-in-file")
    else:
        seen = Evidence("token kind", "id-token", "access-token", "Postman's default")
        yield say.warned(_SELECTED, seen, variant="choose")
    yield say.skipped(_ID_SENT, "id-wanted")


def _kind_in(setup: Setup) -> str | None:
    """Return the kind of the token that stands in the tab, None where there is none to be read."""
    token = (value(setup, "accessToken") or "").strip().removeprefix("Bearer ").strip()
    if not looks_like_jwt(token):
        return None
    kind = read_token(token).kind
    return kind if kind in ("id-token", "access-token") else None
