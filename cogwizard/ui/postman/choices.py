"""The lines of the checklist that hold a choice: which Postman, which grant, the pop-up's callback URL, the scopes."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList
from textual.widgets.option_list import Option

from cogwizard.intake.mask import told
from cogwizard.model.attempt import GRANTS as OAUTH_GRANTS
from cogwizard.model.client import AppClient
from cogwizard.model.postman import APPS, CALLBACKS, FIELDS, FLOWS, GRANTS, SHOWN, App, Grant
from cogwizard.steps.postman_values import app_of, callback_of, grant_of, proposed, value
from cogwizard.ui.postman.known import Known
from cogwizard.ui.postman.state import Typed
from cogwizard.ui.postman.view import LineView
from cogwizard.ui.signin.panel import Entry, visible
from cogwizard.ui.widgets.prose import MARKS, Prose


class Chooser(OptionList):
    """Options, one of them chosen; what has the cursor stays under it while the words change."""

    def on_resize(self) -> None:
        """Take as many lines as the options have in this width."""
        self.refresh(layout=True)

    def put(self, rows: Sequence[tuple[str, str]], chosen: str | None) -> None:
        """Show options as (id, words)."""
        lines = [f"{MARKS['pass'] if id == chosen else ' '} {words}" for id, words in rows]
        if [str(option.prompt) for option in self.options] == lines:
            return
        ids = [id for id, _ in rows]
        at = self.highlighted
        if at is None:
            at = ids.index(chosen) if chosen in ids else 0
        self.clear_options()
        self.add_options(Option(Content(line), id=id) for id, line in zip(ids, lines, strict=True))
        self.highlighted = min(at, len(ids) - 1) if ids else None


class AppView(LineView):
    """Which Postman. What it sends as callback URL stands beside it."""

    def choice(self) -> Iterable[Widget]:
        """See `LineView`."""
        yield Chooser(id="apps")
        yield Prose(self.words("how to pick"), classes="muted")

    async def show_choice(self, known: Known) -> None:
        """See `LineView`."""
        client = known.setup.client
        registered = client.callback_urls if isinstance(client, AppClient) else None
        self.query_one(Chooser).put([(app, self._words(app, registered)) for app in APPS], app_of(known.setup))

    def _words(self, app: App, registered: tuple[str, ...] | None) -> str:
        name = self.words(f"app {app}")
        if registered is None or app not in CALLBACKS:
            return name
        key = "registered" if CALLBACKS[app] in registered else "not registered"
        return self.words("option", name=name, about=self.words(key))

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it."""
        event.stop()
        app = APPS[event.option_index]

        def change(typed: Typed) -> None:
            typed.app = app

        await self.walk.choose(change)


class GrantView(LineView):
    """Which grant type, with what the app client allows."""

    def choice(self) -> Iterable[Widget]:
        """See `LineView`."""
        yield Chooser(id="grants")
        yield Prose(self.words("how to pick"), classes="muted")

    async def show_choice(self, known: Known) -> None:
        """See `LineView`."""
        client = known.setup.client
        allowed = (client.grants if client.oauth_enabled else ()) if isinstance(client, AppClient) else None
        self.query_one(Chooser).put([(grant, self._words(grant, allowed)) for grant in GRANTS], grant_of(known.setup))

    def _words(self, grant: Grant, allowed: tuple[str, ...] | None) -> str:
        name = SHOWN["grant_type"][grant]
        if allowed is None:
            return name
        key = "allowed" if OAUTH_GRANTS[FLOWS[grant]] in allowed else "not allowed"
        return self.words("option", name=name, about=self.words(key))

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it. The scopes that were typed for another grant are not those of this one."""
        event.stop()
        grant = GRANTS[event.option_index]

        def change(typed: Typed) -> None:
            if typed.entered.get("grant_type") != grant:
                typed.entered.pop("scope", None)
            typed.entered["grant_type"] = grant

        await self.walk.choose(change)


class TypedView(LineView):
    """A line with a field to type in. `key`: Postman's."""

    key: ClassVar[str] = ""
    DEFAULT_CSS = """
    TypedView Entry { margin-top: 1; height: auto; }
    TypedView Entry HorizontalGroup { layout: vertical; }
    TypedView Entry .label { width: 1fr; }
    TypedView #proposed-row { height: auto; }
    """

    def line(self) -> Entry:
        """Return the field."""
        known = self.walk.known
        return visible(self.key, FIELDS[self.key], self.typed(known), self.words("refused"))

    def typed(self, known: Known) -> str:
        """Return what stands in the field."""
        return value(known.setup, self.key) or ""

    def put(self, text: str) -> None:
        """Put a text into the field, unless somebody types there."""
        line = self.query_one(f"#line-{self.key}", Input)
        if line.value != text and not line.has_focus:
            with line.prevent(Input.Changed):  # what the line leaves out of a foreign text is nobody's choice
                line.value = text

    def take(self, typed: Typed, text: str) -> None:
        """Keep what was typed."""
        typed.entered[self.key] = text

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Judge what was typed."""
        event.stop()
        text = event.value.strip()
        if event.value == event.input.value and text != self.typed(self.walk.known):
            await self.walk.choose(lambda typed: self.take(typed, text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Leave the field: the keys are the page's again."""
        event.stop()
        self.focus()


class CallbackView(TypedView):
    """The pop-up's callback URL. Every other Postman sends its own."""

    key = "redirect_uri"

    def choice(self) -> Iterable[Widget]:
        """See `LineView`."""
        yield Prose(id="fixed", classes="gap")
        yield self.line()
        yield Prose(self.words("pick registered"), classes="muted registered")
        yield Chooser(id="registered")

    async def show_choice(self, known: Known) -> None:
        """See `LineView`."""
        setup = known.setup
        app, client = app_of(setup), setup.client
        is_free = app not in CALLBACKS and grant_of(setup) != "client_credentials"
        urls = client.callback_urls if isinstance(client, AppClient) and is_free else ()
        fixed = self.query_one("#fixed", Prose)
        fixed.display = app in CALLBACKS
        fixed.text = self.words("callback fixed", app=self.words(f"app {app}"))
        self.query_one(Entry).display = is_free
        for part in self.query(".registered, #registered"):
            part.display = bool(urls)
        self.query_one(Chooser).put([(str(at), told(url, 1000)) for at, url in enumerate(urls)], self._at(known, urls))
        self.put(self.typed(known))

    def _at(self, known: Known, urls: tuple[str, ...]) -> str | None:
        sent = callback_of(known.setup)
        return str(urls.index(sent)) if sent in urls else None

    def typed(self, known: Known) -> str:
        """See `TypedView`."""
        return callback_of(known.setup)

    def take(self, typed: Typed, text: str) -> None:
        """See `TypedView`: the pop-up is meant, whose the field is."""
        typed.callback, typed.app = text, "desktop-popup"

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take a URL that is registered."""
        event.stop()
        client = self.walk.known.setup.client
        if isinstance(client, AppClient) and event.option_index < len(client.callback_urls):
            url = client.callback_urls[event.option_index]
            await self.walk.choose(lambda typed: self.take(typed, url))


class ScopeView(TypedView):
    """The scopes, as they are proposed or as they were typed."""

    key = "scope"

    def choice(self) -> Iterable[Widget]:
        """See `LineView`."""
        yield self.line()
        yield HorizontalGroup(Button(Content(self.words("propose scopes")), id="propose"), id="proposed-row")

    async def show_choice(self, known: Known) -> None:
        """See `LineView`."""
        self.put(self.typed(known))
        self.query_one("#proposed-row").display = "scope" in known.setup.entered

    def take(self, typed: Typed, text: str) -> None:
        """See `TypedView`: what is proposed is nobody's choice."""
        if text == proposed(self.walk.known.setup).get("scope"):
            typed.entered.pop("scope", None)
        else:
            typed.entered["scope"] = text

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take what is proposed."""
        event.stop()
        self.focus()

        def change(typed: Typed) -> None:
            typed.entered.pop("scope", None)

        await self.walk.choose(change)
