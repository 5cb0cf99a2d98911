"""logs: log groups are made, looked at, searched and deleted. Texts are [R°]."""

import re
from collections.abc import Mapping
from typing import Any

from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.restapi import CREATED
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.things import LogEvent, LogGroup
from cogwizard.sandbox.world import World

_RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
_MOST = 50
_MOST_EVENTS = 10_000


def log_group(world: World, name: str) -> LogGroup:
    """Return a log group, made if it is not there."""
    arn = f"arn:{partition_of(world.region)[0]}:logs:{world.region}:{world.account_id}:log-group:{name}"
    with world.issued.lock:
        return world.log_groups.setdefault(name, LogGroup(name, arn))


def _find(context: Context, name: str) -> LogGroup:
    found = context.world.log_groups.get(name)
    if found is None or not context.is_here(context.world.region):
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return found


def _create_log_group(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, name = context.world, params["logGroupName"]
    if not context.is_here(world.region):
        raise AwsError("InvalidParameterException", f"The sandbox has log groups in {world.region} only")
    if name in world.log_groups:
        raise AwsError("ResourceAlreadyExistsException", "The specified log group already exists")
    log_group(world, name).tags.update(params.get("tags", {}))
    return {}


def _delete_log_group(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    del context.world.log_groups[_find(context, params["logGroupName"]).name]
    return {}


def _put_retention_policy(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    days = params["retentionInDays"]
    if days not in _RETENTION:  # the values [D: BOTO]
        text = f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
        raise AwsError("InvalidParameterException", text + f"Member must satisfy enum value set: {list(_RETENTION)}")
    _find(context, params["logGroupName"]).retention = days
    return {}


def _describe_log_groups(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, prefix, pattern = context.world, params.get("logGroupNamePrefix", ""), params.get("logGroupNamePattern", "")
    here = sorted(world.log_groups.values(), key=lambda group: group.name) if context.is_here(world.region) else []
    items = [_described(each) for each in here if each.name.startswith(prefix) and pattern.lower() in each.name.lower()]
    start, size = str(params.get("nextToken", "0")), params.get("limit", _MOST)
    if not (start.isdecimal() and start.isascii()):
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    end = int(start[:9]) + size
    page: dict[str, Any] = {"logGroups": items[end - size : end]}
    return page | {"nextToken": str(end)} if end < len(items) else page


def _described(group: LogGroup) -> dict[str, Any]:
    found: dict[str, Any] = {"logGroupName": group.name, "creationTime": CREATED * 1000, "metricFilterCount": 0}
    found |= {"arn": f"{group.arn}:*", "logGroupArn": group.arn, "storedBytes": 0, "logGroupClass": "STANDARD"}
    return found if group.retention is None else {**found, "retentionInDays": group.retention}


def _filter_log_events(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Search for one word or quoted term. A page may be empty with more to come [D: FilterLogEvents]."""
    world, pattern = context.world, params.get("filterPattern", "")
    group, size = _find(context, params["logGroupName"]), params.get("limit", _MOST_EVENTS)
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', pattern)
    if not quoted and not re.fullmatch(r"\w*", pattern):
        raise AwsError("InvalidParameterException", "Invalid filter pattern")
    term = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else pattern
    token = str(params.get("nextToken", "0"))
    if not (token.isdecimal() and token.isascii()):
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    page, at = divmod(int(token[:9]), _MOST_EVENTS)
    if page < world.empty_log_pages:
        return {"events": [], "searchedLogStreams": [], "nextToken": str((page + 1) * _MOST_EVENTS)}
    first, last = params.get("startTime", 0), params.get("endTime", 1 << 62)
    found = [each for each in group.events if term in each.text and first <= each.time <= last]
    shown = [each for each in found if not each.looks]
    for each in found:
        each.looks = max(0, each.looks - 1)
    events = [_event(each, number) for number, each in enumerate(shown)][at : at + size]
    told: dict[str, Any] = {"events": events, "searchedLogStreams": []}
    more = at + size < min(len(shown), _MOST_EVENTS)
    return {**told, "nextToken": str(page * _MOST_EVENTS + at + size)} if more else told


def _event(event: LogEvent, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {"logStreamName": "0", "timestamp": event.time, "message": event.text}
    return {**found, "ingestionTime": event.time, "eventId": str(number)}


def _list_tags(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    name = params["resourceArn"].partition(":log-group:")[2].removesuffix(":*")
    return {"tags": _find(context, name).tags}


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("logs", "CreateLogGroup"): _create_log_group,
    ("logs", "DeleteLogGroup"): _delete_log_group,
    ("logs", "PutRetentionPolicy"): _put_retention_policy,
    ("logs", "DescribeLogGroups"): _describe_log_groups,
    ("logs", "ListTagsForResource"): _list_tags,
    ("logs", "FilterLogEvents"): _filter_log_events,
}
