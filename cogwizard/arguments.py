"""The arguments of all commands. Nothing of what they belong to is imported: `--help` may not cost that."""

import argparse
import re

from cogwizard import __version__
from cogwizard.parsers import Mixed, Parser, command, common

_SOURCE = "- (standard input), @FILE, env:NAME or vault:NAME"
_LOGIN = "cogwizard login srp --user-pool-id eu-west-1_AbCdEf123 --client-id 4p3a... --username hanako --print id"
_POSTMAN = "cogwizard postman checklist https://... --user-pool-id eu-west-1_AbCdEf123 --client-id 4p3a..."
# Written out: to import what they belong to costs more than --help may take. A test holds them to be the same.
_FLOWS = ("password", "srp", "admin", "browser", "implicit", "client-credentials", "refresh")
_APPS = ("desktop-browser", "desktop-popup", "web", "vscode")
_GRANTS = ("authorization_code_with_pkce", "authorization_code", "implicit", "client_credentials")
_FORMS = ("postman", "curl", "httpie", "http", "bruno", "posting")
_KINDS = ("client-secret", "password", "refresh-token", "tokens", "aws-keys", "token")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = Parser(
        prog="cogwizard",
        allow_abbrev=False,
        description="Finds out why an API Gateway REST API behind a Cognito authorizer answers 401, and proves it.",
        epilog="Example: cogwizard demo",
    )
    common(whole)
    whole.add_argument("--version", action="version", version=f"cogwizard {__version__}")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    def add(name: str, help_: str, example: str) -> argparse.ArgumentParser:
        return command(commands, name, help_, example)

    _diagnose(add("diagnose", "find the one cause of a failing call", "cogwizard diagnose --curl failing.txt"))
    explain = add("explain", "the page of a finding, or what an error text means", "cogwizard explain token-expired")
    explain.add_argument(
        "code", nargs="?", metavar="CODE", help="a code, or - to read an error text from standard input"
    )
    explain.add_argument("--list", action="store_true", help="list all codes")
    _secret_hash(explain)
    token = add("token", "read a token offline", "cogwizard token env:TOKEN")
    token.add_argument("source", nargs="?", default="-", metavar="SRC", help=_SOURCE)
    policy = add("policy", "the read-only IAM policy that the checks need", "cogwizard policy --region eu-west-1")
    policy.add_argument("--rest-api-id", metavar="ID", help="narrow the policy to this API")
    policy.add_argument("--user-pool-id", metavar="ID", help="narrow the policy to this user pool")
    policy.add_argument(
        "--sign-in", action="store_true", help="with what login and postman read; the app client's secret is in it"
    )
    policy.add_argument("--logs", action="store_true", help="with what diagnose --logs reads of CloudWatch Logs")
    _login(add("login", "obtain tokens, and learn why they are refused", _LOGIN))
    _vault(add("vault", "what is held in the OS keyring, never its values", "cogwizard vault list"))
    _postman(add("postman", "Postman's OAuth 2.0 tab: what to enter, an export, a check of a collection", _POSTMAN))
    _onboard(add("onboard", "from nothing to the first 200, or join an API that is there", "cogwizard onboard --plan"))
    demo = add("demo", "a broken API on the built-in sandbox: no AWS account, no network", "cogwizard demo --list")
    demo.add_argument("scenario", nargs="*", metavar="SCENARIO", help="a scenario by name (default: token-expired)")
    demo.add_argument("--list", action="store_true", help="list the scenarios")
    demo.add_argument("--serve", action="store_true", help="start only the sandbox, for the AWS CLI, curl or diagnose")
    demo.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 for --serve (default: any free one)")
    demo.add_argument("--tls", action="store_true", help="with --serve: HTTPS, with a certificate authority of its own")
    return whole


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("flow", metavar="FLOW", choices=_FLOWS, help=", ".join(_FLOWS))
    parser.add_argument(
        "--user-pool-id", metavar="ID", help="the user pool: its region is in it, its settings are read"
    )
    parser.add_argument("--client-id", metavar="ID", help="the app client")
    parser.add_argument("--username", metavar="NAME", help="who signs in; asked for on a terminal when left out")
    parser.add_argument("--password", metavar="SRC", help=f"{_SOURCE}; asked for on a terminal when left out")
    parser.add_argument("--client-secret", metavar="SRC", help=f"where the app client has one: {_SOURCE}")
    parser.add_argument("--refresh-token", metavar="SRC", help=f"for refresh: {_SOURCE}")
    parser.add_argument(
        "--answer", metavar="MEMBER=SRC", action=_Answers, default={}, help="to a challenge: NEW_PASSWORD=env:NEW"
    )
    parser.add_argument(
        "--scope", action="append", default=[], metavar="SCOPE", help="for browser, implicit, client-credentials"
    )
    parser.add_argument("--redirect-uri", metavar="URL", help="the callback URL, exactly as the app client has it")
    parser.add_argument("--domain", metavar="HOST", help="the pool's domain, where the pool cannot be read")
    parser.add_argument(
        "--no-browser", action="store_true", help="show the address, and read the redirect that is pasted"
    )
    parser.add_argument("--print", choices=("id", "access", "json"), help="write a token, or all, to standard output")
    parser.add_argument("--save", metavar="NAME", help="keep the tokens in the OS keyring: later vault:NAME")


class _Answers(argparse.Action):
    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, _: object = None
    ) -> None:
        """Take one answer more. What is no MEMBER=SRC is not repeated."""
        name, equals, source = str(values).partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9_.:-]{1,100}", name):
            parser.error("argument --answer: expected MEMBER=SRC")
        namespace.answer = {**namespace.answer, name: source}


def _postman(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", parser_class=Mixed, required=True)

    def add(name: str, help_: str, example: str) -> argparse.ArgumentParser:
        action = command(actions, name, help_, f"cogwizard postman {example}")
        action.add_argument(
            "--user-pool-id", metavar="ID", help="the user pool (default: the one that the call's authorizer names)"
        )
        action.add_argument("--client-id", metavar="ID", help="the app client that Postman is to use")
        action.add_argument("--postman", choices=_APPS, help="which Postman: it decides which callback URL is sent")
        action.add_argument("--rest-api-id", metavar="ID", help="the API, where the URL does not name it")
        action.add_argument("--stage", metavar="NAME", help="the stage, where the URL does not name it")
        action.add_argument("-X", "--request", dest="method", metavar="METHOD", help="method of the call (GET)")
        return action

    def add_fields(action: argparse.ArgumentParser) -> None:
        action.add_argument("url", nargs="?", metavar="URL", help="the call that the token is for; it is not made")
        action.add_argument("--curl", metavar="FILE", help="that call as a pasted curl command: a file, or -")
        action.add_argument("--grant", choices=_GRANTS, help="the grant type (default: what the app client allows)")
        action.add_argument("--redirect-uri", metavar="URL", help="the Callback URL that is entered")
        action.add_argument("--auth-url", metavar="URL", help="the Auth URL that is entered")
        action.add_argument("--token-url", metavar="URL", help="the Access Token URL that is entered")
        action.add_argument("--scope", action="append", default=[], metavar="SCOPE", help="the Scope that is entered")
        action.add_argument(
            "--client-authentication", choices=("header", "body"), help="the Client Authentication that is chosen"
        )
        action.add_argument("--header-prefix", metavar="TEXT", help="the Header Prefix that is entered")

    pool = "--user-pool-id eu-west-1_AbCdEf123 --client-id 4p3a..."
    checklist = add("checklist", "what to enter, compared with the app client", f"checklist https://... {pool}")
    add_fields(checklist)
    checklist.add_argument(
        "--probe", action="store_true", help="ask the authorize and token endpoints too, without any secret"
    )
    export = add(
        "export", "write the set-up and this call as files for Postman, curl and others", f"export https://... {pool}"
    )
    add_fields(export)
    export.add_argument("-H", "--header", action="append", default=[], metavar="'NAME: VALUE'", help="as curl's -H")
    export.add_argument(
        "--as",
        dest="forms",
        action="append",
        default=[],
        choices=_FORMS,
        help="what to write (postman: a collection and its environment); may be repeated",
    )
    export.add_argument("--out", metavar="DIR", default=".", help="an existing directory for the files (here)")
    export.add_argument("--force", action="store_true", help="write over files that are there")
    check = add("lint", "check an exported collection, v2.0 or v2.1", "lint orders.postman_collection.json --offline")
    check.add_argument("file", metavar="FILE", help="the collection: a file, or -")
    check.add_argument("--environment", metavar="FILE", help="the environment or globals that go with it: a file, or -")
    check.add_argument("--url", metavar="URL", help="the call that the tokens are for; it is not made")
    check.add_argument("--offline", action="store_true", help="judge the file alone, without AWS")


def _vault(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", parser_class=Mixed, required=True)

    def add(name: str, help_: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, allow_abbrev=False, help=help_, description=help_)
        common(action)
        return action

    add("list", "names and kinds of what is held")
    keep = add("set", "keep a secret under a name, in place of a former one")
    keep.epilog = "Example: cogwizard vault set orders-client --kind client-secret env:CLIENT_SECRET"
    keep.add_argument("name", metavar="NAME", help="later used as vault:NAME")
    keep.add_argument("source", nargs="?", metavar="SRC", help=f"{_SOURCE}; asked for on a terminal when left out")
    keep.add_argument("--kind", required=True, choices=_KINDS, help="what it is")
    forget = add("forget", "remove a secret")
    forget.add_argument("name", metavar="NAME", help="as vault list shows it")
    doctor = add("doctor", "which keyrings can be used here, why others cannot, and how to get one")
    doctor.add_argument("--probe", action="store_true", help="write, read and remove a throw-away entry")


def _onboard(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--plan", action="store_true", help="show what would be made, and write nothing")
    what.add_argument("--apply", action="store_true", help="make it, once you agreed, and make the first call")
    what.add_argument("--teardown", action="store_true", help="take away exactly what --apply made, once you agreed")
    what.add_argument("--describe", action="store_true", help="write a cogwizard.toml of a working set-up")
    what.add_argument("--check", action="store_true", help="join: check all that cogwizard.toml names, sign in, call")
    parser.add_argument("--name", metavar="NAME", help="begins the name of all that is made (cogwizard-hello)")
    parser.add_argument("--stage", metavar="NAME", help="the stage (test)")
    parser.add_argument("--username", metavar="NAME", help="the user (hanako); with --check: you")
    parser.add_argument("--email", metavar="ADDRESS", help="the user's address; nothing is sent to it")
    parser.add_argument(
        "--first-password", choices=("admin", "user"), help="who sets it: an administrator, or the user (admin)"
    )
    parser.add_argument("--password", metavar="SRC", help=f"the user's password (a new one is made): {_SOURCE}")
    parser.add_argument("--save", metavar="NAME", help="keep the user's password in the OS keyring: later vault:NAME")
    parser.add_argument("--yes", action="store_true", help="agree to what is shown without being asked")
    group = parser.add_argument_group("with --describe and --check")
    group.add_argument("url", nargs="?", metavar="URL", help="a URL of the API that is to be described")
    group.add_argument("--rest-api-id", metavar="ID", help="or its id, with --stage")
    group.add_argument("--user-pool-id", metavar="ID", help="the user pool, where several could be meant")
    group.add_argument("--client-id", metavar="ID", help="the app client, where several could be meant")
    group.add_argument("--docs", metavar="URL", help="where newcomers read on")
    group.add_argument("--file", metavar="FILE", help="the cogwizard.toml to join by (that of this repository)")
    group.add_argument(
        "--out", metavar="PATH", default="cogwizard.toml", help="--describe: the file, or -; --check: Postman's folder"
    )
    group.add_argument("--force", action="store_true", help="write over a file that is there")


def _secret_hash(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("SECRET_HASH, with the codes secret-hash-missing and secret-hash-wrong")
    group.add_argument("--username", metavar="NAME", help="compute the hash for this user name ...")
    group.add_argument("--client-id", metavar="ID", help="... and this app client")
    group.add_argument("--client-secret", metavar="SRC", help=f"{_SOURCE}; asked for on a terminal when left out")
    group.add_argument("--hash", metavar="SRC", help="say which input makes this hash wrong, from the same sources")
    group.add_argument(
        "--other-username",
        action="append",
        default=[],
        metavar="NAME",
        help="the hash may be of this user name (an alias, the sub)",
    )
    group.add_argument("--print", action="store_true", help="write the hash itself, and nothing else")


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
    parser.add_argument("--curl", metavar="FILE", help="a pasted curl (or PowerShell) command: a file, or -")
    parser.add_argument("--har", metavar="FILE", help="a browser's recording: a file, or -; FILE#N picks an entry")
    parser.add_argument("--response", metavar="FILE", help="what curl -i printed: a file, or -")
    parser.add_argument("--origin", metavar="URL", help="the page that calls: its preflight and CORS are judged too")
    parser.add_argument("--source-ip", metavar="ADDR", help="the caller's address, for policy conditions")
    parser.add_argument("--rest-api-id", metavar="ID", help="the API, where the URL does not name it")
    parser.add_argument("--stage", metavar="NAME", help="the stage, where the URL does not name it")
    parser.add_argument(
        "--logs",
        action="store_true",
        help="read the log lines of this call in CloudWatch Logs (FilterLogEvents over 6 minutes, not Logs Insights:"
        " AWS lists no charge for it); they appear 10 to 60 s after the call, so best with --response",
    )
    parser.add_argument(
        "--save", metavar="FILE", help="write the evidence without its secrets, for somebody without the account"
    )
    parser.add_argument("--force", action="store_true", help="--save: write over a file that is there")
    parser.add_argument(
        "--from", dest="from_", metavar="FILE", help="judge a saved case again, without any network: a file, or -"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--call", action="store_true", help="replay methods other than GET, HEAD and OPTIONS too")
    how.add_argument("--no-call", action="store_true", help="replay nothing")
    parser.add_argument("--offline", action="store_true", help="read nothing from anywhere")
