"""What the parsers of all commands share: the common options, and errors that repeat nothing of what was typed."""

import argparse
import re
import sys
from typing import Any, NoReturn

from cogwizard.commands.output import Exit


class Parser(argparse.ArgumentParser):
    """A parser whose errors end with the usage code."""

    def error(self, message: str) -> NoReturn:
        """End with the usage code. What was typed is not repeated: it may be a secret in the wrong place."""
        self.print_usage(sys.stderr)
        hint = re.sub(r"(invalid \w+(?: value)?): .*?( \(choose from .*\))?$", r"\1\2", message, flags=re.DOTALL)
        if "unrecognized" in message or "ambiguous" in message or "ignored explicit" in message:
            hint = "unrecognized arguments; secrets are never arguments, see --help"
        self.exit(Exit.USAGE, f"{self.prog}: {hint}\n")


class Mixed(Parser):
    """A parser for which an option may stand between two arguments: `set NAME --kind KIND SRC`."""

    _is_parsing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As argparse's intermixed parsing, which calls this method in its turn."""
        if self._is_parsing:
            return super().parse_known_args(args, namespace)
        self._is_parsing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_parsing = False


def common(parser: argparse.ArgumentParser) -> None:
    """Add the common options, which may stand before or behind the command: only those that are given are set."""
    group = parser.add_argument_group("common options", argument_default=argparse.SUPPRESS)
    group.add_argument("--profile", help="AWS profile, or vault:NAME (default: AWS_PROFILE)")
    group.add_argument("--region", help="AWS region where the URL names none")
    group.add_argument("--endpoint-url", metavar="URL", help="send all AWS calls there, e.g. to an emulator")
    group.add_argument("--timeout", type=float, metavar="SECONDS", help="for each network call (10)")
    group.add_argument("--lang", choices=("en", "ja"), help="language (default: the locale's)")
    group.add_argument("--format", choices=("text", "json", "markdown"), help="of the report (text)")
    group.add_argument("--no-color", action="store_true", help="no colours (also NO_COLOR)")
    group.add_argument("-v", "--verbose", action="count", help="say what was read and how long it took")
    group.add_argument("--log", metavar="FILE", help="write what was read to FILE, redacted")


def defaults() -> argparse.Namespace:
    """Return the common options as they are where nobody gives them."""
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


def command(commands: Any, name: str, help_: str, example: str) -> argparse.ArgumentParser:
    """Return a new command among `commands` (argparse has no public type for them), with the common options."""
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        allow_abbrev=False,
        help=help_,
        description=help_,
        epilog=f"Example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common(made)
    return made
