"""The pages of a pool's domain: each row of research 6.5, the form, the session of a browser, signing out."""

import re
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import pytest
from domain_kit import CALLBACK, PASSWORD, VERIFIER, Answer, Site, ask, basic, challenge

from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.domain import CODE_LIFETIME, COOKIE_LIFETIME
from cogwizard.sandbox.things import WebAcl
from cogwizard.sandbox.totp import totp

NEW_PASSWORD = "Canary-Better-1!"


def _where(answer: Answer) -> str:
    """The Location without its parameters."""
    return re.split("[?#]", answer.location)[0]


def test_from_authorize_to_userinfo() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        first = ask(sandbox, site.authorize(code_challenge=challenge(), code_challenge_method="S256", nonce="n-1"))
        assert (first.status, _where(first)) == (302, f"{sandbox.url}/login")
        assert first.told == site.query(code_challenge=challenge(), code_challenge_method="S256", nonce="n-1")
        where = urlsplit(first.location)
        page = ask(sandbox, f"{where.path}?{where.query}")
        assert page.status == 200
        back = ask(sandbox, page.action, {"username": "hanako", "password": PASSWORD, **page.form})
        assert (back.status, _where(back)) == (302, CALLBACK)
        assert set(back.told) == {"code", "state"}
        assert back.told["state"] == "canary state & more"
        tokens = ask(sandbox, "/oauth2/token", site.exchange(back.told["code"], code_verifier=VERIFIER))
        assert tokens.status == 200
        assert tokens.headers["Content-Type"] == "application/json;charset=UTF-8"
        assert tokens.headers["Cache-Control"] == "no-cache, no-store, max-age=0, must-revalidate"
        assert tokens.headers["x-amz-cognito-request-id"]
        assert set(tokens.json) == {"id_token", "access_token", "refresh_token", "expires_in", "token_type"}
        assert (tokens.json["expires_in"], tokens.json["token_type"]) == (3600, "Bearer")
        told = ask(sandbox, "/oauth2/userInfo", Authorization=f"Bearer {tokens.json['access_token']}")
    identity, access = (
        jwt.decode(tokens.json[name], options={"verify_signature": False}) for name in ("id_token", "access_token")
    )
    assert (identity["aud"], identity["nonce"], identity["cognito:username"]) == (site.web.id, "n-1", "hanako")
    assert (access["scope"], access["client_id"], access["token_use"]) == ("openid shop/read", site.web.id, "access")
    assert told.json == {
        "sub": identity["sub"],
        "email": "hanako@example.com",
        "email_verified": "true",
        "username": "hanako",
    }
    assert [name for service, name, _ in sandbox.requests if service == "cognito-domain"] == [
        *("Authorize", "Login", "Login", "Token", "UserInfo")
    ]


def test_nothing_secret_stands_in_requests() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        back = site.sign_in(sandbox, site.server, code_challenge=challenge(), code_challenge_method="S256")
        code = back.told["code"]
        form = site.exchange(code, site.server, code_verifier=VERIFIER, client_secret=site.server.secret)
        tokens = ask(sandbox, "/oauth2/token", form).json
        refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": ""}
        header = basic(site.server.id, site.server.secret or "")
        ask(sandbox, "/oauth2/token", {**refresh, "client_id": site.server.id}, Authorization=header)
        ask(sandbox, "/oauth2/revoke", {"token": tokens["refresh_token"]}, Authorization=header)
        ask(sandbox, "/oauth2/userInfo", Authorization=f"Bearer {tokens['access_token']}")
        ask(sandbox, site.authorize(), Cookie=back.cookie)
        seen = repr(sandbox.requests) + repr(sandbox.__dict__)
    assert "canary" not in seen.lower()
    for secret in (code, challenge(), back.cookie.partition("=")[2], *map(str, tokens.values())):
        assert secret in ("3600", "Bearer") or secret not in seen
    told = {name: shown for _, name, shown in sandbox.requests}
    assert told["Revoke"] == {"client_auth": "basic", "client_id": site.server.id}
    assert told["Authorize"] == {
        "response_type": "code",
        "client_id": site.web.id,
        "redirect_uri": CALLBACK,
        "scope": "openid shop/read",
    }
    assert {
        "client_auth": "post",
        "client_id": site.server.id,
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
    } in [shown for _, name, shown in sandbox.requests if name == "Token"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"response_type": None}, {"error": "invalid_request"}),
        ({"response_type": "id_token"}, {"error": "invalid_request"}),
        ({"code_challenge": challenge()}, {"error": "invalid_request"}),
        ({"code_challenge": challenge(), "code_challenge_method": "plain"}, {"error": "invalid_request"}),
        ({"code_challenge": challenge(), "code_challenge_method": "s256"}, {"error": "invalid_request"}),
        ({"code_challenge_method": "S256"}, {"error": "invalid_request"}),
        ({"scope": "openid phone"}, {"error_description": "invalid_scope", "error": "invalid_request"}),
        ({"scope": "openid,email"}, {"error_description": "invalid_scope", "error": "invalid_request"}),
    ],
)
@pytest.mark.parametrize("page", ["/oauth2/authorize", "/login"])
def test_a_bad_request_goes_back_to_the_app(page: str, changes: dict[str, Any], told: dict[str, str]) -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, f"{page}?{urlencode(site.query(**changes))}")
        bare = ask(sandbox, f"{page}?{urlencode(site.query(**changes, state=None))}")
    assert (answer.status, answer.text, _where(answer)) == (302, "", CALLBACK)
    assert list(answer.told.items()) == [
        *[each for each in told.items() if each[0] != "error"],
        ("state", "canary state & more"),
        ("error", told["error"]),
    ]
    assert bare.told == told


def test_errors_of_the_implicit_grant_come_in_the_fragment() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, site.authorize(response_type="token", scope="phone", state=None))
    assert answer.location == f"{CALLBACK}#error_description=invalid_scope&error=invalid_request"


@pytest.mark.parametrize(
    ("response_type", "settings"),
    [
        ("code", {"AllowedOAuthFlows": ["implicit"]}),
        ("code", {"AllowedOAuthFlows": []}),
        ("code", {"AllowedOAuthFlowsUserPoolClient": False}),
        ("token", {"AllowedOAuthFlows": ["code"]}),
        ("token", {"AllowedOAuthFlowsUserPoolClient": False}),
    ],
)
def test_a_grant_that_is_off(response_type: str, settings: dict[str, Any]) -> None:
    site = Site()
    site.web.settings |= settings
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, site.authorize(response_type=response_type))
        again = site.sign_in(sandbox, response_type=response_type)
    told = answer.told if response_type == "code" else answer.fragment
    assert (answer.status, told) == (302, {"error": "unauthorized_client", "state": "canary state & more"})
    assert again.location == answer.location


@pytest.mark.parametrize(
    "redirect_uri",
    [
        *(f"{CALLBACK}/", "http://localhost:9876", "https://localhost:9876/callback", "http://localhost:9877/callback"),
        *("http://127.0.0.1:9876/callback", CALLBACK.upper(), f"{CALLBACK}?a=1", "https://evil.example/<script>"),
    ],
)
def test_a_redirect_uri_must_match_to_the_letter(redirect_uri: str) -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        for page in (site.authorize(redirect_uri=redirect_uri), site.login(redirect_uri=redirect_uri)):
            answer = ask(sandbox, page)
            wanted = f"{sandbox.url}/error?error=redirect_mismatch&client_id={site.web.id}"
            assert (answer.status, answer.location) == (302, wanted)
        shown = ask(sandbox, "/error?" + urlsplit(answer.location).query)
    assert shown.status == 400
    assert "An error was encountered with the requested page." in shown.text
    assert "redirect_mismatch" in shown.text


def test_a_client_without_callback_urls_matches_nothing() -> None:
    site = Site()
    del site.web.settings["CallbackURLs"]
    with Sandbox(site.world) as sandbox:
        assert ask(sandbox, site.authorize()).told["error"] == "redirect_mismatch"


def test_a_request_without_a_redirect_uri_takes_the_default_one() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        assert ask(sandbox, site.authorize(redirect_uri=None)).told == {"error": "Required parameters missing"}
        site.web.settings["DefaultRedirectURI"] = "myapp://example"
        assert _where(ask(sandbox, site.authorize(redirect_uri=None, prompt="none"))) == "myapp://example"


@pytest.mark.parametrize("client_id", [None, "", "nobody", "other"])
def test_a_client_that_this_domain_does_not_know(client_id: str | None) -> None:
    site = Site()
    other = site.world.add_pool("other")
    other.settings["Domain"] = "other"
    foreign = other.add_client("web", **site.web.settings)
    sent = foreign.id if client_id == "other" else client_id
    host = {"Host": "shop.auth.ap-northeast-1.amazoncognito.com"} if client_id == "other" else {}
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, site.authorize(client_id=sent), **host)
        posted = ask(sandbox, site.login(client_id=sent), {"username": "hanako", "password": PASSWORD}, **host)
        signed_out = ask(sandbox, "/logout?" + urlencode({"client_id": sent or "", "logout_uri": "x"}), **host)
    wanted = {"error": "invalid_request", "client_id": sent} if sent else {"error": "Required parameters missing"}
    for each in (answer, posted, signed_out):
        assert (each.status, each.told, urlsplit(each.location).path) == (302, wanted, "/error")


def test_a_client_of_another_pool_is_known_at_its_own_domain_only() -> None:
    site = Site()
    site.pool.settings["CustomDomain"] = "login.example.com"
    hosts = ["shop.auth.ap-northeast-1.amazoncognito.com", "SHOP.auth.ap-northeast-1.amazoncognito.com:443"]
    with Sandbox(site.world) as sandbox:
        for host in (*hosts, "login.example.com", "whatever.example"):
            answer = ask(sandbox, site.authorize(), Host=host)
            assert (answer.status, _where(answer)) == (302, f"http://{host}/login")
        assert ask(sandbox, "/.well-known/openid-configuration", Host="login.example.com").status == 404
        assert ask(sandbox, "/restapis", Host="login.example.com").status == 404
        foreign = ("other.auth.ap-northeast-1.amazoncognito.com", "shop.auth.us-east-1.amazoncognito.com")
        for host in foreign:
            with pytest.raises(RemoteDisconnected):
                ask(sandbox, site.authorize(), Host=host)


def test_a_pool_without_a_domain_has_no_pages() -> None:
    site = Site()
    del site.pool.settings["Domain"]
    with Sandbox(site.world) as sandbox:
        for target in (site.authorize(), site.login(), f"/logout?client_id={site.web.id}"):
            with pytest.raises(RemoteDisconnected):
                ask(sandbox, target)
        with pytest.raises(RemoteDisconnected):
            ask(sandbox, "/oauth2/token", site.exchange("x"))
        site.pool.exists = False
        assert ask(sandbox, site.authorize()).told["error"] == "invalid_request"


def test_managed_login_without_a_branding_style() -> None:
    site = Site()
    site.web.branded = False
    with Sandbox(site.world) as sandbox:
        assert _where(ask(sandbox, site.authorize())) == f"{sandbox.url}/login"
        for answer in (ask(sandbox, site.login()), site.sign_in(sandbox)):
            assert answer.status == 403
            assert "Login pages unavailable. Please contact an administrator." in answer.text
        assert ask(sandbox, site.login(site.server)).status == 200


def test_a_provider_that_the_client_does_not_have() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        assert _where(ask(sandbox, site.authorize(identity_provider="COGNITO"))).endswith("/login")
        assert ask(sandbox, site.authorize(identity_provider="Google")).told["error"] == "invalid_request"
        site.web.settings["SupportedIdentityProviders"] = ["Google"]
        answer = ask(sandbox, site.authorize())
    assert answer.told == {"error": "invalid_request", "client_id": site.web.id}


def test_without_a_scope_the_code_gets_all_that_the_client_allows() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        tokens = ask(sandbox, "/oauth2/token", site.exchange(site.code(sandbox, scope=None))).json
        doubled = "shop/read  email shop/read"
        narrow = ask(sandbox, "/oauth2/token", site.exchange(site.code(sandbox, scope=doubled))).json
    access, less = (jwt.decode(each["access_token"], options={"verify_signature": False}) for each in (tokens, narrow))
    assert (access["scope"], less["scope"]) == ("openid email shop/read", "shop/read email")
    assert "id_token" in tokens
    assert "id_token" not in narrow


def test_the_implicit_grant_gives_tokens_in_the_fragment() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        answer = site.sign_in(sandbox, response_type="token", nonce="n-2")
        narrow = site.sign_in(sandbox, response_type="token", scope="shop/read")
    assert answer.location.startswith(f"{CALLBACK}#id_token=ey")
    assert list(answer.fragment) == ["id_token", "access_token", "expires_in", "token_type", "state"]
    assert (answer.fragment["expires_in"], answer.fragment["token_type"]) == ("3600", "Bearer")
    assert jwt.decode(answer.fragment["id_token"], options={"verify_signature": False})["nonce"] == "n-2"
    assert list(narrow.fragment) == ["access_token", "expires_in", "token_type", "state"]


def test_the_form_is_plain_and_everything_in_it_is_escaped() -> None:
    site = Site()
    hostile = '"><script>alert(1)</script>'
    with Sandbox(site.world) as sandbox:
        page = ask(sandbox, site.login(state=hostile, login_hint=hostile))
        again = ask(sandbox, page.action, {"username": hostile, "password": "x"})
        raw = ask(sandbox, f"{site.login()}&x=%22%3E<script>'&amp;\"onfocus=")
        error = ask(sandbox, "/error?" + urlencode({"error": hostile}))
        back = ask(sandbox, page.action, {"username": "hanako", "password": PASSWORD})
    for each in (page, again, raw, error):
        assert "<script" not in each.text
        assert each.headers["Content-Type"] == "text/html;charset=UTF-8"
        assert each.headers["Content-Security-Policy"] == (
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert each.headers["X-Frame-Options"] == "DENY"
    assert 'value="&quot;&gt;&lt;script&gt;' in page.text
    assert re.findall('<input name="([a-z_]+)"', page.text) == ["username", "password"]
    assert back.told["state"] == hostile


def test_wrong_credentials_show_the_form_again() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        wrong = ask(sandbox, site.login(), {"username": "hanako", "password": "canary-wrong"})
        empty = ask(sandbox, site.login(), {})
        json = ask(sandbox, site.login(), b'{"username":"hanako"}', Content_Type="application/json")
        site.pool.users["hanako"].enabled = False
        disabled = site.sign_in(sandbox)
    assert "Incorrect username or password." in wrong.text
    assert 'value="hanako"' in wrong.text
    assert "canary-wrong" not in wrong.text
    assert "User is disabled." in disabled.text
    for each in (wrong, empty, json, disabled):
        assert (each.status, each.headers["Set-Cookie"]) == (200, None)


def test_a_temporary_password_has_to_be_changed() -> None:
    site = Site()
    hanako = site.pool.users["hanako"]
    hanako.status = "FORCE_CHANGE_PASSWORD"
    site.pool.settings["SchemaAttributes"] = [{"Name": "name", "Required": True}, {"Name": "email", "Required": True}]
    with Sandbox(site.world) as sandbox:
        page = site.sign_in(sandbox)
        assert page.status == 200
        assert re.findall('<input name="([A-Za-z_.]+)"', page.text) == ["new_password", "userAttributes.name"]
        nameless = ask(sandbox, page.action, {**page.form, "new_password": NEW_PASSWORD})
        assert "Missing required attribute name" in nameless.text
        told = {"userAttributes.name": "Hanako"}
        assert "expired" in ask(sandbox, page.action, {**page.form, "new_password": NEW_PASSWORD, **told}).text
        weak = ask(sandbox, page.action, {**nameless.form, "new_password": "weak", **told})
        assert "Password did not conform with policy" in weak.text
        assert (hanako.status, hanako.password) == ("FORCE_CHANGE_PASSWORD", PASSWORD)
        back = ask(sandbox, page.action, {**weak.form, "new_password": NEW_PASSWORD, **told})
        assert set(back.told) == {"code", "state"}
        assert "Incorrect" in site.sign_in(sandbox).text
    assert (hanako.status, hanako.password, hanako.attributes["name"]) == ("CONFIRMED", NEW_PASSWORD, "Hanako")


def test_a_step_of_a_sign_in_is_over_in_time_and_belongs_to_its_client() -> None:
    site = Site()
    site.pool.users["hanako"].status = "FORCE_CHANGE_PASSWORD"
    with Sandbox(site.world) as sandbox:
        for target, later in ((site.login(site.server), 0), (site.login(), 181)):
            page = site.sign_in(sandbox)
            site.world.clock_offset += later
            answer = ask(sandbox, target, {**page.form, "new_password": NEW_PASSWORD})
            assert "Invalid session for the user, session is expired." in answer.text
    assert site.pool.users["hanako"].status == "FORCE_CHANGE_PASSWORD"


def test_a_second_factor_is_asked_for() -> None:
    site = Site()
    site.pool.settings["MfaConfiguration"] = "OPTIONAL"
    hanako = site.pool.users["hanako"]
    with Sandbox(site.world) as sandbox:
        assert site.sign_in(sandbox).status == 302
        hanako.mfa, hanako.totp_secret = ["SOFTWARE_TOKEN_MFA"], "JBSWY3DPEHPK3PXP"
        page = site.sign_in(sandbox)
        assert re.findall('<input name="([a-z_]+)"', page.text) == ["code"]
        right = totp(hanako.totp_secret, site.world.now())
        page = ask(sandbox, page.action, {**page.form, "code": "no"})
        assert "Invalid code received for user" in page.text
        back = ask(sandbox, page.action, {**page.form, "code": right})
        assert set(back.told) == {"code", "state"}
        page = site.sign_in(sandbox)
        replayed = ask(sandbox, page.action, {**page.form, "code": right})
        assert "Your software token has already been used once." in replayed.text
        hanako.mfa, hanako.preferred_mfa = ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "EMAIL_OTP"
        page = site.sign_in(sandbox)
        sent = site.world.outbox[-1]
        assert (sent.destination, sent.medium) == ("hanako@example.com", "EMAIL")
        assert sent.code not in page.text
        wrong = ask(sandbox, page.action, {**page.form, "code": sent.code[::-1] + "0"})
        assert set(ask(sandbox, page.action, {**wrong.form, "code": f" {sent.code} "}).told) == {"code", "state"}
        hanako.mfa, site.pool.settings["MfaConfiguration"] = [], "ON"
        assert "cannot set up a second factor" in site.sign_in(sandbox).text


def test_a_browser_stays_signed_in_for_an_hour() -> None:
    site = Site()
    other = site.world.add_pool("other")
    other.settings["Domain"] = "other"
    other.add_user("hanako", PASSWORD)
    foreign = other.add_client("web", **site.web.settings)
    with Sandbox(site.world) as sandbox:
        back = site.sign_in(sandbox)
        told = str(back.headers["Set-Cookie"]).split("; ")[1:]
        assert told == ["Path=/", "Max-Age=3600", "HttpOnly", "SameSite=Lax"]
        silent = ask(sandbox, site.authorize(prompt="none"), Cookie=f"a=b; {back.cookie}; c=d")
        assert set(silent.told) == {"code", "state"}
        assert silent.told["code"] != back.told["code"]
        assert set(ask(sandbox, site.authorize(site.server), Cookie=back.cookie).told) == {"code", "state"}
        assert _where(ask(sandbox, site.authorize(prompt="login"), Cookie=back.cookie)).endswith("/login")
        refused = [
            ask(sandbox, site.authorize(foreign, prompt="none"), Cookie=back.cookie),
            ask(sandbox, site.authorize(prompt="none"), Cookie=back.cookie + "x"),
            ask(sandbox, site.authorize(prompt="none"), Cookie="cognito="),
        ]
        site.pool.users["hanako"].enabled = False
        refused.append(ask(sandbox, site.authorize(prompt="none"), Cookie=back.cookie))
        site.pool.users["hanako"].enabled = True
        site.world.clock_offset = COOKIE_LIFETIME
        refused.append(ask(sandbox, site.authorize(prompt="none"), Cookie=back.cookie))
    assert [each.told["error"] for each in refused] == ["login_required"] * 5


def test_signing_out() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        cookie = site.sign_in(sandbox).cookie
        foreign = ask(sandbox, f"/logout?client_id={site.web.id}&logout_uri=https://evil.example", Cookie=cookie)
        assert foreign.told == {"error": "invalid_request", "client_id": site.web.id}
        assert "code" in ask(sandbox, site.authorize(prompt="none"), Cookie=cookie).told
        bye = ask(sandbox, f"/logout?client_id={site.web.id}&logout_uri=http://localhost:9876/bye", Cookie=cookie)
        assert (bye.status, bye.location) == (302, "http://localhost:9876/bye")
        assert "Max-Age=0" in bye.headers["Set-Cookie"]
        assert ask(sandbox, site.authorize(prompt="none"), Cookie=cookie).told["error"] == "login_required"
        again = ask(sandbox, "/logout?" + urlencode(site.query()))
        assert (_where(again), again.told) == (f"{sandbox.url}/login", site.query())
        nowhere = ask(sandbox, f"/logout?client_id={site.web.id}")
        assert nowhere.told == {"error": "Required parameters missing"}


def test_other_verbs() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        head = ask(sandbox, site.authorize(), method="HEAD")
        assert (head.status, _where(head)) == (302, f"{sandbox.url}/login")
        for target in (site.authorize(), "/logout", "/error"):
            assert ask(sandbox, target, {}).status == 405
        assert ask(sandbox, site.login(), method="PUT").status == 405


def test_pages_are_denied_by_name_or_for_one_pool() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        sandbox.denied["Authorize"] = "server_error"
        assert ask(sandbox, site.authorize()).told == {"error": "server_error", "state": "canary state & more"}
        assert ask(sandbox, site.login()).status == 200
        sandbox.denied = {("Login", site.pool.id): "TooManyRequestsException"}
        throttled = ask(sandbox, site.login())
        assert (throttled.status, throttled.headers["x-amzn-ErrorType"]) == (429, "TooManyRequestsException")
        sandbox.denied = {"Login": "drop"}
        with pytest.raises(RemoteDisconnected):
            ask(sandbox, site.login())


def test_a_web_acl_stands_before_every_page() -> None:
    site = Site()
    site.pool.web_acl = "arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/a/b"
    site.world.web_acls[site.pool.web_acl] = WebAcl("pool", blocks=True)
    with Sandbox(site.world) as sandbox:
        answers = [
            ask(sandbox, site.authorize()),
            ask(sandbox, site.login()),
            ask(sandbox, "/oauth2/token", site.exchange("x")),
        ]
    assert [(each.status, each.headers["x-amzn-ErrorType"]) for each in answers] == [(403, "ForbiddenException")] * 3


@pytest.mark.parametrize("flows", [["client_credentials", "code"], ["client_credentials"]])
def test_settings_that_aws_would_refuse_are_a_mistake_of_the_world(flows: list[str]) -> None:
    site = Site()
    client = site.server if len(flows) > 1 else site.web
    client.settings["AllowedOAuthFlows"] = flows
    with Sandbox(site.world) as sandbox:
        answer = ask(sandbox, site.authorize(client))
    assert answer.status == 500
    assert "client_credentials goes with a secret" in answer.text


def test_a_code_is_good_for_five_minutes() -> None:
    site = Site()
    with Sandbox(site.world) as sandbox:
        early, late = site.code(sandbox), site.code(sandbox)
        site.world.clock_offset += CODE_LIFETIME - 10
        assert ask(sandbox, "/oauth2/token", site.exchange(early)).status == 200
        site.world.clock_offset += 10
        assert ask(sandbox, "/oauth2/token", site.exchange(late)).error == (400, {"error": "invalid_grant"})


def test_a_world_without_pools_answers_too() -> None:
    with Sandbox(World()) as sandbox:
        assert ask(sandbox, "/login").told == {"error": "Required parameters missing"}
        assert ask(sandbox, "/error").status == 400
        assert ask(sandbox, "/oauth2/token").status == 405
