"""Runs the reads that need AWS credentials."""

from collections.abc import Callable
from typing import Any

from cogwizard.aws import apigateway, apigatewayv2, cognito, logs, waf
from cogwizard.aws.errors import outcome
from cogwizard.aws.fields import required
from cogwizard.aws.session import Clients
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity


def _get_caller_identity(client: Any, _read: GetCallerIdentity) -> CallerIdentity:
    answer = client.get_caller_identity()
    return CallerIdentity(required(answer, "Account"), required(answer, "Arn"))


_READERS: dict[type[Read], Callable[[Any, Any], Any]] = {
    **apigateway.READERS,
    **apigatewayv2.READERS,
    **cognito.READERS,
    **logs.READERS,
    **waf.READERS,
    GetCallerIdentity: _get_caller_identity,
}


class AwsReader:
    """Runs one read at a time; may be used from several threads."""

    def __init__(self, clients: Clients) -> None:
        """Take the clients; nothing is read yet."""
        self._clients = clients

    def run(self, read: Read) -> Any:
        """Return the read's facts (its docstring names their type), or Absent, or Unread. Raises nothing."""
        reader = _READERS.get(type(read))
        region = getattr(read, "region", None)
        if reader is None or not region:
            return Unread(read, "not-asked", "no-region" if reader else "not-an-aws-read")
        try:
            return reader(self._clients.client(read.service, region), read)
        except Exception as error:
            urls = self._clients.private_urls()
            return outcome(read, error, self._clients.sign_in(), self._ca_bundle(), urls)

    def _ca_bundle(self) -> str:
        try:
            return self._clients.ca_bundle()
        except Exception:
            return ""
