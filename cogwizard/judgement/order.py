"""Which findings fail, in the order in which the call meets them."""

from collections.abc import Iterable

from cogwizard.gateway import order
from cogwizard.model.code import CODES
from cogwizard.model.finding import Finding


def fails(findings: Iterable[Finding]) -> list[Finding]:
    """Return the failing findings in the order in which the call meets them."""
    return sorted((item for item in findings if item.verdict == "fail"), key=lambda item: order(item.code))


def is_browsers(code: str) -> bool:
    """Whether a code is of the group Browser."""
    return CODES[code].group == "browser"
