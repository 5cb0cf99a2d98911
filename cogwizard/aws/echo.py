"""What was sent, taken out of what came back: servers, proxies and emulators repeat requests in their error texts."""

from collections.abc import Iterable
from urllib.parse import quote_plus

_SHORTEST = 4  # characters; less would take words apart


def forms_of(sent: Iterable[str]) -> list[str]:
    """Return secrets in all forms that an answer could echo, the longest first."""
    forms = {form for secret in sent for form in (secret, quote_plus(secret, errors="replace"))}
    return sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)


def without(hidden: Iterable[str], shown: str) -> str:
    """Return a text with `hidden` (of `forms_of`) replaced. To be done before the text is cut: half a secret is one."""
    for secret in hidden:
        shown = shown.replace(secret, "secret")
    return shown
