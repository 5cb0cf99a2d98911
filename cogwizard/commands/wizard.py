"""`cogwizard` without a command: the wizard."""

import argparse
import gc
import os
import sys

from cogwizard.commands.aws_settings import settings_of
from cogwizard.commands.output import Exit, Log, UsageError
from cogwizard.text import Texts

# Who has set one of these has said whose AWS is read: what was remembered does not overrule it.
_CHOSEN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID")


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Open the wizard and return its exit code. Raises UsageError without a terminal."""
    return open_wizard(options, texts)


def has_terminal() -> bool:
    """Whether there is a terminal to draw on and to read keys from. Textual draws on standard error."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def open_wizard(
    options: argparse.Namespace,
    texts: Texts,
    scenario: str | None = None,
    *,
    sandbox: bool = False,
    journey: str | None = None,
) -> int:
    """Open the wizard: at home, at the list of the sandbox or one of its scenarios, or at a journey by its action."""
    if not has_terminal():
        raise UsageError("no-terminal")
    gc.disable()  # hardly anything that is loaded is garbage: `ui.warm` turns it on again
    from cogwizard.ui.app import CogwizardApp
    from cogwizard.ui.crash import quiet
    from cogwizard.ui.remembered import load, save, state_file
    from cogwizard.ui.session import Session

    log = Log(options.log)
    if options.no_color:
        os.environ["NO_COLOR"] = "1"  # Textual's own switch
    path = state_file()
    remembered = load(path)
    if options.lang is None and remembered.language:
        texts = Texts(remembered.language)
    named = options.profile or any(os.environ.get(name) for name in _CHOSEN)
    settings = settings_of(options, options.profile if named else remembered.profile)
    session = Session(texts, settings, remembered, log=log.line)
    session.profile_is_remembered = settings.profile is not None and not named
    try:
        app = CogwizardApp(session, scenario, sandbox=sandbox, journey=journey)
        with quiet(log.line):
            app.run()
    finally:
        gc.enable()
        session.close()
        save(path, session.remembered)
    return Exit.INCONCLUSIVE if app.return_code else Exit.OK
