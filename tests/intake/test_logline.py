"""Lines of API Gateway's logs: what they say, whatever the access log's format is, and hostile ones."""

import pytest

from cogwizard.gateway import REFUSALS, gate_of
from cogwizard.intake.logline import _EXECUTION, _TYPES, read_access, read_execution, split

RID = "528f3782-6bf1-4105-afdc-25510ef9e521"
CLF = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]"
    '"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength '
    "$context.requestId $context.error.responseType"
)


@pytest.mark.parametrize(
    ("line", "says", "gate", "code"),
    [
        (f"({RID}) Extended Request Id: abc=", None, None, None),
        (f"({RID}) Starting authorizer: 0xo4g5 for request: {RID}", "asked", None, None),
        (f"({RID}) Unauthorized request: {RID}", "refused", "authorizer", None),
        (f"({RID}) The incoming token has expired", "expired", "authorizer", "token-expired"),
        (f"({RID}) Successfully completed authorizer execution", "accepted", None, None),
        (f"({RID}) The client is not authorized to perform this operation.", "not-allowed", None, None),
        (f"({RID}) Verifying Usage Plan for request: {RID}. API Key:  API Stage: a/prod", "usage-plan", None, None),
        (f"({RID}) API Key authorized because method 'GET /' does not require API Key.", "key-passed", None, None),
        (
            f"({RID}) API Key ********************abc123 not authorized because method 'GET /' requires API Key",
            "key-refused",
            "api-key",
            "api-key-required",
        ),
        (
            "Access denied. Reason: Could not find issuer for certificate",
            "certificate",
            "endpoint",
            "mutual-tls",
        ),
    ],
)
def test_execution_log(line: str, says: str | None, gate: str | None, code: str | None) -> None:
    found = read_execution(line)
    assert (found and (found.says, found.gate, found.code)) == (says and (says, gate, code))


def test_what_a_line_proves_is_a_cause_of_that_gate() -> None:
    for found in (*(item for _, item in _EXECUTION), *_TYPES.values()):
        if found.code is not None:
            assert found.code in REFUSALS
            assert gate_of(found.code) == found.gate


@pytest.mark.parametrize(
    ("format_", "line"),
    [
        (
            '{"id":"$context.requestId","type":"$context.error.responseType","s":"$context.status"}',
            f'{{"id":"{RID}","type":"INVALID_API_KEY","s":"403"}}',
        ),
        ("$context.requestId,$context.error.responseType,$context.status", f"{RID},INVALID_API_KEY,403"),
        ("$context.requestId\t$context.error.responseType", f"{RID}\\x09INVALID_API_KEY"),
        (CLF, f'203.0.113.1 - - [15/Jan/2026:09:00:00 +0000]"GET /orders HTTP/1.1" 403 23 {RID} INVALID_API_KEY'),
        (
            "<log><id>$context.requestId</id><t>$context.error.responseType</t></log>",
            f"<log><id>{RID}</id><t>INVALID_API_KEY</t></log>",
        ),
    ],
)
def test_access_log_in_any_format(format_: str, line: str) -> None:
    assert split(line, format_)["$context.requestId"] == RID
    found = read_access(line, format_)
    assert found is not None
    assert (found.gate, found.code) == ("api-key", "api-key-required")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("$context.error.message", "The incoming token has expired", "token-expired"),
        ("$context.authorizer.error", "The incoming token has expired", "token-expired"),
        ("$context.wafResponseCode", "WAF_BLOCK", "waf-block"),
        ("$context.wafResponseCode", "WAF_ALLOW", None),
        ("$context.error.responseType", "QUOTA_EXCEEDED", "throttled-by-gateway"),
        ("$context.error.responseType", "-", None),
        ("$context.status", "403", None),
    ],
)
def test_the_variables_that_tell(name: str, value: str, code: str | None) -> None:
    found = read_access(f"{RID} {value}", f"$context.requestId {name}")
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("format_", "line"),
    [
        ("$context.requestId $context.status", "one"),  # written by another format
        ("$context.requestId$context.status", "a403"),  # nobody can tell where one ends
        ("", "anything"),
        ("no variable", "something else"),
        ("id=$context.requestId", "rid=x"),
    ],
)
def test_a_line_of_another_format_says_nothing(format_: str, line: str) -> None:
    assert read_access(line, format_) is None
    assert not split(line, format_)


def test_a_hostile_line_says_nothing() -> None:
    for line in ("API Key " * 1000, "API Key" + " " * 8000, "$context." * 900, '","' * 2700):
        assert read_execution(line) is None
        read_access(line, '"$context.requestId","$context.error.message","$context.error.responseType","' * 20)
