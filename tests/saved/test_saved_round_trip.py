"""From a saved case the same is found as before, for every scenario; and each read of a diagnosis can be saved."""

import re
from dataclasses import is_dataclass
from types import NoneType
from typing import Any, cast, get_args, get_origin

import pytest

from cogwizard.judgement import judge
from cogwizard.model.case import Case
from cogwizard.model.read import Absent, Unread
from cogwizard.model.reads import KEY_READS, LOG_READS, READS
from cogwizard.report.document import build
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.saved.facts import GIVES, NAMES
from cogwizard.saved.file import from_text, to_text
from cogwizard.saved.keep import differences, keep
from cogwizard.saved.redact import redact
from cogwizard.saved.shape import hints
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import Texts
from tests.scenarios.runner import result


def comparable(report: Any, unsigned: bool) -> Any:
    """Return a report without account numbers, of which a saved case has others; without those fingerprints of tokens
    that have no signature in whose place they could stand."""
    if isinstance(report, dict):
        return {key: comparable(value, unsigned) for key, value in report.items()}
    if isinstance(report, list):
        return [comparable(value, unsigned) for value in report]
    if not isinstance(report, str):
        return report
    text = re.sub(r"(?<!\d)\d{8}(?=\d{4}(?!\d))", "", report)
    return re.sub(r"token [0-9a-f]{8}", "token", text) if unsigned else text


@pytest.mark.parametrize("name", SCENARIOS)
def test_same_findings_and_report(name: str) -> None:
    before = result(name)
    kept = keep(before, TROUBLESHOOT)
    assert kept.differences == ()
    after = judge(from_text(kept.text).case, TROUBLESHOOT)
    token = before.case.token
    unsigned = token is not None and token.text.endswith(".")
    for lang in ("en", "ja"):
        texts = Texts(lang)
        assert comparable(build(after, texts), unsigned) == comparable(build(before, texts), unsigned)


@pytest.mark.parametrize("name", ["token-expired", "stage-variable-unset", "waf-block", "healthy-replica"])
def test_what_was_redacted_stays_as_it_is(name: str) -> None:
    """Who saves a saved case again gives the same on, and nothing is lost on the way through the file."""
    case = redact(result(name).case)
    text = to_text(case)
    again = from_text(text).case
    assert again == case
    assert to_text(redact(again)) == text


def test_each_read_of_a_diagnosis_can_be_saved() -> None:
    assert set(GIVES) == {*READS, *LOG_READS, *KEY_READS}
    assert len(NAMES) == len(GIVES)


def parts(hint: Any) -> list[Any]:
    """Return the types that a hint is made of."""
    inner = [part for part in get_args(hint) if part is not Ellipsis] if not isinstance(hint, type) else []
    if get_origin(hint) is not None:
        return [found for part in inner for found in parts(part)] if not isinstance(inner[0], str) else []
    if is_dataclass(hint):
        return [hint, *(found for part in hints(cast(Any, hint)).values() for found in parts(part))]
    return [hint]


@pytest.mark.parametrize("hint", [*GIVES.values(), *GIVES], ids=str)
def test_each_type_can_be_written_and_read(hint: Any) -> None:
    """What stands in a fact or a read is made of these: a field of another type would not survive the file."""
    found = set(parts(hint))
    assert {item for item in found if not is_dataclass(item)} <= {str, int, float, bool, bytes, NoneType}


def test_each_field_of_a_case_can_be_written_and_read() -> None:
    for name, hint in hints(Case).items():
        if name != "facts":
            plain = {item for item in parts(hint) if not is_dataclass(item)}
            assert plain <= {str, int, float, bool, bytes, NoneType}, name


def test_what_could_not_be_read_is_still_not_known() -> None:
    before = result("token-expired")
    for read in before.case.facts:
        for value in (Unread(read, "denied", "AccessDeniedException", "no"), Absent(read, "NotFoundException", "gone")):
            judgement = judge(before.case.with_fact(read, value), TROUBLESHOOT)
            assert keep(judgement, TROUBLESHOOT).differences == ()


def test_a_difference_is_told() -> None:
    told = differences(result("token-expired"), result("scope-not-in-token"))
    assert told[0] == "causes"
    assert {"token-expired", "scope-not-in-token"} <= set(told)
