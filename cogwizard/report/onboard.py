"""The walk-through as documents: what is going to be made, what became of it, what was taken away. No secret in any.

An account number stands in commands alone: these must run (interface, section 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cogwizard.intake.mask import told
from cogwizard.model.answer import Answer
from cogwizard.model.inert import inert, mask_accounts, scrub
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.model.write import Write, starred
from cogwizard.report.commands import cli_of, undo_of
from cogwizard.report.document import Document
from cogwizard.report.onboard_given import Half, Made, NotDone, Planned, Removed, Said
from cogwizard.steps import ONBOARD
from cogwizard.text import Texts

SCHEMA = "cogwizard/onboard@1"
_STEPS = {write.id: step.id for step in ONBOARD for write in step.writes}
UNAUTHORIZED = 401  # the answer to a call without a token


def plan_document(
    plan: Planned, states: Mapping[str, str], texts: Texts, values: Mapping[str, str] | None = None
) -> Document:
    """Return what is going to be made as JSON-ready data.

    `states`: the journal's, by the id of a write. `values`: all that is known by name, the plan's own if left out.
    """
    known = {**plan.values, **(values or {})}
    steps = dict.fromkeys(_STEPS[write.id] for write in plan.writes)
    return {
        **_head(plan),
        "writes": [_write(write, states, known, texts) for write in plan.writes],
        "steps": {step: _snippets(step, known, texts) for step in steps},
        "permissions": policy(plan.permissions(), plan.values.get("account", "")),
        "notices": [_notice(notice, texts) for notice in plan.notices],
        "costs": texts.screen("onboard", "costs"),
        "undo": [_undo(write, known, texts) for write in _undone(plan.writes)],
    }


def run_document(
    plan: Planned,
    states: Mapping[str, str],
    texts: Texts,
    values: Mapping[str, str] | None = None,
    *,
    made: Iterable[Made] = (),
    failed: NotDone | None = None,
    first: Half | None = None,
    second: Half | None = None,
) -> Document:
    """Return the plan with what became of it as JSON-ready data: what was made, the proofs, what teardown would remove.

    `made`: the writes that were done here; `failed`: the one that was not, and ended it. `first`, `second`: what was
    proven of the halves without and with a client secret. `outcome`, `causes` as in every report.
    """
    found = plan_document(plan, states, texts, values)
    known = {**plan.values, **(values or {})}
    done = {each.write.id: each for each in made}
    for entry in found["writes"]:
        entry |= _proof(done.get(entry["id"]), texts)
    halves = {"first": first, "second": second}
    reports = [half.report for half in halves.values() if half and half.report]
    touched = [write for write in plan.writes if states.get(write.id) in ("intended", "done")]
    return {
        **found,
        "outcome": _outcome(found["writes"], failed, first, second),
        "causes": list(dict.fromkeys(code for report in reports for code in report["causes"])),
        "failed": _failed(failed, known, texts) if failed else None,
        **{name: _half(half) if half else None for name, half in halves.items()},
        "undo": [_undo(write, known, texts) for write in _undone(touched)],
    }


def removal_document(plan: Planned, removals: Iterable[Removed], texts: Texts) -> Document:
    """Return what was taken away as JSON-ready data. `outcome`: `healthy` once nothing of the run is left."""
    removed: list[Document] = []
    for removal in removals:
        if removal.state == "removing":
            continue
        what = _undoes(removal.write, plan.values, texts)
        error = told(removal.failed.error, 120) if removal.failed else None
        said = texts.screen("onboard", removal.state, **({"what": what, "error": error} if error else {}))
        removed.append(
            {"id": removal.write.id, "what": what, "state": removal.state, "error": error, "summary": scrub(said)}
        )
    remains = any(item["state"] == "remains" for item in removed)
    key = "some remain" if remains else "all gone" if removed else "nothing to remove"
    outcome = "fault" if remains else "healthy"
    return {**_head(plan), "outcome": outcome, "removed": removed, "summary": texts.screen("onboard", key)}


def policy(needed: Iterable[tuple[str, str]], account: str) -> Document:
    """Return an IAM policy, as it is pasted, that allows actions on ARNs; the account number stands as `*`.

    Actions of the same ARNs share a statement: a managed policy may have 6144 characters [D: IAM quotas].
    """
    resources: dict[str, list[str]] = {}
    for action, arn in needed:
        resources.setdefault(action, []).append(arn.replace(f":{account}:", ":*:") if account else arn)
    actions: dict[tuple[str, ...], list[str]] = {}
    for action, arns in resources.items():
        actions.setdefault(tuple(dict.fromkeys(arns)), []).append(action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": f"CogwizardOnboard{number}", "Effect": "Allow", "Action": allowed, "Resource": list(arns)}
            for number, (arns, allowed) in enumerate(actions.items(), 1)
        ],
    }


# -- parts -------------------------------------------------------------------------------------------------------------


def _head(plan: Planned) -> Document:
    values = plan.values
    return {
        "schema": SCHEMA,
        "run": inert(values.get("run", ""), 60),
        "region": told(values.get("region", ""), 60),
        "account": mask_accounts(inert(values.get("account", ""), 60)),
    }


def _write(write: Write, states: Mapping[str, str], known: Mapping[str, str], texts: Texts) -> Document:
    state = states.get(write.id, "planned")
    return {
        "id": write.id,
        "step": _STEPS[write.id],
        "action": write.action,
        "permission": f"{write.iam} on {starred(write.resource, {**known, 'account': '*'})}",
        "makes": scrub(texts.screen("onboard", f"makes {write.id}", **known)),
        "state": "planned" if state == "undone" else state,
        "cli": cli_of(write, known),
    }


def _snippets(step: str, known: Mapping[str, str], texts: Texts) -> Document:
    found = texts.onboard_snippets(step, known)
    return {tool: found.get(tool) for tool in ("terraform", "sam", "cdk")}


def _notice(notice: Said, texts: Texts) -> Document:
    said = texts.screen("onboard", f"notice {notice.key}", **{key: scrub(text) for key, text in notice.params.items()})
    return {"kind": notice.kind, "key": notice.key, "text": scrub(said, 4000)}


def _undone(writes: Sequence[Write]) -> list[Write]:
    """Return the writes whose things are taken away by themselves, in the order in which that is done."""
    return [write for write in reversed(writes) if write.undo is not None]


def _undoes(write: Write, known: Mapping[str, str], texts: Texts) -> str:
    return scrub(texts.screen("onboard", f"undoes {write.id}", **known))


def _undo(write: Write, known: Mapping[str, str], texts: Texts) -> Document:
    return {"id": write.id, "removes": _undoes(write, known, texts), "cli": undo_of(write, known)}


def _proof(made: Made | None, texts: Texts) -> Document:
    facts = made.seen.facts if made and made.seen else ()
    warnings = made.warnings if made else ()
    return {
        "proof": [{"label": texts.label(label), "value": told(value, 300)} for label, value in facts],
        "warnings": [scrub(texts.screen("onboard", f"warning {key}", detail=detail)) for key, detail in warnings],
    }


def _failed(failed: NotDone, known: Mapping[str, str], texts: Texts) -> Document:
    error, detail = told(failed.failed.error, 120), scrub(failed.failed.detail, 500)
    what = scrub(texts.screen("onboard", f"makes {failed.write.id}", **known))
    said = [texts.screen("onboard", "not made", what=what, error=error, detail=detail).strip()]
    if failed.failed.is_lost:
        said.append(texts.screen("onboard", "not made lost"))
    elif failed.permission:
        said.append(texts.screen("onboard", "needs", permission=scrub(failed.permission)))
    return {
        "id": failed.write.id,
        "error": error,
        "detail": detail,
        "permission": scrub(failed.permission) or None,
        "lost": failed.failed.is_lost,
        "summary": said,
    }


def _half(half: Half) -> Document:
    test = half.test
    tested = {"accepted": test.accepted, "status": test.client_status} if isinstance(test, AuthorizerTest) else None
    return {
        "signed_in": half.signed_in,
        "refused": [told(half.refused[0], 120), told(half.refused[1], 500)] if half.refused else None,
        "secret_hash": dict(zip(("text", "key", "value"), half.hash, strict=True)) if half.hash else None,
        "test": {"error": told(test.error, 120)} if isinstance(test, Unread) else tested,
        "without_token": _answer(half.without_token),
        "answer": _answer(half.answer, greets=half.greets, claims=half.claims),
        "report": half.report,
    }


def _answer(answer: Answer | Unread | None, **more: Any) -> Document | None:
    if answer is None:
        return None
    if isinstance(answer, Unread):
        return {"status": None, "error": told(answer.error, 120), **more}
    if "claims" in more:
        more["claims"] = {told(name, 100): told(value, 300) for name, value in more["claims"].items()}
    return {"status": answer.status, **more}


def _outcome(
    writes: Iterable[Mapping[str, Any]], failed: NotDone | None, first: Half | None, second: Half | None
) -> str:
    """`healthy`: all is made, and each half that was tried ended in the function's answer."""
    halves = [half for half in (first, second) if half]
    reported = {half.report["outcome"] for half in halves if half.report}
    if "fault" in reported or (failed and not failed.failed.is_lost):
        return "fault"
    is_made = all(write["state"] == "done" for write in writes)
    closed = first.without_token if first else None
    is_guarded = isinstance(closed, Answer) and closed.status == UNAUTHORIZED
    return "healthy" if is_made and is_guarded and all(half.greets for half in halves) else "inconclusive"
