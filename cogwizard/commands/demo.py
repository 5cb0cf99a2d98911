"""`cogwizard demo`: the sandbox with its broken APIs."""

import argparse
import shlex
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

from cogwizard.commands.output import Exit, UsageError, put, put_json
from cogwizard.commands.wizard import has_terminal, open_wizard
from cogwizard.model.call import Call
from cogwizard.text import Texts

DEFAULT = "token-expired"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `demo` and return its exit code. Raises UsageError."""
    from cogwizard.sandbox.scenarios import SCENARIOS

    for name in options.scenario:
        if name not in SCENARIOS:
            near = ", ".join(get_close_matches(name, list(SCENARIOS), n=3, cutoff=0.3)) or "-"
            raise UsageError("unknown-scenario", nearest=near)
    if options.list:
        return _list(options, texts)
    if options.serve:
        names = options.scenario or [name for name, scenario in SCENARIOS.items() if not scenario.alone]
        return _serve(names, options.port, texts, tls=options.tls)
    if has_terminal() and options.format == "text":
        return open_wizard(options, texts, next(iter(options.scenario), None), sandbox=True)
    # Without a terminal, one diagnosis as a report: what `diagnose` would say.
    return _diagnose(next(iter(options.scenario), DEFAULT), options, texts)


def _list(options: argparse.Namespace, texts: Texts) -> int:
    from cogwizard.sandbox.scenarios import SCENARIOS

    rows = [{"name": name, "symptom": texts.symptom(name)} for name in SCENARIOS]
    if options.format == "json":
        put_json({"schema": "cogwizard/scenarios@1", "scenarios": rows})
        return Exit.OK
    for row in rows:
        put(f"{row['name']:44} {row['symptom']}")
    return Exit.OK


def _diagnose(name: str, options: argparse.Namespace, texts: Texts) -> int:
    from cogwizard.aws.session import Settings
    from cogwizard.commands.diagnose import diagnose, narrator, show
    from cogwizard.commands.output import Log
    from cogwizard.sandbox.environment import KEYS, REGION
    from cogwizard.sandbox.scenarios import SCENARIOS, serve

    with serve([name]) as served:
        case = served.case(SCENARIOS[name], time.time())
        settings = Settings(None, REGION, served.url, options.timeout, KEYS)
        judgement = diagnose(case, settings, narrator(options.verbose, Log(options.log)))
    show(judgement, options, texts)
    return Exit.of(judgement.outcome)


def _serve(names: list[str], port: int, texts: Texts, *, tls: bool) -> int:
    from cogwizard.sandbox.environment import environment
    from cogwizard.sandbox.scenarios import SCENARIOS, serve

    with ExitStack() as stack:
        context, trust = stack.enter_context(_authority()) if tls else (None, {})
        try:
            served = stack.enter_context(serve(names, port=port, tls=context))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError("port-taken", port=port, error=reason) from None
        put(f"# {texts.label('endpoint', url=served.url)}")
        for key, value in (environment(served.url) | trust).items():
            put(f"export {key}={shlex.quote(value)}")
        for name in names:
            put("")
            put(f"# {name}: {texts.symptom(name)}")
            put(_curl(served.case(SCENARIOS[name], time.time()).call))
        sys.stdout.flush()
        threading.Event().wait()
    return Exit.OK


@contextmanager
def _authority() -> Iterator[tuple[ssl.SSLContext, dict[str, str]]]:
    """Return the server's side of TLS, and the variables with which AWS's tools and curl trust it while it is up."""
    from cogwizard.sandbox.certificates import Authority

    authority = Authority()
    with TemporaryDirectory(prefix="cogwizard-") as folder:
        path = Path(folder, "ca.pem")
        path.write_bytes(authority.pem)
        yield authority.context(), {"AWS_CA_BUNDLE": str(path), "CURL_CA_BUNDLE": str(path)}


def _curl(call: Call) -> str:
    """Return a call as a curl command for bash. The sandbox's tokens are no secrets."""
    variables = {item.header for item in call.unexpanded}
    words = ["curl", "-i", *([] if call.method == "GET" else ["-I"] if call.method == "HEAD" else ["-X", call.method])]
    for name, value in call.headers:
        header = f"{name}: {value}"
        words += ["-H", f'"{header}"' if name in variables else shlex.quote(header)]
    return " ".join([*words, shlex.quote(call.url)])
