"""`cogwizard postman`: the OAuth 2.0 checklist, an export that is ready to use, a check of an existing one."""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cogwizard.checklist import Checklist, export_of, lint
from cogwizard.commands.aws_settings import settings_of
from cogwizard.commands.diagnose import read_header
from cogwizard.commands.output import Exit, Log, UsageError, put, put_json, read_file, say
from cogwizard.commands.report import write
from cogwizard.diagnosis import Progress
from cogwizard.files import NotWritten, write_all
from cogwizard.intake.curl import read_curl
from cogwizard.intake.errors import BadInput
from cogwizard.intake.url import read_url
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.client import CLIENT_ID
from cogwizard.model.inert import inert, scrub
from cogwizard.model.pool import home_region
from cogwizard.model.postman import Setup
from cogwizard.model.read import Absent, Unread
from cogwizard.ports import Ports
from cogwizard.report import postman as report
from cogwizard.steps.checklist import outcome
from cogwizard.text import Texts

# Option -> Postman's key.
_ENTERED = {
    "grant": "grant_type",
    "redirect_uri": "redirect_uri",
    "auth_url": "authUrl",
    "token_url": "accessTokenUrl",
    "client_authentication": "client_authentication",
    "header_prefix": "headerPrefix",
}


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `postman checklist|export|lint` and return its exit code. Raises UsageError, BadInput, SetupError."""
    actions = {"checklist": _checklist, "export": _export, "lint": _lint}
    return actions[options.action](options, texts)


def _checklist(options: argparse.Namespace, texts: Texts) -> int:
    checklist = _looked(options, _call(options))
    if options.probe:
        checklist.probe()
    findings = checklist.findings()
    write(report.build(checklist.setup, findings, texts), options, texts, sys.stdout)
    return Exit.of(outcome(findings))


def _export(options: argparse.Namespace, texts: Texts) -> int:
    from cogwizard.postman.write import FORMS, files

    call = _call(options)
    if call is None:
        raise UsageError("postman-no-call")
    checklist = _looked(options, call)
    setup, findings = checklist.setup, checklist.findings()
    made = files(export_of(setup, call), tuple(dict.fromkeys(options.forms)) or FORMS[:1])
    try:
        paths = write_all(options.out, made, over=options.force)
    except NotWritten as error:
        if error.key == "exists":
            raise UsageError("export-exists", path=error.path) from None
        say(f"cogwizard: {texts.screen('save', error.key, path=inert(error.path, 300))}")
        return Exit.USAGE
    document = {**report.envelope(setup, findings, texts), "files": [str(path) for path in paths]}
    for item in findings:
        if item.verdict in ("fail", "warn"):
            say(scrub(f"{item.code}: {texts.summary(item)}"))
    if options.format == "json":
        put_json(document)
    else:
        put("\n".join(inert(str(path), 4000) for path in paths))
    return Exit.of(outcome(findings))


def _lint(options: argparse.Namespace, texts: Texts) -> int:
    from cogwizard.postman.document import is_v3_directory
    from cogwizard.postman.read import read_collection

    if [options.file, options.environment].count("-") > 1:
        raise UsageError("stdin-once")
    if is_v3_directory(Path(options.file)):
        raise BadInput("postman-v3")
    environment = read_file(options.environment, 64) if options.environment is not None else None
    collection = read_collection(read_file(options.file, 64), environment)
    if collection.requests_left_out:
        say(texts.message("postman-left-out", {"count": collection.requests_left_out}))
    setup, call = _setup(options), _call(options)
    ports = None if options.offline else Ports(settings_of(options, options.profile))
    done = lint(ports, collection, setup, _case(options, call) if call else None, _teller(options))
    document = report.build_file(done.setup, done.findings, done.unread, collection, texts)
    write(document, options, texts, sys.stdout)
    return Exit.of(outcome(done.findings, offline=options.offline))


# -- what the options say ----------------------------------------------------------------------------------------------


def _looked(options: argparse.Namespace, call: Call | None) -> Checklist:
    """Return the checklist with all that could be read. Raises UsageError without an app client to read."""
    setup = _setup(options)
    if not setup.client_id:
        raise UsageError("postman-no-client")
    if not setup.user_pool_id and call is None:
        raise UsageError("postman-no-pool")
    checklist = Checklist(Ports(settings_of(options, options.profile)), setup)
    if call is not None:
        checklist.look_at_call(_case(options, call))
    checklist.look(_teller(options))
    return checklist


def _setup(options: argparse.Namespace) -> Setup:
    """Return what is meant, and what is entered. Raises UsageError for ids that are none."""
    pool, client = options.user_pool_id, options.client_id
    if pool is not None and not home_region(pool):
        raise UsageError("bad-pool-id")
    if client is not None and not CLIENT_ID.fullmatch(client):
        raise UsageError("bad-client-id")
    entered = {
        key: getattr(options, name) for name, key in _ENTERED.items() if getattr(options, name, None) is not None
    }
    scopes = [scope for item in getattr(options, "scope", []) for scope in item.split()]
    if scopes:
        entered["scope"] = " ".join(scopes)
    setup = Setup(options.region, client, pool, options.postman, entered)
    return replace(setup, offline=getattr(options, "offline", False))


def _call(options: argparse.Namespace) -> Call | None:
    """Return the call that the token is for. Raises UsageError and BadInput."""
    headers = tuple(read_header(item) for item in getattr(options, "header", []))
    if getattr(options, "curl", None) is None:
        return Call(options.method or "GET", options.url, headers) if options.url else None
    if options.url:
        raise UsageError("conflicting-calls")
    call, _ = read_curl(read_file(options.curl, 1))
    return replace(call, method=options.method or call.method, headers=(*call.headers, *headers))


def _case(options: argparse.Namespace, call: Call) -> Case:
    """Return the case of a call, for what its method wants. Raises BadInput."""
    target = read_url(call.url, options.rest_api_id, options.stage)
    return Case(call, target, time.time(), region=options.region, offline=getattr(options, "offline", False))


def _teller(options: argparse.Namespace) -> Callable[[Progress[Setup]], None]:
    """Return what tells the reads as they end: to standard error with -v, to the log in any case."""
    log = Log(options.log)

    def tell(progress: Progress[Setup]) -> None:
        value = progress.value
        if value is not None:
            error = value.error if isinstance(value, Absent | Unread) else "ok"
            line = f"{progress.seconds:6.2f} s  {progress.read.action:46} {error}"
            log.line(line)
            if options.verbose:
                say(scrub(line))

    return tell
