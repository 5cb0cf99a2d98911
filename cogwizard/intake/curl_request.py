"""The request that curl sends for its arguments (curl's manual page)."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from cogwizard.intake.errors import BadInput
from cogwizard.intake.mask import told
from cogwizard.intake.options import SHORT, VALUED, long_name
from cogwizard.intake.shell import Word, unknown
from cogwizard.model.call import Call, Unexpanded, is_method
from cogwizard.model.inert import inert

_OPTION = re.compile(r"[a-z][a-z0-9-]{0,29}")  # what an option of curl is called; anything else may be a secret
_DATA = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})
# With these curl's first request carries no Basic credentials.
_OTHER_SCHEMES = frozenset({"digest", "ntlm", "ntlm-wb", "negotiate", "anyauth"})


@dataclass
class _Given:
    """What the options said, before curl's defaults."""

    urls: list[Word] = field(default_factory=list)
    headers: list[Word] = field(default_factory=list)
    data: list[tuple[str, Word]] = field(default_factory=list)
    query: list[Word] = field(default_factory=list)
    cookies: list[Word] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    values: dict[str, Word] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)  # options that take headers or credentials from a file
    ignored: list[str] = field(default_factory=list)


def request_of(words: list[Word]) -> tuple[Call, tuple[str, ...]]:
    """Return the request that curl sends for `words`, its arguments, and the names of the options that were ignored.

    Its first URL and its own options (up to `--next`) count. See `read_curl` for what is made of them. Raises BadInput
    with a `curl-...` key.
    """
    given = _read_options(iter(words))
    if not given.urls:
        raise BadInput("curl-no-url")
    return _call(given), tuple(dict.fromkeys(given.ignored))


def _read_options(words: Iterator[Word]) -> _Given:
    given = _Given()
    only_urls = False
    for word in words:
        if only_urls or word.text[:1] != "-" or word.text == "-" or _begins_unexpanded(word):
            given.urls.append(word)
        elif word.text == "--":
            only_urls = True
        elif word.text in ("--next", "-:"):
            if given.urls:
                break
        elif word.text.startswith("--"):
            _long(given, word, words)
        else:
            _short(given, word, words)
    return given


def _begins_unexpanded(word: Word) -> bool:
    return bool(word.expressions) and word.expressions[0][0] == 0


def _long(given: _Given, word: Word, words: Iterator[Word]) -> None:
    written, equals, _ = word.text[2:].partition("=")
    expand = written.startswith("expand-")
    name = long_name(written.removeprefix("expand-"))
    if name is None:
        given.ignored.append(f"--{written}" if _OPTION.fullmatch(written) else "--...")
    elif name not in VALUED:
        given.flags.add(name)
    else:
        value = _tail(word, len(written) + 3) if equals else _next(words, f"--{name}")
        if expand and "{{" in value.text:  # curl's own variables, which we were not given
            value = Word(value.text, ((value.text.index("{{"), "{{...}}"), *value.expressions))
        _take(given, name, value)


def _short(given: _Given, word: Word, words: Iterator[Word]) -> None:
    for at, letter in enumerate(word.text[1:], 1):
        name = SHORT.get(letter)
        if name is None:
            given.ignored.append(inert(f"-{letter}"))
        elif name in VALUED:
            value = _tail(word, at + 1) if at + 1 < len(word.text) else _next(words, f"-{letter}")
            _take(given, name, value)
            return
        else:
            given.flags.add(name)


def _tail(word: Word, start: int) -> Word:
    return Word(word.text[start:], tuple((max(at - start, 0), what) for at, what in word.expressions if at >= start))


def _next(words: Iterator[Word], option: str) -> Word:
    for word in words:
        return word
    raise BadInput("curl-value-missing", option=option)


def _take(given: _Given, name: str, value: Word) -> None:
    if name in _DATA:
        given.data.append((name, value))
    elif name == "url":
        given.urls.append(unknown(_file(value.text)) if value.text[:1] == "@" else value)
    elif name in ("config", "netrc-file"):
        given.files.append(f"--{name}")
    elif name == "header":
        given.headers.append(value)
    elif name == "cookie":
        given.cookies.append(value)
    elif name == "url-query":
        given.query.append(value)
    else:
        given.values[name] = value


def _call(given: _Given) -> Call:
    url = url_of(given.urls[0])
    body, known = _body(given.data)
    if "get" in given.flags and given.data:
        if not known or body is None:
            raise BadInput("curl-url-variable", variable="-G")
        url, body = with_query(url, body.decode("utf-8", "replace")), None
    for word in given.query:
        if word.expressions:
            raise BadInput("curl-url-variable", variable=word.expressions[0][1])
        text, _ = _urlencoded(word) if word.text[:1] != "+" else (word.text[1:], True)
        url = with_query(url, text)
    headers, unexpanded = _headers(given, url)
    sent = body if known else None
    return Call(_method(given), url, headers, sent, unexpanded, client_certificate="cert" in given.values)


def url_of(word: Word) -> str:
    """Return the address that a word gives. Raises BadInput where it, or a part of it, was not given."""
    if word.expressions:
        raise BadInput("curl-url-variable", variable=word.expressions[0][1])
    if not word.text:
        raise BadInput("curl-no-url")
    # curl guesses http for a name without a scheme, and so does not reach an execute-api host.
    return word.text if "://" in word.text else f"http://{word.text}"


def with_query(url: str, query: str) -> str:
    """Return an address with more in its query."""
    address, mark, fragment = url.partition("#")
    join = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{join}{query}{mark}{fragment}" if query else url


def _method(given: _Given) -> str:
    word = given.values.get("request")
    if word and word.expressions:
        raise BadInput("curl-method-variable", variable=word.expressions[0][1])
    if word and word.text:
        if not is_method(word.text):
            raise BadInput("curl-method")
        return word.text
    if "head" in given.flags:
        return "HEAD"
    if "get" in given.flags:
        return "GET"
    if given.data or "form" in given.values or "form-string" in given.values:
        return "POST"
    return "PUT" if "upload-file" in given.values else "GET"


def _body(data: list[tuple[str, Word]]) -> tuple[bytes | None, bool]:
    """Return the body and whether all of it was given (no file, nothing that the shell would have filled in)."""
    body: bytes | None = None
    known = True
    for option, word in data:
        text, given = word.text, True
        if option == "data-urlencode":
            text, given = _urlencoded(word)
        elif option != "data-raw" and text.startswith("@"):
            text, given = "", False
        known = known and given and not word.expressions
        joint = b"" if body is None or option == "json" else b"&"
        body = (body or b"") + joint + bytes_of(text)
    return body, known


def _urlencoded(word: Word) -> tuple[str, bool]:
    """Return what --data-urlencode makes of `content`, `=content`, `name=content`, `@file` and `name@file`."""
    at = re.search(r"[=@]", word.text)
    name, content = (word.text[: at.start()], word.text[at.end() :]) if at else ("", word.text)
    if at and at[0] == "@":
        return "", False
    encoded = quote(bytes_of(content), safe="").replace("%20", "+")
    return f"{name}={encoded}" if name else encoded, True


def bytes_of(text: str) -> bytes:
    """Return a text as it is sent: UTF-8, and the bytes that an escape named."""
    try:
        return text.encode("utf-8", "surrogateescape")  # the bytes that $'\xff' named
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


_Header = tuple[str, str, tuple[str, ...]]  # name, value, what of it was not given


def _headers(given: _Given, url: str) -> tuple[tuple[tuple[str, str], ...], tuple[Unexpanded, ...]]:
    custom: list[_Header] = []
    named = set()  # every name that -H sets or removes: curl then does not send its own
    not_given: list[str] = []
    for word in given.headers:
        name, value, missing = _custom(word)
        if name is None:
            if missing:
                not_given.extend(missing)
            else:
                given.ignored.append("-H")
            continue
        named.add(name.lower())
        if value is not None:
            custom.append((name, value, missing))
    own = [header for header in _own(given, url) if header[0].lower() not in named]
    unexpanded = [Unexpanded(name, what) for name, _, missing in (*own, *custom) for what in missing]
    netrc = [] if "authorization" in named else [flag for flag in ("netrc", "netrc-optional") if flag in given.flags]
    unexpanded += [Unexpanded("", what) for what in (*not_given, *given.files, *(f"--{flag}" for flag in netrc))]
    return tuple((name, value) for name, value, _ in (*own, *custom)), tuple(unexpanded)


def _custom(word: Word) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Read a -H text: name (None: none to send), value (None: removes curl's own), what was not given."""
    text, missing = word.text, tuple(what for _, what in word.expressions)
    if text.startswith("@"):
        return None, None, (_file(text),)
    name, colon, value = text.partition(":")
    if word.expressions and (not colon or word.expressions[0][0] < len(name)):
        return None, None, missing
    if colon and name:
        return name, value.removeprefix(" ") if value.strip() else None, missing
    if not colon and text.rstrip().endswith(";") and text.count(";") == 1:
        return text.rstrip()[:-1], "", missing
    return None, None, ()


def _file(text: str) -> str:
    """Return the name of a file behind `@`; what does not look like one could be a secret."""
    is_path = re.fullmatch(r"@(?:-|[\w./~ -]{0,60}(?:\.[a-z]{1,10}|/[\w. -]{1,40})|[a-z_-]{1,20})", text)
    shown = told(text, 80)
    return shown if is_path and shown == text else "@..."


def _own(given: _Given, url: str) -> Iterator[_Header]:
    """The headers that curl makes of other options, in its order. One that -H names is not sent."""
    if authorization := _authorization(given, url):
        yield authorization
    if (agent := given.values.get("user-agent")) and agent.text:
        yield "User-Agent", agent.text, missing_of(agent)
    referer = given.values.get("referer")
    if referer and referer.text.removesuffix(";auto"):
        yield "Referer", referer.text.removesuffix(";auto"), missing_of(referer)
    cookies = [word for word in given.cookies if "=" in word.text or word.expressions]  # others name a file
    if cookies:
        yield "Cookie", ";".join(word.text for word in cookies), sum(map(missing_of, cookies), ())
    if "get" in given.flags:
        return
    if any(option == "json" for option, _ in given.data):
        yield "Content-Type", "application/json", ()
        yield "Accept", "application/json", ()
    elif given.data:
        yield "Content-Type", "application/x-www-form-urlencoded", ()
    elif "form" in given.values or "form-string" in given.values:
        yield "Content-Type", "multipart/form-data", ()


def missing_of(word: Word) -> tuple[str, ...]:
    """Return what of a word was not given."""
    return tuple(what for _, what in word.expressions)


def _authorization(given: _Given, url: str) -> _Header | None:
    if "aws-sigv4" in given.values:
        return "Authorization", "AWS4-HMAC-SHA256", ()  # the signature is curl's to make
    if bearer := given.values.get("oauth2-bearer"):
        return "Authorization", f"Bearer {bearer.text}", missing_of(bearer)
    if given.flags & _OTHER_SCHEMES:
        return None
    user = given.values.get("user")
    if user is None:
        found = re.match(r"[^/]*//([^/?#]*)@", url)
        if not found:
            return None
        user = Word(unquote(found[1]))
    if user.expressions:
        return "Authorization", f"Basic {user.text}", missing_of(user)
    pair = user.text if ":" in user.text else f"{user.text}:"
    return "Authorization", f"Basic {base64.b64encode(bytes_of(pair)).decode('ascii')}", ()
