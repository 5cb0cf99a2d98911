"""Each refusal of the research, made by the sandbox with its own status, type and text, ends as its one cause."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cogwizard.login import Login
from cogwizard.model.tokens import Tokens
from cogwizard.report import markdown, text
from cogwizard.report.signin import build
from cogwizard.signin.redirect import Code
from cogwizard.text import Texts
from tests.signin.login_kit import CALLBACK, NEW, PASSWORD, SECRET, SECRETS, TEMPORARY, Bench, browse, causes, query

Make = Callable[[Bench], Login]
WRONG = "Canary-Wrong-9"


def told(login: Login) -> str:
    """Return all that can be told of a sign-in: every report in every form and language, and what Python shows."""
    findings = login.findings()
    parts = [repr(login.attempt), repr(findings), repr(vars(login)["order"])]
    for lang in ("en", "ja"):
        document = build(login.attempt, findings, Texts(lang), login.endpoint)
        parts += [json.dumps(document), text.render(document, Texts(lang), verbose=True)]
        parts += [markdown.render(document, Texts(lang))]
    return "\n".join(parts)


def quiet(login: Login) -> None:
    """Assert that nothing secret is told: neither what was sent nor a token that came."""
    shown = told(login)
    assert not [secret for secret in (*SECRETS, WRONG, "eyJ") if secret in shown]


def start(flow: str = "password", password: str = PASSWORD, /, **order: Any) -> Make:
    """A sign-in with a password; `order["client"]`: settings of an app client of its own."""

    def make(bench: Bench) -> Login:
        given = dict(order)
        client = bench.client(**given.pop("client")) if "client" in given else None
        login = bench.login(flow, client, **given)
        login.start(password)
        return login

    return make


def user(change: Callable[[Bench], object], make: Make | None = None) -> Make:
    """A sign-in after a change of the user, the pool or the world."""

    def made(bench: Bench) -> Login:
        change(bench)
        return (make or start())(bench)

    return made


def answered(answers: dict[str, str], change: Callable[[Bench], object], seconds: float = 0) -> Make:
    """A challenge, answered after some seconds."""

    def made(bench: Bench) -> Login:
        change(bench)
        login = bench.login()
        assert login.start(bench.user.password or "")
        bench.world.clock_offset += seconds
        login.answer(answers)
        return login

    return made


def temporary(bench: Bench) -> None:
    """The user has a temporary password."""
    bench.user.status, bench.user.password = "FORCE_CHANGE_PASSWORD", TEMPORARY


def old(bench: Bench) -> None:
    """... set eight days ago."""
    temporary(bench)
    bench.user.password_set_at = bench.world.now() - 8 * 86_400


def app(bench: Bench) -> None:
    """The user has an authenticator app."""
    bench.pool.settings["MfaConfiguration"] = "ON"
    bench.user.mfa, bench.user.totp_secret = ["SOFTWARE_TOKEN_MFA"], "JBSWY3DPEHPK3PXP"


def locked(bench: Bench) -> None:
    """Too many failures, a moment ago."""
    bench.user.failures, bench.user.locked_until = 9, bench.world.now() + 600


def refreshed(tokens: Callable[[Bench], Tokens], **order: Any) -> Make:
    """A refresh."""

    def made(bench: Bench) -> Login:
        held = tokens(bench)
        login = bench.login("refresh", **order)
        login.refresh(held)
        return login

    return made


def revoked(bench: Bench) -> Tokens:
    """Tokens of a user who signed out everywhere."""
    tokens = bench.tokens()
    bench.ports.clients.sign_in_client(bench.pool.region, signed=False).global_sign_out(AccessToken=tokens.access_token)
    return tokens


def outlived(bench: Bench) -> Tokens:
    """Tokens whose refresh token ran out."""
    tokens = bench.tokens()
    bench.world.clock_offset += 40 * 86_400
    return tokens


HIDING = {"PreventUserExistenceErrors": "ENABLED"}
SRP_ONLY = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
API: dict[str, tuple[Make, str]] = {
    "hash-missing": (start(client={"secret": SECRET}, look=False), "secret-hash-missing"),
    "hash-wrong": (start(client={"secret": SECRET}, secret="x" * 40), "secret-hash-wrong"),
    "hash-superfluous": (start(secret=SECRET), "secret-hash-superfluous"),
    "password-wrong": (start("password", WRONG), "wrong-credentials"),
    "password-wrong-srp": (start("srp", WRONG), "wrong-credentials"),
    "password-wrong-admin": (start("admin", WRONG), "wrong-credentials"),
    "user-unknown": (start(username="nobody"), "wrong-credentials"),
    "user-unknown-hidden": (start(username="nobody", client=HIDING), "wrong-credentials"),
    "user-unknown-srp-hidden": (start("srp", username="nobody", client=HIDING), "wrong-credentials"),
    "locked": (user(locked), "attempts-exceeded"),
    "disabled": (user(lambda bench: setattr(bench.user, "enabled", False)), "user-disabled"),
    "unconfirmed": (user(lambda bench: setattr(bench.user, "status", "UNCONFIRMED")), "user-not-confirmed"),
    "reset": (user(lambda bench: setattr(bench.user, "status", "RESET_REQUIRED")), "password-reset-required"),
    "temporary-old": (user(old, start("password", TEMPORARY)), "temporary-password-expired"),
    "temporary": (user(temporary, start("password", TEMPORARY)), "challenge-not-completed"),
    "flow-off": (start(client={"ExplicitAuthFlows": SRP_ONLY}), "auth-flow-not-enabled"),
    "flow-off-srp": (start("srp", client={"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}), "auth-flow-not-enabled"),
    "flow-off-admin": (start("admin", client={"ExplicitAuthFlows": SRP_ONLY}), "auth-flow-not-enabled"),
    "flow-off-unread": (start(client={"ExplicitAuthFlows": SRP_ONLY}, look=False), "auth-flow-not-enabled"),
    "code-wrong": (answered({"SOFTWARE_TOKEN_MFA_CODE": "123"}, app), "mfa-code-wrong"),
    "policy": (answered({"NEW_PASSWORD": "short"}, temporary), "password-policy"),
    "session-over": (answered({"NEW_PASSWORD": NEW}, temporary, 400), "session-expired"),
    "trigger": (
        user(lambda bench: bench.pool.triggers.update({"PreAuthentication": "not on Sundays"})),
        "trigger-refused",
    ),
    "refresh-garbage": (refreshed(lambda _: Tokens(refresh_token="garbage")), "refresh-token-invalid"),
    "refresh-other-client": (refreshed(lambda bench: bench.tokens(bench.client())), "refresh-token-invalid"),
    "refresh-revoked": (refreshed(revoked), "token-revoked"),
    "refresh-over": (refreshed(outlived), "refresh-token-invalid"),
}


@pytest.mark.parametrize("name", API)
def test_by_the_api(bench: Bench, name: str) -> None:
    make, code = API[name]
    login = make(bench)
    assert causes(login)[:1] == [code], (login.refusal, login.challenge)
    assert login.tokens is None
    quiet(login)


@pytest.mark.parametrize("look", [True, False])
def test_a_client_that_is_not_there(bench: Bench, look: bool) -> None:
    gone = bench.client("gone")
    del bench.pool.clients[gone.id]
    login = bench.login("password", gone, look=look)
    login.start(PASSWORD)
    assert causes(login) == ["client-not-found"]


def brought(flow: str = "browser", change: Callable[[str], str] = lambda url: url, /, **order: Any) -> Make:
    """A sign-in in the browser, perhaps with another address on the way back."""

    def made(bench: Bench) -> Login:
        given = dict(order)
        client = bench.client(**given.pop("client")) if "client" in given else None
        uri = f"{CALLBACK}/" if given.pop("slash", False) else CALLBACK
        login = bench.login(flow, client, domain=bench.sandbox.url, redirect_uri=uri, **given)
        bench.brought(login, change)
        return login

    return made


def twice(bench: Bench) -> Login:
    """A code that was redeemed already."""
    login = bench.login("browser")
    urls: list[str] = []
    assert bench.brought(login, lambda url: urls.append(url) or url)  # type: ignore[func-returns-value]
    login.tokens = None
    login.finish(Code(query(urls[0])["code"]))
    return login


def late(bench: Bench) -> Login:
    """A code that is six minutes old."""
    login = bench.login("browser")

    def wait(url: str) -> str:
        bench.world.clock_offset += 360
        return url

    bench.brought(login, wait)
    return login


def other_verifier(bench: Bench) -> Login:
    """A code that was asked for with another verifier."""
    login, other = bench.login("browser"), bench.login("browser")
    request = other.authorize()
    assert request is not None
    code = query(browse(request.url))["code"]
    login.authorize()
    login.finish(Code(code))
    return login


def machine(order: dict[str, Any] | None = None, **settings: Any) -> Make:
    """Client credentials."""

    def made(bench: Bench) -> Login:
        chosen = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/read"], **settings}
        client = bench.client(**chosen)
        login = bench.login("client-credentials", client, username=None, **(order or {}))
        login.client_credentials()
        return login

    return made


OAUTH: dict[str, tuple[Make, str]] = {
    "redirect": (brought(slash=True), "redirect-mismatch"),
    "scope": (brought(scopes=("openid", "shop/write")), "scope-not-allowed"),
    "grant-off": (brought(client={"AllowedOAuthFlows": ["implicit"]}), "grant-not-enabled"),
    "oauth-off": (brought(client={"AllowedOAuthFlowsUserPoolClient": False}), "oauth-not-enabled"),
    "secret-missing": (brought(client={"secret": SECRET}, look=False), "client-secret-not-sent"),
    "secret-wrong": (brought(client={"secret": SECRET}, secret="x" * 40), "client-credentials-refused"),
    "secret-superfluous": (brought(secret=SECRET), "client-secret-superfluous"),
    "code-twice": (twice, "code-invalid"),
    "code-late": (late, "code-invalid"),
    "verifier": (other_verifier, "code-invalid"),  # the answer tells it not from a code that was used
    "machine-secret-wrong": (machine({"secret": "x" * 40}, secret=SECRET), "client-credentials-refused"),
    "machine-scope": (machine({"scopes": ("openid",)}, secret=SECRET), "scope-not-allowed"),
    "machine-grant-off": (machine(secret=SECRET, AllowedOAuthFlows=["code"]), "grant-not-enabled"),
}


@pytest.mark.parametrize("name", OAUTH)
def test_at_the_domain(bench: Bench, name: str) -> None:
    make, code = OAUTH[name]
    login = make(bench)
    assert code in causes(login), (login.refusal, causes(login))
    assert login.tokens is None
    quiet(login)
