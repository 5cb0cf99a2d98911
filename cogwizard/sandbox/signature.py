"""AWS Signature Version 4 of a request, computed anew from what was sent: as an emulator that checks it does."""

import hmac
import re
from urllib.parse import urlsplit

from cogwizard.sandbox.protocol import AwsError, Parsed, Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)"
    r"/aws4_request, SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


def check_signature(url: str, request: Request, parsed: Parsed, keys: tuple[str, str]) -> None:
    """Raise AwsError unless the request for an operation is signed with the keys.

    What needs no signature at AWS may be bare. `url`: the sandbox's endpoint. `keys`: the id and the secret.
    """
    found = _AUTHORIZATION.fullmatch(request.header("authorization") or "")
    if not found:
        if parsed.model.auth_type == "none" and request.header("authorization") is None:
            return
        raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
    if found["key"] != keys[0]:
        message = "The security token included in the request is invalid."
        raise AwsError("UnrecognizedClientException", message, 403)
    names = found["names"].split(";")
    if "host" not in names or not hmac.compare_digest(_expected(url, request, found, names, keys), found["signature"]):
        message = "The request signature we calculated does not match the signature you provided."
        raise AwsError("InvalidSignatureException", message, 403)


def _expected(url: str, request: Request, found: re.Match[str], names: list[str], keys: tuple[str, str]) -> str:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    signer = SigV4Auth(Credentials(*keys), found["service"], found["region"])
    parts = urlsplit(url)
    sent = AWSRequest(request.method, f"{parts.scheme}://{parts.netloc}{request.target}", data=request.body)
    for name in names:
        sent.headers[name] = request.header(name) or ""
    # Nothing is signed that was not said to be: botocore adds each header that it finds.
    sent.context["timestamp"] = request.header("x-amz-date") or ""
    canonical = signer.canonical_request(sent)
    return str(signer.signature(signer.string_to_sign(sent, canonical), sent))
