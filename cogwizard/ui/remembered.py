"""What is remembered between runs, in the platform's state directory. Never a secret."""

import contextlib
import json
import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cogwizard.text import LANGUAGES

# Names of profiles, regions, APIs, stages, themes; what begins as a token or an access key does is none.
_HARMLESS = re.compile(r"(?!eyJ|AKIA|ASIA)[A-Za-z0-9_.@/+:-]{1,128}")
_LONGEST = 10_000  # bytes


@dataclass(frozen=True)
class Remembered:
    """Names only. None: not chosen yet."""

    profile: str | None = None
    region: str | None = None
    language: str | None = None
    theme: str | None = None
    rest_api_id: str | None = None
    stage: str | None = None
    user_pool_id: str | None = None
    client_id: str | None = None


def state_file() -> Path:
    """Return where it is kept."""
    from platformdirs import user_state_path

    return user_state_path("cogwizard", appauthor=False) / "wizard.json"


def load(path: Path) -> Remembered:
    """Return what is remembered; what cannot be read, or is no name, is forgotten."""
    try:
        if not path.is_file():  # a pipe would never end
            return Remembered()
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
        found = json.loads(data) if len(data) <= _LONGEST else None
    except (OSError, ValueError, RecursionError):
        return Remembered()
    if not isinstance(found, dict):
        return Remembered()
    names = {field.name: found.get(field.name) for field in fields(Remembered)}
    known = {name: text for name, text in names.items() if isinstance(text, str) and _HARMLESS.fullmatch(text)}
    if known.get("language") not in LANGUAGES:
        known.pop("language", None)
    return Remembered(**known)


def save(path: Path, remembered: Remembered) -> None:
    """Keep it. A directory that cannot be written stops nothing: then nothing is remembered."""
    names = {name: text for name, text in asdict(remembered).items() if text and _HARMLESS.fullmatch(text)}
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(names, file)
        draft.replace(path)
