"""What was recognised in a paste, in a sentence."""

import re

from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.recognise import Recognised
from cogwizard.model.call import Call
from cogwizard.model.inert import inert
from cogwizard.model.token import read_token
from cogwizard.report.redaction import show_url
from cogwizard.text import Texts

_LONGEST_PATH = 48  # characters
_AFTER_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^/?#]*")


def sentence(found: Recognised, texts: Texts, *, is_corrected: bool = False) -> str:
    """Return what a paste was taken for, and what of it is not used; `is_corrected`: the user said what it is."""

    def say(key: str, **params: object) -> str:
        return texts.screen("home", key, **params)

    if found.problem:
        key, params = found.problem
        return say("problem", kind=say(f"kind {found.kind}"), why=texts.message(key, params))
    parts = [_what(found, texts)]
    if found.call and found.response_text:
        parts.append(say("and answer", status=found.status))
    if found.ignored:
        parts.append(say("ignored", options=", ".join(inert(option, 40) for option in found.ignored[:5])))
    lines = [say("gap").join(parts)]
    if found.kind not in ("unknown", "empty") and (found.kind != "token" or found.tokens):
        lines.append(say("corrected keys" if is_corrected else "keys"))
    return "\n".join(lines)


def _what(found: Recognised, texts: Texts) -> str:
    def say(key: str, **params: object) -> str:
        return texts.screen("home", key, **params)

    if found.call and found.kind in ("curl", "url"):
        method, path = inert(found.call.method, 20), path_of(found.call)
        return say(found.kind, method=method, path=path, carries=_carried(found, found.call, texts))
    if found.kind == "response":
        return say("response", status=found.status)
    if found.kind == "error":
        return say("error", read_as=texts.read_as(found.read_as))
    if found.kind == "token" and found.tokens:
        kinds = [say(f"a {read_token(token).kind}") for token in found.tokens[:3]]
        return say("token", kinds=say("and").join(kinds))
    return say("no token" if found.kind == "token" else "unknown")


def path_of(call: Call) -> str:
    """Return the path of a call as it may be shown."""
    path = re.split(r"[?#]", _AFTER_HOST.sub("", show_url(call.url), count=1))[0] or "/"
    return path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 4]} ..."


def _carried(found: Recognised, call: Call, texts: Texts) -> str:
    if found.tokens:
        return texts.screen("home", "with", what=texts.screen("home", f"a {read_token(found.tokens[0]).kind}"))
    if call.unexpanded:
        return texts.screen("home", "with variable", variable=inert(call.unexpanded[0].expression, 30))
    if any(name.lower() not in HARMLESS for name, _ in call.headers if name.lower() != "referer"):
        return texts.screen("home", "with others")
    return texts.screen("home", "without")
