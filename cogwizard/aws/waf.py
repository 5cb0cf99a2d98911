"""AWS WAF's read: what a web ACL may stop, and what it answers then."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cogwizard.aws.fields import expect, required, table, tables, text
from cogwizard.model.firewall import BlockResponse, WebAcl
from cogwizard.model.read import Read
from cogwizard.model.read_waf import GetWebAcl

_PASSES = ("Allow", "Count")  # any other action may stop a call, one that this SDK does not know too
_GROUPS = ("ManagedRuleGroupStatement", "RuleGroupReferenceStatement")
_FIREWALL_MANAGER = ("PreProcessFirewallManagerRuleGroups", "PostProcessFirewallManagerRuleGroups")


def get_web_acl(client: Any, read: GetWebAcl) -> WebAcl:
    """Return what the web ACL may stop. A group's own rules are not part of the answer: a group may stop a call."""
    acl = table(client.get_web_acl(ARN=read.arn), "WebACL")
    bodies = {
        key: text(expect(item, dict, key), "Content") or "" for key, item in table(acl, "CustomResponseBodies").items()
    }
    actions = list(_actions(acl))
    blocks = _has_groups(acl) or not all(any(kind in action for kind in _PASSES) for _, action in actions)
    responses = (_response(rule, table(action, "Block"), bodies) for rule, action in actions)
    return WebAcl(required(acl, "Name"), blocks, tuple(item for item in responses if item))


def _actions(acl: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (rule, action): each rule's, those that replace a group's, and the default."""
    for rule in tables(acl, "Rules"):
        name = required(rule, "Name")
        if not any(kind in table(rule, "Statement") for kind in _GROUPS):  # a group's rules have their own
            yield name, table(rule, "Action")
        for kind in _GROUPS:
            for override in tables(table(table(rule, "Statement"), kind), "RuleActionOverrides"):
                yield f"{name}/{required(override, 'Name')}", table(override, "ActionToUse")
    yield "", table(acl, "DefaultAction")


def _has_groups(acl: Mapping[str, Any]) -> bool:
    """Whether rules that stand elsewhere may stop a call; a group that only counts stops none."""
    if any(tables(acl, key) for key in _FIREWALL_MANAGER):
        return True
    return any(
        kind in table(rule, "Statement") and "Count" not in table(rule, "OverrideAction")
        for rule in tables(acl, "Rules")
        for kind in _GROUPS
    )


def _response(rule: str, block: Mapping[str, Any], bodies: Mapping[str, str]) -> BlockResponse | None:
    custom = table(block, "CustomResponse")
    if not custom:
        return None
    status = expect(custom.get("ResponseCode"), int, "ResponseCode")
    headers = tuple((required(item, "Name"), text(item, "Value") or "") for item in tables(custom, "ResponseHeaders"))
    return BlockResponse(rule, status, bodies.get(text(custom, "CustomResponseBodyKey") or "", ""), headers)


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {GetWebAcl: get_web_acl}
