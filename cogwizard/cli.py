"""The command line: which command, which arguments, which exit code. What a command needs is imported when it runs."""

import argparse
from collections.abc import Sequence
from importlib import import_module

from cogwizard.arguments import parser
from cogwizard.commands.output import Exit, UsageError, complain, prepare_streams, speak
from cogwizard.parsers import defaults
from cogwizard.text import Texts, language


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (interface, section 1)."""
    prepare_streams()
    options = parser().parse_args(argv, defaults())
    texts = Texts(language(options.lang))
    speak(texts)
    try:
        return _run(options, texts)
    except UsageError as error:
        complain(texts, error.key, **error.params)
        return Exit.USAGE
    except KeyboardInterrupt:
        complain(texts, "interrupted")
        return Exit.INTERRUPTED
    except Exception as error:
        return _failed(error, options, texts)


def _run(options: argparse.Namespace, texts: Texts) -> int:
    if not 0.1 <= options.timeout <= 600:
        raise UsageError("bad-timeout", value=options.timeout)
    module = import_module(f"cogwizard.commands.{options.command or 'wizard'}")
    return int(module.run(options, texts))


def _failed(error: Exception, options: argparse.Namespace, texts: Texts) -> int:
    """Tell bad input and an unusable AWS set-up by their key; anything else is our bug, told without its content."""
    key, params = getattr(error, "key", None), getattr(error, "params", None)
    if isinstance(key, str) and isinstance(params, dict):
        complain(texts, key, **params)
        return Exit.USAGE
    is_writing = options.command == "onboard" and (options.apply or options.teardown)
    complain(texts, "crash-writing" if is_writing else "crash", error=_where(error))
    return Exit.INCONCLUSIVE


def _where(error: BaseException) -> str:
    """Return the type and place of a crash; never its text, which may hold what the user pasted."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} in {place}"
