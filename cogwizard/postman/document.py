"""A file that should be Postman's: read as JSON however deep it is, and told apart from what other programs export."""

import json
import os
import re
from pathlib import Path
from typing import Any

from cogwizard.intake.errors import BadInput

LONGEST = 100 * 1024 * 1024  # characters
_DEEPEST = 200_000  # arrays and objects in each other; deeper is no file of anybody's
_GAP = re.compile(r"[ \t\r\n]*+")
# Numbers stay text: one of a million digits is no reason to stop, nor to wait.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_ENTRIES = 2000  # of a directory; a collection has its marks at its top


def load(text: str, prefix: str) -> Any:
    """Return a JSON document; numbers stay text. `prefix` begins the keys of the errors: "postman" or "postman-env".

    Raises BadInput `{prefix}-empty`, `-too-long`, `-not-json`, `-too-deep`, or what `foreign_text` recognises.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadInput(f"{prefix}-empty")
    if len(text) > LONGEST:
        raise BadInput(f"{prefix}-too-long")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return _Deep(text, prefix).read()
    except ValueError:
        if kind := foreign_text(text[:10_000]):
            raise BadInput(kind) from None
        raise BadInput(f"{prefix}-not-json") from None


class _Deep:
    """Reads JSON without recursion: items may be nested as deep as the file is long."""

    def __init__(self, text: str, prefix: str) -> None:
        self._text, self._prefix = text, prefix
        self._at = 0
        self._open: list[tuple[Any, str]] = []  # what is not closed yet, and the member that comes next in it

    def read(self) -> Any:
        while True:
            key = self._key()
            sign = self._next()
            if sign in ("[", "{"):
                value: Any = [] if sign == "[" else {}
                self._at += 1
                if self._next() != ("]" if sign == "[" else "}"):
                    self._push(value, key)
                    continue
                self._at += 1
            else:
                value = self._scalar()
            if self._ends(value, key):
                return value if not self._open else self._open[0][0]

    def _ends(self, value: Any, key: str) -> bool:
        """Put a value where it belongs, close what ends behind it; return whether the document does."""
        while self._open:
            holder = self._open[-1][0]
            if isinstance(holder, dict):
                holder[key] = value
            else:
                holder.append(value)
            sign = self._next()
            self._at += 1
            if sign == ",":
                return False
            if sign != ("}" if isinstance(holder, dict) else "]"):
                raise BadInput(f"{self._prefix}-not-json")
            if len(self._open) == 1:
                break
            value, key = self._open.pop()
        if self._next():
            raise BadInput(f"{self._prefix}-not-json")
        return True

    def _push(self, holder: Any, key: str) -> None:
        if len(self._open) >= _DEEPEST:
            raise BadInput(f"{self._prefix}-too-deep")
        self._open.append((holder, key))

    def _key(self) -> str:
        """Return the name of the next member, "" where what is open has none."""
        if not self._open or not isinstance(self._open[-1][0], dict):
            return ""
        key = self._scalar() if self._next() == '"' else None
        if not isinstance(key, str) or self._next() != ":":
            raise BadInput(f"{self._prefix}-not-json")
        self._at += 1
        return key

    def _next(self) -> str:
        """Return the next character that is no gap, "" at the end."""
        found = _GAP.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _scalar(self) -> Any:
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except ValueError:
            raise BadInput(f"{self._prefix}-not-json") from None
        return value


# -- whose file is it? -------------------------------------------------------------------------------------------------

_TEXTS = (
    ("postman-v3", re.compile(r"(?m)^[\"']?\$kind[\"']?\s*:")),
    ("postman-openapi", re.compile(r"(?m)^[\"']?(?:openapi|swagger)[\"']?\s*:")),
    ("postman-insomnia", re.compile(r"(?m)^type\s*:\s*[\"']?(?:collection|environment|spec)\.insomnia")),
    ("postman-bruno", re.compile(r"(?m)^(?:meta|vars|auth:oauth2|headers)(?::\w+)?\s*\{")),
)


def foreign_text(text: str) -> str | None:
    """Return the key of the message for a text that is no JSON but a file of a known program, else None."""
    return next((key for key, pattern in _TEXTS if pattern.search(text)), None)


def foreign(document: Any) -> str | None:
    """Return the key of the message for JSON that is neither a collection nor an environment but known, else None."""
    if not isinstance(document, dict):
        return None
    log = document.get("log")
    if "$kind" in document:
        return "postman-v3"
    if "openapi" in document or "swagger" in document:
        return "postman-openapi"
    if isinstance(log, dict) and "entries" in log:
        return "postman-har"
    if "__export_format" in document or "insomnia" in str(document.get("type", ""))[:60]:
        return "postman-insomnia"
    if "brunoConfig" in document or ("items" in document and "item" not in document and "uid" in document):
        return "postman-bruno"
    if isinstance(document.get("collections"), list) and "info" not in document:
        return "postman-dump"
    if isinstance(document.get("requests"), list) and "info" not in document:
        # Postman v1 names its requests in `order`; Hoppscotch and others do not.
        return "postman-v1" if "order" in document or "folders_order" in document else "postman-no-collection"
    return None


def is_environment(document: Any) -> bool:
    """Whether a document has the form of an environment or of globals (postman-oauth.md 1.3 [src])."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("values"), list)
        and not isinstance(document.get("item"), list)
    )


def is_v3_directory(path: Path) -> bool:
    """Whether a path is a directory that holds a collection of format v3 (postman-oauth.md 1.5 [run]).

    What cannot be listed is none; raises nothing.
    """
    try:
        if (path / ".resources" / "definition.yaml").is_file():
            return True
        with os.scandir(path) as entries:
            names = (entry.name for _, entry in zip(range(_ENTRIES), entries, strict=False))
            return any(name.endswith((".request.yaml", ".request.yml")) for name in names)
    except (OSError, ValueError):
        return False
