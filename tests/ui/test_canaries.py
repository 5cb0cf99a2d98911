"""Secrets that are pasted into the wizard: on no screen, in no report, log, state file or crash text."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cogwizard.aws.session import Settings
from cogwizard.model.call import Call
from cogwizard.report import document, markdown
from cogwizard.sandbox.environment import REGION, environment
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served
from cogwizard.text import Texts
from cogwizard.ui.crash import report_of
from cogwizard.ui.home import Home
from cogwizard.ui.journey import Journey
from cogwizard.ui.remembered import save
from cogwizard.ui.session import Session
from tests.report.test_secrets import API_KEY, COOKIE, OPAQUE, PASSWORD, _check_text
from tests.ui.driver import Driver, drive
from tests.ui.screens import each

NAME = "wrong-pool"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve([NAME]) as found:
        yield found


def the_call(served: Served) -> Call:
    """The scenario's call, with a secret in every place that holds one."""
    call = served.case(SCENARIOS[NAME], served.sandbox.world.now()).call
    url = f"{call.url}?api_key={API_KEY}"
    extra = (("X-Api-Key", API_KEY), ("Cookie", f"session={COOKIE}"), ("X-Custom", OPAQUE))
    return Call("GET", url, (*call.headers, *extra))


def as_curl(call: Call) -> str:
    """Return the call as a user would paste it."""
    words = ["curl", "-i", shlex.quote(call.url)]
    for name, value in call.headers:
        words += ["\\\n  -H", shlex.quote(f"{name}: {value}")]
    return " ".join([*words, "-d", shlex.quote(json.dumps({"password": PASSWORD})), "-X", "GET"])


def token_of(call: Call) -> str:
    """Return its token."""
    return call.values("Authorization")[0].removeprefix("Bearer ")


def test_no_secret_is_on_any_screen(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From the paste to the saved report, on every screen that there is."""
    for name, value in environment(served.url).items():
        monkeypatch.setenv(name, value)
    lang = "ja"  # the secrets are the same in both
    lines: list[str] = []
    call = the_call(served)
    token = token_of(call)
    session = Session(Texts(lang), Settings(None, REGION, served.url, 5.0), log=lines.append)

    async def script(wizard: Driver) -> None:
        assert isinstance(wizard.app.screen, Home)
        await wizard.paste(as_curl(call))
        await wizard.pilot.pause(0.5)
        _check_text(wizard.text(), token, where="home")
        assert "[ID token " in wizard.text() or "[ID トークン" in wizard.text()
        await wizard.press("f5")
        journey = await wizard.judged()
        assert journey.seen.report is not None
        assert journey.seen.report["causes"] == list(SCENARIOS[NAME].causes)
        async for name in each(wizard):
            text = wizard.text().replace("\n", "")
            _check_text(text.replace(" ", ""), token, where=name)
            _check_text(text, token, where=name)
        _check_rest(journey, lines, token, lang, tmp_path)

    drive(script, size=(120, 50), session=session)


def _check_rest(journey: Journey, lines: list[str], token: str, lang: str, folder: Path) -> None:
    """What goes to files: report, log, state, crash."""
    assert journey.seen.judgement is not None
    assert lines
    report = document.build(journey.seen.judgement, Texts(lang))
    for text in (json.dumps(report), markdown.render(report, Texts(lang)), "\n".join(lines)):
        _check_text(text, token)
    state = folder / "wizard.json"
    save(state, journey.session.remembered)
    _check_text(state.read_text("utf-8"), token)
    secret = token
    try:
        raise ValueError(secret)
    except ValueError as error:
        _check_text(report_of(error), token)
    _check_text(repr(journey.session.given) + repr(journey.seen), token)
