"""What was sent, taken out of what came back: servers, proxies and emulators repeat requests in their error texts."""

import base64
import html
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_SHORTEST = 4  # characters; less would take words apart


def forms_of(sent: Iterable[str]) -> list[str]:
    """Return secrets in all forms that an answer could echo, the longest first."""
    forms = {form for secret in sent for form in _forms(secret)}
    return sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    # As JSON: the body that was sent, as it stands or as a text within the answer's own JSON.
    for escaped in {json.dumps(secret, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}:
        yield escaped
        yield json.dumps(escaped, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield from (html.escape(secret, quote=is_quoted) for is_quoted in (True, False))
    yield quote_plus(secret, errors="replace")
    yield from (quote(secret, safe=safe, errors="replace") for safe in ("/", ""))
    data = secret.encode("utf-8", "replace")
    yield data.hex()
    yield from (made(data).decode().rstrip("=") for made in (base64.b64encode, base64.urlsafe_b64encode))


def without(hidden: Iterable[str], shown: str) -> str:
    """Return a text with `hidden` (of `forms_of`) replaced. To be done before the text is cut: half a secret is one."""
    for secret in hidden:
        shown = shown.replace(secret, "secret")
    return shown
