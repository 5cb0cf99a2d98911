"""Commands of the AWS CLI made of writes: the right options, words that no value can break out of, and no secret."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from cogwizard.model.build import Choices
from cogwizard.model.write import SECRETS, Write
from cogwizard.onboarding.merge import READ_ONLY
from cogwizard.onboarding.plan import writes_for
from cogwizard.report import commands
from cogwizard.report.commands import authorizer_test_of, cli_of, kebab, script, sign_in_of, undo_of
from cogwizard.steps.onboard_password import CHALLENGE

Needs = Callable[[str], str]
VALUES = Choices().values("0a1b2c3d", "ap-northeast-1", "123456789012")
IDS = {
    "pool_id": "ap-northeast-1_AbCdEf123",
    "client_id": "1h57kf5cpq17m0eml12EXAMPLE",
    "secret_client_id": "2h57kf5cpq17m0eml12EXAMPLE",
    "api_id": "a1b2c3d4e5",
    "root_id": "r1o2o3t4i5",
    "authorizer_id": "a1u2t3",
    "deployment_id": "d1e2p3",
}
WRITES = writes_for(Choices())
EVERY = [*WRITES, CHALLENGE]
# Options that are the AWS CLI's own.
OWN = {"region", "query", "output", "cli-input-json", "zip-file"}
# What a shell, the AWS CLI or a terminal would act on.
HOSTILE = [
    "$(touch broken)",
    "`touch broken`",
    "'; touch broken; '",
    '"; touch broken; "',
    "a'b\"c",
    "$HOME ${PATH}",
    "back\\slash\\",
    "*",
    "~",
    "-x",
    "--profile=theirs",
    "a b",
    "!!",
    "花子",
    "env.HOME",
    "\\(env.HOME)",
    "#",
    "",
]
# A shell in which `aws` tells its arguments, one on a line, and jq is not needed.
TELLING = "aws() { printf '%s\\n' \"$@\"; }\n"


def bash(needs: Needs, text: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a script of bash that calls no other program."""
    given = {"PATH": "/nowhere", "LANG": "C.UTF-8", **environment}
    return subprocess.run(
        [needs("bash"), "-uc", text], env=given, capture_output=True, encoding="utf-8", timeout=60, cwd="/"
    )


def by_id(write: str) -> Write:
    """Return the write of an id."""
    return next(each for each in WRITES if each.id == write)


def told_by(needs: Needs, command: str) -> list[str]:
    """Return the arguments that the AWS CLI would be called with."""
    done = bash(needs, f"{TELLING}{command}")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for write in EVERY:
        yield write.service, write.operation, write.params
        if write.undo:
            yield write.service, write.undo.operation, write.undo.params


def test_names_are_those_of_botocore() -> None:
    """For every operation and parameter of ours, and for every one that our services have."""
    session = botocore.session.get_session()
    names = {name for _, operation, params in operations() for name in (operation, *params)}
    assert {"providerARNs", "UserPoolId", "restApiId"} <= names
    for service in {service for service, _, _ in operations()}:
        model = session.get_service_model(service)
        for operation in model.operation_names:
            shape = model.operation_model(operation).input_shape
            names |= {operation, *(shape.members if shape else ())}
    assert {name: kebab(name) for name in names} == {name: xform_name(name, "-") for name in names}


@pytest.mark.parametrize("write", EVERY, ids=lambda write: f"{write.id} {write.operation}")
def test_options_exist_and_lines_are_short(write: Write) -> None:
    """Of each call in it, with ids known and not known."""
    session = botocore.session.get_session()
    for known in (VALUES, {**VALUES, **IDS}):
        text = "\n".join(filter(None, (cli_of(write, known), undo_of(write, known))))
        assert max(map(len, text.splitlines())) <= 165
        calls = re.findall(r"\baws ([\w-]+) ([\w-]+)(.*)", text.replace("\\\n", ""))
        assert calls
        for service, command, options in calls:
            model = session.get_service_model(service)
            names = {xform_name(name, "-"): name for name in model.operation_names}
            shape = model.operation_model(names[command]).input_shape
            members = {xform_name(name, "-") for name in (shape.members if shape else ())}
            found = {option.removeprefix("no-") for option in re.findall(r"(?<=[ ])--([a-z-]+)", options)}
            assert found <= members | OWN
            assert "region" in found


@pytest.mark.parametrize("write", EVERY, ids=lambda write: f"{write.id} {write.operation}")
def test_every_id_that_is_known_is_filled_in(write: Write) -> None:
    """And what is not known is a variable, of which nothing but secrets are left."""
    shown = cli_of(write, {**VALUES, **IDS})
    own = {"SESSION", "CLIENT", *(name.upper() for name in write.gives)}
    assert set(re.findall(r"\$\{?(\w+)", shown)) - own <= {name.upper() for name in SECRETS}
    for name in (write.names() - set(SECRETS) - set(write.gives)) & IDS.keys():
        assert IDS[name] in shown
        assert f'"${name.upper()}"' in cli_of(write, VALUES) or f"${{{name.upper()}}}" in cli_of(write, VALUES)
    assert all(f"{name.upper()}=$(" in shown for name in write.gives)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_sign_in_means_just_its_user_and_its_client(hostile: str, needs: Needs) -> None:
    """Both are one word each for the program that computes SECRET_HASH; no secret is filled in."""
    known = {**VALUES, **IDS, "username": hostile, "secret_client_id": hostile, "password": "canary-1"}
    text = sign_in_of(known, "secret_client_id", has_secret=True)
    telling = "python3() { printf '%s\\n' \"${@:3}\" >&2; }\n"
    done = bash(needs, f"{TELLING}{telling}{text}", PASSWORD="canary-2")
    assert (done.returncode, done.stderr) == (0, f"{hostile}\n{hostile}\n")
    assert "canary" not in "".join((text, sign_in_of(known), authorizer_test_of(known)))


def test_a_secret_is_never_filled_in() -> None:
    """Also where a careless caller hands it over; it never stands in an argument."""
    known = {**VALUES, **IDS, "password": "canary-1", "temporary_password": "canary-2"}
    shown = [script(EVERY, known), *(cli_of(write, known) for write in EVERY)]
    assert [text for text in shown if "canary" in text] == []
    for text in shown:
        for line in text.splitlines():
            outside = re.sub(r"printf '%s' \"\$\w+\"|\b\w+=\"\$\w+\" |: \"\$\{\w+:\?\}\"", "", line)
            assert not re.search(r"\$\{?(\w*PASSWORD|SESSION)", outside), line


def test_what_update_is_not_sent_is_what_it_does_not_take() -> None:
    """As the walk-through itself sends it."""
    assert {name.lstrip(".") for name in re.findall(r"\.\w+", commands._NOT_SENT)} == READ_ONLY


@pytest.mark.parametrize("text", HOSTILE)
def test_no_value_breaks_out_of_its_word(text: str, needs: Needs) -> None:
    """Each is just the argument that was meant, also within JSON and beside a variable."""
    known = {**VALUES, "username": text, "email": text, "api_id": text, "region": "eu-west-1"}
    word = told_by(needs, cli_of(by_id("method"), {**known, "root_id": "r"}))
    assert word[2:4] == (["--rest-api-id", text] if text[:1] != "-" else [f"--rest-api-id={text}", "--resource-id"])
    attached = told_by(needs, f"AUTHORIZER_ID=a1\n{cli_of(by_id('attach'), {**known, 'root_id': 'r'})}")
    (patch,) = (json.loads(argument) for argument in attached if argument.startswith("[{"))
    assert patch[1] == {"op": "replace", "path": "/authorizerId", "value": "a1"}
    source = told_by(needs, cli_of(by_id("permission"), known))
    assert source[source.index("--source-arn") + 1] == f"arn:aws:execute-api:eu-west-1:123456789012:{text}/*/POST/"
    user = told_by(needs, f"POOL_ID=p TEMPORARY_PASSWORD=t\n{cli_of(by_id('user'), known)}")
    (attributes,) = (json.loads(argument) for argument in user if argument.startswith("[{"))
    assert attributes[0] == {"Name": "email", "Value": text}
    # Beside a variable.
    captured = cli_of(by_id("authorizer"), {**VALUES, "account": text})
    arn = told_by(needs, f"POOL_ID=p API_ID=a\n{captured}\nprintf '%s\\n' \"$AUTHORIZER_ID\"")
    assert f"arn:aws:cognito-idp:ap-northeast-1:{text}:userpool/p" in arn


@pytest.mark.parametrize("text", HOSTILE)
def test_no_value_is_code_of_jq(text: str, needs: Needs) -> None:
    """The challenge's answer is the object that was meant."""
    known = {**VALUES, **IDS, "username": text}
    call = next(line for line in cli_of(CHALLENGE, known).splitlines() if line.startswith("PASSWORD="))
    call = call.removesuffix(" |").replace(" jq ", f" {needs('jq')} ")
    found = bash(needs, call, PASSWORD='a"b\\(1)$x')
    assert json.loads(found.stdout) == {"USERNAME": text, "NEW_PASSWORD": 'a"b\\(1)$x'}


@pytest.mark.parametrize(
    "text", ["file:///etc/passwd", "fileb://x", "https://example.com/x", "\x1b[31m", "a\nb", "\u202e"]
)
def test_what_would_act_elsewhere_is_not_filled_in(text: str) -> None:
    """The AWS CLI would load a file, a terminal would act: a variable stands there instead."""
    shown = cli_of(by_id("method"), {**VALUES, "api_id": text, "root_id": "r1"})
    assert text not in shown
    assert '--rest-api-id "$API_ID"' in shown


def test_two_ids_are_two_lines() -> None:
    """The API's and that of its root; the second asks for the API just made, whatever was known before."""
    first, second = (line for line in cli_of(by_id("api"), {**VALUES, **IDS}).splitlines() if "=$(" in line)
    assert first.startswith("API_ID=$(aws apigateway create-rest-api ")
    assert second.startswith('ROOT_ID=$(aws apigateway get-rest-api --rest-api-id "$API_ID" ')
    assert second.endswith("--query rootResourceId --output text)")


def test_the_challenge_is_answered_as_the_user() -> None:
    """Seed, the second way, put right: USERNAME; the Session stands in no argument."""
    shown = cli_of(CHALLENGE, VALUES)
    assert "initiate-auth --auth-flow USER_PASSWORD_AUTH" in shown
    assert "--challenge-name NEW_PASSWORD_REQUIRED" in shown
    assert '{"USERNAME": "hanako", "NEW_PASSWORD": env.PASSWORD}' in shown
    assert "--session file://<(printf '%s' \"$SESSION\")" in shown


def test_undoing() -> None:
    """Only of what is a thing of its own."""
    assert undo_of(by_id("pool"), IDS | VALUES) == (
        "aws cognito-idp delete-user-pool --user-pool-id ap-northeast-1_AbCdEf123 --region ap-northeast-1"
    )
    assert undo_of(by_id("pool"), VALUES) == (
        'aws cognito-idp delete-user-pool --user-pool-id "$POOL_ID" --region ap-northeast-1'
    )
    assert undo_of(by_id("attach"), VALUES) is None


# -- the script --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first_password", ["admin", "user"])
def test_the_script_asks_for_what_it_needs_first(first_password: Any, needs: Needs) -> None:
    """It is bash, and calls nothing without the passwords."""
    text = script(writes_for(Choices(first_password=first_password)), VALUES)
    assert bash(needs, f"exec {needs('bash')} -n <<'END_OF_SCRIPT'\n{text}\nEND_OF_SCRIPT").returncode == 0
    wanted = re.findall(r'^: "\$\{(\w+):\?\}"$', text, re.MULTILINE)
    assert sorted(wanted) == ["PASSWORD", "TEMPORARY_PASSWORD"]
    done = bash(needs, f"aws() {{ echo called; }}\n{text}", PASSWORD="canary-1")
    assert (done.returncode == 0, done.stdout) == (False, "")
    assert "TEMPORARY_PASSWORD" in done.stderr


def test_what_is_made_before_is_asked_for() -> None:
    """The rest of a run that was interrupted: ids that are known stand there, others come from the environment."""
    rest = WRITES[10:]
    assert ': "${API_ID:?}"' in script(rest, VALUES)
    assert ': "${API_ID:?}"' not in script(rest, {**VALUES, **IDS})
    assert "a1b2c3d4e5" in script(rest, {**VALUES, **IDS})
    whole = script(WRITES, {**VALUES, **IDS})
    assert [name for name, value in IDS.items() if value in whole] == []


@pytest.mark.parametrize(("refusals", "made"), [(0, True), (2, True), (999, False)])
def test_what_passes_by_itself_is_waited_for(refusals: int, made: bool, needs: Needs) -> None:
    """Lambda does not know a new role at once; a refusal for good ends the script before the next call."""
    fake = f"""
left={refusals} slept=0
sleep() {{ slept=$((slept + 1)); }}
mktemp() {{ echo /; }}
cat() {{ :; }}; chmod() {{ :; }}; python3() {{ :; }}; rm() {{ :; }}
aws() {{
  if [ "$2" = create-function ] && [ "$left" -gt 0 ]; then left=$((left - 1)); return 254; fi
  echo "$1 $2 $slept"
}}
"""
    text = script([by_id("role"), by_id("function"), by_id("log-group")], VALUES)
    text = text.replace("> lambda_function.py ", "")  # nothing is written
    done = bash(needs, fake + text)
    expected = ["iam create-role 0"]
    if made:
        later = ["lambda create-function", "lambda wait", "logs create-log-group"]
        expected += [f"{call} {refusals}" for call in later]
    assert (done.returncode == 0, done.stdout.splitlines(), done.stderr) == (made, expected, "")


def test_the_script_stops_at_a_refusal(needs: Needs) -> None:
    """Within a substitution too: nothing is called with an empty id."""
    fake = 'aws() { echo "$2" >&2; [ "$2" != create-user-pool ]; }\n'
    text = script([by_id("pool"), by_id("client")], VALUES)
    done = bash(needs, fake + text)
    assert (done.returncode == 0, done.stderr.split()) == (False, ["create-user-pool"])


def test_a_write_without_a_region_asks_for_it() -> None:
    """What a plan always knows, and another caller may not."""
    shown = cli_of(replace(by_id("log-group"), params={"logGroupName": "x"}), {})
    assert shown == 'aws logs create-log-group --log-group-name x --region "$REGION"'
