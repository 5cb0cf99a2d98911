"""Hostile names and texts: inert in text, Markdown and JSON, and never in a command that is offered for copying."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Authorizer, Method, Stage
from cogwizard.model.call import Call, Target, Unexpanded
from cogwizard.model.case import Case
from cogwizard.model.code import CODES
from cogwizard.model.pool import Jwk
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import AuthorizerTest, GetAuthorizers, GetExport, GetResources, GetRestApi, GetStages
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.report import document, markdown, text
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.authorizer import mode_test
from cogwizard.text import LANGUAGES, Texts
from tests.properties.mutations import API, HOST, NOW, POOL, REFUSED, SCOPED, answer, token

HOSTILE = {
    "ansi": "\x1b[31;1mred\x1b[0m\x1b]0;title\x07\x9b2J\x08\x08",
    "table": "a | b || c\\| d \\",
    "backticks": "`a` ``b`` ```` c",
    "fence": "\n```\n# owned\n~~~\n",
    "lines": "a\r\nSet-Cookie: b=c\r\n\r\n# heading\n- item\n> quote\n| cell |\x0b\x0c\x85",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><!-- &lt;b&gt;",
    "link": "[click](javascript:alert(1)) ![x](//evil.example/x.png) <https://evil.example> [a]: //evil.example",
    "emphasis": "**a** __b__ ~~c~~ # d",
    "bidi": "a\u202eb\u2066c\u2069d\u200be\u200ff\ufeffg\u2028h\u2029i",
    "long": "A" * 10_000,
    "nul": "a\x00b",
    "surrogates": "a\ud800b\udfffc",
    "private": "a\ue000b\U000f0000c",
    "format": "{by} {0} {__class__} %s %(a)s {",
    "shell": "x; touch owned #$(id)`id`${IFS}&& a || b | c > d < e * ? ~ ! \\ \" '",
    "option": "--endpoint-url=//evil.example x",
}
PLAIN = "harmless"
Facts = dict[Read, object]
Place = Callable[[str], Case]
_ACTIVE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


# -- a case with a hostile text in one place ---------------------------------------------------------------------------


def _case(value: str | None = None, **changes: Any) -> Case:
    """A call with a token of another pool, refused with 401, so that all later checks speak too."""
    sent = token(SCOPED, {"exp": int(NOW) - 60}) if value is None else value
    call = Call("GET", f"https://{HOST}/prod/orders", (("Authorization", sent), ("Accept", "*/*")))
    target = Target("execute-api", HOST, "/orders", API, "prod", POOL.region)
    return replace(Case(call, target, NOW, region=POOL.region, answer=REFUSED, facts=SCOPED.facts), **changes)


def _with_keys(case: Case) -> Case:
    return case.with_fact(case.keys_read, answer(SCOPED, case.keys_read)) if case.keys_read else case


def _facts(case: Case, kind: type[Read], change: Callable[[Any], object]) -> Case:
    return replace(
        case, facts={read: change(value) if isinstance(read, kind) else value for read, value in case.facts.items()}
    )


def _authorizer(**changes: Any) -> Case:
    def change(item: Authorizer) -> Authorizer:
        return replace(item, **changes)

    case = _facts(_case(), GetAuthorizers, lambda found: tuple(map(change, found)))
    return _facts(case, GetExport, lambda found: replace(found, authorizers=tuple(map(change, found.authorizers))))


def _method(case: Case | None = None, path: str = "/orders", verb: str = "GET", **changes: Any) -> Case:
    def change(methods: Any) -> dict[str, dict[str, Method]]:
        return {path: {verb: replace(next(iter(methods["/orders"].values())), **changes)}}

    case = _facts(case or _case(), GetResources, change)
    return _facts(case, GetExport, lambda found: replace(found, methods=change(found.methods)))


def _headers(*pairs: tuple[str, str], variable: str | None = None) -> Case:
    case = _case()
    unexpanded = (Unexpanded("Authorization", variable),) if variable else ()
    return replace(case, call=replace(case.call, headers=(*case.call.headers, *pairs), unexpanded=unexpanded))


def _answered(**headers_and_body: str) -> Case:
    body = headers_and_body.pop("body", '{"message":"Unauthorized"}')
    return _case(answer=Answer(401, tuple(headers_and_body.items()), body, date=NOW))


def _refused(message: str) -> Case:
    return _answered(**{"x-amzn-ErrorType": "UnauthorizedException"}, body=message)


def _api_name(text: str) -> Case:
    return _facts(_case(), GetRestApi, lambda _: ApiSettings(text, (text,), api_key_source=text))


def _stage_name(text: str) -> Case:
    """The stages that exist, beside the one that the call names."""
    return _facts(
        _facts(_case(), GetStages, lambda _: (Stage(text), Stage("live", text, {text: text}))),
        GetExport,
        lambda _: None,
    )


def _stage_called(text: str) -> Case:
    case = _case()
    facts = {**case.facts, GetExport(POOL.region, API, text): Absent(GetStages(POOL.region, API), text, text)}
    return replace(case, target=replace(case.target, stage=text), facts=facts)


def _stage_variable(text: str) -> Case:
    arn = "arn:aws:cognito-idp:ap-northeast-1:123456789012:userpool/${stageVariables.pool}"
    return _facts(_authorizer(provider_arns=(arn,)), GetStages, lambda _: (Stage("prod", text, {"pool": text}),))


def _resource(text: str) -> Case:
    case = _method(path=f"/{text}")
    return replace(case, target=replace(case.target, path=f"/{text}"))


def _policy(text: str) -> Case:
    statement = {"Sid": text, "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    open_ = {**statement, "Condition": {"StringEquals": {text: text}}}
    policies = [json.dumps({"Version": "2012-10-17", "Statement": [item]}) for item in (statement, open_)]
    case = _facts(_case(), GetExport, lambda found: replace(found, policy=policies[0]))
    return _facts(case, GetRestApi, lambda found: replace(found, policy=policies[1]))


def _not_deployed(text: str) -> Case:
    return _facts(
        _case(token(SCOPED, kind="id")), GetResources, lambda _: {"/orders": {"GET": Method(text, text, (), True)}}
    )


def _unread(text: str) -> Case:
    return _facts(_case(), GetExport, lambda _: Unread(GetExport(POOL.region, API, "prod"), "denied", text, text))


def _reasons(text: str) -> Case:
    case = _case()
    reasons: Any = ("denied", "credentials", "unreachable", "throttled", "failed", "withheld")
    facts: Facts = {read: Unread(read, reason, text, text) for read, reason in zip(case.facts, reasons, strict=False)}
    return replace(case, facts={**case.facts, **facts})


def _mode_test(text: str) -> Case:
    case = _with_keys(_case(token(SCOPED, kind="id")))
    read = mode_test(case)
    assert read is not None
    return case.with_fact(read, AuthorizerTest(401, text))


def _keys(text: str) -> Case:
    return _case().with_fact(
        GetKeys(POOL.issuer, POOL.region, POOL.id), (Jwk(text, text, text), Jwk(f"{text}2", text, text))
    )


PLACES: dict[str, Place] = {
    "api name": _api_name,
    "stage name": _stage_name,
    "stage called": _stage_called,
    "stage variable": _stage_variable,
    "resource": _resource,
    "nearest resource": lambda text: _method(path=f"/orders{text[:2]}"),
    "verb of the resource": lambda text: _method(verb=text),
    "resource id": lambda text: _method(resource_id=text),
    "authorization type": lambda text: _method(authorization_type=text),
    "authorizer of the method": lambda text: _method(authorizer=text),
    "authorizer name": lambda text: _method(_authorizer(name=text, id=text), authorizer=text),
    "authorizer type": lambda text: _authorizer(type=text),
    "pool arn": lambda text: _authorizer(provider_arns=(text,)),
    "identity source": lambda text: _authorizer(identity_source=f"method.request.header.{text}"),
    "identity source as a whole": lambda text: _authorizer(identity_source=text),
    "regular expression": lambda text: _authorizer(validation_expression=text),
    "scope of the method": lambda text: _method(scopes=(text, f"{text}2")),
    "scope of the token": lambda text: _with_keys(_case(token(SCOPED, {"scope": text}))),
    "issuer": lambda text: _case(token(SCOPED, {"iss": text})),
    "issuer as a list": lambda text: _case(token(SCOPED, {"iss": [text]})),
    "audience": lambda text: replace(_authorizer(validation_expression="a").with_fact(
        GetKeys(POOL.issuer, POOL.region, POOL.id), ()), call=_case(token(SCOPED, {"aud": [text, text]})).call),
    "client id": lambda text: _with_keys(_case(token(SCOPED, {"client_id": text}))),
    "kind": lambda text: _with_keys(_case(token(SCOPED, {"token_use": text}))),
    "algorithm": lambda text: _with_keys(_case(token(SCOPED, header={"alg": text}))),
    "key id": lambda text: _with_keys(_case(token(SCOPED, header={"kid": text}))),
    "keys": _keys,
    "header value": lambda text: _case(text),
    "header value behind a scheme": lambda text: _case(f"{text} eyJhbGciOiJSUzI1NiJ9.e30.AAAA"),
    "character in the token": lambda text: _case(f"eyJh{text}.e30.AAAA"),
    "placeholder": lambda text: _case(f"Bearer {{{{{text}}}}}"),
    "shell variable": lambda text: _headers(variable=text),
    "header name": lambda text: _headers((text, PLAIN), (text, token(SCOPED))),
    "harmless header": lambda text: _headers(("User-Agent", text), ("Origin", text), ("Host", text)),
    "secret header": lambda text: _headers(("Cookie", text), ("X-Other", text)),
    "method name": lambda text: replace(_case(), call=replace(_case().call, method=text)),
    "url": lambda text: replace(_case(), call=replace(_case().call, url=f"https://{HOST}/prod/{text}?a={text}#{text}")),
    "host": lambda text: replace(_case(), target=Target("custom-domain", text, "/orders")),
    "path": lambda text: replace(_case(), target=replace(_case().target, path=f"/{text}")),
    "region": lambda text: replace(_case(), region=text, target=replace(_case().target, region=None)),
    "error type": lambda text: _answered(**{"x-amzn-ErrorType": text}),
    "error message": lambda text: _refused(json.dumps({"message": text})),
    "error body": lambda text: _refused(f'{{"message":"{text}'),
    "policy": _policy,
    "draft only": _not_deployed,
    "error of aws": _unread,
    "errors of aws": _reasons,
    "test mode": _mode_test,
    "caller": lambda text: _facts(_case(), GetCallerIdentity, lambda _: CallerIdentity(text, text)),
    "given token": lambda text: _case(given_token=text),
}  # fmt: skip


@cache
def _judged(place: str, name: str) -> Judgement:
    return judge(PLACES[place](HOSTILE[name]), TROUBLESHOOT)


def _strings(value: object, fixes: bool = False) -> Iterator[tuple[str, bool]]:
    if isinstance(value, str):
        yield value, fixes
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, fixes or key == "fixes")
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, fixes)


def _active(text: str, harmless: str = "") -> set[str]:
    return {char for char in set(text) - set(harmless) if unicodedata.category(char) in _ACTIVE}


each_place = pytest.mark.parametrize("place", PLACES)
each_lang = pytest.mark.parametrize("lang", LANGUAGES)


@each_lang
@each_place
def test_json_holds_no_active_character(place: str, lang: str) -> None:
    for name in HOSTILE:
        report = document.build(_judged(place, name), Texts(lang))
        for value, in_fixes in _strings(report):
            assert not _active(value, "\n" if in_fixes else ""), (name, value)
            assert len(value) < 70_000, name
        json.dumps(report, ensure_ascii=False).encode()


@each_lang
@each_place
def test_text_is_inert(place: str, lang: str) -> None:
    for name in HOSTILE:
        report = document.build(_judged(place, name), Texts(lang))
        shown = text.render(report, Texts(lang), verbose=True)
        assert not _active(shown, "\n"), name
        coloured = text.render(report, Texts(lang), colour=True, verbose=True)
        assert not _active(re.sub(r"\x1b\[[0-9;]*m", "", coloured), "\n"), name


@each_lang
@each_place
def test_markdown_is_inert(place: str, lang: str) -> None:
    for name in HOSTILE:
        report = document.build(_judged(place, name), Texts(lang))
        shown = markdown.render(report, Texts(lang))
        assert not _active(shown, "\n"), name
        _check_markdown(shown)


def _check_markdown(shown: str) -> None:
    """Fences are closed by their own marks only; outside of them nothing foreign is markup."""
    fence = ""
    for line in shown.splitlines():
        marks = re.fullmatch(r" {0,3}(`{3,})([a-z]*)", line)
        if fence:
            if marks and len(marks[1]) >= len(fence) and not marks[2]:
                fence = ""
            continue
        if marks:
            fence = marks[1]
            continue
        spans = re.sub(r"(?<!\\)`[a-zA-Z0-9:-]+`", "", line)  # codes and actions, which are our own words
        bare = re.sub(r"\\[\\`*_{}\[\]<>#|!~&@]", "", spans)
        if line.startswith("|"):
            assert bare.count("|") == 5, line
        else:
            assert "|" not in bare, line
        assert not re.search(r"[<`\[\]]", bare), line
        assert "&" not in bare, line
        assert not re.search(r"\*(?!\*)(?<!\*\*)", bare), line
    assert not fence, "a fence was left open"


# -- the renderers by themselves ---------------------------------------------------------------------------------------


def _shape(shown: str) -> list[str]:
    """What each line is to a reader of Markdown."""
    kinds = ((r"\|", "row"), (r"#+ ", "heading"), (r"- ", "item"), (r"```", "fence"), (r"$", "blank"))
    return [next((kind for start, kind in kinds if re.match(start, line)), "text") for line in shown.split("\n")]


def _filled(report: Any, value: str) -> Any:
    """The report with every string that can be foreign replaced."""
    finding = {
        **report["findings"][0],
        "summary": value,
        "evidence": [{"label": "issuer", "expected": value, "actual": value, "source": value}],
    }
    code = report["causes"][0]
    ours = [item for item in report["findings"] if item["code"] != code]
    return {
        **report,
        "causes": [code],
        "request": {**report["request"], "method": value, "url": value, "headers": [[value, value]], "stage": value},
        "observed": {**report["observed"], "error_type": value, "message": value},
        "findings": [{**finding, "code": code, "fixes": []}, *({**item, "summary": value} for item in ours)],
        "unread": [{"action": "web:Replay", "permission": value, "error": value, "hides": []}],
    }


@pytest.mark.parametrize("name", [name for name, value in HOSTILE.items() if "\n" not in value and name != "bidi"])
def test_markdown_has_the_shape_of_a_harmless_report(name: str) -> None:
    texts = Texts("en")
    report = document.build(judge(_case(), TROUBLESHOOT), texts)
    harmless = markdown.render(_filled(report, PLAIN), texts)
    hostile = markdown.render(_filled(report, HOSTILE[name]), texts)
    assert _shape(hostile) == _shape(harmless)
    _check_markdown(hostile)


@pytest.mark.parametrize("count", range(8))
def test_fence_is_longer_than_what_is_inside(count: int) -> None:
    inside = "`" * count
    opening, body, closing = markdown.fence(inside).split("\n")
    assert body == inside
    assert opening == closing
    assert len(closing) > count


# -- commands ----------------------------------------------------------------------------------------------------------

IDS = (
    *("region", "rest_api_id", "stage", "method", "resource_path", "resource_id", "authorizer_id", "authorizer_name"),
    *("deployment_id", "user_pool_id", "client_id", "pool_arn", "identity_header", "scope", "url", "account_id"),
)
UNQUOTED = (
    *(value for name, value in HOSTILE.items() if name != "long"),
    *(f"a{char}b" for char in " \t\n\r;&|<>()$`\\\"'*?[]{}#~!^\x00"),
    "https://a.example/$(id)",
    "https://a.example/?a=b&c=d",
    "https://a.example/'; id; '",
    "",
    "9" * 2_000,
)


@pytest.mark.parametrize("key", IDS)
def test_hostile_id_stays_a_placeholder(key: str) -> None:
    texts = Texts("en")
    for code in CODES:
        try:
            wanted = texts.fixes(code, {key: None})
        except KeyError:
            continue  # a code without a page yet
        for value in UNQUOTED:
            assert texts.fixes(code, {key: value}) == wanted, (code, value)


@pytest.mark.parametrize("value", ["file:///etc/passwd", "fileb:///etc/passwd", "--debug", "-x"])
@pytest.mark.parametrize("key", [key for key in IDS if key != "url"])
def test_id_that_acts_inside_a_command_stays_a_placeholder(key: str, value: str) -> None:
    """The AWS CLI reads a file where a value begins with file://, and an option where it begins with a dash."""
    texts = Texts("en")
    for code in CODES:
        try:
            wanted = texts.fixes(code, {key: None})
        except KeyError:
            continue
        assert texts.fixes(code, {key: value}) == wanted, code


@each_place
def test_no_command_holds_a_hostile_text(place: str) -> None:
    for name in set(HOSTILE) - {"long"}:
        report = document.build(_judged(place, name), Texts("en"))
        for value, in_fixes in _strings(report):
            if in_fixes:
                assert HOSTILE[name] not in value, name
                assert not re.search(r"touch owned|evil\.example|onerror|Set-Cookie: b", value), name
