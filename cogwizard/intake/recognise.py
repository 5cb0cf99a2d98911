"""What a pasted text is: a command that makes a call, a URL, an answer, a token, an error text, or several of these."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from cogwizard.intake import sensitive
from cogwizard.intake.cors_error import read_cors_error
from cogwizard.intake.curl import LONGEST_COMMAND, find_command, read_command
from cogwizard.intake.dropped import dropped_case, dropped_recording
from cogwizard.intake.errors import BadInput
from cogwizard.intake.errortext import read_error
from cogwizard.intake.har import Recording, read_har
from cogwizard.intake.response import as_text, read_response
from cogwizard.intake.url import read_url
from cogwizard.model.authorization import read_value
from cogwizard.model.call import Call
from cogwizard.model.saved import Saved
from cogwizard.model.token import looks_like_jwt, read_token

# What a text may be read as, in the order in which a wrong guess is corrected.
KINDS = ("curl", "url", "response", "token", "error", "har", "case")
_MOST_TOKENS = 20
_LONGEST_JSON = 1 << 20  # characters
_ORDER = {"id-token": 0, "access-token": 1, "token": 2, "refresh-token": 3, "opaque": 4}
_STATUS_LINE = re.compile(r"(?:^|(?<=[\r\n]))(?:< )?HTTP/[123](?:\.[01])? +[1-9][0-9]{2}(?![0-9])")
# What each recorder writes first.
_HAR = re.compile(r"\{\s*\"log\"\s*:\s*\{")
_CASE = re.compile(r"\{\s*\"schema\"\s*:\s*\"cogwizard/case@")
_BODY = re.compile(r"[\r\n][ \t]*+(?=\{)")
_URL = re.compile(
    r"(?:(?P<method>GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)\s++)?+[\"'<]?(?P<url>[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s\"'<>]++)[\"'>]?"
)
_HOST = re.compile(r"(?i)[\"'<]?(?P<url>[a-z0-9-]{1,80}\.execute-api\.[a-z0-9.-]{1,100}(?:[:/?][^\s\"'<>]*+)?)[\"'>]?")
_PLAIN = re.compile(r"[\w.=-]++", re.ASCII)
_BEARER = re.compile(r"(?i)(?:authorization:\s*+)?bearer\s++[^\s]{8,}+")
# Words that may stand beside a token in a text that is about nothing else.
_BESIDE = re.compile(
    r"(?i)\b(?:bearer|authorization|(?:id|access|refresh)[_ -]?token|token[_ -]?(?:type|use)|token|jwt|expires[_-]?in"
    r"|export|authenticationresult|challengeparameters)\b|[\d\W_]+"
)


@dataclass(frozen=True)
class Recognised:
    """`kind`: "empty", "unknown" or one of KINDS. What a text holds beside that is given too: an answer behind the
    command, tokens in it. `problem`: why a text of this kind cannot be read, as key and parameters of a message.

    `tokens`: ID token first; secrets. `ignored`: options that change nothing here. `shell`: whose quoting a command is
    in, one of `curl.SHELLS`. `codes`, `read_as`: see `ErrorReading`. `path`: where a recording is to be read, with `#N`
    where an entry is named; `recording`: what it holds, once it was. `saved`: likewise of a saved case.
    `origin`: of the page that a browser's message is about.
    """

    kind: str
    call: Call | None = None
    ignored: tuple[str, ...] = ()
    response_text: str = field(default="", repr=False)
    status: int | None = None
    tokens: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = ()
    read_as: str = ""
    shell: str = ""
    problem: tuple[str, dict[str, str]] | None = None
    path: str = ""
    recording: Recording | None = field(default=None, repr=False)
    saved: Saved | None = field(default=None, repr=False)
    origin: str | None = None


def recognise(text: str, as_kind: str | None = None) -> Recognised:
    """Return what `text` is; `as_kind` says it, else it is guessed. Takes any text, raises nothing."""
    if not text.strip():
        return Recognised("empty")
    kind = as_kind or _guess(text)
    readers = {
        "curl": _curl,
        "url": _url,
        "response": _response,
        "token": _token,
        "error": _error,
        "har": _har,
        "case": _case,
    }
    return readers[kind](text) if kind in readers else Recognised("unknown")


def readable_kinds(text: str) -> tuple[str, ...]:
    """Return the kinds as which `text` can be read without a problem, in the order of KINDS."""
    found = [recognise(text, kind) for kind in KINDS] if text.strip() else []
    return tuple(item.kind for item in found if item.problem is None and (item.tokens or item.kind != "token"))


def find_tokens(text: str) -> tuple[str, ...]:
    """Return what was meant as a JWT in a text, each once, without what broke it: ID token first."""
    found: dict[str, str] = {}
    for start, end, _ in sensitive.tokens(text):
        token = text[start:end].rstrip(".") if text[start:end].count(".") > 2 else text[start:end]
        if not _PLAIN.fullmatch(token):
            token = read_value(unquote(token)).token or token
        if looks_like_jwt(token) and not any(token in other for other in found):
            found[token] = read_token(token).kind
            if len(found) == _MOST_TOKENS:
                break
    return tuple(sorted(found, key=lambda token: _ORDER[found[token]]))


# -- the guess ---------------------------------------------------------------------------------------------------------


def _guess(text: str) -> str:
    plain = text.strip()
    if _HAR.match(plain):
        return "har"
    if _CASE.match(plain):
        return "case"
    if find_command(text) is not None:
        return "curl"
    if dropped_recording(plain):
        return "har"
    if dropped_case(plain):
        return "case"
    if _STATUS_LINE.search(text):
        return "response"
    if _URL.fullmatch(plain) or _HOST.fullmatch(plain):
        return "error" if read_error(plain).read_as == "oauth-redirect" else "url"
    if _is_only_token(plain):
        return "token"
    if read_error(text).read_as != "unrecognised":
        return "error"
    if find_tokens(text):
        return "token"
    return "url" if _URL.search(plain) else "unknown"


def _is_only_token(plain: str) -> bool:
    """Whether a text is about a token and nothing else: bare, in its header line, in the answer of a token endpoint."""
    if plain.startswith("{") and len(plain) <= _LONGEST_JSON:
        try:
            return any(looks_like_jwt(value) for value in _strings(json.loads(plain)))
        except (ValueError, RecursionError):
            pass
    spans = [(start, end) for start, end, _ in sensitive.tokens(plain)]
    if not spans:
        is_word = sensitive.lone_word(plain) is not None and read_error(plain).read_as == "unrecognised"
        return is_word or bool(_BEARER.fullmatch(plain))
    rest, last = [], 0
    for start, end in sorted(spans):
        rest.append(plain[last:start])
        last = max(last, end)
    return not _BESIDE.sub("", " ".join([*rest, plain[last:]]))


def _strings(value: object) -> Iterator[str]:
    open_values = [value]
    while open_values:
        item = open_values.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            open_values += item.values()
        elif isinstance(item, list):
            open_values += item


# -- each kind ---------------------------------------------------------------------------------------------------------


def _curl(text: str) -> Recognised:
    start = find_command(text) or 0
    tokens = find_tokens(text)
    answer = _answer_behind(text, start)
    try:
        command = read_command(text[start : start + LONGEST_COMMAND] if answer else text[start:])
        read_url(command.call.url)
    except BadInput as error:
        return Recognised("curl", tokens=tokens, problem=(error.key, error.params))
    response, status = answer or ("", None)
    return Recognised("curl", command.call, command.ignored, response, status, tokens, shell=command.shell)


def _answer_behind(text: str, start: int) -> tuple[str, int] | None:
    """Return the answer that was printed behind a command, and its status."""
    if found := _STATUS_LINE.search(text, start):
        return _read_answer(text[found.start() :])
    bodies = [found.end() for found in _BODY.finditer(text, start)]
    return _read_answer(text[bodies[-1] : text.rfind("}") + 1]) if bodies else None


def _read_answer(text: str) -> tuple[str, int] | None:
    try:
        return text, read_response(text).status
    except BadInput:
        return None


def _url(text: str) -> Recognised:
    plain = text.strip()
    found = _URL.fullmatch(plain) or _HOST.fullmatch(plain) or _URL.search(plain) or _HOST.search(plain)
    url = found["url"] if found else plain
    if found and found.re is _HOST:
        url = f"https://{url}"
    tokens = find_tokens(text)
    try:
        read_url(url)
    except BadInput as error:
        return Recognised("url", tokens=tokens, problem=(error.key, error.params))
    method = found["method"] if found and found.re is _URL else None
    return Recognised("url", Call(method or "GET", url), tokens=tokens)


def _response(text: str) -> Recognised:
    found = _STATUS_LINE.search(text)
    start = found.start() if found else 0
    tokens = find_tokens(text)
    try:
        answer = read_response(text[start:])
    except BadInput as error:
        return Recognised("response", tokens=tokens, problem=(error.key, error.params))
    call = _url(text[:start]).call if _URL.fullmatch(text[:start].strip()) else None
    reading = read_error(text[start:])
    return Recognised("response", call, (), text[start:], answer.status, tokens, reading.codes, reading.read_as)


def _token(text: str) -> Recognised:
    plain = text.strip()
    tokens = find_tokens(text)
    if not tokens and (_BEARER.fullmatch(plain) or len(plain.split()) == 1):
        tokens = (read_value(plain).token or plain,)
    return Recognised("token", tokens=tokens)


def _har(text: str) -> Recognised:
    path = dropped_recording(text)
    if path is not None:
        return Recognised("har", path=path)
    try:
        found = read_har(io.BytesIO(text.encode("utf-8", "replace")))
    except BadInput as error:
        return Recognised("har", problem=(error.key, error.params))
    return of_recording(found)


def of_recording(found: Recording) -> Recognised:
    """Return what the entry to be judged of a recording holds."""
    call, answer = found.entry.call, found.entry.answer
    tokens = tuple(token for _, value in call.headers for token in find_tokens(value))
    response = as_text(answer) if answer else ""
    return Recognised("har", call, (), response, found.entry.status, tokens, recording=found)


def _case(text: str) -> Recognised:
    """A saved case, or the path of one: what it holds is for who can judge it."""
    path = dropped_case(text)
    if path is None and not _CASE.match(text.strip()):
        return Recognised("case", problem=("case-no-case", {}))
    return Recognised("case", path=path or "")


def _error(text: str) -> Recognised:
    reading = read_error(text)
    response, status = _read_answer(text) or ("", None)
    call, origin = (read_cors_error(text) if reading.read_as == "cors-error" else None) or (None, None)
    tokens = find_tokens(text)
    return Recognised("error", call, (), response, status, tokens, reading.codes, reading.read_as, origin=origin)
