"""API Gateway's reads about who may call how often. No value of an API key is asked for, or kept."""

from collections.abc import Callable, Mapping
from typing import Any

from cogwizard.aws.fields import Malformed, expect, flag, required, table, tables, text
from cogwizard.aws.pages import pages
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetApiKeys, GetUsagePlans
from cogwizard.model.usage import ApiKey, Limit, UsagePlan


def get_usage_plans(client: Any, read: GetUsagePlans) -> tuple[UsagePlan, ...]:
    """Return the usage plans: all, or those of one key."""
    chosen = {"keyId": read.key_id} if read.key_id else {}
    return tuple(_plan(item) for item in pages(client.get_usage_plans, **chosen))


def _plan(item: Mapping[str, Any]) -> UsagePlan:
    quota = table(item, "quota")
    throttle = table(item, "throttle")
    limit = quota.get("limit")
    return UsagePlan(
        text(item, "id") or "",
        tuple((required(stage, "apiId"), required(stage, "stage")) for stage in tables(item, "apiStages")),
        text(item, "name") or "",
        Limit(number(throttle, "rateLimit"), whole(throttle, "burstLimit")),
        None if limit is None else expect(limit, int, "limit"),
        text(quota, "period") or "",
    )


def get_api_keys(client: Any, _read: GetApiKeys) -> tuple[ApiKey, ...]:
    """Return the region's API keys, without their values."""
    found = pages(client.get_api_keys, includeValues=False)
    return tuple(ApiKey(required(item, "id"), flag(item, "enabled") is not False) for item in found)


def method_limit(setting: Mapping[str, Any]) -> Limit:
    """Return the throttle in an entry of GetStage's methodSettings; a negative number stands for none of its own."""
    rate, burst = number(setting, "throttlingRateLimit"), whole(setting, "throttlingBurstLimit")
    return Limit(rate if rate is None or rate >= 0 else None, burst if burst is None or burst >= 0 else None)


def number(source: Mapping[str, Any], key: str) -> float | None:
    """Return a number, None when it is absent. Raises Malformed."""
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(f"{key} is no number")
    return float(value)


def whole(source: Mapping[str, Any], key: str) -> int | None:
    """Return a whole number, None when it is absent. Raises Malformed."""
    value = source.get(key)
    return None if value is None else int(expect(value, int, key))


READERS: dict[type[Read], Callable[[Any, Any], Any]] = {GetUsagePlans: get_usage_plans, GetApiKeys: get_api_keys}
