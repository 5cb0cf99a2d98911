"""Canaries through every way in: no secret comes out, in no format, at no verbosity, not in errors, not in a repr."""

import io
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cogwizard.aws.exchange import read_url as read_wire_url
from cogwizard.cli import main
from cogwizard.commands import diagnose
from cogwizard.intake.curl import read_curl
from cogwizard.intake.response import read_response
from cogwizard.intake.url import read_url
from cogwizard.judgement import judge
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.read_api import TestInvokeAuthorizer as InvokeAuthorizer
from cogwizard.model.read_web import Replay
from cogwizard.model.reads import READS
from cogwizard.model.token import read_token
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import Served
from cogwizard.steps import TROUBLESHOOT
from tests.properties.mutations import PLAIN, token
from tests.properties.mutations import diagnose as judged

OPAQUE = "canary-0paque-S3cret-4711"
PASSWORD = "canary-pa55word-0815"
COOKIE = "canary-c00kie-1234567890"
API_KEY = "canaryApiKey1234567890abcdefghijklmnopqr"
AWS_SECRET = "canaryAwsSecretK7MDENGbPxRfiCYzEXAMPLEKEY"
SESSION = "canarySessionTokenFwoGZXIvYXdzEBYaDCanary"
ACCOUNT = "123456789012"
SECRETS = (OPAQUE, PASSWORD, COOKIE, API_KEY, AWS_SECRET, SESSION)
FORMATS = ("text", "json", "markdown")
WINDOW = 20  # so many characters of a token in a row are a leak; a standard header begins alike in fewer
ORDERS = "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders"
Run = Callable[..., "Result"]


@dataclass(frozen=True)
class Result:
    """What a command said."""

    code: int
    out: str
    err: str
    log: str = ""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(["healthy-raw-token", "wrong-pool", "route-not-matched", "api-key-required-no-plan"]) as found:
        yield found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return what runs a command line in this process, with secrets in its environment."""
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", SESSION)
    monkeypatch.setenv("LANG", "C")

    def call(*argv: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        log = tmp_path / "run.log"
        log.unlink(missing_ok=True)
        try:
            code = main(argv)
        except SystemExit as end:
            code = int(str(end.code))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err, log.read_text("utf-8") if log.exists() else "")

    return call


def _check(result: Result, *tokens: str) -> None:
    for place in ("out", "err", "log"):
        _check_text(getattr(result, place), *tokens, where=place)


def _check_text(text: str, *tokens: str, where: str = "text") -> None:
    for secret in SECRETS:
        assert secret not in text, f"{where} holds {secret}"
    for token_ in tokens:
        for part in token_.split("."):
            for at in range(max(1, len(part) - WINDOW)):
                assert part[at : at + WINDOW] not in text, f"{where} holds a part of the token, from character {at}"


def _commands(report: Any) -> list[str]:
    """Return the commands of the fixes, longest first: only they may hold the account number."""
    found = [
        value
        for finding in report["findings"]
        for fix in finding["fixes"]
        for value in fix.values()
        if value is not None
    ]
    return sorted((line for value in found for line in value.splitlines()), key=len, reverse=True)


def _in_all_formats(run: Run, argv: Sequence[str], *tokens: str, stdin: str = "") -> list[Result]:
    """Run a command in every format, verbose and logging, and check all that it says."""
    results = []
    report = json.loads(run(*argv, "--format", "json", stdin=stdin).out)
    commands = _commands(report)
    bare = {**report, "findings": [{**item, "fixes": []} for item in report["findings"]]}
    assert ACCOUNT not in json.dumps(bare)
    for form in FORMATS:
        result = run(*argv, "--format", form, "-v", stdin=stdin)
        _check(result, *tokens)
        left = result.out
        for command in commands:
            left = left.replace(json.dumps(command)[1:-1] if form == "json" else command, "")
        assert ACCOUNT not in left
        assert ACCOUNT not in result.err + result.log
        assert result.code in (0, 1, 3), result.err
        results.append(result)
    return results


def _log(tmp_path: Path) -> tuple[str, str]:
    return "--log", str(tmp_path / "run.log")


# -- diagnose, with AWS ------------------------------------------------------------------------------------------------


def _call_of(served: Served, name: str) -> tuple[str, str]:
    """Return a scenario's URL and the token that it sends."""
    case = served.case(SCENARIOS[name], time.time())
    assert case.token is not None
    return case.call.url, case.token.text


HEADERS = (
    ("Cookie", f"session={COOKIE}"),
    ("X-Api-Key", API_KEY),
    ("X-Other", OPAQUE),
    ("Proxy-Authorization", PASSWORD),
)


@pytest.mark.parametrize("name", ["healthy-raw-token", "wrong-pool", "route-not-matched", "api-key-required-no-plan"])
def test_headers_and_url(name: str, served: Served, run: Run, tmp_path: Path) -> None:
    url, sent = _call_of(served, name)
    query = f"?id_token={sent}&api_key={API_KEY}&password={PASSWORD}&q={sent}&code={OPAQUE}#access_token={sent}&state=x"
    argv = ["diagnose", f"{url}{query}", "-H", f"Authorization: Bearer {sent}", "--endpoint-url", served.url]
    for header, value in HEADERS:
        argv += ["-H", f"{header}: {value}"]
    results = _in_all_formats(run, [*argv, *_log(tmp_path)], sent)
    assert all("GetExport" in result.err and "GetExport" in result.log for result in results)


def test_user_info(served: Served, run: Run, tmp_path: Path) -> None:
    url, sent = _call_of(served, "wrong-pool")
    url = url.replace("://", f"://user:{PASSWORD}@")
    argv = ["diagnose", url, "-H", f"Authorization: {sent}", "--endpoint-url", served.url, *_log(tmp_path)]
    _in_all_formats(run, argv, sent)


def test_account_number_is_in_a_command(served: Served, run: Run) -> None:
    """The other side: the exception is used, so that the checks above do look at something."""
    url, sent = _call_of(served, "wrong-pool")
    result = run("diagnose", url, "-H", f"Authorization: {sent}", "--endpoint-url", served.url, "--format", "json")
    assert ACCOUNT in "\n".join(_commands(json.loads(result.out)))


@pytest.mark.parametrize("source", ["file", "env", "-"])
def test_token_sources(source: str, served: Served, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, sent = _call_of(served, "wrong-pool")
    (tmp_path / "token").write_text(f"{sent}\n")
    monkeypatch.setenv("THE_TOKEN", sent)
    given = {"file": f"@{tmp_path / 'token'}", "env": "env:THE_TOKEN", "-": "-"}[source]
    argv = ["diagnose", url, "--token", given, "--endpoint-url", served.url, *_log(tmp_path)]
    _in_all_formats(run, argv, sent, stdin=sent)


def test_curl_file(served: Served, run: Run, tmp_path: Path) -> None:
    url, sent = _call_of(served, "wrong-pool")
    host = url.replace("://", f"://user:{PASSWORD}@")
    command = (
        f"curl -i -X POST '{host}?access_token={sent}' -H 'Authorization: Bearer {sent}' -b 'session={COOKIE}' "
        f"-H 'x-api-key: {API_KEY}' --data 'password={PASSWORD}&token={sent}' -e 'https://x.example/?token={sent}'"
    )
    (tmp_path / "curl").write_text(command)
    argv = ["diagnose", "--curl", str(tmp_path / "curl"), "--endpoint-url", served.url, *_log(tmp_path)]
    _in_all_formats(run, argv, sent)


def test_endpoint_with_a_password_that_does_not_answer(run: Run, tmp_path: Path) -> None:
    endpoint = f"http://user:{PASSWORD}@127.0.0.1:9"
    argv = ["diagnose", ORDERS, "-H", f"Authorization: {SENT}", "--no-call", "--timeout", "0.5"]
    result = run(*argv, "--endpoint-url", endpoint, "-v", *_log(tmp_path))
    _check(result, SENT)
    assert result.code in (2, 3)


def test_proxy_with_a_password_that_does_not_answer(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://user:{PASSWORD}@127.0.0.1:9")
    argv = ["diagnose", ORDERS, "-H", f"Authorization: {SENT}", "--timeout", "0.5"]
    result = run(*argv, "-v", *_log(tmp_path))
    _check(result, SENT)
    assert result.code == 3


# -- diagnose, offline -------------------------------------------------------------------------------------------------

SENT = token(claims={"exp": 4_000_000_000})
BODIES = {
    "older echo": f'{{"message":"\'{SENT}\' not a valid key=value pair (missing equal-sign) in Authorization header: '
    f"'Bearer {SENT}'.\"}}",
    "older echo, opaque": f'{{"message":"\'{OPAQUE}\' not a valid key=value pair (missing equal-sign) in Authorization '
    f"header: 'Bearer {OPAQUE}'.\"}}",
    "key list": f'{{"message":"Authorization header requires \'Credential\' parameter. Authorization={OPAQUE}"}}',
    "key list, token": f'{{"message":"Authorization header requires \'Signature\' parameter. Authorization={SENT}"}}',
    "token": f'{{"message":"Invalid token {SENT}"}}',
    "no json": f"<html>Bearer {SENT} and {SENT}</html>",
    "account": f'{{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: '
    f'arn:aws:execute-api:ap-northeast-1:{ACCOUNT}:a1b2c3d4e5/prod/GET/orders"}}',
}


@pytest.mark.parametrize("error_type", ["UnauthorizedException", "IncompleteSignatureException", None])
@pytest.mark.parametrize("body", BODIES)
def test_answer_that_echoes(body: str, error_type: str | None, run: Run, tmp_path: Path) -> None:
    lines = ["HTTP/1.1 401 Unauthorized", f"Set-Cookie: session={COOKIE}", f"WWW-Authenticate: Bearer {SENT}"]
    lines += [f"x-amzn-ErrorType: {error_type}"] if error_type else []
    (tmp_path / "answer").write_text("\r\n".join([*lines, "", BODIES[body]]))
    argv = ["diagnose", ORDERS, "-H", f"Authorization: {SENT}", "--response", str(tmp_path / "answer"), "--offline"]
    _in_all_formats(run, [*argv, *_log(tmp_path)], SENT)


VALUES = (
    OPAQUE,
    f"Bearer {OPAQUE}",
    f"Bearer <{OPAQUE}>",
    f"Bearer {{{OPAQUE}}}",
    f"Bearer {{{{{OPAQUE}}}}}",
    f"Bearer ${{{OPAQUE}}}",
    f"Bearer %{OPAQUE}%",
    f"<{OPAQUE}>",
    f"{{{OPAQUE}}}",
    f"{OPAQUE} {SENT}",
    f"{OPAQUE}:{PASSWORD}",
    f"Basic {OPAQUE}",
    f"Basic {OPAQUE} {PASSWORD}",
    f"Token token={OPAQUE}",
    f"ApiKey {API_KEY}",
    f'"{OPAQUE}"',
    f"Authorization: {OPAQUE}",
    f"Authorization: Bearer {OPAQUE}",
    f'{{"access_token": "{OPAQUE}", "refresh_token": "{PASSWORD}"}}',
    f'{{"access_token": "{SENT}", "refresh_token": "{PASSWORD}"}}',
    f"{SENT}{OPAQUE}",
    f"{SENT}.{OPAQUE}",
    f"{SENT} {OPAQUE}",
    f"{SENT[:50]}\u200b{SENT[50:]}",
    f"{SENT[:50]}%{SENT[50:]}",
    f"<{SENT}>",
    f"{{{SENT}}}",
    f"%{SENT}",
    f"bearer {SENT}",
    f"Bearer Bearer {SENT}",
    f"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/x/execute-api/aws4_request, Signature={OPAQUE}",
)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_header_value(value: str, run: Run, tmp_path: Path) -> None:
    _in_all_formats(run, ["diagnose", ORDERS, "-H", f"Authorization: {value}", "--offline", *_log(tmp_path)], SENT)
    other = ["diagnose", ORDERS, "-H", f"X-Some-Header: {value}", "--offline", *_log(tmp_path)]
    _in_all_formats(run, other, SENT)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_header_value_with_all_facts(value: str) -> None:
    """Offline fewer checks speak: the same values with everything known."""
    from cogwizard.report import document, markdown, text
    from cogwizard.text import Texts

    texts = Texts("en")
    for observed in (judged(PLAIN, value), judged(PLAIN, value, header="X-Token", observed=None)):
        report = document.build(observed, texts)
        for shown in (json.dumps(report), text.render(report, texts, verbose=True), markdown.render(report, texts)):
            _check_text(shown, SENT)
        for made in (observed.case, observed, observed.findings):
            _check_text(repr(made), SENT)


URLS = (
    f"{ORDERS}/{SENT}",
    f"{ORDERS}/verify/{SENT}/x",
    f"{ORDERS};token={OPAQUE}",
    f"{ORDERS}?{SENT}",
    f"{ORDERS}?a=1&token={OPAQUE}",
    f"{ORDERS}?a=1&X-Amz-Security-Token={OPAQUE}&X-Amz-Signature={OPAQUE}",
    f"{ORDERS}#{SENT}",
    f"{ORDERS}#id_token={SENT}&access_token={SENT}",
    f"{ORDERS}?redirect=https%3A%2F%2Fx.example%2F%3Ftoken%3D{OPAQUE}",
    ORDERS.replace("://", f"://{OPAQUE}@"),
    ORDERS.replace("://", f"://user:{PASSWORD}@"),
    ORDERS.replace("://", f"://user:{PASSWORD}@{OPAQUE}@"),
)


@pytest.mark.parametrize("url", URLS, ids=range(len(URLS)))
def test_url(url: str, run: Run, tmp_path: Path) -> None:
    _in_all_formats(run, ["diagnose", url, "-H", f"Authorization: {SENT}", "--offline", *_log(tmp_path)], SENT)


def test_token_in_the_path_of_a_route_that_is_not_there(served: Served, run: Run, tmp_path: Path) -> None:
    url, sent = _call_of(served, "route-not-matched")
    argv = ["diagnose", f"{url}/{sent}", "-H", f"Authorization: {sent}", "--endpoint-url", served.url]
    _in_all_formats(run, [*argv, *_log(tmp_path)], sent)


CURLS = (
    f'curl {ORDERS} -H "Authorization: Bearer ${{TOKEN:-{OPAQUE}}}"',
    f'curl {ORDERS} -H "Authorization: Bearer $(echo {OPAQUE})"',
    f'curl {ORDERS} -H "Authorization: Bearer `echo {OPAQUE}`"',
    f'curl {ORDERS} -H "Authorization: {SENT[:30]}$REST"',
    f"curl {ORDERS} -u user:{PASSWORD}",
    f"curl {ORDERS} --oauth2-bearer {SENT}",
    f"curl {ORDERS} --oauth2-bearer {OPAQUE}",
    f"curl {ORDERS} -H 'Authorization: {SENT}' -x http://user:{PASSWORD}@proxy.example:1 --proxy-user a:{PASSWORD}",
    f"curl {ORDERS} -H 'Authorization: {SENT}' --aws-sigv4 aws:amz:x:execute-api -u AKIAIOSFODNN7EXAMPLE:{AWS_SECRET}",
    f"curl {ORDERS} -H 'Authorization: {SENT}' -b {COOKIE} --cert a:{PASSWORD} --key k --pass {PASSWORD}",
    f"curl {ORDERS} -H 'Authorization: {SENT}' -d '{{\"password\":\"{PASSWORD}\"}}' -F token={SENT}",
    f'curl "{ORDERS}" -H "X-Key: {OPAQUE}" -H "{OPAQUE}" -H "{SENT}"',
)


@pytest.mark.parametrize("command", CURLS, ids=range(len(CURLS)))
def test_curl_offline(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "curl").write_text(command)
    for form in FORMATS:
        argv = ["diagnose", "--curl", str(tmp_path / "curl"), "--offline", "--format", form, "-v", *_log(tmp_path)]
        _check(run(*argv), SENT)


# -- token, demo -------------------------------------------------------------------------------------------------------


TOKENS = (*VALUES, f"{SENT}\n", ACCOUNT, token(claims={"nested": SENT, "arn": f"a:{ACCOUNT}:b"}))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("value", TOKENS, ids=range(len(TOKENS)))
def test_token_command(value: str, form: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(value, encoding="utf-8")
    monkeypatch.setenv("THE_TOKEN", value)
    for source, stdin in ((f"@{tmp_path / 'token'}", ""), ("env:THE_TOKEN", ""), ("-", value)):
        result = run("token", source, "--format", form, "-v", stdin=stdin)
        _check(result, SENT, value if value.startswith("eyJ") else SENT)
        assert ACCOUNT not in result.out + result.err
        assert result.code in (1, 3)


DEMOS = (
    "token-expired",
    "wrong-pool",
    "changes-not-deployed-pool",
    "refresh-token-sent",
    "wrong-arn-format",
    "sigv4-header",
)


@pytest.mark.parametrize("name", DEMOS)
def test_demo(name: str, run: Run, tmp_path: Path) -> None:
    results = _in_all_formats(run, ["demo", name, *_log(tmp_path)])
    for result in results:
        assert "eyJ" not in result.out + result.err + result.log


# -- bad input, crashes ------------------------------------------------------------------------------------------------

BAD = (
    ("diagnose", ORDERS, "-H", SENT),
    ("diagnose", ORDERS, "-H", OPAQUE),
    ("diagnose", ORDERS, "-H", f"x-api-key={API_KEY}"),
    ("diagnose", ORDERS, "-H", f"Bearer {SENT}"),
    ("diagnose", ORDERS, "-H", f"Authorization {SENT}"),
    ("diagnose", ORDERS, "--token", SENT),
    ("diagnose", ORDERS, "--token", OPAQUE),
    ("diagnose", ORDERS, "--token", f"@{SENT}"),
    ("diagnose", ORDERS, "--token", f"env:{SENT}"),
    ("diagnose", ORDERS, "--token", f"vault:{OPAQUE}"),
    ("diagnose", ORDERS, "--toke", OPAQUE),
    ("diagnose", ORDERS, f"--t={SENT}"),
    ("diagnose", ORDERS, SENT),
    ("diagnose", ORDERS, f"--password={PASSWORD}"),
    ("diagnose", SENT),
    ("diagnose", f"https://user:{PASSWORD}@a b/x"),
    ("diagnose", f"https://user:{PASSWORD}@/x"),
    ("diagnose", f"https://user:{PASSWORD}@host:99999999/x"),
    ("diagnose", f"https://user:{PASSWORD}"),
    ("diagnose", f"ftp://user:{PASSWORD}@host/"),
    ("diagnose", f"https://host/?token={OPAQUE}\x00"),
    ("diagnose", f"https://host/{'a' * 9000}?token={OPAQUE}"),
    ("diagnose", f"https://${{HOST_{OPAQUE}}}/"),
    ("diagnose", ORDERS, "--rest-api-id", SENT),
    ("diagnose", ORDERS, "--stage", SENT),
    ("diagnose", ORDERS, "--source-ip", SENT),
    ("diagnose", ORDERS, "--endpoint-url", SENT),
    ("diagnose", ORDERS, "--endpoint-url", f"ftp://user:{PASSWORD}@127.0.0.1/"),
    ("diagnose", ORDERS, "--endpoint-url", f"http://user:{PASSWORD}@"),
    ("diagnose", ORDERS, "--curl", SENT),
    ("diagnose", ORDERS, "--timeout", SENT),
    ("diagnose", ORDERS, "--format", SENT),
    ("token", SENT),
    ("token", OPAQUE),
    ("token", f"@{SENT}"),
    ("token", f"env:{SENT}"),
    ("token", "-", SENT),
    ("demo", SENT),
    ("demo", "--port", SENT),
    ("explain", SENT),
    (SENT,),
)


@pytest.mark.parametrize("argv", BAD, ids=range(len(BAD)))
def test_bad_arguments(argv: tuple[str, ...], run: Run) -> None:
    """A secret in the wrong place: refused, and not repeated."""
    result = run(*argv)
    _check(result, SENT)
    assert result.code == 2
    assert result.out == ""


BAD_FILES = {
    "curl": (
        f"curl '{ORDERS} -H 'Authorization: {SENT}",
        f"wget {ORDERS} --header 'Authorization: {SENT}' {OPAQUE}",
        f"curl -H 'Authorization: Bearer {SENT}'",
        f"curl 'https://user:{PASSWORD}@a b/'",
        SENT,
        OPAQUE,
        "",
    ),
    "response": (SENT, OPAQUE, f"HTTP/1.1 100 Continue\r\nX: {OPAQUE}\r\n\r\n", f'{{"message": "{OPAQUE}"}}', ""),
}


@pytest.mark.parametrize(("kind", "content"), [(kind, item) for kind, items in BAD_FILES.items() for item in items])
def test_bad_files(kind: str, content: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(content)
    call = [] if kind == "curl" else [ORDERS]
    result = run("diagnose", *call, f"--{kind}", str(tmp_path / "file"), "--offline", "-v", *_log(tmp_path))
    _check(result, SENT)
    assert result.code == 2


@pytest.mark.parametrize("place", ["judge", "read_url", "read_case", "show"])
def test_crash(place: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own bug tells its type and place, and nothing of what was pasted."""

    def broken(*_: Any, **__: Any) -> Any:
        raise LookupError(f"{SENT} {OPAQUE} {PASSWORD}", {"token": SENT})

    monkeypatch.setattr(diagnose, place, broken)
    result = run("diagnose", f"{ORDERS}?token={OPAQUE}", "-H", f"Authorization: {SENT}", "--offline", "-v")
    _check(result, SENT)
    assert result.code == 3
    assert "LookupError" in result.err


UNREADABLE: tuple[tuple[Callable[[str], object], tuple[str, ...]], ...] = (
    (read_curl, (*BAD_FILES["curl"][1:3], SENT, OPAQUE, "")),
    (read_response, BAD_FILES["response"]),
    (read_url, tuple(argv[1] for argv in BAD if argv[0] == "diagnose" and len(argv) == 2)),
    (read_wire_url, tuple(f"https://user:{PASSWORD}@{host}/?token={SENT}" for host in ("host", "a b", "h:x", ""))),
)


@pytest.mark.parametrize(("read", "content"), [(read, item) for read, items in UNREADABLE for item in items])
def test_exceptions(read: Callable[[str], object], content: str) -> None:
    """Neither the text of an exception, nor its arguments, attributes, causes."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - both kinds of bad input are one
        read(content)
    error: BaseException | None = caught.value
    while error is not None:
        for shown in (str(error), repr(error), repr(vars(error))):
            _check_text(shown, SENT)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


# -- repr --------------------------------------------------------------------------------------------------------------


def test_repr() -> None:
    call = Call(
        "POST",
        f"https://user:{PASSWORD}@host.example/orders?token={SENT}",
        (("Authorization", f"Bearer {SENT}"), ("Cookie", COOKIE), ("X-Api-Key", API_KEY)),
        f"password={PASSWORD}".encode(),
    )
    answer = read_response(f"HTTP/1.1 401 X\r\nSet-Cookie: {COOKIE}\r\n\r\n{SENT} {OPAQUE}")
    case = Case(call, read_url(call.url), 0.0, answer=answer, given_token=SENT, offline=True)
    invoke = InvokeAuthorizer("eu-west-1", "a", "b", "Authorization", SENT, (("password", PASSWORD),))
    judgement = judge(case, TROUBLESHOOT)
    objects = [call, answer, case, case.sent, case.token, read_token(SENT), read_token(OPAQUE), Replay(call), invoke]
    objects += [judgement, judgement.findings, case.place, judged(PLAIN, SENT).case.facts.keys()]
    for made in objects:
        _check_text(repr(made), SENT)
        _check_text(str(made), SENT)
    for read in (Replay(call), invoke):
        _check_text(f"{read.action} {read.permission}", SENT)
    assert {type(read) for read in (Replay(call), invoke)} <= set(READS)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_token_in_place_of_the_stage(lang: str, run: Run, tmp_path: Path) -> None:
    """A path that begins with a token: neither the stage, nor the ARNs of reads, nor the commands repeat it."""
    url = ORDERS.replace("/prod/", f"/{SENT}/")
    assert SENT in url
    argv = ["diagnose", url, "-H", f"Authorization: {SENT}", "--offline", "--lang", lang]
    _in_all_formats(run, [*argv, *_log(tmp_path)], SENT)
