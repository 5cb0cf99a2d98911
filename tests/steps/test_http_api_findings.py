"""HTTP APIs: which rule refuses, what www-authenticate says, and that no rule of REST APIs is applied."""

from dataclasses import replace
from typing import Any

import pytest

from cogwizard.gateway import read_answer
from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.code import CODES
from cogwizard.model.finding import Finding
from cogwizard.model.http_api import HttpRoute, find_route, split_stage
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetRestApi
from cogwizard.model.read_http import GetApi, GetHttpAuthorizers, GetHttpStages, GetRoutes
from cogwizard.report.document import build
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import Texts
from tests.scenarios.runner import result

MARKS = (("apigw-requestid", "Jk4LmN0pQr8sTu="),)


def judged(name: str, facts: dict[type[Read], Any] | None = None, **fields: Any) -> Judgement:
    """Judge a scenario with the facts of some reads replaced; a function is given the fact."""
    case = result(name).case
    new = {}
    for read, value in case.facts.items():
        found = (facts or {}).get(type(read), value)
        new[read] = found(value) if callable(found) else found
    return judge(replace(case, facts=new, **fields), TROUBLESHOOT)


def http(judgement: Judgement) -> Finding:
    return next(item for item in judgement.findings if item.code == "http-api")


def authorizer(**changes: Any) -> dict[type[Read], Any]:
    return {GetHttpAuthorizers: lambda items: tuple(replace(item, **changes) for item in items)}


def route(**changes: Any) -> dict[type[Read], Any]:
    return {GetRoutes: lambda items: tuple(replace(item, **changes) for item in items)}


REFUSED = Answer(401, (*MARKS, ("www-authenticate", "Bearer")), '{"message":"Unauthorized"}')
DENIED = Answer(403, MARKS, '{"message":"Forbidden"}')


@pytest.mark.parametrize(
    ("answer", "facts", "fields", "variant"),
    [
        (REFUSED, authorizer(audience=("x",)), {}, "fail-audience"),
        (REFUSED, authorizer(issuer="https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"), {}, "fail-issuer"),
        (REFUSED, authorizer(identity_sources=("$request.header.X-Auth",)), {}, "fail-no-token"),
        (REFUSED, authorizer(identity_sources=("$request.querystring.token",)), {}, "fail-no-token"),
        (REFUSED, {}, {"given_token": "opaque"}, "fail-malformed"),
        (REFUSED, {}, {"now": 9e9}, "fail-expired"),
        (REFUSED, {}, {}, "proven"),
        (REFUSED, route(authorization_type="NONE"), {}, "fail-backend"),
        (REFUSED, route(authorization_type="CUSTOM"), {}, "fail-lambda"),
        (DENIED, route(authorization_type="AWS_IAM"), {}, "fail-iam"),
        (DENIED, route(scopes=("orders/admin",)), {}, "fail-scope"),
        (DENIED, {GetApi: lambda api: replace(api, endpoint_disabled=True)}, {}, "fail-disabled"),
        (DENIED, {GetHttpStages: ("v1",)}, {}, "fail-no-stage"),
    ],
)
def test_what_refuses(answer: Answer, facts: dict[type[Read], Any], fields: dict[str, Any], variant: str) -> None:
    judgement = judged("http-api-answers", facts, answer=answer, **fields)
    assert judgement.causes == ("http-api",)
    assert http(judgement).variant == variant
    for lang in ("en", "ja"):
        report = next(item for item in build(judgement, Texts(lang))["findings"] if item["code"] == "http-api")
        assert report["fixes"]
        assert "{" not in report["summary"]


def test_a_trailing_slash_of_the_issuer_counts() -> None:
    facts: dict[type[Read], Any] = {
        GetHttpAuthorizers: lambda items: tuple(replace(item, issuer=f"{item.issuer}/") for item in items)
    }
    assert http(judged("http-api-answers", facts, answer=REFUSED)).variant == "fail-issuer"


def test_no_rule_of_rest_apis_is_applied() -> None:
    judgement = judged("http-api")
    others = [item for item in judgement.findings if CODES[item.code].group != "us"]
    kept = {"http-api", "custom-domain-mapping", "mutual-tls", "answer-not-explained"}
    assert {(item.verdict, item.variant) for item in others if item.code not in kept} == {("skipped", "http-api")}
    assert next(item.verdict for item in judgement.findings if item.code == "aws-credentials") == "pass"


@pytest.mark.parametrize(
    ("description", "variant"),
    [
        ("the token does not have a valid audience", "fail-description"),
        ("OIDC discovery endpoint communication error", "fail-discovery"),
        ("JWKS communication error", "fail-discovery"),
    ],
)
def test_www_authenticate_is_told_where_nothing_could_be_read(description: str, variant: str) -> None:
    """An account without permission, and an answer that says why."""
    said = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    answer = replace(REFUSED, headers=(*MARKS, ("www-authenticate", said)))
    kinds = (GetRestApi, GetApi, GetHttpStages, GetRoutes, GetHttpAuthorizers)
    case = result("http-api").case
    facts = {r: Unread(r, "denied", "X") if isinstance(r, kinds) else v for r, v in case.facts.items()}
    judgement = judge(replace(case, facts=facts, answer=answer), TROUBLESHOOT)
    assert judgement.causes == ("http-api",)
    assert http(judgement).variant == variant
    assert http(judgement).params["description"] == description


def test_a_hostile_description_is_inert() -> None:
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl"
    said = f'Bearer error_description="\x1b[31m{token}"'
    judgement = judged("http-api-answers", answer=replace(REFUSED, headers=(*MARKS, ("www-authenticate", said))))
    assert token not in repr(http(judgement))
    assert "\x1b" not in repr(http(judgement))


def test_an_api_that_is_neither_is_not_known() -> None:
    case = result("http-api").case
    facts = {r: Absent(r, "NotFoundException") if isinstance(r, GetApi) else v for r, v in case.facts.items()}
    plain = Answer(403, (), "<html>")
    judgement = judge(replace(case, facts=facts, answer=plain), TROUBLESHOOT)
    assert (http(judgement).verdict, http(judgement).variant) == ("unknown", "absent")
    assert judgement.outcome == "inconclusive"


def test_a_rest_api_hands_on_the_marks_of_one_behind_it() -> None:
    both = Answer(401, (*MARKS, ("x-amz-apigw-id", "x="), ("x-amzn-RequestId", "1")), "{}")
    assert read_answer(both).proves == "backend-answered"
    assert read_answer(replace(both, headers=MARKS)).proves == "http-api"


ROUTES = tuple(map(HttpRoute, ("GET /a/{id}", "ANY /a/{proxy+}", "POST /a/b", "GET /a/b/{c}")))


@pytest.mark.parametrize(
    ("verb", "path", "key"),
    [
        ("GET", "/a/b", "GET /a/{id}"),  # POST /a/b stands in nobody's way
        ("POST", "/a/b", "POST /a/b"),
        ("PUT", "/a/b", "ANY /a/{proxy+}"),
        ("GET", "/a/b/c", "GET /a/b/{c}"),
        ("GET", "/a", None),
    ],
)
def test_the_route_that_takes_a_call(verb: str, path: str, key: str | None) -> None:
    found = find_route(ROUTES, verb, path)
    assert (found.key if found else None) == key
    assert find_route((*ROUTES, HttpRoute("$default")), verb, path) == (found or HttpRoute("$default"))


def test_the_stage_that_takes_a_call() -> None:
    assert split_stage(("$default", "v1"), "/v1/a") == ("v1", "/a")
    assert split_stage(("$default", "v1"), "/v2/a") == ("$default", "/v2/a")
    assert split_stage(("v1",), "/a") is None
