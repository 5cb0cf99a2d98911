"""The preflight of a call: what a browser asks, what answered it, and what is configured to answer it. No findings."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from cogwizard.model import pattern
from cogwizard.model.answer import Answer
from cogwizard.model.api import Integration
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.cors import SAFELISTED_METHODS, Question, origin_of, unsafe_headers, values_of
from cogwizard.model.finding import Evidence
from cogwizard.model.read import Read
from cogwizard.model.read_web import Preflight
from cogwizard.model.route import ANY, NoRoute, Route
from cogwizard.model.view import Hole

PROBE, RECORDED, ANSWER = "OPTIONS probe", "the recorded preflight", "the answer to OPTIONS"
# Whether a method takes OPTIONS and asks for nothing. "elsewhere": see `NoRoute`; "no-path": nor does any other verb.
State = Literal["unread", "elsewhere", "no-path", "missing", "guarded", "open"]
_STATUS = re.compile(r"""["']?statusCode["']?\s*:\s*["']?([1-5]\d\d|[^\s,}]{1,40})""")


@dataclass(frozen=True)
class Configured:
    """What the view says of OPTIONS. `because`: the reads of "unread".

    `answer` is what a mock answers; None where a backend answers, or where the mock's status is not known. `computed`:
    its headers, in lower case, that have their value only when it is called. `integration`: AWS's type, "" unknown.
    """

    state: State
    rows: tuple[Evidence, ...] = ()
    because: tuple[Read, ...] = ()
    answer: Answer | None = None
    computed: frozenset[str] = frozenset()
    integration: str = ""
    verb: str = ""


def is_preflight(case: Case) -> bool:
    """Whether the call that was given is a preflight itself."""
    return case.call.method.upper() == "OPTIONS"


def page_origin(case: Case) -> str | None:
    """Return the origin of the page: what was given, else what the call's header says; None where neither does."""
    sent = case.call.values("origin")
    return origin_of(case.origin or (sent[0] if sent else ""))


def is_same_origin(case: Case) -> bool:
    """Whether page and API share an origin: then no browser asks for anything."""
    origin = page_origin(case)
    return origin is not None and origin != "null" and origin == origin_of(case.call.url)


def question(case: Case) -> Question | None:
    """Return what a browser asks before this call; None while it is not known which header the token goes into."""
    call = case.call
    if is_preflight(case):
        verbs = values_of(call.headers, "access-control-request-method")
        names = values_of(call.headers, "access-control-request-headers")
        asked = tuple(sorted({name.lower() for name in names if name}))
        return Question(page_origin(case), verbs[0] if verbs else "", asked)
    headers = set(unsafe_headers(call.headers))
    if case.given_token is not None or case.headers_left_out:
        name = case.given_in
        if name is None:
            return None
        headers.add(name.lower())
    return Question(page_origin(case), call.method, tuple(sorted(headers)), bool(call.values("cookie")))


def is_asked(asked: Question) -> bool:
    """Whether a browser asks before a call like this (4.8: a verb or a header beyond what a form can send)."""
    return asked.method not in SAFELISTED_METHODS or bool(asked.headers)


def preflight_read(case: Case) -> Preflight | None:
    """Return the probe of a browser's call, None where it makes no sense, is not allowed, or cannot be named yet."""
    if not case.browser or not case.probe or case.offline or case.preflight is not None or is_preflight(case):
        return None
    asked = question(case)
    if asked is None or asked.origin is None or not is_asked(asked) or is_same_origin(case):
        return None
    return Preflight(asked.call(case.call.url))


def answered(case: Case) -> tuple[Answer, str] | None:
    """Return the answer to the preflight and what it comes from, None where there is none."""
    if is_preflight(case):
        return (case.observed, ANSWER) if case.observed else None
    if case.preflight is not None:
        return case.preflight, RECORDED
    probes = (value for read, value in case.facts.items() if isinstance(read, Preflight))
    return next(((value, PROBE) for value in probes if isinstance(value, Answer)), None)


def unread_probe(case: Case) -> Preflight | None:
    """Return the probe that was made and gave nothing."""
    return next((read for read in case.facts if isinstance(read, Preflight) and case.unread(read)), None)


def witness(case: Case) -> tuple[Answer, str] | None:
    """Return the answer as far as it speaks for the view: for the draft where that has the same OPTIONS."""
    found = answered(case)
    if found is None or case.view == "deployed":
        return found
    drafted, live = (_options(case.seen_as(view)).route for view in ("draft", "deployed"))
    if not isinstance(drafted, Route) or not isinstance(live, Route):
        return found if drafted == live and not isinstance(drafted, Hole) else None
    same = (drafted.verb, drafted.resource, drafted.method) == (live.verb, live.resource, live.method)
    is_named = drafted.method.authorization_type == live.method.authorization_type != "NONE"
    same = same or is_named  # the draft names its authorizer by id, an export by name
    return found if same and drafted.method.integration == live.method.integration else None


def _options(case: Case) -> Case:
    """The case of the preflight itself, to look up what takes it."""
    found = replace(case, call=Call("OPTIONS", case.call.url), answer=None, replay=False)
    found.__dict__["api"] = case.api  # put together once
    return found


def configured(case: Case) -> Configured:
    """Return what the view says of OPTIONS on the resource of the call."""
    options = _options(case)
    route, place = options.route, options.place
    source = "GetResources (draft)" if case.view == "draft" or case.api.assumed else "GetExport (deployed)"
    if isinstance(route, Hole):
        return Configured("unread", because=route.because)
    if isinstance(route, NoRoute):
        verbs = ", ".join(route.verbs[:20]) or "none"
        row = Evidence("method", f"OPTIONS {place.path}", f"{verbs} ({route.resource})", source)
        return Configured("elsewhere" if route.elsewhere else "missing" if route.resource else "no-path", (row,))
    method = route.method
    kind = method.integration.type if method.integration else ""
    if method.authorization_type != "NONE" or method.api_key_required:
        rows = []
        if route.verb == ANY:
            rows.append(Evidence("method", "an OPTIONS method of its own", f"{ANY} {route.resource}", source))
        if method.authorization_type != "NONE":
            rows.append(Evidence("authorization type", "NONE", method.authorization_type, source))
        if method.api_key_required:
            rows.append(Evidence("API key", "not asked for", "asked for", source))
        return Configured("guarded", tuple(rows), integration=kind, verb=route.verb)
    answer, computed = _mock(method.integration) if method.integration else (None, frozenset[str]())
    rows = [Evidence("preflight", "2xx without a token", f"{answer.status} (MOCK)", source)] if answer else []
    return Configured("open", tuple(rows), (), answer, computed, kind, route.verb)


def _mock(integration: Integration) -> tuple[Answer | None, frozenset[str]]:
    """Return what a mock answers, and its headers that are not fixed.

    Without a template the default response is given [D: how-to-mock-integration]; a template that sets no statusCode
    ends in 500 ([R]: SAM-3505, cases 71 and 73). A template with conditions is not computed here.
    """
    if integration.type != "MOCK":
        return None, frozenset()
    statuses = set(_STATUS.findall(integration.template or ""))
    if integration.template is not None and not statuses:
        return Answer(500), frozenset()
    if len(statuses) > 1 or not all(status.isdecimal() for status in statuses):
        return None, frozenset()
    status = next(iter(statuses), None)
    for response in sorted(integration.responses, key=lambda item: item.pattern is None):
        fits = "full" if response.pattern is None else pattern.match(response.pattern, status) if status else "none"
        if fits == "unknown":
            return None, frozenset()
        if fits == "full":
            fixed = tuple((name, value[1:-1]) for name, value in response.headers if _is_fixed(value))
            computed = frozenset(name.lower() for name, value in response.headers if not _is_fixed(value))
            return Answer(response.status, fixed), computed
    return (Answer(500), frozenset()) if status else (None, frozenset())


def _is_fixed(value: str) -> bool:
    return len(value) > 1 and value.startswith("'") and value.endswith("'")
