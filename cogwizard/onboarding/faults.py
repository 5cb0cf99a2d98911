"""Break it, and find out why: faults of real cases, made on purpose in one's own set-up, and mended again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cogwizard.aws.calls import CallFailed
from cogwizard.model.call import Call
from cogwizard.model.tokens import Tokens
from cogwizard.model.write import Write, fill, starred
from cogwizard.onboarding.first_call import call_for
from cogwizard.onboarding.plan import Consent
from cogwizard.onboarding.run import NotAgreed, NotMade
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.steps.onboard_api import OF_METHOD
from cogwizard.steps.onboard_authorizer import ATTACH, AUTHORIZER
from cogwizard.steps.onboard_deploy import DEPLOYMENT

Sends = Literal["id-token", "access-token", "nothing", "tampered"]
_SCOPE, _OTHER_HEADER = "cogwizard/hello", "method.request.header.X-Token"


@dataclass(frozen=True)
class Fault:
    """One fault. `breaks` and `mends` are the calls that make it and take it away, empty where only the call is wrong;
    `sends`: what the call carries; `code`: what the diagnosis is to find."""

    name: str
    code: str
    sends: Sends = "id-token"
    breaks: tuple[Write, ...] = ()
    mends: tuple[Write, ...] = ()


def _patch(id: str, like: Write, keys: Mapping[str, str], op: str, path: str, value: str) -> Write:
    operations: list[dict[str, Any]] = [{"op": op, "path": path, "value": value}]
    operation = "UpdateMethod" if like is ATTACH else "UpdateAuthorizer"
    resource = like.resource if like is ATTACH else f"{like.resource}/{{authorizer_id}}"
    params = {**keys, "patchOperations": operations}
    return Write(id, "apigateway", operation, params, "apigateway:PATCH", resource, inside="api", is_change=True)


_OF_AUTHORIZER = {"restApiId": "{api_id}", "authorizerId": "{authorizer_id}"}
_ADD_SCOPE = _patch("add-scope", ATTACH, OF_METHOD, "add", "/authorizationScopes", _SCOPE)
_REMOVE_SCOPE = _patch("remove-scope", ATTACH, OF_METHOD, "remove", "/authorizationScopes", _SCOPE)
_OTHER_SOURCE = _patch("other-source", AUTHORIZER, _OF_AUTHORIZER, "replace", "/identitySource", _OTHER_HEADER)
_OWN_SOURCE = _patch(
    "own-source", AUTHORIZER, _OF_AUTHORIZER, "replace", "/identitySource", str(AUTHORIZER.params["identitySource"])
)
FAULTS: tuple[Fault, ...] = (
    Fault("wrong-token", "access-token-where-id-token-expected", "access-token"),
    Fault("no-header", "header-not-sent", "nothing"),
    Fault("tampered", "signature-invalid", "tampered"),
    Fault(
        "scope",
        "id-token-where-access-token-expected",
        breaks=(_ADD_SCOPE, DEPLOYMENT),
        mends=(_REMOVE_SCOPE, DEPLOYMENT),
    ),
    Fault(
        "header-name",
        "header-name-mismatch",
        breaks=(_OTHER_SOURCE, DEPLOYMENT),
        mends=(_OWN_SOURCE, DEPLOYMENT),
    ),
    # The draft is right again, and nobody deployed it.
    Fault(
        "not-deployed",
        "changes-not-deployed",
        breaks=(_ADD_SCOPE, DEPLOYMENT, _REMOVE_SCOPE),
        mends=(DEPLOYMENT,),
    ),
)
BY_NAME: Mapping[str, Fault] = {fault.name: fault for fault in FAULTS}


class Breaking:
    """Breaks a set-up that was built here, and mends it. Blocking; one thread at a time."""

    def __init__(self, walkthrough: Walkthrough) -> None:
        """Take the walk-through; its run must have been begun and the user signed in."""
        self._walk = walkthrough
        self.fault: Fault | None = next((BY_NAME[name] for name in self._broken()), None)

    def _broken(self) -> Iterator[str]:
        """Yield the faults that the journal knows as made and not mended."""
        states = self._walk.journal.states if self._walk.journal else {}
        for name in BY_NAME:
            if states.get(f"fault:{name}") in ("intended", "done"):
                yield name

    def consent(self, name: str) -> Consent:
        """Return the consent to a fault, once the user has seen its calls and agreed."""
        return Consent(f"fault:{name}")

    def apply(self, name: str, consent: Consent) -> None:
        """Make a fault; one of before is mended first. Raises NotAgreed, NotMade, JournalError, KeyError."""
        fault = BY_NAME[name]
        if consent != self.consent(name):
            raise NotAgreed
        if self.fault is not None:
            self.mend()
        if fault.breaks:
            self._note(fault, "intended")
            self._send(fault.breaks)
            self._note(fault, "done")
        self.fault = fault

    def mend(self) -> None:
        """Take the fault away. Raises NotMade, JournalError; then it is still there."""
        if self.fault is not None and self.fault.breaks:
            # A fault that was made in part only is mended by the same calls: each sets what is right.
            is_whole = self._walk.journal is None or self._walk.journal.states.get(f"fault:{self.fault.name}") == "done"
            self._send(self.fault.mends if is_whole else (_OWN_SOURCE, *self._without_scope(), DEPLOYMENT))
            self._note(self.fault, "undone")
        self.fault = None

    def call(self) -> Call:
        """Return the call that fails, as long as the fault is there. Raises ValueError without a sign-in."""
        login = self._walk.shown.login
        if login is None or login.tokens is None:
            raise ValueError("nobody is signed in")
        return call_for(self._walk.url, _token(login.tokens, self.fault.sends if self.fault else "id-token"))

    def _without_scope(self) -> tuple[Write, ...]:
        method = self._walk.calls.read("apigateway", "GetMethod", fill(OF_METHOD, self._walk.values))
        return (_REMOVE_SCOPE,) if _SCOPE in (method.get("authorizationScopes") or ()) else ()

    def _note(self, fault: Fault, state: Literal["intended", "done", "undone"]) -> None:
        if self._walk.journal is not None:
            self._walk.journal.note(f"fault:{fault.name}", state)

    def _send(self, writes: tuple[Write, ...]) -> None:
        if self._walk.run is None:
            raise ValueError("nobody agreed")
        for write in writes:
            try:
                self._walk.run.send_change(write)
            except CallFailed as error:
                raise NotMade(write, error, f"{write.iam} on {starred(write.resource, self._walk.values)}") from None


def _token(tokens: Tokens, sends: Sends) -> str | None:
    if sends == "nothing":
        return None
    if sends == "access-token":
        return tokens.access_token
    token = tokens.id_token or ""
    if sends == "tampered":
        start, _, signature = token.rpartition(".")
        return f"{start}.{'A' if signature[:1] != 'A' else 'B'}{signature[1:]}"
    return token
