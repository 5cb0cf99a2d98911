"""What was recognised in a paste, in a sentence."""

import re

from cogwizard.intake.har import Recording
from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.recognise import Recognised, recognise
from cogwizard.model.call import Call
from cogwizard.model.inert import inert
from cogwizard.model.token import read_token
from cogwizard.report.redaction import show_url
from cogwizard.text import Texts

_LONGEST_PATH = 48  # characters
_OPTION = re.compile(r"\s*+-{1,2}[A-Za-z]")  # what a command goes on with
_BODY = re.compile(r"\n\s*\n\s*\S")
_AFTER_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^/?#]*")


def sentence(found: Recognised, texts: Texts, *, is_corrected: bool = False) -> str:
    """Return what a paste was taken for, and what of it is not used; `is_corrected`: the user said what it is."""

    def say(key: str, **params: object) -> str:
        return texts.screen("home", key, **params)

    if found.problem:
        key, params = found.problem
        return say("problem", kind=say(f"kind {found.kind}"), why=texts.message(key, params))
    parts = [_what(found, texts)]
    if found.call and found.response_text and not found.recording:
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
        kind = f"curl {found.shell}" if found.kind == "curl" else found.kind
        return say(kind, method=method, path=path, carries=_carried(found, found.call, texts))
    if found.kind == "har" and found.recording:
        return _recording(found.recording, texts)
    if found.saved:
        call = found.saved.case.call
        return say("case", method=inert(call.method, 20), path=path_of(call))
    if found.kind == "response":
        return say("response", status=found.status)
    if found.kind == "error":
        return say("error", read_as=texts.read_as(found.read_as))
    if found.kind == "token" and found.tokens:
        kinds = [say(f"a {read_token(token).kind}") for token in found.tokens[:3]]
        return say("token", kinds=say("and").join(kinds))
    return say("no token" if found.kind == "token" else "unknown")


def _recording(found: Recording, texts: Texts) -> str:
    """Return which entry of a recording is meant, and what is special about it."""
    entry, preflight = found.entry, found.preflight
    place = {"number": entry.number, "count": found.count, "method": inert(entry.call.method, 20)}
    key = "har" if entry.answer else "har unanswered"
    parts = [texts.screen("home", key, path=path_of(entry.call), status=entry.status, **place)]
    if preflight:
        parts.append(texts.screen("home", "har preflight", status=preflight.status))
    if len(found.failing) > 1 and not found.is_named:
        parts.append(texts.screen("home", "har others", count=len(found.failing)))
    if found.is_cut:
        parts.append(texts.screen("home", "har cut"))
    if found.headers_left_out:
        parts.append(texts.screen("home", "har left out"))
    return texts.screen("home", "gap").join(parts)


def joint(text: str, found: Recognised, pasted: str) -> str | None:
    """Return what goes between a text that was taken for `found` and what is pasted next, where the two belong
    together: an answer behind its call, a body behind its headers, the rest of a command. None: it is something else.
    """
    if found.kind == "curl" and _OPTION.match(pasted):
        return ""
    alone = recognise(pasted)
    kind = alone.kind
    if found.call and not found.response_text and not alone.call and kind in ("response", "error"):
        both = recognise(f"{text}\n{pasted}")
        return "\n" if both.call == found.call and both.response_text else None
    if found.kind == "response" and kind == "error" and not _BODY.search(text):
        return "\n\n"
    is_part = kind == "unknown" and found.kind != "token" and not (found.kind == "url" and len(pasted.split()) > 1)
    return "" if is_part else None


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
