"""The Postman checklist judged: each rule broken, nearly broken and right, and nothing said to be fine unseen."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from cogwizard.model.attempt import Refusal
from cogwizard.model.client import AppClient
from cogwizard.model.domain import Branding, ResourceServer, UserPoolDomain
from cogwizard.model.pool import Pool
from cogwizard.model.postman import CALLBACKS, RETIRED, Needs, Setup
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetExport
from cogwizard.model.read_cognito import (
    DescribeManagedLoginBrandingByClient,
    DescribeUserPool,
    DescribeUserPoolClient,
    DescribeUserPoolDomain,
    ListResourceServers,
)
from cogwizard.report.postman import build
from cogwizard.steps import POSTMAN
from cogwizard.steps.checklist import causes, judge, outcome
from cogwizard.steps.postman import ORDER
from cogwizard.steps.postman_requests import CODES
from cogwizard.steps.postman_values import app_of, block, proposed
from cogwizard.text import LANGUAGES, Texts

REGION, POOL, CLIENT = "eu-west-1", "eu-west-1_AbCdEf123", "4p3a2n0example"
SECRET = "canarysecret" * 4
BASE = f"https://shop.auth.{REGION}.amazoncognito.com"
DESKTOP = CALLBACKS["desktop-browser"]
PUBLIC = AppClient(
    CLIENT,
    POOL,
    "web",
    oauth_enabled=True,
    grants=("code", "implicit"),
    scopes=("openid", "email", "shop/read"),
    callback_urls=(DESKTOP, "https://app.example.com/cb"),
)
CONFIDENTIAL = replace(PUBLIC, secret=SECRET)
MACHINE = replace(CONFIDENTIAL, grants=("client_credentials",), scopes=("shop/read",), callback_urls=())
CLIENT_READ = DescribeUserPoolClient(REGION, POOL, CLIENT)
POOL_READ = DescribeUserPool(REGION, POOL)
DOMAIN_READ = DescribeUserPoolDomain(REGION, "shop")
SERVERS_READ = ListResourceServers(REGION, POOL)
STYLE_READ = DescribeManagedLoginBrandingByClient(REGION, POOL, CLIENT)
ID, ACCESS = Needs("id-token", (), "Authorization"), Needs("access-token", ("shop/read",), "Authorization")


def made(client: Any = PUBLIC, needs: Needs = ID, *, facts: dict[Read, object] | None = None, **more: Any) -> Setup:
    """Return a set-up whose facts are all known and in order, but for `facts`."""
    known: dict[Read, object] = {
        CLIENT_READ: client,
        POOL_READ: Pool(POOL, "shop", domain="shop"),
        DOMAIN_READ: UserPoolDomain("shop", POOL),
        SERVERS_READ: (ResourceServer("shop", "Shop", ("shop/read", "shop/write")),),
        **(facts or {}),
    }
    return Setup(REGION, CLIENT, POOL, needs=needs, facts=known, **more)


def tab(**fields: str) -> dict[str, Any]:
    """Return the members of a set-up that was read from a file: a right one for the public client, but for `fields`."""
    right = {
        "grant_type": "authorization_code_with_pkce",
        "authUrl": f"{BASE}/oauth2/authorize",
        "accessTokenUrl": f"{BASE}/oauth2/token",
        "redirect_uri": DESKTOP,
        "clientId": CLIENT,
        "clientSecret": "",
        "scope": "openid",
        "client_authentication": "body",
        "challengeAlgorithm": "S256",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
        "accessToken": "",
    }
    kept_out = {} if "accessToken" in fields else {"accessToken": ("id_token",)}
    return {"entered": {**right, **fields}, "in_file": True, "open": kept_out}


def bad(setup: Setup) -> list[tuple[str, str]]:
    """Return code and variant of what fails or warns, but for the choice that nobody can see."""
    found = [item for item in judge(setup) if item.verdict in ("fail", "warn")]
    return [(item.code, item.variant) for item in found if item.variant != "choose"]


@pytest.mark.parametrize("client", [PUBLIC, CONFIDENTIAL])
@pytest.mark.parametrize("needs", [ID, ACCESS])
def test_a_right_set_up_has_nothing_wrong(client: AppClient, needs: Needs) -> None:
    setup = made(client, needs)
    assert (bad(setup), outcome(judge(setup))) == ([], "healthy")
    codes = [item.code for item in judge(setup)]
    assert sorted(codes) == sorted(code for step in POSTMAN for code in step.codes), "each check once"


def test_client_credentials_have_nothing_wrong_where_an_access_token_is_wanted() -> None:
    assert bad(made(MACHINE, ACCESS)) == []
    assert bad(made(MACHINE, ID)) == [("openid-scope-missing", "machine")]


BROKEN: list[tuple[str, Setup, list[tuple[str, str]]]] = [
    ("grant off", made(replace(PUBLIC, grants=("implicit",)), **tab()), [("grant-not-enabled", "fail")]),
    ("OAuth off", made(replace(PUBLIC, oauth_enabled=False)), [("oauth-not-enabled", "fail")]),
    ("password grant", made(**tab(grant_type="password_credentials")), [("grant-not-enabled", "password")]),
    ("plain", made(**tab(challengeAlgorithm="plain")), [("pkce-mismatch", "plain")]),
    ("plain without PKCE", made(**tab(challengeAlgorithm="plain", grant_type="authorization_code")), []),
    ("slash", made(**tab(redirect_uri=f"{DESKTOP}/")), [("redirect-mismatch", "too-long")]),
    ("registered other", made(**tab(redirect_uri="https://app.example.com/cb")), []),
    ("capital", made(**tab(redirect_uri="https://App.example.com/cb")), [("redirect-mismatch", "differs")]),
    (
        "browser decides",
        made(replace(PUBLIC, callback_urls=("https://app.example.com/cb",)), app="web"),
        [("redirect-mismatch", "differs")],
    ),
    (
        "retired",
        made(**tab(redirect_uri=RETIRED[0])),
        [("redirect-mismatch", "retired")],
    ),
    ("token endpoint", made(**tab(redirect_uri=f"{BASE}/oauth2/token")), [("redirect-mismatch", "an-endpoint")]),
    ("plain http", made(**tab(redirect_uri="http://app.example.com/cb")), [("redirect-mismatch", "plain-http")]),
    ("no callback", made(**tab(redirect_uri="")), [("redirect-mismatch", "empty")]),
    ("fragment", made(**tab(redirect_uri="https://app.example.com/cb#x")), [("redirect-mismatch", "fragment")]),
    ("none registered", made(replace(PUBLIC, callback_urls=())), [("redirect-mismatch", "none-registered")]),
    ("login page", made(**tab(authUrl=f"{BASE}/login")), []),
    ("capitals in the host", made(**tab(authUrl=f"{BASE.replace('shop', 'SHOP')}/login")), []),
    ("the usual port", made(**tab(accessTokenUrl=f"{BASE}:443/oauth2/token")), []),
    ("another port", made(**tab(accessTokenUrl=f"{BASE}:444/oauth2/token")), [("token-url-wrong", "other-domain")]),
    ("capitals in the path", made(**tab(authUrl=f"{BASE}/Login")), [("auth-url-wrong", "path")]),
    ("fragment in the auth URL", made(**tab(authUrl=f"{BASE}/login#x")), [("auth-url-wrong", "path")]),
    ("empty token", made(**tab(accessToken="")), [("header-not-sent", "no-token-in-file")]),
    ("auth path", made(**tab(authUrl=f"{BASE}/authorize")), [("auth-url-wrong", "path")]),
    ("auth slash", made(**tab(authUrl=f"{BASE}/oauth2/authorize/")), [("auth-url-wrong", "slash")]),
    ("auth http", made(**tab(authUrl=f"{BASE}/login".replace("https", "http"))), [("auth-url-wrong", "not-https")]),
    (
        "issuer",
        made(**tab(authUrl=f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}/oauth2/authorize")),
        [("auth-url-wrong", "issuer-host")],
    ),
    (
        "guide's example",
        made(**tab(authUrl="https://mydomain.auth.us-east-1.amazoncognito.com/login")),
        [("auth-url-wrong", "example")],
    ),
    (
        "region of the API",
        made(**tab(authUrl="https://shop.auth.us-east-1.amazoncognito.com/login")),
        [("auth-url-wrong", "other-region")],
    ),
    (
        "other pool's domain",
        made(**tab(authUrl=f"https://other.auth.{REGION}.amazoncognito.com/login")),
        [("auth-url-wrong", "other-domain")],
    ),
    ("no auth URL", made(**tab(authUrl="")), [("auth-url-wrong", "empty")]),
    (
        "both the same",
        made(**tab(accessTokenUrl=f"{BASE}/oauth2/authorize")),
        [("auth-url-wrong", "same"), ("token-url-wrong", "same")],
    ),
    ("token slash", made(**tab(accessTokenUrl=f"{BASE}/oauth2/token/")), [("token-url-wrong", "slash")]),
    ("token path", made(**tab(accessTokenUrl=f"{BASE}/token")), [("token-url-wrong", "path")]),
    ("implicit needs no token URL", made(**tab(grant_type="implicit", accessTokenUrl="")), []),
    (
        "no domain",
        made(facts={POOL_READ: Pool(POOL)}),
        [("domain-missing", "fail")],
    ),
    (
        "managed login without a style",
        made(facts={DOMAIN_READ: UserPoolDomain("shop", POOL, True), STYLE_READ: Absent(STYLE_READ, "X")}),
        [("login-page-unavailable", "fail")],
    ),
    (
        "managed login with a style",
        made(facts={DOMAIN_READ: UserPoolDomain("shop", POOL, True), STYLE_READ: Branding("b")}),
        [],
    ),
    ("no client ID", made(**tab(clientId="")), [("client-id-mismatch", "empty")]),
    ("name for ID", made(**tab(clientId="web")), [("client-id-mismatch", "name")]),
    ("other client", made(**tab(clientId="7abc")), [("client-id-mismatch", "other")]),
    ("space behind it", made(**tab(clientId=f"{CLIENT} ")), [("client-id-mismatch", "spaces")]),
    ("client gone", made(Absent(CLIENT_READ, "ResourceNotFoundException")), [("client-id-mismatch", "not-in-pool")]),
    (
        "secret missing",
        made(CONFIDENTIAL, **tab(client_authentication="header")),
        [("client-secret-not-sent", "empty")],
    ),
    ("secret there", made(CONFIDENTIAL, **tab(client_authentication="header", clientSecret=SECRET)), []),
    ("secret in the body", made(CONFIDENTIAL, **tab(clientSecret=SECRET)), []),
    ("secret for a public client", made(**tab(clientSecret="x")), [("client-secret-superfluous", "entered")]),
    (
        "Basic for a public client",
        made(**tab(client_authentication="header")),
        [("client-secret-superfluous", "basic")],
    ),
    ("comma", made(**tab(scope="openid,email")), [("scope-not-allowed", "comma"), ("openid-scope-missing", "fail")]),
    ("scope not allowed", made(**tab(scope="openid phone")), [("scope-not-allowed", "named")]),
    ("short name", made(**tab(scope="openid shop/reed")), [("scope-not-allowed", "no-such-scope")]),
    ("no openid", made(**tab(scope="email")), [("openid-scope-missing", "fail")]),
    ("all scopes", made(**tab(scope="")), []),
    (
        "scope of the method missing",
        made(needs=ACCESS, **tab(scope="openid email")),
        [("scope-not-in-token", "oauth-never")],
    ),
    ("into the URL", made(**tab(addTokenTo="queryParams")), [("header-not-sent", "query")]),
    ("mac", made(**tab(tokenType="mac")), [("header-not-sent", "mac")]),
    ("no prefix", made(**tab(headerPrefix="")), []),
    ("prefix with a colon", made(**tab(headerPrefix="Bearer:")), [("header-malformed", "colon")]),
    ("foreign prefix", made(**tab(headerPrefix="JWT")), [("header-malformed", "foreign-scheme")]),
    ("Bearer twice", made(**tab(accessToken="Bearer abc.def.ghi")), [("header-malformed", "double-scheme")]),
    ("another header", made(needs=replace(ID, header="X-Auth")), [("header-name-mismatch", "postman")]),
]


@pytest.mark.parametrize(("setup", "wanted"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_rule(setup: Setup, wanted: list[tuple[str, str]]) -> None:
    assert bad(setup) == wanted


@pytest.mark.parametrize("setup", [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_has_its_sentence(lang: str, setup: Setup) -> None:
    for item in judge(setup):
        assert Texts(lang).summary(item)
        assert SECRET not in repr(item)


READS = (CLIENT_READ, POOL_READ, DOMAIN_READ, SERVERS_READ)


@pytest.mark.parametrize("denied", [(read,) for read in READS] + [READS], ids=lambda reads: reads[0].operation)
@pytest.mark.parametrize(("setup", "wanted"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_denied_read_makes_nothing_fine(
    setup: Setup, wanted: list[tuple[str, str]], denied: tuple[Read, ...]
) -> None:
    """What was a cause is still one, or not known; and nothing fails that did not."""
    facts = {**setup.facts, **{read: Unread(read, "denied", "AccessDeniedException") for read in denied}}
    found = judge(replace(setup, facts=facts))
    verdicts = {item.code: item.verdict for item in found}
    assert {code: verdicts[code] for code, _ in wanted if verdicts[code] in ("pass",)} == {}
    assert set(causes(found)) <= set(causes(judge(setup)))
    if wanted:
        assert outcome(found) != "healthy"


def test_without_any_fact_nothing_is_fine() -> None:
    found = judge(Setup())
    assert outcome(found) == "inconclusive"
    assert {item.code for item in found if item.verdict == "pass"} <= {
        "pkce-mismatch",
        "header-not-sent",
        "header-placeholder",
        "header-malformed",
        "openid-scope-missing",
    }


@pytest.mark.parametrize(
    "fields", [{"grant_type": "implicit", "headerPrefix": "Bearer"}, {"accessToken": "{{token}}"}, {"authUrl": " "}]
)
def test_a_file_that_says_nothing_of_signing_in_is_no_broken_one(fields: dict[str, str]) -> None:
    """Postman writes the keys alone that somebody touched."""
    open_ = {"accessToken": ("token",)} if "accessToken" in fields else {}
    setup = Setup(in_file=True, entered={**fields, "accessToken": ""}, open=open_, offline=True)
    found = judge(setup)
    assert [item.code for item in found if item.verdict == "fail"] == []
    assert {item.verdict for item in found if item.step == "postman_callback"} == {"skipped"}
    assert outcome(found, offline=True) == "inconclusive"


def test_every_code_has_its_place_in_the_order() -> None:
    codes = {code for step in POSTMAN for code in step.codes} | set(CODES)
    assert codes - set(ORDER) == {"secret-in-file"}, "a warning, never a cause"


def test_causes_stand_in_the_order_in_which_they_would_stop() -> None:
    setup = made(
        replace(PUBLIC, oauth_enabled=False),
        **tab(redirect_uri=f"{DESKTOP}/", scope="phone", client_authentication="header", addTokenTo="queryParams"),
    )
    assert causes(judge(setup)) == [
        "redirect-mismatch",
        "oauth-not-enabled",
        "scope-not-allowed",
        "client-secret-superfluous",
        "openid-scope-missing",
        "header-not-sent",
    ]
    assert {code for step in POSTMAN for code in step.codes} <= set(ORDER)


@pytest.mark.parametrize(
    ("registered", "app"),
    [
        ((DESKTOP,), "desktop-browser"),
        ((CALLBACKS["web"],), "web"),
        ((CALLBACKS["vscode"], "https://x.example"), "vscode"),
        (("https://x.example",), "desktop-popup"),
        ((), "desktop-browser"),
    ],
)
def test_the_postman_that_fits_the_app_client_is_proposed(registered: tuple[str, ...], app: str) -> None:
    assert app_of(made(replace(PUBLIC, callback_urls=registered))) == app


def test_the_proposal_is_whole_and_secret_only_where_it_must_be() -> None:
    found = proposed(made(CONFIDENTIAL, ACCESS))
    assert found == {
        "grant_type": "authorization_code_with_pkce",
        "useBrowser": "true",
        "redirect_uri": DESKTOP,
        "authUrl": f"{BASE}/oauth2/authorize",
        "accessTokenUrl": f"{BASE}/oauth2/token",
        "challengeAlgorithm": "S256",
        "clientId": CLIENT,
        "clientSecret": SECRET,
        "client_authentication": "header",
        "scope": "openid shop/read",
        "useTokenType": "access-token",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
    }
    assert "useTokenType" not in block(made())
    assert SECRET not in repr(made(CONFIDENTIAL))


# -- what the endpoints answer -----------------------------------------------------------------------------------------


def test_what_an_endpoint_takes_is_in_order_though_it_could_not_be_read() -> None:
    facts: dict[Read, object] = {CLIENT_READ: Unread(CLIENT_READ, "denied", "AccessDeniedException")}
    before = {item.code: item.verdict for item in judge(made(facts=facts))}
    after = {item.code: item.verdict for item in judge(made(facts=facts, answers={"authorize": None, "token": None}))}
    settled = {code for code in before if (before[code], after[code]) == ("unknown", "pass")}
    assert settled == {
        "client-id-mismatch",
        "redirect-mismatch",
        "oauth-not-enabled",
        "grant-not-enabled",
        "scope-not-allowed",
    }
    assert after["client-secret-not-sent"] == "unknown"


@pytest.mark.parametrize(
    ("client", "refusal", "wanted"),
    [
        (PUBLIC, Refusal("token", "", "", 405), ["token-endpoint-405"]),
        (CONFIDENTIAL, Refusal("token", "invalid_client", "", 400), []),
        (MACHINE, Refusal("token", "unauthorized_client", "", 400), []),
    ],
)
def test_what_the_token_endpoint_answers_is_explained(client: AppClient, refusal: Refusal, wanted: list[str]) -> None:
    needs = ACCESS if client is MACHINE else ID
    assert causes(judge(made(client, needs, answers={"token": refusal}))) == wanted


def test_an_empty_secret_that_was_refused_is_named() -> None:
    """Postman's default at a public client: Basic with an empty secret."""
    setup = made(**tab(client_authentication="header"), answers={"token": Refusal("token", "invalid_client", "", 400)})
    assert causes(judge(setup)) == ["client-secret-superfluous"]
    proof = next(item for item in judge(setup) if item.code == "client-secret-superfluous")
    assert proof.evidence[0].actual == "invalid_client"


def test_a_refusal_that_nothing_explains_is_said() -> None:
    setup = made(answers={"authorize": Refusal("authorize", "strange_error", "", 400)})
    found = judge(setup)
    assert (causes(found), outcome(found)) == ([], "inconclusive")
    assert "answer-not-explained" in [item.code for item in found if item.verdict == "unknown"]


def test_a_host_that_does_not_answer_is_said() -> None:
    refusal = Refusal("authorize", "ConnectTimeoutError", "", 0, "unreachable")
    found = judge(made(answers={"authorize": refusal}))
    assert outcome(found) == "inconclusive"
    assert "aws-unreachable" in [item.code for item in found]


# -- what nobody read ------------------------------------------------------------------------------------------------

EXPORT_READ = GetExport(REGION, "a1b2c3d4e5", "prod")
CALL = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders"


@pytest.mark.parametrize("needs", [ID, ACCESS])
def test_what_only_the_draft_says_is_not_known(needs: Needs) -> None:
    setup = made(PUBLIC, replace(needs, url=CALL, because=(EXPORT_READ,), assumed=True))
    found = {item.code: item for item in judge(setup)}
    for code in ("id-token-not-selected", "id-token-where-access-token-expected", "scope-not-in-token"):
        assert (found[code].verdict, found[code].because) == ("unknown", (EXPORT_READ,))
    assert (outcome(judge(setup)), found["redirect-mismatch"].verdict) == ("inconclusive", "pass")


@pytest.mark.parametrize(
    ("needs", "variant"),
    [
        (Needs(), "no-call"),
        (Needs(url=CALL), "not-guarded"),
        (Needs(url=CALL, because=(EXPORT_READ,)), "unread"),
    ],
)
def test_why_nobody_knows_what_the_method_wants(needs: Needs, variant: str) -> None:
    found = {item.code: item for item in judge(made(PUBLIC, needs))}
    for code in ("id-token-not-selected", "scope-not-in-token", "header-name-mismatch"):
        assert (found[code].verdict, found[code].variant) == ("unknown", variant)


def test_a_secret_in_an_unknown_variable_may_be_superfluous() -> None:
    right = tab(clientSecret="{{client_secret}}")
    for value, verdict in (("{{client_secret}}", "unknown"), ("", "pass")):
        entered = {**right["entered"], "clientSecret": value}
        setup = made(**{**right, "entered": entered, "open": {**right["open"], "clientSecret": ("client_secret",)}})
        assert next(item.verdict for item in judge(setup) if item.code == "client-secret-superfluous") == verdict


# -- what may not be shown -------------------------------------------------------------------------------------------

HOLDERS = [
    {"authUrl": f"{BASE}/oauth2/authorise?client_secret={SECRET}"},
    {"authUrl": f"{BASE}/oauth2/authorize?code={SECRET}"},
    {"accessTokenUrl": f"https://user:{SECRET}@shop.example.com/oauth2/token"},
    {"redirect_uri": f"https://app.example.com/other?code={SECRET}"},
    {"redirect_uri": f"{DESKTOP}?password={SECRET}"},
    {"redirect_uri": f"http://app.example.com/cb?api_key={SECRET}"},
    {"redirect_uri": f"https://user:{SECRET}@app.example.com/cb"},
    {"redirect_uri": SECRET},
    {"clientId": SECRET},
    {"scope": f"openid {SECRET}"},
]


@pytest.mark.parametrize("fields", HOLDERS)
def test_a_secret_in_the_wrong_field_is_not_shown(fields: dict[str, str]) -> None:
    for meant in (CLIENT, None):
        setup = replace(made(**tab(**fields)), client_id=meant)
        found = judge(setup)
        assert SECRET not in repr([(item.params, item.evidence) for item in found])
        for lang in LANGUAGES:
            assert SECRET not in json.dumps(build(setup, found, Texts(lang)))


def test_a_token_in_the_scope_is_in_no_command() -> None:
    token = ".".join([b64encode(b'{"alg":"RS256","kid":"k"}').decode().rstrip("="), "e30canary", SECRET])
    setup = made(**tab(scope=f"openid {token}"))
    assert SECRET not in json.dumps(build(setup, judge(setup), Texts("en")))


def test_a_blank_at_the_end_of_a_callback_url_is_shown() -> None:
    found = next(item for item in judge(made(**tab(redirect_uri=f"{DESKTOP} "))) if item.code == "redirect-mismatch")
    assert (found.variant, found.params["rest"], found.params["sent"]) == ("too-long", " ", f"{DESKTOP} ")
