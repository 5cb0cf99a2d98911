"""The request of an item as it stands in the file: of whatever form it is, its URL, headers and content type."""

from dataclasses import dataclass, field
from typing import Any

from cogwizard.postman.environment import plain

FORM = "application/x-www-form-urlencoded"
# What Postman sends a raw body as, by the language that is chosen; else it is text.
_LANGUAGES = {"json": "application/json", "xml": "application/xml", "html": "text/html"}
_MODES = {"urlencoded": FORM, "formdata": "multipart/form-data", "graphql": "application/json"}


@dataclass(frozen=True)
class RawRequest:
    """Variables are not filled in. `headers` without those that are disabled; `content_type`: what the body brings."""

    method: str = "GET"
    url: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    content_type: str = ""


def raw_request(request: Any) -> RawRequest:
    """Return a request; a text alone is its URL (v2 schema). Takes anything, raises nothing."""
    if not isinstance(request, dict):
        return RawRequest(url=plain(request))
    return RawRequest(
        method=plain(request.get("method")).strip() or "GET",
        url=_url(request.get("url")),
        headers=tuple(_headers(request.get("header"))),
        content_type=_content_type(request.get("body")),
    )


def _url(url: Any) -> str:
    """Return a URL: a text, an object with `raw`, or one with its parts alone."""
    if not isinstance(url, dict):
        return plain(url)
    if raw := plain(url.get("raw")):
        return raw
    host, path = _joined(url.get("host"), "."), _joined(url.get("path"), "/")
    protocol, port = plain(url.get("protocol")), plain(url.get("port"))
    parameters = url.get("query")
    query = "&".join(
        f"{plain(item.get('key'))}={plain(item.get('value'))}"
        for item in (parameters if isinstance(parameters, list) else ())
        if isinstance(item, dict) and item.get("disabled") is not True
    )
    head = f"{protocol}://{host}" if protocol else host
    return f"{head}{f':{port}' if port else ''}/{path.lstrip('/')}{f'?{query}' if query else ''}" if head else path


def _joined(parts: Any, sign: str) -> str:
    if not isinstance(parts, list):
        return plain(parts)
    return sign.join(plain(part.get("value")) if isinstance(part, dict) else plain(part) for part in parts)


def _headers(header: Any) -> list[tuple[str, str]]:
    """Return the headers of a list of objects, or of one text with a line for each (v2 schema)."""
    lines = header.splitlines() if isinstance(header, str) else header if isinstance(header, list) else ()
    found = []
    for line in lines:
        if isinstance(line, dict) and line.get("disabled") is not True:
            found.append((plain(line.get("key")).strip(), plain(line.get("value"))))
        elif isinstance(line, str) and ":" in line:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return [(name, value) for name, value in found if name]


def _content_type(body: Any) -> str:
    """Return what a body is sent as, "" without one."""
    if not isinstance(body, dict) or body.get("disabled") is True:
        return ""
    mode = plain(body.get("mode"))
    if mode != "raw":
        return _MODES.get(mode, "")
    options = body.get("options")
    raw = options.get("raw") if isinstance(options, dict) else None
    language = plain(raw.get("language")) if isinstance(raw, dict) else ""
    return _LANGUAGES.get(language, "text/plain") if plain(body.get("raw")) else ""
