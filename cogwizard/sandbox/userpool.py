"""A user pool of the sandbox, and its app clients."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from cogwizard.sandbox.people import User
from cogwizard.sandbox.shapes import make_id, partition_of

IssuerType = Literal["ORIGINAL", "UPDATED"]


@dataclass
class Client:
    """An app client. `settings` are further members of UserPoolClientType, as AWS names them.

    `second_secret`: one that was added for rotation; it holds as the first does (research 7.6 [D]). `branded` False:
    managed login without a branding style for this client, so that its pages are unavailable (6.4 [D]).
    """

    id: str
    name: str
    secret: str | None = field(default=None, repr=False)
    settings: dict[str, Any] = field(default_factory=dict)
    second_secret: str | None = field(default=None, repr=False)
    branded: bool = True


@dataclass
class Pool:
    """A user pool. `exists=False`: it was deleted, tokens of it may still be around.

    `region` is where it issues (a replica's differs from its id's prefix); `settings`: members of UserPoolType;
    `triggers`: a Lambda trigger (PreAuthentication, PostAuthentication, PreTokenGeneration) -> the text with which it
    refuses; `custom_challenge`: question and answer of CUSTOM_AUTH, None without such triggers; `web_acl`: the ARN of
    the web ACL before it (`World.web_acls`); `resource_servers`: identifier -> ResourceServerType.
    """

    id: str
    name: str
    region: str
    account_id: str = "123456789012"
    clients: dict[str, Client] = field(default_factory=dict)
    issuer_type: IssuerType = "ORIGINAL"
    exists: bool = True
    settings: dict[str, Any] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    custom_challenge: tuple[str, str] | None = field(default=None, repr=False)
    web_acl: str | None = None
    resource_servers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The ARN as an authorizer's providerARNs hold it."""
        return f"arn:{partition_of(self.region)[0]}:cognito-idp:{self.region}:{self.account_id}:userpool/{self.id}"

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens (research 1.8)."""
        host = "issuer-cognito-idp" if self.issuer_type == "UPDATED" else "cognito-idp"
        return f"https://{host}.{self.region}.{partition_of(self.region)[1]}/{self.id}"

    def add_client(
        self, name: str, *, secret: str | None = None, second_secret: str | None = None, **settings: Any
    ) -> Client:
        """Add an app client; `settings` as AWS names them, e.g. `AllowedOAuthScopes=["openid"]`.

        `secret`: 24 to 64 characters, as AWS makes them; None for a public client. Its custom scopes are added to the
        pool's resource servers: AWS takes none that is not there (ScopeDoesNotExistException [D: BOTO]).
        """
        client = Client(make_id("client", self.id, name, length=26), name, secret, settings, second_secret)
        self.clients[client.id] = client
        for scope in settings.get("AllowedOAuthScopes") or ():
            identifier, _, custom = scope.rpartition("/")
            if identifier:
                self.add_resource_server(identifier, custom)
        return client

    def add_resource_server(self, identifier: str, *scopes: str, name: str | None = None) -> None:
        """Add a resource server, or further scopes to the one that is there; `scopes` without their `identifier/`."""
        made = {"Identifier": identifier, "Name": name or identifier, "Scopes": []}
        held = self.resource_servers.setdefault(identifier, made)["Scopes"]
        known = {scope["ScopeName"] for scope in held}
        held += [{"ScopeName": scope, "ScopeDescription": scope} for scope in scopes if scope not in known]

    def add_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Add a user who is CONFIRMED and has a verified e-mail address; `fields` are further fields of User.

        Tokens can be minted for a name that was never added; only signing in and Cognito's own operations need users.
        """
        address = username if "@" in username else f"{username}@example.com"
        told = {"email": address, "email_verified": "true"}
        made = User(username, user_sub(self, username), password, **{"attributes": told, **fields})
        self.users[username] = made
        return made


def user_sub(pool: Pool, username: str) -> str:
    """Return the `sub` of a user: the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{pool.id}/{username}"))
