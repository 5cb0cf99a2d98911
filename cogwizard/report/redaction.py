"""How a request is shown: names and harmless values as they are, every other value by its kind and fingerprint."""

import re
from itertools import zip_longest

from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.mask import PLACEHOLDERS, mask, plain_name, told
from cogwizard.intake.url import redact_url
from cogwizard.model.authorization import SentValue, read_value
from cogwizard.model.call import Call, is_method
from cogwizard.model.case import Case
from cogwizard.model.inert import fingerprint, inert, mask_accounts
from cogwizard.model.token import looks_like_jwt, read_token

_QUOTES = "\"'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"
_LONGEST_ECHO = 4000  # characters of an answer that are looked at
_LONGEST = 80  # characters of what stands round about a token


def show_header(name: str, value: str, identity_header: str = "") -> str:
    """Return a header value as it may be shown: `Bearer id-token 3f9ac210`, `secret 77ab01c2`, or itself.

    What stands in the authorizer's header is never harmless. A password has no fingerprint: it could be guessed. What
    spoils a value is shown as it was sent: schemes, quotes and blanks round the token, a known word in its place.
    """
    if name.lower() in HARMLESS and name.lower() != identity_header.lower():
        return told(redact_url(value) if "//" in value else value, 300)
    if value.lower().startswith("basic ") or any(word in name.lower() for word in ("passw", "passphrase", "pwd")):
        return "Basic password" if value.lower().startswith("basic ") else "password"
    parts = read_value(value)
    if parts.kind == "sigv4":
        return f"AWS4-HMAC-SHA256 secret {fingerprint(value)}"
    before, core, after = _round_about(value, parts)
    if parts.kind == "empty":
        return "" if core else inert(before.strip(), _LONGEST)
    if parts.kind == "placeholder" and core == parts.placeholder:
        return inert(f"{before}{core}{after}", _LONGEST)
    if parts.token and looks_like_jwt(parts.token):
        shown = read_token(parts.token).label
    else:
        shown = f"secret {fingerprint(parts.token or value)}"
        if not parts.scheme:
            return shown  # nobody says where in it the secret begins
    return f"{inert(before, _LONGEST)}{shown}{inert(after, _LONGEST)}"


def _round_about(value: str, parts: SentValue) -> tuple[str, str, str]:
    """Return what stands before the token, the token's place, and what stands behind it.

    Before it: schemes, the header's own name, a colon behind one of these, quotes, blanks; behind it: quotes, blanks.
    """
    foreign = (re.escape(flaw.scheme) for flaw in parts.flaws if flaw.kind == "foreign-scheme")
    known = [scheme for scheme in foreign if not scheme.endswith(".")]  # cut where it could be a secret
    words = "|".join(("bearer", "authorization", *known))
    found = re.match(rf"(?i)(?:(?:{words})(?![\w.-])[ \t]*[:=]?|[{_QUOTES} \t])*+", value)
    before = found[0] if found else ""
    core = value[len(before) :].rstrip(f"{_QUOTES} \t")
    return before, core, value[len(before) + len(core) :]


def show_headers(call: Call, identity_header: str = "") -> list[list[str]]:
    """Return `[name in lower case, shown value]` in order; an unexpanded shell variable is shown by its name."""
    variables = {item.header.lower(): item.expression for item in call.unexpanded}
    shown = []
    for name, value in call.headers:
        expression = variables.get(name.lower())
        text = f"{inert(expression, 80)} (not given)" if expression else show_header(name, value, identity_header)
        shown.append([inert(name.lower(), 200), text])
    return shown


def hide_echo(text: str, call: Call, identity_header: str = "") -> str:
    """Return an answer's text without any secret, its own or one of the call that it repeats, and inert."""
    masked = mask(text[:_LONGEST_ECHO], lone_word="none").shown
    parts = [_repeats(part, call, identity_header) for part in PLACEHOLDERS.split(masked)]
    names = [plain_name(name) for name in PLACEHOLDERS.findall(masked)]
    shown = "".join(part for pair in zip_longest(parts, names, fillvalue="") for part in pair)
    return inert(mask_accounts(shown), 500)


def _repeats(text: str, call: Call, identity_header: str) -> str:
    """Return a part of an answer without the secrets of the call in it."""
    for name, value in call.headers:
        shown = show_header(name, value, identity_header)
        secrets = {value, value.strip(), read_value(value).token or value, value.partition(" ")[2]}
        for secret in sorted(secrets, key=len, reverse=True):
            if len(secret) >= 6 and shown != secret and secret not in shown:
                text = text.replace(secret, shown)
    return text


def shown_call(case: Case) -> Call:
    """Return the call as it is judged: with the given token in the header that the authorizer reads."""
    if case.given_token is None:
        return case.call
    name = case.identity_header or "Authorization"
    return case.replay_read.call if case.replay_read else case.call.with_header(name, case.given_token)


def show_method(method: str) -> str:
    """Return a method as it may be shown: what no method is called may be a secret in its place."""
    return method if is_method(method) else f"secret {fingerprint(method)}"


def show_url(url: str) -> str:
    """Return a URL without user info, secrets and account numbers."""
    return mask_accounts(redact_url(url))
