"""All that an account holds, to compare: before a build and after its teardown."""

import copy
import hmac
import os
from dataclasses import asdict
from typing import Any

from cogwizard.sandbox.userpool import Pool
from cogwizard.sandbox.world import World

# Digests are told instead of secrets: a comparison that fails prints both sides.
_KEY = os.urandom(16)
_SECRETS = ("password", "totp_secret", "secret", "second_secret", "value", "custom_challenge")
# What only counts, or runs down by itself.
_COUNTS = ("failures", "locked_until", "totp_step", "canary_share", "refusals", "refusals_left", "looks", "events")


def state(world: World) -> dict[str, Any]:
    """Return what the account holds, kind by kind, comparable with `==` within this process. It holds no secret.

    Left out: what only counts (ids used up, failures, delays), what was issued, sent and logged, and pools that do not
    exist.
    """
    return {
        "pools": {pool.id: _plain(asdict(pool)) | {"arn": pool.arn} for pool in _pools(world)},
        "apis": {name: _plain(asdict(api)) for name, api in world.apis.items()},
        "http_apis": {name: _plain(asdict(api)) for name, api in world.http_apis.items()},
        "roles": {name: _plain(asdict(role)) for name, role in world.roles.items()},
        "functions": {name: _plain(asdict(function)) for name, function in world.lambda_functions.items()},
        "log_groups": {name: _plain(asdict(group)) for name, group in world.log_groups.items()},
        "usage_plans": [asdict(plan) for plan in world.usage_plans],
        "api_keys": [_plain(asdict(key)) for key in world.api_keys],
        "domain_names": copy.deepcopy(world.domain_names),
        "base_path_mappings": copy.deepcopy(world.base_path_mappings),
        "web_acls": {name: asdict(acl) for name, acl in world.web_acls.items()},
    }


def _pools(world: World) -> list[Pool]:
    return [pool for pool in world.pools.values() if pool.exists]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _digest(item) if name in _SECRETS and item is not None else _plain(item)
            for name, item in value.items()
            if name not in _COUNTS
        }
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _digest(value: object) -> str:
    return hmac.digest(_KEY, repr(value).encode(), "sha256").hex()[:16]
