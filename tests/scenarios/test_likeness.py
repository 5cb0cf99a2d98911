"""Every code of what stops a call has a scenario that is it, one that looks like it and is not, and a healthy one."""

import pytest

from cogwizard.model.code import CODES
from cogwizard.sandbox.scenarios import SCENARIOS
from tests.scenarios.runner import result

GROUPS = ("call", "header", "token", "configuration", "browser")
STOPPING = [code for code, entry in CODES.items() if entry.group in GROUPS]
# What looks alike by more than its answer: a refusal shares its fingerprint with others, these do not.
LOOKS_LIKE = {
    "http-api": "http-api-behind",
    "throttled-by-gateway": "healthy-backend-429",
    "resource-policy-deny": "healthy-resource-policy",
    "backend-answered": "healthy-backend-404",
    "clock-skew": "token-not-yet-valid",
    "changes-not-deployed": "healthy-draft-differs-elsewhere",
    "not-protected": "authorizer-not-attached",
    "preflight-needs-no-auth": "preflight-broken",
    "preflight-missing": "preflight-needs-no-auth",
    "preflight-broken": "preflight-needs-no-auth-key",
    "cors-hides-401": "cors-hides-nothing",
    "cors-header-not-allowed": "preflight-broken-verb",
    "cors-origin-mismatch": "cors-headers-missing",
    "cors-headers-missing": "healthy-browser-simple",
}
# Judged only where something was refused: in a healthy run there is nothing to pass.
PASSED_BY = {
    "identity-pool-role-denied": "healthy-signed",
    "authorizer-error": "healthy-backend-500",
    "cors-hides-401": "healthy-browser",
}


def told(name: str) -> set[str]:
    """Return the codes that are to be found in a scenario, as whatever."""
    scenario = SCENARIOS[name]
    return {*scenario.causes, *scenario.warns, *scenario.unknowns}


def looks_like(name: str, code: str) -> bool:
    """Whether the answer of a scenario could come from `code` as well, as far as the answer says."""
    reading = result(name).reading
    return reading is not None and code in reading.codes


@pytest.mark.parametrize("code", STOPPING)
def test_it_is(code: str) -> None:
    place = "warns" if CODES[code].kind == "warning" else "causes"
    assert [name for name, scenario in SCENARIOS.items() if code in getattr(scenario, place)]


@pytest.mark.parametrize("code", STOPPING)
def test_it_is_not(code: str) -> None:
    """The same answer with another cause; or what is alike in another way, where the check was made."""
    if code in LOOKS_LIKE:
        near = [LOOKS_LIKE[code]]
    else:
        near = [name for name in SCENARIOS if looks_like(name, code) and code not in told(name)]
    assert near
    assert not [name for name in near if code in told(name) or code in result(name).causes]


@pytest.mark.parametrize("code", STOPPING)
def test_nothing_is_wrong(code: str) -> None:
    healthy = [name for name, scenario in SCENARIOS.items() if scenario.outcome == "healthy"]
    if code in PASSED_BY:
        assert PASSED_BY[code] in healthy
        return
    passed = [name for name in healthy if any(f.code == code and f.verdict == "pass" for f in result(name).findings)]
    assert passed
