"""What stands before API Gateway: the same call by the front and straight to API Gateway."""

from urllib.parse import urlsplit

from cogwizard.gateway import Reading, read_answer
from cogwizard.model.answer import Answer
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.place import domain_of
from cogwizard.model.read import partition_of, suffix_of
from cogwizard.model.read_web import DirectCall
from cogwizard.steps.step import Say, reading

FRONT = "proxy-strips-authorization"
# What belongs to the front's host: its name, and what it set in the client.
_OF_THE_HOST = ("host", "cookie")
_MARKS = ("x-amz-cf-id", "x-amz-cf-pop")  # CloudFront's; an edge-optimized API has them too (2.1 [V])
_REFUSED = (401, 403)


def direct_url(case: Case) -> str | None:
    """Return the address of the same path and query at API Gateway itself; None where the API or stage is not known.

    Where an endpoint override is in force, whoever makes the call puts the emulator in the place of the host.
    """
    place, region = case.place, case.api_region
    if not (place.rest_api_id and place.stage and region):
        return None
    query = urlsplit(case.call.url).query
    host = f"{place.rest_api_id}.execute-api.{region}.{suffix_of(partition_of(region))}"
    return f"https://{host}/{place.stage}{place.path}{f'?{query}' if query else ''}"


def direct_call(case: Case, call: Call) -> DirectCall | None:
    """Return `call`, one of this case, as it is made straight to API Gateway; None where there is no front before it,
    or the call may change data."""
    url = direct_url(case)
    if case.target.form != "custom-domain" or url is None or not call.is_safe or call.unexpanded:
        return None
    headers = tuple((name, value) for name, value in call.headers if name.lower() not in _OF_THE_HOST)
    return DirectCall(Call(call.method, url, headers, call.body), case.api_region or "")


def direct_read(case: Case) -> DirectCall | None:
    """Return the comparison, once the front's refusal is known to be one that a front can cause.

    Only beside a replay of our own: an answer that was pasted may have had another cause by then. What a web ACL, a
    policy or an expired token is refused for, API Gateway saw.
    """
    if case.replay_read is None or case.sent is None or not _is_front(case) or not _may_be_fronts(case):
        return None
    disabled = case.seen_as("deployed").api.endpoint_disabled
    return None if disabled is True else direct_call(case, case.replay_read.call)


def _is_front(case: Case) -> bool:
    """Whether something else than API Gateway may answer at the URL's host: none of our domains, or CloudFront."""
    if case.target.form != "custom-domain" or direct_url(case) is None:
        return False
    marked = case.observed is not None and any(case.observed.header(name) for name in _MARKS)
    return domain_of(case) is None or marked


def _may_be_fronts(case: Case) -> bool:
    seen = reading(case)
    if seen is None or case.observed is None or case.observed.status not in _REFUSED or seen.proves:
        return False
    return seen.gates == ("front",) or FRONT in seen.codes


def judge_front(case: Case, say: Say) -> Finding:
    """Judge whether the front spoils the call: only a call that passes without it proves that."""
    seen = reading(case)
    if case.target.form != "custom-domain" or direct_url(case) is None:
        return say.skipped(FRONT, "other-host")
    if seen is None or case.observed is None:
        return say.skipped(FRONT, "no-answer")
    if case.sent is None and case.call_given:
        return say.skipped(FRONT, "no-token")
    if not _is_front(case):
        return say.passed(FRONT, variant="no-front", host=case.target.host)
    if not _may_be_fronts(case):
        return say.passed(FRONT, variant="other-answer")
    host = case.target.host
    if case.seen_as("deployed").api.endpoint_disabled is True:
        return say.unknown(FRONT, variant="endpoint-disabled", host=host)
    read = direct_read(case)
    if read is None:
        return say.unknown(FRONT, variant="not-compared", host=host)
    direct = case.known(read, Answer)
    if direct is None:
        return say.not_read(FRONT, (read,), case)
    return _compared(say, host, case.observed, direct, seen)


def _compared(say: Say, host: str, front: Answer, direct: Answer, seen: Reading) -> Finding:
    straight = read_answer(direct)
    evidence = Evidence("by the front", shown(direct, straight), shown(front, seen), "the same call, made twice")
    if straight.gates == ("backend",) or direct.status < 300:
        variant = "fail"
        if seen.gates == ("front",):
            variant = "refuses"
        elif "endpoint" in seen.gates:
            variant = "host"
        elif "route" in seen.gates:
            variant = "path"
        return say.failed(FRONT, evidence, variant=variant, host=host, status=front.status)
    if "route" in straight.gates and "route" not in seen.gates:
        return say.unknown(FRONT, evidence, variant="other-path", host=host)
    if (direct.status, straight.error_type, straight.proves) == (front.status, seen.error_type, seen.proves):
        return say.passed(FRONT, evidence, variant="same", host=host)
    return say.unknown(FRONT, evidence, variant="other-refusal", host=host)


def shown(answer: Answer, seen: Reading) -> str:
    """Return an answer in a few words: its status, and the error type where there is one."""
    return f"{answer.status} {seen.error_type or ''}".strip()
