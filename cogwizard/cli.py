"""The command line: which command, which arguments, which exit code. What a command needs is imported when it runs."""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from cogwizard import __version__
from cogwizard.commands.output import Exit, UsageError, complain, prepare_streams
from cogwizard.text import Texts, language

_SOURCE = "- (standard input), @FILE or env:NAME"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (interface, section 1)."""
    prepare_streams()
    options = _parser().parse_args(argv, _defaults())
    texts = Texts(language(options.lang))
    try:
        return _run(options, texts)
    except UsageError as error:
        complain(texts, error.key, **error.params)
        return Exit.USAGE
    except KeyboardInterrupt:
        complain(texts, "interrupted")
        return Exit.INTERRUPTED
    except Exception as error:
        return _failed(error, texts)


def _run(options: argparse.Namespace, texts: Texts) -> int:
    if not 0.1 <= options.timeout <= 600:
        raise UsageError("bad-timeout", value=options.timeout)
    module = import_module(f"cogwizard.commands.{options.command or 'wizard'}")
    return int(module.run(options, texts))


def _failed(error: Exception, texts: Texts) -> int:
    """Tell bad input and an unusable AWS set-up by their key; anything else is our bug, told without its content."""
    key, params = getattr(error, "key", None), getattr(error, "params", None)
    if isinstance(key, str) and isinstance(params, dict):
        complain(texts, key, **params)
        return Exit.USAGE
    complain(texts, "crash", error=_where(error))
    return Exit.INCONCLUSIVE


def _where(error: BaseException) -> str:
    """Return the type and place of a crash; never its text, which may hold what the user pasted."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} in {place}"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with the usage code. What was typed is not repeated: it may be a secret in the wrong place."""
        self.print_usage(sys.stderr)
        hint = re.sub(r"(invalid \w+(?: value)?): .*?( \(choose from .*\))?$", r"\1\2", message, flags=re.DOTALL)
        if "unrecognized" in message or "ambiguous" in message or "ignored explicit" in message:
            hint = "unrecognized arguments; secrets are never arguments, see --help"
        self.exit(Exit.USAGE, f"{self.prog}: {hint}\n")


def _common(parser: argparse.ArgumentParser) -> None:
    """Add the common options, which may stand before or behind the command: only those that are given are set."""
    group = parser.add_argument_group("common options", argument_default=argparse.SUPPRESS)
    group.add_argument("--profile", help="AWS profile (default: AWS_PROFILE)")
    group.add_argument("--region", help="AWS region where the URL names none")
    group.add_argument("--endpoint-url", metavar="URL", help="send all AWS calls there, e.g. to an emulator")
    group.add_argument("--timeout", type=float, metavar="SECONDS", help="for each network call (10)")
    group.add_argument("--lang", choices=("en", "ja"), help="language (default: the locale's)")
    group.add_argument("--format", choices=("text", "json", "markdown"), help="of the report (text)")
    group.add_argument("--no-color", action="store_true", help="no colours (also NO_COLOR)")
    group.add_argument("-v", "--verbose", action="count", help="say what was read and how long it took")
    group.add_argument("--log", metavar="FILE", help="write what was read to FILE, redacted")


def _defaults() -> argparse.Namespace:
    return argparse.Namespace(
        profile=None,
        region=None,
        endpoint_url=None,
        timeout=10.0,
        lang=None,
        format="text",
        no_color=False,
        verbose=0,
        log=None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cogwizard",
        allow_abbrev=False,
        description="Finds out why an API Gateway REST API behind a Cognito authorizer answers 401, and proves it.",
        epilog="Example: cogwizard demo",
    )
    _common(parser)
    parser.add_argument("--version", action="version", version=f"cogwizard {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def add(name: str, help_: str, example: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            allow_abbrev=False,
            help=help_,
            description=help_,
            epilog=f"Example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        _common(command)
        return command

    _diagnose(add("diagnose", "find the one cause of a failing call", "cogwizard diagnose --curl failing.txt"))
    explain = add("explain", "the page of a finding, or what an error text means", "cogwizard explain token-expired")
    explain.add_argument(
        "code", nargs="?", metavar="CODE", help="a code, or - to read an error text from standard input"
    )
    explain.add_argument("--list", action="store_true", help="list all codes")
    token = add("token", "read a token offline", "cogwizard token env:TOKEN")
    token.add_argument("source", nargs="?", default="-", metavar="SRC", help=_SOURCE)
    policy = add("policy", "the read-only IAM policy that the checks need", "cogwizard policy --region eu-west-1")
    policy.add_argument("--rest-api-id", metavar="ID", help="narrow the policy to this API")
    policy.add_argument("--user-pool-id", metavar="ID", help="narrow the policy to this user pool")
    demo = add("demo", "a broken API on the built-in sandbox: no AWS account, no network", "cogwizard demo --list")
    demo.add_argument("scenario", nargs="*", metavar="SCENARIO", help="a scenario by name (default: token-expired)")
    demo.add_argument("--list", action="store_true", help="list the scenarios")
    demo.add_argument("--serve", action="store_true", help="start only the sandbox, for the AWS CLI, curl or diagnose")
    demo.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 for --serve (default: any free one)")
    return parser


def _diagnose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", nargs="?", metavar="URL", help="the URL that fails")
    parser.add_argument("-X", "--request", dest="method", metavar="METHOD", help="as curl's -X")
    parser.add_argument(
        "-H",
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="as curl's -H; other users of this machine may see arguments, prefer --token",
    )
    parser.add_argument("--token", metavar="SRC", help=f"put a token into the header the authorizer reads: {_SOURCE}")
    parser.add_argument("--curl", metavar="FILE", help="a pasted curl command: a file, or -")
    parser.add_argument("--response", metavar="FILE", help="what curl -i printed: a file, or -")
    parser.add_argument("--source-ip", metavar="ADDR", help="the caller's address, for policy conditions")
    parser.add_argument("--rest-api-id", metavar="ID", help="the API, where the URL does not name it")
    parser.add_argument("--stage", metavar="NAME", help="the stage, where the URL does not name it")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--call", action="store_true", help="replay methods other than GET, HEAD and OPTIONS too")
    how.add_argument("--no-call", action="store_true", help="replay nothing")
    parser.add_argument("--offline", action="store_true", help="read nothing from anywhere")
