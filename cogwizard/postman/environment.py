"""An environment or globals file of Postman: variables by name (postman-oauth.md 1.3)."""

from dataclasses import dataclass, field
from typing import Any

from cogwizard.intake.errors import BadInput
from cogwizard.postman.document import foreign, is_environment, load


@dataclass(frozen=True)
class Variable:
    """`is_off`: switched off, which the app honours, and Newman and the Postman CLI do not (1.3 [run])."""

    value: str = field(repr=False)
    is_off: bool = False


@dataclass(frozen=True)
class Environment:
    """Variables by name. `is_globals`: variables of the collection go before these. `document`: as it was read."""

    variables: dict[str, Variable] = field(repr=False)
    is_globals: bool
    document: Any = field(repr=False)


def read_environment(text: str) -> Environment:
    """Return the variables of an environment or globals file. Raises BadInput with a `postman-...` key."""
    document = load(text, "postman-env")
    if isinstance(document, dict) and isinstance(document.get("environment"), dict):
        document = document["environment"]  # as Postman's API hands it out
    if not is_environment(document):
        is_collection = isinstance(document, dict) and ("item" in document or "info" in document)
        is_collection = is_collection or (isinstance(document, dict) and isinstance(document.get("collection"), dict))
        raise BadInput("postman-env-is-collection" if is_collection else foreign_environment(document))
    is_globals = document.get("_postman_variable_scope") == "globals"
    return Environment(variables_in(document["values"], is_environment_file=True), is_globals, document)


def foreign_environment(document: Any) -> str:
    """Return the key of the message for JSON that is no environment."""
    kind = foreign(document)
    return kind if kind in ("postman-openapi", "postman-har") else "postman-env-foreign"


def variables_in(entries: Any, *, is_environment_file: bool = False) -> dict[str, Variable]:
    """Return the variables of a list of Postman's; what has no name is left out. Of two with one name the last counts.

    `disabled` switches one off everywhere, `enabled: false` only for the app (1.3 [run]). `is_environment_file`: those
    that are `enabled: false` are kept, unless the name stands there enabled too.
    """
    found: dict[str, Variable] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or entry.get("disabled") is True:
            continue
        name = entry.get("key", entry.get("id"))
        if not isinstance(name, str) or not name:
            continue
        is_off = is_environment_file and entry.get("enabled") is False
        if is_off and name in found and not found[name].is_off:
            continue
        found[name] = Variable(plain(entry.get("value")), is_off)
    return found


def plain(value: Any) -> str:
    """Return a scalar of a file as text; null, lists and objects are ""."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""
