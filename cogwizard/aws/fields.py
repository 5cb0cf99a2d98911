"""Typed access to what a service answered. Emulators and proxies answer anything: a wrong type is no crash."""

from collections.abc import Mapping
from typing import Any


class Malformed(ValueError):
    """An answer has not the form that its operation promises. The text names the field, never a value."""


def expect(value: object, kind: type, where: str) -> Any:
    """Return `value` if it is a `kind`. Raises Malformed."""
    # A bool is an int to Python, but no number in JSON.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Malformed(f"{where[:100]} is no {kind.__name__}")
    return value


def text(source: Mapping[str, Any], key: str) -> str | None:
    """Return a string, None when it is absent, null or empty. Raises Malformed."""
    value = source.get(key)
    return None if value is None else (expect(value, str, key) or None)


def required(source: Mapping[str, Any], key: str) -> str:
    """Return a string that must be there. Raises Malformed."""
    value = text(source, key)
    if value is None:
        raise Malformed(f"{key} is missing")
    return value


def flag(source: Mapping[str, Any], key: str) -> bool | None:
    """Return a boolean, None when it is absent. Raises Malformed."""
    value = source.get(key)
    return None if value is None else bool(expect(value, bool, key))


def table(source: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object, empty when it is absent. Raises Malformed."""
    value = source.get(key)
    return {} if value is None else dict(expect(value, dict, key))


def items(source: Mapping[str, Any], key: str) -> list[Any]:
    """Return a list, empty when it is absent. Raises Malformed."""
    value = source.get(key)
    return [] if value is None else list(expect(value, list, key))


def tables(source: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects, empty when it is absent. Raises Malformed."""
    return [expect(item, dict, f"{key}[]") for item in items(source, key)]


def texts(source: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of strings, empty when it is absent. Raises Malformed."""
    return tuple(expect(item, str, f"{key}[]") for item in items(source, key))
