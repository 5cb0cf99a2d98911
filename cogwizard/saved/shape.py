"""Facts as JSON and back, after the type hints of their dataclasses. What is read is hostile until it has its type."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from cogwizard.intake.errors import BadInput

Json = Any  # str, int, float, bool, None, or lists and objects of these
LONGEST_TEXT = 1_000_000  # characters
_LARGEST_NUMBER = 10**15  # far above any time, far below what a clock or a float cannot hold
_MOST = 200_000  # members of a list or an object


def written(value: object, hint: Any) -> Json:
    """Return `value`, which has the type `hint`, as JSON; members that hold their default are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: written(held, hints(type(value))[item.name])
            for item in fields(value)
            if (held := getattr(value, item.name)) != _default(item)
        }
    if isinstance(value, Mapping):
        inner = get_args(_one_of(hint, Mapping))[1]
        return {str(key): written(held, inner) for key, held in value.items()}
    if isinstance(value, tuple):
        inner = get_args(_one_of(hint, tuple))
        each = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return [written(held, kind) for held, kind in zip(value, each, strict=True)]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):  # what is beyond all measure, or no number, is no time and no rate
        return value if abs(value) < _LARGEST_NUMBER else 0
    raise TypeError(f"{type(value).__name__} cannot be saved")


def taken(value: Json, hint: Any, at: str) -> Any:
    """Return what `value` stands for as the type `hint`; `at` is the member's place, for people.

    Raises BadInput (`case-member-...`): a member that is missing, not known, of another type, or beyond all measure.
    """
    if get_origin(hint) in (Union, UnionType):
        kinds = get_args(hint)
        if value is None and NoneType in kinds:
            return None
        kinds = tuple(kind for kind in kinds if kind is not NoneType)
        return taken(value, next((kind for kind in kinds if _fits(value, kind)), kinds[0]), at)
    if get_origin(hint) is Literal:
        if value not in get_args(hint) or not isinstance(value, str):
            raise _wrong(at, " | ".join(get_args(hint)))
        return value
    if get_origin(hint) is tuple:
        return _tuple(value, get_args(hint), at)
    if get_origin(hint) is Mapping:
        return _mapping(value, get_args(hint)[1], at)
    if is_dataclass(hint):
        return taken_members(value, hint, at)
    return _scalar(value, hint, at)


def taken_members(value: Json, kind: Any, at: str, left: Mapping[str, object] | None = None) -> Any:
    """Return the dataclass `kind` of an object's members; `left` are those that are not in the object."""
    left = left or {}
    if not isinstance(value, dict):
        raise _wrong(at, "object")
    known = {item.name: item for item in fields(kind) if item.name not in left}
    for name in value:
        if name not in known:
            raise BadInput("case-member-unknown", member=_inside(at, name))
    for name, item in known.items():
        if name not in value and _default(item) is MISSING:
            raise BadInput("case-member-missing", member=_inside(at, name))
    found = hints(kind)
    members = {name: taken(held, found[name], _inside(at, name)) for name, held in value.items()}
    return kind(**members, **left)


@cache
def hints(kind: Any) -> dict[str, Any]:
    """Return the type of each field of a dataclass."""
    return get_type_hints(kind)


def _default(item: Any) -> object:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def _one_of(hint: Any, origin: Any) -> Any:
    """Return the part of a hint that is a tuple or a mapping: the hint itself, or one of its alternatives."""
    return next(kind for kind in (hint, *get_args(hint)) if get_origin(kind) is origin)


def _inside(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _wrong(at: str, wanted: str) -> BadInput:
    return BadInput("case-member-wrong", member=at, wanted=wanted)


def _fits(value: Json, kind: Any) -> bool:
    """Whether a value is of the JSON type that `kind` is written as."""
    if get_origin(kind) is tuple:
        return isinstance(value, list)
    if get_origin(kind) is Mapping or is_dataclass(kind):
        return isinstance(value, dict)
    if kind in (int, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if kind is bool else str)


def _tuple(value: Json, kinds: tuple[Any, ...], at: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise _wrong(at, "list")
    if kinds[-1] is Ellipsis:
        return tuple(taken(item, kinds[0], f"{at}[{number}]") for number, item in enumerate(value))
    if len(value) != len(kinds):
        raise _wrong(at, f"list ({len(kinds)})")
    each = enumerate(zip(value, kinds, strict=True))
    return tuple(taken(item, kind, f"{at}[{number}]") for number, (item, kind) in each)


def _mapping(value: Json, kind: Any, at: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > _MOST:
        raise _wrong(at, "object")
    return {_text(name, at): taken(held, kind, _inside(at, name)) for name, held in value.items()}


def _scalar(value: Json, kind: Any, at: str) -> Any:
    if kind is bool:
        if not isinstance(value, bool):
            raise _wrong(at, "true | false")
        return value
    if kind in (int, float):
        number = value if isinstance(value, int) or (kind is float and isinstance(value, float)) else None
        if number is None or isinstance(value, bool) or not abs(number) < _LARGEST_NUMBER:
            raise _wrong(at, "number")
        return number
    if kind is str:
        return _text(value, at)
    if kind is bytes:  # a request's body is never saved
        raise _wrong(at, "null")
    raise TypeError(f"{kind} cannot be read")


def _text(value: Json, at: str) -> str:
    if not isinstance(value, str):
        raise _wrong(at, "string")
    if len(value) > LONGEST_TEXT:
        raise BadInput("case-text-long", member=at, limit=str(LONGEST_TEXT))
    return value
