"""What the requests of a collection send, beside its OAuth 2.0 blocks: which header, and what stands in it.

Sources: postman-oauth.md 4.1 (what is sent [run]) and 4.5 (P15 to P17); research 1.2, 6.6.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cogwizard.intake.mask import told
from cogwizard.model.authorization import read_value
from cogwizard.model.case import Sent
from cogwizard.model.collection import Auth, Collection, CollectionRequest
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.postman import Setup
from cogwizard.model.token import read_token
from cogwizard.steps.header import value_findings
from cogwizard.steps.postman import no_needs
from cogwizard.steps.postman_calls import Calls, address_of
from cogwizard.steps.step import Say, some
from cogwizard.steps.times import moment, span

SAY = Say("postman_file")
_SENT, _NAME, _PLACEHOLDER, _FORM = "header-not-sent", "header-name-mismatch", "header-placeholder", "header-malformed"
_405, _SIGNED = "token-endpoint-405", "sigv4-header"
_SELECTED, _ID_SENT = "id-token-not-selected", "id-token-where-access-token-expected"
_EXPIRED = "token-expired"
SECRET = "secret-in-file"
# All that is said of a file beside what the checklist says of its blocks.
CODES = (_405, _SENT, _NAME, _PLACEHOLDER, _SIGNED, _FORM, _EXPIRED, _ID_SENT, _SELECTED, SECRET)
_AUTHORIZATION = "Authorization"
_FORM_TYPE = "application/x-www-form-urlencoded"
_API_KEY = "x-api-key"  # the key of a usage plan: API Gateway's own, beside the token
# Postman's types that write another scheme into Authorization.
_SCHEMES = {"basic": "Basic", "digest": "Digest", "hawk": "Hawk", "ntlm": "NTLM", "oauth1": "OAuth"}
_MOST_ALIKE = 30
_STAND_IN = "TOKEN"  # where the token itself is kept out of the file: what stands round it is judged
_SOURCE = "the authorizer's identity source"


@dataclass(frozen=True)
class Placed:
    """A finding, and where in the file it was made."""

    finding: Finding
    place: str


def judge_requests(collection: Collection, setup: Setup) -> Iterator[Placed]:
    """Yield what is to be said of each request. Pure; raises nothing."""
    calls = Calls(collection, setup)
    is_sent = any(auth.type == "oauth2" for auth in collection.auths)
    alike: Counter[object] = Counter()
    for request in collection.requests:
        address = address_of(request.url)
        if calls.is_token_request(request, address):
            yield Placed(_token_request(request), request.place)
        elif calls.is_call(address):
            one = _Call(collection, setup, request, is_named=calls.is_named(request, address))
            alike[one.key] += 1
            # One says as much as a hundred thousand that are sent alike; a few are named.
            if alike[one.key] > _MOST_ALIKE:
                continue
            for finding in one.judge():
                is_sent = True
                yield Placed(finding, request.place)
            if "" in request.open:
                yield Placed(one.unfilled(request.open[""], in_header=False), request.place)
    if not is_sent:
        variant = "call-not-in-file" if setup.needs.url else "none-sent"
        yield Placed(SAY.unknown(_SENT, Evidence("header", "a token", "none", ""), variant=variant), "collection")


def brings_header(collection: Collection, setup: Setup, auth: Auth) -> bool:
    """Whether the calls of a file send the authorizer's header without this OAuth 2.0 block, where that header is
    another than Authorization: the block cannot set it (4.1 [run]), and only fetches the tokens then."""
    name = (setup.needs.header or _AUTHORIZATION).lower()
    if name == _AUTHORIZATION.lower():
        return False
    calls = Calls(collection, setup)
    called = [item for item in collection.requests if calls.is_call(address_of(item.url))]
    mine = [item for item in called if item.auth == auth]
    return bool(called) and all(any(key.lower() == name for key, _ in item.headers) for item in mine)


def _token_request(request: CollectionRequest) -> Finding:
    """6.6 [V]: a POST of a form, with exactly its content type."""
    kind, key = request.content_type.strip(), "content-type"
    if request.method != "POST":
        return SAY.failed(_405, Evidence("method", "POST", told(request.method, 40), ""), variant="method")
    names = (*request.open.get(key, ()), *request.blank.get(key, ()))
    if names:
        return SAY.unknown(_405, variant="variable", variables=_names(names), field="Content-Type")
    seen = Evidence("content type", _FORM_TYPE, told(kind, 120) or "none", "")
    is_form = kind.partition(";")[0].strip().lower() == _FORM_TYPE
    return SAY.passed(_405, seen) if is_form else SAY.failed(_405, seen, variant="content-type")


class _Call:
    """One request that may go to the API. `is_named`: it is the very call that the set-up is for."""

    def __init__(self, collection: Collection, setup: Setup, request: CollectionRequest, *, is_named: bool) -> None:
        self._collection, self._setup, self._request, self._is_named = collection, setup, request, is_named
        self._needs = setup.needs
        self._auth = request.auth or Auth("noauth", request.place)
        self._wanted = setup.needs.header or _AUTHORIZATION
        wanted = self._wanted.lower()
        self._own = next((value for name, value in request.headers if name.lower() == wanted), None)
        # Of another request nobody said that it is refused.
        self._refuse = SAY.failed if is_named else SAY.warned

    @property
    def key(self) -> object:
        """All that the judgement rests on."""
        request, wanted = self._request, self._wanted.lower()
        left = (request.open.get(""), request.open.get(wanted), request.blank.get(wanted))
        return id(request.auth), self._own, left, self._is_named

    def judge(self) -> Iterator[Finding]:
        """Yield what is to be said of the request; nothing where it need not send a token."""
        auth, wanted, own = self._auth, self._wanted.lower(), self._own
        # What the block writes into another header leaves this one as it is.
        is_apart = wanted != _AUTHORIZATION.lower() or auth.type == "noauth" or self._is_other_key()
        if own is not None and is_apart:
            yield from self._value(self._wanted, own, wanted, self._request)
        elif auth.type in ("oauth2", "bearer"):
            if own is not None:
                # 4.1 [run]: what the tab sends takes the place of the header that was written by hand.
                seen = Evidence("header", "not set", _AUTHORIZATION, "")
                yield SAY.warned(_SENT, seen, variant="overridden", header=_AUTHORIZATION)
            if auth.type == "bearer":
                yield from self._bearer()
        else:
            yield from self._other()

    def _is_other_key(self) -> bool:
        return self._auth.type == "apikey" and self._auth.values.get("key", "").strip().lower() != self._wanted.lower()

    def _other(self) -> Iterator[Finding]:
        """Yield what a block says that sends no token of a user pool (P17)."""
        kind = self._auth.type
        shown = told(kind, 40)
        seen = Evidence("form", "TOKEN or Bearer TOKEN", shown, "")
        if kind == "noauth":
            yield from self._nothing("none")
        elif kind == "apikey":
            yield from self._api_key()
        elif kind in _SCHEMES:
            yield self._refuse(_FORM, seen, variant="foreign-scheme", scheme=_SCHEMES[kind])
        elif kind == "awsv4":
            yield self._refuse(_SIGNED, seen, variant="fail")
        else:
            yield SAY.unknown(_SENT, Evidence("header", "a token", shown, ""), variant="other-auth")

    def _nothing(self, sent: str) -> Iterator[Finding]:
        """Yield that no token is sent, where it is known that one is wanted: other requests may be open to all."""
        if self._is_named:
            seen = Evidence("header", self._wanted, sent, "")
            yield SAY.failed(_SENT, seen, variant="no-auth", header=self._wanted)

    def _bearer(self) -> Iterator[Finding]:
        """4.1 [run]: `Bearer`, a blank and the token, into Authorization and nowhere else; no token, no header."""
        auth, wanted = self._auth, self._wanted
        if wanted.lower() != _AUTHORIZATION.lower():
            yield SAY.failed(
                _NAME, Evidence("header", wanted, _AUTHORIZATION, _SOURCE), header=wanted, sent=_AUTHORIZATION
            )
        token = auth.values.get("token", "")
        if not token.strip() and "token" not in auth.blank and "token" not in auth.open:
            seen = Evidence("token", "a token", "empty", "")
            yield self._refuse(_SENT, seen, variant="bearer-empty", header=_AUTHORIZATION)
            return
        yield from self._value(_AUTHORIZATION, f"Bearer {token}", "token", auth)

    def _api_key(self) -> Iterator[Finding]:
        """4.1 [run]: the value as it stands, under a name of one's own."""
        auth, wanted = self._auth, self._wanted
        name, where = auth.values.get("key", "").strip(), auth.values.get("in") or "header"
        shown = told(name, 80) or "empty"
        if name.lower() == _API_KEY or "key" in auth.open or "key" in auth.blank:
            yield from self._nothing(shown)
        elif where != "header":
            seen = Evidence("header", wanted, told(where, 40), "")
            yield SAY.failed(_SENT, seen, variant="in-query", header=wanted)
        elif not self._is_other_key():
            yield from self._value(wanted, auth.values.get("value", ""), "value", auth)
        elif self._needs.header:
            yield SAY.failed(_NAME, Evidence("header", wanted, shown, _SOURCE), header=wanted, sent=shown)
        else:
            seen = Evidence("header", wanted, shown, "")
            yield replace(no_needs(self._setup, SAY, _NAME), evidence=(seen,))

    # -- the value of the header ---------------------------------------------------------------------------------------

    def _value(self, header: str, text: str, key: str, holder: Auth | CollectionRequest) -> Iterator[Finding]:
        """Yield what is to be said of what a header is sent with; `key` names it among the holder's variables."""
        if key in holder.open:
            yield self.unfilled(holder.open[key])
            return
        is_kept_out, is_empty = key in holder.blank, read_value(text).kind == "empty"
        if is_empty and not is_kept_out:
            seen = Evidence("header", "a token", "empty", f"header {header}")
            yield self._refuse(_SENT, seen, variant="fail-empty", header=header)
            return
        if is_kept_out:
            gap = " " if is_empty or text != text.rstrip() else ""
            text = f"{text.strip()}{gap}{_STAND_IN}".strip() if gap else text.strip()
        yield SAY.passed(_SENT, Evidence("header", header, header, ""), variant="in-header", header=header)
        value = read_value(text)
        yield from value_findings(SAY, Sent(header, value))
        if self._is_named and not is_kept_out and value.token:
            yield from self._kind(value.token)

    def _kind(self, text: str) -> Iterator[Finding]:
        """Yield whether the token in the file lives, and is of the kind that the method wants (research 1.4 [D])."""
        token, now = read_token(text), self._setup.now
        kind, wanted, end = token.kind, self._needs.kind, token.time_claim("exp")
        if end is not None and end <= now:
            known = {"expiry": moment(end), "now": moment(now), "age": span(now - end)}
            seen = Evidence("expiry", f"after {known['now']}", known["expiry"], "claim exp")
            yield SAY.failed(_EXPIRED, seen, variant="local", **known)
        if wanted is None or kind not in ("id-token", "access-token"):
            return
        seen = Evidence("token kind", wanted, kind, "")
        if wanted == "id-token" and kind == wanted:
            yield SAY.passed(_SELECTED, seen, variant="id-in-file")
        elif wanted == "id-token":
            yield SAY.failed(_SELECTED, seen, variant="access-in-file")
        elif kind == "id-token":
            yield SAY.failed(_ID_SENT, seen, variant="in-file")

    def unfilled(self, names: tuple[str, ...], *, in_header: bool = True) -> Finding:
        """P15 [run]: the name in its braces is sent as it stands. Without an environment nobody knows what it holds."""
        shown = _names(names)
        is_cyclic = not set(names).isdisjoint(self._collection.cyclic)
        if not self._collection.has_environment and not is_cyclic:
            return SAY.unknown(_PLACEHOLDER, variant="no-environment", variables=shown)
        seen = Evidence("variable", "set", f"{shown} not set", "")
        if in_header:
            return SAY.failed(_PLACEHOLDER, seen, variant="cyclic" if is_cyclic else "unfilled", variables=shown)
        return SAY.warned(_PLACEHOLDER, seen, variant="cyclic" if is_cyclic else "unfilled-elsewhere", variables=shown)


def _names(names: tuple[str, ...]) -> str:
    return some(told(name, 80) for name in names)
