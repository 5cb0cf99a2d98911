"""How values travel: JSON with base64 in it, forms with nested names, XML. All by botocore's shapes, for no service."""

import base64
import binascii
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

_DEEPEST = 20  # levels of a nested name; no operation has as many
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_json(shape: Any, value: Any) -> Any:
    """Return a value of a JSON body with the members' names, blobs as bytes. What has another type stays as it is."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        return {
            names.get(key, key): read_json(shape.members[names[key]], item) if key in names else item
            for key, item in value.items()
        }
    if kind == "list" and isinstance(value, list):
        return [read_json(shape.member, item) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {key: read_json(shape.value, item) for key, item in value.items()}
    if kind == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return value
    return value


def write_json(shape: Any, value: Any) -> Any:
    """Return a value as a JSON body holds it."""
    if shape.type_name == "structure":
        members = {name: item for name, item in value.items() if item is not None}
        return {
            shape.members[name].serialization.get("name", name): write_json(shape.members[name], item)
            for name, item in members.items()
        }
    if shape.type_name == "list":
        return [write_json(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: write_json(shape.value, item) for key, item in value.items()}
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def read_scalar(shape: Any, text: str) -> Any:
    """Return a number or a truth value from a text; any other text stays as it is."""
    if shape.type_name in ("integer", "long") and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    return text == "true" if shape.type_name == "boolean" else text


def read_form(shape: Any, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters of the query protocol (`Tags.member.1.Key=...`). Names that the shape lacks are kept."""
    used: set[str] = set()
    heads = frozenset(head for name in form for head in _heads(name))
    found = _read_member(shape, form, heads, "", used) if shape is not None else None
    return {**(found or {}), **{name: value for name, value in form.items() if name not in used}}


def _heads(name: str) -> Iterator[str]:
    """Yield what a nested name begins with: `Tags.`, `Tags.member.` ..."""
    head = ""
    for part in name.split(".", _DEEPEST)[:-1]:
        head += f"{part}."
        yield head


def _read_member(shape: Any, form: Mapping[str, str], heads: Collection[str], key: str, used: set[str]) -> Any:
    inside = f"{key}." if key else ""
    if key and key not in form and inside not in heads:
        return None
    if shape.type_name == "structure":
        found = {
            name: _read_member(member, form, heads, inside + member.serialization.get("name", name), used)
            for name, member in shape.members.items()
        }
        return {name: value for name, value in found.items() if value is not None}
    if shape.type_name == "list":
        middle = "" if shape.serialization.get("flattened") else shape.member.serialization.get("name", "member") + "."
        return _read_items(shape.member, form, heads, inside + middle, used)
    if key not in form:
        return None
    used.add(key)
    return read_scalar(shape, form[key])


def _read_items(shape: Any, form: Mapping[str, str], heads: Collection[str], start: str, used: set[str]) -> list[Any]:
    found: list[Any] = []
    while (item := _read_member(shape, form, heads, f"{start}{len(found) + 1}", used)) is not None:
        found.append(item)
    return found


def write_xml(shape: Any, value: Any, tag: str) -> str:
    """Return an element of the query protocol's answers."""
    kind = shape.type_name
    if kind == "structure":
        members = {name: item for name, item in value.items() if item is not None}
        inner = "".join(
            write_xml(shape.members[name], item, shape.members[name].serialization.get("name", name))
            for name, item in members.items()
        )
    elif kind == "list":
        inner = "".join(
            write_xml(shape.member, item, shape.member.serialization.get("name", "member")) for item in value
        )
    elif kind == "timestamp":
        inner = datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        inner = xml_text(str(value).lower() if kind == "boolean" else str(value))
    return f"<{tag}>{inner}</{tag}>"


def xml_text(text: str) -> str:
    """Return a text escaped for XML; characters that it cannot hold are replaced."""
    return escape(_NOT_XML.sub("\ufffd", text))
