"""`cogwizard.toml` read and written. Whoever can change a repository can write one: it names, and decides nothing.

Strict on purpose. A key that is not known is refused, because the next reader might believe that it acts.
"""

import re
import tomllib
import unicodedata
from dataclasses import fields
from pathlib import Path
from typing import Any

from cogwizard.intake.errors import BadInput
from cogwizard.intake.url import redact_url
from cogwizard.model.client import is_secret
from cogwizard.model.inert import LOUD, scrub
from cogwizard.model.team import FORMS, METHODS, MOST_ROUTES, PATH, Route, Team

FILE = "cogwizard.toml"
_LARGEST = 64 * 1024  # bytes
_LONGEST_LINE = 2000  # characters: a key of many dotted parts costs tomllib the square of their number
_NEEDED = ("region", "rest_api_id", "stage", "user_pool_id", "client_id")
_KNOWN = tuple(item.name for item in fields(Team))
# What such a file may never say, by the words that its keys are made of -> key of the sentence that says so.
_FORBIDDEN = tuple(
    (re.compile(words), sentence)
    for words, sentence in (
        (r"secret|passw|pwd|token|credential|access_?key|api_?key|private|cookie|session", "team-secret"),
        (r"callback|redirect", "team-callback"),
        (r"endpoint|proxy|domain|issuer|jwks|ca_bundle|(?<![a-z])(?:url|uri|host|tls|verify)", "team-endpoint"),
        (r"profile|account|(?<![a-z])(?:role|assume|sso|mfa)", "team-profile"),
        (r"command|script|(?<![a-z])(?:cmd|exec|shell|hook|process|run|before|after|plugin|import)", "team-command"),
    )
)
_LINE = re.compile(r"\(at line (\d{1,6}),")
_HEAD = """\
# cogwizard.toml: which API this repository calls, and which Amazon Cognito user pool guards it.
# Whoever joins runs: cogwizard onboard --check
# It holds no secret, and must not: it is public to all who can read the repository.
# Endpoints, profiles and credentials are everybody's own settings; such keys are refused here.
"""


def read_team(text: str | bytes) -> Team:
    """Return what the file says. Raises BadInput with a `team-...` key, whatever the file holds."""
    table = _parse(_decoded(text))
    for key in table:
        if key not in _KNOWN:
            raise BadInput(_refusal(key), key=key)
    for key in _NEEDED:
        if key not in table:
            raise BadInput("team-missing", key=key)
    values = {key: _text(key, table[key]) for key in table if key != "routes"}
    return Team(**values, routes=_routes(table.get("routes", [])))


def write_team(team: Team) -> str:
    """Return the file, with comments; it reads back equal. Raises BadInput as `read_team` for what it may not say."""
    lines = [_HEAD]
    if team.name:
        lines.append(f"name = {_quoted(team.name)}")
    lines += [f"{key} = {_quoted(getattr(team, key))}" for key in ("region", "rest_api_id", "stage")]
    lines.append("# The user pool that its Cognito authorizer trusts, and the app client to sign in with.")
    lines += [f"{key} = {_quoted(getattr(team, key))}" for key in ("user_pool_id", "client_id")]
    if team.docs is not None:
        lines += ["# Where to read on.", f"docs = {_quoted(team.docs)}"]
    if team.routes:
        shown = [f"  {_quoted(f'{method} {path}')}," for method, path in team.routes]
        lines += ["# What the user pool guards.", "routes = [", *shown, "]"]
    text = "\n".join(lines) + "\n"
    if read_team(text) != team:
        raise BadInput("team-not-toml", line="?")
    return text


def find_team(start: Path) -> Path | None:
    """Return the file of the repository that `start` is in, None without one. Raises nothing.

    Looked for in the folder and above it up to the repository's root (the folder with `.git`), else up to the home
    folder; outside both in the folder alone, because others may write above it. A link that leads out is not followed.
    """
    try:
        here = start.resolve(strict=True)
        folders = _folders(here)
        for folder in folders:
            path = folder / FILE
            if path.is_file() and path.resolve().is_relative_to(folders[-1]):
                return path
    except (OSError, RuntimeError, ValueError):
        return None
    return None


def _folders(here: Path) -> list[Path]:
    """Return the folders to look in, the innermost first."""
    try:
        home = Path.home().resolve()
    except (OSError, RuntimeError):
        home = None
    folders = []
    for folder in (here, *here.parents):
        folders.append(folder)
        if (folder / ".git").exists() or folder == home:
            return folders
    return [here]


# -- reading -----------------------------------------------------------------------------------------------------------


def _decoded(text: str | bytes) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > _LARGEST:
        raise BadInput("team-too-long", limit="64 KiB")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadInput("team-not-utf8") from None
    if "\ufffd" in text or any("\ud800" <= char <= "\udfff" for char in text):  # what a lenient reader made of it
        raise BadInput("team-not-utf8")
    return text.removeprefix("\ufeff")


def _parse(text: str) -> dict[str, Any]:
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            raise BadInput("team-long-line", line=str(number), limit=str(_LONGEST_LINE))
        for char in line:
            if unicodedata.category(char) in LOUD and char != "\t":
                raise BadInput("team-character", line=str(number), character=f"U+{ord(char):04X}")
    if not text.strip():
        raise BadInput("team-empty")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadInput("team-too-deep") from None
    except ValueError as error:
        found = _LINE.search(str(error))
        raise BadInput("team-not-toml", line=found[1] if found else "?") from None


def _refusal(key: str) -> str:
    """Return the key of the sentence about a key that is none of ours."""
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key[:200]).replace("-", "_").replace(" ", "_").lower()
    return next((sentence for pattern, sentence in _FORBIDDEN if pattern.search(word)), "team-unknown-key")


def _text(key: str, value: object) -> str:
    """Return a value that has the form of its field."""
    if not isinstance(value, str):
        raise BadInput("team-not-text", key=key)
    for char in value:  # written as an escape it passed the look at the lines
        if unicodedata.category(char) in LOUD:
            raise BadInput("team-escaped", key=key, character=f"U+{ord(char):04X}")
    is_told = (key == "client_id" and is_secret(value)) or (key == "docs" and redact_url(value) != value)
    if is_told or scrub(value, _LARGEST) != value:
        raise BadInput("team-secret-value", key=key)
    if not FORMS[key].fullmatch(value):
        raise BadInput(f"team-bad-{key.replace('_', '-')}", value=value)
    return value


def _routes(value: object) -> tuple[Route, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadInput("team-not-routes")
    if len(value) > MOST_ROUTES:
        raise BadInput("team-many-routes", limit=str(MOST_ROUTES))
    found: dict[Route, None] = {}
    for item in value:
        method, _, path = item.partition(" ")
        if method not in METHODS or not PATH.fullmatch(path) or scrub(path) != path:
            raise BadInput("team-bad-route", value=item)
        found[method, path] = None
    return tuple(found)


# -- writing -----------------------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
