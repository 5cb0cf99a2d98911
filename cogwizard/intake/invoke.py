"""The request that PowerShell's Invoke-WebRequest and Invoke-RestMethod send for their arguments."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from cogwizard.intake.curl_request import bytes_of, missing_of, url_of, with_query
from cogwizard.intake.errors import BadInput
from cogwizard.intake.shell import Word, unknown
from cogwizard.intake.shell_powershell import Argument, Table, Value, told
from cogwizard.model.call import Call, Unexpanded, is_method
from cogwizard.model.inert import inert

# Those of Windows PowerShell 5.1 come first: `-H` is -Headers there; PowerShell 7 calls it ambiguous.
_FIRST = """
    Body Certificate CertificateThumbprint ContentType Credential Headers InFile MaximumRedirection Method OutFile Proxy
    ProxyCredential SessionVariable TimeoutSec TransferEncoding Uri UserAgent WebSession ErrorAction ErrorVariable
    InformationAction InformationVariable OutVariable OutBuffer PipelineVariable WarningAction WarningVariable
"""
_FIRST_SWITCHES = """
    Debug DisableKeepAlive PassThru ProxyUseDefaultCredentials UseBasicParsing UseDefaultCredentials Verbose
"""
_LATER = """
    Authentication ConnectionTimeoutSeconds CustomMethod Form HttpVersion MaximumFollowRelLink MaximumRetryCount
    OperationTimeoutSeconds ProgressAction ResponseHeadersVariable RetryIntervalSec SslProtocol StatusCodeVariable Token
    UnixSocket
"""
_LATER_SWITCHES = """
    AllowInsecureRedirect AllowUnencryptedAuthentication FollowRelLink NoProxy PreserveAuthorizationOnRedirect
    PreserveHttpMethodOnRedirect Resume SkipCertificateCheck SkipHeaderValidation SkipHttpErrorCheck
"""
_SHORT = """
    cm=custommethod db=debug ea=erroraction ev=errorvariable fl=followrellink ml=maximumfollowrellink ov=outvariable
    rhv=responseheadersvariable sv=sessionvariable vb=verbose wa=warningaction
"""
_ALIASES = dict(pair.split("=") for pair in _SHORT.split())
_SWITCHES = frozenset((_FIRST_SWITCHES + _LATER_SWITCHES).lower().split())
_NAMES = tuple(tuple(names.lower().split()) for names in (_FIRST + _FIRST_SWITCHES, _LATER + _LATER_SWITCHES))
_PARAMETER = re.compile(r"-(?P<name>[A-Za-z][A-Za-z0-9]{0,60})(?P<colon>:?)(?P<value>.*)", re.DOTALL)
_FORM = "application/x-www-form-urlencoded"


@dataclass
class _Given:
    values: dict[str, Value] = field(default_factory=dict)
    positional: list[Value] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@dataclass
class _Headers:
    """What is sent, and what of it was not given. A name is sent once: what comes later takes its place."""

    sent: dict[str, tuple[str, Word]] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)

    def put(self, name: Word, value: Value | None) -> None:
        if name.expressions:
            self.unnamed += missing_of(name)
        elif name.text and value is not None:
            word = told(value, "(...)")
            self.sent[name.text.lower()] = name.text, word

    def put_all(self, value: Value | None) -> None:
        if isinstance(value, Table):
            for name, content in value.items.values():
                self.put(name, content)
        elif value is not None:
            self.unnamed += missing_of(value) or ("-Headers",)


def request_of(arguments: list[Argument]) -> tuple[Call, tuple[str, ...]]:
    """Return the request that the cmdlets send, and the names of the parameters that were ignored.

    Defaults are those of Microsoft's reference (Microsoft.PowerShell.Utility): GET, `http://` where no scheme is given,
    the form's Content-Type for a POST. The cmdlet's own User-Agent is not added. Raises BadInput with a `curl-...` key.
    """
    given = _read(arguments)
    address = given.values.get("uri") or (given.positional[0] if given.positional else None)
    if address is None:
        raise BadInput("curl-no-url")
    url = url_of(told(address, "(...)"))
    method = _method(given)
    body, known = given.values.get("body"), "infile" not in given.values
    if isinstance(body, Table) and method == "GET":
        url, body = with_query(url, _form(body)), None
    headers = _headers(given, method)
    content, all_known = _content(body)
    unexpanded = [Unexpanded(name, what) for name, word in headers.sent.values() for what in missing_of(word)]
    unexpanded += [Unexpanded("", what) for what in headers.unnamed]
    sent = tuple((name, word.text) for name, word in headers.sent.values())
    body_sent = content if known and all_known else None
    certified = not {"certificate", "certificatethumbprint"}.isdisjoint(given.values)
    call = Call(method, url, sent, body_sent, tuple(unexpanded), client_certificate=certified)
    return call, tuple(dict.fromkeys(given.ignored))


def _read(arguments: list[Argument]) -> _Given:
    given = _Given()
    waiting: str | None = None  # the parameter whose value comes next; "": of one that is not known
    for item in arguments:
        value = item.value
        if item.splat and isinstance(value, Table):
            for key, content in value.items.values():
                _put(given, _name(key.text), content, key.text)
            continue
        found = _PARAMETER.fullmatch(value.text) if item.bare and isinstance(value, Word) else None
        if found:
            waiting = _parameter(given, found)
        elif waiting:
            given.values[waiting] = value
            waiting = None
        elif waiting is None or (isinstance(value, Word) and "://" in value.text):
            given.positional.append(value)
            waiting = None
        else:
            waiting = None
    if waiting:
        raise BadInput("curl-value-missing", option=f"-{waiting}")
    return given


def _parameter(given: _Given, found: re.Match[str]) -> str | None:
    """Take a parameter; return which one waits for its value."""
    name = _name(found["name"])
    if name in _SWITCHES:
        return None
    if name is None:
        given.ignored.append(inert(f"-{found['name']}", 30))
        return "" if not found["value"] else None
    if found["value"]:
        given.values[name] = Word(found["value"])
        return None
    return name


def _put(given: _Given, name: str | None, value: Value, written: str) -> None:
    if name is None:
        given.ignored.append(inert(f"-{written}" if re.fullmatch(r"[A-Za-z]{1,30}", written) else "-...", 30))
    elif name not in _SWITCHES:
        given.values[name] = value


def _name(written: str) -> str | None:
    """Return the parameter that `written` stands for: itself, an alias, or the only one that begins so."""
    name = _ALIASES.get(written.lower(), written.lower())
    if any(name in names for names in _NAMES):
        return name
    for names in (_NAMES[0], sum(_NAMES, ())):
        begun = [known for known in names if known.startswith(name)]
        if len(begun) == 1:
            return begun[0]
    return None


def _method(given: _Given) -> str:
    value = given.values.get("custommethod") or given.values.get("method")
    if value is None:
        return "GET"
    if not isinstance(value, Word) or value.expressions:
        raise BadInput("curl-method-variable", variable=missing_of(value)[0] if isinstance(value, Word) else "(...)")
    method = value.text.upper()
    if method in ("", "DEFAULT"):
        return "GET"
    if not is_method(value.text):
        raise BadInput("curl-method")
    return method


def _headers(given: _Given, method: str) -> _Headers:
    headers = _Headers()
    session = given.values.get("websession")
    if isinstance(session, Table):
        headers.put_all(session.get("Headers"))
        headers.put(Word("User-Agent"), session.get("UserAgent"))
        headers.put(Word("Cookie"), _cookies(session.get("Cookies")))
    elif session is not None:
        headers.unnamed += missing_of(session)
    headers.put_all(given.values.get("headers"))
    headers.put(Word("User-Agent"), given.values.get("useragent"))
    _authenticate(headers, given)
    if content_type := given.values.get("contenttype"):
        headers.put(Word("Content-Type"), content_type)
    elif "form" in given.values:
        headers.put(Word("Content-Type"), Word("multipart/form-data"))
    elif method == "POST" and "content-type" not in headers.sent:
        headers.put(Word("Content-Type"), Word(_FORM))
    return headers


def _authenticate(headers: _Headers, given: _Given) -> None:
    kind = given.values.get("authentication")
    name = kind.text.lower() if isinstance(kind, Word) else ""
    if name in ("bearer", "oauth"):
        token = given.values.get("token")
        headers.put(Word("Authorization"), _after("Bearer ", token if isinstance(token, Word) else unknown("-Token")))
    elif name == "basic":
        credential = given.values.get("credential")
        word = credential if isinstance(credential, Word) and credential.expressions else unknown("-Credential")
        headers.put(Word("Authorization"), _after("Basic ", word))


def _after(begin: str, word: Word) -> Word:
    return Word(begin + word.text, tuple((len(begin) + at, what) for at, what in word.expressions))


def _cookies(jar: Value | None) -> Word | None:
    if not isinstance(jar, Table) or not jar.items:
        return None
    text, expressions = "", list[tuple[int, str]]()
    for name, value in jar.items.values():
        pair = _after(f"{'; ' if text else ''}{name.text}=", told(value, "(...)"))
        expressions += [(len(text) + at, what) for at, what in pair.expressions]
        text += pair.text
    return Word(text, tuple(expressions))


def _form(table: Table) -> str:
    pairs = []
    for name, value in table.items.values():
        if not isinstance(value, Word) or value.expressions or name.expressions:
            raise BadInput("curl-url-variable", variable="-Body")
        pairs.append(f"{quote_plus(bytes_of(name.text))}={quote_plus(bytes_of(value.text))}")
    return "&".join(pairs)


def _content(body: Value | None) -> tuple[bytes | None, bool]:
    """Return the body and whether all of it was given."""
    if isinstance(body, Table):
        try:
            return _form(body).encode("ascii"), True
        except BadInput:
            return None, False
    if body is None:
        return None, True
    return bytes_of(body.text), not body.expressions
