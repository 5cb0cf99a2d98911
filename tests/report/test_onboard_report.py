"""The walk-through's documents: what they hold, how they are shown, and what never stands in one."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cogwizard.aws.calls import CallFailed
from cogwizard.model.answer import Answer
from cogwizard.model.build import Choices
from cogwizard.model.call import Call
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.model.read_web import Replay
from cogwizard.model.write import Write
from cogwizard.onboarding.look import Seen
from cogwizard.onboarding.plan import Notice, Plan, writes_for
from cogwizard.onboarding.run import NotMade, Progress
from cogwizard.onboarding.teardown import Removal
from cogwizard.report import onboard_text, signin
from cogwizard.report.markdown import escape
from cogwizard.report.onboard import plan_document, policy, removal_document, run_document
from cogwizard.report.onboard_given import Half
from cogwizard.report.wrap import width
from cogwizard.steps import ONBOARD
from cogwizard.steps.attempt import judge
from cogwizard.text import LANGUAGES, Texts
from tests.steps.signing import FULL, refused

ENGLISH = Texts("en")
ACCOUNT = "123456789012"
VALUES = {
    **Choices().values("0a1b2c3d", "ap-northeast-1", ACCOUNT),
    "pool_id": "ap-northeast-1_AbCdEf123",
    "client_id": "1h57kf5cpq17m0eml12EXAMPLE",
    "api_id": "a1b2c3d4e5",
}
WRITES = writes_for(Choices())
DONE = {write.id: "done" for write in WRITES}
NOTICES = (
    Notice("stops", "taken role", {"name": "cogwizard-hello-role"}),
    Notice("note", "denied", {"permissions": f"iam:CreateRole on arn:aws:iam::{ACCOUNT}:role/x"}),
    Notice("unknown", "unread", {"action": "iam:GetRole", "error": "AccessDenied"}),
)
OK, CLOSED = Answer(200), Answer(401)
CLAIMS = {"sub": "5f39e6b4-23a8-58cc-ae57-c7b0deb3a55a", "cognito:username": "hanako"}
UNREAD = Unread(Replay(Call("POST", "https://example.com/")), "unreachable", "ConnectTimeoutError")
FIRST = Half(True, None, AuthorizerTest(0), CLOSED, OK, True, CLAIMS)
SECOND = Half(True, ("NotAuthorizedException", "SECRET_HASH was not received"), None, None, OK, True, CLAIMS)
ATTEMPT = refused("NotAuthorizedException", "Incorrect username or password.", **FULL)
REFUSED = Half(False, report=signin.build(ATTEMPT, judge(ATTEMPT), ENGLISH))
# What would act on a terminal or in Markdown, and what is a secret wherever it stands.
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
HOSTILE = f"\x1b[31m{ACCOUNT} <b>[x](http://example.com) `{TOKEN}` \u202e"


def plan(choices: Choices | None = None, **changes: Any) -> Plan:
    """Return a plan that nothing was looked ahead for; `changes` replace its members."""
    choices = choices or Choices()
    values = choices.values("0a1b2c3d", "ap-northeast-1", ACCOUNT)
    return replace(Plan(choices, values, writes_for(choices)), **changes)


def by_id(write: str) -> Write:
    """Return the write of an id."""
    return next(each for each in WRITES if each.id == write)


def failing(write: str, error: CallFailed, permission: str = "") -> NotMade:
    """Return what `Run.make` raises for a write."""
    return NotMade(by_id(write), error, permission)


def whole(**changes: Any) -> dict[str, Any]:
    """Return the document of a run that went well in both halves; `changes` replace what is handed over."""
    made = [Progress(write, "done", Seen(facts=(("state", "Active"),))) for write in WRITES]
    given: dict[str, Any] = {"made": made, "first": FIRST, "second": SECOND, **changes}
    states = given.pop("states", DONE)
    return run_document(plan(), states, ENGLISH, VALUES, **given)


def documents(texts: Texts) -> dict[str, dict[str, Any]]:
    """Return one document of each kind, hostile and not, in a language."""
    lost = CallFailed("iam:CreateRole", "unreachable", "ConnectTimeoutError", "no answer", is_lost=True)
    denied = CallFailed("lambda:CreateFunction", "denied", "AccessDeniedException", HOSTILE)
    warned = Progress(by_id("client-flow"), "done", Seen(facts=(("flows", HOSTILE),)), (("sdk is old", HOSTILE),))
    hostile = Half(None, (HOSTILE, HOSTILE), UNREAD, UNREAD, Answer(500), False, {HOSTILE: HOSTILE})
    removals = [
        Removal(by_id("api"), "removing"),
        Removal(by_id("api"), "gone"),
        Removal(by_id("pool"), "remains", denied),
        Removal(by_id("function"), "foreign"),
        Removal(by_id("role"), "absent"),
    ]
    return {
        "plan": plan_document(plan(notices=NOTICES), {}, texts),
        "rest": plan_document(plan(), {"role": "done", "function": "refused", "pool": "intended"}, texts, VALUES),
        "run": run_document(plan(), DONE, texts, VALUES, first=FIRST, second=SECOND),
        "refused sign-in": run_document(plan(), DONE, texts, VALUES, first=REFUSED),
        "lost": run_document(plan(), {"role": "intended"}, texts, failed=failing("role", lost)),
        "denied": run_document(
            plan(notices=(Notice("note", "denied", {"permissions": HOSTILE}),)),
            {"role": "done", "function": "refused"},
            texts,
            made=[warned],
            failed=failing("function", denied, f"lambda:CreateFunction on arn:aws:lambda:x:{ACCOUNT}:function:y"),
            first=hostile,
            second=Half(refused=("", "")),
        ),
        "removal": removal_document(plan(), removals, texts),
        "nothing": removal_document(plan(), [], texts),
    }


# -- the plan ----------------------------------------------------------------------------------------------------------


def test_the_plan_holds_every_write() -> None:
    """With its call, what it makes, the permission it needs, how it stands, and its command."""
    found = plan_document(plan(notices=NOTICES), {"role": "done", "pool": "undone"}, ENGLISH)
    assert (found["schema"], found["run"], found["region"]) == ("cogwizard/onboard@1", "0a1b2c3d", "ap-northeast-1")
    assert found["account"] == "********9012"
    assert [write["id"] for write in found["writes"]] == [write.id for write in WRITES]
    assert {write["id"]: write["state"] for write in found["writes"] if write["state"] != "planned"} == {"role": "done"}
    function = next(write for write in found["writes"] if write["id"] == "function")
    assert function["makes"] == "The Lambda function cogwizard-hello"
    assert (function["step"], function["action"]) == ("onboard_function", "lambda:CreateFunction")
    assert function["permission"] == (
        "lambda:CreateFunction on arn:aws:lambda:ap-northeast-1:*:function:cogwizard-hello"
    )
    assert "aws lambda create-function --function-name cogwizard-hello" in function["cli"]
    assert [(notice["kind"], notice["key"]) for notice in found["notices"]] == [(n.kind, n.key) for n in NOTICES]
    assert "cogwizard-hello-role" in found["notices"][0]["text"]
    assert json.loads(json.dumps(found)) == found


def test_each_step_that_makes_something_has_its_snippets() -> None:
    """As Terraform, SAM and CDK, with the names that were chosen."""
    found = plan_document(plan(Choices(name="shop")), {}, ENGLISH)
    assert list(found["steps"]) == [step.id for step in ONBOARD if step.writes]
    for tools in found["steps"].values():
        assert list(tools) == ["terraform", "sam", "cdk"]
    assert all("shop" in found["steps"]["onboard_pool"][tool] for tool in ("terraform", "sam", "cdk"))


def test_ids_that_are_known_stand_in_the_commands() -> None:
    """Of a run that goes on; else a variable does."""
    clients = [
        next(write["cli"] for write in plan_document(plan(), {}, ENGLISH, values)["writes"] if write["id"] == "client")
        for values in (None, VALUES)
    ]
    assert '--user-pool-id "$POOL_ID"' in clients[0]
    assert "--user-pool-id ap-northeast-1_AbCdEf123" in clients[1]


def test_the_other_way_to_the_first_password() -> None:
    """Seed: the user answers the challenge."""
    found = plan_document(plan(Choices(first_password="user")), {}, ENGLISH)
    assert "cognito-idp:RespondToAuthChallenge" in [write["action"] for write in found["writes"]]


def test_the_permissions_are_a_policy_that_fits() -> None:
    """One that IAM takes: every action with all its ARNs, and not longer than a managed policy may be."""
    choices = Choices(name="n" * 40)
    given = plan(choices)
    found = plan_document(given, {}, ENGLISH)["permissions"]
    assert len(re.sub(r"\s", "", json.dumps(found))) <= 6144
    allowed = {(action, arn) for item in found["Statement"] for action in item["Action"] for arn in item["Resource"]}
    assert allowed == {(action, arn.replace(ACCOUNT, "*")) for action, arn in given.permissions()}
    assert {item["Effect"] for item in found["Statement"]} == {"Allow"}
    sids = [item["Sid"] for item in found["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids)


def test_actions_of_the_same_things_share_a_statement() -> None:
    """Also where each needs several ARNs; the account number is cut out as a whole field only."""
    needed = [
        ("a:X", "arn:1"),
        ("a:Y", "arn:1"),
        ("a:X", "arn:2"),
        ("a:Y", "arn:2"),
        ("a:Z", f"arn:{ACCOUNT}:{ACCOUNT}9"),
    ]
    statements = policy(needed, ACCOUNT)["Statement"]
    assert [(item["Action"], item["Resource"]) for item in statements] == [
        (["a:X", "a:Y"], ["arn:1", "arn:2"]),
        (["a:Z"], [f"arn:*:{ACCOUNT}9"]),
    ]


def test_what_teardown_would_remove() -> None:
    """In its order; what goes with another thing is not named by itself."""
    ids = [item["id"] for item in plan_document(plan(), {}, ENGLISH)["undo"]]
    assert ids == ["api", "pool", "function", "log-group", "role-policy", "role"]
    rest = run_document(plan(), {"role": "done", "pool": "intended", "api": "refused", "function": "undone"}, ENGLISH)
    assert [item["id"] for item in rest["undo"]] == ["pool", "role"]
    assert rest["undo"][1]["cli"].startswith("aws iam delete-role --role-name cogwizard-hello-role")


# -- the run -----------------------------------------------------------------------------------------------------------


def test_a_run_that_went_well() -> None:
    """The proof of each write, both answers with their claims, nothing failed."""
    found = whole()
    assert (found["outcome"], found["causes"], found["failed"]) == ("healthy", [], None)
    assert found["writes"][0]["proof"] == [{"label": ENGLISH.label("state"), "value": "Active"}]
    assert found["first"]["answer"] == {"status": 200, "greets": True, "claims": CLAIMS}
    assert found["first"]["test"] == {"accepted": True, "status": 0}
    assert found["first"]["without_token"] == {"status": 401}
    assert found["second"]["refused"] == ["NotAuthorizedException", "SECRET_HASH was not received"]
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"second": None}, "healthy"),
        ({"first": None}, "inconclusive"),
        ({"states": {**DONE, "deployment": "intended"}}, "inconclusive"),
        ({"first": replace(FIRST, greets=False, answer=Answer(500))}, "inconclusive"),
        ({"first": replace(FIRST, without_token=Answer(200))}, "inconclusive"),
        ({"first": replace(FIRST, without_token=UNREAD)}, "inconclusive"),
        ({"second": replace(SECOND, greets=False)}, "inconclusive"),
        ({"first": REFUSED, "second": None}, "fault"),
        ({"failed": failing("role", CallFailed("iam:CreateRole", "denied", "AccessDenied"))}, "fault"),
        (
            {
                "states": {"role": "intended"},
                "failed": failing("role", CallFailed("iam:CreateRole", "unreachable", "Timeout", is_lost=True)),
            },
            "inconclusive",
        ),
    ],
)
def test_outcome(changes: Mapping[str, Any], outcome: str) -> None:
    """`healthy` only where all is made, the API is guarded, and the function answered in each half that was tried."""
    assert whole(**changes)["outcome"] == outcome


def test_a_sign_in_that_failed_is_reported_as_everywhere() -> None:
    """Interface, section 3: with its causes and remedies."""
    found = whole(first=REFUSED, second=None)
    assert found["causes"] == ["wrong-credentials"]
    assert found["first"]["report"]["schema"] == "cogwizard/report@1"
    assert "wrong-credentials: " in onboard_text.render(found, ENGLISH)
    shown = onboard_text.render_markdown(found, ENGLISH)
    assert "\n#### 1. `wrong-credentials`" in shown
    prose = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", shown)
    assert [line for line in prose.splitlines() if line.startswith("# ")] == [shown.splitlines()[0]]


def test_a_write_that_was_refused_names_its_permission() -> None:
    """And one without an answer says that it may have happened."""
    needs = f"iam:CreateRole on arn:aws:iam::{ACCOUNT}:role/x"
    denied = whole(failed=failing("role", CallFailed("iam:CreateRole", "denied", "AccessDenied", "not you"), needs))
    assert denied["failed"]["permission"] == "iam:CreateRole on arn:aws:iam::********9012:role/x"
    assert [sentence for sentence in denied["failed"]["summary"] if "iam:CreateRole on " in sentence]
    assert "AccessDenied" in denied["failed"]["summary"][0]
    lost = CallFailed("iam:CreateRole", "unreachable", "Timeout", is_lost=True)
    shown = whole(failed=failing("role", lost, needs))["failed"]
    assert shown["summary"][1:] == [ENGLISH.screen("onboard", "not made lost")]
    assert shown["lost"] is True


def test_a_thing_that_remains_is_named() -> None:
    """With what AWS said; the document of a removal says whether something is left."""
    found = documents(ENGLISH)["removal"]
    assert (found["outcome"], [item["state"] for item in found["removed"]]) == (
        "fault",
        ["gone", "remains", "foreign", "absent"],
    )
    assert "AccessDeniedException" in found["removed"][1]["summary"]
    assert documents(ENGLISH)["nothing"]["outcome"] == "healthy"


# -- how they are shown ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_prose_fits_into_80_columns(lang: str) -> None:
    """All of a plan that was not asked for its commands; what is a table may be wider."""
    texts = Texts(lang)
    for name, document in documents(texts).items():
        shown = onboard_text.render({**document, "first": None, "second": None}, texts, columns=80)
        assert [line for line in shown.splitlines() if width(line) > 80] == [], name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_hostile_and_no_secret_is_shown(lang: str) -> None:
    """In no form: neither a token nor what moves a cursor; account numbers in commands alone."""
    texts = Texts(lang)
    for name, document in documents(texts).items():
        commands = [item["cli"] for key in ("writes", "undo") for item in document.get(key, ())]
        told = [json.dumps(document, ensure_ascii=False), onboard_text.render_markdown(document, texts)]
        told += [onboard_text.render(document, texts, verbose=verbose, columns=80) for verbose in (False, True)]
        for shown in told:
            assert "\x1b" not in shown, name
            assert "\u202e" not in shown, name
            assert "eyJ" not in shown, name
            for command in commands:
                for line in command.splitlines():
                    shown = shown.replace(line, "").replace(json.dumps(line, ensure_ascii=False)[1:-1], "")
            assert ACCOUNT not in shown, name


def test_markdown_is_not_markup_of_others() -> None:
    """What AWS said cannot become a link or a heading."""
    shown = onboard_text.render_markdown(documents(ENGLISH)["denied"], ENGLISH)
    assert "[x](http" not in shown
    assert "<b>" not in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_forms_tell_all_that_happened(lang: str) -> None:
    """The sentences of a run and of a failure, the claims, what is left to remove."""
    texts = Texts(lang)
    found = documents(texts)
    for document in (found["run"], found["denied"]):
        text, markdown = onboard_text.render(document, texts), onboard_text.render_markdown(document, texts)
        for half in ("first", "second"):
            for _, sentence in onboard_text.sentences(document[half], texts):
                assert sentence in text
                assert escape(sentence) in markdown
        for item in document["undo"]:
            assert item["removes"] in text
            assert escape(item["removes"]) in markdown
        for sentence in (document["failed"] or {"summary": []})["summary"]:
            assert sentence in text
            assert escape(sentence) in markdown
    assert CLAIMS["sub"] in onboard_text.render(found["run"], texts)
    assert CLAIMS["sub"] in onboard_text.render_markdown(found["run"], texts)


def test_what_is_said_before_the_consent_is_not_said_after() -> None:
    """Costs and notices stand in the plan; they stay in the documents of both."""
    before, after = documents(ENGLISH)["plan"], documents(ENGLISH)["denied"]
    assert before["notices"][0]["text"][:30] in onboard_text.render(before, ENGLISH)
    assert ENGLISH.label("onboard before") not in onboard_text.render(after, ENGLISH)
    assert ENGLISH.label("onboard costs") not in onboard_text.render(after, ENGLISH)
    assert after["costs"] == before["costs"]


def test_a_plan_says_how_it_stands() -> None:
    """How much is left, or that something is in its way."""
    found = documents(ENGLISH)
    assert onboard_text.headline(found["plan"], ENGLISH) == ENGLISH.label("onboard stopped")
    assert onboard_text.headline(found["rest"], ENGLISH) == ENGLISH.label("onboard planned", left=17, count=18)


def test_commands_can_be_copied() -> None:
    """From the first column on: the here-document with the function's source ends there alone."""
    shown = onboard_text.render(documents(ENGLISH)["plan"], ENGLISH, verbose=True, columns=80)
    lines = shown.splitlines()
    assert "EOF" in lines
    begun = lines.index(next(line for line in lines if line.startswith("aws logs create-log-group")))
    assert shlex.split(lines[begun])[-2:] == ["--region", "ap-northeast-1"]
    assert "aws " not in onboard_text.render(documents(ENGLISH)["plan"], ENGLISH, columns=80).replace("amazonaws ", "")


def test_colour_is_only_paint() -> None:
    """Without it the text is the same."""
    document = documents(ENGLISH)["run"]
    painted = onboard_text.render(document, ENGLISH, colour=True, columns=80)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == onboard_text.render(document, ENGLISH, columns=80)
