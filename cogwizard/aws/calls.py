"""Calls by name, as the walk-through makes them: reads that may be tried again, writes that are sent once."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from cogwizard.aws.echo import forms_of, without
from cogwizard.aws.errors import outcome, safe
from cogwizard.aws.fields import Malformed
from cogwizard.aws.session import Clients
from cogwizard.model.read import Absent, Read

_ABSENT = frozenset({"NoSuchEntity"})  # IAM's word for what the others call ResourceNotFoundException


class CallFailed(Exception):
    """No answer that helps. `reason` as in `Unread`, or `absent`; `error` is AWS's type, `detail` may be shown.

    `is_lost`: nobody knows whether it happened all the same.
    """

    def __init__(self, action: str, reason: str, error: str, detail: str = "", *, is_lost: bool = False) -> None:
        """Take what is known."""
        super().__init__(f"{action}: {error}")
        self.action, self.reason, self.error, self.detail, self.is_lost = action, reason, error, detail, is_lost


@cache
def _asked(service: str, operation: str) -> Read:
    """Return a read that stands for an operation, for what tells errors."""
    kind = type(operation, (Read,), {"service": service, "operation": operation})
    made: Read = kind()
    return made


class Calls:
    """Operations of AWS in one region, members as AWS names them. May be used from several threads."""

    def __init__(self, clients: Clients, region: str) -> None:
        """Take the clients; nothing is asked yet."""
        self.clients = clients
        self.region = region

    def read(self, service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an operation that changes nothing answers. Raises CallFailed, `absent` for what is not there."""
        return self._call(self.clients.client, service, operation, parameters, ())

    def write(
        self, service: str, operation: str, parameters: Mapping[str, Any], secrets: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Return what an operation answers. It is sent once. Raises CallFailed, whose text repeats no secret."""
        return self._call(self.clients.once, service, operation, parameters, secrets)

    def app_client(self, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return an app client as the SDK reads it, and as AWS sent it: an old SDK leaves out what it does not know.

        Both hold the client secret. Raises CallFailed.
        """
        sent: list[bytes] = []

        def keep(http_response: Any, **_: Any) -> None:
            sent.append(http_response.content)

        client = self._made(self.clients.once, "cognito-idp", "DescribeUserPoolClient")
        event = "after-call.cognito-identity-provider.DescribeUserPoolClient"
        client.meta.events.register(event, keep)
        try:
            answer = self._call(self.clients.once, "cognito-idp", "DescribeUserPoolClient", parameters, ())
        finally:
            client.meta.events.unregister(event, keep)
        try:
            read, raw = answer["UserPoolClient"], json.loads(sent[-1])["UserPoolClient"]
            return dict(read), dict(raw)
        except (LookupError, ValueError, TypeError):
            raise CallFailed("cognito-idp:DescribeUserPoolClient", "malformed", "no-client") from None

    def accepted(self, service: str, operation: str) -> frozenset[str]:
        """Return the names of the parameters that the installed SDK can send. Raises CallFailed."""
        client = self._made(self.clients.once, service, operation)
        return frozenset(client.meta.service_model.operation_model(operation).input_shape.members)

    def _made(self, clients: Any, service: str, operation: str) -> Any:
        try:
            return clients(service, self.region)
        except Exception as error:
            raise self._failed(service, operation, error, ()) from None

    def _call(
        self, clients: Any, service: str, operation: str, parameters: Mapping[str, Any], secrets: tuple[str, ...]
    ) -> dict[str, Any]:
        client = self._made(clients, service, operation)
        try:
            answer = client._make_api_call(operation, dict(parameters))
            if not isinstance(answer, dict):
                raise Malformed("the answer is no object")
        except Exception as error:
            raise self._failed(service, operation, error, secrets) from None
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def _failed(self, service: str, operation: str, error: Exception, secrets: tuple[str, ...]) -> CallFailed:
        action, hidden = f"{service}:{operation}", forms_of(secrets)
        if type(error).__name__ == "ParamValidationError":
            # Its text quotes the values, and one may be a secret: the names say enough.
            names = dict.fromkeys(re.findall(r"parameter:? \"?([A-Za-z0-9_.\[\]]+)", str(error)))
            return CallFailed(action, "failed", "ParamValidationError", ", ".join(names))
        found = outcome(_asked(service, operation), error, self.clients.sign_in(), private=self.clients.private_urls())
        response = getattr(error, "response", None)
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) if isinstance(response, dict) else 0
        detail = without(hidden, found.detail if not isinstance(found, Absent) else found.message)
        kind = without(hidden, safe(found.error))
        if isinstance(found, Absent) or kind in _ABSENT:
            return CallFailed(action, "absent", kind, detail)
        is_answered = isinstance(status, int) and 400 <= status < 500
        is_lost = not is_answered and found.reason in ("unreachable", "malformed", "failed")
        return CallFailed(action, found.reason, kind, detail, is_lost=is_lost)
