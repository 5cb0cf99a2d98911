"""An error text: what can mean it, likeliest first."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, Vertical
from textual.content import Content
from textual.widgets import Button, OptionList
from textual.widgets.option_list import Option

from cogwizard.intake.recognise import Recognised
from cogwizard.report.wrap import pad, width, wrap
from cogwizard.ui.base import Page
from cogwizard.ui.given import Given
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.topline import TopLine

_LEAST = 40  # cells that a title needs to stand beside its code


class ErrorText(Page):
    """The findings that produce a text. `enter` opens the page of one; from here the call itself can be looked at."""

    texts_name = "home"
    help_key: ClassVar[str] = "error"
    DEFAULT_CSS = """
    ErrorText #error { height: 1fr; padding: 0 2; }
    ErrorText #codes { height: 1fr; margin-top: 1; }
    ErrorText #ways { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,t", "go_on", "find out why"),
        Binding("escape", "leave", "back"),
        Binding("c", "copy_value", show=False),
    ]

    def __init__(self, found: Recognised) -> None:
        """Take what was recognised, of the kind "error"."""
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        yield TopLine()
        with Vertical(id="error"):
            yield Prose(self.say("error", read_as=self.session.texts.read_as(self._found.read_as)), classes="heading")
            yield Prose(self.say("can mean" if self._found.codes else "means nothing"), classes="gap")
            if self._found.codes:
                yield OptionList(id="codes")
            yield Prose(self.say("which one"), classes="gap")
            with HorizontalGroup(id="ways"):
                yield Button(Content(self.say("go curl")), id="go", variant="primary")
        yield Footer()

    def _list(self) -> None:
        """Show each code with its title beside it; below it, where there is no room."""
        cells = max((width(code) for code in self._found.codes), default=0)
        for options in self.query(OptionList):
            at, room = options.highlighted or 0, self.size.width - 8
            is_beside = room - cells >= _LEAST
            options.clear_options()
            for code in self._found.codes:
                lines = wrap(self.session.texts.title(code), room - cells - 2 if is_beside else room - 2)
                start, indent = (f" {pad(code, cells)}  ", cells + 3) if is_beside else (f" {code}\n   ", 3)
                options.add_option(Option(Content(start + f"\n{' ' * indent}".join(lines)), id=code))
            options.highlighted = at

    def on_resize(self) -> None:
        """Lay the list out anew."""
        self._list()

    def on_mount(self) -> None:
        """Begin at the likeliest."""
        self._begin()
        (self.query("#codes") or self.query("#go")).first().focus()

    def retext(self) -> None:
        """Say everything again in the language of the session."""
        super().retext()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._list()
        top = self.query_one(TopLine)
        top.trail, top.place = self.say("error trail"), self.wizard.place_line()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the page of a code."""
        if event.option.id:
            self.wizard.action_explain(event.option.id)

    def on_button_pressed(self) -> None:
        """Look at the call itself."""
        self.action_go_on()

    def action_go_on(self) -> None:
        """Find out which it is: from the call that a browser's message names, or from the answer when the text is one;
        else the call is picked from the account."""
        if self._found.call:
            origin = self._found.origin or ""
            self.session.given = Given(self._found.call, origin=origin, browser=True, headers_left_out=True)
            self.wizard.action_troubleshoot()
        elif self._found.response_text:
            self.session.given = Given(response=self._found.response_text)
            self.wizard.action_troubleshoot()
        else:
            self.wizard.action_pick()

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return "\n".join(self._found.codes) or None
