"""Writes the generated parts of README.md: `python -m tests.readme`. Each stands between two comments."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from cogwizard.cli import main
from cogwizard.commands.output import Exit
from cogwizard.judgement.answered import UNEXPLAINED
from cogwizard.model.attempt import FLOWS, Attempt
from cogwizard.model.code import CODES
from cogwizard.report.iam_policy import build
from cogwizard.steps import POSTMAN, TROUBLESHOOT, oauth, signin
from cogwizard.steps.postman_requests import CODES as FILE_CODES
from cogwizard.text import Texts

README = Path(__file__).parents[1] / "README.md"
SAMPLE = "stacked-expired-not-deployed"
_PART = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n)(?P<text>.*?)(<!-- end -->)", re.S)
_GROUPS = {
    "call": "The call never reached the authorizer",
    "header": "Header",
    "token": "Token",
    "configuration": "Configuration",
    "browser": "Browser",
    "signin": "Signing in (cognito-idp)",
    "oauth": "OAuth endpoints and Postman",
    "us": "What keeps cogwizard from knowing",
}
# What `login` tells beside the checks of a sign-in: what Cognito's answer names, what kept us from asking.
_BESIDE = {"pool-not-found", *(code.name for code in CODES.values() if code.group == "us")}
# What `postman` tells beside its steps: what an endpoint's answer names, what kept us from asking.
_BESIDE_POSTMAN = {code.name for code in CODES.values() if code.group == "us"}
_MEANINGS = {
    Exit.OK: "nothing wrong was found, and nothing that could hide a cause was left unread",
    Exit.FAULT: "at least one cause was found",
    Exit.USAGE: "usage: bad arguments, unreadable input, no such profile",
    Exit.INCONCLUSIVE: "inconclusive: no cause was found, but something that could hide one is not known (it is named)",
    Exit.INTERRUPTED: "interrupted",
}


def _exit_codes() -> str:
    rows = [f"| {int(code)} | {_MEANINGS[code]} |" for code in Exit]
    return "\n".join(["| code | meaning |", "|---|---|", *rows])


def _codes() -> str:
    texts = Texts("en")
    judged = {code for step in TROUBLESHOOT for code in step.codes} | {UNEXPLAINED}
    tries = [Attempt(flow, "eu-west-1", "client") for flow in FLOWS]
    orders = [part.stages(attempt) for attempt in tries for part in (signin, oauth)]
    signing = {code for order in orders for stage in order for code in stage} | _BESIDE
    postman = {code for step in POSTMAN for code in step.codes} | set(FILE_CODES) | _BESIDE_POSTMAN
    lines = []
    for group, title in _GROUPS.items():
        head = "| code | what it is | `diagnose` | `login` | `postman` |"
        lines += [f"**{title}**", "", head, "|---|---|---|---|---|"]
        for code in (code for code in CODES.values() if code.group == group):
            found = " | ".join("yes" if code.name in codes else "-" for codes in (judged, signing, postman))
            lines.append(f"| `{code.name}` | {texts.title(code.name)} | {found} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def _policy() -> str:
    return f"```json\n{json.dumps(build(), indent=2)}\n```"


def _sample() -> str:
    """Return a diagnosis on the sandbox; of each cause the first remedy, and of it what to do in the console."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        main(["demo", SAMPLE, "--lang", "en", "--no-color"])
    kept: list[str] = []
    shortening = False
    for line in output.getvalue().rstrip().splitlines():
        if line.startswith("    AWS CLI") and not shortening:
            shortening = True
            kept.append("    [...]")
        elif line.startswith("  cogwizard explain"):
            shortening = False
        if not shortening:
            kept.append(line)
    return "\n".join(["```text", *kept, "```"])


PARTS: dict[str, Callable[[], str]] = {
    "sample": _sample,
    "exit codes": _exit_codes,
    "codes": _codes,
    "policy": _policy,
}


def masked(text: str) -> str:
    """Return a text without its numbers: ports and times differ from run to run."""
    return re.sub(r"\d+", "0", text)


def generate(text: str) -> str:
    """Return README's text with its generated parts written anew; one that differs in numbers alone stays.

    Raises KeyError for a part that nobody generates.
    """

    def write(found: re.Match[str]) -> str:
        new = f"{PARTS[found['name']]()}\n"
        same = found["name"] == "sample" and masked(new) == masked(found["text"])
        return f"{found[1]}{found['text'] if same else new}{found[4]}"

    return _PART.sub(write, text)


def names(text: str) -> list[str]:
    """Return the generated parts of README's text, in order."""
    return [found["name"] for found in _PART.finditer(text)]


if __name__ == "__main__":
    README.write_text(generate(README.read_text("utf-8")), "utf-8")
