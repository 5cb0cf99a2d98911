"""Help for what has the focus: what it is, what the screen is for, and every key that acts now."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.palette import commands
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.ui.views.sheet import Sheet

# Class -> key in `screens/help.toml`, for classes that carry no `help_key` of their own: Textual's, and our screens.
# A class that is not named here has the help of the one that it is made from.
_BY_CLASS = {
    "Button": "button",
    "Input": "input",
    "TextArea": "text",
    "OptionList": "list",
    "Facts": "facts",
    "MendBox": "mend",
    "PasteField": "paste",
    "Sheet": "step",
    "VerticalScroll": "scroll",
    "Home": "home",
    "SandboxList": "sandbox",
    "Journey": "journey",
    "Pick": "pick",
    "Inspect": "inspect",
    "GiveToken": "give token",
    "Save": "save",
    "Ask": "ask",
    "ChooseProfile": "profiles",
    "ShowPolicy": "policy",
}


def help_key(node: object) -> str | None:
    """Return the key of a widget's or screen's help, None where it has none."""
    own = getattr(node, "help_key", None)
    if isinstance(own, str):
        return own
    return next((_BY_CLASS[kind.__name__] for kind in type(node).__mro__ if kind.__name__ in _BY_CLASS), None)


def _nearest(node: DOMNode | None) -> DOMNode | None:
    while node is not None and not isinstance(node, Screen) and help_key(node) is None:
        node = node.parent
    return None if isinstance(node, Screen) else node


class Help(Dialog[None]):
    """Shows the help of a screen, as it was when it was asked for. F1 and `escape` close it."""

    texts_name = "help"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy_value", "copy")]

    def __init__(self, about: Screen[Any]) -> None:
        """Take the screen that is explained."""
        super().__init__()
        self._about = about

    @classmethod
    def of(cls, screen: Screen[Any]) -> "Help":
        """Return the help of a screen and of what has the focus there."""
        return cls(screen)

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        focused, sheet = _nearest(self._about.focused), self._sheet()
        with Box(classes="dialog wide", id="help"):
            yield Prose(self.say("title"), classes="heading")
            if focused is not None and (key := help_key(focused)):
                yield Prose(self.say("focus"), classes="heading")
                yield Prose(self.say(f"widget {key}"), classes="inset")
            if sheet is not None:
                texts = self.session.texts
                yield Prose(texts.screen(sheet.steps_name, f"question {sheet.step}"), classes="heading")
                yield Prose(sheet.reason, classes="inset")
            if key := help_key(self._about):
                yield Prose(self.say("screen"), classes="heading")
                yield Prose(self.say(f"screen {key}"), classes="inset")
            yield Prose(self.say("keys"), classes="heading")
            head = [self.say(name) for name in ("key", "does", "about")]
            yield Facts(head, [Fact("", row) for row in self._keys()], id="keys")
        yield Footer()

    def _keys(self) -> list[tuple[str, str, str]]:
        found = commands(self.wizard, self._about)
        # What the digits do, the sentences about the screen say.
        return [(item.key, item.name, item.about) for item in found if item.key and not item.key.isdigit()]

    def _sheet(self) -> "Sheet | None":
        """Return the step that is shown, None on screens without steps."""
        from cogwizard.ui.views.sheet import Sheet

        view = getattr(self._about, "view", None)
        return view if isinstance(view, Sheet) else None

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return "\n".join("  ".join(filter(None, row)) for row in self._keys())
