"""Writes as commands of the AWS CLI, version 2, for bash: to read, to copy, to run. No secret stands in one.

What is not known is a shell variable: an id that an earlier command captures, a password from the environment.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cogwizard.model.client import DEFAULT_FLOWS
from cogwizard.model.function import FILE, SOURCE
from cogwizard.model.inert import inert
from cogwizard.model.write import SECRETS, Package, Write, fill

_WIDTH = 140  # characters of a line, as far as its words allow
_ZIP, _STDIN = "function.zip", "file:///dev/stdin"
# Round the name of a variable. Private characters: no value that is filled in holds one (`_shown`).
_OPEN, _CLOSE = "\ue000", "\ue001"
_VARIABLE = re.compile(f"{_OPEN}(\\w+){_CLOSE}")
# What DescribeUserPoolClient tells and UpdateUserPoolClient does not take (research 7.4 [D]; ClientType [D: BOTO]).
_NOT_SENT = "del(.ClientSecret, .ClientType, .LastModifiedDate, .CreationDate)"
# SECRET_HASH, and what is sent with it; the arguments are user name and app client id.
_HASHING = """
import base64, hmac, json, os, sys
name, client = sys.argv[1:]
digest = hmac.digest(os.environ["CLIENT_SECRET"].encode(), (name + client).encode(), "sha256")
secret_hash = base64.b64encode(digest).decode()
print(json.dumps({"USERNAME": name, "PASSWORD": os.environ["PASSWORD"], "SECRET_HASH": secret_hash}))"""
# What is read again for what an answer gives besides its first id: service, operation, parameters.
_READ_AGAIN = {"root_id": ("apigateway", "GetRestApi", {"restApiId": "{api_id}"})}


class _Shown(dict[str, str]):
    """What is filled in; a variable stands for what is not known."""

    def __missing__(self, name: str) -> str:
        return f"{_OPEN}{name.upper()}{_CLOSE}"


def _shown(values: Mapping[str, str], without: Iterable[str] = ()) -> _Shown:
    """Return what may be filled in: no secret, nothing that could act on a terminal, no file or address (`file://`)."""
    left_out = {*SECRETS, *without}
    is_plain = {name: inert(value, 1000) == value and "://" not in value for name, value in values.items()}
    return _Shown({name: value for name, value in values.items() if is_plain[name] and name not in left_out})


def kebab(name: str) -> str:
    """Return a member's or an operation's name as the AWS CLI has it: `userPoolId` -> `user-pool-id` [D: botocore].

    A plural in capitals is one word: `providerARNs` -> `provider-arns`.
    """
    if plural := re.search(r"[A-Z]{2,}s$", name):
        name = f"{name[: plural.start()]}-{plural.group().lower()}"
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1-\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()


def cli_of(write: Write, values: Mapping[str, str]) -> str:
    """Return the commands that do what a write does, and capture what it gives; some need jq.

    `values` fill them in. Secrets among these are left out: a password is `$PASSWORD` or `$TEMPORARY_PASSWORD`.
    """
    return "\n".join(_parts(write, _shown(values, write.gives)))


def undo_of(write: Write, values: Mapping[str, str]) -> str | None:
    """Return the command that takes away what a write made, None for one that makes nothing by itself."""
    return _aws(write.service, write.undo.operation, write.undo.params, _shown(values)) if write.undo else None


def sign_in_of(values: Mapping[str, str], client_id: str = "client_id", *, has_secret: bool = False) -> str:
    """Return the commands that sign the user in with name and password, and keep the ID token in `$TOKEN`.

    `client_id`: the name of the app client's id among `values`. `has_secret`: it has a client secret, which is read to
    compute SECRET_HASH (research 7.1 [D]). Neither of these stands in an argument, nor does the password.
    """
    shown = _shown(values)
    signing_in = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": f"{{{client_id}}}"}
    query, given = "AuthenticationResult.IdToken", [f"--auth-parameters {_STDIN}"]
    call = _aws("cognito-idp", "InitiateAuth", signing_in, shown, query, extra=given)
    if not has_secret:
        return _captured("token", f"{_jq({'USERNAME': '{username}', 'PASSWORD': '{password}'}, shown)} |\n  {call}")
    asked = {"UserPoolId": "{pool_id}", "ClientId": f"{{{client_id}}}"}
    secret = _aws("cognito-idp", "DescribeUserPoolClient", asked, shown, "UserPoolClient.ClientSecret")
    hashing = f"python3 -c '{_HASHING}' {_word(shown['username'])} {_word(shown[client_id])}"
    hashing = f'CLIENT_SECRET="$CLIENT_SECRET" PASSWORD="$PASSWORD" {hashing}'
    return "\n".join([_captured("client_secret", secret), _captured("token", f"{hashing} |\n  {call}")])


def authorizer_test_of(values: Mapping[str, str]) -> str:
    """Return the command that lets API Gateway test the authorizer with the ID token in `$TOKEN`; it prints 0."""
    shown = _shown(values)
    asked = {"restApiId": "{api_id}", "authorizerId": "{authorizer_id}"}
    given = [f"--headers {_STDIN}"]
    call = _aws("apigateway", "TestInvokeAuthorizer", asked, shown, "clientStatus", extra=given)
    return f'TOKEN="$TOKEN" jq -n \'{{"Authorization": env.TOKEN}}\' |\n  {call}'


def script(writes: Iterable[Write], values: Mapping[str, str]) -> str:
    """Return a bash script that does all of it, in order, and stops at the first refusal.

    What the writes give is captured, whatever `values` say. What else is not known is asked of the environment.
    """
    writes = tuple(writes)
    given = {name for write in writes for name in write.gives}
    shown = _shown(values, given)
    wanted = dict.fromkeys(name for write in writes for name in _needs(write) if name not in {*shown, *given})
    lines = ["#!/usr/bin/env bash", "set -euo pipefail", "export AWS_PAGER="]
    lines += [f': "${{{name.upper()}:?}}"' for name in wanted]
    if any(_has_package(write) for write in writes):
        lines += ["folder=$(mktemp -d)", "trap 'rm -rf \"$folder\"' EXIT", 'cd "$folder"']
    for write in writes:
        *before, call = _parts(write, shown)
        lines += ["", *before, *(_until(call) if write.until else [call])]
        if _has_package(write):
            lines.append(_aws("lambda wait", "FunctionActiveV2", {"FunctionName": "{name}"}, shown))
    return "\n".join(lines) + "\n"


def _until(call: str) -> list[str]:
    """What passes by itself is waited for, as long as a run of the walk-through waits."""
    tries = ["  attempts=$((attempts + 1))", '  [ "$attempts" -lt 30 ] || exit 1', "  sleep 3"]
    return ["attempts=0", f"until {call}; do", *tries, "done"]


def _needs(write: Write) -> list[str]:
    """Return the names that a write's commands wait for."""
    return sorted(write.names() | {"region"} | ({"temporary_password"} if _is_challenge(write) else set()))


def _is_challenge(write: Write) -> bool:
    return write.operation == "RespondToAuthChallenge"


def _has_package(write: Write) -> bool:
    return any(Package() in part.values() for part in write.params.values() if isinstance(part, Mapping))


# -- a write -----------------------------------------------------------------------------------------------------------


def _parts(write: Write, shown: _Shown) -> list[str]:
    """Return the commands of a write, one by one; several lines may make one."""
    if write.adds_flows:
        return _added_flows(write, shown)
    if _is_challenge(write):
        return _answered_challenge(write, shown)
    before = _packed() if _has_package(write) else []
    queries = {name: ".".join(path) for name, path in write.gives.items()}
    captured, *again = [*queries] or [""]
    call = _aws(write.service, write.operation, write.params, shown, queries.get(captured, ""))
    for name in SECRETS:
        if f"{{{name}}}" in write.params.values():
            # Not in the arguments: these are seen by everybody on the machine.
            call = f"printf '%s' {_word(shown[name])} |\n  {call}"
    found = [*before, _captured(captured, call) if captured else call]
    return [*found, *(_captured(name, _aws(*_READ_AGAIN[name], shown, queries[name])) for name in again)]


def _captured(name: str, call: str) -> str:
    return f"{name.upper()}=$({call})"


def _packed() -> list[str]:
    """The function's ZIP file. Lambda's own user must be able to read what is in it."""
    source = f"cat > {FILE} <<'EOF'\n{SOURCE}EOF"
    return [source, f"chmod 644 {FILE}", f"python3 -m zipfile -c {_ZIP} {FILE}"]


def _added_flows(write: Write, shown: _Shown) -> list[str]:
    """All that is told of an app client is sent back with the flows added: what is left out is lost (7.4 [D])."""
    change = (
        f"jq '{_NOT_SENT} |\n"
        f"    .ExplicitAuthFlows |= (. // {json.dumps(list(DEFAULT_FLOWS))}) |\n"
        f"    .ExplicitAuthFlows += {json.dumps(list(write.adds_flows))} - .ExplicitAuthFlows'"
    )
    told = _aws(write.service, "DescribeUserPoolClient", write.params, shown, "UserPoolClient", "json")
    # Not from standard input, which the AWS CLI reads twice for this option [run: 1.46.2]. There is no secret in it.
    sent = ['--cli-input-json "$CLIENT"']
    # The whole answer would hold the client secret.
    update = _aws(write.service, write.operation, {}, shown, "UserPoolClient.ExplicitAuthFlows", "text", sent)
    return [_captured("client", f"{told} |\n  {change}"), update]


def _answered_challenge(write: Write, shown: _Shown) -> list[str]:
    """Sign in with the temporary password, and answer with the Session of the challenge (seed, the second way)."""
    answers, challenge = write.params["ChallengeResponses"], write.params["ChallengeName"]
    client = {"ClientId": write.params["ClientId"]}
    given = [f"--auth-parameters {_STDIN}"]
    signing_in = {"AuthFlow": "USER_PASSWORD_AUTH", **client}
    start = _aws(write.service, "InitiateAuth", signing_in, shown, "Session", extra=given)
    first = _jq({"USERNAME": answers["USERNAME"], "PASSWORD": "{temporary_password}"}, shown)
    # Whoever has the Session can answer in the user's place: it is kept out of the arguments too.
    given = ["--session file://<(printf '%s' \"$SESSION\")", f"--challenge-responses {_STDIN}"]
    answering = {**client, "ChallengeName": challenge}
    # Of the answer only what is no token.
    query = "AuthenticationResult.TokenType"
    answer = _aws(write.service, write.operation, answering, shown, query, extra=given)
    return [_captured("session", f"{first} |\n  {start}"), f"{_jq(answers, shown)} |\n  {answer}"]


def _jq(value: Mapping[str, Any], shown: _Shown) -> str:
    """Return a call of jq that writes an object, whose passwords come from the environment of this one call."""
    program, given = json.dumps(fill(value, shown), ensure_ascii=False), ""
    for name in SECRETS:
        stands = json.dumps(shown[name], ensure_ascii=False)
        if stands in program:
            program = program.replace(stands, f"env.{name.upper()}")
            given += f"{name.upper()}={_word(shown[name])} "
    return f"{given}jq -n {_word(program)}"


# -- words and lines ---------------------------------------------------------------------------------------------------


def _aws(
    service: str,
    operation: str,
    params: Mapping[str, Any],
    shown: _Shown,
    query: str = "",
    output: str = "text",
    extra: Sequence[str] = (),
) -> str:
    """Return a call of the AWS CLI, folded; `extra`: options as they stand."""
    units = [unit for name, value in params.items() for unit in _option(name, value, shown)]
    units += extra
    units.append(f"--region {_word(shown['region'])}")
    if query:
        units += [f"--query {shlex.quote(query)}", f"--output {output}"]
    return _folded(f"aws {service} {kebab(operation)}", units)


def _option(name: str, value: Any, shown: _Shown) -> list[str]:
    """Return a parameter as an option with its value: one unit, or two where a line does not hold both."""
    option = f"--{kebab(name)}"
    if value == {"ZipFile": Package()}:
        return [f"--zip-file fileb://{_ZIP}"]
    if isinstance(value, bool):
        return [option if value else f"--no-{option[2:]}"]
    if value in [f"{{{secret}}}" for secret in SECRETS]:
        return [f"{option} {_STDIN}"]
    filled = fill(value, shown)
    if isinstance(filled, list) and all(isinstance(item, str) for item in filled):
        word = " ".join(map(_word, filled))
    elif isinstance(filled, str):
        word = _word(filled)
        if filled.startswith("-"):
            return [f"{option}={word}"]
    else:
        word = _word(json.dumps(filled, ensure_ascii=False))
    whole = f"{option} {word}"
    return [whole] if len(whole) < _WIDTH else [option, word]


def _word(text: str) -> str:
    """Return a text as one word of the shell that means just this text, its variables expanded."""
    parts = _VARIABLE.split(text)  # literal, name, literal, name, literal ...
    if len(parts) == 1:
        return shlex.quote(text)
    literals, names = parts[::2], parts[1::2]
    if not any(names) or any(set(literal) & set('"\\$`!\n') for literal in literals):
        pieces = [f'"${part}"' if at % 2 else shlex.quote(part) for at, part in enumerate(parts) if part]
        return "".join(pieces)
    if len(names) == 1 and not any(literals):
        return f'"${names[0]}"'
    return '"' + "".join(f"${{{part}}}" if at % 2 else part for at, part in enumerate(parts)) + '"'


def _folded(first: str, units: Iterable[str]) -> str:
    lines, line = [], first
    for unit in units:
        if len(line) + 1 + len(unit) > _WIDTH:
            lines.append(f"{line} \\")
            line = f"  {unit}"
        else:
            line += f" {unit}"
    return "\n".join([*lines, line])
