"""What is going to be made, shown before anything is: the writes, what they need, what stands in their way."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from cogwizard.aws.calls import CallFailed, Calls
from cogwizard.model.build import Choices
from cogwizard.model.write import Write, starred
from cogwizard.onboarding.look import READ_PERMISSIONS, listed, look
from cogwizard.steps import ONBOARD
from cogwizard.steps.onboard import OWN_API_ARN
from cogwizard.steps.onboard_password import CHALLENGE

# Default quotas of an account in a region [D: the services' quota pages]; they can be raised.
_MOST_POOLS, _MOST_APIS = 1000, 600
_TEST = ("apigateway:POST", f"{OWN_API_ARN}/authorizers/*")
_UNIQUE = ("role", "log-group", "function")  # of which an account has one of a name
Kind = Literal["stops", "note", "unknown"]


@dataclass(frozen=True)
class Notice:
    """What is said before the consent. `key` names the sentence `notice {key}`; what `stops` lets nothing be made."""

    kind: Kind
    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Consent:
    """The user has seen these writes, by their digest, and agreed. Made by `Plan.agree` alone."""

    digest: str


@dataclass(frozen=True)
class Plan:
    """All writes in order, filled in with `values`, as far as these are known."""

    choices: Choices
    values: Mapping[str, str]
    writes: tuple[Write, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        shown = json.dumps([[w.id, w.action, repr(w.params)] for w in self.writes] + [sorted(self.values.items())])
        return hashlib.sha256(shown.encode()).hexdigest()

    @property
    def is_stopped(self) -> bool:
        """Whether something stands in its way."""
        return any(notice.kind == "stops" for notice in self.notices)

    def agree(self) -> Consent:
        """Take the user's yes to what was shown."""
        return Consent(self.digest)

    def permissions(self) -> list[tuple[str, str]]:
        """Return the IAM actions that are needed, each with its ARN; ids that are not known yet are `*`."""
        written = [item for write in self.writes for item in write.permissions]
        needed = dict.fromkeys([*written, *READ_PERMISSIONS, _TEST])
        return [(action, starred(resource, self.values)) for action, resource in needed]


def writes_for(choices: Choices) -> tuple[Write, ...]:
    """Return all writes of the walk-through, in order."""
    found = [write for step in ONBOARD for write in step.writes]
    if choices.first_password == "user":
        found = [CHALLENGE if write.id == CHALLENGE.id else write for write in found]
    return tuple(found)


def step_of(write: str) -> str:
    """Return the id of the step that makes a write. Raises StopIteration for one that is none."""
    return next(step.id for step in ONBOARD for each in step.writes if each.id == write)


def look_ahead(calls: Calls, plan: Plan, *, is_begun: bool = False) -> Plan:
    """Return the plan with what can be said before: names in use, quotas, permissions. Writes nothing.

    `is_begun`: what has the run's names may be its own.
    """
    room = [note for note in _room(calls, plan.values) if not (is_begun and note.key.startswith("same name"))]
    return replace(plan, notices=(*_names(calls, plan.values), *room, *_allowed(calls, plan)))


def _names(calls: Calls, values: Mapping[str, str]) -> Iterable[Notice]:
    for write in _UNIQUE:
        try:
            seen = look(calls, write, values)
        except CallFailed as error:
            yield _not_known(error)
            continue
        if seen is not None and not seen.is_ours:
            named = {"role": values["role_name"], "log-group": f"/aws/lambda/{values['name']}"}
            yield Notice("stops", f"taken {write}", {"name": named.get(write, values["name"])})


def _room(calls: Calls, values: Mapping[str, str]) -> Iterable[Notice]:
    """Names that may be had twice, and how many there are."""
    listings = (
        ("pools", "cognito-idp", "ListUserPools", {"MaxResults": 60}, "UserPools", "Name", "NextToken", _MOST_POOLS),
        ("apis", "apigateway", "GetRestApis", {"limit": 500}, "items", "name", "position", _MOST_APIS),
    )
    for key, service, operation, params, items, name, token, most in listings:
        try:
            found = list(islice(listed(calls, service, operation, params, items, (token, token)), 2 * most))
        except CallFailed as error:
            yield _not_known(error)
            continue
        if any(item.get(name) == values["name"] for item in found):
            yield Notice("note", f"same name {key}", {"name": values["name"]})
        if len(found) >= most:
            yield Notice("note", f"quota {key}", {"count": str(len(found)), "most": str(most)})


def _allowed(calls: Calls, plan: Plan) -> Iterable[Notice]:
    """Ask IAM whether the caller may do all this. Where that cannot be asked, it is not known."""
    needed = plan.permissions()
    try:
        arn = str(calls.read("sts", "GetCallerIdentity", {}).get("Arn", ""))
        if arn.endswith(":root"):
            return  # whom no policy holds back, and who cannot be simulated
        denied: list[str] = []
        by_resource: dict[str, list[str]] = {}
        for action, resource in needed:
            by_resource.setdefault(resource, []).append(action)
        for resource, actions in by_resource.items():
            asked = {"PolicySourceArn": _principal(arn), "ActionNames": actions, "ResourceArns": [resource]}
            answer = calls.read("iam", "SimulatePrincipalPolicy", asked)
            denied += [
                f"{item['EvalActionName']} on {resource}"
                for item in answer.get("EvaluationResults") or ()
                if item.get("EvalDecision") != "allowed"
            ]
    except CallFailed as error:
        yield Notice("unknown", "permissions", {"action": error.action, "error": error.error})
        return
    except (LookupError, TypeError, AttributeError):
        yield Notice("unknown", "permissions", {"action": "iam:SimulatePrincipalPolicy", "error": "malformed"})
        return
    if denied:
        # It simulates identity policies alone; a service control policy may say otherwise: said, and not forbidden.
        yield Notice("note", "denied", {"permissions": "; ".join(dict.fromkeys(denied))})


def _principal(arn: str) -> str:
    """Return what policies hang on: of a session of a role, the role."""
    if ":assumed-role/" not in arn:
        return arn
    start, _, rest = arn.partition(":assumed-role/")
    return f"{start.replace(':sts:', ':iam:')}:role/{rest.partition('/')[0]}"


def _not_known(error: CallFailed) -> Notice:
    return Notice("unknown", "unread", {"action": error.action, "error": error.error})
