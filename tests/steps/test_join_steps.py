"""Joining judged: each thing missing, each thing right, and nothing said to be fine unseen."""

import re
import shlex
from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Authorizer, Export, Method, Stage
from cogwizard.model.attempt import Attempt, Refusal
from cogwizard.model.client import AppClient, PoolUser
from cogwizard.model.code import CODES
from cogwizard.model.finding import Finding
from cogwizard.model.join import Joining, Keyring
from cogwizard.model.pool import Jwk, Pool
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetAuthorizers, GetExport, GetResources, GetRestApi, GetStages
from cogwizard.model.read_cognito import AdminGetUser, DescribeUserPool, DescribeUserPoolClient
from cogwizard.model.read_web import CallerIdentity, GetCallerIdentity, GetKeys
from cogwizard.model.team import Team
from cogwizard.model.tokens import Tokens
from cogwizard.report.join import ASKED, admin_sentence, build, file_lines
from cogwizard.steps import JOIN
from cogwizard.steps.join_list import causes, judge, outcome
from cogwizard.text import LANGUAGES, Texts

REGION, API, STAGE, POOL, CLIENT = "eu-west-1", "a1b2c3d4e5", "prod", "eu-west-1_AbCdEf123", "4p3a2n0example"
SECRET = "canarysecret" * 4
NAMES = (
    "pool_region",
    "region",
    "rest_api_id",
    "stage",
    "user_pool_id",
    "client_id",
    "username",
    "permissions",
    "route",
)
ACCOUNT, OTHER = "123456789012", "210987654321"
TEAM = Team(REGION, API, STAGE, POOL, CLIENT, (("GET", "/orders"),), name="Orders")
CALLER = GetCallerIdentity(REGION)
POOL_READ = DescribeUserPool(REGION, POOL)
KEYS_READ = GetKeys(f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}", REGION, POOL)
CLIENT_READ = DescribeUserPoolClient(REGION, POOL, CLIENT)
USER_READ = AdminGetUser(REGION, POOL, "hanako")
API_READ, EXPORT_READ = GetRestApi(REGION, API), GetExport(REGION, API, STAGE)
STAGES_READ = GetStages(REGION, API)
HANAKO = PoolUser("hanako", "CONFIRMED", True)
WEB = AppClient(CLIENT, POOL, "web", explicit_flows=("ALLOW_USER_SRP_AUTH",))


def export(arn_pool: str = POOL, account: str = ACCOUNT, kind: str = "COGNITO_USER_POOLS", **verbs: Method) -> Export:
    """Return a stage with GET /orders behind an authorizer, or with other `verbs`."""
    arn = f"arn:aws:cognito-idp:{REGION}:{account}:userpool/{arn_pool}"
    guard = Authorizer("Pool", "COGNITO_USER_POOLS", "x1", (arn,), "method.request.header.Authorization")
    return Export({"/orders": verbs or {"GET": Method(kind, "Pool")}}, (guard,))


def made(facts: dict[Read, Any] | None = None, **more: Any) -> Joining:
    """Return one who joins, with everything known and in order, but for `facts`."""
    known: dict[Read, object] = {
        CALLER: CallerIdentity(ACCOUNT, "arn:aws:iam::123456789012:user/hanako"),
        POOL_READ: Pool(POOL, "shop"),
        KEYS_READ: (Jwk("k", "n", "e"),),
        CLIENT_READ: WEB,
        USER_READ: HANAKO,
        API_READ: ApiSettings("orders"),
        STAGES_READ: (Stage(STAGE, "d1"),),
        EXPORT_READ: export(),
        GetAuthorizers(REGION, API): export().authorizers,
        GetResources(REGION, API): {"/orders": {"GET": Method("COGNITO_USER_POOLS", "x1")}},
        **(facts or {}),
    }
    given = {"team": TEAM, "username": "hanako", "keyring": Keyring(True, "KWallet"), **more}
    return Joining(facts=known, **given)


def denied(read: Read) -> Unread:
    """Return a read that IAM refused."""
    return Unread(read, "denied", "AccessDeniedException", "not authorized")


def gone(read: Read, error: str = "ResourceNotFoundException") -> Absent:
    """Return that a thing is not there."""
    return Absent(read, error)


def found(joining: Joining) -> dict[str, Finding]:
    """Return the findings by code."""
    return {item.code: item for item in judge(joining)}


def bad(joining: Joining) -> list[tuple[str, str, str]]:
    """Return step, code and variant of what fails or warns."""
    return [(item.step, item.code, item.variant) for item in judge(joining) if item.verdict in ("fail", "warn")]


def test_where_all_is_in_order_nothing_is_said_to_be_wrong() -> None:
    findings = judge(made())
    assert [item for item in findings if item.verdict not in ("pass", "skipped")] == []
    assert (causes(findings), outcome(findings)) == ([], "inconclusive")


@pytest.mark.parametrize(
    ("facts", "step", "code", "variant"),
    [
        ({USER_READ: gone(USER_READ, "UserNotFoundException")}, "join_user", "wrong-credentials", "no-user"),
        ({USER_READ: replace(HANAKO, enabled=False)}, "join_user", "user-disabled", "fail"),
        ({USER_READ: replace(HANAKO, status="UNCONFIRMED")}, "join_user", "user-not-confirmed", "fail"),
        ({USER_READ: replace(HANAKO, status="RESET_REQUIRED")}, "join_user", "password-reset-required", "fail"),
        ({CLIENT_READ: gone(CLIENT_READ)}, "join_client", "client-not-found", "not-in-pool"),
        (
            {CLIENT_READ: replace(WEB, explicit_flows=("ALLOW_CUSTOM_AUTH",))},
            "join_client",
            "auth-flow-not-enabled",
            "joined",
        ),
        ({POOL_READ: gone(POOL_READ), KEYS_READ: gone(KEYS_READ)}, "join_tools", "pool-not-found", "joined"),
        ({EXPORT_READ: gone(EXPORT_READ), STAGES_READ: (Stage("dev"),)}, "join_call", "wrong-stage", "fail"),
        ({EXPORT_READ: export(POST=Method("NONE"))}, "join_call", "route-not-matched", "fail-verb"),
        ({EXPORT_READ: export("eu-west-1_Other1234")}, "join_call", "wrong-pool", "joined"),
    ],
)
def test_what_is_missing_is_the_one_cause(facts: dict[Read, Any], step: str, code: str, variant: str) -> None:
    joining = made(facts)
    findings = judge(joining)
    assert (step, code, variant) in bad(joining)
    assert (causes(findings), outcome(findings)) == ([code], "fault")
    for lang in LANGUAGES:
        texts = Texts(lang)
        item = found(joining)[code]
        assert texts.fixes(code, {}, item.variant)
        sentence = admin_sentence(item, TEAM, texts, "hanako")
        assert sentence is not None
        assert API in sentence or POOL in sentence
        assert not any(brace in sentence for brace in "{}")


@pytest.mark.parametrize(
    ("facts", "code", "variant"),
    [
        ({USER_READ: replace(HANAKO, status="FORCE_CHANGE_PASSWORD")}, "challenge-not-completed", "temporary"),
        (
            {CLIENT_READ: replace(WEB, explicit_flows=("ALLOW_CUSTOM_AUTH",), oauth_enabled=True, grants=("code",))},
            "auth-flow-not-enabled",
            "browser-only",
        ),
        ({EXPORT_READ: export(kind="NONE")}, "not-protected", "warn"),
    ],
)
def test_what_is_worth_knowing_stops_nothing(facts: dict[Read, Any], code: str, variant: str) -> None:
    joining = made(facts)
    # An open method of the stage is believed where the draft has it, too.
    if EXPORT_READ in facts:
        joining = joining.with_fact(GetResources(REGION, API), {"/orders": {"GET": Method("NONE")}})
    assert (code, variant) in [(code, variant) for _, code, variant in bad(joining)]
    assert causes(judge(joining)) == []


@pytest.mark.parametrize(
    "flows", [("ALLOW_USER_SRP_AUTH",), ("ALLOW_USER_PASSWORD_AUTH",), ("USER_PASSWORD_AUTH",), None]
)
def test_each_way_with_a_password_will_do(flows: tuple[str, ...] | None) -> None:
    client = replace(WEB, explicit_flows=flows)
    assert found(made({CLIENT_READ: client}))["auth-flow-not-enabled"].verdict == "pass"


CODES_OF: dict[Read, set[str]] = {
    USER_READ: {"wrong-credentials", "user-disabled", "user-not-confirmed", "challenge-not-completed"},
    CLIENT_READ: {"client-not-found", "auth-flow-not-enabled"},
    EXPORT_READ: {"never-deployed"},
}


@pytest.mark.parametrize("read", CODES_OF, ids=lambda read: read.operation)
@pytest.mark.parametrize("is_denied", [True, False])
def test_what_was_not_read_is_never_passed(read: Read, is_denied: bool) -> None:
    joining = made({read: denied(read)})
    if not is_denied:
        joining = replace(joining, facts={key: value for key, value in joining.facts.items() if key != read})
    if read == EXPORT_READ:
        joining = replace(joining, facts={key: value for key, value in joining.facts.items() if key != STAGES_READ})
    findings = found(joining)
    for code in CODES_OF[read]:
        assert findings[code].verdict == "unknown", code
    assert outcome(findings.values()) == "inconclusive"
    if is_denied:
        assert findings["permission-missing"].verdict == "unknown"
        assert f"{read.service}:" in findings["permission-missing"].params["permissions"]
        told = admin_sentence(findings["permission-missing"], TEAM, Texts("en"))
        assert told is not None
        assert read.service in told


def test_neither_pool_nor_keys_read_leaves_open_whether_the_pool_exists() -> None:
    joining = made({POOL_READ: denied(POOL_READ), KEYS_READ: Unread(KEYS_READ, "unreachable", "TimedOut")})
    assert found(joining)["pool-not-found"].verdict == "unknown"
    assert not joining.owns_pool
    assert found(made({POOL_READ: denied(POOL_READ)}))["pool-not-found"].verdict == "pass"


def test_a_pool_of_another_account_is_said_and_proves_nothing_of_what_is_in_it() -> None:
    facts = {
        POOL_READ: gone(POOL_READ),
        CLIENT_READ: gone(CLIENT_READ),
        USER_READ: gone(USER_READ),
        EXPORT_READ: export(account=OTHER),
    }
    joining = made(facts)
    findings = found(joining)
    said = findings["aws-credentials"]
    assert (said.verdict, said.variant, said.params["owner"]) == ("unknown", "other-account-pool", "********4321")
    assert OTHER not in repr(said)
    assert {findings[code].verdict for code in ("client-not-found", "wrong-credentials")} == {"unknown"}
    assert (causes(findings.values()), outcome(findings.values())) == ([], "inconclusive")
    assert not joining.owns_pool
    assert "other-account-pool" in Texts("en").entry("aws-credentials")["summary"]


def test_an_api_of_another_account_is_said() -> None:
    joining = made({read: gone(read, "NotFoundException") for read in (API_READ, EXPORT_READ, STAGES_READ)})
    assert found(joining)["aws-credentials"].variant == "other-account"
    assert not joining.owns_api


def test_without_a_user_name_the_user_is_not_known() -> None:
    findings = found(made(username=None))
    assert {findings[code].variant for code in ("wrong-credentials", "user-disabled")} == {"no-username"}
    assert outcome(findings.values()) == "inconclusive"


def test_without_a_route_no_method_is_judged() -> None:
    findings = found(made(team=replace(TEAM, routes=())))
    assert findings["wrong-stage"].verdict == "pass"
    assert findings["route-not-matched"].variant == "no-call"


@pytest.mark.parametrize(
    ("keyring", "verdict", "variant"),
    [
        (Keyring(True, "KWallet"), "pass", "pass"),
        (Keyring(False, "", "none"), "warn", "none"),
        (Keyring(False, "KWallet", "locked", "KeyringLocked"), "warn", "locked"),
        (Keyring(False, "KWallet", "lost"), "warn", "warn"),
        (None, "skipped", "not-looked"),
    ],
)
def test_the_keyring_is_worth_knowing_at_most(keyring: Keyring | None, verdict: str, variant: str) -> None:
    findings = found(made(keyring=keyring))
    item = findings["keyring-unavailable"]
    assert (item.verdict, item.variant) == (verdict, variant)
    assert outcome(findings.values()) == "inconclusive"
    assert all(Texts(lang).summary(item).isprintable() for lang in LANGUAGES)


# -- what happened -----------------------------------------------------------------------------------------------------


def attempt(**more: Any) -> Attempt:
    """Return a sign-in of hanako."""
    return Attempt("srp", REGION, CLIENT, POOL, "hanako", client=WEB, pool=Pool(POOL), **more)


def test_a_sign_in_settles_what_could_not_be_read() -> None:
    unread = {USER_READ: denied(USER_READ), CLIENT_READ: denied(CLIENT_READ)}
    tokens = Tokens("a", "b", "c", 3600)
    findings = found(made(unread, attempt=attempt(tokens=tokens)))
    assert {findings[code].verdict for code in ("wrong-credentials", "user-disabled", "client-not-found")} == {"pass"}
    assert findings["user-disabled"].step == "join_user"


def test_a_refused_sign_in_is_the_cause() -> None:
    refusal = Refusal("InitiateAuth", "NotAuthorizedException", "Incorrect username or password.")
    joining = made(attempt=attempt(refusal=refusal, user=HANAKO))
    findings = judge(joining)
    assert causes(findings) == ["wrong-credentials"]
    item = found(joining)["wrong-credentials"]
    assert (item.step, item.variant) == ("join_signin", "password")
    assert admin_sentence(item, TEAM, Texts("en"), "hanako") is None  # who mistyped asks nobody


def test_a_challenge_that_was_not_answered_is_the_cause() -> None:
    findings = judge(made(attempt=attempt(challenge="NEW_PASSWORD_REQUIRED")))
    assert causes(findings) == ["challenge-not-completed"]


def test_the_diagnosis_of_the_call_comes_after_what_was_read() -> None:
    called = [Finding("token-expired", "token", "fail", "proven"), Finding("wrong-stage", "call", "skipped", "masked")]
    findings = judge(made(), called)
    assert causes(findings, ("token-expired",)) == ["token-expired"]
    by_code = {item.code: item for item in findings}
    assert by_code["token-expired"].step == "join_call"
    assert by_code["wrong-stage"].verdict == "pass"


def test_what_got_through_hides_nothing() -> None:
    findings = judge(made({USER_READ: denied(USER_READ)}))
    assert outcome(findings) == "inconclusive"
    assert outcome(findings, done=True) == "healthy"


# -- the steps and the report ------------------------------------------------------------------------------------------


def test_steps_raise_what_they_say() -> None:
    assert {code for step in JOIN for code in step.codes} <= CODES.keys()
    for step in JOIN:
        for joining in (made(), Joining(TEAM), made(username=None), made(team=replace(TEAM, routes=()))):
            assert {item.code for item in step.judge(joining)} <= set(step.codes)
            assert {item.step for item in step.judge(joining)} <= {step.id}
            assert all(row.actual for row in step.has(joining))


def test_offline_nothing_is_known_and_nothing_passed() -> None:
    findings = judge(Joining(TEAM, "hanako", offline=True))
    assert "pass" not in {item.verdict for item in findings if item.code in CODES_OF[USER_READ] | CODES_OF[CLIENT_READ]}
    assert outcome(findings) == "inconclusive"


class Stood:
    """What `joining.Join` shows the report."""

    judgement = None
    is_through = False

    def __init__(self, joining: Joining) -> None:
        """Take the facts."""
        self.joining = joining

    def findings(self) -> list[Finding]:
        """Return the findings."""
        return judge(self.joining)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_holds_what_to_ask_and_no_secret(lang: str) -> None:
    facts = {USER_READ: gone(USER_READ, "UserNotFoundException"), CLIENT_READ: replace(WEB, secret=SECRET)}
    report = build(Stood(made(facts, answer=Answer(200))), Texts(lang))
    assert (report["outcome"], report["causes"]) == ("fault", ["wrong-credentials"])
    (ask,) = report["ask"]
    assert f"--user-pool-id {POOL} --region {REGION} --username hanako" in ask["text"]
    assert [step["step"] for step in report["steps"]] == [step.id for step in JOIN]
    assert all(step["what"] and step["title"] for step in report["steps"])
    assert report["team"]["routes"] == ["GET /orders"]
    assert SECRET not in repr(report)
    assert ACCOUNT not in repr({key: value for key, value in report.items() if key != "findings"})


@pytest.mark.parametrize(
    "name", ["hanako; rm -rf ~", "$(id)", "--profile=admin", "file:///etc/passwd", "a'b", "\x1b[2J", "花子"]
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_user_name_does_not_act_in_the_sentence(name: str, lang: str) -> None:
    item = Finding("wrong-credentials", "join_user", "fail", "no-user")
    sentence = admin_sentence(item, TEAM, Texts(lang), name)
    assert sentence is not None
    assert sentence.isprintable()
    words = shlex.split(sentence[sentence.index("aws cognito-idp") :])
    given = words[words.index("--username") + 1]
    assert given == ("<USERNAME>" if name[:4] in ("--pr", "file") else name.replace("\x1b", "\\x1b"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", ASKED)
def test_every_sentence_can_be_said(code: str, lang: str) -> None:
    item = Finding(code, "join_call", "fail", "fail")
    if code in ("permission-missing", "aws-credentials"):
        item = Finding(code, "join_tools", "unknown", "other-account", {"permissions": "a on b"})
    if code == "wrong-credentials":
        item = replace(item, variant="no-user")
    sentence = admin_sentence(item, TEAM, Texts(lang), "hanako")
    assert sentence is not None
    assert "{" not in sentence
    assert admin_sentence(replace(item, verdict="pass"), TEAM, Texts(lang)) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_commands_of_the_sentences_exist(lang: str) -> None:
    """Against the services' own models, which the AWS CLI is made from."""
    session, seen = botocore.session.get_session(), 0
    for code in ASKED:
        text = Texts(lang).screen("join", f"ask {code}", **dict.fromkeys(NAMES, "x"))
        for service, operation, rest in re.findall(r"aws ([a-z-]+) ([a-z-]+)((?: \S+)*)", text):
            model = session.get_service_model(service)
            names = {xform_name(name, "-"): name for name in model.operation_names}
            shape = model.operation_model(names[operation]).input_shape
            assert shape
            members = {xform_name(name, "-") for name in shape.members}
            options = set(re.findall(r" --([a-z-]+)", rest))
            assert options - {"region"} <= members | {f"no-{name}" for name in members}, text
            seen += 1
    assert seen >= 8


def test_what_the_file_names_is_shown_before_anything_is_read() -> None:
    shown = dict(file_lines(TEAM, Texts("en")))
    assert {API, STAGE, REGION, POOL, CLIENT, "GET /orders", "Orders"} == set(shown.values())


@pytest.mark.parametrize("stage", ["--no-verify-ssl", "-x", "-"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_stage_that_would_be_an_option_stands_in_no_command(lang: str, stage: str) -> None:
    for code in ("never-deployed", "changes-not-deployed", "wrong-stage"):
        item = Finding(code, "join_call", "fail", "fail")
        sentence = admin_sentence(item, replace(TEAM, stage=stage), Texts(lang))
        assert sentence
        assert f" {stage} " not in sentence
