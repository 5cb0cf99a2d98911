"""The first stage: which app client of which user pool. Typed, or picked from the account's lists."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import HorizontalGroup, ItemGrid
from textual.content import Content
from textual.widgets import Button, Input

from cogwizard.model.inert import inert
from cogwizard.model.pool import home_region
from cogwizard.ui.choices import Row
from cogwizard.ui.signin.choose import Choose, Question
from cogwizard.ui.signin.panel import Panel, visible
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.ui.session import Session

FIELDS = ("user_pool_id", "region", "client_id")


class Where(Panel):
    """Three fields, and the lists that fill them."""

    stop: ClassVar[int] = 0
    DEFAULT_CSS = """
    Where ItemGrid { grid-gutter: 0 2; margin-top: 1; height: auto; }
    Where #go-row { margin-top: 1; height: auto; }
    """

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        signing = self.page.signing
        yield Prose(self.say("question where"), classes="heading")
        yield Prose(self.say("about where"), classes="muted")
        yield Prose("", classes="gap")
        for name in FIELDS:
            yield visible(name, self.say(f"field {name}"), getattr(signing, name), self.say("refused"))
        yield Prose(id="wrong", classes="warn gap")
        with HorizontalGroup(id="go-row"):
            yield Button(Content(self.say("go on")), id="go", variant="primary")
        with ItemGrid(min_column_width=32):
            yield Button(Content(self.say("list pools")), id="pools")
            yield Button(Content(self.say("list clients")), id="clients")
            if signing.tokens:
                yield Button(Content(self.say("last tokens")), id="last")
            yield Button(Content(self.say("paste instead")), id="paste-instead")
        yield Prose(self.wanted(), classes="gap muted")

    def on_mount(self) -> None:
        """Say nothing wrong yet."""
        self.tell("")

    def begin(self) -> None:
        """See `Panel`: where all is known, the button."""
        if self.page.signing.client_id:
            self.query_one("#go").focus()
        else:
            super().begin()

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed. A pool's id tells its region."""
        name = (event.input.id or "").removeprefix("line-")
        typed = self._typed
        if name == "user_pool_id" and (region := home_region(typed["user_pool_id"])):
            typed["region"] = self.query_one("#line-region", Input).value = region
        self._keep(**typed)
        self.tell("")

    @property
    def _typed(self) -> dict[str, str]:
        return {field: self.query_one(f"#line-{field}", Input).value.strip() for field in FIELDS}

    def _keep(self, user_pool_id: str, region: str, client_id: str) -> None:
        page = self.page
        page.signing = page.signing.at(user_pool_id, region, client_id)
        page.signing.region = region

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        event.stop()
        if not self.may_go_on():
            return
        {
            "go": self.go_on,
            "pools": self._list_pools,
            "clients": self._list_clients,
            "last": self.page.show_last,
            "paste-instead": self.page.paste_instead,
        }[event.button.id or "go"]()

    def go_on(self) -> None:
        """Read the app client."""
        self._keep(**self._typed)
        missing = "need client" if not self.page.signing.client_id else ""
        self.tell(self.say(missing) if missing else "")
        if missing:
            self.query_one("#line-client_id").focus()
        else:
            self.page.look()

    # -- lists -------------------------------------------------------------------------------------------------------

    def _list_pools(self) -> None:
        page = self.page
        trusted = page.purpose.pools
        first = [(pool, self.say("trusted")) for pool in trusted]
        region = page.signing.region or next(iter(trusted.values()), "")
        self.app.push_screen(Choose("pools", pools_of(page.session, region), tuple(first), region), self._pool_chosen)

    def _pool_chosen(self, row: Row | None) -> None:
        if row is not None:
            region = self.page.purpose.pools.get(row.id) or home_region(row.id) or ""
            self._put(user_pool_id=row.id, region=region, client_id="")
            self._list_clients()

    def _list_clients(self) -> None:
        page, signing = self.page, self.page.signing
        if not signing.user_pool_id:
            self.tell(self.say("need pool"))
            self.query_one("#line-user_pool_id").focus()
            return
        region = signing.region or home_region(signing.user_pool_id) or ""
        issued = page.purpose.issued
        first = [(issued[2], self.say("of the token"))] if issued and issued[0] == signing.user_pool_id else []
        question = clients_of(page.session, region, signing.user_pool_id)
        shown = inert(signing.user_pool_id, 60)
        self.app.push_screen(Choose("clients", question, tuple(first), shown), self._client_chosen)

    def _client_chosen(self, row: Row | None) -> None:
        if row is not None:
            self._put(client_id=row.id)
            self.query_one("#go").focus()

    def _put(self, **values: str) -> None:
        for name, value in values.items():
            self.query_one(f"#line-{name}", Input).value = value
        self._keep(**self._typed)


def pools_of(session: "Session", region: str) -> Question:
    """Return what reads the pools of a region, else of the settings' one. Run in a thread; raises SetupError."""

    def work() -> object:
        from cogwizard.aws.session import SetupError
        from cogwizard.model.read import ListUserPools

        clients = session.ports.clients
        clients.check()
        place = region or clients.default_region()
        if not place:
            raise SetupError("no-region", {})
        return session.ports.answer(ListUserPools(place))

    return work


def clients_of(session: "Session", region: str, user_pool_id: str) -> Question:
    """Return what reads the app clients of a pool. Run in a thread; raises SetupError."""

    def work() -> object:
        from cogwizard.model.read import ListUserPoolClients

        session.ports.clients.check()
        place = region or session.ports.clients.default_region() or ""
        return session.ports.answer(ListUserPoolClients(place, user_pool_id))

    return work
