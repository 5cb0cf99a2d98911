"""Where the secrets of a text stand, whatever the text is: tokens, keys, named values, secrets of addresses.

Every expression here is possessive or bounded: hostile text must not make it backtrack. Where it is not certain where a
secret ends, it ends later.
"""

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from cogwizard.intake.url import SECRET_NAME
from cogwizard.model.authorization import read_value
from cogwizard.model.inert import AWS_KEY, ECHO

# A place in a text, and what stands there: "password" and "cookie" say it, "auto" leaves it to the text itself.
Span = tuple[int, int, str]

# What stands in the place of a secret; see `mask`. Never a secret itself.
PLACEHOLDER = (
    r"\[(?:(?:ID |access |refresh )?token [0-9a-f]{8}|(?:secret|cookie) [0-9a-f]{8}|password)(?: [0-9]{1,9})?\]"
)
MASKED = re.compile(rf"(?:{PLACEHOLDER}|[\s'\"`^\\])++")

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_JWT = re.compile(
    rf"eyJ[A-Za-z0-9_-]{{5,}}+(?:(?:%(?:25){{0,3}}(?:2[Ee]|3[Dd])|[.=+/{_INVISIBLE}])++[A-Za-z0-9_-]++)*+[=.]*+"
)
# The next line of a token that a terminal or a mail broke: nothing else stands on it.
_NEXT_LINE = re.compile(
    r"[ \t]*+\\?(?:\r\n|\n|\r)(?:> )?[ \t]*+(?!HTTP/)(?P<run>[A-Za-z0-9_.=+/%-]++)(?=[ \t]*+(?:[\r\n'\"\\,]|$))"
)
_LINE_BREAK = re.compile(r"[\r\n]")
_NARROWEST = 20  # characters: no line is broken before
_RS256, _TAG = 342, 22  # characters of the last part of Cognito's tokens: RS256 signature, JWE tag
THREE_PARTS = re.compile(r"(?<![\w.-])[\w-]{16,}+\.[\w-]{16,}+\.[\w-]{16,}+(?:\.[\w-]*+)*+", re.ASCII)

_RUN = rf"(?:{PLACEHOLDER}|[^\s,;&'\"`<>(){{}}\[\]^\\]|[\^\\](?![\"'\s]))"
_BEARER = re.compile(rf"(?i:\bbearer:?(?:[ \t]|%20|\+)++)(?P<run>{_RUN}{{8,}}+)")
_BASIC = re.compile(r"(?i:\bbasic[ \t]++)(?P<run>[A-Za-z0-9+/_-]{6,}+={0,2})")
_SCHEME = re.compile(r"(?i:(?:bearer|basic|digest|jwt|token|oauth|apikey|aws4-hmac-sha256)(?:[ \t]++|$))+")
_MAYBE_UNFILLED = re.compile(r"[\[{$%<.]|(?i:xxx|your|undefined|null|none|nil|nan)")
_VARIABLE = re.compile(r"\$(?:[A-Z_][A-Z0-9_]{0,60}|\{[A-Z_][A-Z0-9_]{0,60}\}|[Ee]nv:[A-Za-z_]\w{0,60})")

# `name: value`, `"name": "value"`, `\"name\": [\"value\"`, `name=value`, `--name value`
_NAMED = re.compile(
    r"(?<![A-Za-z0-9_.%-])(?P<option>--)?(?P<name>[A-Za-z][A-Za-z0-9_.-]{0,63}+)"
    r"(?:\\{0,4}[\"'])?(?:[ \t]*+(?:=>|:=|[:=])[ \t]*+|(?<=[A-Za-z0-9_.-])[ \t]++(?=[^-]))"
    r"(?P<list>\[\s*+(?!(?:(?:ID|access|refresh) )?(?:token|secret|cookie|password)\b))?+(?P<open>\\{0,4}[\"'`])?+"
)
_MEMBER = re.compile(
    r"(?:token|secret|passwor[dt]|passw|passwd|passphrase|pwd|apikey|secretkey|accesskey|authorization|cookies?|credentials?"
    r"|assertion|jwt|codeverifier|mfacode|secrethash|session|sessionid|signature|secretblock|claimsignature"
    r"|devicekey|devicegroupkey|privatekey)$"
)
_NO_MEMBER = re.compile(r"(?:invalid|missing|expired|bad|no|unsupported|unknown|next)[a-z]*token$")
_PASSWORD = re.compile(r"passw|pwd|passphrase|mfacode", re.IGNORECASE)
_VALUE = re.compile(rf"(?:(?i:bearer|basic)[ \t]++)?+{_RUN}++")
_LINE_VALUE = re.compile(r"[^\r\n]*+")
_LINE_START = re.compile(r"(?:^|[\r\n])[ \t]*+(?:[<>*-] )?[\"']?$")
_SPOKEN_OF = re.compile(r"(?:token|session|signature|credentials?|assertion)$", re.IGNORECASE)
_OPAQUE = re.compile(r"(?=.*[0-9+/=_-])\S{8,}+|\S{20,}+")

_NEXT_ITEM = re.compile(r"\s*+,\s*+(\\{0,4}[\"'])")
_WORD = re.compile(r"\S++")

_QUERY = re.compile(
    rf"[?&;#](?P<name>[A-Za-z0-9_.%\[\]-]{{1,80}})=(?P<value>(?:{PLACEHOLDER}|[^\s&#'\"<>`^\\]|[\^\\](?![\"'\s]))++)"
)
_AUTHORITY = re.compile(r"[^/?#]*+")
_PORT = re.compile(r"[0-9]{0,5}+(?:[/?#,.;:)\]}]|$)|[{$<]")
_ADDRESS = re.compile(rf"://(?:{PLACEHOLDER}|[^\s'\"<>`^\\]|[\^\\](?![\"'\s]))++")

# An address in an address, percent-encoded as often as it likes.
_NESTED = re.compile(
    r"(?::|%(?:25){0,3}3[Aa])(?:\\{0,4}/|%(?:25){0,3}2[Ff]){2}"
    rf"(?P<authority>(?:{PLACEHOLDER}|[^/?#&\s'\"<>`%^\\]|%(?!(?:25){{0,3}}(?:2[Ff3]|3[Ff])))++)"
)
_AT = re.compile(r"@|%(?:25){0,3}40")

LONG_WORD = 20
_WHITE = re.compile(r"\s")
_HARMLESS_WORD = re.compile(
    r"[A-Z]?[a-z]+(?:[A-Z][a-z]*)+(?:Exception|Error|Fault)"  # NotAuthorizedException
    r"|[A-Za-z]+(?:[_-][A-Za-z]+)++"  # invalid_grant, ERR_NAME_NOT_RESOLVED, scope-not-in-token
    r"|(?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,24}\.?(?::[0-9]{1,5})?(?:[/?#]\S*)?"  # a host
)


def find(text: str) -> Iterator[Span]:
    """Yield the places of secrets that their form, their name or their address tells. They may overlap."""
    yield from tokens(text)
    for found in AWS_KEY.finditer(text):
        yield *found.span(), "auto"
    yield from _credentials(text)
    yield from _named(text)
    for found in _QUERY.finditer(text):
        if SECRET_NAME.search(unquote_plus(found["name"])):
            yield *found.span("value"), "password" if _PASSWORD.search(found["name"]) else "auto"
    for found in _ADDRESS.finditer(text):
        yield from user_info(text, found.start() + 3, found.end())
    for found in _NESTED.finditer(text):
        if ends := [at.start() for at in _AT.finditer(found["authority"])]:
            yield found.start("authority"), found.start("authority") + ends[-1], "password"


def _credentials(text: str) -> Iterator[Span]:
    """Yield what stands behind the name of a scheme, and what API Gateway repeats of a header."""
    for pattern in ECHO:
        for found in pattern.finditer(text):
            if not is_unfilled(found["secret"]):
                yield *found.span("secret"), "auto"
    for found in _BEARER.finditer(text):
        if _OPAQUE.fullmatch(found["run"]) and not is_unfilled(found["run"]):
            yield *found.span("run"), "auto"
    for found in _BASIC.finditer(text):
        if _is_pair(found["run"]):
            yield *found.span("run"), "password"


def tokens(text: str) -> Iterator[Span]:
    """Yield the places of what was meant as a JWT: whole, cut, percent-encoded or broken into lines."""
    last = 0
    for found in _JWT.finditer(text):
        start, end = found.span()
        if start < last:
            continue
        if text[start - 1 : start] == ".":  # the first part was cut; it belongs to the token
            while start > last and (text[start - 1].isalnum() or text[start - 1] in "._-"):
                start -= 1
        last = _over_lines(text, start, end)
        yield start, last, "auto"
    for found in THREE_PARTS.finditer(text):
        yield *found.span(), "auto"


def _over_lines(text: str, start: int, end: int) -> int:
    """Return where a token ends that begins at `start` and whose first line ends at `end`."""
    following = _NEXT_LINE.match(text, end)
    if not following:
        return end
    dots, tail = text.count(".", start, end), end - (text.rfind(".", start, end) + 1 or start)
    before = _LINE_BREAK.split(text[max(0, start - _NARROWEST) : start])[-1]
    line = len(before) + end - start
    while following:
        run = following["run"]
        is_whole = (dots == 2 and tail >= _RS256) or (dots == 4 and tail >= _TAG)
        if is_whole or (dots >= 2 and (run.startswith("eyJ") or line < _NARROWEST)):
            break
        more = run.count(".")
        dots, tail = dots + more, len(run) - (run.rfind(".") + 1) if more else tail + len(run)
        line, end = len(run), following.end("run")
        following = _NEXT_LINE.match(text, end)
    return end


def header_value(text: str, start: int, end: int, name: str) -> Iterator[Span]:
    """Yield the secret of a header's value at `start` to `end`: all of it but its scheme."""
    while start < end and text[start] in " \t\r\n":
        start += 1
    while start < end and text[end - 1] in " \t\r\n":
        end -= 1
    kind = "cookie" if "cookie" in name.lower() else "password" if _PASSWORD.search(name) else "auto"
    if kind == "auto" and (scheme := _SCHEME.match(text, start, end)):
        start = scheme.end()
        kind = "password" if "basic" in scheme[0].lower() else kind
    if start < end and not (kind == "auto" and is_unfilled(text[start : min(end, start + 101)])):
        yield start, end, kind


def is_unfilled(value: str) -> bool:
    """Whether a value is a variable or a placeholder that was not filled in: no secret, and the cause."""
    if not _MAYBE_UNFILLED.match(value) or len(value) > 100:
        return False
    found = read_value(value)
    return bool(_VARIABLE.fullmatch(value)) or (found.kind == "placeholder" and found.placeholder == value)


def _is_pair(word: str) -> bool:
    try:
        return b":" in base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_" if "-" in word else None)
    except ValueError:
        return False


# -- named values ------------------------------------------------------------------------------------------------------


def _named(text: str) -> Iterator[Span]:
    at = 0
    while found := _NAMED.search(text, at):
        at = found.end("name") + 1
        name = found["name"]
        plain = re.sub(r"[_.-]", "", name).lower()
        if not _MEMBER.search(plain) or _NO_MEMBER.search(plain):
            continue
        is_assigned = text[found.end("name") : found.end()].strip("\\\"' \t[")[:1] in (":", "=")
        if not is_assigned and not found["option"]:
            continue
        for start, end in _values(text, found):
            yield from header_value(text, start, end, name)
            at = max(at, end)


def _values(text: str, found: re.Match[str]) -> Iterator[tuple[int, int]]:
    start, opening = found.end(), found["open"]
    if opening and opening in ('"', "'") and text.startswith(2 * opening, start):  # TOML, Python
        end = text.find(3 * opening, start + 2)
        yield start + 2, end if end >= 0 else len(text)
        return
    while opening:
        end, following = _closing(text, start, opening)
        yield start, end
        more = _NEXT_ITEM.match(text, following) if found["list"] else None
        if more is None or more[1] != opening:
            return
        start = more.end()
    before = text[max(0, found.start() - 40) : found.start()]
    is_header = ":" in found[0] and _LINE_START.search(f"\n{before}" if found.start() <= 40 else before)
    value = (_LINE_VALUE if is_header else _VALUE).match(text, start)
    if value and value[0] != "New-Object" and not _is_prose(value[0], found["name"]):
        yield value.span()


def _closing(text: str, start: int, opening: str) -> tuple[int, int]:
    """Return where a quoted value ends, and the place behind its quote. One that is never closed ends with the text."""
    depth, quote = len(opening) - 1, opening[-1]
    at = start
    while (at := text.find(quote, at)) >= 0:
        slashes = at
        while slashes > start and text[slashes - 1] == "\\":
            slashes -= 1
        written = at - slashes
        if written <= depth and (depth or written == 0):
            return at - min(depth, written), at + 1
        if not depth and written % 2 == 0:
            return at, at + 1
        at += 1
    return len(text), len(text)


def _is_prose(value: str, name: str) -> bool:
    """Whether what stands behind `token:` are words about a token."""
    if not _SPOKEN_OF.search(name) or _SCHEME.match(value):
        return False
    return all(len(word) < 20 and word.strip(".,;:!?()").isalpha() for word in _WORD.findall(value[:2000]))


# -- addresses ---------------------------------------------------------------------------------------------------------


def user_info(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the user info of an address whose authority begins at `start`, also one with an unescaped "/" or "?"."""
    authority = _AUTHORITY.match(text, start, end)
    stop = authority.end() if authority else end
    at, colon = text.rfind("@", start, stop), text.find(":", start, stop)
    if at >= 0:
        yield start, at, "password"
    elif colon >= 0 and text[start] != "[" and not _PORT.match(text, colon + 1, end):
        # What stands where a port belongs and is none is a password, or its beginning.
        at = text.rfind("@", colon, end)
        yield (start, at, "password") if at >= 0 else (colon + 1, end, "password")


def lone_word(text: str, shortest: int = LONG_WORD) -> Span | None:
    """Return the place of the only word of a text, unless it is short, an address, an error's name, JSON or a file."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    while end - start > 1 and text[start] == text[end - 1] and text[start] in "'\"`":
        start, end = start + 1, end - 1
    word = text[start:end]
    if len(word) < shortest or _WHITE.search(word) or word[0] in "{[<(" or word.startswith(("arn:", "http:", "https:")):
        return None
    is_name = shortest >= LONG_WORD and _HARMLESS_WORD.fullmatch(word)
    return None if is_name or "://" in word[:40] else (start, end, "auto")
