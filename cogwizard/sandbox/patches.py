"""patchOperations of API Gateway's updates, and the rules that a method must keep to."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from cogwizard.sandbox.protocol import AwsError
from cogwizard.sandbox.restapi import Api

_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_WITH_AUTHORIZER = ("CUSTOM", "COGNITO_USER_POOLS")


def bad_request(text: str) -> AwsError:
    """Return a BadRequestException."""
    return AwsError("BadRequestException", text)


def conflict(text: str) -> AwsError:
    """Return a ConflictException."""
    return AwsError("ConflictException", text, 409)


def patched(
    held: Mapping[str, Any], operations: Sequence[Mapping[str, Any]], texts: Sequence[str], lists: Sequence[str]
) -> dict[str, Any]:
    """Return a copy of `held` with patch operations applied.

    `texts`: members that can be replaced; `lists`: members to which values (several with commas) can be added, and from
    which they can be removed. Raises BadRequestException for any other operation (text [R°]).
    """
    made = copy.deepcopy(dict(held))
    for each in operations:
        op, path, value = each.get("op"), each.get("path", ""), each.get("value", "")
        name = path.removeprefix("/")
        if op == "replace" and name in texts:
            made[name] = value
        elif op == "add" and name in lists:
            made[name] = list(dict.fromkeys([*made.get(name, ()), *_values(value)]))
        elif op == "remove" and name in lists:
            made[name] = [item for item in made.get(name, ()) if item not in _values(value)]
        else:
            known = [f"/{name}" for name in (texts if op == "replace" else lists)]
            text = f"Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{', '.join(known)}]"
            raise bad_request(text)
    return made


def _values(value: str) -> list[str]:
    return [part for part in (part.strip() for part in value.split(",")) if part]


def patched_method(api: Api, held: Mapping[str, Any], operations: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return a copy of a method with patch operations applied. Raises BadRequestException for what AWS refuses.

    Text for the authorizer: research 1.11 [V].
    """
    texts = ("authorizationType", "authorizerId", "apiKeyRequired", "operationName")
    made = patched(held, operations, texts, ("authorizationScopes",))
    made["apiKeyRequired"] = made.get("apiKeyRequired") in (True, "true")
    if made["authorizationType"] not in _TYPES:
        raise bad_request(
            "Invalid authorization type specified. Authorization type must be one of " + ", ".join(_TYPES)
        )
    if made["authorizationType"] not in _WITH_AUTHORIZER:
        made.pop("authorizerId", None)
        made.pop("authorizationScopes", None)
    elif api.draft.authorizer(made.get("authorizerId")) is None:
        text = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
        raise bad_request(text + "requires a valid authorizer.")
    if not made.get("authorizationScopes"):
        made.pop("authorizationScopes", None)
    return made
