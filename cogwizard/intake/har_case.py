"""The case of a recorded call: what a recording knows beside the call and its answer."""

from dataclasses import replace

from cogwizard.intake.har import Recording
from cogwizard.model.case import Case


def recorded_case(case: Case, found: Recording, *, asked: bool = False) -> Case:
    """Return the case with what else the recording knows of it; what was given beside it counts first.

    Without a Date the time of the call is the recorder's, unless another token is judged than was sent then. A call of
    which a part was left out is not made again unless the user `asked` for it: another call would be answered.
    """
    entry, preflight = found.entry, found.preflight
    is_same = (case.call.url, case.call.method) == (entry.call.url, entry.call.method)
    is_same = is_same and case.origin in (None, found.origin)
    is_old = case.given_token is None and entry.started is not None
    lacks = found.headers_left_out and case.given_token is None and not asked
    return replace(
        case,
        now=entry.started if is_old and entry.started is not None else case.now,
        browser=case.browser or found.is_browsers,
        origin=case.origin or found.origin,
        preflight=case.preflight or (preflight.answer if preflight and is_same else None),
        headers_left_out=found.headers_left_out,
        replay=case.replay and not lacks and not entry.body_cut,
    )
