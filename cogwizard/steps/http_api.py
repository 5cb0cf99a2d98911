"""HTTP APIs: recognised, and the rules of their JWT authorizer compared with the token (research 2.3, 8).

No rule of REST APIs holds. What is compared is what AWS documents: route, issuer (exact), audience, expiry, scopes.
Signatures are not checked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from cogwizard.gateway import is_http_answer
from cogwizard.model.api import Export
from cogwizard.model.authorization import read_value
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.http_api import HttpApi, HttpAuthorizer, HttpRoute, find_route, split_stage
from cogwizard.model.inert import inert
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetExport, GetRestApi
from cogwizard.model.read_http import GetApi, GetHttpAuthorizers, GetHttpStages, GetRoutes
from cogwizard.model.token import Token, read_token
from cogwizard.steps.step import Say, some
from cogwizard.steps.times import moment

CODE = "http-api"
_R = TypeVar("_R", bound=Read)
_HEADER, _QUERY = "$request.header.", "$request.querystring."
_DESCRIPTION = re.compile(r'error_description="([^"]{1,300})"')


@dataclass(frozen=True)
class _Fault:
    """What is wrong for an HTTP API, and the statuses with which it is refused."""

    statuses: tuple[int, ...]
    variant: str
    evidence: Evidence
    params: dict[str, str]


def is_http(case: Case) -> bool:
    """Whether the call goes to an HTTP or WebSocket API: AWS says so, or its answer does and no REST API is known."""
    if case.known(_read(case, GetApi), HttpApi):
        return True
    return case.settings is None and case.observed is not None and is_http_answer(case.observed)


def wants(case: Case) -> Iterable[Read | None]:
    """The HTTP API, where the id is no REST API's; then its stages, routes and authorizers."""
    if case.absent(case.api_read(GetRestApi)) or is_http(case):
        yield _read(case, GetApi)
    api = case.known(_read(case, GetApi), HttpApi)
    if api is not None and api.protocol == "HTTP":
        for kind in (GetHttpStages, GetRoutes, GetHttpAuthorizers):
            yield _read(case, kind)


def judge(case: Case, say: Say) -> Finding:
    """Return the finding `http-api`."""
    api = case.known(_read(case, GetApi), HttpApi)
    if api is not None and api.protocol != "HTTP":
        return say.unknown(CODE, _kind(api.protocol, "GetApi"), variant="websocket")
    if is_http(case):
        return _judge(case, say, api)
    rest = case.api_read(GetRestApi)
    if _is_rest(case):
        return say.passed(CODE, _kind("REST", "GetRestApi" if case.settings else "the answer's headers"))
    if case.absent(rest):
        other = _read(case, GetApi)
        if case.absent(other):
            return say.unknown(CODE, variant="absent", because=(rest,) if rest else ())
        return say.not_read(CODE, (other,), case)
    return say.not_read(CODE, (rest,), case)


def _read(case: Case, kind: type[_R]) -> _R | None:
    place, region = case.place, case.api_region
    return kind(region, place.rest_api_id) if place.rest_api_id and region else None  # type: ignore[call-arg]


def _kind(protocol: str, source: str) -> Evidence:
    return Evidence("API type", "REST", protocol, source)


def _is_rest(case: Case) -> bool:
    if case.settings or case.draft_methods is not None or case.stages is not None:
        return True
    if case.known(case.api_read(GetExport), Export):
        return True
    answer = case.observed
    return answer is not None and any(answer.header(name) for name in ("x-amz-apigw-id", "x-amzn-errortype"))


def _judge(case: Case, say: Say, api: HttpApi | None) -> Finding:
    status = case.observed.status if case.observed else None
    kind = _kind("HTTP", "GetApi" if api else "the answer's headers")
    fault = next((found for found in _faults(case, api) if status in (None, *found.statuses)), None)
    if fault is not None:
        return say.failed(CODE, kind, fault.evidence, variant=fault.variant, **fault.params)
    if status in (401, 403):
        return _refused(case, say, kind)
    if status is not None:
        return say.warned(CODE, kind, status=status)
    missing = [read for kind_ in (GetApi, GetHttpStages, GetRoutes, GetHttpAuthorizers) if (read := _read(case, kind_))]
    missing = [read for read in missing if read not in case.facts or case.unread(read)]
    return say.not_read(CODE, missing, case) if missing else say.unknown(CODE, kind, variant="not-called")


def _refused(case: Case, say: Say, kind: Evidence) -> Finding:
    """A refusal that nothing compared explains: what its www-authenticate says, if anything."""
    answer = case.observed
    said = _DESCRIPTION.search((answer.header("www-authenticate") or "") if answer else "")
    if said is None:
        message = str(answer.status) if answer else "-"
        return say.failed(CODE, kind, variant="proven", message=message)
    description = inert(said[1], 200)
    evidence = Evidence("answer", "no error_description", description, "the answer's www-authenticate")
    unreachable = "communication error" in description.lower() or "discovery" in description.lower()
    variant = "fail-discovery" if unreachable else "fail-description"
    return say.failed(CODE, kind, evidence, variant=variant, description=description)


def _faults(case: Case, api: HttpApi | None) -> Iterator[_Fault]:
    """Yield what is wrong in the order in which an HTTP API meets it, as far as it is known."""
    place, host = case.place, case.target.host
    if api is not None and api.endpoint_disabled and case.target.form != "custom-domain":
        shown = Evidence("default endpoint", "enabled", "disabled", "GetApi")
        yield _Fault((403, 404), "fail-disabled", shown, {"host": host})
    stages = case.known(_read(case, GetHttpStages), tuple)
    routes = case.known(_read(case, GetRoutes), tuple)
    if stages is None or routes is None:
        return
    if case.target.form == "custom-domain":
        taken = (place.stage or "", place.path) if place.stage in stages else None
    else:
        taken = split_stage(stages, f"/{place.stage}{place.path}" if place.stage else place.path)
    if taken is None:
        names = some(stages) or "none"
        shown = Evidence("stage", names, place.stage or "none in the URL", "GetStages")
        yield _Fault((403, 404), "fail-no-stage", shown, {"stages": names})
        return
    _, path = taken
    route = find_route(routes, case.call.method, path)
    if route is None:
        shown = Evidence("method", f"{case.call.method} {path}", "none", "GetRoutes")
        yield _Fault((404,), "fail-no-route", shown, {"method": case.call.method, "path": path})
        return
    yield from _of_route(case, route)


def _of_route(case: Case, route: HttpRoute) -> Iterator[_Fault]:
    kind = route.authorization_type
    if kind != "JWT":
        if case.observed is not None:  # without a refusal there is nothing to explain
            shown = Evidence("authorization type", "JWT", kind, "GetRoutes")
            variant = {"NONE": "fail-backend", "AWS_IAM": "fail-iam"}.get(kind, "fail-lambda")
            yield _Fault((401, 403), variant, shown, {"route": route.key})
        return
    known = case.known(_read(case, GetHttpAuthorizers), tuple) or ()
    authorizer = next((item for item in known if item.id == route.authorizer_id), None)
    if authorizer is None or not case.call_given:
        return
    value = _sent(case, authorizer)
    if value is None:
        return  # a variable that we were not given, a recording without the header
    source = some(authorizer.identity_sources) or f"{_HEADER}Authorization"
    token = read_value(value).token
    if token is None:
        yield _Fault((401,), "fail-no-token", Evidence("token", source, "none", "the request"), {"source": source})
        return
    yield from _of_token(case, read_token(token), route, authorizer)


def _of_token(case: Case, token: Token, route: HttpRoute, authorizer: HttpAuthorizer) -> Iterator[_Fault]:
    if token.flaw or not token.claims:
        shown = Evidence("token", "a JWT of three parts", f"{token.label}, {token.parts} parts", "the request")
        yield _Fault((401,), "fail-malformed", shown, {})
        return
    issuer, wanted = token.text_claim("iss") or "none", authorizer.issuer
    if wanted and "${" not in wanted and issuer != wanted:
        shown = Evidence("issuer", wanted, inert(issuer, 200), "GetAuthorizers, claim iss")
        yield _Fault((401,), "fail-issuer", shown, {"issuer": inert(issuer, 200), "wanted": wanted})
    expiry = token.time_claim("exp")
    if expiry is not None and expiry <= case.clock:
        shown = Evidence("expiry", f"after {moment(case.clock)}", moment(expiry), "claim exp")
        yield _Fault((401,), "fail-expired", shown, {"expiry": moment(expiry)})
    name = "aud" if "aud" in token.claims else "client_id"
    held = token.audiences if name == "aud" else tuple(filter(None, (token.text_claim(name),)))
    if authorizer.audience and not set(held).intersection(authorizer.audience):
        shown = Evidence("audience", some(authorizer.audience), some(held) or "none", f"GetAuthorizers, claim {name}")
        params = {"claim": name, "held": some(held) or "none", "audience": some(authorizer.audience)}
        yield _Fault((401,), "fail-audience", shown, params)
    scopes = {*token.scopes, *_words(token.claims.get("scp"))}
    if route.scopes and not scopes.intersection(route.scopes):
        shown = Evidence("scope", some(route.scopes), some(sorted(scopes)) or "none", "GetRoutes, claim scope")
        yield _Fault((403,), "fail-scope", shown, {"scopes": some(route.scopes), "route": route.key})


def _words(claim: object) -> list[str]:
    """Return the scopes of a claim `scp`, which other issuers write as a text or as a list."""
    if isinstance(claim, str):
        return claim.split()
    return [item for item in claim if isinstance(item, str)] if isinstance(claim, list) else []


def _sent(case: Case, authorizer: HttpAuthorizer) -> str | None:
    """Return what stands where the authorizer looks for the token, "" for nothing; None where that is not known."""
    if case.given_token is not None:
        return case.given_token
    hidden = {item.header.lower() for item in case.call.unexpanded}
    for source in authorizer.identity_sources or (f"{_HEADER}Authorization",):
        name = source.removeprefix(_HEADER)
        if source.startswith(_HEADER):
            if name.lower() in hidden or "" in hidden:
                return None
            if values := case.call.values(name):
                return values[0]
        elif source.startswith(_QUERY):
            found = parse_qs(urlsplit(case.call.url).query).get(source.removeprefix(_QUERY))
            if found:
                return found[0]
    return None if case.headers_left_out else ""
