"""An app client changed without losing anything: all that AWS told of it is sent back, with the one change."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cogwizard.model.client import DEFAULT_FLOWS

# What DescribeUserPoolClient tells and UpdateUserPoolClient does not take (research 7.4 [D]; ClientType [D: BOTO]).
READ_ONLY = frozenset({"ClientSecret", "LastModifiedDate", "CreationDate", "ClientType"})


def with_flows(told: Mapping[str, Any], accepted: Collection[str], flows: Iterable[str]) -> dict[str, Any]:
    """Return UpdateUserPoolClient's parameters: the app client as it was told, and `flows` allowed as well.

    `accepted`: what the SDK can send. A list of legacy flows is rewritten in the newer spelling, for the two never mix;
    what it allowed stays allowed (research 7.4 [R]: without a list AWS's default holds).
    """
    # An empty text is how an emulator tells what is not set; AWS takes none.
    sent = {key: value for key, value in told.items() if key in accepted and key not in READ_ONLY and value != ""}
    held = _newer(list(told.get("ExplicitAuthFlows") or DEFAULT_FLOWS))
    sent["ExplicitAuthFlows"] = [*held, *(flow for flow in flows if flow not in held)]
    return sent


_LEGACY = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
}


def _newer(held: list[str]) -> list[str]:
    if not any(flow in _LEGACY for flow in held):
        return held
    implied = ["ALLOW_REFRESH_TOKEN_AUTH"]
    if "CUSTOM_AUTH_FLOW_ONLY" not in held:
        implied.append("ALLOW_USER_SRP_AUTH")
    return list(dict.fromkeys([*(_LEGACY.get(flow, flow) for flow in held), *implied]))


def unknown_to_sdk(raw: Mapping[str, Any], accepted: Collection[str]) -> tuple[str, ...]:
    """Return what AWS sent and the installed SDK cannot send back: AWS would set it back to its default (7.4)."""
    return tuple(sorted(name for name in raw if name not in accepted and name not in READ_ONLY))
