"""`cogwizard demo`: the sandbox with its broken APIs."""

import argparse
import os
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches

from cogwizard.commands.output import Exit, UsageError, put, put_json
from cogwizard.model.call import Call
from cogwizard.text import Texts

DEFAULT = "token-expired"
REGION = "ap-northeast-1"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `demo` and return its exit code. Raises UsageError."""
    from cogwizard.sandbox.scenarios import SCENARIOS

    for name in options.scenario:
        if name not in SCENARIOS:
            near = ", ".join(get_close_matches(name, list(SCENARIOS), n=3, cutoff=0.3)) or "-"
            raise UsageError("unknown-scenario", nearest=near)
    if options.list:
        return _list(options, texts)
    names = options.scenario or ([DEFAULT] if not options.serve else [n for n, s in SCENARIOS.items() if not s.alone])
    return _serve(names, options.port, texts) if options.serve else _diagnose(names[0], options, texts)


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
    from cogwizard.commands.diagnose import _EXITS, diagnose, narrator, show
    from cogwizard.commands.output import Log
    from cogwizard.sandbox.scenarios import SCENARIOS, serve

    with isolated(), serve([name]) as served:
        case = served.case(SCENARIOS[name], time.time())
        settings = Settings(None, REGION, served.url, options.timeout)
        judgement = diagnose(case, settings, narrator(options.verbose, Log(options.log)))
    show(judgement, options, texts)
    return _EXITS[judgement.outcome]


@contextmanager
def isolated() -> Iterator[None]:
    """Hide the user's AWS set-up from boto3 while the sandbox is read: no key of theirs goes there."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(environment())
    os.environ.update({"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def environment(url: str | None = None) -> dict[str, str]:
    """Return the variables with which AWS's tools talk to the sandbox."""
    found = {
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return {**found, "AWS_ENDPOINT_URL": url} if url else found


def _serve(names: list[str], port: int, texts: Texts) -> int:
    from cogwizard.sandbox.scenarios import SCENARIOS, serve

    with ExitStack() as stack:
        try:
            served = stack.enter_context(serve(names, port=port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError("port-taken", port=port, error=reason) from None
        put(f"# {texts.label('endpoint', url=served.url)}")
        for key, value in environment(served.url).items():
            put(f"export {key}={value}")
        for name in names:
            put("")
            put(f"# {name}: {texts.symptom(name)}")
            put(_curl(served.case(SCENARIOS[name], time.time()).call))
        sys.stdout.flush()
        threading.Event().wait()
    return Exit.OK


def _curl(call: Call) -> str:
    """Return a call as a curl command for bash. The sandbox's tokens are no secrets."""
    variables = {item.header for item in call.unexpanded}
    words = ["curl", "-i", *([] if call.method == "GET" else ["-I"] if call.method == "HEAD" else ["-X", call.method])]
    for name, value in call.headers:
        header = f"{name}: {value}"
        words += ["-H", f'"{header}"' if name in variables else shlex.quote(header)]
    return " ".join([*words, shlex.quote(call.url)])
