"""The error texts that people meet, and the findings that produce each: the research on AWS's behaviour as a table.

Sections are the research's; [D] documented, [V] recorded, [R] reported, [R*] common knowledge without a source, [U] not
known. The first row that matches counts, so the narrower text stands before the wider one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`type`: AWS's error type, or OAuth's error; "" for any. `needles`: lower-cased, all must be in the text.

    A row whose type is known but not in the text still matches by its needles when the text names no type at all.
    """

    family: str
    type: str
    needles: tuple[str, ...]
    codes: tuple[str, ...]


def _rows(family: str, *lines: tuple[str, str, str]) -> tuple[Row, ...]:
    return tuple(
        Row(family, kind, tuple(part for part in needles.split(" & ") if part), tuple(codes.split()))
        for kind, needles, codes in lines
    )


_CORS = _rows(
    "cors-error",
    # 5 [D] AG-CORS: the identity source's header must be among those allowed. Texts of Chrome, Firefox, Safari [R*].
    ("", "request header field & is not allowed by access-control-allow-headers", "cors-header-not-allowed"),
    ("", "is not allowed according to header 'access-control-allow-headers'", "cors-header-not-allowed"),
    ("", "missing token & in cors header 'access-control-allow-headers'", "cors-header-not-allowed"),
    ("", "is not allowed by access-control-allow-methods", "preflight-broken"),
    # 5 [D] AG-CORS, [R] AMP-1654: an authorizer or an API key on OPTIONS
    ("", "preflight & status code 401", "preflight-needs-no-auth"),
    ("", "preflight & invalid http status code 401", "preflight-needs-no-auth"),
    ("", "preflight & status code: 401", "preflight-needs-no-auth"),
    # 5 [D] by routing, cases.md: no OPTIONS method, or one that wants an API key
    ("", "preflight & status code 403", "preflight-missing preflight-needs-no-auth"),
    ("", "preflight & status code: 403", "preflight-missing preflight-needs-no-auth"),
    ("", "preflight & redirect is not allowed", "preflight-broken"),
    ("", "preflight & does not have http ok status", "preflight-needs-no-auth preflight-missing preflight-broken"),
    ("", "cors preflight response did not succeed", "preflight-needs-no-auth preflight-missing preflight-broken"),
    ("", "preflight response is not successful", "preflight-needs-no-auth preflight-missing preflight-broken"),
    (
        "",
        "response for preflight has invalid http status",
        "preflight-needs-no-auth preflight-missing preflight-broken",
    ),
    ("", "access-control-allow-origin' header & not equal to the supplied origin", "cors-origin-mismatch"),
    ("", "access-control-allow-origin' header & contains multiple values", "cors-origin-mismatch"),
    ("", "access-control-allow-origin' header & wildcard '*'", "cors-origin-mismatch"),
    ("", "cors header 'access-control-allow-origin' does not match", "cors-origin-mismatch"),
    ("", "multiple cors header 'access-control-allow-origin' not allowed", "cors-origin-mismatch"),
    (
        "",
        "is not allowed by access-control-allow-origin & status code: 200",
        "cors-headers-missing cors-origin-mismatch",
    ),
    ("", "is not allowed by access-control-allow-origin", "cors-hides-401 cors-headers-missing cors-origin-mismatch"),
    ("", "response to preflight request doesn't pass", "preflight-missing preflight-needs-no-auth preflight-broken"),
    # 5 [R] SLS-3191, AMP-8152, EFCMS-1063: answers of the gateway itself carry no CORS headers
    ("", "access-control-allow-origin & status code 401", "cors-hides-401"),
    ("", "access-control-allow-origin & status code: 401", "cors-hides-401"),
    ("", "access-control-allow-origin & err_failed 401", "cors-hides-401"),
    ("", "access-control-allow-origin & err_failed 200", "cors-headers-missing"),
    ("", "no 'access-control-allow-origin' header is present", "cors-hides-401 cors-headers-missing"),
    ("", "cors header 'access-control-allow-origin' missing", "cors-hides-401 cors-headers-missing"),
    ("", "blocked by cors policy", "cors-hides-401 cors-headers-missing preflight-missing"),
    ("", "cross-origin request blocked", "cors-hides-401 cors-headers-missing preflight-missing"),
    ("", "cors error", "cors-hides-401 cors-headers-missing preflight-needs-no-auth"),
)

_COGNITO = _rows(
    "cognito-error",
    # 7.2, in its order; all HTTP 400 with `__type`
    ("NotAuthorizedException", "secret_hash was not received", "secret-hash-missing"),  # [R]
    ("NotAuthorizedException", "is configured for secret but secret was not received", "secret-hash-missing"),  # [R]
    ("NotAuthorizedException", "is not configured for secret", "secret-hash-superfluous"),  # [R]
    ("NotAuthorizedException", "unable to verify secret hash", "secret-hash-wrong secret-hash-missing"),  # [R] AMP-277
    # GetTokensFromRefreshToken takes the secret itself: its text is a guess after the one before [E]
    ("NotAuthorizedException", "unable to verify secret for client", "secret-hash-wrong secret-hash-missing"),
    ("NotAuthorizedException", "temporary password has expired", "temporary-password-expired"),  # [R]
    # [R] AMP-9399, JSSDK-4642: with existence errors prevented other states hide behind it
    ("NotAuthorizedException", "incorrect username or password", "wrong-credentials attempts-exceeded user-disabled"),
    ("UserNotFoundException", "", "wrong-credentials"),  # [D]
    ("UserNotFoundException", "user does not exist", "wrong-credentials"),  # [R]
    ("NotAuthorizedException", "password attempts exceeded", "attempts-exceeded"),  # [R] CIJ-257
    ("NotAuthorizedException", "user is disabled", "user-disabled"),  # [R] CIJ-373
    ("UserNotConfirmedException", "", "user-not-confirmed"),  # [R] JSSDK-4608
    ("UserNotConfirmedException", "user is not confirmed", "user-not-confirmed"),
    ("PasswordResetRequiredException", "", "password-reset-required"),  # [R]
    ("PasswordResetRequiredException", "password reset required for the user", "password-reset-required"),
    ("InvalidParameterException", "flow not enabled for this client", "auth-flow-not-enabled"),  # [R]
    ("InvalidParameterException", "is not enabled for the client", "auth-flow-not-enabled"),  # [R]
    ("InvalidParameterException", "initiate auth method not supported", "auth-flow-not-enabled"),  # [V] MOTO-4836
    ("InvalidParameterException", "missing required parameter session", "challenge-not-completed"),  # [E]
    ("InvalidParameterException", "missing required parameter", ""),  # [R]: the call, not a set-up, is wrong
    ("InvalidParameterException", "validation error & at 'clientid'", "client-not-found"),  # [R]
    ("InvalidParameterException", "validation error detected", ""),  # [R]
    ("ResourceNotFoundException", "user pool client & does not exist", "client-not-found"),  # [R]
    ("ResourceNotFoundException", "user pool & does not exist", "pool-not-found"),  # 1.4, text [E] MOTO
    ("NotAuthorizedException", "invalid refresh token", "refresh-token-invalid"),  # [R] SDKCPP-851
    ("NotAuthorizedException", "refresh token has been revoked", "token-revoked refresh-token-invalid"),  # [R]
    ("NotAuthorizedException", "refresh token has expired", "refresh-token-invalid"),  # [R*]
    ("RefreshTokenReuseException", "", "refresh-token-invalid"),  # 6.3 [D]
    ("NotAuthorizedException", "invalid session for the user", "session-expired"),  # [R]
    ("NotAuthorizedException", "access token has been revoked", "token-revoked"),  # [R], 1.6
    ("NotAuthorizedException", "access token has expired", "token-expired"),  # [R]
    ("NotAuthorizedException", "access token does not have required scopes", "scope-not-in-token"),  # [R] AMP-1906
    # [R*]: garbage, or an ID token where GetUser wants an access token
    ("NotAuthorizedException", "invalid access token", "token-malformed id-token-where-access-token-expected"),
    ("CodeMismatchException", "", "mfa-code-wrong"),  # [R]
    ("CodeMismatchException", "invalid code received for user", "mfa-code-wrong"),
    ("CodeMismatchException", "invalid verification code provided", "mfa-code-wrong"),
    ("ExpiredCodeException", "", "mfa-code-wrong"),  # [R]
    ("ExpiredCodeException", "software token has already been used once", "mfa-code-wrong"),
    ("EnableSoftwareTokenMFAException", "", "mfa-code-wrong"),  # [D]: "there is a code mismatch"
    ("InvalidPasswordException", "", "password-policy"),  # [R*]
    ("PasswordHistoryPolicyViolationException", "", "password-policy"),  # [D]
    ("InvalidPasswordException", "password did not conform with policy", "password-policy"),
    ("LimitExceededException", "attempt limit exceeded", "attempts-exceeded"),  # [R]
    ("UserLambdaValidationException", "", "trigger-refused"),  # [D]
    ("UnexpectedLambdaException", "", "trigger-refused"),  # [D]
    ("InvalidLambdaResponseException", "", "trigger-refused"),  # [D]
    ("UserLambdaValidationException", "authentication failed with error", "trigger-refused"),  # [R]
    ("UserLambdaValidationException", "tokengeneration failed with error", "trigger-refused"),
    ("UnsupportedOperationException", "", ""),  # [D]: tier, MFA or SMS set-up
    ("InvalidUserPoolConfigurationException", "", ""),  # [D]
    # 7.3 [D]: a challenge is an answer, not an error, but there is no token in it
    ("", "challengename & session", "challenge-not-completed"),
)

_OAUTH = _rows(
    "oauth-error",
    # 6.5 and 6.6. The error page of /oauth2/authorize:
    ("redirect_mismatch", "", "redirect-mismatch"),  # [R]
    ("", "redirect_mismatch", "redirect-mismatch"),  # [R]
    ("", "login pages unavailable", "login-page-unavailable"),  # [D] cause, [R] text
    ("invalid_request", "code_verifier", "pkce-mismatch token-request-malformed"),  # [D] CG-TOKEN
    ("invalid_request", "code_challenge", "pkce-mismatch"),  # [D] CG-AUTHZ
    ("invalid_request", "response_type", "auth-url-wrong"),  # [D] CG-AUTHZ
    ("invalid_request", "invalid_scope", "scope-not-allowed"),  # [R]: how the authorize endpoint words it in practice
    ("invalid_request", "failed with error", "trigger-refused"),  # [R*]
    # 6.5 [D]: an external identity provider failed
    ("invalid_request", "idp token endpoint", ""),
    ("invalid_request", "error getting token", ""),
    ("invalid_request", "connection reset", ""),
    ("invalid_request", "read timed out", ""),
    ("invalid_request", "", "token-request-malformed pkce-mismatch auth-url-wrong"),  # [D], AUTHJS-52
    ("invalid_client_secret", "", "client-credentials-refused client-secret-not-sent"),  # [R*]
    # [D]: secret wrong or missing, sent for a public client, unknown id, stale after rotation
    (
        "invalid_client",
        "",
        "client-secret-not-sent client-secret-superfluous client-credentials-refused client-id-mismatch",
    ),
    ("invalid_grant", "refresh", "refresh-token-invalid"),  # [D]
    ("invalid_grant", "verifier", "pkce-mismatch code-invalid"),  # [D]
    ("invalid_grant", "", "code-invalid refresh-token-invalid pkce-mismatch client-id-mismatch"),  # [D]
    # [R]: the flag is off, or the callback URL differs (letter case, trailing slash)
    ("", "client is not enabled for oauth2.0 flows", "oauth-not-enabled redirect-mismatch grant-not-enabled"),
    # [D] for both endpoints; at the token endpoint also a redirect_uri that differs [R] SO-50264679
    ("unauthorized_client", "", "grant-not-enabled oauth-not-enabled redirect-mismatch"),
    ("unsupported_grant_type", "", "token-request-malformed"),  # [D]
    ("unsupported_token_type", "", "token-request-malformed"),  # [D] CG-REVEP
    ("invalid_scope", "", "scope-not-allowed"),  # [D] authorize, [R] token
    ("invalid_token", "www-authenticate", "http-api"),  # 2.3 [D] AG-JWTTS
    ("invalid_token", "apigw-requestid", "http-api"),  # 2.3 [D]
    ("invalid_token", "", "token-expired token-revoked"),  # 6.6 userInfo [D]
    ("", "access token is expired, disabled, or deleted", "token-expired token-revoked"),  # 6.6 [D] CG-USERINFO
    ("login_required", "", ""),  # [D]: prompt=none without a session
    ("server_error", "", ""),  # [D]: Cognito's side
    ("access_denied", "", ""),  # [R*]: the user or the identity provider said no
    ("", "405 & oauth2/token", "token-endpoint-405 token-url-wrong"),  # [V] AUTHJS-52
    ("", "405 method not allowed", "token-endpoint-405"),  # [V] AUTHJS-52
)

_OURS = _rows(
    "credentials-error",
    # 10: a read that IAM refused
    ("", "is not authorized to perform: apigateway:", "permission-missing"),
    ("", "is not authorized to perform: cognito-idp:", "permission-missing"),
    ("", "is not authorized to perform: logs:", "permission-missing"),
    ("", "is not authorized to perform: sts:", "permission-missing"),
    # The AWS CLI's and botocore's texts [R*]
    ("", "unable to locate credentials", "aws-credentials"),
    ("", "could not load credentials from any providers", "aws-credentials"),
    ("", "the config profile & could not be found", "aws-credentials"),
    ("", "sso session associated with this profile has expired", "aws-credentials"),
    ("", "error loading sso token", "aws-credentials"),
    ("", "token has expired and refresh failed", "aws-credentials"),
    ("", "partial credentials found", "aws-credentials"),
    ("", "signature expired & when calling the", "clock-skew aws-credentials"),  # cases.md
    ("", "security token included in the request & when calling the", "aws-credentials"),
    ("", "(expiredtoken", "aws-credentials"),
    ("", "(invalidclienttokenid)", "aws-credentials"),
    ("", "(unrecognizedclientexception)", "aws-credentials"),
    ("", "(signaturedoesnotmatch)", "aws-credentials"),
    ("", "(requestexpired)", "aws-credentials"),
    ("", "you must specify a region", "aws-credentials"),
    ("ThrottlingException", "", "throttled"),  # 4.3 [D]
    ("", "when calling the & rate exceeded", "throttled"),
    ("", "(toomanyrequestsexception) when calling the", "throttled"),  # 4.3 [D]
    ("", "(limitexceededexception) when calling the", "throttled"),
)

_NETWORK = _rows(
    "network-error",
    # 6.4: no domain, no name. F23 [U], KC-VPC [D]: a private API's name resolves inside its network only.
    ("", "amazoncognito.com & could not resolve host", "domain-missing aws-unreachable"),
    ("", "amazoncognito.com & enotfound", "domain-missing aws-unreachable"),
    ("", "amazoncognito.com & name or service not known", "domain-missing aws-unreachable"),
    ("", "amazoncognito.com & err_name_not_resolved", "domain-missing aws-unreachable"),
    ("", "execute-api & could not resolve host", "private-endpoint aws-unreachable"),
    ("", "execute-api & enotfound", "private-endpoint aws-unreachable"),
    ("", "execute-api & name or service not known", "private-endpoint aws-unreachable"),
    ("", "execute-api & nodename nor servname provided", "private-endpoint aws-unreachable"),
    ("", "execute-api & err_name_not_resolved", "private-endpoint aws-unreachable"),
    # F20 [D]: mutual TLS, where the connection is reset instead of answered
    ("", "alert certificate required", "mutual-tls aws-unreachable"),
    ("", "alert bad certificate", "mutual-tls aws-unreachable"),
    ("", "could not find issuer for certificate", "mutual-tls"),
    # curl, OpenSSL, Python, Node, browsers [R*]
    *(
        ("", needle, "aws-unreachable")
        for needle in (
            "could not resolve host",
            "could not resolve proxy",
            "could not connect to the endpoint url",
            "connect timeout on endpoint url",
            "read timeout on endpoint url",
            "failed to connect to",
            "failed to resolve",
            "failed to establish a new connection",
            "connection refused",
            "connection timed out",
            "connection was closed before we received a valid response",
            "connection reset by peer",
            "operation timed out",
            "name or service not known",
            "nodename nor servname provided",
            "temporary failure in name resolution",
            "getaddrinfo failed",
            "enotfound",
            "eai_again",
            "econnrefused",
            "econnreset",
            "etimedout",
            "err_name_not_resolved",
            "err_connection_",
            "err_proxy_connection_failed",
            "err_tunnel_connection_failed",
            "err_cert_",
            "proxyerror",
            "proxy authentication required",
            "from proxy after connect",
            "connect tunnel failed",
            "ssl certificate problem",
            "ssl validation failed",
            "certificate_verify_failed",
            "certificate verify failed",
            "unable to get local issuer certificate",
            "unable_to_verify_leaf_signature",
            "unable to verify the first certificate",
            "self-signed certificate",
            "self signed certificate",
            "self_signed_cert",
            "ssl_error_",
            "ssl_connect",
            "wrong version number",
            "tlsv1 alert",
            "sslv3 alert handshake failure",
        )
    ),
    # 5 [R]: all that a script in a browser learns of an answer without CORS headers
    *(
        ("", needle, "cors-hides-401 cors-headers-missing preflight-missing aws-unreachable")
        for needle in (
            "axioserror: network error",
            "error: network error",
            "err_network",
            "typeerror: failed to fetch",
            "typeerror: load failed",
            "networkerror when attempting to fetch resource",
        )
    ),
)

# 7.2: AWS WAF on the pool [D]; the quota [D]. Cognito's operations only: API Gateway has types of the same names.
_SHARED = _rows(
    "cognito-error",
    ("", "request not allowed due to waf block", "waf-block"),
    ("ForbiddenException", "auth operation", "waf-block"),
    ("TooManyRequestsException", "__type", "throttled"),
    ("ForbiddenException", "__type", "waf-block"),
)

ROWS: tuple[Row, ...] = (*_CORS, *_OURS, *_SHARED, *_COGNITO, *_OAUTH, *_NETWORK)
