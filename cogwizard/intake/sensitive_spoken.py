"""Where secrets stand that people and consoles name in words, and lists name in a member of its own.

`Secret access key: ...`, `password is ...`, `<password>...</password>`, a name on one line and its value on the next,
`{"name": "Authorization", "value": "..."}`.
"""

import re
from collections.abc import Iterator

from cogwizard.intake.harmless import HARMLESS_IN_ANSWERS
from cogwizard.intake.sensitive import PLACEHOLDER, Span, header_value
from cogwizard.intake.url import SECRET_NAME

_SAYING = (
    r"(?:pass ?words?|passwor[dt]|pass ?phrase|passcode|secret(?: access)? key|client secret|secret|api[ _-]?key"
    r"|access key|private key|(?:id|access|refresh|session|bearer|security) ?token|token|credentials?"
    r"|\u30d1\u30b9\u30ef\u30fc\u30c9|\u30d1\u30b9\u30d5\u30ec\u30fc\u30ba|\u6697\u8a3c\u756a\u53f7"
    r"|\u30b7\u30fc\u30af\u30ec\u30c3\u30c8(?:\u30a2\u30af\u30bb\u30b9)?(?:\u30ad\u30fc)?"
    r"|\u30c8\u30fc\u30af\u30f3|\u79d8\u5bc6\u9375)"
)
_WORD = rf"(?P<value>(?:{PLACEHOLDER}|[^\s'\"<>`,;|])++)"
# With a colon, a bar of a table, or a verb between; `[None]` is what `aws configure` shows of the value before.
_SAID = re.compile(
    rf"(?i)(?<![A-Za-z0-9_%-]){_SAYING}(?:[ \t]*+\[[^\[\]\r\n]{{0,24}}\])?+"
    rf"(?:[ \t]*+(?P<sign>[:=\uff1a|]|\t|\u306f|(?:is|was)(?=[ \t]))[ \t:\uff1a]*+)[\"'`]?{_WORD}"
)
# `set -x NAME value`, `setx NAME value`, `aws configure set name value`
_SET = re.compile(
    rf"(?i)\b(?:set|setx|setenv)[ \t]++(?:-[a-z-]{{1,20}}+[ \t]++){{0,3}}+(?P<name>[A-Za-z0-9_.-]{{1,80}}+)"
    rf"[ \t]++[\"']?(?!=){_WORD}"
)
_ASSIGNED = re.compile(rf"(?<![A-Za-z0-9_%-])(?P<name>[A-Z][A-Z0-9_]{{1,60}}+)[ \t]*+=[ \t]*+[\"']?{_WORD}")
_SECRET_VARIABLE = re.compile(
    r"SECRET|PASSW|(?:PASS|PASSPHRASE|PWD|KEY|TOKEN|CREDENTIALS?|JWT|COOKIE)(?:_BASE|_[0-9])?$"
)
_TAG = re.compile(
    r"<(?P<name>[A-Za-z][A-Za-z0-9_:.-]{0,60}+)(?:[ \t][^<>\r\n]{0,200}+)?>"
    rf"(?P<value>(?:{PLACEHOLDER}|[^<>])++)(?=</)"
)
# A name alone on its line, with the value on the next: DevTools, consoles, notes, YAML.
_LINES = re.compile(
    rf"(?im)^[ \t>*-]*+(?P<name>[a-z][a-z0-9_-]{{0,40}}+(?: [a-z0-9_-]{{1,20}}+){{0,3}}|{_SAYING})"
    rf"[ \t]*+[:\uff1a]?[ \t]*+(?:\|-?|>-?)?(?:\r\n|\n|\r)[ \t>]*+"
    rf"(?=(?P<value>(?:(?:bearer|basic)[ \t]++)?+(?:{PLACEHOLDER}|[^\s]){{1,20000}}+)[ \t]*+(?:[\r\n]|$))"
)
_LINE_NAME = re.compile(
    r"(?i)(?:password|passphrase|token|secret|secret key|api[ _-]?key|access key|authorization|cookie|credentials?)$"
)
# HAR, Postman, parameters of AWS: the name and the value are members of their own, in either order.
_QUOTE, _COLON = r"\\{0,4}[\"']", r"[ \t\r\n]*+:[ \t\r\n]*+"
_MEMBER_NAME = rf"{_QUOTE}(?i:name|key){_QUOTE}{_COLON}{_QUOTE}(?P<name>[^\"'\\\r\n]{{1,100}}+){_QUOTE}"
_MEMBER_VALUE = (
    rf"{_QUOTE}(?i:value){_QUOTE}{_COLON}\\{{0,4}}(?P<quote>[\"'])(?P<value>(?:(?!(?P=quote))[^\\]|\\.){{1,20000}}+)"
)
_BETWEEN = (
    r"[ \t\r\n]*+,[ \t\r\n]*+"
    rf"(?:{_QUOTE}(?i:type|description|enabled|disabled){_QUOTE}{_COLON}[^,{{}}\r\n]{{0,60}}+,[ \t\r\n]*+)?"
)
_PAIRS = (
    re.compile(_MEMBER_NAME + _BETWEEN + _MEMBER_VALUE),
    re.compile(_MEMBER_VALUE + _QUOTE + _BETWEEN + _MEMBER_NAME),
)
_IS_JWK = re.compile(rf"{_QUOTE}kty{_QUOTE}")
_PRIVATE = re.compile(rf"{_QUOTE}(?:d|p|q|dp|dq|qi|k){_QUOTE}{_COLON}{_QUOTE}(?P<value>[A-Za-z0-9_=-]{{4,}}+)")
_VERBS = frozenset({"is", "was", "\u306f"})


def find(text: str) -> Iterator[Span]:
    """Yield the places of the values that a name in words, a tag, a variable or a member of a list calls secret."""
    for found, name in (*_said(text), *_named(text)):
        is_password = not name.isascii() or "pass" in name.lower()
        yield from header_value(text, *found.span("value"), "password" if is_password else name)
    if _IS_JWK.search(text):
        for found in _PRIVATE.finditer(text):
            yield *found.span("value"), "auto"


def _said(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in _SAID.finditer(text):
        if not _is_spoken(found["value"], is_verb=found["sign"].lower() in _VERBS):
            yield found, text[found.start() : found.start("sign")]
    for found in _LINES.finditer(text):
        name = found["name"]
        if name.isascii() and not _LINE_NAME.search(name):
            continue
        is_password = not name.isascii() or name.lower().endswith(("password", "passphrase"))
        if is_password or not _is_spoken(found["value"], is_verb=True):
            yield found, name


def _named(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in _SET.finditer(text):
        if _SECRET_VARIABLE.search(found["name"].upper()):
            yield found, found["name"]
    for pattern, is_secret in ((_ASSIGNED, _SECRET_VARIABLE), (_TAG, _LINE_NAME)):
        for found in pattern.finditer(text):
            if is_secret.search(found["name"]):
                yield found, found["name"]
    for pair in _PAIRS:
        for found in pair.finditer(text):
            name = found["name"].lower()
            if name not in HARMLESS_IN_ANSWERS and (name.startswith("x-") or SECRET_NAME.search(name)):
                yield found, name


def _is_spoken(value: str, *, is_verb: bool) -> bool:
    """Whether a word behind a name goes on with a sentence: letters alone, and no more of them than words have."""
    bare = value.strip(".,;:!?()")
    if is_verb and (not bare.isascii() or len(bare) < 6):
        return True
    return len(bare) < 20 and (bare.isalpha() or bare in ("", "-", "|", "{", "[", "/"))
