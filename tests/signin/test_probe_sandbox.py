"""The probe against the sandbox, which refuses as Cognito does: each row of research 6.5 and 6.6 that it can meet."""

from typing import Any

import pytest

from cogwizard.aws.session import Clients
from cogwizard.model.attempt import Refusal
from cogwizard.sandbox import Client
from cogwizard.sandbox.things import WebAcl
from cogwizard.signin.probe import probe_authorize, probe_token
from tests.signin.login_kit import CALLBACK, SECRET, Bench

pytestmark = pytest.mark.usefixtures("own_home")

SCOPES = ("openid", "shop/read")


def authorize(bench: Bench, client_id: str | None = None, **given: Any) -> Refusal | None:
    """Probe the authorize URL of the sandbox for `web`; `path` and the probe's own arguments may be given."""
    path = given.pop("path", "/oauth2/authorize")
    told = {"redirect_uri": CALLBACK, "scopes": SCOPES, "grant": "authorization_code_with_pkce", **given}
    clients = Clients(bench.ports.settings)
    return probe_authorize(clients, f"{bench.sandbox.url}{path}", client_id or bench.web.id, **told)


def token(bench: Bench, client: Client | str | None = None, **given: Any) -> Refusal | None:
    """Probe the token endpoint of the sandbox for `web`, or for another client."""
    chosen = client.id if isinstance(client, Client) else client or bench.web.id
    path, redirect_uri = given.pop("path", "/oauth2/token"), given.pop("redirect_uri", CALLBACK)
    clients = Clients(bench.ports.settings)
    return probe_token(clients, f"{bench.sandbox.url}{path}", chosen, redirect_uri, **{"basic": False, **given})


def pages(bench: Bench) -> list[str]:
    return [name for service, name, _ in bench.sandbox.requests if service == "cognito-domain"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"grant": "authorization_code"},
        {"grant": "implicit"},
        {"scopes": ()},
        {"path": "/login"},
        {"path": "/oauth2/authorize?identity_provider=COGNITO"},
        {"path": "/oauth2/authorize?client_id=left-in&response_type=token#fragment"},
    ],
)
def test_an_authorize_url_that_takes_the_request(bench: Bench, given: dict[str, Any]) -> None:
    assert authorize(bench, **given) is None
    assert pages(bench) == ["Login" if given.get("path") == "/login" else "Authorize"]  # and no redirect was followed
    asked = bench.sandbox.requests[0][2]
    assert asked["client_id"] == bench.web.id
    assert asked["response_type"] == ("token" if given.get("grant") == "implicit" else "code")


@pytest.mark.parametrize(
    ("settings", "given", "expected"),
    [
        ({"AllowedOAuthFlows": ["implicit"]}, {}, Refusal("authorize", "unauthorized_client", "", 302)),
        ({"AllowedOAuthFlowsUserPoolClient": False}, {}, Refusal("authorize", "unauthorized_client", "", 302)),
        # Of the implicit grant the error is in the fragment.
        (
            {"AllowedOAuthFlows": ["code"]},
            {"grant": "implicit"},
            Refusal("authorize", "unauthorized_client", "", 302),
        ),
        ({}, {"scopes": ("openid", "shop/write")}, Refusal("authorize", "invalid_request", "invalid_scope", 302)),
        ({}, {"scopes": ("openid,email",)}, Refusal("authorize", "invalid_request", "invalid_scope", 302)),
        ({}, {"path": "/oauth2/authorize?prompt=none"}, Refusal("authorize", "login_required", "", 302)),
        ({}, {"redirect_uri": f"{CALLBACK}/"}, Refusal("authorize", "redirect_mismatch", "", 400)),
        ({"CallbackURLs": []}, {}, Refusal("authorize", "redirect_mismatch", "", 400)),
        ({}, {"redirect_uri": None}, Refusal("authorize", "Required parameters missing", "", 400)),
        ({}, {"client_id": "nobody"}, Refusal("authorize", "invalid_request", "", 400)),
        ({}, {"path": "/oauth2/token"}, Refusal("authorize", "", "", 405)),
        ({}, {"path": "/login", "redirect_uri": "https://x"}, Refusal("authorize", "redirect_mismatch", "", 400)),
    ],
)
def test_an_authorize_url_that_refuses(
    bench: Bench, settings: dict[str, Any], given: dict[str, Any], expected: Refusal
) -> None:
    bench.web.settings |= settings
    assert authorize(bench, **given) == expected
    assert len(pages(bench)) == 1


def test_app_schemes_come_back_too(bench: Bench) -> None:
    bench.web.settings["CallbackURLs"] = ["myapp://example", "myapp:back"]
    for redirect_uri in bench.web.settings["CallbackURLs"]:
        assert authorize(bench, redirect_uri=redirect_uri) is None
        refused = authorize(bench, redirect_uri=redirect_uri, scopes=("phone",))
        assert refused == Refusal("authorize", "invalid_request", "invalid_scope", 302)


def test_the_error_page_itself(bench: Bench) -> None:
    found = authorize(bench, path="/error?error=redirect_mismatch")
    assert found is not None
    assert (found.error, found.status, found.reason) == ("redirect_mismatch", 400, None)
    assert "An error was encountered with the requested page." in found.message


def test_pages_without_a_style(bench: Bench) -> None:
    """The 302 says nothing of the page behind it; the page, asked as the guide has it, does."""
    bench.web.branded = False
    assert authorize(bench) is None
    found = authorize(bench, path="/login")
    assert found is not None
    assert (found.error, found.status, found.reason) == ("", 403, None)
    assert "Login pages unavailable. Please contact an administrator." in found.message


@pytest.mark.parametrize(
    ("kind", "status", "error", "reason"),
    [
        ("server_error", 302, "server_error", None),
        ("TooManyRequestsException", 429, "", "throttled"),
        ("ForbiddenException", 403, "", None),
        ("drop", 0, "RemoteDisconnected", "unreachable"),
    ],
)
def test_authorize_is_kept_from_us(bench: Bench, kind: str, status: int, error: str, reason: str | None) -> None:
    bench.sandbox.denied["Authorize"] = kind
    found = authorize(bench)
    assert found is not None
    assert (found.operation, found.status, found.error, found.reason) == ("authorize", status, error, reason)
    assert len(pages(bench)) == 1


def test_no_such_page(bench: Bench) -> None:
    for found in (authorize(bench, path="/oauth2/authorise"), token(bench, path="/oauth2/token/")):
        assert found is not None
        assert (found.status, found.error, found.reason) == (404, "", None)


def test_a_pool_without_a_domain(bench: Bench) -> None:
    del bench.pool.settings["Domain"]
    for found in (authorize(bench), token(bench)):
        assert found is not None
        assert (found.status, found.reason) == (0, "unreachable")


@pytest.mark.parametrize("settings", [{}, {"AllowedOAuthScopes": []}])
def test_a_token_endpoint_that_takes_the_request(bench: Bench, settings: dict[str, Any]) -> None:
    bench.web.settings |= settings
    assert token(bench) is None
    told = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    assert bench.sandbox.requests == [
        ("cognito-domain", "Token", {**told, "client_id": bench.web.id, "client_auth": "none"})
    ]


NO_SECRET = Refusal("token", "invalid_client", "invalid_client_secret", 400)


@pytest.mark.parametrize(
    ("settings", "given", "expected"),
    [
        # A public client, and Postman's default: Basic with an empty secret (#10166).
        ({}, {"basic": True}, NO_SECRET),
        ({"secret": SECRET}, {"basic": True}, NO_SECRET),
        ({"secret": SECRET}, {}, NO_SECRET),
        ({}, {"client": "nobody"}, Refusal("token", "invalid_client", "", 400)),
        ({}, {"client": "nobody", "basic": True}, Refusal("token", "invalid_client", "", 400)),
        ({"AllowedOAuthFlows": ["implicit"]}, {}, Refusal("token", "unauthorized_client", "", 400)),
        ({"AllowedOAuthFlowsUserPoolClient": False}, {}, Refusal("token", "unauthorized_client", "", 400)),
        ({}, {"redirect_uri": None}, Refusal("token", "invalid_request", "", 400)),
        ({}, {"path": "/oauth2/authorize"}, Refusal("token", "", "", 405)),
        ({}, {"path": "/oauth2/userInfo"}, Refusal("token", "", "", 405)),
    ],
)
def test_a_token_endpoint_that_refuses(
    bench: Bench, settings: dict[str, Any], given: dict[str, Any], expected: Refusal
) -> None:
    client = bench.client("probed", **settings)
    assert token(bench, **{"client": client, **given}) == expected
    assert len(pages(bench)) == 1


@pytest.mark.parametrize(
    ("kind", "status", "error", "reason"),
    [
        ("invalid_grant", 400, None, None),
        ("server_error", 500, "server_error", "failed"),
        ("TooManyRequestsException", 429, "", "throttled"),
        ("ForbiddenException", 403, "", None),
        ("drop", 0, "RemoteDisconnected", "unreachable"),
    ],
)
def test_the_token_endpoint_is_kept_from_us(
    bench: Bench, kind: str, status: int, error: str | None, reason: str | None
) -> None:
    bench.sandbox.denied["Token"] = kind
    found = token(bench)
    seen = found and (found.operation, found.status, found.error, found.reason)
    assert seen == (None if error is None else ("token", status, error, reason))


def test_a_web_acl(bench: Bench) -> None:
    bench.pool.web_acl = "arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/a/b"
    bench.world.web_acls[bench.pool.web_acl] = WebAcl("pool", blocks=True)
    for found in (authorize(bench), token(bench)):
        assert found is not None
        assert (found.status, found.message, found.reason) == (403, "Request not allowed due to WAF block.", None)
