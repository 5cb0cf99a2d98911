"""Help for what has the focus: what it is, what the screen is for, and every key that acts now."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.palette import commands
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.prose import Prose

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
    "StepView": "step",
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
        focused, step = _nearest(self._about.focused), self._step()
        with Box(classes="dialog wide", id="help"):
            yield Prose(self.say("title"), classes="heading")
            if focused is not None and (key := help_key(focused)):
                yield Prose(self.say("focus"), classes="heading")
                yield Prose(self.say(f"widget {key}"), classes="inset")
            if step:
                texts = self.session.texts
                yield Prose(texts.screen("steps", f"question {step}"), classes="heading")
                yield Prose(texts.screen("steps", f"matters {step}"), classes="inset")
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

    def _step(self) -> str | None:
        """Return the step of the guide that is shown, None on other screens."""
        view = getattr(self._about, "view", None)
        step = getattr(view, "step", None)
        return step if isinstance(step, str) else None

    def copyable(self) -> str | None:
        """See `Speaking`."""
        return "\n".join("  ".join(filter(None, row)) for row in self._keys())
