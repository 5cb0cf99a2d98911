"""Arbitrary input for a case: each mutator takes a case with all its facts and replaces one thing of it.

A mutator is `(draw, case) -> case`, where `draw` is Hypothesis' own.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, cast, get_args

from hypothesis import strategies as st

from cogwizard.aws.export import MalformedExport, read_export
from cogwizard.intake.errors import BadInput
from cogwizard.intake.response import read_response
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Authorizer, DomainName, Export, Method, Methods, Stage
from cogwizard.model.call import Unexpanded
from cogwizard.model.case import Case
from cogwizard.model.pool import Jwk
from cogwizard.model.read import Absent, Read, Reason, Unread
from cogwizard.model.read_api import (
    AuthorizerTest,
    GetApiKeys,
    GetAuthorizers,
    GetBasePathMappings,
    GetDeployment,
    GetDomainNames,
    GetExport,
    GetResources,
    GetStages,
    GetUsagePlans,
)
from cogwizard.model.read_api import TestInvokeAuthorizer as InvokeAuthorizer
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.read_http import GetApiMappings
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.model.usage import ApiKey, UsagePlan
from tests.scenarios.runner import result

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]
Mutator = Callable[[Draw, Case], Case]

BASES = (
    "wrong-pool",
    "token-expired",
    "scope-not-in-token",
    "changes-not-deployed",
    "header-name-mismatch",
    "pool-not-found",
    "stage-variable-unset",
    "audience-regex-mismatch",
)
# What has a meaning somewhere: to a terminal, a template, a format string, a shell, a parser, a regular expression.
MEANINGFUL = (
    "\x1b[31m",
    "\x00",
    "\r\n",
    "\u202e",
    "\u200b",
    "\ud800",
    "\ue000",
    "\u2028",
    "|",
    "`",
    "```",
    "<script>",
    "{by}",
    "{0}",
    "{",
    "}",
    "%s",
    "$(id)",
    "${stageVariables.pool}",
    "'",
    '"',
    ",",
    ":",
    "=",
    "/",
    "*",
    "+",
    "(",
    "[",
    "\\",
    ".",
    " ",
    "\t",
    "eyJ",
    "Bearer ",
    "bearer",
    "null",
    "AWS4-HMAC-SHA256 ",
    "method.request.header.",
    "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a",
    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a",
    "123456789012",
    "9" * 30,
    "é",
    "日本",
)
CHARACTERS = st.characters(exclude_categories=())
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=30),
    st.lists(st.one_of(st.sampled_from(MEANINGFUL), st.text(CHARACTERS, max_size=4)), max_size=6).map("".join),
)
NAMES = st.one_of(st.sampled_from(("Authorization", "authorization", "X-Id-Token", "accept", "x-api-key")), TEXTS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@cache
def refused(name: str) -> Case:
    """Return a scenario's case as if its 401 had been pasted: the answer stays when the request changes."""
    case = result(name).case
    assert case.observed is not None
    assert case.observed.status == 401
    return replace(case, answer=case.observed, replay=False)


def _change(case: Case, kind: type[Read], new: Callable[[Read, object], object]) -> Case:
    """Return the case with the facts of reads of one type replaced."""
    return replace(
        case, facts={read: new(read, value) if isinstance(read, kind) else value for read, value in case.facts.items()}
    )


def _each(case: Case, fact: type[T], new: Callable[[T], object]) -> Case:
    """Return the case with the facts of one type replaced, singly or as members of a tuple."""

    def change(value: object) -> object:
        if isinstance(value, fact):
            return new(value)
        return tuple(map(change, value)) if isinstance(value, tuple) else value

    return replace(case, facts={read: change(value) for read, value in case.facts.items()})


def encoded(value: object) -> str:
    """Return a part of a JWT that holds `value` as JSON."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _token_of(case: Case) -> str:
    return case.token.text if case.token else "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"


# -- what was sent ---------------------------------------------------------------------------------------------------


def header_text(draw: Draw, case: Case) -> Case:
    """The header's value, any text; also a token with something inside."""
    token = _token_of(case)
    at = draw(st.integers(0, len(token)))
    value = draw(TEXTS | TEXTS.map(lambda text: token[:at] + text + token[at:]))
    return replace(case, call=case.call.with_header("Authorization", value))


def header_bytes(draw: Draw, case: Case) -> Case:
    """The header's value, any bytes."""
    return replace(case, call=case.call.with_header("Authorization", draw(st.binary(max_size=60)).decode("latin-1")))


def headers(draw: Draw, case: Case) -> Case:
    """All headers, and variables of the shell in them."""
    pairs = draw(st.lists(st.tuples(NAMES, TEXTS), max_size=4))
    variables = draw(st.lists(st.builds(Unexpanded, NAMES, TEXTS), max_size=2))
    return replace(case, call=replace(case.call, headers=tuple(pairs), unexpanded=tuple(variables)))


def given_token(draw: Draw, case: Case) -> Case:
    """The token of --token."""
    return replace(case, given_token=draw(TEXTS | TEXTS.map(lambda text: _token_of(case) + text)))


def claims(draw: Draw, case: Case) -> Case:
    """Any JSON as the token's header and claims; some of it under the names that are judged."""
    names = ("iss", "aud", "exp", "iat", "nbf", "token_use", "scope", "client_id")
    head = draw(JSON | st.fixed_dictionaries({}, optional={"alg": JSON | st.just("RS256"), "kid": JSON}))
    body = draw(JSON | st.fixed_dictionaries({}, optional={name: JSON for name in names}))
    if isinstance(body, dict) and draw(st.booleans()):
        body = {**(case.token.claims if case.token else {}), **body}
    value = f"{encoded(head)}.{encoded(body)}.{draw(st.sampled_from(('', 'AAAA', 'A', '!')))}"
    return replace(case, call=case.call.with_header("Authorization", value))


def request_line(draw: Draw, case: Case) -> Case:
    """The method's name, the URL, and what the URL was read as."""
    target = replace(
        case.target,
        form=draw(st.sampled_from(("execute-api", "custom-domain", "emulator"))),
        host=draw(TEXTS),
        path=draw(st.just(case.target.path) | TEXTS),
        stage=draw(st.just(case.target.stage) | st.none() | TEXTS),
        region=draw(st.none() | TEXTS),
    )
    call = replace(case.call, method=draw(st.sampled_from(("GET", "get", "")) | TEXTS), url=draw(TEXTS))
    return replace(case, call=call, target=target, region=draw(st.just(case.region) | st.none() | TEXTS))


def custom_domain(draw: Draw, case: Case) -> Case:
    """A custom domain with any names and mappings."""
    region = case.region or "eu-west-1"
    names = draw(st.lists(st.sampled_from(("api.example.com", "*.example.com")) | TEXTS, max_size=3))
    api = st.just(case.target.rest_api_id or "") | TEXTS
    mapping = st.tuples(st.sampled_from(("(none)", "v1", "")) | TEXTS, api, st.just("prod") | TEXTS)
    target = replace(
        case.target,
        form="custom-domain",
        host=draw(st.just("api.example.com") | TEXTS),
        path=draw(st.just("/v1/orders") | TEXTS),
        rest_api_id=None,
        stage=None,
    )
    facts: dict[Read, object] = dict(case.facts)
    modes = st.sampled_from(("BASE_PATH_MAPPING_ONLY", "ROUTING_RULE_ONLY")) | TEXTS
    facts[GetDomainNames(region)] = tuple(
        DomainName(name, truststore=draw(st.none() | TEXTS), routing_mode=draw(modes)) for name in names
    )
    for name in names:
        facts[GetBasePathMappings(region, name)] = tuple(draw(st.lists(mapping, max_size=3)))
        facts[GetApiMappings(region, name)] = tuple(draw(st.lists(mapping, max_size=3)))
    return replace(case, target=target, facts=facts)


# -- what came back --------------------------------------------------------------------------------------------------

_LINES = st.sampled_from(
    (
        "HTTP/1.1 401 Unauthorized",
        "HTTP/2 403",
        "HTTP/1.1 200 OK",
        "x-amzn-ErrorType: UnauthorizedException",
        "x-amzn-ErrorType: AccessDeniedException:",
        "x-amzn-ErrorType: ",
        "x-amzn-RequestId: 1",
        "apigw-requestid: 1",
        "date: Sat, 21 Nov 2026 04:06:10 GMT",
        "date: Sat, 99 Nov 99999 04:06:10 +9999",
        "",
        '{"message":"Unauthorized"}',
        '{"message":"The incoming token has expired"}',
        '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: a"}',
        '{"message":',
        "null",
    )
)


def response_text(draw: Draw, case: Case) -> Case:
    """A pasted response, where it is one at all."""
    text = "\n".join(draw(st.lists(_LINES | TEXTS, max_size=7)))
    try:
        return replace(case, answer=read_response(draw(st.just(f"HTTP/1.1 401 Unauthorized\n{text}") | st.just(text))))
    except BadInput:
        return case


def answer(draw: Draw, case: Case) -> Case:
    """Any answer of any server."""
    moment = st.none() | st.floats()
    made = Answer(
        draw(st.sampled_from((0, 200, 401, 403, 500, 999))),
        tuple(draw(st.lists(st.tuples(st.sampled_from(("x-amzn-ErrorType", "X-Amzn-RequestId")) | NAMES, TEXTS)))),
        draw(TEXTS | JSON.map(json.dumps) | TEXTS.map(lambda text: json.dumps({"message": text}))),
        draw(moment),
        draw(moment),
    )
    return replace(case, answer=made)


# -- the API ---------------------------------------------------------------------------------------------------------

_POLICY_VALUE = st.sampled_from(
    ("*", "Allow", "Deny", "execute-api:Invoke", "execute-api:/*", "${aws:username}", "2012-10-17", "10.0.0.0/8")
)
_POLICY_VALUES = st.recursive(
    _POLICY_VALUE | TEXTS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=5,
)
_CONDITIONS = st.dictionaries(
    st.sampled_from(("IpAddress", "NotIpAddress", "StringEquals", "Bool", "DateLessThan", "Null")) | TEXTS,
    st.dictionaries(st.sampled_from(("aws:SourceIp", "aws:CurrentTime", "aws:Referer")) | TEXTS, _POLICY_VALUES),
    max_size=2,
)
_STATEMENTS = st.fixed_dictionaries(
    {},
    optional={
        "Sid": _POLICY_VALUES,
        "Effect": _POLICY_VALUES,
        "Principal": _POLICY_VALUES | st.just({"AWS": "arn:aws:iam::123456789012:root"}),
        "NotPrincipal": _POLICY_VALUES,
        "Action": _POLICY_VALUES,
        "NotAction": _POLICY_VALUES,
        "Resource": _POLICY_VALUES,
        "Condition": _CONDITIONS | _POLICY_VALUES,
    },
)
POLICIES = st.one_of(
    TEXTS,
    JSON.map(json.dumps),
    st.lists(_STATEMENTS, max_size=3).map(lambda items: json.dumps({"Version": "2012-10-17", "Statement": items})),
)


def policy(draw: Draw, case: Case) -> Case:
    """The resource policy of the draft, of the export, and the caller's address."""
    case = _each(case, ApiSettings, lambda item: replace(item, policy=draw(st.none() | POLICIES)))
    case = _each(case, Export, lambda item: replace(item, policy=draw(st.none() | POLICIES)))
    return replace(case, source_ip=draw(st.sampled_from((None, "10.1.2.3", "::1")) | TEXTS))


def settings_and_keys(draw: Draw, case: Case) -> Case:
    """Endpoint types, the disabled endpoint, where API keys come from, usage plans."""
    flags = st.booleans()
    case = _each(
        case,
        ApiSettings,
        lambda item: replace(
            item,
            name=draw(TEXTS),
            endpoint_types=tuple(draw(st.lists(st.just("PRIVATE") | TEXTS, max_size=2))),
            endpoint_disabled=draw(flags),
            api_key_source=draw(st.just("AUTHORIZER") | TEXTS),
        ),
    )
    case = _each(case, Export, lambda item: replace(item, endpoint_disabled=draw(st.none() | flags)))
    case = _methods(case, lambda method: replace(method, api_key_required=draw(flags)))
    region, here = case.region or "", (case.place.rest_api_id or "", case.place.stage or "")
    stages = st.lists(st.just(here) | st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)
    plans = st.lists(st.builds(UsagePlan, TEXTS, stages, TEXTS), max_size=2).map(tuple)
    case = case.with_fact(GetUsagePlans(region), draw(plans))
    keys = tuple(draw(st.lists(st.builds(ApiKey, TEXTS, flags), max_size=2)))
    case = case.with_fact(GetApiKeys(region), keys)
    for key in keys:
        case = case.with_fact(GetUsagePlans(region, key.id), draw(plans))
    return replace(case, call=case.call.with_header("x-api-key", draw(TEXTS)))


_SCHEMES = st.fixed_dictionaries(
    {"type": st.just("apiKey"), "name": NAMES, "in": st.just("header")},
    optional={
        "x-amazon-apigateway-authtype": st.sampled_from(("cognito_user_pools", "awsSigv4", "custom")) | TEXTS,
        "x-amazon-apigateway-authorizer": st.fixed_dictionaries(
            {"type": st.sampled_from(("cognito_user_pools", "token", "jwt")) | TEXTS},
            optional={
                "providerARNs": st.lists(TEXTS, max_size=2),
                "identitySource": NAMES,
                "identityValidationExpression": TEXTS,
            },
        ),
    },
)
_REQUIREMENTS = st.lists(st.dictionaries(st.just("Pool") | TEXTS, st.lists(TEXTS, max_size=2), max_size=2), max_size=2)
_OPERATIONS = st.fixed_dictionaries({}, optional={"security": _REQUIREMENTS | JSON, "responses": JSON})
_EXPORTS = st.fixed_dictionaries(
    {
        "openapi": st.just("3.0.1"),
        "paths": st.dictionaries(
            st.sampled_from(("/orders", "/{proxy+}", "/{id}")) | TEXTS,
            st.dictionaries(st.sampled_from(("get", "x-amazon-apigateway-any-method", "x-other")), _OPERATIONS),
            max_size=3,
        ),
        "components": st.fixed_dictionaries(
            {"securitySchemes": st.dictionaries(st.just("Pool") | TEXTS, _SCHEMES, max_size=2)}
        ),
    },
    optional={"security": _REQUIREMENTS, "x-amazon-apigateway-policy": JSON | POLICIES, "servers": JSON},
)


def export(draw: Draw, case: Case) -> Case:
    """The export document, where it is one at all; else what its reader says of it."""
    document = draw(st.binary(max_size=20) | JSON.map(json.dumps).map(str.encode) | _EXPORTS.map(json.dumps))

    def read(asked: Read, _: object) -> object:
        try:
            return read_export(document if isinstance(document, bytes) else document.encode())
        except MalformedExport as error:
            return Unread(asked, "malformed", type(error).__name__, str(error))

    return _change(case, GetExport, read)


def stages(draw: Draw, case: Case) -> Case:
    """The stages' names and variables."""
    made = st.builds(
        Stage,
        st.just("prod") | TEXTS,
        st.none() | TEXTS,
        st.dictionaries(st.just("pool") | TEXTS, st.just("ap-northeast-1_abc") | TEXTS, max_size=3),
        st.none() | TEXTS,
        st.floats(),
    )
    found = tuple(draw(st.lists(made, max_size=3)))
    return _change(case, GetStages, lambda *_: found)


def _methods(case: Case, new: Callable[[Method], Method]) -> Case:
    def change(methods: Methods) -> Methods:
        return {path: {verb: new(item) for verb, item in verbs.items()} for path, verbs in methods.items()}

    case = _each(case, Export, lambda item: replace(item, methods=change(item.methods)))
    return _change(
        case,
        GetResources,
        lambda _, value: change(cast("Methods", value)) if isinstance(value, Mapping) else value,
    )


def authorizers(draw: Draw, case: Case) -> Case:
    """The authorizers, in both views: pools, identity source, regular expression, name, kind."""
    arns = st.sampled_from(
        [arn for value in _authorizers(case) for arn in value.provider_arns]
        + ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${stageVariables.pool}"]
    )

    def change(item: Authorizer) -> Authorizer:
        return replace(
            item,
            name=draw(st.just(item.name) | TEXTS),
            type=draw(st.just(item.type) | st.sampled_from(("", "TOKEN", "REQUEST")) | TEXTS),
            id=draw(st.just(item.id) | st.none() | TEXTS),
            provider_arns=tuple(draw(st.lists(arns | TEXTS, max_size=3))),
            identity_source=draw(st.none() | st.just(item.identity_source) | TEXTS),
            validation_expression=draw(st.none() | TEXTS),
        )

    case = _each(case, Authorizer, change)
    return _each(case, Export, lambda item: replace(item, authorizers=tuple(map(change, item.authorizers))))


def _authorizers(case: Case) -> list[Authorizer]:
    return [
        item
        for read, value in case.facts.items()
        if isinstance(read, GetAuthorizers) and isinstance(value, tuple)
        for item in value
    ]


def provider_arns(draw: Draw, case: Case) -> Case:
    """The pools only, so that the checks after them are reached."""

    def change(item: Authorizer) -> Authorizer:
        return replace(item, provider_arns=tuple(draw(st.lists(st.sampled_from((*item.provider_arns, "")) | TEXTS))))

    case = _each(case, Authorizer, change)
    return _each(case, Export, lambda item: replace(item, authorizers=tuple(map(change, item.authorizers))))


def expression(draw: Draw, case: Case) -> Case:
    """The regular expression only."""
    wanted = draw(TEXTS | st.text("ab(|)[]^$*+?{1,}\\.Q", max_size=20))
    case = _each(case, Authorizer, lambda item: replace(item, validation_expression=wanted))
    return _each(
        case,
        Export,
        lambda item: replace(
            item, authorizers=tuple(replace(one, validation_expression=wanted) for one in item.authorizers)
        ),
    )


def identity_source(draw: Draw, case: Case) -> Case:
    """The identity source only."""
    wanted = draw(st.none() | TEXTS | TEXTS.map(lambda text: f"method.request.header.{text}"))
    case = _each(case, Authorizer, lambda item: replace(item, identity_source=wanted))
    return _each(
        case,
        Export,
        lambda item: replace(item, authorizers=tuple(replace(one, identity_source=wanted) for one in item.authorizers)),
    )


def methods(draw: Draw, case: Case) -> Case:
    """What the methods ask for: kind, authorizer, scopes."""
    return _methods(
        case,
        lambda item: replace(
            item,
            authorization_type=draw(
                st.just(item.authorization_type) | st.sampled_from(("NONE", "AWS_IAM", "CUSTOM")) | TEXTS
            ),
            authorizer=draw(st.just(item.authorizer) | st.none() | TEXTS),
            scopes=tuple(draw(st.lists(TEXTS, max_size=3))),
            resource_id=draw(st.none() | TEXTS),
        ),
    )


def scopes(draw: Draw, case: Case) -> Case:
    """The methods' scopes only."""
    return _methods(case, lambda item: replace(item, scopes=tuple(draw(st.lists(TEXTS, max_size=3)))))


def resources(draw: Draw, case: Case) -> Case:
    """Resource paths and verbs, in both views; also the deployment's summary, with the export unread."""
    paths = st.sampled_from(("/orders", "/orders/", "/{id}", "/{proxy+}", "/orders/{id}", "")) | TEXTS
    verbs = st.sampled_from(("GET", "ANY", "POST")) | TEXTS
    kinds = st.sampled_from(("COGNITO_USER_POOLS", "NONE"))
    made = st.dictionaries(paths, st.dictionaries(verbs, st.builds(Method, kinds, st.just("Pool"))), max_size=4)
    case = _change(case, GetResources, lambda *_: draw(made))
    case = _each(
        case,
        Export,
        lambda item: replace(
            item, methods=draw(made), uncertain=tuple(draw(st.lists(st.tuples(paths, verbs), max_size=1)))
        ),
    )
    if draw(st.booleans()):
        case = _change(case, GetExport, lambda read, _: Unread(read, "denied", "AccessDeniedException"))
        if wanted := case.api_read(GetDeployment):
            case = case.with_fact(wanted, draw(made))
    return case


# -- the rest --------------------------------------------------------------------------------------------------------


def keys(draw: Draw, case: Case) -> Case:
    """The pool's keys; often under the very name that the token's header gives."""
    kid = str(case.token.header.get("kid")) if case.token else "kid"
    made = st.builds(Jwk, st.just(kid) | TEXTS, TEXTS | st.text("AQab-_=", max_size=400), st.just("AQAB") | TEXTS)
    found = tuple(draw(st.lists(made, max_size=3)))
    return _change(case, GetKeys, lambda *_: found)


def authorizer_test(draw: Draw, case: Case) -> Case:
    """What the test mode of the authorizer answers."""
    made = AuthorizerTest(draw(st.sampled_from((0, 200, 401, 500)) | st.integers()), draw(TEXTS))
    return _change(case, InvokeAuthorizer, lambda *_: made)


def caller(draw: Draw, case: Case) -> Case:
    """Who we are at AWS."""
    made = CallerIdentity(draw(TEXTS), draw(TEXTS))
    return _change(case, GetCallerIdentity, lambda *_: made)


def _some_reads(draw: Draw, case: Case) -> set[Read]:
    return set(draw(st.sets(st.sampled_from(list(case.facts))))) if case.facts else set()


def unread(draw: Draw, case: Case) -> Case:
    """Any reads give nothing, with any error."""
    chosen = _some_reads(draw, case)
    facts = {
        read: Unread(read, draw(st.sampled_from(get_args(Reason))), draw(TEXTS), draw(TEXTS))
        if read in chosen
        else value
        for read, value in case.facts.items()
    }
    return replace(case, facts=facts)


def absent(draw: Draw, case: Case) -> Case:
    """Any things do not exist."""
    chosen = _some_reads(draw, case)
    facts = {
        read: Absent(read, draw(TEXTS), draw(TEXTS)) if read in chosen else value for read, value in case.facts.items()
    }
    return replace(case, facts=facts)


def missing(draw: Draw, case: Case) -> Case:
    """Any facts are missing altogether."""
    chosen = _some_reads(draw, case)
    return replace(case, facts={read: value for read, value in case.facts.items() if read not in chosen})


def flags(draw: Draw, case: Case) -> Case:
    """How the case was made."""
    names = ("offline", "emulated", "replay", "call_given")
    return replace(
        case, **{name: draw(st.booleans()) for name in names}, answer=draw(st.sampled_from((case.answer, None)))
    )


def now(draw: Draw, case: Case) -> Case:
    """Any time, with and without the answer's own."""
    assert case.answer is not None
    date = draw(st.sampled_from((case.answer.date, None)) | st.floats())
    return replace(case, now=draw(st.floats()), answer=replace(case.answer, date=date))


def pool(draw: Draw, case: Case) -> Case:
    """What DescribeUserPool says: another pool, nothing, an error."""
    return _change(
        case,
        DescribeUserPool,
        lambda read, value: draw(
            st.sampled_from((value, Absent(read, "ResourceNotFoundException"), Unread(read, "denied", "x"), None))
        ),
    )


MUTATORS: tuple[Mutator, ...] = (
    header_text,
    header_bytes,
    headers,
    given_token,
    claims,
    request_line,
    custom_domain,
    response_text,
    answer,
    policy,
    settings_and_keys,
    export,
    stages,
    authorizers,
    provider_arns,
    expression,
    identity_source,
    methods,
    scopes,
    resources,
    keys,
    authorizer_test,
    caller,
    unread,
    absent,
    missing,
    flags,
    now,
    pool,
)
