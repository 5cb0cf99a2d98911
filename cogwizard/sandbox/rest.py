"""rest-json: parameters from path, query, headers and body; answers to status, headers and body."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cogwizard.sandbox.wire import read_json, read_scalar

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from cogwizard.sandbox.protocol import Request


def json_object(body: bytes) -> dict[str, Any] | None:
    """Return the object that a JSON body is, None for any other body."""
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def rest_params(
    operation: "OperationModel", path: Mapping[str, str], query: list[tuple[str, str]], request: "Request"
) -> dict[str, Any] | None:
    """Return parameters from the values in the path, the query, headers and body. None: the body is no JSON object."""
    payload = operation.input_shape.serialization.get("payload") if operation.input_shape else None
    body = json_object(request.body) if request.body and not payload else {}
    if body is None:
        return None
    params: dict[str, Any] = {payload: request.body} if payload else {}
    rest: str | None = None
    known = set()
    for name, shape in operation.input_shape.members.items() if operation.input_shape else ():
        place, key = shape.serialization.get("location"), shape.serialization.get("name", name)
        values: list[str] = []
        if place == "uri":
            values = [path[key]]
        elif place == "header":
            values = [value for value in (request.header(key),) if value is not None]
        elif place == "querystring" and shape.type_name == "map":
            rest = name
        elif place == "querystring":
            known.add(key)
            values = [value for item, value in query if item == key]
        elif place is None and key in body:
            params[name] = read_json(shape, body[key])
        if values:
            params[name] = values if shape.type_name == "list" else read_scalar(shape, values[0])
    if rest and (left := {key: value for key, value in query if key not in known}):
        params[rest] = left
    return params


def split_output(shape: Any, value: Mapping[str, Any]) -> tuple[int | None, list[tuple[str, str]], dict[str, Any]]:
    """Return the status where a member holds it, the headers, and the members of the body."""
    status, headers, members = None, [], {}
    for name, item in value.items():
        place = shape.members[name].serialization
        if place.get("location") == "header":
            headers.append((place["name"], str(item)))
        elif place.get("location") == "statusCode":
            status = item
        else:
            members[name] = item
    return status, headers, members
