"""Every code of the public interface: its group and its class. Codes are never reused.

`CODES` is the one list; the catalogue, the README and the contract tests are held against it.
"""

from dataclasses import dataclass
from typing import Literal

Group = Literal["call", "header", "token", "configuration", "browser", "signin", "oauth", "us"]
Kind = Literal["cause", "warning", "unknown"]


@dataclass(frozen=True)
class Code:
    """A root cause by name. `kind` is what it is when it is found (interface, section 4)."""

    name: str
    group: Group
    kind: Kind = "cause"


def _group(group: Group, names: str) -> list[Code]:
    kinds: dict[str, Kind] = {"(w)": "warning", "(u)": "unknown"}
    codes: list[Code] = []
    for word in names.split():
        if word in kinds:
            codes[-1] = Code(codes[-1].name, group, kinds[word])
        else:
            codes.append(Code(word, group))
    return codes


CODES: dict[str, Code] = {
    code.name: code
    for code in (
        *_group(
            "call",
            """route-not-matched wrong-stage custom-domain-mapping execute-api-disabled private-endpoint mutual-tls
            method-is-aws-iam identity-pool-role-denied lambda-authorizer authorizer-error http-api api-key-required
            throttled-by-gateway waf-block resource-policy-deny backend-answered""",
        ),
        *_group(
            "header",
            """header-not-sent header-name-mismatch header-malformed header-placeholder sigv4-header
            proxy-strips-authorization""",
        ),
        *_group(
            "token",
            """token-malformed refresh-token-sent opaque-token-sent token-expired token-not-yet-valid clock-skew (w)
            wrong-pool issuer-not-cognito issuer-updated (w) signature-invalid signing-key-unknown
            algorithm-not-allowed access-token-where-id-token-expected id-token-where-access-token-expected
            scope-not-in-token audience-regex-mismatch""",
        ),
        *_group(
            "configuration",
            """changes-not-deployed never-deployed canary-differs (w) authorizer-not-attached wrong-arn-format
            pool-not-found stage-variable-unset not-protected (w)""",
        ),
        *_group(
            "browser",
            """preflight-needs-no-auth preflight-missing preflight-broken cors-hides-401 cors-header-not-allowed
            cors-origin-mismatch cors-headers-missing""",
        ),
        *_group(
            "signin",
            """secret-hash-missing secret-hash-wrong secret-hash-superfluous auth-flow-not-enabled client-not-found
            challenge-not-completed mfa-code-wrong password-policy user-not-confirmed user-disabled
            password-reset-required temporary-password-expired wrong-credentials attempts-exceeded
            refresh-token-invalid session-expired trigger-refused token-revoked""",
        ),
        *_group(
            "oauth",
            """redirect-mismatch grant-not-enabled oauth-not-enabled scope-not-allowed openid-scope-missing
            client-secret-not-sent client-secret-superfluous client-id-mismatch client-credentials-refused
            auth-url-wrong token-url-wrong domain-missing login-page-unavailable token-endpoint-405
            token-request-malformed pkce-mismatch code-invalid id-token-not-selected secret-in-file (w)""",
        ),
        *_group(
            "us",
            """permission-missing (u) aws-credentials (u) aws-unreachable (u) throttled (u)
            answer-not-explained (u) keyring-unavailable (w)""",
        ),
    )
}
