"""Saving: the redacted case as text, read back and judged again, so that nobody is given another finding unsaid."""

from collections.abc import Sequence
from dataclasses import dataclass

from cogwizard.judgement import Judgement, judge
from cogwizard.model.finding import Finding
from cogwizard.saved.file import from_text, to_text
from cogwizard.saved.redact import redact
from cogwizard.steps.step import Step


@dataclass(frozen=True)
class Kept:
    """The text of the file, and what is found otherwise from it than before: codes, `outcome`, `causes`."""

    text: str
    differences: tuple[str, ...] = ()


def keep(judgement: Judgement, steps: Sequence[Step]) -> Kept:
    """Return the case of a judgement as it is saved, compared with what is found from it."""
    text = to_text(redact(judgement.case))
    return Kept(text, differences(judgement, judge(from_text(text).case, steps)))


def differences(before: Judgement, after: Judgement) -> tuple[str, ...]:
    """Return in what two judgements differ: `outcome`, `causes`, and the codes whose verdict or variant does."""
    found = [name for name in ("outcome", "causes") if getattr(before, name) != getattr(after, name)]
    verdicts = [[_told(item) for item in each.findings] for each in (before, after)]
    codes = {item[0] for item in set(verdicts[0]) ^ set(verdicts[1])}
    return (*found, *sorted(codes))


def _told(finding: Finding) -> tuple[str, str, str, str | None, str]:
    return finding.code, finding.verdict, finding.variant, finding.explained_by, finding.view
