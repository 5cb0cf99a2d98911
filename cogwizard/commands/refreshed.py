"""`diagnose --token vault:NAME`: tokens of the vault that have run out are refreshed before the call is made again."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cogwizard.aws.session import Settings
from cogwizard.commands.keeping import keep
from cogwizard.commands.output import held_in_vault, say
from cogwizard.model.case import Case
from cogwizard.model.inert import inert
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens
from cogwizard.text import Texts

if TYPE_CHECKING:
    from cogwizard.login import Login
    from cogwizard.signin.order import Order

_VAULT = "vault:"


def refreshed(case: Case, source: str | None, settings: Settings, texts: Texts) -> Case:
    """Return the case with a new token where the one from `source` has run out, else as it is; say what was done.

    Only where the call is going to be made: a token that was given otherwise, or whose call is only looked at, is what
    is to be judged. A refused refresh is told, and the old token goes. Raises UsageError, BadName, SetupError.
    """
    token = case.given_token
    is_made = case.replay and case.answer is None and not case.offline
    if not (is_made and token and source and source.startswith(_VAULT)):
        return case
    from cogwizard.ports import Ports
    from cogwizard.renewal import is_due, renew, same_of

    held = held_in_vault(entry_name(source))
    if held.entry.kind != "tokens":
        return case
    tokens = held.tokens()
    if not is_due(token, tokens, case.now):
        return case
    login = renew(Ports(settings), tokens, _order(tokens, held.entry.about))
    if login is None or login.tokens is None:
        _tell_refusal(login, texts)
        return case
    new = same_of(token, tokens, login.tokens)
    shown = read_token(new)
    until = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(shown.time_claim("exp") or login.tokens.expires_at))
    say(f"cogwizard: {texts.screen('refresh', 'refreshed', token=shown.label, until=until)}")
    keep(held.entry.name, login.tokens, held.entry.about, texts)  # with rotation the old refresh token is good no more
    return replace(case, given_token=new)


def entry_name(source: str) -> str:
    """Return the name in `vault:NAME` and `vault:NAME.access`."""
    from cogwizard.vault.outcome import split

    return split(source.removeprefix(_VAULT))[0]


def _order(tokens: Tokens, about: Mapping[str, str]) -> "Order | None":
    """Return by what the tokens came, where the entry says it and they do not."""
    from cogwizard.signin.order import Order, order_of

    client_id = about.get("client_id")
    if order_of(tokens) is not None or not client_id:
        return None
    return Order(
        "refresh", client_id, about.get("user_pool_id"), about.get("region"), username=about.get("username") or None
    )


def _tell_refusal(login: "Login | None", texts: Texts) -> None:
    say(f"cogwizard: {texts.screen('refresh', 'refused' if login else 'unknown client')}")
    findings = login.findings() if login else []
    fails = [item for item in findings if item.verdict == "fail"]
    for finding in fails or [item for item in findings if item.verdict == "unknown"][:1]:
        say(f"cogwizard: {finding.code}: {inert(texts.summary(finding))}")
