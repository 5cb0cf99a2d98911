"""Every failure becomes a fact or a reason, and nothing secret is in it."""

import inspect
import time

import boto3.exceptions
import botocore.exceptions as boto
import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError

from cogwizard.aws.errors import outcome, safe
from cogwizard.aws.fields import Malformed
from cogwizard.aws.session import SetupError
from cogwizard.model.read import Absent, Unread
from cogwizard.model.read_api import GetStages

READ = GetStages("eu-west-1", "abc123")
SIGN_IN = "Run: aws sso login --profile X"


def answered(code: str, message: str = "text", status: int = 400, operation: str = "GetStages") -> Absent | Unread:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return outcome(READ, ClientError(response, operation), SIGN_IN, "/ca.pem")  # type: ignore[arg-type]


def raised(error: BaseException) -> Unread:
    found = outcome(READ, error, SIGN_IN, "/ca.pem")
    assert isinstance(found, Unread)
    return found


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AccessDenied", "denied"),
        ("AccessDeniedException", "denied"),
        ("UnauthorizedOperation", "denied"),
        ("UnauthorizedException", "denied"),
        ("ForbiddenException", "denied"),
        ("ExpiredToken", "credentials"),
        ("ExpiredTokenException", "credentials"),
        ("InvalidClientTokenId", "credentials"),
        ("UnrecognizedClientException", "credentials"),
        ("SignatureDoesNotMatch", "credentials"),
        ("InvalidSignatureException", "credentials"),
        ("RequestExpired", "credentials"),
        ("TooManyRequestsException", "throttled"),
        ("ThrottlingException", "throttled"),
        ("Throttling", "throttled"),
        ("LimitExceededException", "throttled"),
        ("BadRequestException", "failed"),
        ("InternalFailure", "failed"),
        ("500", "failed"),
        ("404", "failed"),
    ],
)
def test_error_codes(code: str, reason: str) -> None:
    found = answered(code)
    assert isinstance(found, Unread)
    assert (found.read, found.reason, found.error) == (READ, reason, code)
    assert (SIGN_IN in found.detail) == (reason == "credentials")


@pytest.mark.parametrize("code", ["NotFoundException", "ResourceNotFoundException"])
def test_absence_is_a_fact(code: str) -> None:
    assert answered(code, "Invalid API id", 404) == Absent(READ, code, "Invalid API id")


def test_status_429_is_throttling_whatever_its_code() -> None:
    found = answered("Unknown", status=429)
    assert isinstance(found, Unread)
    assert found.reason == "throttled"


def test_a_clock_that_is_wrong_is_named() -> None:
    found = answered("InvalidSignatureException", "Signature expired: 1 is now earlier than 2")
    assert isinstance(found, Unread)
    assert "clock" in found.detail


@pytest.mark.parametrize("code", ["AccessDenied", "NotFoundException", "ForbiddenException"])
def test_a_call_on_the_way_to_credentials_is_no_fact_about_the_read(code: str) -> None:
    found = answered(code, "not yours", operation="AssumeRole")
    assert isinstance(found, Unread)
    assert found.reason == "credentials"
    assert "AssumeRole" in found.detail


@pytest.mark.parametrize(
    "error",
    [
        boto.NoCredentialsError(),
        boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        boto.UnauthorizedSSOTokenError(),
        boto.SSOTokenLoadError(error_msg="x"),
        boto.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"),
        boto.CredentialRetrievalError(provider="custom-process", error_msg="exit 1"),
        boto.LoginRefreshRequired(),
        boto.ProfileNotFound(profile="x"),
    ],
)
def test_credentials_say_the_command(error: Exception) -> None:
    found = raised(error)
    assert (found.reason, found.error) == ("credentials", type(error).__name__)
    assert found.detail.endswith(SIGN_IN)


URL = "https://apigateway.eu-west-1.amazonaws.com/restapis"


@pytest.mark.parametrize(
    "error",
    [
        boto.EndpointConnectionError(endpoint_url=URL, error="x"),
        boto.ConnectTimeoutError(endpoint_url=URL, error="x"),
        boto.ReadTimeoutError(endpoint_url=URL, error="x"),
        boto.ConnectionClosedError(endpoint_url=URL, error="x", request=None),
        boto.ProxyConnectionError(proxy_url="http://proxy:3128", error="x"),
        boto.ResponseStreamingError(error="x"),
    ],
)
def test_no_connection_is_unreachable(error: Exception) -> None:
    assert raised(error).reason == "unreachable"


def test_tls_names_the_bundle_and_never_advises_to_switch_it_off() -> None:
    found = raised(boto.SSLError(endpoint_url=URL, error=ValueError("CERTIFICATE_VERIFY_FAILED")))
    assert found.reason == "unreachable"
    assert "apigateway.eu-west-1.amazonaws.com" in found.detail
    assert "/ca.pem" in found.detail
    assert "AWS_CA_BUNDLE" in found.detail
    assert not {"verify=False", "--no-verify-ssl", "insecure", "disable"} & set(found.detail.lower().split())


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Malformed("items is no list"), "malformed"),
        (ResponseParserError("Unable to parse response"), "malformed"),
        (AttributeError("'list' object has no attribute 'get'"), "malformed"),
        (KeyError("x"), "malformed"),
        (ValueError("invalid literal for int()"), "malformed"),
        (boto.ParamValidationError(report="Invalid length"), "failed"),
        (boto.InvalidRegionError(region_name="a b"), "failed"),
        (SetupError("invalid-endpoint", {}), "failed"),
        (RuntimeError("boom"), "failed"),
        (boto3.exceptions.Boto3Error("x"), "failed"),
    ],
)
def test_other_errors(error: Exception, reason: str) -> None:
    assert raised(error).reason == reason


def test_every_class_of_botocore_has_an_outcome() -> None:
    found = set()
    for name, kind in inspect.getmembers(boto, inspect.isclass):
        if issubclass(kind, Exception) and kind.__module__ == boto.__name__:
            try:
                error = kind.__new__(kind)
                Exception.__init__(error, "text")
            except TypeError:
                continue
            assert raised(error).error == name
            found.add(raised(error).reason)
    assert found == {"credentials", "unreachable", "failed"}


SECRETS = (
    "http://user:pa@ss@proxy:3128",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "ASIAEXAMPLEEXAMPLE12",
    "arn:aws:sts::123456789012:assumed-role/r/s",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_secret_is_shown(secret: str) -> None:
    proxy = boto.HTTPClientError(error=f"Failed to parse: {secret}")
    for found in (answered("AccessDenied", f"User: {secret} is not"), answered(secret), raised(proxy)):
        shown = repr(found)
        for part in ("user:pa", "ss@", "eyJhbG", "ASIAEX", "123456789012"):
            assert part not in shown


LEAKY = "http://pu:CANARY#P@host"


@pytest.mark.parametrize(
    "error",
    [
        boto.HTTPClientError(error=LocationParseError("pu:CANARY")),
        boto.ProxyConnectionError(proxy_url=LEAKY, error="x"),
        boto.InvalidProxiesConfigError(error=LocationParseError("pu:CANARY")),
        boto.EndpointConnectionError(endpoint_url="http://u:CA CANARY@h", error="CANARY"),
        boto.ConnectTimeoutError(endpoint_url="http://h?k=CANARY", error="CANARY"),
        boto.SSLError(endpoint_url="http://h?k=CANARY", error=ValueError("CANARY")),
        boto.ConnectionClosedError(endpoint_url=LEAKY, error="CANARY", request=None),
    ],
)
def test_no_url_of_botocores_errors_is_shown(error: Exception) -> None:
    found = raised(error)
    assert found.reason == "unreachable"
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize("url", [LEAKY, "http:pu:CANARY@h", "pu:CANARY@h:1", "http://h/?k=CANARY", "//u:CAN%41RY@h"])
def test_configured_urls_are_taken_out_of_every_text(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"a {url} b", f"a {url.partition('//')[2] or url}/ b", "a 'pu:CANARY' b", "a CANARY b"]
    for text in texts:
        shown = safe(text, [url])
        assert "CAN" not in shown
        assert (shown[0], shown[-1]) == ("a", "b")
    monkeypatch.setenv("HTTPS_PROXY", url)
    assert [safe(text) for text in texts] == [safe(text, [url]) for text in texts]
    monkeypatch.delenv("HTTPS_PROXY")
    assert safe("a CANARY b") == "a CANARY b"


def test_a_url_without_a_secret_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert safe("no route to http://proxy:3128 today") == "no route to http://proxy:3128 today"


@pytest.mark.parametrize("piece", ["//", "//a", "http:", "a@", "// "])
def test_long_text_takes_no_long_time(piece: str) -> None:
    start = time.process_time()
    shown = safe(piece * 1_000_000)
    assert time.process_time() - start < 1.0
    assert len(shown) < 700


def test_a_token_is_not_cut_in_half() -> None:
    assert "eyJ" not in safe("x" * 1995 + " eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln" * 9)
    assert "eyJ" not in safe(f"token eyJhbGciOiJSUzI1NiJ9.{'a' * 1950} {LEAKY.replace('#P', 'x' * 99)}")


def test_a_wrong_signature_shows_no_canonical_request() -> None:
    found = answered("InvalidSignatureException", "does not match.\n\nx-amz-security-token:IQoJb3JpZ2lu")
    assert "IQoJb3" not in repr(found)


def test_a_role_of_an_sso_user_stays_readable() -> None:
    text = "User: arn:aws:sts::123456789012:assumed-role/R/a@example.org is not authorized to perform: apigateway:GET"
    assert safe(text) == text.replace("12345678", "********")


@settings(derandomize=True, deadline=None)
@given(st.dictionaries(st.sampled_from(["Error", "ResponseMetadata"]), st.none() | st.integers() | st.dictionaries(
    st.sampled_from(["Code", "Message", "HTTPStatusCode"]), st.none() | st.integers() | st.text() | st.lists(st.text())
)))  # fmt: skip
def test_any_error_response(response: object) -> None:
    error = ClientError({}, "GetStages")
    error.response = response  # type: ignore[assignment]
    assert isinstance(outcome(READ, error), Unread | Absent)
