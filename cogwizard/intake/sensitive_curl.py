"""Where the secrets of curl commands stand, in any quoting, whole or cut: what cannot be parsed is masked too."""

import re
from collections.abc import Iterator

from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.options import FLAGS, SHORT, VALUED
from cogwizard.intake.sensitive import PLACEHOLDER, Span, header_value, user_info


def _word(line_end: str) -> re.Pattern[str]:
    """Return the pattern of a word: in bash's quotes, those of Windows' cmd (^"...^"), curly ones. A quote that is not
    closed ends with the text; `line_end`: the line ends that may stand within one."""
    quoted = (
        rf"\^\"(?:(?!\^\"(?:\s|$))(?:[^\r\n]|{line_end}))*+(?:\^\")?+"
        rf"|\$'(?:[^'\\\r\n]|\\.|\\?{line_end})*+(?:'|\\?$)?+"
        rf"|'(?:[^'\r\n]|{line_end})*+'?+"
        rf'|"(?:[^"\\\r\n]|\\.|\\?{line_end})*+(?:"|\\?$)?+'
        rf"|\u2018(?:[^\u2019\r\n]|{line_end})*+\u2019?+|\u201c(?:[^\u201d\r\n]|{line_end})*+\u201d?+"
    )
    return re.compile(rf"(?:{PLACEHOLDER}|{quoted}|\\(?!\r?\n)[\s\S]|[^\s'\"\\;|&\u2018\u201c])++")


_WORD = _word(r"[\r\n]")
# Where a quote of the text around is taken for one of the command: the next command is one all the same.
_NEXT_COMMAND = r"[ \t]*+(?:[^\s'\"]{0,60}[$%#>][ \t]++)?+curl[ \t]"
_WORD_OF_COMMAND = _word(rf"[\r\n](?!{_NEXT_COMMAND})")
_SECOND = re.compile(rf"[\r\n]{_NEXT_COMMAND}")
_SIMPLE = re.compile(r"(?P<open>\^\"|\$?'|\$?\"|\u2018|\u201c|)")
_CLOSING = {'^"': '^"', "'": "'", "$'": "'", '"': '"', '$"': '"', "\u2018": "\u2019", "\u201c": "\u201d"}
_GAP = re.compile(r"(?:[ \t\u00a0]|[\\^`][ \t]*+(?:\r\n|\n|\r)(?:> )?)++")
_CURL = re.compile(r"(?<![\w.-])(?i:curl)(?:\.exe)?[\"']?(?=[ \t\u00a0]|[\\^`]\r?\n)")
_HEADER = re.compile(r"[^:\s]{1,200}:")
# Parameters of Invoke-WebRequest, which Windows PowerShell calls curl too.
_OF_CMDLET = re.compile(
    r"-(?:Uri|Method|Headers|Body|ContentType|UseBasicParsing|UserAgent|WebSession|TimeoutSec|OutFile)(?![\w-])",
    re.IGNORECASE,
)

_OF_OPTION = {
    "header": "header",
    "proxy-header": "header",
    "cookie": "cookie",
    "user": "password",
    "proxy-user": "password",
    "pass": "password",
    "proxy-pass": "password",
    "tlspassword": "password",
    "proxy-tlspassword": "password",
    "oauth2-bearer": "auto",
    "data": "auto",
    "data-ascii": "auto",
    "data-binary": "auto",
    "data-raw": "auto",
    "data-urlencode": "auto",
    "json": "auto",
    "form": "auto",
    "form-string": "auto",
    "url-query": "auto",
    "variable": "auto",
    "cert": "cert",
    "proxy-cert": "cert",
    **dict.fromkeys(
        ("proxy", "proxy1.0", "preproxy", "socks4", "socks4a", "socks5", "socks5-hostname", "doh-url"), "address"
    ),
}


def find(text: str) -> Iterator[Span]:
    """Yield the places of the secrets that the curl commands of a text carry: header values, credentials, bodies."""
    yield from _find(text, _WORD)
    if _SECOND.search(text):
        yield from _find(text, _WORD_OF_COMMAND)


def _find(text: str, words: re.Pattern[str]) -> Iterator[Span]:
    at = 0
    while command := _CURL.search(text, at):
        at = command.end()
        option: str | None = None  # whose value the next word is; "": of a harmless one
        while gap := _GAP.match(text, at):
            word = words.match(text, gap.end())
            if not word:
                at = gap.end()
                break
            start, at = word.span()
            if option is not None:
                yield from _value(text, start, at, option)
                option = None
            else:
                option, inside = _option(text, start, at)
                if inside:
                    yield from _value(text, inside, at, option or "")
                    option = None
                elif option is None and text[start] != "-":
                    yield from _address(text, start, at)


def option_value(text: str, start: int, end: int, option: str) -> Iterator[Span]:
    """Yield the secret of an option's value at `start` to `end`, without its quotes; `option` is the long name."""
    kind = _OF_OPTION.get(option, "")
    if kind == "header":
        if ":" in text[start:end]:
            yield from _header(text, start, end)
    elif kind and start < end and text[start] != "@":
        yield from header_value(text, start, end, kind)


def _option(text: str, start: int, end: int) -> tuple[str | None, int]:
    """Return the option that a word is, if it takes a value ("" when that is harmless), and where in the word it begins
    (0: it is the next word)."""
    word = text[start : min(end, start + 80)].lstrip("^'\"")
    skipped = min(end, start + 80) - start - len(word)
    if word.startswith("--"):
        written, equals, _ = word[2:].partition("=")
        name = written.rstrip("^'\"").removeprefix("expand-")
        inside = start + skipped + 3 + len(written) if equals else 0
        if name in _OF_OPTION or name in VALUED:
            return _OF_OPTION.get(name, ""), inside
        begun = next((option for option in _OF_OPTION if option.startswith(name)), None) if name else None
        return (_OF_OPTION[begun], inside) if begun and name not in FLAGS else (None, 0)
    if word[:1] != "-" or _OF_CMDLET.match(word):
        return None, 0
    for at, letter in enumerate(word[1:], 1):
        name = SHORT.get(letter, "")
        if name in VALUED:
            place = start + skipped + at + 1
            return _OF_OPTION.get(name, ""), place if place < end and text[place:end].strip("^'\"") else 0
    return None, 0


def _inner(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place inside the quotes of a word.

    Of a word of several quoted parts only the outermost quotes are left out.
    """
    opening = _SIMPLE.match(text, start, end)
    quote = opening["open"] if opening else ""
    inner = start + len(quote)
    closing = _CLOSING.get(quote, "")
    if closing and end - len(closing) >= inner and text.endswith(closing, inner, end):
        end -= len(closing)
    elif not quote and end > inner and text[end - 1] in "'\"":  # -H'...' in a word, "a"'b'
        end -= 1
    return inner, end


def _value(text: str, start: int, end: int, option: str) -> Iterator[Span]:
    inner, stop = _inner(text, start, end)
    if not option or inner >= stop or (option == "auto" and text[inner] == "@"):
        return
    if option == "header":
        yield from _header(text, inner, stop)
    elif option == "cert":
        at = text.find(":", inner, stop)
        if at >= 0:
            yield at + 1, stop, "password"
    elif option == "address":
        _, scheme, rest = text[inner:stop].partition("://")
        yield from user_info(text, stop - len(rest) if scheme else inner, stop)
    else:
        yield from header_value(text, inner, stop, option)


def _header(text: str, start: int, end: int) -> Iterator[Span]:
    name = _HEADER.match(text, start, end)
    if name and name[0][:-1].lower() not in HARMLESS:
        yield from header_value(text, name.end(), end, name[0][:-1])
    elif not name and text[start] != "@" and text[start] != "$":
        yield start, end, "auto"


def _address(text: str, start: int, end: int) -> Iterator[Span]:
    inner, stop = _inner(text, start, end)
    if "://" not in text[inner : min(stop, inner + 80)]:
        slash = text.find("/", inner, stop)
        at = text.rfind("@", inner, stop if slash < 0 else slash)
        if at > inner:
            yield from user_info(text, inner, stop)
