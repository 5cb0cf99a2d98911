"""The call's screen: what was understood, and a form that loses nothing and shows no secret."""

from dataclasses import replace

import pytest
from textual.widgets import Button, Input

from cogwizard.model.call import Call
from cogwizard.text import Texts
from cogwizard.ui.edit import may_replay, taken, with_typed
from cogwizard.ui.given import Given
from cogwizard.ui.journey import Journey
from cogwizard.ui.views.call import CallView
from cogwizard.ui.widgets.field import Field
from cogwizard.ui.widgets.paste import PasteField
from tests.ui.driver import Driver, drive

EN = Texts("en")
URL = "https://abc.execute-api.eu-west-1.amazonaws.com/prod/orders"
ANSWER = 'HTTP/1.1 429 Too Many Requests\r\nx-amzn-ErrorType: LimitExceededException\r\n\r\n{"message":"Limit"}'
GIVEN = Given(Call("GET", URL, (("Accept", "*/*"),)), region="eu-west-1")


def view(journey: Journey) -> CallView:
    return journey.query_one("#view-call", CallView)


async def focus(wizard: Driver, journey: Journey, name: str) -> Input:
    line = view(journey).query_one(f"#field-{name}", Field).line
    line.focus()
    await wizard.pilot.pause()
    return line


async def press(wizard: Driver, journey: Journey, id: str) -> None:
    view(journey).query_one(f"#{id}", Button).press()
    await wizard.pilot.pause()


def test_the_call_is_shown_as_it_was_understood() -> None:
    """Method, URL, place, resource, headers redacted, and the answer; the token is a label."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        given = wizard.app.session.given
        text = wizard.text()
        assert given.call is not None
        token = dict(given.call.headers)["Authorization"].split()[-1]
        assert token not in text
        flat = " ".join(text.split())
        for shown in ("method GET", "stage prod", "resource /orders", "header authorization Bearer id-token"):
            assert shown in flat, shown
        assert "401 UnauthorizedException The incoming token has expired" in flat
        await focus(wizard, journey, "source_ip")
        assert "Find out again" in wizard.text()

    drive(script, size=(120, 60), scenario="token-expired")


def test_typing_presses_no_key_of_the_journey_and_survives_facts() -> None:
    """Letters go into the field; a run that goes on meanwhile, and another language, leave them there."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        line = await focus(wizard, journey, "stage")
        await wizard.press(*"npvrReg7")
        assert (line.value, journey.at) == ("npvrReg7", 0)
        await journey.begin()
        await wizard.judged()
        assert line.value == "npvrReg7"
        await wizard.press("ctrl+l")
        await wizard.until(lambda: "読み取った呼び出しの内容" in wizard.text(), "Japanese")
        assert view(journey).query_one("#field-stage", Field).line.value == "npvrReg7"
        assert wizard.app.session.given.stage == ""  # nothing was taken over

    drive(script, size=(110, 50), scenario="token-expired")


def test_a_correction_is_found_out_about() -> None:
    """A stage that does not exist is typed in, and the diagnosis is about that one."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await press(wizard, journey, "find-out")
        await wizard.until(lambda: "Nothing was changed." in shown(wizard, journey), "nothing to do")
        before = journey.run_now
        await focus(wizard, journey, "stage")
        await wizard.press(*"nowhere")
        await press(wizard, journey, "find-out")
        await wizard.until(lambda: journey.run_now is not before, "another run")
        await wizard.judged()
        assert journey.seen.report is not None
        assert journey.seen.report["request"]["stage"] == "nowhere"
        assert wizard.app.session.given.typed == {}

    drive(script, scenario="token-expired")


def shown(wizard: Driver, journey: Journey) -> str:
    return " ".join(getattr(item, "text", "") for item in view(journey).query("Prose"))


def test_what_is_wrong_is_said_below_its_field() -> None:
    """Nothing is taken over, nothing starts, and what was typed stays."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        before = journey.run_now
        line = await focus(wizard, journey, "source_ip")
        await wizard.press(*"300.1.1.1")
        await press(wizard, journey, "change-url")
        assert isinstance(wizard.app.focused, PasteField)
        await wizard.paste("not a url")
        await press(wizard, journey, "find-out")
        field = view(journey).query_one("#field-source_ip", Field)
        await wizard.until(lambda: "This is no IP address" in field.wrong, "a sentence")
        assert "The URL" in shown(wizard, journey)
        assert line.value == "300.1.1.1"
        assert journey.run_now is before
        line.value = ""
        await wizard.pilot.pause()
        assert field.wrong == ""

    drive(script, size=(110, 60), scenario="token-expired")


def test_no_secret_stands_in_the_form() -> None:
    """A URL is shown redacted; a token that is pasted into a line is refused; a pasted URL is masked."""
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        given = wizard.app.session.given
        assert given.call is not None
        given.call = replace(given.call, url=f"{given.call.url}?access_token={secret}&page=2")
        given.token = secret
        given.response = f"HTTP/1.1 401 Unauthorized\r\nSet-Cookie: session={secret}\r\n\r\n{{}}"
        await wizard.app.action_language()
        await wizard.pilot.pause()
        await wizard.until(lambda: "page=2" in wizard.text(), "the URL")
        line = await focus(wizard, journey, "stage")
        await wizard.paste(secret)
        assert line.value == ""
        field = view(journey).query_one("#field-stage", Field)
        await wizard.until(lambda: "トークン" in field.wrong, "why not")
        await press(wizard, journey, "change-url")
        await wizard.paste(f"https://abc.execute-api.eu-west-1.amazonaws.com/prod/x?token={secret}")
        assert secret in given.typed["url"]
        documents = [item.text for item in view(journey).query(PasteField)]
        assert not any(part in text for part in secret.split(".") for text in (wizard.text(), *documents))
        assert any("HTTP/1.1 401" in text for text in documents)

    drive(script, size=(110, 70), scenario="token-expired")


def test_replay_is_turned_off_and_on() -> None:
    """The button says what holds; a method that may change data cannot be turned on here."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        button = view(journey).query_one("#call-replay", Button)
        assert str(button.label).startswith("yes")
        await press(wizard, journey, "call-replay")
        assert str(button.label).startswith("no")
        await press(wizard, journey, "call-replay")
        assert str(button.label).startswith("yes")
        line = await focus(wizard, journey, "method")
        line.value = "DELETE"
        await wizard.pilot.pause()
        assert str(button.label).startswith("no")
        await press(wizard, journey, "call-replay")
        assert str(button.label).startswith("no")
        assert "DELETE may change data" in shown(wizard, journey)

    drive(script, scenario="token-expired")


def test_an_answer_pasted_later_takes_the_replays_place() -> None:
    """What curl -i printed is judged, and no call is made."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        view(journey).query_one("#call-response", PasteField).focus()
        await wizard.paste(ANSWER)
        before = journey.run_now
        await press(wizard, journey, "find-out")
        await wizard.until(lambda: journey.run_now is not before, "another run")
        await wizard.judged()
        assert journey.seen.report is not None
        assert journey.seen.report["observed"]["status"] == 429
        assert "Replay" not in {item.read.operation for item in journey.seen.reads}

    drive(script, scenario="wrong-pool")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("method", "GET it", "A method is one word"),
        ("region", "tokyo", "no name of a region"),
        ("source_ip", "1.2.3", "no IP address"),
        ("stage", "a/b", "value of stage"),
        ("rest_api_id", "a b", "value of API id"),
        ("url", "ftp://x/y", "ftp://"),
        ("response", "nonsense", "no status line"),
    ],
)
def test_what_is_typed_is_checked(name: str, text: str, said: str) -> None:
    """The sentence stands under the name of its field."""
    _, wrong = taken(GIVEN, {name: text}, EN)
    assert list(wrong) == [name]
    assert said in wrong[name]


def test_what_is_typed_is_taken() -> None:
    """Headers and token stay; blanks around a value do not."""
    new, wrong = taken(
        replace(GIVEN, token="t"), {"url": f" {URL}/7 \n", "stage": " dev ", "source_ip": "2001:db8::1"}, EN
    )
    assert wrong == {}
    assert new.call == Call("GET", f"{URL}/7", (("Accept", "*/*"),))
    assert (new.stage, new.source_ip, new.token) == ("dev", "2001:db8::1", "t")
    assert taken(GIVEN, {}, EN)[0] == GIVEN


def test_a_call_that_became_unsafe_is_not_made() -> None:
    """Permission to replay a GET is none to send a DELETE."""
    allowed = replace(GIVEN, replay=True)
    assert may_replay(with_typed(allowed, {"source_ip": "192.0.2.1"}))
    assert not may_replay(with_typed(allowed, {"method": "DELETE"}))
    assert not may_replay(with_typed(allowed, {"method": "delete", "replay": "yes"}))
    assert with_typed(Given(), {"url": URL}).call == Call("GET", URL)


@pytest.mark.parametrize(
    "secret", ["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "AKIAIOSFODNN7EXAMPLE", "password=hunter2"]
)
def test_a_line_for_a_name_takes_no_key(secret: str) -> None:
    """What looks like a key or a password is refused, in whatever line; a name is taken."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        line = await focus(wizard, journey, "stage")
        line.value = ""
        await wizard.paste(secret)
        assert line.value == ""
        await wizard.paste("my-Stage-2024")
        assert line.value == "my-Stage-2024"

    drive(script, size=(120, 60), scenario="token-expired")
