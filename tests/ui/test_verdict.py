"""The verdict: what it says of a call, and the replay from it."""

from typing import Any

import pytest

from cogwizard.model.read_web import Replay
from cogwizard.report.verdict import blocks
from cogwizard.text import Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.journey import Journey
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.save import Save
from cogwizard.ui.views.verdict import VerdictView
from cogwizard.ui.widgets.prose import Prose
from tests.ui.driver import Driver, drive

TALL = (120, 90)


def says(wizard: Driver) -> str:
    """Return the screen without line breaks and blanks: text wraps."""
    return "".join(wizard.text().split())


def beside(wizard: Driver) -> str:
    """Return what stands beside the rail, without line breaks and blanks."""
    screen = wizard.app.screen
    assert isinstance(screen, Journey)
    strips = screen._compositor.render_strips()
    return "".join("".join(strip.crop(screen.view.region.x, screen.size.width).text.split()) for strip in strips)


def said(lang: str, key: str, **params: object) -> str:
    """Return a text of the verdict as `says` gives it."""
    return "".join(Texts(lang).screen("verdict", key, **params).split())


def made(wizard: Driver) -> int:
    """Return how many times the sandbox was called as an API."""
    served = wizard.app.session.sandbox
    assert served is not None
    return sum(operation == "Invoke" for _, operation, _ in served.sandbox.requests)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_expired_token(lang: str, size: tuple[int, int]) -> None:
    """Headline, the gate that stopped it, the cause with its proof, the remedy; `e` and `c` know what it is about."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("v")
        first = says(wizard)
        assert "".join(Texts(lang).title("token-expired").split()) in first
        assert Texts(lang).label("gate authorizer").replace(" ", "").upper() in first
        assert said(lang, "state stopped") in first
        view = journey.view
        assert isinstance(view, VerdictView)
        assert view.codes == ("token-expired",)
        assert "aws cognito-idp" in (view.copyable_page() or "")
        for button in ("replay", "save", "start-over"):
            assert view.query_one(f"#{button}").region.width > 0
        view.query_one("#replay").scroll_visible(animate=False)
        await wizard.pilot.pause()
        assert said(lang, "replay") in says(wizard)

    drive(script, scenario="token-expired", lang=lang, size=size)


def test_causes_stand_in_order_with_what_comes_next() -> None:
    """The first cause alone is red; predictions tell how it goes on, first those that say more than the answer."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        text = says(wizard)
        assert text.index("1token-expired") < text.index("2changes-not-deployed")
        view = wizard.app.screen.query_one("#brief")
        assert [line.has_class("cause") for line in view.query(Prose)] == [True, False]
        assert said("en", "as predicted", answer="") in text
        assert text.index("Predictedafterallfixes:letthrough") < text.index(said("en", "causes"))
        assert "access-token-where-id-token-expected" in text  # what deploying mends stays to be seen

    drive(script, scenario="stacked-expired-not-deployed", size=TALL)


def test_a_second_cause_at_a_later_gate_is_marked_in_the_picture() -> None:
    """The gate that would stop the call next carries a mark of its own."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        assert "✗ stopped here" in wizard.text()
        assert "! next" in wizard.text()

    drive(script, scenario="stacked-kind-key", size=TALL)


def test_a_call_that_works() -> None:
    """It says that nothing wrong was found, and how much was looked at; no gate is said to have stopped it."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        text = wizard.text()
        assert "✓ Nothing wrong was found" in text
        assert "Checks that held: " in text
        assert "✓ reached" in text
        assert "✗" not in text
        assert said("en", "question healthy") in says(wizard)
        assert "Predictedasdeployed:letthrough" in says(wizard)
        assert "after all fixes" not in text

    drive(script, scenario="healthy-raw-token", size=TALL)


def test_what_could_not_be_read_is_no_all_clear() -> None:
    """An unknown is said to be one, with the permission that it needs and what it hides."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        text = says(wizard)
        assert said("en", "inconclusive") in text
        assert said("en", "hiding") in text
        assert "apigateway:GetExport:AccessDeniedException;needsapigateway:GETon" in text
        assert "couldhidechanges-not-deployed" in text
        assert "Nothingwrong" not in text
        assert said("en", "to allow", actions="apigateway:GetExport") in beside(wizard)
        assert "donotexplainthedifference" not in text  # nothing was predicted

    drive(script, scenario="permission-missing", size=TALL)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_small_terminal_shows_the_whole_answer(lang: str) -> None:
    """On 80x24: headline, gates, each of four causes in one line, what was answered, what comes after all fixes."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("v")
        texts, text = Texts(lang), beside(wizard)
        assert journey.seen.report is not None
        assert said(lang, "stopped many", gate=texts.label("gate authorizer"), count=4) in text
        assert "".join(texts.label("gate backend").split()) in text
        lines = wizard.text().splitlines()
        for number, code in enumerate(journey.seen.report["causes"], 1):
            assert sum(f" {number} {code}: " in line for line in lines) == 1
        assert said(lang, "as predicted", answer="") in text
        fixed = texts.label("predicted fixed", prediction=texts.label("prediction backend"))
        assert "".join(fixed.split()) in text

    drive(script, scenario="stacked-three", lang=lang, size=(80, 24))


def test_a_call_that_cannot_be_sent_is_not_offered() -> None:
    """A variable of the shell that nobody gave a value for: no button, and the way to give it is told."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        assert not wizard.app.screen.query_one("#replay").display
        text = says(wizard)
        assert "withginthewizard" in text
        assert "and14more" in text
        assert said("en", "not called safe", method="GET") not in text

    drive(script, scenario="shell-variable", size=TALL)


def test_what_may_change_data_is_asked_about_and_made_once() -> None:
    """A POST is made only after yes, for which another key than enter is needed; reading again does not make it."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("v")
        assert said("en", "not called", method="POST") in beside(wizard)
        for refusal in ("n", "escape", "enter"):
            await wizard.press("a")
            question = wizard.app.screen
            assert isinstance(question, Ask)
            assert "POST" in wizard.text()
            assert "/prod/orders" in wizard.text()
            await wizard.press(refusal)
            assert wizard.app.screen is journey
        assert made(wizard) == 0
        await wizard.press("a", "y")
        await wizard.judged()
        assert made(wizard) == 1
        assert journey.seen.case.observed is not None
        assert said("en", "state backend passed") in says(wizard)
        await wizard.press("1", "r")
        await wizard.judged()
        assert journey.seen.case.observed is not None
        await wizard.press("R")
        await wizard.judged()
        assert made(wizard) == 1

    drive(script, scenario="healthy-not-replayed", size=TALL)


def test_a_replay_takes_the_place_of_a_pasted_answer() -> None:
    """A GET is replayed at once; its answer is judged, also when all is read again; another paste counts again."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        assert made(wizard) == 0
        await wizard.press("v", "a")
        await wizard.judged()
        assert made(wizard) == 1
        assert any(isinstance(read, Replay) for read in journey.seen.case.facts)
        await wizard.press("R")
        await wizard.judged()
        assert made(wizard) == 2
        given = wizard.app.session.given
        assert given.response
        given.response += " "
        assert given.case(0.0).answer is not None

    drive(script, scenario="token-expired-pasted", size=TALL)


def test_an_answer_alone_cannot_be_replayed() -> None:
    """Without a request, `a` says so and nothing is sent."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        session = wizard.app.session
        session.given.call = None
        session.given.response = 'HTTP/1.1 401\r\n\r\n{"message":"Unauthorized"}'
        before = made(wizard)
        await wizard.press("R")
        journey = await wizard.judged()
        await wizard.press("v", "a")
        assert said("en", "nothing to replay") in says(wizard)
        assert said("en", "no request") in beside(wizard)
        assert not journey.seen.running
        assert made(wizard) == before

    drive(script, scenario="token-expired", size=TALL)


def test_the_language_changes_while_it_is_shown() -> None:
    """The verdict is said again in the other language, the gates too."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v", "ctrl+l")
        await wizard.until(lambda: said("ja", "state stopped") in says(wizard), "the Japanese picture")
        assert "".join(Texts("ja").title("token-expired").split()) in says(wizard)
        assert said("ja", "causes") in says(wizard)

    drive(script, scenario="token-expired", size=TALL)


def test_the_buttons_do_what_the_keys_do() -> None:
    """Save opens the report, replay asks, start over goes back to the list of the sandbox."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("v")
        await wizard.pilot.click("#save")
        await wizard.until(lambda: isinstance(wizard.app.screen, Save), "the report")
        await wizard.press("escape")
        await wizard.pilot.click("#replay")
        await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
        await wizard.press("n")
        await wizard.pilot.click("#start-over")
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
        assert wizard.app.session.sandbox is None

    drive(script, scenario="healthy-not-replayed", size=TALL)


def test_what_the_answer_settled_and_what_was_withheld() -> None:
    """An unknown that the call got past hides nothing; a call that was withheld is told in words."""
    finding = {"code": "resource-policy-deny", "verdict": "unknown", "summary": "Who knows.", "explained_by": None}
    through = {"status": None, "gate": "backend", "cause": None}
    report: dict[str, Any] = {
        "outcome": "healthy",
        "causes": [],
        "observed": {"status": 200, "error_type": None, "message": None, "gate": "backend"},
        "predicted": {view: through for view in ("deployed", "draft", "after_fixes")},
        "findings": [finding],
        "unread": [],
    }

    def titles() -> dict[str, tuple[str, ...]]:
        return {block.title: block.lines for block in blocks(report, Texts("en"))}

    assert titles()["settled"] == ("Who knows. (resource-policy-deny)",)
    assert "hiding" not in titles()
    report.update(observed=None, outcome="inconclusive")
    assert titles()["hiding"] == ("Who knows. (resource-policy-deny)",)
    assert "settled" not in titles()
    for error in ("endpoint-override", "not-given", "not-sendable"):
        report["unread"] = [{"action": "web:Replay", "error": error, "permission": None, "hides": []}]
        assert titles()["unread"] == (Texts("en").screen("verdict", f"unread withheld {error}"),)


def test_while_reading_nothing_is_cleared() -> None:
    """What is shown before all was read is called provisional, and no outcome without a cause is told."""

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        await wizard.press("v")
        journey.seen = type(journey.seen)(
            journey.seen.case, journey.seen.judgement, journey.seen.report, running=True, reads=journey.seen.reads
        )
        await journey.view.show(journey.seen)
        await wizard.pilot.pause()
        assert journey.view.query_one("#provisional", Prose).text == Texts("en").screen("verdict", "reading")
        assert "Nothing wrong was found" not in journey.view.query_one("#answer", Prose).text

    drive(script, scenario="healthy-raw-token", size=TALL)
