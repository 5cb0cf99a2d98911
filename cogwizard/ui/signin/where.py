"""The first stage: which app client of which user pool. Typed, or picked from the account's lists."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.app import ComposeResult
from textual.containers import HorizontalGroup, ItemGrid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from cogwizard.model.inert import inert
from cogwizard.model.pool import home_region
from cogwizard.ui.choices import Row
from cogwizard.ui.signin.choose import Choose, Question
from cogwizard.ui.signin.panel import Panel, visible
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.ui.session import Session
    from cogwizard.ui.signin.state import Purpose, Signing

FIELDS = ("user_pool_id", "region", "client_id")


class Asker(Protocol):
    """A page that asks for an app client. `signing` holds what was typed."""

    @property
    def session(self) -> "Session": ...

    @property
    def purpose(self) -> "Purpose": ...

    @property
    def signing(self) -> "Signing": ...

    @signing.setter
    def signing(self, value: "Signing") -> None: ...

    def look(self) -> None:
        """Go on with what was typed."""
        ...


class ClientFields(Panel):
    """Three fields, and the lists that fill them."""

    DEFAULT_CSS = """
    ClientFields ItemGrid { grid-gutter: 0 2; margin-top: 1; height: auto; }
    ClientFields #go-row { margin-top: 1; height: auto; }
    """

    @property
    def asker(self) -> Asker:
        """The page, as far as it is needed here."""
        return cast(Asker, self.screen)

    def words(self, key: str, **params: object) -> str:
        """Return a text of `screens/signin.toml`."""
        return self.asker.session.texts.screen("signin", key, **params)

    def lines(self) -> Iterator[Widget]:
        """Yield the fields."""
        signing = self.asker.signing
        for name in FIELDS:
            yield visible(name, self.words(f"field {name}"), getattr(signing, name), self.words("refused"))

    def end(self, *buttons: Button) -> Iterator[Widget]:
        """Yield what is wrong, the button that goes on, those of the lists, and others beside them."""
        yield Prose(id="wrong", classes="warn gap")
        yield HorizontalGroup(Button(Content(self.words("go on")), id="go", variant="primary"), id="go-row")
        lists = [Button(Content(self.words(f"list {name}")), id=name) for name in ("pools", "clients")]
        yield ItemGrid(*lists, *buttons, min_column_width=32)

    def on_mount(self) -> None:
        """Say nothing wrong yet."""
        self.tell("")

    def begin(self) -> None:
        """See `Panel`: where all is known, the button."""
        if self.asker.signing.client_id:
            self.query_one("#go").focus()
        else:
            super().begin()

    # -- typing ------------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed. A pool's id tells its region."""
        name = (event.input.id or "").removeprefix("line-")
        if name not in FIELDS:
            return
        typed = self._typed
        if name == "user_pool_id" and (region := home_region(typed["user_pool_id"])):
            typed["region"] = self.query_one("#line-region", Input).value = region
        self._keep(**typed)
        self.tell("")

    @property
    def _typed(self) -> dict[str, str]:
        return {field: self.query_one(f"#line-{field}", Input).value.strip() for field in FIELDS}

    def _keep(self, user_pool_id: str, region: str, client_id: str) -> None:
        asker = self.asker
        asker.signing = asker.signing.at(user_pool_id, region, client_id)
        asker.signing.region = region

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the buttons' names."""
        event.stop()
        if self.may_go_on():
            self.presses[event.button.id or "go"]()

    @property
    def presses(self) -> Mapping[str, Callable[[], object]]:
        """What the buttons do, by their ids."""
        return {"go": self.go_on, "pools": self._list_pools, "clients": self.list_clients}

    def go_on(self) -> None:
        """Read the app client."""
        self._keep(**self._typed)
        missing = "need client" if not self.asker.signing.client_id else ""
        self.tell(self.words(missing) if missing else "")
        if missing:
            self.query_one("#line-client_id").focus()
        else:
            self.asker.look()

    # -- lists -------------------------------------------------------------------------------------------------------

    def _list_pools(self) -> None:
        asker = self.asker
        trusted = asker.purpose.pools
        first = [(pool, self.words("trusted")) for pool in trusted]
        region = asker.signing.region or next(iter(trusted.values()), "")
        self.app.push_screen(Choose("pools", pools_of(asker.session, region), tuple(first), region), self._pool_chosen)

    def _pool_chosen(self, row: Row | None) -> None:
        if row is not None:
            region = self.asker.purpose.pools.get(row.id) or home_region(row.id) or ""
            self._put(user_pool_id=row.id, region=region, client_id="")
            self.list_clients()

    def list_clients(self) -> None:
        """Let the user pick an app client of the pool."""
        asker, signing = self.asker, self.asker.signing
        if not signing.user_pool_id:
            self.tell(self.words("need pool"))
            self.query_one("#line-user_pool_id").focus()
            return
        region = signing.region or home_region(signing.user_pool_id) or ""
        issued = asker.purpose.issued
        first = [(issued[2], self.words("of the token"))] if issued and issued[0] == signing.user_pool_id else []
        question = clients_of(asker.session, region, signing.user_pool_id)
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


class Where(ClientFields):
    """The app client to sign in to."""

    stop: ClassVar[int] = 0

    def compose(self) -> ComposeResult:
        """See `Widget`."""
        yield Prose(self.say("question where"), classes="heading")
        yield Prose(self.say("about where"), classes="muted")
        yield Prose("", classes="gap")
        yield from self.lines()
        last = [Button(Content(self.say("last tokens")), id="last")] if self.page.signing.tokens else []
        yield from self.end(*last, Button(Content(self.say("paste instead")), id="paste-instead"))
        yield Prose(self.wanted(), classes="gap muted")

    @property
    def presses(self) -> Mapping[str, Callable[[], object]]:
        """See `ClientFields`."""
        page = self.page
        return {**super().presses, "last": page.show_last, "paste-instead": page.paste_instead}


def pools_of(session: "Session", region: str) -> Question:
    """Return what reads the pools of a region, else of the settings' one. Run in a thread; raises SetupError."""

    def work() -> object:
        from cogwizard.aws.session import SetupError
        from cogwizard.model.read_cognito import ListUserPools

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
        from cogwizard.model.read_cognito import ListUserPoolClients

        session.ports.clients.check()
        place = region or session.ports.clients.default_region() or ""
        return session.ports.answer(ListUserPoolClients(place, user_pool_id))

    return work
