"""The token endpoint, revocation and userInfo: each row of research 6.6 and of the table in 6.4."""

from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from domain_kit import CALLBACK, FORM, SECOND_SECRET, SECRET, VERIFIER, Answer, Site, ask, basic, challenge

from cogwizard.sandbox import Client, Sandbox, mint

INVALID_CLIENT = {"error": "invalid_client", "error_description": "invalid_client_secret"}
INVALID_TOKEN = "Access token is expired, disabled, or deleted, or the user has globally signed out."
S256 = {"code_challenge": challenge(), "code_challenge_method": "S256"}


def _claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def _token(sandbox: Sandbox, form: dict[str, str], **headers: str) -> Answer:
    return ask(sandbox, "/oauth2/token", form, **headers)


@pytest.mark.parametrize(
    ("verifier", "wanted"),
    [
        (VERIFIER, None),
        (VERIFIER + "x", "invalid_grant"),
        (challenge(), "invalid_grant"),
        ("", "invalid_grant"),
        (None, "invalid_request"),
    ],
)
def test_pkce(verifier: str | None, wanted: str | None) -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        answer = _token(sandbox, site.exchange(site.code(sandbox, **S256), code_verifier=verifier))
    if wanted is None:
        assert answer.status == 200
    else:
        assert answer.error == (400, {"error": wanted})


def test_a_code_is_good_once_and_for_its_client_and_address_only() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        code = site.code(sandbox)
        used = (
            _token(sandbox, site.exchange(code, site.server, client_secret=SECRET)),
            _token(sandbox, site.exchange(code)),
            _token(sandbox, site.exchange(code)),
            _token(sandbox, site.exchange("unknown")),
        )
        assert [each.status for each in used] == [400, 200, 400, 400]
        assert {used[at].text for at in (0, 2, 3)} == {'{"error":"invalid_grant"}'}
        for address in (f"{CALLBACK}/", "myapp://example"):
            answer = _token(sandbox, site.exchange(site.code(sandbox), redirect_uri=address))
            assert answer.error == (400, {"error": "unauthorized_client"})
        for name in ("code", "redirect_uri"):
            answer = _token(sandbox, site.exchange(site.code(sandbox), **{name: None}))
            assert answer.error == (400, {"error": "invalid_request"})
        code = site.code(sandbox)
        site.pool.users["hanako"].enabled = False
        assert _token(sandbox, site.exchange(code)).error == (400, {"error": "invalid_grant"})


def _proofs(site: Site) -> dict[str, tuple[Client, dict[str, str], dict[str, str]]]:
    """Ways to name a client: the client, what the form holds besides, the headers."""
    web, server = site.web, site.server
    return {
        "public": (web, {"client_id": web.id}, {}),
        "public, empty secret in the form": (web, {"client_id": web.id, "client_secret": ""}, {}),
        "basic": (server, {}, {"Authorization": basic(server.id, SECRET)}),
        "basic, lower case": (server, {}, {"Authorization": basic(server.id, SECRET).replace("Basic", "basic")}),
        "basic and id": (server, {"client_id": server.id}, {"Authorization": basic(server.id, SECRET)}),
        "basic, second": (server, {}, {"Authorization": basic(server.id, SECOND_SECRET)}),
        "post": (server, {"client_id": server.id, "client_secret": SECRET}, {}),
        "post, second": (server, {"client_id": server.id, "client_secret": SECOND_SECRET}, {}),
        "secret missing": (server, {"client_id": server.id}, {}),
        "basic, wrong": (server, {}, {"Authorization": basic(server.id, SECRET + "x")}),
        "basic, empty": (server, {}, {"Authorization": basic(server.id, "")}),
        "post, wrong": (server, {"client_id": server.id, "client_secret": SECRET[:-1]}, {}),
        "public, secret in the form": (web, {"client_id": web.id, "client_secret": SECRET}, {}),
        "public, basic with an empty secret": (web, {"client_id": web.id}, {"Authorization": basic(web.id, "")}),
        "unknown": (web, {"client_id": "nobody"}, {}),
        "unknown, basic": (web, {}, {"Authorization": basic("nobody", SECRET)}),
        "basic without a colon": (server, {}, {"Authorization": "Basic " + "YWJj"}),
        "basic that is no base64": (server, {"client_id": server.id}, {"Authorization": "Basic %%%"}),
        "basic in two lines": (server, {"client_id": server.id}, {"Authorization": "Basic YWJj YWJj"}),
        "two ids": (server, {"client_id": web.id}, {"Authorization": basic(server.id, SECRET)}),
        "no id": (web, {}, {}),
    }


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        *((way, None) for way in ("public", "public, empty secret in the form", "basic", "basic, lower case")),
        *((way, None) for way in ("basic and id", "basic, second", "post", "post, second")),
        *((way, INVALID_CLIENT) for way in ("secret missing", "basic, wrong", "basic, empty", "post, wrong")),
        *((way, INVALID_CLIENT) for way in ("public, secret in the form", "public, basic with an empty secret")),
        *((way, {"error": "invalid_client"}) for way in ("unknown", "unknown, basic", "basic without a colon")),
        *((way, {"error": "invalid_client"}) for way in ("basic that is no base64", "basic in two lines", "two ids")),
        ("no id", {"error": "invalid_request"}),
    ],
)
def test_a_client_proves_who_it_is(way: str, wanted: dict[str, str] | None) -> None:
    site = Site()
    client, sent, headers = _proofs(site)[way]
    with Sandbox(site.world) as sandbox:
        form = {**site.exchange(site.code(sandbox, client), client_id=None), **sent}
        answer = _token(sandbox, form, **headers)
        # The revocation endpoint judges the same, with another status for whom it does not know.
        revoked = ask(sandbox, "/oauth2/revoke", {"token": "a.b.c.d.e", **sent}, **headers)
    if wanted is None:
        assert (answer.status, revoked.status, revoked.text) == (200, 200, "")
    else:
        assert answer.error == (400, wanted)
        assert revoked.error == (401 if wanted["error"] == "invalid_client" else 400, wanted)


def test_a_client_of_another_pool_is_unknown_at_a_domain() -> None:
    site = Site()
    other = site.world.add_pool("other")
    other.settings["Domain"] = "other"
    foreign = other.add_client("web", **site.web.settings)
    with Sandbox(site.world) as sandbox:
        form = site.exchange("x", foreign)
        known = _token(sandbox, form, Host="other.auth.ap-northeast-1.amazoncognito.com")
        unknown = _token(sandbox, form, Host="shop.auth.ap-northeast-1.amazoncognito.com")
    assert (known.json["error"], unknown.json["error"]) == ("invalid_grant", "invalid_client")


@pytest.mark.parametrize(
    ("grant_type", "wanted"),
    [
        *((grant, "unsupported_grant_type") for grant in (None, "", "password", "implicit", "Authorization_Code")),
        ("refresh_token", "invalid_request"),
        ("client_credentials", "unauthorized_client"),
    ],
)
def test_grant_types(grant_type: str | None, wanted: str) -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        answer = _token(sandbox, site.exchange("x", grant_type=grant_type))
    assert answer.error == (400, {"error": wanted})


@pytest.mark.parametrize("page", ["/oauth2/token", "/oauth2/revoke"])
@pytest.mark.parametrize(
    "content_type", ["application/json", f"'{FORM}'", f'"{FORM}"', "text/plain", "", f"{FORM}, text/plain"]
)
def test_another_content_type_is_405_without_a_body(page: str, content_type: str) -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, page, site.exchange("x"), Content_Type=content_type)
    assert (answer.status, answer.text, answer.headers["Content-Length"]) == (405, "", "0")


def test_another_verb_is_405_without_a_body() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        query = urlencode(site.exchange("x"))
        answers = [
            ask(sandbox, f"/oauth2/token?{query}"),
            ask(sandbox, f"/oauth2/token?{query}", Authorization=basic(site.server.id, SECRET)),
            ask(sandbox, "/oauth2/revoke"),
            ask(sandbox, "/oauth2/token", {}, method="PUT"),
            ask(sandbox, "/oauth2/userInfo", {}),
        ]
    assert [(each.status, each.text) for each in answers] == [(405, "")] * 5


def test_the_body_is_a_form() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        json = ask(sandbox, "/oauth2/token", b' {"grant_type":"authorization_code"}')
        empty = ask(sandbox, "/oauth2/token", b"")
        garbage = ask(sandbox, "/oauth2/token", b"\xff\xfe&&==&grant_type=%ff")
        told = ask(
            sandbox, "/oauth2/token", site.exchange(site.code(sandbox)), Content_Type=FORM.title() + ";charset=UTF-8"
        )
        queried = ask(sandbox, "/oauth2/token?" + urlencode(site.exchange(site.code(sandbox))), {})
    assert json.error == (400, {"error": "invalid_request"})
    assert [each.json for each in (empty, garbage, queried)] == [{"error": "unsupported_grant_type"}] * 3
    assert told.status == 200


def test_a_grant_that_was_switched_off_after_the_sign_in() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        code = site.code(sandbox)
        site.web.settings["AllowedOAuthFlows"] = ["implicit"]
        assert _token(sandbox, site.exchange(code)).error == (400, {"error": "unauthorized_client"})
        site.web.settings["AllowedOAuthFlowsUserPoolClient"] = False
        refresh = {"grant_type": "refresh_token", "client_id": site.web.id, "refresh_token": "x"}
        assert _token(sandbox, refresh).error == (400, {"error": "unauthorized_client"})


@pytest.mark.parametrize(
    ("scope", "readable", "granted"),
    [
        ("openid email", ["email"], False),
        ("openid email", ["email_verified"], False),
        ("openid email", ["email", "email_verified"], True),
        ("openid email", None, True),
        ("openid", [], True),
        ("openid phone", ["phone_number"], False),
        ("openid phone", ["phone_number", "phone_number_verified"], True),
    ],
)
def test_read_access_to_the_attributes_behind_a_scope(scope: str, readable: list[str] | None, granted: bool) -> None:
    site = Site()
    site.web.settings["AllowedOAuthScopes"] = ["openid", "email", "phone"]
    if readable is not None:
        site.web.settings["ReadAttributes"] = readable
    with Sandbox(site.world) as sandbox:
        answer = _token(sandbox, site.exchange(site.code(sandbox, scope=scope)))
        implicit = site.sign_in(sandbox, response_type="token", scope=scope)
    assert (answer.status == 200, "access_token" in implicit.fragment) == (granted, granted)
    if not granted:
        assert answer.error == (400, {"error": "invalid_grant"})


def test_a_client_without_a_scope_gets_a_code_that_nothing_comes_of() -> None:
    site = Site()
    del site.web.settings["AllowedOAuthScopes"]
    with Sandbox(site.world) as sandbox:
        answer = _token(sandbox, site.exchange(site.code(sandbox, scope=None)))
    assert answer.error == (400, {"error": "invalid_grant"})


def test_a_trigger_that_refuses() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        code = site.code(sandbox)
        site.pool.triggers["PreTokenGeneration"] = "no tokens today"
        assert _token(sandbox, site.exchange(code)).error == (400, {"error": "invalid_grant"})
        told = site.sign_in(sandbox, response_type="token").fragment
    assert told["error_description"] == "PreTokenGeneration failed with error no tokens today."


def test_refreshing() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        first = _token(sandbox, site.exchange(site.code(sandbox))).json
        form = {"grant_type": "refresh_token", "client_id": site.web.id, "refresh_token": first["refresh_token"]}
        site.world.clock_offset += 600
        again = _token(sandbox, form)
        assert (again.status, set(again.json)) == (200, {"id_token", "access_token", "expires_in", "token_type"})
        old, fresh = _claims(first["access_token"]), _claims(again.json["access_token"])
        assert (fresh["scope"], fresh["origin_jti"]) == (old["scope"], old["origin_jti"])
        assert fresh["exp"] >= old["exp"] + 600
        foreign = _token(sandbox, {**form, "client_id": site.server.id, "client_secret": SECRET})
        unknown = _token(sandbox, {**form, "refresh_token": "x"})
        narrow = _token(sandbox, site.exchange(site.code(sandbox, scope="shop/read"))).json
        opaque = _token(sandbox, {**form, "refresh_token": narrow["refresh_token"]})
        assert "id_token" not in opaque.json
        site.world.clock_offset += 31 * 86400
        expired = _token(sandbox, form)
    for each in (foreign, unknown, expired):
        assert each.error == (400, {"error": "invalid_grant"})


def test_refreshing_with_rotation() -> None:
    site = Site()
    site.web.settings["RefreshTokenRotation"] = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}
    with Sandbox(site.world) as sandbox:
        first = _token(sandbox, site.exchange(site.code(sandbox))).json["refresh_token"]
        form = {"grant_type": "refresh_token", "client_id": site.web.id}
        second = _token(sandbox, {**form, "refresh_token": first}).json["refresh_token"]
        assert second != first
        assert _token(sandbox, {**form, "refresh_token": first}).status == 200
        site.world.clock_offset += 60
        assert _token(sandbox, {**form, "refresh_token": first}).error == (400, {"error": "invalid_grant"})
        assert _token(sandbox, {**form, "refresh_token": second}).status == 200


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (None, "shop/read shop/write"),
        ("", "shop/read shop/write"),
        ("shop/write", "shop/write"),
        ("shop/write shop/read", "shop/write shop/read"),
    ],
)
def test_client_credentials(scope: str | None, wanted: str) -> None:
    site = Site()
    site.machine.settings["AccessTokenValidity"] = 2
    form = {"grant_type": "client_credentials", **({} if scope is None else {"scope": scope})}
    with Sandbox(site.world) as sandbox:
        answer = _token(sandbox, form, Authorization=basic(site.machine.id, SECRET))
        posted = _token(sandbox, {**form, "client_id": site.machine.id, "client_secret": SECRET})
    for each in (answer, posted):
        assert (each.status, set(each.json)) == (200, {"access_token", "expires_in", "token_type"})
        assert each.json["expires_in"] == 7200
        claims = _claims(each.json["access_token"])
        assert (claims["scope"], claims["sub"], claims["client_id"]) == (wanted, site.machine.id, site.machine.id)
        assert "username" not in claims


@pytest.mark.parametrize(
    ("scope", "settings", "wanted"),
    [
        ("openid", {}, "invalid_scope"),
        ("shop/delete", {}, "invalid_scope"),
        ("shop/read openid", {"AllowedOAuthScopes": ["openid", "shop/read"]}, "invalid_scope"),
        ("", {"AllowedOAuthScopes": ["openid"]}, "invalid_grant"),
        ("", {"AllowedOAuthScopes": []}, "invalid_grant"),
        ("", {"AllowedOAuthFlowsUserPoolClient": False}, "invalid_grant"),
        ("", {"AllowedOAuthFlows": []}, "unauthorized_client"),
        ("", {"AllowedOAuthFlows": ["code"]}, "unauthorized_client"),
    ],
)
def test_client_credentials_refused(scope: str, settings: dict[str, Any], wanted: str) -> None:
    site = Site()
    site.machine.settings |= settings
    form = {"grant_type": "client_credentials", "scope": scope}
    with Sandbox(site.world) as sandbox:
        answer = _token(sandbox, form, Authorization=basic(site.machine.id, SECRET))
    assert answer.error == (400, {"error": wanted})


def test_revoking() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        tokens = _token(sandbox, site.exchange(site.code(sandbox))).json
        form = {"client_id": site.web.id, "token": tokens["refresh_token"]}
        told = {"Authorization": f"Bearer {tokens['access_token']}"}
        refresh = {"grant_type": "refresh_token", "client_id": site.web.id, "refresh_token": tokens["refresh_token"]}
        assert ask(sandbox, "/oauth2/userInfo", **told).status == 200
        refused = {
            "missing": ask(sandbox, "/oauth2/revoke", {"client_id": site.web.id}),
            "access": ask(sandbox, "/oauth2/revoke", {**form, "token": tokens["access_token"]}),
            "id": ask(sandbox, "/oauth2/revoke", {**form, "token": tokens["id_token"]}),
            "foreign": ask(sandbox, "/oauth2/revoke", form, Authorization=basic(site.server.id, SECRET)),
            "another's": ask(
                sandbox, "/oauth2/revoke", {"token": form["token"]}, Authorization=basic(site.server.id, SECRET)
            ),
        }
        site.web.settings["EnableTokenRevocation"] = False
        refused["off"] = ask(sandbox, "/oauth2/revoke", form)
        del site.web.settings["EnableTokenRevocation"]
        assert _token(sandbox, refresh).status == 200
        done = [ask(sandbox, "/oauth2/revoke", form) for _ in range(2)]
        assert [(each.status, each.text) for each in done] == [(200, "")] * 2
        assert _token(sandbox, refresh).error == (400, {"error": "invalid_grant"})
        assert ask(sandbox, "/oauth2/userInfo", **told).status == 401
    assert {name: each.error for name, each in refused.items()} == {
        "missing": (400, {"error": "invalid_request"}),
        "access": (400, {"error": "unsupported_token_type"}),
        "id": (400, {"error": "unsupported_token_type"}),
        "foreign": (401, {"error": "invalid_client"}),
        "another's": (400, {"error": "invalid_request"}),
        "off": (400, {"error": "invalid_request"}),
    }


@pytest.mark.parametrize(
    ("scopes", "wanted"),
    [
        ("openid", {"email", "email_verified", "name", "custom:tier", "phone_number"}),
        ("openid email", {"email", "email_verified"}),
        ("openid phone", {"phone_number"}),
        ("openid profile", {"name", "custom:tier"}),
        ("openid profile email", {"name", "custom:tier", "email", "email_verified"}),
        ("openid shop/read", {"email", "email_verified", "name", "custom:tier", "phone_number"}),
    ],
)
def test_userinfo_tells_what_the_scopes_cover(scopes: str, wanted: set[str]) -> None:
    site = Site()
    site.pool.users["hanako"].attributes |= {"name": "Hanako", "custom:tier": "gold", "phone_number": "+815012345678"}
    token = mint(site.pool, site.web, "access", scopes=scopes.split(), issued_at=site.world.now())
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, "/oauth2/userInfo", Authorization=f"Bearer {token}")
        site.web.settings["ReadAttributes"] = ["email", "name"]
        narrow = ask(sandbox, "/oauth2/userInfo", Authorization=f"bearer {token}")
    assert (answer.status, set(answer.json)) == (200, {"sub", "username", *wanted})
    assert set(narrow.json) == {"sub", "username"} | wanted & {"email", "name"}


def test_userinfo_refuses() -> None:
    site = Site()
    other = site.world.add_pool("other")
    other.settings["Domain"] = "other"
    now = site.world.now()

    def bearer(kind: Any = "access", scopes: tuple[str, ...] = ("openid",), **options: Any) -> dict[str, str]:
        made = mint(site.pool, site.web, kind, scopes=scopes, **{"issued_at": now, **options})
        return {"Authorization": f"Bearer {made}"}

    with Sandbox(site.world) as sandbox:
        good = bearer()
        assert ask(sandbox, "/oauth2/userInfo", **good).status == 200
        bad = [
            ask(sandbox, "/oauth2/userInfo", Authorization=sent) for sent in ("Bearer ", "x", good["Authorization"][7:])
        ]
        bad.append(ask(sandbox, "/oauth2/userInfo"))
        refused = [
            ask(sandbox, "/oauth2/userInfo", **headers)
            for headers in (
                bearer(scopes=("aws.cognito.signin.user.admin",)),
                bearer("id"),
                bearer(issued_at=now - 7200),
                bearer(user="nobody"),
                {"Authorization": "Bearer x"},
                {"Authorization": good["Authorization"] + "x"},
                {**good, "Host": "other.auth.ap-northeast-1.amazoncognito.com"},
            )
        ]
        site.pool.users["hanako"].enabled = False
        refused.append(ask(sandbox, "/oauth2/userInfo", **good))
        site.pool.users["hanako"].enabled = True
        sandbox.denied["UserInfo"] = "invalid_token"
        refused.append(ask(sandbox, "/oauth2/userInfo", **good))
    for each in bad:
        assert each.status == 400
        assert each.headers["WWW-Authenticate"] == (
            'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"'
        )
    for each in refused:
        assert each.error == (401, {"error": "invalid_token", "error_description": INVALID_TOKEN})
        assert each.headers["WWW-Authenticate"] == f'error="invalid_token", error_description="{INVALID_TOKEN}"'


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("invalid_grant", 400, {"error": "invalid_grant"}),
        ("server_error", 500, {"error": "server_error"}),
        ("TooManyRequestsException", 429, {"message": "Too Many Requests"}),
        ("ForbiddenException", 403, {"message": "Forbidden"}),
    ],
)
def test_the_token_endpoint_is_denied(kind: str, status: int, body: dict[str, str]) -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        sandbox.denied[("Token", site.pool.id)] = kind
        assert _token(sandbox, site.exchange("x")).error == (status, body)
