"""A list of the account's user pools, or of a pool's app clients; where it cannot be read, the permission for it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button

from cogwizard.model.inert import inert
from cogwizard.model.read import Absent
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.base import Dialog
from cogwizard.ui.choices import Row, rows
from cogwizard.ui.listing import sentences, sign_in_command
from cogwizard.ui.widgets.filtered import Filtered
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

_WALK = (("up", "cursor_up"), ("down", "cursor_down"), ("pageup", "page_up"), ("pagedown", "page_down"))
_TICK = 0.2  # seconds
Question = Callable[[], object]


class Choose(Dialog[Row]):
    """Gives the row that was picked, None when it is closed. What is known without asking stands first."""

    texts_name = "signin"
    help_key: ClassVar[str] = "choose client"
    DEFAULT_CSS = """
    Choose #choice { height: 90%; }
    Choose Filtered { height: 1fr; }
    Choose #why { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("ctrl+r", "again", "again"),
        Binding("c", "copy_value", "copy", show=False),
        *(Binding(key, f"walk('{action}')", show=False, priority=True) for key, action in _WALK),
    ]

    def __init__(self, what: str, question: Question, first: tuple[tuple[str, str], ...], place: str) -> None:
        """`what`: "pools" or "clients"; `question` reads them; `first`: (id, a word about it); `place`: where."""
        super().__init__()
        self._what, self._question, self._first, self._place = what, question, first, place
        self._rows: tuple[Row, ...] = ()
        self._trouble: object = None
        self._typed = ""

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Vertical(classes="dialog wide", id="choice"):
            yield Prose(self.say(f"choose {self._what}", place=self._place or "?"), classes="heading")
            yield Prose(id="why", classes="warn")
            cancel = Button(Content(self.say("type instead")), id="cancel")
            pick = self.session.texts.screen
            yield Filtered(pick("pick", "filter"), self._nothing, pick("pick", "show all"), cancel)
            yield Prose(id="state", classes="muted")
        yield Footer()

    def on_mount(self) -> None:
        """Read."""
        self.asking = Asking(self.post_message, self.wizard.monotonic)
        self.set_interval(_TICK, self._tick)
        self.action_again()

    def retext(self) -> None:
        """See `Speaking`."""
        super().retext()
        self.call_after_refresh(self._show)

    def action_again(self) -> None:
        """Read the list again."""
        if self._trouble is not None and self.session.sandbox is None:
            self.session.renew()  # the user may have signed in to AWS again
        self._trouble = None
        self._rows = self._listed(())
        self.asking.ask(self._question, f"reading {self._what}")
        self._show()

    def on_answered(self, message: Answered) -> None:
        """Take the list, or why there is none."""
        if not self.asking.takes(message):
            return
        if isinstance(message.value, tuple):
            self._rows = self._listed(message.value)
        else:
            self._trouble = message.value
        self._show()

    def _listed(self, found: tuple[tuple[str, str], ...]) -> tuple[Row, ...]:
        names = dict(found)
        ids = list(dict.fromkeys([*(item for item, _ in self._first if item), *sorted(names, key=names.__getitem__)]))
        cells = [(item, names.get(item, ""), dict(self._first).get(item, "")) for item in ids]
        return rows(cells, ids, ids)

    def _show(self) -> None:
        why, filtered = self.query_one("#why", Prose), self.query_one(Filtered)
        lines: list[str] = []
        if isinstance(self._trouble, Absent):
            lines = [self.say("pool absent", pool=self._place)]
        elif self._trouble is not None:
            lines = [*sentences(self._trouble, self.session.texts, {}), *filter(None, [self.copyable()])]
            lines.append(self.say("type it"))
        elif not self._rows and self.asking.seconds is None:
            lines = [self.say(f"no {self._what}", place=self._place or "?")]
        why.text, why.display = "\n".join(lines), bool(lines)
        filtered.display = bool(self._rows)
        filtered.put(self._rows, self._typed, None)
        self._tick()

    def _nothing(self, typed: str) -> str:
        return self.session.texts.screen("pick", "none match", typed=inert(typed, 60), all=f"{len(self._rows):,}")

    def _tick(self) -> None:
        if self.query("#state"):
            seconds = self.asking.seconds
            text = "" if seconds is None else self.say(self.asking.words, seconds=f"{seconds:.1f}")
            self.query_one("#state", Prose).text = text

    def on_filtered_changed(self, message: Filtered.Changed) -> None:
        """Keep what was typed."""
        self._typed = message.typed

    def on_filtered_picked(self, message: Filtered.Picked) -> None:
        """Give it."""
        self.dismiss(message.row)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close."""
        event.stop()
        self.dismiss(None)

    def action_walk(self, how: str) -> None:
        """Move in the list while the filter has the focus."""
        self.query_one(Filtered).walk(how)

    def copyable(self) -> str | None:
        """See `Speaking`: the command that gets credentials, where there are none."""
        return sign_in_command(self._trouble) or None
