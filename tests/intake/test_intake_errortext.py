"""One row per error text of the research, sections 2, 5, 6 and 7, and of the network between."""

import pytest

from cogwizard.gateway import REFUSALS
from cogwizard.intake.errortable import ROWS
from cogwizard.intake.errortext import read_error
from cogwizard.model.code import CODES

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/x"
CLI = "An error occurred ({}) when calling the {} operation: {}"
PREFLIGHT = f"Access to fetch at '{API}' from origin 'https://app.example' has been blocked by CORS policy: "
FIREFOX = f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. "


@pytest.mark.parametrize(
    ("text", "code", "read_as"),
    [
        # 2.2, API Gateway
        ('{"message":"The incoming token has expired"}', "token-expired", "gateway-message"),
        ('{"message":"Unauthorized"}', "access-token-where-id-token-expected", "gateway-message"),
        ("{'message': 'Unauthorized'}", "access-token-where-id-token-expected", "gateway-message"),
        ("{ message: 'Unauthorized' }", "access-token-where-id-token-expected", "gateway-message"),
        ('"{\\"message\\":\\"Unauthorized\\"}"', "access-token-where-id-token-expected", "gateway-message"),
        ('Status: 401 Unauthorized Time: 120 ms\n{\n    "message": "Unauthorized"\n}',
         "access-token-where-id-token-expected", "gateway-message"),
        ("Error: The incoming token has expired\n    at async f (x.js:1)", "token-expired", "gateway-message"),
        ('{"Message":"User is not authorized to access this resource with an explicit deny"}', "lambda-authorizer",
         "gateway-message"),
        ('{"Message":"User is not authorized to access this resource"}', "lambda-authorizer", "gateway-message"),
        ('{"message":null}', "authorizer-error", "gateway-message"),
        ('{"message":"Missing Authentication Token"}', "route-not-matched", "gateway-message"),
        ("{\"message\":\"'eyJx.y.z' not a valid key=value pair (missing equal-sign) in Authorization header: "
         "'Bearer eyJx.y.z'.\"}", "route-not-matched", "gateway-message"),
        ("Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
         "Base64): 'abc='.", "route-not-matched", "gateway-message"),
        ("{\"message\":\"Authorization header requires 'Credential' parameter. Authorization header requires "
         "'Signature' "
         "parameter. Authorization=eyJ\"}", "route-not-matched", "gateway-message"),
        ('{"message":"The security token included in the request is invalid."}', "method-is-aws-iam",
         "gateway-message"),
        ('{"message":"The request signature we calculated does not match the signature you provided"}',
         "method-is-aws-iam", "gateway-message"),
        ('{"message":"Signature expired: 2026 is now earlier"}', "method-is-aws-iam", "gateway-message"),
        ('{"message":"Forbidden"}', "api-key-required", "gateway-message"),
        ('{"message":"Invalid API Key identifier specified"}', "api-key-required", "gateway-message"),
        ('{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: '
         'arn:aws:execute-api:eu-west-1:********1234:abc/prod/GET/x with an explicit deny"}', "resource-policy-deny",
         "gateway-message"),
        ("Exception: User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:x because no "
         "resource-based policy allows the execute-api:Invoke action", "resource-policy-deny", "gateway-message"),
        ("User: arn:aws:sts::********1234:assumed-role/Cognito_Auth/CognitoIdentityCredentials is not authorized to "
         "perform: execute-api:Invoke on resource: arn:x", "identity-pool-role-denied", "gateway-message"),
        ('{"message":"Too Many Requests"}', "throttled-by-gateway", "gateway-message"),
        ('{"message":"Limit Exceeded"}', "throttled-by-gateway", "gateway-message"),
        ("x-amzn-errortype: ForbiddenException", "api-key-required", "gateway-message"),
        ("x-amzn-ErrorType: WafFilteredException", "waf-block", "gateway-message"),
        ("HTTP/2 401 \nx-amzn-errortype: UnauthorizedException\n\n{\"message\":\"Unauthorized\"}",
         "access-token-where-id-token-expected", "http-response"),
        ("HTTP/2 401 \nx-amzn-requestid: 1\nwww-authenticate: Basic\n\nno", "backend-answered", "http-response"),
        ("HTTP/1.1 401 Unauthorized\nwww-authenticate: Bearer scope=\"\" "
         "error=\"invalid_token\"\napigw-requestid: 1\n\n"
         '{"message":"Unauthorized"}', "http-api", "http-response"),
        ("www-authenticate: Bearer scope=\"\" error=\"invalid_token\" error_description=\"x\"", "http-api",
         "oauth-error"),
        ("HTTP/1.1 401 Unauthorized", "access-token-where-id-token-expected", "http-response"),
        ("requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: " + API,
         "access-token-where-id-token-expected", "http-status"),
        ("AxiosError: Request failed with status code 401", "access-token-where-id-token-expected", "http-status"),
        ("The remote server returned an error: (403) Forbidden.", "api-key-required", "http-status"),
        ("401", "access-token-where-id-token-expected", "http-status"),
        # 5, browsers
        (PREFLIGHT + "Response to preflight request doesn't pass access control check: It does not have HTTP ok "
         "status.",
         "preflight-needs-no-auth", "cors-error"),
        (PREFLIGHT + "Response to preflight request doesn't pass access control check: No "
         "'Access-Control-Allow-Origin' "
         "header is present on the requested resource.", "preflight-missing", "cors-error"),
        (PREFLIGHT + "Request header field authorization is not allowed by Access-Control-Allow-Headers in preflight "
         "response.", "cors-header-not-allowed", "cors-error"),
        (PREFLIGHT + "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
         "preflight-broken", "cors-error"),
        (PREFLIGHT + "No 'Access-Control-Allow-Origin' header is present on the requested resource.", "cors-hides-401",
         "cors-error"),
        (PREFLIGHT + "No 'Access-Control-Allow-Origin' header is present on the requested resource.\n"
         f"GET {API} net::ERR_FAILED 200 (OK)", "cors-headers-missing", "cors-error"),
        (PREFLIGHT + "The 'Access-Control-Allow-Origin' header has a value 'https://b.example' that is not "
         "equal to the "
         "supplied origin.", "cors-origin-mismatch", "cors-error"),
        (PREFLIGHT + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the "
         "wildcard '*' "
         "when the request's credentials mode is 'include'.", "cors-origin-mismatch", "cors-error"),
        (PREFLIGHT + "The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is "
         "allowed.",
         "cors-origin-mismatch", "cors-error"),
        ("No 'Access-Control-Allow-Origin' header is present on the requested resource. The response had HTTP "
         "status code "
         "401.", "cors-hides-401", "cors-error"),
        (FIREFOX + "(Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 401.",
         "cors-hides-401", "cors-error"),
        (FIREFOX + "(Reason: CORS preflight response did not succeed). Status code: 401.", "preflight-needs-no-auth",
         "cors-error"),
        (FIREFOX + "(Reason: header \u2018authorization\u2019 is not allowed according to header "
         "\u2018Access-Control-Allow-Headers\u2019 from CORS preflight response).", "cors-header-not-allowed",
         "cors-error"),
        (FIREFOX + "(Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 does not match "
         "\u2018https://b\u2019).",
         "cors-origin-mismatch", "cors-error"),
        ("Preflight response is not successful. Status code: 403", "preflight-missing", "cors-error"),
        ("Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 401", "cors-hides-401",
         "cors-error"),
        ("TypeError: Failed to fetch", "cors-hides-401", "network-error"),
        ("AxiosError: Network Error", "cors-hides-401", "network-error"),
        # 6.5, 6.6, OAuth
        ("https://d.auth.eu-west-1.amazoncognito.com/error?error=redirect_mismatch&client_id=1", "redirect-mismatch",
         "oauth-redirect"),
        ("https://app.example/cb?error=invalid_request&error_description=code_challenge+missing", "pkce-mismatch",
         "oauth-redirect"),
        ("https://app.example/cb?error_description=invalid_scope&state=1&error=invalid_request", "scope-not-allowed",
         "oauth-redirect"),
        ("https://app.example/cb#error=unauthorized_client&state=1", "grant-not-enabled", "oauth-redirect"),
        ("https://app.example/cb?error=invalid_scope", "scope-not-allowed", "oauth-redirect"),
        ("https://app.example/cb?error=invalid_request&error_description=PreTokenGeneration+failed+with+error+no",
         "token-request-malformed", "oauth-redirect"),
        ('{"error":"invalid_request"}', "token-request-malformed", "oauth-error"),
        ('{"error":"invalid_client"}', "client-secret-not-sent", "oauth-error"),
        ("HTTP/2 400 \nx-amz-cognito-request-id: 1\n\n{\"error\":\"invalid_grant\"}", "code-invalid", "http-response"),
        ("{'error': 'invalid_grant'}", "code-invalid", "oauth-error"),
        ("{ error: 'invalid_grant', error_description: 'invalid refresh_token' }", "refresh-token-invalid",
         "oauth-error"),
        ("oauthlib.oauth2.rfc6749.errors.InvalidGrantError: (invalid_grant) ", "code-invalid", "oauth-error"),
        ('{"error":"unauthorized_client"}', "grant-not-enabled", "oauth-error"),
        ('{"error":"unsupported_grant_type"}', "token-request-malformed", "oauth-error"),
        ('{"error":"invalid_scope"}', "scope-not-allowed", "oauth-error"),
        ('{"error":"invalid_token","error_description":"Access token is expired, disabled, or deleted, or the user has '
         'globally signed out."}', "token-expired", "oauth-error"),
        ("HTTP/2 405 \ncontent-length: 0\n\n", "token-endpoint-405", "http-response"),
        ("405 Method Not Allowed", "token-endpoint-405", "oauth-error"),
        ("Login pages unavailable. Please contact an administrator.", "login-page-unavailable", "oauth-error"),
        ("Client is not enabled for OAuth2.0 flows.", "oauth-not-enabled", "oauth-error"),
        # 7.2, signing in
        (CLI.format("NotAuthorizedException", "InitiateAuth",
                    "Client 1abc is configured with secret but SECRET_HASH was not received"), "secret-hash-missing",
         "aws-cli-error"),
        ("Client 1abc is configured for secret but secret was not received", "secret-hash-missing", "cognito-error"),
        ("NotAuthorizedException: Client 1 is not configured for secret but secret hash was received",
         "secret-hash-superfluous", "cognito-error"),
        ('{"__type":"NotAuthorizedException","message":"Unable to verify secret hash for client 1abc"}',
         "secret-hash-wrong", "cognito-error"),
        ("HTTP/2 400 \nx-amzn-requestid: 1\nx-amzn-errortype: NotAuthorizedException:\n\n"
         '{"__type":"NotAuthorizedException","message":"Incorrect username or password."}', "wrong-credentials",
         "http-response"),
        (CLI.format("NotAuthorizedException", "InitiateAuth", "Incorrect username or password."), "wrong-credentials",
         "aws-cli-error"),
        ("botocore.errorfactory.NotAuthorizedException: " + CLI.format("NotAuthorizedException", "AdminInitiateAuth",
         "Incorrect username or password."), "wrong-credentials", "aws-cli-error"),
        ("Error: Incorrect username or password.", "wrong-credentials", "cognito-error"),
        (CLI.format("UserNotFoundException", "InitiateAuth", "User does not exist."), "wrong-credentials",
         "aws-cli-error"),
        ("Password attempts exceeded", "attempts-exceeded", "cognito-error"),
        ("NotAuthorizedException: User is disabled.", "user-disabled", "cognito-error"),
        ("UserNotConfirmedException: User is not confirmed.", "user-not-confirmed", "cognito-error"),
        ("PasswordResetRequiredException: Password reset required for the user", "password-reset-required",
         "cognito-error"),
        ("Temporary password has expired and must be reset by an administrator.", "temporary-password-expired",
         "cognito-error"),
        (CLI.format("InvalidParameterException", "InitiateAuth", "USER_PASSWORD_AUTH flow not enabled for this client"),
         "auth-flow-not-enabled", "aws-cli-error"),
        ("InvalidParameterException: USER_SRP_AUTH is not enabled for the client.", "auth-flow-not-enabled",
         "cognito-error"),
        ("Auth flow not enabled for this client", "auth-flow-not-enabled", "cognito-error"),
        ("Initiate Auth method not supported.", "auth-flow-not-enabled", "cognito-error"),
        ("InvalidParameterException: Missing required parameter Session", "challenge-not-completed", "cognito-error"),
        ("InvalidParameterException: Missing required parameter SRP_A", None, "cognito-error"),
        (CLI.format("InvalidParameterException", "InitiateAuth", "1 validation error detected: Value 'x y' at "
         "'clientId' "
                    "failed to satisfy constraint"), "client-not-found", "aws-cli-error"),
        ("1 validation error detected: Value '' at 'username' failed to satisfy constraint", None, "cognito-error"),
        (CLI.format("ResourceNotFoundException", "InitiateAuth", "User pool client 1abc does not exist."),
         "client-not-found", "aws-cli-error"),
        (CLI.format("ResourceNotFoundException", "DescribeUserPool", "User pool eu-west-1_x does not exist."),
         "pool-not-found", "aws-cli-error"),
        ("NotAuthorizedException: Invalid Refresh Token", "refresh-token-invalid", "cognito-error"),
        ("NotAuthorizedException: Refresh Token has been revoked", "token-revoked", "cognito-error"),
        ("NotAuthorizedException: Refresh Token has expired", "refresh-token-invalid", "cognito-error"),
        (CLI.format("RefreshTokenReuseException", "GetTokensFromRefreshToken", "x"), "refresh-token-invalid",
         "aws-cli-error"),
        ("NotAuthorizedException: Invalid session for the user, session is expired.", "session-expired",
         "cognito-error"),
        ("Invalid session for the user, session can only be used once.", "session-expired", "cognito-error"),
        ("NotAuthorizedException: Access Token has been revoked", "token-revoked", "cognito-error"),
        ("NotAuthorizedException: Access Token has expired", "token-expired", "cognito-error"),
        ("NotAuthorizedException: Access Token does not have required scopes", "scope-not-in-token", "cognito-error"),
        ("NotAuthorizedException: Invalid Access Token", "token-malformed", "cognito-error"),
        ("CodeMismatchException: Invalid code received for user", "mfa-code-wrong", "cognito-error"),
        ("Invalid verification code provided, please try again.", "mfa-code-wrong", "cognito-error"),
        ("ExpiredCodeException: Your software token has already been used once.", "mfa-code-wrong", "cognito-error"),
        (CLI.format("InvalidPasswordException", "RespondToAuthChallenge", "Password did not conform with policy: x"),
         "password-policy", "aws-cli-error"),
        ("LimitExceededException: Attempt limit exceeded, please try after some time.", "attempts-exceeded",
         "cognito-error"),
        (CLI.format("TooManyRequestsException", "InitiateAuth", "Rate exceeded"), "throttled", "aws-cli-error"),
        ("UserLambdaValidationException: PreAuthentication failed with error no.", "trigger-refused", "cognito-error"),
        (CLI.format("ForbiddenException", "InitiateAuth", "x"), "waf-block", "aws-cli-error"),
        (CLI.format("UnsupportedOperationException", "InitiateAuth", "x"), None, "aws-cli-error"),
        (CLI.format("InvalidUserPoolConfigurationException", "InitiateAuth", "x"), None, "aws-cli-error"),
        ('{"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "x", "ChallengeParameters": {}}',
         "challenge-not-completed", "cognito-error"),
        # 10 and our own group
        (CLI.format("AccessDeniedException", "GetExport", "User: arn:aws:iam::1:user/x is not authorized to perform: "
                    "apigateway:GET on resource: arn:x"), "permission-missing", "aws-cli-error"),
        (CLI.format("ExpiredToken", "GetCallerIdentity", "The security token included in the request is expired"),
         "aws-credentials", "aws-cli-error"),
        (CLI.format("SignatureDoesNotMatch", "GetCallerIdentity", "Signature expired: x"), "clock-skew",
         "aws-cli-error"),
        ("Unable to locate credentials. You can configure credentials by running \"aws configure\".", "aws-credentials",
         "credentials-error"),
        ("Error when retrieving token from sso: Token has expired and refresh failed", "aws-credentials",
         "credentials-error"),
        (CLI.format("Whatever", "GetRestApis", "x"), None, "aws-cli-error"),
        ("curl: (6) Could not resolve host: abc123.execute-api.eu-west-1.amazonaws.com", "private-endpoint",
         "network-error"),
        ("curl: (6) Could not resolve host: d.auth.eu-west-1.amazoncognito.com", "domain-missing", "network-error"),
        ("curl: (6) Could not resolve host: e.com", "aws-unreachable", "network-error"),
        ("curl: (60) SSL certificate problem: unable to get local issuer certificate", "aws-unreachable",
         "network-error"),
        ("curl: (56) Received HTTP code 407 from proxy after CONNECT", "aws-unreachable", "network-error"),
        ("curl: (56) OpenSSL SSL_read: tlsv13 alert certificate required, errno 0", "mutual-tls", "network-error"),
        ('Could not connect to the endpoint URL: "https://cognito-idp.eu-west-9.amazonaws.com/"', "aws-unreachable",
         "network-error"),
        ("getaddrinfo ENOTFOUND e.com", "aws-unreachable", "network-error"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate", "aws-unreachable",
         "network-error"),
    ],
)  # fmt: skip
def test_error_text(text: str, code: str | None, read_as: str) -> None:
    reading = read_error(text)
    assert reading.read_as == read_as
    assert (reading.codes[0] if reading.codes else None) == code


@pytest.mark.parametrize(
    "text", ["", " ", "hello", "Unauthorized access to the park", "{}", "42", "404 Not Found", API]
)
def test_what_is_no_known_error_is_unrecognised(text: str) -> None:
    reading = read_error(text)
    assert (reading.codes, reading.read_as) == ((), "unrecognised")


def test_a_401_of_the_authorizer_names_every_cause_with_that_answer() -> None:
    codes = read_error('{"message":"Unauthorized"}').codes
    assert set(codes) >= {code for code, refusal in REFUSALS.items() if refusal.message == "Unauthorized"}
    assert codes[:3] == ("access-token-where-id-token-expected", "scope-not-in-token", "header-not-sent")


def test_a_proxys_own_401_names_no_cause() -> None:
    reading = read_error("HTTP/1.1 401 Unauthorized\nServer: nginx\nWWW-Authenticate: Basic\n\n<h1>no</h1>")
    assert (reading.codes, reading.read_as) == ((), "http-response")


def test_line_breaks_of_a_terminal_do_not_matter() -> None:
    assert read_error("Incorrect username\n  or password.").codes[0] == "wrong-credentials"


def test_every_code_of_the_table_is_public() -> None:
    assert {code for row in ROWS for code in row.codes} <= set(CODES)


def test_no_row_of_the_table_is_hidden_by_one_before_it() -> None:
    for at, row in enumerate(ROWS):
        wider = [
            other
            for other in ROWS[:at]
            if other.type in ("", row.type)
            and all(any(needle in mine for mine in row.needles) for needle in other.needles)
            and (other.type or other.needles)
            and other.codes != row.codes
        ]
        assert not wider, (row, wider)
