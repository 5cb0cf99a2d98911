"""`cogwizard onboard --describe` and `--check`: a working set-up told to others, and joining it."""

import argparse
import sys
from pathlib import Path

from cogwizard.commands.asking import ask, ask_secret, can_ask, confirm
from cogwizard.commands.aws_settings import settings_of
from cogwizard.commands.challenges import announce, answers_to
from cogwizard.commands.output import Exit, UsageError, put, read_secret, say
from cogwizard.commands.report import write
from cogwizard.describe import Described, NotDescribed, describe, team_of
from cogwizard.files import NotWritten
from cogwizard.files import write as write_file
from cogwizard.intake.errors import BadInput
from cogwizard.intake.team import FILE, find_team, read_team, write_team
from cogwizard.joining import Join, NotProven
from cogwizard.model.call import SAFE_METHODS
from cogwizard.model.inert import inert
from cogwizard.model.team import Team
from cogwizard.ports import Ports
from cogwizard.report import join as report
from cogwizard.text import Texts

_MOST_READ = 1024 * 1024  # bytes: more of a file is not read, and `read_team` refuses far less


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Describe or check, and return the exit code. Raises UsageError, BadInput, SetupError, BadName."""
    return _describe(options, texts) if options.describe else _check(options, texts)


# -- telling others ----------------------------------------------------------------------------------------------------


def _describe(options: argparse.Namespace, texts: Texts) -> int:
    try:
        found = _described(options)
    except NotDescribed as error:
        say(f"cogwizard: {texts.screen('join', error.key, **error.params)}")
        return Exit.INCONCLUSIVE
    for key, params in found.notes:
        say(texts.screen("join", key, **params))
    text = write_team(found.team)
    if options.out == "-":
        put(text)
        return Exit.OK
    try:
        path = write_file(options.out, text, over=options.force)
    except NotWritten as error:
        if error.key == "exists":
            raise UsageError("export-exists", path=error.path) from None
        say(f"cogwizard: {texts.screen('save', error.key, path=inert(error.path, 300))}")
        return Exit.USAGE
    put(inert(str(path), 4000))
    return Exit.OK


def _described(options: argparse.Namespace) -> Described:
    """Raises NotDescribed, UsageError without anything to describe."""
    ports = Ports(settings_of(options, options.profile))
    if options.url or options.rest_api_id:
        return describe(
            ports,
            url=options.url,
            rest_api_id=options.rest_api_id,
            stage=options.stage,
            region=options.region,
            user_pool_id=options.user_pool_id,
            client_id=options.client_id,
            docs=options.docs,
        )
    from cogwizard.commands.onboard import walkthrough

    walk = walkthrough(options, ports)
    try:
        walk.prepare(ahead=False)
        return Described(team_of(walk.values))
    except KeyError:
        raise UsageError("describe-what") from None
    finally:
        walk.close()


# -- joining -----------------------------------------------------------------------------------------------------------


def _team(options: argparse.Namespace) -> tuple[Path, Team]:
    """Return the file and what it names. Raises UsageError, BadInput."""
    path = Path(options.file) if options.file else find_team(Path.cwd())
    if path is None:
        raise UsageError("no-team-file")
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError("file-unreadable", path=path, error=reason) from None
    return path, read_team(data)


def _check(options: argparse.Namespace, texts: Texts) -> int:
    path, team = _team(options)
    _introduce(path, team, texts)
    username = options.username or (ask(texts.screen("signin", "ask username")) if can_ask() else None)
    join = Join(Ports(settings_of(options, options.profile)), team, username or None)
    join.look()
    if username and (options.password is not None or can_ask()) and not _stands_in_the_way(join):
        _go_on(join, options, texts)
    write(report.build(join, texts), options, texts, sys.stdout)
    return Exit.of(join.outcome())


def _introduce(path: Path, team: Team, texts: Texts) -> None:
    """Say what the file names before anything is asked of AWS: whoever wrote it is not known."""
    say(texts.screen("onboard_command", "team file", path=inert(str(path), 300)))
    for label, value in report.file_lines(team, texts):
        say(f"  {label}: {value}")


def _stands_in_the_way(join: Join) -> bool:
    return any(item.verdict == "fail" for item in join.findings())


def _go_on(join: Join, options: argparse.Namespace, texts: Texts) -> None:
    """Sign in and call; what refuses becomes findings. What is not proven to be the user's own is asked for."""
    prompt = texts.screen("signin", "ask PASSWORD")
    given = options.password
    password = ask_secret(prompt) if given is None else read_secret(given, kinds=("password",))
    try:
        went_well = join.sign_in(password)
    except NotProven as error:
        if not _agreed(error, options, texts):
            return
        went_well = join.sign_in(password, agreed=True)
    while went_well and join.login is not None and join.login.challenge is not None:
        announce(join.login.challenge, join.login, texts)
        answers = answers_to(join.login.challenge, {}, texts)
        if answers is None:
            return
        went_well = join.answer(answers)
    if join.login is None or join.login.tokens is None or join.joining.called is None:
        return
    try:
        join.call(asked=_may_call(join, options, texts))
    except NotProven as error:
        if _agreed(error, options, texts):
            join.call(asked=_may_call(join, options, texts), agreed=True)
    except ValueError:
        say(texts.screen("onboard_command", "no route"))
        return
    _export(join, options, texts)


def _agreed(error: NotProven, options: argparse.Namespace, texts: Texts) -> bool:
    question = texts.screen("join", error.key)
    if options.yes or (can_ask() and confirm(question)):
        return True
    say(f"cogwizard: {question}")
    return False


def _may_call(join: Join, options: argparse.Namespace, texts: Texts) -> bool:
    """Whether a call that may change something is to be made: with a right token it reaches the backend."""
    method, path = join.joining.called or ("GET", "/")
    if method in SAFE_METHODS or options.yes:
        return True
    return can_ask() and confirm(texts.screen("onboard_command", "may call", call=f"{method} {inert(path, 200)}"))


def _export(join: Join, options: argparse.Namespace, texts: Texts) -> None:
    """Write the Postman files where that was asked for."""
    if options.out == FILE or not join.is_through:
        return
    from cogwizard.files import write_all

    try:
        for path in write_all(options.out, join.export(), over=options.force):
            say(inert(str(path), 4000))
    except NotWritten as error:
        say(f"cogwizard: {texts.screen('save', error.key, path=inert(error.path, 300))}")
    except BadInput as error:
        say(f"cogwizard: {texts.message(error.key, error.params)}")
