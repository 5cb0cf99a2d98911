"""boto3's HTTP through `exchange`: the same TLS, proxies and limits as for every other call. Retries stay botocore's.

botocore's own HTTP has a time-out for each single read, none for an answer that comes byte by byte, and no limit of
size; and its errors show the URLs of the endpoint and of the proxy, with their passwords.
"""

import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from botocore import exceptions as boto
from botocore.awsrequest import AWSResponse
from urllib3 import HTTPHeaderDict

from cogwizard.aws.errors import Failed
from cogwizard.aws.exchange import Headers, NotSendable, exchange, read_url
from cogwizard.aws.fields import Malformed
from cogwizard.aws.session import Settings

LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; API Gateway's own limit for definitions is 6 MB
_SPENT = "cogwizard-seconds"
_FINAL = frozenset({"InvalidProxy", "NotSendable"})  # trying again mends nothing


class _Body(BytesIO):
    """An answer's body as botocore reads it."""

    def stream(self) -> Iterator[bytes]:
        """Yield all of it."""
        yield self.read()


class Sender:
    """A handler of botocore's event before-send: answers each request itself."""

    def __init__(self, settings: Settings, ca_bundle: str) -> None:
        """Take the time-outs and the file of CA certificates."""
        self._settings = settings
        self._ca_bundle = ca_bundle

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        """Send a prepared request. All attempts of a call share 4 times the time-out.

        Raises botocore's errors where botocore tries again, else Failed; Malformed for an answer that is too large.
        """
        context = request.context if isinstance(request.context, dict) else {}
        budget = 4 * self._settings.timeout
        started = time.monotonic()
        try:
            reply = self._exchange(request, budget - context.get(_SPENT, 0.0))
        except NotSendable as error:
            raise Failed("NotSendable", str(error)) from None
        except Failed as error:
            context[_SPENT] = context.get(_SPENT, 0.0) + time.monotonic() - started
            if error.error in _FINAL or error.error.startswith("Certificate") or context[_SPENT] >= budget:
                raise
            raise _as_botocore(error) from None
        if len(reply.body) > LARGEST_ANSWER:
            raise Malformed(f"the answer is larger than {LARGEST_ANSWER // (1024 * 1024)} MiB")
        context[_SPENT] = context.get(_SPENT, 0.0) + time.monotonic() - started
        headers = cast(Any, HTTPHeaderDict(reply.headers))  # joins headers of one name
        return AWSResponse(request.url, reply.status, headers, _Body(reply.body))

    def _exchange(self, request: Any, seconds: float) -> Any:
        url = read_url(_without_user_info(request.url))
        headers: Headers = [(b"Host", url.authority.lower().encode()), (b"Accept-Encoding", b"identity")]
        headers += [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
        names = [name.lower() for name, _ in headers]
        headers = [item for at, item in enumerate(headers) if names[at] not in names[at + 1 :]]
        return exchange(
            request.method,
            url,
            headers,
            _bytes(request.body or b""),
            limit=LARGEST_ANSWER + 1,
            ca_bundle=self._ca_bundle,
            settings=self._settings,
            seconds=max(seconds, 0.01),
        )


def _as_botocore(error: Failed) -> Exception:
    """Return the failure as one that botocore knows to try again; it carries the failure itself."""
    name = error.error
    if name in ("NewConnectionError", "NameResolutionError"):
        return boto.EndpointConnectionError(endpoint_url="", error=error)
    if name == "ConnectTimeoutError":
        return boto.ConnectTimeoutError(endpoint_url="", error=error)
    if name == "TimeoutError":
        return boto.ReadTimeoutError(endpoint_url="", error=error)
    if name == "TlsFailed":
        return boto.SSLError(endpoint_url="", error=error)
    return boto.HTTPClientError(error=error)


def _without_user_info(url: str) -> str:
    # As urllib3's pools do: the user info of an endpoint is never sent.
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _bytes(value: str | bytes | bytearray) -> bytes:
    return value.encode("utf-8") if isinstance(value, str) else bytes(value)
