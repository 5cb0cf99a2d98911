"""Foreign text made harmless: nothing that a token, an answer or AWS says can move a cursor or hide a word."""

import hashlib
import re
import unicodedata

# Cc controls, Cf format characters (bidi overrides and isolates, zero-width), Co private, Cs lone surrogates,
# Zl/Zp separators. Written out as escapes they cannot act in a terminal, a log or Markdown.
LOUD = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
# A token, also one that was broken by a line break, a space of no width or percent-encoding: up to the next real gap.
# Possessive throughout: hostile text must not make it backtrack.
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}+(?:(?:%2[Ee]|[.=+/\r\n\u00ad\u200b-\u200f\u2060\ufeff])++[A-Za-z0-9_-]++)*+")
_ACCOUNT = re.compile(r"(?<!\d)(?<![0-9A-Fa-f]{4}-)(?:\d{8}|(?<![\w-])\d{4}-\d{4}-(?=\d{4}(?![\w-])))(\d{4})(?!\d)")
# What stands for a secret in a saved case ends with the secret's fingerprint: it is shown as the secret was.
STAND_IN = "stands-for-"
_STAND_IN = re.compile(rf"{STAND_IN}([0-9a-f]{{8}})=*\Z")
AWS_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b")
# Older API Gateway texts echo the header back: "'<token>' not a valid key=value pair ... header: 'Bearer <token>'",
# "... Authorization=<token>" (research, F8 and F9).
ECHO = (
    re.compile(r"(?P<keep>)(?P<secret>'[^']*')(?= not a valid key=value pair)"),
    re.compile(r"(?P<keep>Authorization header: ')(?P<secret>[^']*)(?=')"),
    re.compile(r"(?P<keep>Authorization=)(?P<secret>\S+)"),
    # The words after which a credential stands; what is shown redacted already is left alone.
    re.compile(
        r"(?i)(?P<keep>\bbearer[ \t]+|\bauthorization\"?[:=][ \t]*\"?|\w_token=)"
        r"(?!(?:id-|access-|refresh-)?token\b|secret\b|bearer\b|basic\b|aws4)(?P<secret>[^\s&'\",]{8,})"
    ),
)

# Too short for anything that is a secret by its form, and without a sign that would name one.
_WORDS = re.compile(r"[A-Za-z0-9 _-]{0,11}")
# A path or an address in a sentence: its parameters of such names, and its user info.
_PARAMETER = re.compile(
    r"(?i)(?P<keep>[/;?&](?=[\w.%-]{0,60}(?P<word>token|key|passw|pwd|secret|code|sig=|signature|session|auth|credential"
    r"|jwt|assertion|x-amz-|cookie))[\w.%-]{1,80}=)"
    r"(?!\[?(?:(?:id-|access-|refresh-)?token|secret|password)\b)(?P<secret>[^/;?&#\s\"'<>]++)"
)
_USER_INFO = re.compile(r"(?<=://)[^/?#@\s\"'<>]{1,300}+@")


def inert(text: str, limit: int = 2000) -> str:
    """Return `text` with control, format and bidi characters as visible escapes, cut at `limit` characters."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown = "".join(
        char if char == " " or unicodedata.category(char) not in LOUD else _escape(char) for char in text[:limit]
    )
    return shown if len(text) <= limit else f"{shown}... ({len(text)} characters)"


def _escape(char: str) -> str:
    point = ord(char)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def fingerprint(secret: str) -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of `secret` (interface, section 3).

    What stands for a secret has that secret's.
    """
    if found := _STAND_IN.search(secret[-40:]):
        return found[1]
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def scrub(text: str, limit: int = 2000) -> str:
    """Return foreign text inert and without anything that looks like a token, an AWS key or an account number, and
    without the secrets of a path or an address."""
    if _WORDS.fullmatch(text):
        return text
    text = text[: 8 * limit]
    for pattern in ECHO:
        text = pattern.sub(_hidden, text)
    text = _JWT.sub(lambda found: f"token {fingerprint(found.group())}", text)
    text = _USER_INFO.sub("", _PARAMETER.sub(_named, text))
    text = AWS_KEY.sub("secret", text)
    return inert(mask_accounts(text), limit)


def _hidden(found: re.Match[str]) -> str:
    secret = found["secret"]
    kind = "token" if _JWT.fullmatch(secret) else "secret"
    return f"{found['keep']}{kind} {fingerprint(secret)}"


def _named(found: re.Match[str]) -> str:
    is_password = found["word"].lower() in ("passw", "pwd")
    shown = "password" if is_password else f"secret {fingerprint(found['secret'])}"
    return f"{found['keep']}{shown}"


def mask_accounts(text: str) -> str:
    """Return `text` with 12-digit account numbers cut to their last four digits, as AWS itself masks them."""
    return _ACCOUNT.sub(r"********\1", text)
