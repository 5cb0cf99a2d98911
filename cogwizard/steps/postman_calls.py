"""Which requests of a collection call the API, which the pool's token endpoint, and which neither."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cogwizard.model.collection import Collection, CollectionRequest
from cogwizard.model.domain import TOKEN, prefix_of
from cogwizard.model.postman import Setup

_EMULATED = re.compile(r"/_user_request_(?:/|$)|^/_aws/execute-api/")


@dataclass(frozen=True)
class Address:
    """Where a request goes; `host` is "" where a variable leaves it open."""

    host: str
    path: str

    @property
    def is_gateway(self) -> bool:
        """Whether it is one of API Gateway's own, or of an emulator's."""
        return ".execute-api." in self.host or bool(_EMULATED.search(self.path))


def address_of(url: str) -> Address:
    """Take a URL of a collection apart, with a scheme or without. Takes any text, raises nothing."""
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return Address("", "")
    return Address("" if "{" in host or "}" in host else host, unquote(parts.path))


class Calls:
    """Tells the requests of one collection apart, by the call that the set-up is for where it names one."""

    def __init__(self, collection: Collection, setup: Setup) -> None:
        """Take the collection, and the set-up with what the called method needs."""
        self._method = setup.needs.method.upper()
        self._named = address_of(setup.needs.url) if setup.needs.url else None
        blocks = [auth for auth in collection.auths if auth.type == "oauth2"]
        urls = (auth.values.get(key, "") for auth in blocks for key in ("authUrl", "accessTokenUrl"))
        self._domains = {host for url in urls if (host := address_of(url).host)}
        self._has_gateway = self._named is None and any(address_of(item.url).is_gateway for item in collection.requests)

    def is_token_request(self, request: CollectionRequest, address: Address) -> bool:
        """Whether a request fetches tokens at a pool's domain, or at a host that is open."""
        is_ours = not address.host or address.host in self._domains or prefix_of(address.host) is not None
        return is_ours and address.path.rstrip("/").endswith(TOKEN) and request.method != "OPTIONS"

    def is_call(self, address: Address) -> bool:
        """Whether a request may go to the API: to the host of the call where it is known, else to API Gateway's hosts
        where the file names one, else to any but the pool's."""
        host = address.host
        if not host:
            return True
        if host in self._domains or prefix_of(host) or host.startswith("cognito-idp."):
            return False
        if self._named:
            return host == self._named.host
        return address.is_gateway or not self._has_gateway

    def is_named(self, request: CollectionRequest, address: Address) -> bool:
        """Whether it is the call that the set-up is for; what a variable leaves open in the path fits anything."""
        if not self._named or address.host != self._named.host or request.method != self._method:
            return False
        mine, wanted = address.path.strip("/").split("/"), self._named.path.strip("/").split("/")
        pairs = zip(mine, wanted, strict=False)
        return len(mine) == len(wanted) and all(one == two or one[:1] == ":" or "{{" in one for one, two in pairs)
