"""Lengths, ranges, patterns and enumerations of botocore's models, which boto3 does not check but AWS does."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any


def broken(shape: Any, value: Any, name: str = "") -> str | None:
    """Return AWS's text for the constraints that a value breaks, None when it breaks none. It quotes no value.

    Form of the text: research 7.2 [R]; AWS quotes the value too, which may be a secret.
    """
    found = list(_broken(shape, value, name))
    if not found:
        return None
    plural = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {plural} detected: {'; '.join(found)}"


def _broken(shape: Any, value: Any, name: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        for member, item in value.items():
            first = member[:1].lower() + member[1:]
            yield from _broken(shape.members[member], item, f"{name}.{first}" if name else first)
    elif kind == "list":
        yield from _outside(shape, len(value), name, "length")
        for at, item in enumerate(value, 1):
            yield from _broken(shape.member, item, f"{name}.{at}.member")
    elif kind == "map":
        for key, item in value.items():
            yield from _broken(shape.key, key, f"{name}.key")
            yield from _broken(shape.value, item, f"{name}.value")
    elif kind == "string":
        yield from _broken_text(shape, value, name)
    elif kind in ("integer", "long"):
        yield from _outside(shape, value, name, "value")


def _broken_text(shape: Any, text: str, name: str) -> Iterator[str]:
    yield from _outside(shape, len(text), name, "length")
    values, pattern = getattr(shape, "enum", None), shape.metadata.get("pattern")
    if values and text not in values:
        yield f"{_start(name)} satisfy enum value set: [{', '.join(values)}]"
    if pattern and not _fits(pattern, text):
        yield f"{_start(name)} satisfy regular expression pattern: {pattern}"
    elif any("\ud800" <= char <= "\udfff" for char in text):
        yield f"{_start(name)} be valid Unicode"


def _outside(shape: Any, size: int, name: str, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{_start(name)} have {what} greater than or equal to {least}"
    if most is not None and size > most:
        yield f"{_start(name)} have {what} less than or equal to {most}"


def _start(name: str) -> str:
    return f"Value at '{name}' failed to satisfy constraint: Member must"


def _fits(pattern: str, text: str) -> bool:
    if "\\p{" in pattern:
        # Java's classes of characters, which Python lacks: the models list all that can be seen, some also spaces.
        spaces = "\\p{Z}" in pattern or "\\s" in pattern or "\\x20" in pattern
        return all(spaces if char.isspace() else not unicodedata.category(char).startswith("C") for char in text)
    return re.fullmatch(pattern, text, re.ASCII) is not None
