"""`cogwizard diagnose`: one run without the wizard."""

import argparse
import ipaddress
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from cogwizard.aws.session import Settings
from cogwizard.commands import saved
from cogwizard.commands.aws_settings import settings_of
from cogwizard.commands.output import Exit, Log, UsageError, read_file, read_secret, say
from cogwizard.commands.refreshed import refreshed
from cogwizard.commands.report import write
from cogwizard.diagnosis import Progress, gather
from cogwizard.intake.curl import read_curl
from cogwizard.intake.response import read_response
from cogwizard.intake.url import read_url
from cogwizard.judgement import Judgement, judge
from cogwizard.model.call import SAFE_METHODS, Call, Target
from cogwizard.model.case import Case
from cogwizard.model.cors import origin_of
from cogwizard.model.inert import scrub
from cogwizard.model.read import Absent, Unread
from cogwizard.report import document
from cogwizard.steps import TROUBLESHOOT
from cogwizard.text import Texts


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `diagnose` and return its exit code. Raises UsageError, BadInput, SetupError."""
    log = Log(options.log)
    saved.check(options)
    if options.from_ is not None:
        judgement = saved.opened(options, texts)
        show(judgement, options, texts)
        return Exit.of(judgement.outcome)
    case, notes = read_case(options)
    for key, params in notes:
        say(texts.message(key, params))
    settings = Settings() if case.offline else settings_of(options, options.profile)
    case = refreshed(case, options.token, settings, texts)
    judgement = diagnose(case, settings, narrator(options.verbose, log))
    show(judgement, options, texts)
    if options.save is not None and not saved.save(judgement, options, texts):
        return Exit.USAGE
    return Exit.of(judgement.outcome)


Tell = Callable[[Progress[Case], str], None]


def diagnose(case: Case, settings: Settings, tell: Tell = lambda _progress, _place: None) -> Judgement:
    """Gather and judge a case; `tell` hears of each read and of the host that it goes to.

    Raises SetupError for an AWS set-up that cannot be used, also without a region.
    """
    if case.offline:
        return judge(case, TROUBLESHOOT)
    from cogwizard.ports import Ports

    ports = Ports(settings)
    case = ports.place(case)

    def on_progress(progress: Progress[Case]) -> None:
        tell(progress, ports.host(progress.read, case.emulated))

    return judge(gather(case, TROUBLESHOOT, ports.answer, on_progress, ports.patience), TROUBLESHOOT)


def show(judgement: Judgement, options: argparse.Namespace, texts: Texts) -> None:
    """Write the report in the wanted format to standard output."""
    write(document.build(judgement, texts), options, texts, sys.stdout)


def read_case(options: argparse.Namespace) -> tuple[Case, list[tuple[str, dict[str, object]]]]:
    """Return the case that the arguments describe, and notes to tell (message key, parameters).

    Raises UsageError and BadInput.
    """
    if [options.curl, options.har, options.response, options.token].count("-") > 1:
        raise UsageError("stdin-twice")
    notes: list[tuple[str, dict[str, object]]] = []
    recording = None
    if options.har is not None:
        from cogwizard.commands.recorded import read_recording
        from cogwizard.intake.har_case import recorded_case

        if options.url is not None or options.curl is not None:
            raise UsageError("har-conflicts")
        recording = read_recording(options.har, notes)
    call = _with_options(recording.entry.call, options) if recording else _call(options, notes)
    origin = _origin(options)
    if call is not None and origin is not None:
        call = call.with_header("Origin", origin)
    target = (
        read_url(call.url, options.rest_api_id, options.stage)
        if call
        else Target("execute-api", "", "/", options.rest_api_id, options.stage)
    )
    answer = recording.entry.answer if recording else None
    if options.response is not None:
        answer = read_response(read_file(options.response))
    token = read_secret(options.token, kinds=("token",)) if options.token is not None else None
    if options.source_ip is not None:
        try:
            ipaddress.ip_address(options.source_ip)
        except ValueError:
            raise UsageError("bad-source-ip") from None
    replay = call is not None and not options.no_call and (options.call or call.method.upper() in SAFE_METHODS)
    if call and not replay and not options.no_call and answer is None and not options.offline:
        notes.append(("not-replayed", {"method": call.method}))
    case = Case(
        call or Call("GET", ""),
        target,
        time.time(),
        region=options.region,
        answer=answer,
        given_token=token,
        source_ip=options.source_ip,
        offline=options.offline,
        replay=replay,
        call_given=call is not None,
        logs=options.logs,
        browser=origin is not None,
        origin=origin,
        probe=call is not None and not options.no_call,
    )
    return (recorded_case(case, recording, asked=options.call) if recording else case), notes


def _origin(options: argparse.Namespace) -> str | None:
    if options.origin is None:
        return None
    origin = origin_of(options.origin)
    if origin is None:
        raise UsageError("bad-origin")
    return origin


def _call(options: argparse.Namespace, notes: list[tuple[str, dict[str, object]]]) -> Call | None:
    if options.curl is not None:
        if options.url is not None:
            raise UsageError("conflicting-calls")
        call, ignored = read_curl(read_file(options.curl, 1))
        if ignored:
            notes.append(("ignored-options", {"options": ", ".join(ignored)}))
        return _with_options(call, options)
    if options.url:
        headers = tuple(read_header(item) for item in options.header)
        return Call(options.method or "GET", options.url, headers)
    if options.response is None:
        raise UsageError("no-call")
    return None


def _with_options(call: Call, options: argparse.Namespace) -> Call:
    for name, value in [read_header(item) for item in options.header]:
        call = call.with_header(name, value)
    return replace(call, method=options.method) if options.method else call


def read_header(item: str) -> tuple[str, str]:
    """Return name and value as curl reads them: one space after the colon belongs to the syntax."""
    name, colon, value = item.partition(":")
    if not colon:
        raise UsageError("bad-header")
    return name.strip(), value[1:] if value.startswith(" ") else value


def narrator(verbose: int, log: Log) -> Tell:
    """Return what tells the reads as they end: to standard error with -v, to the log in any case."""

    def tell(progress: Progress[Case], host: str) -> None:
        if progress.value is None:
            return
        result = "ok"
        if isinstance(progress.value, Unread):
            result = f"{progress.value.error} {progress.value.detail}".strip()
        elif isinstance(progress.value, Absent):
            result = progress.value.error
        names = ("rest_api_id", "stage", "user_pool_id", "region")
        place = " ".join(str(getattr(progress.read, name)) for name in names if hasattr(progress.read, name))
        line = f"{progress.seconds:6.2f} s  {progress.read.action:34} {host}  {place}  {result}"
        log.line(line)
        if verbose:
            say(scrub(line))

    return tell
