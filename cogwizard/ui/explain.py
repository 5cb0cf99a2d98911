"""The page of a code: what it means, why it happens, how it is proven and mended. What `cogwizard explain` prints."""

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, OptionList
from textual.widgets.option_list import Option

from cogwizard.report.explanation import SECTIONS, build
from cogwizard.report.page import FORMS, Mend
from cogwizard.ui.base import Box, Dialog
from cogwizard.ui.widgets.facts import Fact, Facts
from cogwizard.ui.widgets.footer import Footer
from cogwizard.ui.widgets.mend import MendBox
from cogwizard.ui.widgets.prose import Prose

_LABELS = {"confused_with": "confused"}  # section -> its label in the catalogue


class Explain(Dialog[None]):
    """Shows the page of a code. A neighbour that is chosen opens its own page; `escape` comes back."""

    DEFAULT_CSS = """
    Explain MendBox { margin-bottom: 1; }
    Explain #neighbours { height: auto; background: $panel; }
    """
    texts_name = "explain"
    help_key: ClassVar[str] = "explain"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "compute_hash", "secret hash"),
        Binding("c", "copy_value", "copy"),
    ]

    def __init__(self, code: str) -> None:
        """Take the code, one of `model.code.CODES`."""
        super().__init__()
        self.code = code

    def _page(self) -> dict[str, Any]:
        return build(self.code, self.session.texts)

    def compose(self) -> ComposeResult:
        """See `Screen`."""
        found = self._page()
        with Box(classes="dialog wide", id="page"):
            yield Prose(f"{self.code}: {found['title']}", classes="heading")
            if self._is_about_hash:
                yield Button(self.say("compute hash"), id="compute-hash", classes="gap")
            for section in SECTIONS:
                if found[section]:
                    yield Prose(self._label(section), classes="heading")
                    yield Prose(found[section], classes="inset")
            yield from self._mends(found)
            yield from self._further(found)
        yield Footer()

    @property
    def _is_about_hash(self) -> bool:
        return self.code.startswith("secret-hash-")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done."""
        return self._is_about_hash if action == "compute_hash" else super().check_action(action, parameters)

    def action_compute_hash(self) -> None:
        """Compute a SECRET_HASH, or check one."""
        self.wizard.action_secret_hash()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """See the button's name."""
        event.stop()
        self.action_compute_hash()

    def _label(self, section: str) -> str:
        return self.session.texts.label(_LABELS.get(section, section))

    def _mends(self, found: dict[str, Any]) -> Iterator[Widget]:
        if found["fixes"]:
            yield Prose(self._label("mend"), classes="heading")
        names = {form: self._label(form) for form in FORMS}
        for number, fix in enumerate(found["fixes"]):
            forms = tuple((form, fix[form]) for form in FORMS if fix[form])
            yield MendBox(Mend(fix["title"], forms), names, id=f"mend-{number}")

    def _further(self, found: dict[str, Any]) -> Iterator[Widget]:
        if found["neighbours"]:
            yield Prose(self.say("neighbours"), classes="heading")
            titles = [(code, self.session.texts.title(code)) for code in found["neighbours"]]
            yield OptionList(*(Option(Content(f"{code}: {title}"), id=code) for code, title in titles), id="neighbours")
        if found["references"]:
            yield Facts([self._label("references")], [Fact("", (at,)) for at in found["references"]], id="references")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the page of a neighbour."""
        event.stop()
        if event.option.id:
            self.wizard.action_explain(event.option.id)

    def copyable(self) -> str | None:
        """See `Speaking`."""
        found = self._page()
        sections = [f"{self._label(name)}\n{found[name]}" for name in SECTIONS if found[name]]
        return "\n\n".join([f"{self.code}: {found['title']}", *sections, *found["references"]])
