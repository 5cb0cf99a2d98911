"""The vault: names and kinds of what is kept, never a value; which keyring keeps it, or why none does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ItemGrid, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList
from textual.widgets.option_list import Option

from cogwizard.model.inert import inert
from cogwizard.ui.ask import Ask
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Page
from cogwizard.ui.vault_rows import entry_rows, forgotten_text, listing_text, trouble_text, waiting
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.keyrings import Keyrings
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

if TYPE_CHECKING:
    from cogwizard.vault import Entry, Forgotten, Held, Listing, Saved
    from cogwizard.vault.doctor import Doctor

_TICK = 0.2  # seconds between two looks at the clock while a keyring works
_BUTTONS = ("add", "forget", "use", "probe")


class VaultPage(Page):
    """The list and the keyrings are read side by side, each in a thread; nothing here waits for either."""

    texts_name = "vault"
    help_key: ClassVar[str] = "vault"
    DEFAULT_CSS = """
    VaultPage #sheet { height: 1fr; padding: 0 2; }
    VaultPage #entries { height: auto; max-height: 14; margin-top: 1; scrollbar-gutter: auto; }
    VaultPage #vault-buttons { grid-gutter: 0 2; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("a", "add", "add"),
        Binding("f,delete", "forget", "forget"),
        Binding("u", "use", "use"),
        Binding("t", "probe", "probe"),
        Binding("r", "again", "again"),
        Binding("c", "copy_value", "copy"),
    ]

    class Examined(Answered):
        """The keyrings were looked at."""

    def __init__(self) -> None:
        """Everything is read when the page is shown."""
        super().__init__()
        self.listing: Listing | None = None
        self.doctor: Doctor | None = None
        self._at: str | None = None  # the entry that is highlighted
        self._said: tuple[str, Callable[[], str]] = ("", lambda: "")  # what came of the last action: class, words

    # -- drawing -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        with VerticalScroll(id="sheet", can_focus=False):
            yield Prose(self.say("title"), classes="heading")
            yield Prose(self.say("about"), classes="muted")
            yield Prose(id="state", classes="gap")
            yield OptionList(id="entries", markup=False)
            yield Prose(id="status", classes="gap muted")
            yield Prose(id="outcome")
            buttons = (Button(self.say(name), id=f"{name}-entry") for name in _BUTTONS)
            yield ItemGrid(*buttons, id="vault-buttons", min_column_width=30)
            yield Keyrings(self.session.texts, id="keyrings")
        yield Footer()

    def on_mount(self) -> None:
        """Read both."""
        clock = self.wizard.monotonic
        self.asking = Asking(self.post_message, clock)
        self.examining = Asking(lambda found: self.post_message(self.Examined(found.number, found.value)), clock)
        self.set_interval(_TICK, self._tick)
        self._read()
        self._examine(probe=False)
        self._show()

    def on_resize(self) -> None:
        """Lay the list out anew."""
        self._show_list()

    async def recompose(self) -> None:
        """See `Speaking`: what is to have the focus again must be shown by then."""
        await super().recompose()
        self._show()

    def _show(self) -> None:
        top = self.query_one(TopLine)
        top.trail, top.mark = self.say("trail"), self.wizard.sandbox_mark()
        self._show_list()
        self._show_doctor()
        self._tick()
        self.refresh_bindings()

    def _show_list(self) -> None:
        state, options = self.query_one("#state", Prose), self.query_one("#entries", OptionList)
        listing, texts = self.listing, self.session.texts
        if listing is None:
            self._offer(False)
            return
        state.set_class(listing.trouble is not None, "warn")
        state.text = listing_text(listing, texts)
        shown = entry_rows(listing.entries, self.session.clock(), self.say, self.size.width - 6)
        wanted = self._at
        options.set_options(Option(Content(row.text), id=row.id) for row in shown)
        names = [row.id for row in shown]
        options.highlighted = (names.index(wanted) if wanted in names else 0) if names else None
        self._at = names[options.highlighted] if options.highlighted is not None else None
        is_first = bool(names) and not options.display
        self._offer(bool(names))
        if is_first or self.focused is None or not self.focused.display:
            (options if names else self.query_one("#add-entry")).focus()

    def _offer(self, is_any: bool) -> None:
        """Show the list and what can be done with an entry, or neither."""
        for name in ("#entries", "#forget-entry", "#use-entry"):
            self.query_one(name).display = is_any

    def _show_doctor(self) -> None:
        self.query_one("#probe-entry").display = self._can_probe
        if self.doctor is not None:
            self.query_one(Keyrings).put(self.doctor)

    def _tick(self) -> None:
        """Say what is waited for, and since when."""
        if not self.query("#status"):
            return  # the screen is being composed anew
        lines = []
        for asking in (self.asking, self.examining):
            if asking.seconds is not None:
                lines.append(waiting(asking.words, asking.seconds, self.session.vault.backend, self.session.texts))
        status, outcome = self.query_one("#status", Prose), self.query_one("#outcome", Prose)
        status.text = "\n".join(dict.fromkeys(lines))
        status.display = bool(lines)
        kind, words = self._said
        outcome.text = words()
        outcome.set_classes(f"gap {kind}" if outcome.text else "")

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        self.asking.ask(self.session.vault.names, "reading")

    def _examine(self, *, probe: bool) -> None:
        examine = self.session.examine
        self.examining.ask(lambda: examine(probe), "probing" if probe else "examining")

    def on_vault_page_examined(self, message: Examined) -> None:
        """Show the keyrings."""
        if self.examining.takes(message):
            self.doctor = None if isinstance(message.value, Exception) else message.value  # type: ignore[assignment]
            self._show()

    def on_answered(self, message: Answered) -> None:
        """Take what a thread brings: the list, what became of an entry, or its keys."""
        from cogwizard.vault import Forgotten, Held, Listing, Trouble

        if not self.asking.takes(message):
            return
        value = message.value
        if isinstance(value, Listing):
            self.listing = value
        elif isinstance(value, Forgotten):
            self._forgotten(value)
        elif isinstance(value, Held):
            self._use(value)
        elif isinstance(value, Trouble):
            self._tell("warn", lambda: trouble_text(value, self.session.texts))
        else:
            error = type(value).__name__
            self._tell("warn", lambda: self.session.texts.screen("journey", "crashed", error=error))
        self._show()

    def _tell(self, kind: str, words: Callable[[], str]) -> None:
        """Say what came of an action, below the list, until the next one."""
        self._said = (kind, words)
        self._tick()

    # -- what can be done --------------------------------------------------------------------------------------------

    @property
    def entry(self) -> "Entry | None":
        """The entry that is highlighted."""
        entries = self.listing.entries if self.listing else ()
        return next((entry for entry in entries if entry.name == self._at), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        if action == "probe":
            return self._can_probe
        return self.entry is not None if action in ("forget", "use") else True

    @property
    def _can_probe(self) -> bool:
        from cogwizard.vault.backends import Backend

        return self.doctor is not None and isinstance(self.doctor.chosen, Backend)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Remember which one."""
        self._at = event.option.id

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Use the entry."""
        event.stop()
        self._at = event.option.id
        self.action_use()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        getattr(self, f"action_{str(event.button.id).removesuffix('-entry')}")()

    def action_again(self) -> None:
        """Look again, at the entries and at the keyrings."""
        self._tell("", lambda: "")
        self._read()
        self._examine(probe=False)
        self._tick()

    def action_probe(self) -> None:
        """Write a throw-away entry, read it back and remove it."""
        self._examine(probe=True)
        self._tick()

    def action_add(self) -> None:
        """Keep another secret."""
        from cogwizard.ui.add_entry import AddEntry

        self.app.push_screen(AddEntry(), self._added)

    def _added(self, saved: "Saved | None") -> None:
        if saved is not None:
            self._at = saved.entry.name
            self._tell("", lambda: "")
            self._read()

    def action_forget(self) -> None:
        """Remove an entry; asks first."""
        entry = self.entry
        if entry is None:
            return
        name = entry.name

        def say(key: str) -> str:
            return self.say(key, name=inert(name, 80))

        def answered(yes: bool | None) -> None:
            if yes:
                self.asking.ask(lambda: self.session.vault.forget(name), "forgetting")
                self._tick()

        question = Ask(lambda: say("ask forget"), lambda: say("ask forget yes"), lambda: say("ask forget no"))
        self.app.push_screen(question, answered)

    def _forgotten(self, done: "Forgotten") -> None:
        self._tell("warn" if done.trouble else "", lambda: forgotten_text(done, self.session.texts))
        if done.removed or done.trouble is None:  # from memory at least
            self._read()

    def action_use(self) -> None:
        """Read AWS with the keys of an entry; of any other, copy the name that commands take."""
        entry = self.entry
        if entry is None:
            return
        name = entry.name
        if entry.kind != "aws-keys":
            self.wizard.copy(f"vault:{name}")
            self._tell("", lambda: self.say("name copied", name=f"vault:{name}"))
        elif self.session.sandbox is not None:
            self._tell("", lambda: self.session.texts.screen("access", "sandbox note"))
        else:
            self.asking.ask(lambda: self.session.vault.read(name), "reading")
            self._tick()

    def _use(self, held: "Held") -> None:
        from cogwizard.aws.session import HeldKeys
        from cogwizard.vault.kinds import BadValue

        try:
            keys, name = held.keys(), f"vault:{held.entry.name}"
        except BadValue as error:
            key = error.key
            self._tell("warn", lambda: f"! {self.session.texts.message(key, {})}")
            self._read()  # the entry may have been replaced by one of another kind
            return
        self.session.choose_profile(HeldKeys(name, keys.key_id, keys.secret, keys.session_token))
        self._tell("", lambda: self.say("keys used", name=name))

    def copyable(self) -> str | None:
        """See `Speaking`: the name under which commands take the entry."""
        return f"vault:{self.entry.name}" if self.entry else None
