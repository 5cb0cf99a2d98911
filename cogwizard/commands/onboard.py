"""`cogwizard onboard`: the walk-through from nothing to the first 200 without the wizard, and joining an API."""

import argparse
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import replace

from cogwizard.aws.calls import CallFailed
from cogwizard.commands.asking import can_ask
from cogwizard.commands.aws_settings import settings_of
from cogwizard.commands.diagnose import diagnose
from cogwizard.commands.output import Exit, Log, UsageError, colour_wanted, put, put_json, read_secret, say, vault
from cogwizard.intake.url import read_url
from cogwizard.login import Login
from cogwizard.model.answer import Answer
from cogwizard.model.build import BadChoice, Choices
from cogwizard.model.case import Case
from cogwizard.model.inert import fingerprint, inert, scrub
from cogwizard.model.read import Unread
from cogwizard.onboarding.first_call import call_for, claims_of, greets
from cogwizard.onboarding.journal import JournalError
from cogwizard.onboarding.plan import Plan
from cogwizard.onboarding.run import NotMade, Progress
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.ports import Ports
from cogwizard.report import document, onboard, onboard_text
from cogwizard.report import signin as signin_report
from cogwizard.report.document import Document
from cogwizard.report.onboard_given import Half
from cogwizard.text import Texts

_YES = ("y", "yes", "はい")


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `onboard` and return its exit code. Raises UsageError, BadInput, SetupError, BadName."""
    if options.describe or options.check:
        from cogwizard.commands import onboard_join

        return onboard_join.run(options, texts)
    if not (options.plan or options.apply or options.teardown):
        from cogwizard.commands import onboard_join, wizard

        if wizard.has_terminal():
            return wizard.open_wizard(options, texts, journey="onboard")
        return onboard_join.run(options, texts)
    walk = walkthrough(options, Ports(settings_of(options, options.profile)))
    try:
        plan = walk.prepare(ahead=not options.teardown)
        if options.teardown:
            return _teardown(walk, plan, options, texts)
        return _apply(walk, plan, options, texts) if options.apply else _plan(walk, plan, options, texts)
    except CallFailed as error:
        say(f"cogwizard: {texts.screen('onboard_command', 'no answer', action=error.action, error=error.error)}")
        if error.detail:
            say(scrub(error.detail))
        return Exit.INCONCLUSIVE
    except JournalError as error:
        raise UsageError(error.key, path=error.path) from None
    except KeyboardInterrupt:
        if walk.is_begun:
            say(f"\ncogwizard: {texts.screen('onboard_command', 'broken off')}")
        raise
    finally:
        walk.close()


def walkthrough(options: argparse.Namespace, ports: Ports) -> Walkthrough:
    """Return the walk-through that the options name. Raises UsageError for a choice that AWS would not take."""
    given = {name: getattr(options, name) for name in ("name", "stage", "username", "email", "first_password")}
    try:
        return Walkthrough(ports, Choices(**{name: value for name, value in given.items() if value is not None}))
    except BadChoice as error:
        raise UsageError(f"choice-{error.key}") from None


def _states(walk: Walkthrough) -> dict[str, str]:
    return dict(walk.journal.states) if walk.journal else {}


# -- the plan ----------------------------------------------------------------------------------------------------------


def _plan(walk: Walkthrough, plan: Plan, options: argparse.Namespace, texts: Texts) -> int:
    _write(onboard.plan_document(plan, _states(walk), texts, walk.values), options, texts)
    if plan.is_stopped:
        return Exit.FAULT
    return Exit.INCONCLUSIVE if any(notice.kind == "unknown" for notice in plan.notices) else Exit.OK


def _agreed(question: str, options: argparse.Namespace, texts: Texts) -> bool:
    """Ask for the consent: on a terminal, or as a line of standard input. Nobody to ask is no."""
    if options.yes:
        return True
    sys.stderr.write(f"{question} [y/N]: ")
    sys.stderr.flush()
    reads_password = options.password == "-"
    line = "" if reads_password or sys.stdin is None else sys.stdin.readline()
    if not can_ask():
        say("")
    if line.strip().lower() in _YES:
        return True
    say(f"cogwizard: {texts.screen('onboard_command', 'not agreed')}")
    return False


# -- making it ---------------------------------------------------------------------------------------------------------


def _apply(walk: Walkthrough, plan: Plan, options: argparse.Namespace, texts: Texts) -> int:
    if options.password is not None:
        walk.hidden.password = read_secret(options.password, kinds=("password",))
    states = _states(walk)
    is_over = all(states.get(write.id) == "done" for write in plan.writes)
    if plan.is_stopped and not is_over:
        return _plan(walk, plan, options, texts)
    planned = onboard.plan_document(plan, states, texts, walk.values)
    say(onboard_text.render(planned, texts, columns=_columns()))
    if walk.is_begun:
        say(texts.screen("onboard_command", "going on"))
    is_renewed = states.get("password") == "done" and options.password is None
    if is_renewed:
        say(texts.screen("onboard_command", "password anew"))
    if not _agreed(texts.screen("onboard_command", "asks"), options, texts):
        return Exit.USAGE
    made: list[Progress] = []
    failed: NotMade | None = None
    first = second = None
    walk.begin(plan.agree())
    try:
        _make(walk.make(), made, options, texts)
        if is_renewed:
            _make(walk.renew_password(), made, options, texts)
        first = _first_half(walk, texts)
        second = _second_half(walk, texts)
    except NotMade as error:
        failed = error
    found = onboard.run_document(
        plan, _states(walk), texts, walk.values, made=made, failed=failed, first=first, second=second
    )
    if failed is not None and failed.failed.reason in ("denied", "credentials", "unreachable", "throttled"):
        found["outcome"] = "inconclusive"
    _write(found, options, texts)
    if options.save is not None and failed is None:
        _keep(walk, options.save, texts)
    return Exit.of(found["outcome"])


def _make(progress: Iterable[Progress], made: list[Progress], options: argparse.Namespace, texts: Texts) -> None:
    """Make, and tell to standard error how far it is."""
    log = Log(options.log)
    for item in progress:
        if item.state == "done":
            made.append(item)
            for key, detail in item.warnings:
                say(texts.screen("onboard", f"warning {key}", detail=inert(detail, 200)))
        line = f"{item.write.id:20} {item.write.action:38} {texts.screen('onboard_command', f'state {item.state}')}"
        log.line(line)
        if item.state in ("done", "retrying") or options.verbose:
            say(line)


def _first_half(walk: Walkthrough, texts: Texts) -> Half:
    login = walk.sign_in()
    if login.tokens is None or login.tokens.id_token is None:
        return Half(signed_in=False, report=_refused(login, texts))
    test, answer = walk.test(), walk.call()
    half = Half(True, test=test, without_token=walk.shown.without_token, answer=answer)
    return _called(walk, login, answer, half, texts)


def _second_half(walk: Walkthrough, texts: Texts) -> Half:
    refused = walk.without_hash()
    login = walk.sign_in_with_secret()
    if login.tokens is None or login.tokens.id_token is None:
        return Half(signed_in=False, refused=refused, report=_refused(login, texts))
    answer, made = walk.call_with_secret(), walk.hash_steps()
    shown = (made.message, _secret(made.secret), _secret(made.value)) if made else None
    return _called(walk, login, answer, Half(True, refused, answer=answer, hash=shown), texts)


def _secret(value: str) -> str:
    return f"secret {fingerprint(value)}"


def _refused(login: Login, texts: Texts) -> Document:
    login.confirm()
    return signin_report.build(login.attempt, login.findings(), texts, login.endpoint)


def _called(walk: Walkthrough, login: Login, answer: Answer | Unread, half: Half, texts: Texts) -> Half:
    """Return what came of a call; one that was not answered by the function is diagnosed."""
    if isinstance(answer, Answer) and greets(answer):
        return replace(half, greets=True, claims=claims_of(answer))
    token = login.tokens.id_token if login.tokens else None
    call = call_for(walk.url, token)
    case = Case(call, read_url(call.url, None, None), time.time(), region=walk.region, replay=True)
    return replace(half, report=document.build(diagnose(case, walk.ports.settings), texts))


def _keep(walk: Walkthrough, name: str, texts: Texts) -> None:
    """Keep the user's password in the keyring, as was asked."""
    about = {"username": walk.values["username"], "user_pool_id": walk.values["pool_id"]}
    saved = vault().save(name, "password", walk.hidden.password, about)
    if saved.stored:
        say(f"cogwizard: {texts.vault('stored', name=name, kind='password', backend=saved.backend)}")
    else:
        say(f"cogwizard: {texts.vault('not stored', name=name)}")


# -- taking it away ----------------------------------------------------------------------------------------------------


def _teardown(walk: Walkthrough, plan: Plan, options: argparse.Namespace, texts: Texts) -> int:
    if not walk.is_begun:
        say(f"cogwizard: {texts.screen('onboard', 'nothing to remove')}")
        if options.format == "json":
            put_json(onboard.removal_document(plan, [], texts))
        return Exit.OK
    planned = onboard.run_document(plan, _states(walk), texts, walk.values)
    for item in planned["undo"]:
        say(f"  {item['removes']}")
    if not _agreed(texts.screen("onboard", "removing asks"), options, texts):
        return Exit.USAGE
    found = onboard.removal_document(plan, walk.remove(), texts)
    _write(found, options, texts)
    remains = any(item["state"] == "remains" for item in found["removed"])
    return Exit.INCONCLUSIVE if remains else Exit.OK


# -- showing it --------------------------------------------------------------------------------------------------------


def _columns() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() or sys.stderr.isatty() else None


def _write(found: Document, options: argparse.Namespace, texts: Texts) -> None:
    """Write a document of the walk-through to standard output."""
    if options.format == "json":
        put_json(found)
    elif options.format == "markdown":
        put(onboard_text.render_markdown(found, texts))
    else:
        colour = colour_wanted(options.no_color, sys.stdout)
        put(onboard_text.render(found, texts, colour=colour, verbose=bool(options.verbose), columns=_columns()))
