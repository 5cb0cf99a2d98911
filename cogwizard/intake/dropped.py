"""The path in what a terminal pastes when a file is dropped on it."""

import re
import shlex
from urllib.parse import unquote, urlsplit

_LONGEST = 5000  # characters
_RECORDING = re.compile(r"(?i).*\.har(?:#[0-9]{1,9})?[\"']?")
_CASE = re.compile(r"(?i).*\.json[\"']?")
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def dropped_recording(text: str) -> str | None:
    """Return the path of a `.har` file, with `#N` where an entry is named, or None where the text is no such path.

    Terminals paste it bare, in quotes, with backslashes before blanks, as a `file:` URL, or for PowerShell behind "&".
    """
    return _dropped(text, _RECORDING)


def dropped_case(text: str) -> str | None:
    """Return the path of a `.json` file, which may be a saved case, or None; written as `dropped_recording` says."""
    return _dropped(text, _CASE)


def _dropped(text: str, form: re.Pattern[str]) -> str | None:
    plain = text.strip().removeprefix("& ").strip()
    if len(plain) > _LONGEST or not plain.isprintable() or not form.fullmatch(plain):
        return None
    if plain.lower().startswith("file:"):
        path = unquote(urlsplit(plain.replace("#", "%23")).path)
        return path[1:] if _WINDOWS.match(path[1:]) else path
    if "://" in plain:
        return None
    bare = plain[1:-1] if plain[:1] in ("'", '"') and plain[-1:] == plain[:1] else plain
    if _WINDOWS.match(bare):
        return bare
    try:
        words = shlex.split(plain)
    except ValueError:
        return None
    if len(words) == 1:
        return words[0]
    return plain if "/" in plain and not re.search(r"[\"'\\]", plain) else None
