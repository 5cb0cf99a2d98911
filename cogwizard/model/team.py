"""What a repository says of an API that others join: ids and routes, nothing that decides where anything is sent."""

import re
from dataclasses import dataclass

from cogwizard.model.call import SAFE_METHODS
from cogwizard.model.pool import REGION
from cogwizard.model.read import partition_of, suffix_of

# What a route of the file may name: API Gateway's verbs [D: BOTO].
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY")
# API Gateway's own words for a path part: "a-zA-Z0-9._-: or a valid greedy path variable and curly braces" [R].
_PART = r"(?:(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._:-]{1,120}|\{[A-Za-z0-9._-]{1,120}\+?\})"
PATH = re.compile(rf"/|(?:/{_PART}){{1,20}}")
MOST_ROUTES = 300  # API Gateway's quota of resources for one API [D]
# Field of the file -> what it is made of.
FORMS: dict[str, re.Pattern[str]] = {
    "region": re.compile(REGION),
    "rest_api_id": re.compile(r"[a-z0-9]{1,32}"),
    "stage": re.compile(r"[A-Za-z0-9_-]{1,128}"),  # [D: BOTO]
    "user_pool_id": re.compile(rf"{REGION}_[0-9A-Za-z]{{1,55}}"),
    "client_id": re.compile(r"[\w+]{1,128}", re.ASCII),  # [D: BOTO]
    "docs": re.compile(r"https://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,10}(?:/[A-Za-z0-9_.~%/-]{0,300})?"),
    "name": re.compile(r"\S(?:.{0,98}\S)?"),
}

Route = tuple[str, str]


@dataclass(frozen=True)
class Team:
    """An API with the user pool that guards it, as `cogwizard.toml` names them.

    `routes`: (method, path) of what the pool guards, as the API has them: `ANY`, `/orders/{id}`. `docs`: an https
    address to read on at. There is no place in it for an endpoint, a profile, a command, a callback or a secret.
    """

    region: str
    rest_api_id: str
    stage: str
    user_pool_id: str
    client_id: str
    routes: tuple[Route, ...] = ()
    docs: str | None = None
    name: str = ""

    @property
    def url(self) -> str:
        """The stage on AWS, without a slash at its end."""
        suffix = suffix_of(partition_of(self.region))
        return f"https://{self.rest_api_id}.execute-api.{self.region}.{suffix}/{self.stage}"

    @property
    def pool_region(self) -> str:
        """The region of the user pool, which may be another than the API's: its id begins with it."""
        return self.user_pool_id.partition("_")[0]

    @property
    def first_route(self) -> Route | None:
        """The route to call first: one that changes nothing and has no blank to fill in, else the first; None without.

        `ANY` is called as GET.
        """
        routes = [("GET" if method == "ANY" else method, path) for method, path in self.routes]
        return min(routes, key=lambda route: ("{" in route[1], route[0] not in SAFE_METHODS), default=None)
