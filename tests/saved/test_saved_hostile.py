"""A file that is no saved case, or one that somebody has changed: bad input in a sentence, never a crash."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogwizard.intake.errors import BadInput
from cogwizard.judgement import judge
from cogwizard.report.document import build
from cogwizard.saved.file import SCHEMA, from_text
from cogwizard.saved.keep import keep
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import LANGUAGES, Texts
from tests.scenarios.runner import result

NAMES = ("changes-not-deployed", "cors-hides-401")
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**14,
    10**400,
    1e308,
    "",
    "\x1b[31m\u202e\ud800",
    "9" * 5000,
    "{by} %s {0}",
    [],
    [[]],
    {},
    {"": None},
    [None],
)


def document(name: str) -> dict[str, Any]:
    """Return a scenario's saved case as JSON."""
    found: dict[str, Any] = json.loads(keep(result(name), TROUBLESHOOT).text)
    return found


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each member of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in items:
        yield (*at, key)
        yield from places(held, (*at, key))


def changed(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """Return a copy of a document with one member replaced; removed where `new` is Ellipsis."""
    whole = copy.deepcopy(value)
    inner = whole
    for key in at[:-1]:
        inner = inner[key]
    if new is ...:
        del inner[at[-1]]
    else:
        inner[at[-1]] = new
    return whole


def check(text: str) -> str | None:
    """Open a file and report what it holds; return the key of what is wrong with it, None where nothing is."""
    try:
        saved = from_text(text)
    except BadInput as error:
        sentences = {Texts(lang).message(error.key, error.params) for lang in LANGUAGES}  # raises for an unknown key
        return error.key if len(sentences) == len(LANGUAGES) else "not said"
    report = build(judge(saved.case, TROUBLESHOOT), Texts())
    json.dumps(report, allow_nan=False)
    return None


@pytest.mark.parametrize("name", NAMES)
def test_each_member_replaced_and_removed(name: str) -> None:
    """Whatever stands there: it is refused, or judged."""
    whole, chance = document(name), random.Random(name)
    found = set()
    for at in places(whole):
        found.add(check(json.dumps(changed(whole, at, chance.choice((..., *ODD))))))
    assert {"case-member-wrong", "case-member-missing", None} <= found


def test_an_unknown_member_is_named() -> None:
    whole = document("token-expired")
    for at in (("more",), ("case", "more"), ("case", "call", "more"), ("facts", 0, "read", "more")):
        with pytest.raises(BadInput) as error:
            from_text(json.dumps(changed(whole, at, 1)))
        assert error.value.key == "case-member-unknown"
        assert error.value.params["member"].endswith("more")


def test_the_place_of_a_wrong_member_is_named() -> None:
    whole = document("token-expired")
    number = next(at for at, item in enumerate(whole["facts"]) if item["read"]["name"] == "GetStages")
    with pytest.raises(BadInput) as error:
        from_text(json.dumps(changed(whole, ("facts", number, "fact", 0, "name"), 5)))
    assert error.value.params == {"member": f"facts[{number}].fact[0].name", "wanted": "string"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "case-empty"),
        (" \n", "case-empty"),
        ("<html>", "case-not-json"),
        ('{"schema": "cogwizard/case@1",', "case-not-json"),
        ("null", "case-no-case"),
        ("[]", "case-no-case"),
        ('{"log": {"entries": []}}', "case-no-case"),
        ('{"schema": "cogwizard/report@1"}', "case-no-case"),
        ('{"schema": 1}', "case-no-case"),
        ('{"schema": "cogwizard/case@1"}', "case-member-wrong"),
        ('{"schema": "cogwizard/case@1", "written_by": "\x1b[2J"}', "case-not-json"),
        ('{"schema": "cogwizard/case@1", "written_by": "a b"}', "case-member-wrong"),
        ('{"schema": "cogwizard/case@2", "written_by": "9.0.0"}', "case-newer"),
        ('{"schema": "cogwizard/case@1", "schema": "cogwizard/case@1"}', "case-member-twice"),
        ('{"schema": NaN}', "case-number"),
        ('{"schema": -Infinity}', "case-number"),
        ('{"schema": ' + "9" * 5000 + "}", "case-not-json"),
        ("[" * 10_000, "case-too-deep"),
        ('{"a":' * 10_000, "case-too-deep"),
        ("[" * 100_000 + "]" * 100_000, "case-too-deep"),
    ],
)
def test_what_is_no_saved_case(text: str, key: str) -> None:
    assert check(text) == key


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e18", "1" + "0" * 30])
def test_a_number_beyond_all_measure(number: str) -> None:
    whole = json.dumps(changed(document("token-expired"), ("case", "now"), "HERE"))
    assert check(whole.replace('"HERE"', number)) == "case-member-wrong"


def test_a_text_without_end() -> None:
    whole = changed(document("token-expired"), ("case", "call", "url"), "x" * 1_000_001)
    assert check(json.dumps(whole)) == "case-text-long"


def test_a_fact_twice() -> None:
    whole = document("token-expired")
    whole["facts"].append(whole["facts"][0])
    assert check(json.dumps(whole)) == "case-fact-twice"


def test_no_body_can_be_put_in() -> None:
    """A file that somebody made must not become a call that somebody makes."""
    assert check(json.dumps(changed(document("token-expired"), ("case", "call", "body"), "x"))) == "case-member-wrong"


def test_what_is_edited_is_what_is_judged() -> None:
    """The verdicts follow the facts of the file, not what was found before."""
    whole = document("token-expired")
    before = judge(from_text(json.dumps(whole)).case, TROUBLESHOOT)
    assert before.causes == ("token-expired",)
    for entry in whole["facts"]:
        if entry["read"]["name"] in ("GetExport", "GetResources"):
            methods = entry["fact"].get("methods", entry["fact"])
            methods["/orders"]["GET"]["scopes"] = ["orders/read"]
    after = judge(from_text(json.dumps(whole)).case, TROUBLESHOOT)
    assert after.causes == ("token-expired", "id-token-where-access-token-expected")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_NAMES = st.sampled_from(["GetStages", "GetKeys", "Replay", "GetExport", "GetResources", "x"])
_READS = st.fixed_dictionaries(
    {"name": _NAMES},
    optional={name: JSON for name in ("region", "rest_api_id", "stage", "call")},
)


@given(
    case=st.fixed_dictionaries({}, optional={name: JSON for name in ("call", "target", "now", "answer", "signatures")}),
    facts=st.lists(st.fixed_dictionaries({"read": _READS}, optional={"fact": JSON, "unread": JSON}), max_size=3) | JSON,
)
@settings(
    derandomize=True, deadline=None, database=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
def test_any_json(case: Any, facts: Any) -> None:
    check(json.dumps({"schema": SCHEMA, "written_by": "0.1.0", "case": case, "facts": facts}))
