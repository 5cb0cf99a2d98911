"""Checklist: the client ID. Guide: "the client ID is the ID of the app client of the user pool"."""

from collections.abc import Iterable, Iterator

from cogwizard.model.client import AppClient, shown_id
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.inert import inert
from cogwizard.model.postman import FIELDS, Setup
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.steps.oauth_facts import client_facts
from cogwizard.steps.postman import CLIENT, as_step, attempt_of, not_known, variables
from cogwizard.steps.postman_values import value
from cogwizard.steps.step import Say

_CODE = "client-id-mismatch"


class PostmanClientIdStep:
    """The ID, not the name, and of this pool."""

    id = "postman_client_id"
    codes = (_CODE,)
    keys = ("clientId",)

    def wants(self, setup: Setup) -> Iterable[Read | None]:
        """The app client."""
        yield setup.client_read

    def has(self, setup: Setup) -> Iterator[Evidence]:
        """The app client by name and ID."""
        client = setup.client
        if isinstance(client, AppClient):
            yield Evidence("app client", "", f"{inert(client.name, 100)} ({client.id})", CLIENT)

    def judge(self, setup: Setup) -> Iterator[Finding]:
        """See `PostmanStep`."""
        say = Say(self.id)
        yield variables(setup, say, _CODE, "clientId") or self._judge(setup, say)

    def _judge(self, setup: Setup, say: Say) -> Finding:
        entered, meant, client = value(setup, "clientId") or "", setup.asked_client, setup.client
        if setup.in_file and not entered:
            return say.failed(
                _CODE, Evidence("app client", meant or "an ID", "empty", FIELDS["clientId"]), variant="empty"
            )
        shown = shown_id(entered)
        seen = Evidence("app client", shown_id(meant or ""), shown, FIELDS["clientId"])
        if entered != entered.strip():
            return say.failed(_CODE, seen, variant="spaces")
        if meant and entered and entered != meant:
            is_name = isinstance(client, AppClient) and entered == client.name
            return say.failed(_CODE, seen, variant="name" if is_name else "other", sent=shown)
        if isinstance(client, AppClient | Absent):
            return next(as_step([client_facts(attempt_of(setup))[_CODE]], self.id))
        if isinstance(setup.pool, Absent):
            read = setup.pool.read
            gone = Evidence("user pool", "exists", "does not exist", "DescribeUserPool")
            return say.failed(_CODE, gone, variant="no-pool", pool=inert(getattr(read, "user_pool_id", "?"), 120))
        return not_known(setup, say, _CODE, client if isinstance(client, Unread) else None)
