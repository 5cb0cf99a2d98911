"""Before signing in: which flow is open, what it can give, and which one leads to the wanted token."""

from dataclasses import replace
from typing import Any

import pytest

from cogwizard.model.attempt import FLOWS
from cogwizard.model.pool import Pool
from cogwizard.steps.offers import Offer, offers
from cogwizard.text import LANGUAGES, Texts
from tests.steps.signing import CLIENT, CONFIDENTIAL, DENIED_CLIENT, DENIED_POOL, MACHINE, NO_CLIENT, POOL, POOL_ID

API = ("password", "srp", "admin", "refresh")


def by_flow(*facts: Any, **wanted: Any) -> dict[str, Offer]:
    """Return the offers by flow."""
    return {offer.flow: offer for offer in offers(*facts, **wanted)}


def proposed(*facts: Any, **wanted: Any) -> str | None:
    """Return the flow that is proposed."""
    found = [offer.flow for offer in offers(*facts, **wanted) if offer.proposed]
    assert len(found) <= 1
    return found[0] if found else None


def test_every_flow_is_offered() -> None:
    """All seven, in the order of the interface, whatever is known."""
    for client in (CLIENT, None, DENIED_CLIENT, NO_CLIENT):
        for pool in (POOL, None, DENIED_POOL):
            assert tuple(offer.flow for offer in offers(client, pool)) == FLOWS


def test_a_flow_that_is_off_says_which_setting() -> None:
    """Name, what it must hold, what it holds, and the code whose fixes mend it."""
    found = by_flow(CLIENT, POOL)
    assert {flow: offer.state for flow, offer in found.items()} == {
        "password": "allowed",
        "srp": "allowed",
        "admin": "off",
        "browser": "allowed",
        "implicit": "off",
        "client-credentials": "off",
        "refresh": "allowed",
    }
    (setting,) = found["admin"].settings
    assert (setting.name, setting.expected, setting.code) == (
        "ExplicitAuthFlows",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "auth-flow-not-enabled",
    )
    assert setting.actual.startswith("ALLOW_USER_PASSWORD_AUTH, ")
    assert [item.name for item in found["implicit"].settings] == ["AllowedOAuthFlows"]
    assert "ClientSecret" in [item.name for item in found["client-credentials"].settings]


def test_oauth_that_is_off() -> None:
    """No domain, the switch, no callback URL: each is named."""
    client = replace(CLIENT, oauth_enabled=False, callback_urls=())
    found = by_flow(client, Pool(POOL_ID))["browser"]
    codes = ["domain-missing", "oauth-not-enabled", "redirect-mismatch"]
    assert [item.code for item in found.settings] == codes


def test_what_is_not_known_is_neither_allowed_nor_off() -> None:
    """A denied read of the app client, or of the pool for the flows of its domain."""
    assert {offer.state for offer in offers(DENIED_CLIENT, POOL)} == {"unknown"}
    found = by_flow(CLIENT, DENIED_POOL)
    assert found["browser"].state == "unknown"
    assert found["srp"].state == "allowed"
    assert found["implicit"].state == "off"


def test_what_a_flow_can_ever_give() -> None:
    """6.1 [D]: kinds of token, and scopes of the access token."""
    found = by_flow(CLIENT, POOL)
    assert found["srp"].tokens == ("id-token", "access-token", "refresh-token")
    assert {found[flow].scopes for flow in ("password", "srp", "admin")} == {("aws.cognito.signin.user.admin",)}
    assert found["browser"].scopes == ("openid", "orders/read")
    assert found["implicit"].tokens == ("id-token", "access-token")
    assert found["refresh"].scopes is None
    machine = by_flow(replace(MACHINE, scopes=("openid", "orders/read")), POOL)["client-credentials"]
    assert (machine.tokens, machine.scopes) == (("access-token",), ("orders/read",))
    without = by_flow(replace(CLIENT, scopes=("orders/read",)), POOL)["browser"]
    assert "id-token" not in without.tokens


def test_secrets_and_notes() -> None:
    """Which flow needs the client secret, and the price of client credentials."""
    public, confidential = by_flow(CLIENT, POOL), by_flow(CONFIDENTIAL, POOL)
    assert {offer.needs_secret for offer in public.values()} == {False}
    assert {flow for flow, offer in confidential.items() if offer.needs_secret} == {*FLOWS} - {"implicit"}
    assert {offer.needs_secret for offer in offers(None, POOL)} == {None}
    assert "price" in public["client-credentials"].notes
    assert "iam" in public["admin"].notes
    rotating = by_flow(replace(CLIENT, rotates_refresh_tokens=True, explicit_flows=("ALLOW_USER_SRP_AUTH",)), POOL)
    assert rotating["refresh"].state == "allowed"
    assert "rotation" in rotating["refresh"].notes


@pytest.mark.parametrize(
    ("client", "wanted", "scopes", "best"),
    [
        (CLIENT, "id-token", (), "srp"),
        (replace(CLIENT, explicit_flows=("ALLOW_USER_PASSWORD_AUTH",)), "id-token", (), "password"),
        (replace(CLIENT, explicit_flows=("ALLOW_ADMIN_USER_PASSWORD_AUTH",)), "id-token", (), "browser"),
        (CLIENT, None, (), "srp"),
        (CLIENT, "access-token", ("orders/read",), "browser"),
        (replace(CLIENT, grants=("implicit",)), "access-token", ("orders/read",), "implicit"),
        (MACHINE, "access-token", ("orders/read",), "client-credentials"),
        (CLIENT, "access-token", ("aws.cognito.signin.user.admin",), "srp"),
        (CLIENT, "access-token", ("orders/write",), "refresh-nothing"),
        (MACHINE, "access-token", ("orders/write",), "refresh-nothing"),
        (DENIED_CLIENT, "id-token", (), "srp"),
    ],
)
def test_the_flow_that_leads_to_the_token_is_proposed(
    client: Any, wanted: Any, scopes: tuple[str, ...], best: str
) -> None:
    """An ID token comes from any sign-in; a custom scope from the domain's endpoints only."""
    expected = None if best == "refresh-nothing" else best
    assert proposed(client, POOL, wanted, scopes) == expected


def test_a_held_refresh_token_comes_first() -> None:
    """Nobody types a password again while a refresh token is held."""
    assert proposed(CLIENT, POOL, "id-token", has_refresh_token=True) == "refresh"
    assert proposed(CLIENT, POOL, "access-token", ("orders/read",), has_refresh_token=True) == "browser"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_its_text(language: str) -> None:
    """Flows, states and notes are labels of the catalogue."""
    texts = Texts(language)
    for client in (CLIENT, CONFIDENTIAL, MACHINE, None, replace(CLIENT, rotates_refresh_tokens=True)):
        for held in (True, False):
            for offer in offers(client, POOL, "access-token", ("orders/read",), held):
                assert texts.label(f"flow {offer.flow}")
                assert texts.label(f"offer {offer.state}")
                assert all(texts.label(f"offer note {note}") for note in offer.notes)
                assert all(texts.title(setting.code) for setting in offer.settings)
