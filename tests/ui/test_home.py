"""Home: what is pasted is recognised, masked before it is shown, and handed to the journey that fits."""

import asyncio
from collections.abc import Callable

import pytest
from textual.widgets import Button, OptionList

from cogwizard.intake.recognise import recognise
from cogwizard.text import Texts
from cogwizard.ui import recognised
from cogwizard.ui.errortext import ErrorText
from cogwizard.ui.explain import Explain
from cogwizard.ui.give_token import GiveToken
from cogwizard.ui.home import JOURNEYS, Home
from cogwizard.ui.inspect import Inspect
from cogwizard.ui.journey import Journey
from cogwizard.ui.onboard.start import Start as OnboardStart
from cogwizard.ui.pick import Pick
from cogwizard.ui.postman.start import Start
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.widgets.paste import FOLDED, LONGEST, PasteField
from cogwizard.ui.widgets.prose import Prose
from tests.intake.test_mask import ACCESS, ID, URL
from tests.ui.driver import Driver, drive

CURL = f"curl '{URL}' \\\n  -H 'Authorization: Bearer {ID}' \\\n  -H 'x-api-key: c4nary-key' --foo"
ANSWER = 'HTTP/1.1 401 Unauthorized\nx-amzn-ErrorType: UnauthorizedException\n\n{"message":"Unauthorized"}'
LOCAL = "http://127.0.0.1:9/prod/orders"  # a call that reaches nobody


def home(wizard: Driver) -> Home:
    screen = wizard.app.screen
    assert isinstance(screen, Home)
    return screen


def field(wizard: Driver) -> PasteField:
    return wizard.app.screen.query_one(PasteField)


async def pasted(wizard: Driver, text: str) -> None:
    """Paste and wait until it was recognised."""
    await wizard.paste(text)
    screen = home(wizard)
    await wizard.until(lambda: screen.found is not None and screen._text == field(wizard).whole_text, "recognised")


def is_hidden(wizard: Driver, *secrets: str) -> bool:
    """Whether no secret stands in the document, in what can be undone, or on the screen."""
    history = field(wizard).history
    edits = [edit for batch in (*history.undo_stack, *history.redo_stack) for edit in batch]
    said = [field(wizard).text, wizard.text(), *(edit.text for edit in edits)]
    said += [edit._edit_result.replaced_text for edit in edits if edit._edit_result]
    return not any(secret in text for secret in secrets for text in said)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_everything_fits(lang: str, size: tuple[int, int]) -> None:
    """Sentence, field, line, button, journeys and footer are all on the screen; nothing is cut."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, CURL)
        await wizard.pilot.pause(0.1)
        shown, screen = wizard.text(), home(wizard)
        assert screen.query_one("#home").max_scroll_y == 0
        assert "[ID token " in shown
        for journey in JOURNEYS:
            title, about = screen._texts_of(journey)
            assert title in shown
            assert about in shown
        assert "/prod/orders" in shown
        assert str(screen.query_one("#go", Button).label) in shown
        assert "ctrl+q" in shown

    drive(script, size=size, lang=lang)


def test_a_paste_is_masked_and_keeps_all_its_lines() -> None:
    async def script(wizard: Driver) -> None:
        await pasted(wizard, CURL.replace("\n", "\r"))  # as terminals send line ends
        assert field(wizard).whole_text == CURL
        assert field(wizard).document.line_count == 3
        assert is_hidden(wizard, ID, ID[-30:], "c4nary-key")
        assert "A curl command (bash): GET /prod/orders with an ID token." in wizard.text()
        assert "Not used: --foo." in wizard.text()
        await wizard.press("ctrl+z")
        assert field(wizard).text == ""
        await wizard.press("ctrl+y")
        assert field(wizard).whole_text == CURL
        assert is_hidden(wizard, ID, "c4nary-key")

    drive(script)


def test_a_typed_secret_is_masked_when_typing_pauses() -> None:
    """The cursor stays where it was, and what was typed cannot be brought back by undoing."""

    async def script(wizard: Driver) -> None:
        await wizard.press(*"Authorization: Bearer c4nary-key1")
        await wizard.until(lambda: "c4nary" not in field(wizard).text, "masked")
        assert field(wizard).whole_text == "Authorization: Bearer c4nary-key1"
        assert field(wizard).cursor_location == (0, len(field(wizard).text))
        assert is_hidden(wizard, "c4nary")
        await wizard.press(*"23")
        await wizard.until(lambda: "]23" not in field(wizard).text, "masked again")
        assert field(wizard).whole_text == "Authorization: Bearer c4nary-key123"
        await wizard.press("ctrl+z", "ctrl+z")
        assert is_hidden(wizard, "c4nary")

    drive(script)


def test_a_placeholder_is_deleted_whole() -> None:
    async def script(wizard: Driver) -> None:
        await pasted(wizard, f"x {ID}")
        await wizard.press("backspace")
        assert field(wizard).text == "x "

    drive(script)


def test_a_second_paste_joins_the_first() -> None:
    """What stands around the cursor counts: a command may be pasted in two halves."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, f"curl {URL} -H 'x-own: c4nary")
        await pasted(wizard, "-k3y' -X POST")
        assert field(wizard).whole_text == f"curl {URL} -H 'x-own: c4nary-k3y' -X POST"
        assert field(wizard).text.endswith("' -X POST")
        assert is_hidden(wizard, "c4nary", "k3y")

    drive(script)


PIECES = (
    (LOCAL, f"curl -i -H 'x: y' {URL}", None),
    (LOCAL, ID, None),
    (LOCAL, "curl -i", None),
    (LOCAL, "something else", None),
    (LOCAL, "/17", ""),
    (LOCAL, ANSWER, "\n"),
    (f"curl {LOCAL}", " -X POST", ""),
    (f"curl {LOCAL}", ANSWER, "\n"),
    (f"curl {LOCAL}", '{"message":"Unauthorized"}', "\n"),
    (f"curl {LOCAL}\n{ANSWER}", ANSWER, None),
    (ANSWER, LOCAL, None),
    (ANSWER, '{"message":"Forbidden"}', None),
    (ANSWER.partition("\n\n")[0], '{"message":"Unauthorized"}', "\n\n"),
    (ID, ACCESS, None),
    (ID, "x y", None),
)


@pytest.mark.parametrize(("first", "second", "joint"), PIECES)
def test_what_belongs_together(first: str, second: str, joint: str | None) -> None:
    """An answer joins its call, a body its headers, an option its command; anything else begins anew."""
    assert recognised.joint(first, recognise(first), second) == joint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"curl '{URL}'", "A curl command (bash): GET /prod/orders without a token."),
        (f'curl ^"{URL}^"', "A curl command (cmd): GET /prod/orders without a token."),
        (f"irm '{URL}' -Method Put", "A command of PowerShell: PUT /prod/orders without a token."),
        (f'fetch("{URL}")', "A fetch call (JavaScript): GET /prod/orders without a token."),
    ],
)
def test_the_shell_is_named(text: str, said: str) -> None:
    assert recognised.sentence(recognise(text), Texts("en")).startswith(said)


def test_another_paste_takes_the_place_of_what_is_whole() -> None:
    """It is said; undoing brings the old one back as it was shown, and its secrets are still known."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, CURL)
        await pasted(wizard, ACCESS)
        assert field(wizard).whole_text == ACCESS
        assert "ctrl+z brings that back" in " ".join(wizard.text().split())
        assert is_hidden(wizard, ID, ACCESS, "c4nary-key")
        await wizard.press("ctrl+z")
        await wizard.until(lambda: home(wizard)._text == CURL, "the old one")
        assert "brings that back" not in wizard.text()
        assert is_hidden(wizard, ID, ACCESS, "c4nary-key")
        await pasted(wizard, ANSWER)
        assert field(wizard).whole_text == f"{CURL}\n{ANSWER}"

    drive(script)


@pytest.mark.parametrize("second", [f"curl {LOCAL}", " x y"])
def test_after_going_on_a_paste_begins_anew(second: str) -> None:
    """Whatever it is; what was changed since is gone on with."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, f"curl {LOCAL} -X PUT")
        await home(wizard).action_go_on()
        await wizard.judged()
        await wizard.app.run_action("start_over")
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")
        await pasted(wizard, second)
        assert field(wizard).whole_text == second
        await wizard.press("ctrl+z")
        await wizard.until(lambda: home(wizard)._text == f"curl {LOCAL} -X PUT", "the old one")
        await wizard.press("space")
        await pasted(wizard, "-i")
        assert field(wizard).whole_text == f"curl {LOCAL} -X PUT -i"

    drive(script)


def test_a_paste_where_the_cursor_was_put_is_inserted() -> None:
    """A part of what stands there, that is; another whole thing still takes its place, and so a selection is."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, LOCAL)
        field(wizard).move_cursor((0, len(LOCAL) - len("orders")))
        await pasted(wizard, "my-")
        assert field(wizard).whole_text == LOCAL.replace("orders", "my-orders")
        field(wizard).move_cursor((0, 3))
        await pasted(wizard, f"curl {LOCAL}")
        assert field(wizard).whole_text == f"curl {LOCAL}"
        field(wizard).select_all()
        await pasted(wizard, "lorem ipsum")
        assert field(wizard).whole_text == "lorem ipsum"

    drive(script)


def test_a_paste_is_taken_wherever_the_focus_is() -> None:
    async def script(wizard: Driver) -> None:
        await wizard.press("escape")
        assert isinstance(wizard.app.focused, OptionList)
        await pasted(wizard, LOCAL)
        assert field(wizard).whole_text == LOCAL
        assert field(wizard).has_focus
        await wizard.press("tab")
        assert isinstance(wizard.app.focused, Button)
        await pasted(wizard, f"curl {LOCAL}")
        assert field(wizard).whole_text == f"curl {LOCAL}"

    drive(script)


def test_f8_empties_the_field() -> None:
    """The footer says so once there is something; a secret that was just typed does not come back by undoing."""

    async def script(wizard: Driver) -> None:
        assert "Clear" not in wizard.text()
        await wizard.press(*"Authorization: Bearer c4nary-key1")
        await home(wizard).action_clear()
        assert field(wizard).text == ""
        assert is_hidden(wizard, "c4nary")
        await pasted(wizard, CURL)
        assert "f8 Clear" in wizard.text()
        await wizard.press("f8")
        await wizard.until(lambda: home(wizard).found is None, "empty")
        await wizard.press("ctrl+z")
        assert field(wizard).whole_text == CURL
        assert is_hidden(wizard, ID, "c4nary-key")

    drive(script)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_button_grows_with_its_name(lang: str) -> None:
    """From a shorter name to a longer one nothing is cut; and it is told where the numbers act."""

    async def script(wizard: Driver) -> None:
        for text in (ID, '{"message":"Unauthorized"}', LOCAL, ID, '{"message":"Forbidden"}'):
            field(wizard).select_all()
            await pasted(wizard, text)
            await wizard.pilot.pause(0.05)
            button = home(wizard).query_one("#go", Button)
            assert button.size.width >= button.get_content_width(button.size, button.size), button.label
            assert str(button.label) in wizard.text()
        before = home(wizard).query_one("#or", Prose).text
        await wizard.press("escape")
        assert home(wizard).query_one("#or", Prose).text != before

    drive(script, lang=lang, size=(80, 24))


def test_control_characters_never_reach_the_terminal() -> None:
    """Colours are taken off; what else a terminal would act on stands as its number, and is kept."""

    async def script(wizard: Driver) -> None:
        await wizard.paste("\x1b[1mHTTP/1.1 401 X\x1b[0m\r\na: b\x07\u202e\x1b]0;x\u200b\t1")
        assert field(wizard).text.startswith("HTTP/1.1 401 X\na: [secret ")
        assert field(wizard).whole_text == "HTTP/1.1 401 X\na: b\x07\u202e\x1b]0;x\u200b\t1"
        await wizard.press("f7", "backspace")
        await wizard.paste("hi \x07\u202eyou\x1b]0;x\x0c[U+0007]")
        assert field(wizard).text == "hi [U+0007 2][U+202E]you[U+001B]]0;x[U+000C][U+0007]"
        assert field(wizard).whole_text == "hi \x07\u202eyou\x1b]0;x\x0c[U+0007]"

    drive(script)


def test_two_megabytes_are_taken_whole() -> None:
    """The field shows the beginning, keeps all, and the loop goes on while it reads."""
    text = f"{CURL}\nHTTP/1.1 401 Unauthorized\n\n" + "lorem ipsum dolor\n" * 111_000

    async def script(wizard: Driver) -> None:
        await pasted(wizard, text)
        assert field(wizard).whole_text == text
        assert len(field(wizard).text) < FOLDED + 100
        assert is_hidden(wizard, ID, "c4nary-key")
        assert home(wizard).found.status == 401  # type: ignore[union-attr]
        await wizard.paste("x" * (LONGEST + 1))
        assert field(wizard).whole_text == text
        assert "at most" in wizard.text()

    drive(script)


STARTS: tuple[tuple[str, type, Callable[[Driver], bool]], ...] = (
    (CURL.replace(URL, LOCAL), Journey, lambda w: w.app.session.given.call.url == LOCAL),  # type: ignore[union-attr]
    (f"curl -X POST {LOCAL}\n{ANSWER}", Journey, lambda w: w.app.session.given.response.startswith("HTTP/1.1 401")),
    (ANSWER, Journey, lambda w: w.app.session.given.call is None and bool(w.app.session.given.response)),
    (LOCAL, GiveToken, lambda w: w.app.session.given.call.method == "GET"),  # type: ignore[union-attr]
    (f"{ACCESS}\n{ID}", Inspect, lambda w: field(w).whole_text == f"{ID}\n{ACCESS}"),
    ('{"message":"The incoming token has expired"}', ErrorText, lambda w: "token-expired" in w.text()),
)


@pytest.mark.parametrize(("text", "screen", "holds"), STARTS, ids=["curl", "both", "response", "url", "token", "error"])
def test_each_kind_starts_its_screen(text: str, screen: type, holds: Callable[[Driver], bool]) -> None:
    """F5 goes on; the screen that opens has what was given; back at home the paste is as it was."""

    async def script(wizard: Driver) -> None:
        await wizard.paste(text)
        await wizard.press("f5")
        await wizard.until(lambda: isinstance(wizard.app.screen, screen), screen.__name__)
        await wizard.until(lambda: holds(wizard), "what was given")
        assert is_free_of_secrets(wizard)
        await wizard.app.action_home()
        await wizard.until(lambda: isinstance(wizard.app.screen, Home), "home")
        assert field(wizard).whole_text == text

    drive(script)


def is_free_of_secrets(wizard: Driver) -> bool:
    return not any(secret in wizard.text() for secret in (ID[-30:], ACCESS[-30:], "c4nary"))


def test_without_a_token_a_url_goes_on_too() -> None:
    """When that is said; closing the question goes back, and calls nothing."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, LOCAL)
        await wizard.press("f5")
        await wizard.until(lambda: isinstance(wizard.app.screen, GiveToken), "asked for a token")
        await wizard.press("escape")
        assert isinstance(wizard.app.screen, Home)
        await wizard.press("f5")
        await wizard.until(lambda: isinstance(wizard.app.screen, GiveToken), "asked for a token")
        wizard.app.screen.query_one("#without", Button).press()
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")

    drive(script)


def test_what_was_typed_beside_the_same_paste_is_kept() -> None:
    """Going home and on again with the same paste is not the start of something else; another paste is."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, f"curl {LOCAL}")
        await home(wizard).action_go_on()
        await wizard.judged()
        wizard.app.session.given.region = "eu-west-1"
        await wizard.app.action_home()
        await home(wizard).action_go_on()
        await wizard.judged()
        assert wizard.app.session.given.region == "eu-west-1"
        await wizard.app.action_home()
        await pasted(wizard, f"curl {LOCAL} -X POST")
        await home(wizard).action_go_on()
        await wizard.judged()
        assert wizard.app.session.given.region == ""

    drive(script)


def test_f2_corrects_a_wrong_guess() -> None:
    """Only what the text can be is offered; the correction lasts while the text stays."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, f"look: {ID}")
        assert "This is an ID token." in wizard.text()
        await wizard.press("f2")
        await wizard.until(lambda: "An error text" in wizard.text(), "an error text")
        assert "Read as you said." in wizard.text()
        await wizard.press("f2")
        await wizard.until(lambda: "This is an ID token." in wizard.text(), "a token again")
        assert is_hidden(wizard, ID)

    drive(script)


def test_what_cannot_be_read_is_said() -> None:
    async def script(wizard: Driver) -> None:
        await pasted(wizard, f"curl '{URL}")
        assert "Taken for a curl command, but it cannot be read. The quote ' at" in wizard.text()
        assert not home(wizard).query("#go")
        await wizard.press("f5")
        assert isinstance(wizard.app.screen, Home)

    drive(script, size=(120, 40))


def test_an_error_text_names_what_can_mean_it() -> None:
    """The likeliest is chosen; enter opens its page; f5 goes on with the answer that the text is."""

    async def script(wizard: Driver) -> None:
        await pasted(wizard, '{"message":"Unauthorized"}')
        await home(wizard).action_go_on()
        await wizard.until(lambda: isinstance(wizard.app.screen, ErrorText), "the error's screen")
        await wizard.pilot.pause()
        assert wizard.text().count("Find out why") == 2  # the button and the key: however long the list is
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, Explain), "the page of a code")
        assert wizard.app.screen.code == "access-token-where-id-token-expected"  # type: ignore[attr-defined]
        await wizard.press("escape", "ctrl+l")
        assert "エラーテキスト" in wizard.text()
        await wizard.press("f5")
        await wizard.until(lambda: isinstance(wizard.app.screen, Journey), "the journey")
        assert wizard.app.session.given.response == '{"message":"Unauthorized"}'

    drive(script, size=(80, 24))


_NUMBERED = [("1", Pick), ("2", OnboardStart), ("3", Start), ("4", Inspect), ("5", SandboxList)]


@pytest.mark.parametrize(("number", "screen"), _NUMBERED)
def test_the_numbers_choose_where_nothing_is_typed(number: str, screen: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the field a number is text; tab leaves it, and the list takes it."""
    monkeypatch.setattr(Pick, "on_mount", lambda self: None)  # its regions are its own test's

    async def script(wizard: Driver) -> None:
        await wizard.press(number)
        assert field(wizard).text == number
        await wizard.press("backspace", "tab")
        assert isinstance(wizard.app.focused, OptionList)
        await wizard.press(number)
        await wizard.until(lambda: isinstance(wizard.app.screen, screen), screen.__name__)

    drive(script)


def test_the_language_changes_without_touching_the_field() -> None:
    async def script(wizard: Driver) -> None:
        await pasted(wizard, CURL)
        before = field(wizard)
        await wizard.press("ctrl+l")
        assert "curl コマンド（bash）: GET /prod/orders" in wizard.text()
        assert field(wizard) is before
        assert before.whole_text == CURL
        assert before.has_focus

    drive(script)


def test_the_sandbox_ends_at_home() -> None:
    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.app.action_home()
        await wizard.until(lambda: wizard.app.session.sandbox is None, "no sandbox")
        assert wizard.app.session.given.call is None

    drive(script, scenario="token-expired")


def test_the_loop_goes_on_while_a_long_text_is_masked() -> None:
    """Half a megabyte: while it is masked, the loop still turns."""

    async def script(wizard: Driver) -> None:
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0.005)
                turns += 1

        turning = asyncio.create_task(turn())
        await pasted(wizard, "Authorization: Bearer c4nary-key1\n" + "x-own: y z\n" * 45_000)
        turning.cancel()
        assert turns > 0  # at all: how often is the machine's matter
        assert is_hidden(wizard, "c4nary")

    drive(script)
