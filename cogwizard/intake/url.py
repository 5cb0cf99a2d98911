"""Which API a URL names, and how a URL is shown."""

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote, unquote_plus

from cogwizard.intake.errors import BadInput
from cogwizard.model.call import Target
from cogwizard.model.inert import fingerprint, inert
from cogwizard.model.pool import REGION
from cogwizard.model.token import looks_like_jwt, read_token

LONGEST_URL = 8192  # bytes
# The dnsSuffix and dualStackDnsSuffix of every partition in botocore's partitions.json. A list, not "anything": only
# these hosts are AWS's.
_SUFFIXES = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "api.amazonwebservices.com.cn",
    "api.amazonwebservices.eu",
    "c2s.ic.gov",
    "api.aws.ic.gov",
    "sc2s.sgov.gov",
    "api.aws.scloud",
    "cloud.adc-e.uk",
    "api.cloud-aws.adc-e.uk",
    "csp.hci.ic.gov",
    "api.aws.hci.ic.gov",
)
_SUFFIX = "|".join(re.escape(suffix) for suffix in _SUFFIXES)
_AWS_HOST = re.compile(rf"(?P<api>[a-z0-9]+)(?:-vpce-[0-9a-z-]+)?\.execute-api\.(?P<region>{REGION})\.(?:{_SUFFIX})")
# A VPC endpoint's own name says nothing about the API: the Host or x-apigw-api-id header does (KC-VPC).
_ENDPOINT_HOST = re.compile(rf"vpce-[0-9a-z-]+\.execute-api\.(?P<region>{REGION})\.vpce\.(?:{_SUFFIX})")
_LOCAL_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.)?localhost(?:\.localstack\.cloud)?")
_EMULATOR_PATH = re.compile(
    r"/restapis/(?P<api>[^/]+)/(?P<stage>[^/]+)/_user_request_(?P<path>/.*)?"
    r"|/_aws/execute-api/(?P<api2>[^/]+)(?:/(?P<stage2>[^/]+)(?P<path2>/.*)?|/)?"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
# `$API`, `${API}`, `$(...)`. A lower-case `$name` is a variable only in the host: `?$filter=` is OData's.
_VARIABLE = re.compile(r"\$(?:\{|\(|[A-Z_][A-Za-z0-9_]*)")
_NAME = re.compile(r"[A-Za-z0-9_$-]{1,128}")


def read_url(url: str, rest_api_id: str | None = None, stage: str | None = None) -> Target:
    """Return which API `url` names (interface, section 2); `rest_api_id` and `stage` override what it says.

    The path keeps its percent-encoding; query and fragment are not part of it; a missing stage is None. An
    unknown host is a custom domain, whose path stays whole. Raises BadInput with a `url-...` or `override-...` key.
    """
    for option, value in (("--rest-api-id", rest_api_id), ("--stage", stage)):
        if value is not None and not _NAME.fullmatch(value):
            raise BadInput("override-form", option=option)
    host, path = _split(url.strip(" \t\r\n"))
    target = _target(host, path)
    return Target(
        target.form, host, target.path, rest_api_id or target.rest_api_id, stage or target.stage, target.region
    )


def _target(host: str, path: str) -> Target:
    if found := _AWS_HOST.fullmatch(host):
        name, rest = _first_segment(path)
        return Target("execute-api", host, rest, found["api"], name, found["region"])
    if found := _ENDPOINT_HOST.fullmatch(host):
        name, rest = _first_segment(path)
        return Target("execute-api", host, rest, None, name, found["region"])
    if found := _EMULATOR_PATH.fullmatch(path):
        api, name = found["api"] or found["api2"], found["stage"] or found["stage2"]
        return Target("emulator", host, found["path"] or found["path2"] or "/", api, name)
    if found := _LOCAL_HOST.fullmatch(host):
        name, rest = _first_segment(path)
        return Target("emulator", host, rest, found["api"], name)
    return Target("custom-domain", host, path)


def _first_segment(path: str) -> tuple[str | None, str]:
    """Split "/stage/rest" into the stage and "/rest"; a path that names no stage stays whole."""
    name, _, rest = path[1:].partition("/")
    return (name, f"/{rest}") if name else (None, path)


def _split(url: str) -> tuple[str, str]:
    """Return the host (lower case, no port, no user info) and the path of a URL that can be sent."""
    if not url:
        raise BadInput("url-empty")
    if len(url.encode("utf-8", "surrogatepass")) > LONGEST_URL:
        raise BadInput("url-too-long", limit=str(LONGEST_URL))
    _check_variables(url)
    for at, char in enumerate(url, 1):
        if char in '\\<>"^`|' or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}:
            raise BadInput("url-character", character=f"U+{ord(char):04X}", position=str(at))
    scheme = _SCHEME.match(url)
    if not scheme:
        raise BadInput("url-no-scheme")
    if scheme[1].lower() not in ("http", "https"):
        raise BadInput("url-scheme", scheme=scheme[1])
    authority, slash, rest = re.split(r"[?#]", url[scheme.end() :], maxsplit=1)[0].partition("/")
    return _read_host(authority.rpartition("@")[2]), slash + rest or "/"


def _check_variables(url: str) -> None:
    found = _VARIABLE.search(url) or re.search(r"(?<=://)[^/?#]*?(\$\w*)", url)
    if found:
        name = found[found.lastindex or 0]
        raise BadInput("url-variable", variable={"${": "${...}", "$(": "$(...)"}.get(name, name))


def _read_host(netloc: str) -> str:
    if netloc.startswith("["):
        host, _, port = netloc[1:].partition("]")
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise BadInput("url-host") from None
        if port and not port.startswith(":"):
            raise BadInput("url-host")
        port = port[1:]
    else:
        host, _, port = netloc.partition(":")
    if not host:
        raise BadInput("url-no-host")
    if not netloc.startswith("[") and not _HOST.fullmatch(host):
        raise BadInput("url-host")
    # ASCII digits only, and few of them: int() takes other digits, and refuses very long ones.
    if port and not (re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535):
        raise BadInput("url-port")
    return host.lower().removesuffix(".")


SECRET_NAME = re.compile(
    r"token|key|passw|pwd|secret|code|sig$|signature|session|auth|credential|jwt|assertion|x-amz-|cookie",
    re.IGNORECASE,
)
_SECRET_INSIDE = re.compile(
    r"(?:token|key|passw|pwd|secret|code|signature|sig|session|auth|credential|jwt|assertion|x-amz-)[\w.-]{0,60}=",
    re.IGNORECASE,
)
_USER_INFO = re.compile(r"(?<=:)//(?:[^/?#\s]*@|[^/?#@\s]*:(?![0-9]{0,5}(?:[/?#]|$))[^@\s]{0,300}@)")
_TOKEN = re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]*)*|(?<![\w-])[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}", re.ASCII)


def redact_url(url: str) -> str:
    """Return `url` fit to be shown: no user info, no token, no secret parameter, inert. Takes any text, raises nothing.

    Tokens become their kind and fingerprint, other secrets `secret {fingerprint}`, passwords `password` (interface,
    section 3, Redaction).
    """
    head, mark, tail = _partition(url.strip(" \t\r\n")[: 4 * LONGEST_URL], "?#")
    head = re.sub(r"(^|:)//[^/]*@", r"\1//", re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*@", r"\1//", head))
    # What stands where a port belongs and is none is the end of a password with an unescaped "/", "?" or "#".
    head = re.sub(r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/:\[\]]*:)(?![0-9]*(?:/|$)).*", r"\1password", head)
    head = re.sub(r"[^/;&]+", lambda found: _parameter(found[0], unquote), head)
    shown = head
    while mark:
        part, following, rest = _partition(tail, "#")
        shown += mark + "&".join(_parameter(item, unquote_plus) for item in part.split("&"))
        mark, tail = following, rest
    return inert(shown, 8 * LONGEST_URL)


def _partition(text: str, marks: str) -> tuple[str, str, str]:
    at = min((place for place in map(text.find, marks) if place >= 0), default=len(text))
    return text[:at], text[at : at + 1], text[at + 1 :]


def _parameter(item: str, decode: Callable[[str], str]) -> str:
    name, equals, value = item.partition("=")
    if not equals:
        return _without_tokens(item, decode)
    plain, shown = decode(value), _without_tokens(name, decode)
    if not plain:
        return f"{shown}="
    if re.search(r"passw|pwd", decode(name), re.IGNORECASE):
        return f"{shown}=password"
    bare = re.sub(r"(?i)^bearer\s+", "", plain)
    if looks_like_jwt(bare):
        return f"{shown}={read_token(bare).label}"
    if shown != name or SECRET_NAME.search(decode(name)) or _SECRET_INSIDE.search(plain):
        return f"{shown}=secret {fingerprint(plain)}"
    return f"{shown}={_without_tokens(value, decode)}"


def _without_users(text: str, decode: Callable[[str], str]) -> str | None:
    """Return a text decoded and without the user info of the addresses in it, None where there is none."""
    bare = None
    for _ in range(4):  # as often as anybody encodes an address in an address
        plain = _USER_INFO.sub("//", text)
        bare, text = plain if plain != text else bare, decode(plain)
    return bare


def _without_tokens(text: str, decode: Callable[[str], str]) -> str:
    text = _without_users(text, decode) or text
    shown = _TOKEN.sub(lambda found: read_token(found[0]).label, text)
    plain = decode(text)
    if shown == text and plain != text and _TOKEN.search(plain):
        return read_token(plain).label  # written with percent signs
    return shown
