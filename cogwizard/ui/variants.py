"""The call made in other ways: what would be sent where, then what each answered, and what that settles."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Button

from cogwizard.gateway import read_answer
from cogwizard.intake.mask import told
from cogwizard.model.answer import Answer
from cogwizard.model.read import Unread
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.variants import PAUSE, Experiment, Variant, lessons, variants

if TYPE_CHECKING:
    from cogwizard.ui.journey import Journey

_COLUMNS = ("way", "token", "host", "answer", "by")


def try_variants(journey: "Journey") -> None:
    """Open the page for the journey's call, or say why there is nothing to try."""
    case, given, texts = journey.seen.case, journey.session.given, journey.session.texts
    tokens = given.signed_in
    others = (given.other_token, *((tokens.id_token or "", tokens.access_token or "") if tokens else ()))
    chosen = variants(case, others)
    key = None
    if not case.call_given:
        key = "no call"
    elif not case.call.is_safe:
        key = "unsafe"
    elif not case.replay:
        key = "not allowed"
    elif not chosen:
        key = "not in full"
    elif len(chosen) == 1:
        key = "one only"
    if key is None:
        journey.app.push_screen(TryVariants(chosen, case.emulated))
    else:
        journey.notify(texts.screen("variants", key, method=told(case.call.method, 40)), markup=False, timeout=10)


class TryVariants(Dialog[None]):
    """Asks first. Nothing of a token is shown but its label."""

    class Changed(Message):
        """There is one more answer, or there will be no more."""

    texts_name = "variants"
    help_key: ClassVar[str] = "variants"
    DEFAULT_CSS = """
    TryVariants #ways { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close"),
        Binding("y", "send", "make calls"),
    ]

    def __init__(self, chosen: tuple[Variant, ...], emulated: bool) -> None:
        """Take what would be sent; `emulated`: as in `Case`."""
        super().__init__()
        self._chosen, self._emulated = chosen, emulated
        self._experiment: Experiment | None = None

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        with Box(classes="dialog wide", id="variants-box", can_focus=False):
            yield Prose(self.say("title"), classes="heading")
            yield Prose(self._about(), id="about")
            yield Prose("", classes="gap")
            yield Facts([self.say(f"column {name}") for name in _COLUMNS], self._facts())
            yield Prose(self._lessons(), id="lessons", classes="gap")
            with Horizontal(id="ways"):
                if self._experiment is None:
                    yield Button(f"{self.say('do not')} (esc)", id="no")
                    yield Button(f"{self.say('send')} (y)", id="yes")
                else:
                    yield Button(self.say("close"), id="no")
        yield Footer()

    def on_mount(self) -> None:
        """Offer the safe answer."""
        self.query_one("#no").focus()

    def _about(self) -> str:
        if self._experiment is None:
            hosts = ", ".join(dict.fromkeys(self._host(variant) for variant in self._chosen))
            return self.say("about", count=len(self._chosen), hosts=hosts)
        count = len(self._experiment.answers)
        return self.say("done" if self._experiment.done else "sending", count=count, all=len(self._chosen))

    def _host(self, variant: Variant) -> str:
        return told(self.session.ports.host(variant.read, self._emulated), 200)

    def _facts(self) -> list[Fact]:
        facts = []
        for variant in self._chosen:
            value = self._experiment.answers.get(variant) if self._experiment else None
            answer, by, mark = "", "", ""
            if isinstance(value, Answer):
                seen = read_answer(value)
                answer = f"{value.status} {seen.error_type or ''}".strip()
                by = "/".join(self.session.texts.label(f"gate {gate}") for gate in seen.gates if gate != "unknown")
                mark = "pass" if seen.gates == ("backend",) or value.status < 300 else "fail"
            elif isinstance(value, Unread):
                answer, mark = self.say("no answer", error=told(value.error, 80)), "unknown"
            token = self.session.texts.phrase(variant.token) if variant.token else self.say("no token")
            facts.append(Fact(mark, (self.say(f"way {variant.kind}"), token, self._host(variant), answer, by)))
        return facts

    def _lessons(self) -> str:
        if self._experiment is None or not self._experiment.done:
            return ""
        phrase, found = self.session.texts.phrase, lessons(self._experiment.answers)
        said = (
            self.say(f"lesson {item.key}", **{name: phrase(value) for name, value in item.params.items()})
            for item in found
        )
        return "\n".join(said) or self.say("nothing settled")

    async def action_send(self) -> None:
        """Make the calls."""
        if self._experiment is not None:
            return
        answer = self.session.ports.answer
        self._experiment = Experiment(self._chosen, answer, lambda: self.post_message(self.Changed()), PAUSE)
        self._experiment.start()
        await self.recompose()
        self.query_one("#no").focus()

    @on(Changed)
    def show(self) -> None:
        """Show what is known."""
        try:
            self.query_one(Facts).put(self._facts())
            self.query_one("#about", Prose).text = self._about()
            self.query_one("#lessons", Prose).text = self._lessons()
        except NoMatches:
            return  # being composed anew, with all that is known

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Send, or close."""
        event.stop()
        if event.button.id == "yes":
            self.run_worker(self.action_send())
        else:
            self.action_leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to send once."""
        return self._experiment is None if action == "send" else super().check_action(action, parameters)

    def on_unmount(self) -> None:
        """Send nothing more."""
        if self._experiment is not None:
            self._experiment.cancel()
