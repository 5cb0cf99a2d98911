"""The calls of signing in: each is sent once, and ends as an answer or as a `Refused`."""

from collections.abc import Iterator, Mapping
from typing import Any

from cogwizard.aws.echo import forms_of, without
from cogwizard.aws.errors import CREDENTIALS, outcome, safe
from cogwizard.aws.session import Clients
from cogwizard.model.attempt import Refusal
from cogwizard.model.read import Absent, Read, Reason

# The only operations that are signed with AWS credentials (research 7.1 [D]).
_SIGNED = frozenset({"AdminInitiateAuth", "AdminRespondToAuthChallenge"})
# IAM's refusals, and those of the service's front door, which say nothing about the user.
_OURS: dict[str, Reason] = {
    **dict.fromkeys(CREDENTIALS, "credentials"),
    **dict.fromkeys(("ExpiredTokenException", "ExpiredToken", "IncompleteSignatureException"), "credentials"),
    "MissingAuthenticationTokenException": "credentials",
    "AccessDeniedException": "denied",
    "TooManyRequestsException": "throttled",
    "ThrottlingException": "throttled",
    "RequestLimitExceeded": "throttled",
}
# What is no secret of what is sent.
_PLAIN = {"USERNAME", "ClientId", "UserPoolId", "AuthFlow", "ChallengeName", "PREFERRED_CHALLENGE", "TIMESTAMP"}


class Refused(Exception):
    """No answer that helps. `refusal` says what came back instead; its text may be shown."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.operation}: {refusal.error}")
        self.refusal = refusal


class SignInCalls:
    """cognito-idp's operations of signing in, in one region. May be used from several threads."""

    def __init__(self, clients: Clients, region: str) -> None:
        """Take the clients; nothing is asked yet."""
        self._clients = clients
        self.region = region

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an operation answers (`InitiateAuth` ..., members as AWS names them). Raises Refused.

        Neither the exception nor anything that is logged holds a parameter.
        """
        hidden = forms_of(_secrets(parameters))
        try:
            client = self._clients.sign_in_client(self.region, signed=operation in _SIGNED)
            answer = client._make_api_call(operation, dict(parameters))
        except Exception as error:
            raise Refused(self._refusal(operation, error, hidden)) from None
        if not isinstance(answer, dict):
            raise Refused(Refusal(operation, "not-an-object", "", 0, "malformed"))
        return {name: _told(name, value, hidden) for name, value in answer.items() if name != "ResponseMetadata"}

    def _refusal(self, operation: str, error: Exception, hidden: list[str]) -> Refusal:
        private = self._clients.private_urls()
        response = getattr(error, "response", None)
        asked = getattr(error, "operation_name", None) == operation
        if asked and isinstance(response, dict) and isinstance(response.get("Error"), dict):
            code = without(hidden, str(response["Error"].get("Code") or "Unknown"))
            text = safe(without(hidden, str(response["Error"].get("Message") or "")), private)
            status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
            return Refusal(operation, safe(code, private)[:100], text, int(status), _reason(code, int(status)))
        if type(error).__name__ == "ParamValidationError":
            # botocore's text quotes the parameters, and they are secrets.
            return Refusal(operation, "ParamValidationError", "", 0, "failed")
        found = outcome(Read(), error, self._clients.sign_in(), private=private)
        if isinstance(found, Absent):
            return Refusal(operation, found.error, "", 0, "failed")
        return Refusal(operation, found.error, without(hidden, found.detail), 0, found.reason)


def _reason(code: str, status: int) -> Reason | None:
    """Return why an answer is no refusal of Cognito's, None when it is one: all of those have status 400 and a type.

    A bare status in the place of a type is a page: of a proxy or a firewall. What it says is not judged.
    """
    if code in _OURS:
        return _OURS[code]
    if status == 407:
        return "unreachable"
    if status == 429:
        return "throttled"
    return "malformed" if code.isdecimal() else "failed" if status < 400 or status >= 500 else None


def _secrets(value: object, name: str = "") -> Iterator[str]:
    """Yield all texts among parameters that are not known to be plain."""
    if isinstance(value, str):
        if name not in _PLAIN:
            yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _secrets(item, str(key))


def _told(name: str, value: object, hidden: list[str]) -> object:
    """Return a member of an answer; what a challenge says to people repeats nothing of what was sent."""
    if name != "ChallengeParameters" or not isinstance(value, Mapping):
        return value
    return {key: without(hidden, item) if isinstance(item, str) else item for key, item in value.items()}
