"""The token's screen, and the line of a token's life."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogwizard.aws.session import Settings
from cogwizard.model.token import read_token
from cogwizard.report.wrap import width
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.session import Session
from cogwizard.ui.widgets.claims import Claims
from cogwizard.ui.widgets.facts import Facts
from cogwizard.ui.widgets.prose import Prose
from cogwizard.ui.widgets.timeline import Life, Say, Timeline, drawn, sentences, spell
from tests.properties.mutations import NOW, SCOPED, encode, token
from tests.ui.driver import Driver, drive

HOUR, DAY = 3600.0, 86400.0
# What a claim that should be a time may be.
WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.floats(NOW - 1e9, NOW + 1e9),
    st.sampled_from([10**400, NOW, NOW + 1, "soon", [NOW], 253402300800, 1e300, -1e300]),
)


def speak(lang: str = "en") -> Say:
    """Return the texts of the screens about tokens, in a language."""

    def say(key: str, **params: object) -> str:
        return Texts(lang).screen("token", key, **params)

    return say


def test_the_line_is_drawn_to_scale() -> None:
    """The names begin under their marks; the life is drawn with "=", what is outside with "-"."""
    life = Life(NOW - 2 * HOUR, None, NOW - HOUR, True, NOW - HOUR / 2)
    line, *names = drawn(life, NOW, 60, speak())
    start, end, called, now = (at for at, char in enumerate(line) if char == "|")
    assert set(line[start + 1 : end]) == {"="}
    assert set(line[end + 1 : called]) == set(line[called + 1 : now]) == {"-"}
    assert end - start == pytest.approx(2 * (called - end), abs=2)
    for at, word in ((start, "issued"), (end, "expired"), (called, "the call"), (now, "now")):
        assert any(row[at + 6 :].startswith(word) for row in names), word


def test_a_date_stands_where_the_day_differs() -> None:
    """Times of today are told without a date; what is far away is drawn nearer, and cut."""
    line, *names = drawn(Life(NOW - 400 * DAY, None, NOW - 400 * DAY + HOUR, True), NOW, 100, speak())
    date = time.strftime("%Y-%m-%d", time.gmtime(NOW - 400 * DAY))
    assert date in "\n".join(names)
    assert time.strftime("%Y-%m-%d", time.gmtime(NOW)) not in "\n".join(names)
    assert "//" in line


@pytest.mark.parametrize(
    ("life", "said"),
    [
        (Life(NOW - 10, None, NOW + 750, True), "It expires in 12 min 30 s."),
        (Life(NOW - HOUR, None, NOW - 42 * 60, True), "It expired 42 min ago."),
        (Life(None, NOW + 90), "It is not valid yet: its life begins in 1 min 30 s."),
        (Life(NOW - 10), "It does not say when it expires"),
        (Life(NOW - 10, has_end=True), "its exp is no time"),
        (Life(NOW, None, NOW - 10, True), "It would expire before its life begins."),
        (Life(NOW - HOUR, None, NOW + 60, True, NOW - 60), "When API Gateway saw the call, 2 min were left."),
        (Life(NOW - HOUR, None, NOW - 120, True, NOW - 60), "its life had been over for 1 min"),
    ],
)
def test_the_sentence_counts(life: Life, said: str) -> None:
    """What is left, what is over, what has not begun, and what nobody can tell."""
    assert said in sentences(life, NOW, speak())


def test_a_length_is_told_in_its_largest_unit_and_the_next() -> None:
    """A smaller unit is never taken for the next one."""
    lengths = (0, 59, 60, 61, HOUR, HOUR + 1, 25 * HOUR, -DAY)
    told = ["0 s", "59 s", "1 min", "1 min 1 s", "1 h", "1 h", "1 d 1 h", "1 d"]
    assert [spell(length, speak()) for length in lengths] == told


@given(
    claims=st.dictionaries(st.sampled_from(["iat", "nbf", "exp"]), WILD),
    called=st.sampled_from([None, NOW - 5, NOW, NOW + 5]),
    cells=st.integers(1, 130),
    lang=st.sampled_from(LANGUAGES),
)
def test_no_time_is_too_absurd(claims: dict[str, Any], called: float | None, cells: int, lang: str) -> None:
    """Any iat, nbf, exp and width: each time has a mark of its own, no line is too long, something is said."""
    text = f"{encode(b'{}')}.{encode(json.dumps(claims).encode())}.AAAA"
    life = Life.of(read_token(text), called)
    lines = drawn(life, NOW, cells, speak(lang))
    assert all(width(line) <= cells for line in lines)
    if lines:
        assert lines[0].count("|") == len({at for at, _ in life.points(NOW)})
    assert sentences(life, NOW, speak(lang))


def test_a_line_of_eighty_cells_has_room_for_five_names() -> None:
    """All marks are drawn, in both languages, where a step's screen is narrow."""
    life = Life(NOW - 400 * DAY, NOW - 399 * DAY, NOW - 398 * DAY, True, NOW - 60)
    for lang in LANGUAGES:
        assert drawn(life, NOW, 50, speak(lang))[0].count("|") == 5


def _said(wizard: Driver, id: str) -> str:
    return wizard.app.screen.query_one(f"#{id}", Prose).text


def _cells(wizard: Driver) -> list[tuple[str, ...]]:
    return [
        fact.cells
        for facts in wizard.app.screen.query(f"{Claims.__name__} Facts").results(Facts)
        for fact in facts._facts
    ]


def test_the_screen_counts_and_explains() -> None:
    """The time line follows the session's clock; each claim is explained; the method's wish is told."""
    now = [time.time() + 90]
    session = Session(Texts(), Settings(timeout=5.0), clock=lambda: now[0])

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("5")
        line = wizard.app.screen.query_one(Timeline)
        await wizard.until(lambda: re.search("expires in (4[89]|50) min", str(line.render())), "a time line")
        assert "the call" in str(line.render())
        now[0] += 600
        await wizard.until(lambda: re.search("expires in (3[89]|40) min", str(line.render())), "another time")
        assert "GET /orders has no scopes as deployed: it wants the ID token." in _said(wizard, "token-wanted")
        rows = {cells[0]: cells[1:] for cells in _cells(wizard)}
        assert rows["token_use"] == ("id", "ID or access token")
        assert rows["alg"] == ("RS256", "how it was signed")
        assert all(meaning for _, meaning in rows.values())

    drive(script, scenario="healthy-raw-token", session=session)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_tokens_stand_beside_each_other(lang: str) -> None:
    """The other token of the pair is shown beside the one that is sent, and named where it is the one to send."""
    other = token(SCOPED, kind="id")

    async def script(wizard: Driver) -> None:
        journey = await wizard.judged()
        wizard.app.session.given.other_token = other
        await wizard.press("5")
        await wizard.until(lambda: _cells(wizard) and len(_cells(wizard)[0]) == 4, "a table of two")
        sent = journey.seen.case.token
        assert sent is not None
        phrase = Texts(lang).phrase
        assert phrase(sent.label) in _said(wizard, "token-kind")
        assert phrase(read_token(other).label) in _said(wizard, "token-wanted")
        rows = {cells[0]: cells[1:3] for cells in _cells(wizard)}
        assert rows["token_use"] == ("access", "id")
        assert rows["alg"] == ("RS256", Texts(lang).screen("token", "the same"))
        assert rows["client_id"][1] == Texts(lang).screen("token", "not in it")
        names = [cells[0] for cells in _cells(wizard)]
        assert names.index("token_use") < names.index("alg")

    drive(script, scenario="access-token-where-id-token-expected", lang=lang, size=(80, 24))


def test_without_a_token_there_is_nothing_to_take_apart() -> None:
    """No line, no table, and the key that takes one."""

    async def script(wizard: Driver) -> None:
        await wizard.judged()
        await wizard.press("5")
        await wizard.until(lambda: _said(wizard, "token-kind"), "a sentence")
        assert _said(wizard, "token-kind") == Texts().screen("token", "none sent")
        assert not wizard.app.screen.query_one(Timeline).display
        assert not _cells(wizard)

    drive(script, scenario="header-not-sent")
