"""What a pasted text is: a curl command, a URL, an answer, a token, an error text, or several of these at once."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from cogwizard.intake import sensitive
from cogwizard.intake.curl import read_curl
from cogwizard.intake.errors import BadInput
from cogwizard.intake.errortext import read_error
from cogwizard.intake.response import read_response
from cogwizard.intake.url import read_url
from cogwizard.model.authorization import read_value
from cogwizard.model.call import Call
from cogwizard.model.token import looks_like_jwt, read_token

# What a text may be read as, in the order in which a wrong guess is corrected.
KINDS = ("curl", "url", "response", "token", "error")
_MOST_TOKENS = 20
_LONGEST_JSON = 1 << 20  # characters
_ORDER = {"id-token": 0, "access-token": 1, "token": 2, "refresh-token": 3, "opaque": 4}
# A command at the beginning of a line, behind whatever a shell prompts with.
_COMMAND = re.compile(
    r"(?:^|[\r\n])[ \t]*+(?:[^\r\n'\"]{0,100}[$%#>\u276f][ \t]++)?"
    r"(?P<curl>[\"']?(?:[^\s'\"]{0,200}[/\\])?curl(?:\.exe)?[\"']?(?=[ \t]|[\\^`]\r?\n))"
)
_STATUS_LINE = re.compile(r"(?:^|(?<=[\r\n]))(?:< )?HTTP/[123](?:\.[01])? +[1-9][0-9]{2}(?![0-9])")
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

    `tokens`: ID token first; secrets. `ignored`: options of curl that change nothing here. `codes`, `read_as`: see
    `ErrorReading`.
    """

    kind: str
    call: Call | None = None
    ignored: tuple[str, ...] = ()
    response_text: str = field(default="", repr=False)
    status: int | None = None
    tokens: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = ()
    read_as: str = ""
    problem: tuple[str, dict[str, str]] | None = None


def recognise(text: str, as_kind: str | None = None) -> Recognised:
    """Return what `text` is; `as_kind` says it, else it is guessed. Takes any text, raises nothing."""
    if not text.strip():
        return Recognised("empty")
    kind = as_kind or _guess(text)
    readers = {"curl": _curl, "url": _url, "response": _response, "token": _token, "error": _error}
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
    if _COMMAND.search(text):
        return "curl"
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
    command = _COMMAND.search(text)
    start = command.start("curl") if command else 0
    tokens = find_tokens(text)
    answer = _answer_behind(text, start)
    try:
        call, ignored = read_curl(text[start : start + (1 << 20)] if answer else text[start:])
        read_url(call.url)
    except BadInput as error:
        return Recognised("curl", tokens=tokens, problem=(error.key, error.params))
    response, status = answer or ("", None)
    return Recognised("curl", call, ignored, response, status, tokens)


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


def _error(text: str) -> Recognised:
    reading = read_error(text)
    response, status = _read_answer(text) or ("", None)
    return Recognised("error", None, (), response, status, find_tokens(text), reading.codes, reading.read_as)
