"""The failing call: what the user pasted, and which API its URL names."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

# What a replay may send without asking: they change nothing [RFC 9110, 9.2.1].
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_KNOWN_METHODS = frozenset({*SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "ANY"})


def is_method(word: str) -> bool:
    """Whether a word can be what a method is called: capitals, or one of HTTP's own in any spelling."""
    return word.upper() in _KNOWN_METHODS or bool(re.fullmatch(r"[A-Z][A-Z-]{0,19}", word))


UrlForm = Literal["execute-api", "custom-domain", "emulator"]


@dataclass(frozen=True)
class Unexpanded:
    """A shell variable or command in a header value whose content we were not given (`"Bearer $TOKEN"`)."""

    header: str
    expression: str


@dataclass(frozen=True)
class Call:
    """One HTTP request as it was pasted. Header values, body and URL may hold secrets: `repr` shows none.

    `client_certificate`: it was made with one (`curl --cert`), which no replay sends.
    """

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    unexpanded: tuple[Unexpanded, ...] = ()
    client_certificate: bool = False

    @property
    def is_safe(self) -> bool:
        """Whether the call changes nothing, so that it may be made without asking."""
        return self.method.upper() in SAFE_METHODS

    def values(self, name: str) -> list[str]:
        """Return the values sent under header `name`, in order. Names match without case (RFC 9110, 5.1)."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def with_header(self, name: str, value: str) -> "Call":
        """Return the call with header `name` set to `value`, in the place of a header of that name if there is one."""
        if not self.values(name):
            return replace(self, headers=(*self.headers, (name, value)))
        headers = tuple((key, value if key.lower() == name.lower() else old) for key, old in self.headers)
        left = tuple(item for item in self.unexpanded if item.header.lower() != name.lower())
        return replace(self, headers=headers, unexpanded=left)


@dataclass(frozen=True)
class Target:
    """Which API a URL names. `path` begins with "/" and stands after stage or base path; None means not in the URL.

    For a custom domain `rest_api_id` and `stage` are None until its mappings were read, and `path` is the whole path.
    """

    form: UrlForm
    host: str
    path: str
    rest_api_id: str | None = None
    stage: str | None = None
    region: str | None = None
