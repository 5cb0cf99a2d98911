"""Postman's OAuth 2.0 tab: its fields, what stands for those left out, and the facts that it is compared with.

Sources: postman-oauth.md, sections 1 (formats), 2 (callback URLs) and 4.1 (what is sent).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, get_args
from urllib.parse import urlsplit

from cogwizard.model.attempt import Flow, Refusal, Wanted
from cogwizard.model.client import AppClient
from cogwizard.model.domain import UserPoolDomain, is_host, prefix_of
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_cognito import (
    DescribeManagedLoginBrandingByClient,
    DescribeUserPool,
    DescribeUserPoolClient,
    DescribeUserPoolDomain,
    ListResourceServers,
)

T = TypeVar("T")
App = Literal["desktop-browser", "desktop-popup", "web", "vscode"]
APPS: tuple[App, ...] = get_args(App)
Grant = Literal["authorization_code_with_pkce", "authorization_code", "implicit", "client_credentials"]
GRANTS: tuple[Grant, ...] = get_args(Grant)
# The sign-in that a grant type of Postman makes. `password_credentials` is no grant of Cognito's (5.4 [D]).
FLOWS: dict[str, Flow] = {
    "authorization_code_with_pkce": "browser",
    "authorization_code": "browser",
    "implicit": "implicit",
    "client_credentials": "client-credentials",
}
# Where each Postman receives the browser; the pop-up of the desktop app takes what its field says (section 2).
CALLBACKS: dict[App, str] = {
    "desktop-browser": "https://oauth.pstmn.io/v1/callback",
    "web": "https://oauth.pstmn.io/v1/browser-callback",
    "vscode": "https://oauth.pstmn.io/v1/vscode-callback",
}
RETIRED = ("https://www.getpostman.com/oauth2/callback", "https://app.getpostman.com/oauth2/callback")
# What Postman takes for a key that a file does not have (1.1).
DEFAULTS: dict[str, str] = {
    "grant_type": "authorization_code",
    "client_authentication": "header",
    "challengeAlgorithm": "S256",
    "addTokenTo": "header",
    "headerPrefix": "Bearer",
}
USE_TOKEN = "useTokenType"  # a choice of the app that stands in no file (0.2 [D])
# Key of the auth block -> the field's name in Postman, which is English everywhere.
FIELDS: dict[str, str] = {
    "useBrowser": "Authorize using browser",
    "grant_type": "Grant type",
    "challengeAlgorithm": "Code Challenge Method",
    "redirect_uri": "Callback URL",
    "authUrl": "Auth URL",
    "clientId": "Client ID",
    "clientSecret": "Client Secret",
    "client_authentication": "Client Authentication",
    "scope": "Scope",
    "accessTokenUrl": "Access Token URL",
    "accessToken": "Token",
    "addTokenTo": "Add auth data to",
    "headerPrefix": "Header Prefix",
    "tokenType": "Token type",
    USE_TOKEN: "Use Token Type",
}
# What stands in the file -> what the field shows.
SHOWN: dict[str, dict[str, str]] = {
    "useBrowser": {"true": "on", "false": "off"},
    "grant_type": {
        "authorization_code": "Authorization Code",
        "authorization_code_with_pkce": "Authorization Code (With PKCE)",
        "implicit": "Implicit",
        "client_credentials": "Client Credentials",
        "password_credentials": "Password Credentials",
    },
    "challengeAlgorithm": {"S256": "SHA-256", "plain": "Plain"},
    "client_authentication": {
        "header": "Send as Basic Auth header",
        "body": "Send client credentials in body",
    },
    "addTokenTo": {"header": "Request Headers", "queryParams": "Request URL"},
    USE_TOKEN: {"id-token": "ID token", "access-token": "Access token"},
}
SECRET_FIELDS = frozenset({"clientSecret", "accessToken", "password"})
Endpoint = Literal["authorize", "token"]


@dataclass(frozen=True)
class Needs:
    """What the called method asks for, as deployed: kind of token, scopes any one of which, header it is read from.

    `kind` and `header` are None where nobody knows. `because`: the reads that would have told and gave nothing.
    `assumed`: what is deployed was not among what could be read; all this is then the draft's.
    """

    kind: Wanted | None = None
    scopes: tuple[str, ...] = ()
    header: str | None = None
    method: str = "GET"
    url: str | None = None
    because: tuple[Read, ...] = ()
    assumed: bool = False


@dataclass(frozen=True)
class Setup:
    """The facts of one set-up, frozen as a `Case`, and like it filled by the planner.

    `entered` is what stands in the tab, by Postman's keys, with variables filled in; of what is left out Postman's
    default holds where the tab stands in a file (`in_file`), else what we propose. `open`: key -> the variables in its
    value that nothing fills here, not defined or empty. `client_id` and `user_pool_id` are those that are meant; None
    where nobody said. `override`: the endpoint of cognito-idp where one other than AWS's is in force. `answers`: what
    the endpoints answered to a probe, None where they took it.
    """

    region: str | None = None
    client_id: str | None = None
    user_pool_id: str | None = None
    app: App | None = None
    entered: Mapping[str, str] = field(default_factory=dict, repr=False)
    open: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_file: bool = False
    needs: Needs = Needs()
    override: str | None = None
    now: float = 0.0
    offline: bool = False
    facts: Mapping[Read, object] = field(default_factory=dict, repr=False)
    answers: Mapping[Endpoint, Refusal | None] = field(default_factory=dict)

    def with_fact(self, read: Read, value: object) -> "Setup":
        """Return the set-up with one more fact."""
        return replace(self, facts={**self.facts, read: value})

    def _fact(self, read: Read | None, kind: type[T]) -> T | Absent | Unread | None:
        value = self.facts.get(read) if read else None
        return value if isinstance(value, kind | Absent | Unread) else None

    # -- which app client --------------------------------------------------------------------------------------------

    @property
    def asked_client(self) -> str | None:
        """The app client to compare with: the one that is meant, else the one that is entered."""
        entered = "" if "clientId" in self.open else self.entered.get("clientId", "").strip()
        return self.client_id or entered or None

    @property
    def pool_id(self) -> str | None:
        """The user pool: the one that is meant, else the owner of the domain that is entered."""
        if self.user_pool_id:
            return self.user_pool_id
        owner = self.entered_domain
        return owner.user_pool_id if isinstance(owner, UserPoolDomain) else None

    @property
    def pool_region(self) -> str | None:
        """The region of the pool: that of its id, else of the domain that is entered, else of the settings."""
        if self.user_pool_id and "_" in self.user_pool_id:
            return self.user_pool_id.partition("_")[0]
        found = prefix_of(self._entered_host)
        return found[1] if found else self.region

    # -- reads ---------------------------------------------------------------------------------------------------------

    @property
    def client_read(self) -> DescribeUserPoolClient | None:
        """What would tell the app client."""
        region, pool, client = self.pool_region, self.pool_id, self.asked_client
        return DescribeUserPoolClient(region, pool, client) if region and pool and client else None

    @property
    def pool_read(self) -> DescribeUserPool | None:
        """What would tell the pool."""
        return DescribeUserPool(self.pool_region, self.pool_id) if self.pool_region and self.pool_id else None

    @property
    def servers_read(self) -> ListResourceServers | None:
        """What would tell the pool's custom scopes."""
        return ListResourceServers(self.pool_region, self.pool_id) if self.pool_region and self.pool_id else None

    @property
    def entered_domain_read(self) -> DescribeUserPoolDomain | None:
        """What would tell whose the domain is that is entered."""
        host, region = self._entered_host, self.pool_region
        found = prefix_of(host)
        if found:
            return DescribeUserPoolDomain(found[1], found[0])
        return DescribeUserPoolDomain(region, host) if is_host(host) and region and not self.override else None

    @property
    def domain_read(self) -> DescribeUserPoolDomain | None:
        """What would tell of the pool's own domain which login pages it has."""
        pool, region = self.pool, self.pool_region
        name = (pool.domain or pool.custom_domain) if isinstance(pool, Pool) else None
        return DescribeUserPoolDomain(region, name) if region and name else None

    @property
    def branding_read(self) -> DescribeManagedLoginBrandingByClient | None:
        """What would tell whether the app client's pages have a style: managed login shows none without."""
        domain, read = self.domain, self.client_read
        if not isinstance(domain, UserPoolDomain) or not domain.is_managed or read is None:
            return None
        return DescribeManagedLoginBrandingByClient(read.region, read.user_pool_id, read.client_id)

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def client(self) -> AppClient | Absent | Unread | None:
        """The app client; None where nobody asked."""
        return self._fact(self.client_read, AppClient)

    @property
    def pool(self) -> Pool | Absent | Unread | None:
        """The pool; None where nobody asked."""
        return self._fact(self.pool_read, Pool)

    @property
    def domain(self) -> UserPoolDomain | Absent | Unread | None:
        """The pool's own domain; None where nobody asked."""
        return self._fact(self.domain_read, UserPoolDomain)

    @property
    def entered_domain(self) -> UserPoolDomain | Absent | Unread | None:
        """The domain that is entered; None where nobody asked."""
        return self._fact(self.entered_domain_read, UserPoolDomain)

    @property
    def _entered_host(self) -> str:
        for key in ("authUrl", "accessTokenUrl"):
            if key in self.open:
                continue
            try:
                host = urlsplit(self.entered.get(key, "").strip()).hostname
            except ValueError:
                continue
            if host:
                return host
        return ""


@dataclass(frozen=True)
class Entry:
    """One value of the checklist: `key` as in `FIELDS`; `value` None where it is not known, "" where it stays empty."""

    key: str
    value: str | None = field(repr=False)

    @property
    def is_secret(self) -> bool:
        """Whether the value may not be shown."""
        return self.key in SECRET_FIELDS and bool(self.value)

    @property
    def shown(self) -> str | None:
        """What the field in Postman shows for the value."""
        return SHOWN.get(self.key, {}).get(self.value, self.value) if self.value is not None else None
