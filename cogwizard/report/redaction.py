"""How a request is shown: names and harmless values as they are, every other value by its kind and fingerprint."""

from cogwizard.intake.harmless import HARMLESS
from cogwizard.intake.url import redact_url
from cogwizard.model.authorization import read_value
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.inert import fingerprint, inert, scrub
from cogwizard.model.token import looks_like_jwt, read_token


def show_header(name: str, value: str, identity_header: str = "") -> str:
    """Return a header value as it may be shown: `Bearer id-token 3f9ac210`, `secret 77ab01c2`, or itself.

    What stands in the authorizer's header is never harmless. A password has no fingerprint: it could be guessed.
    """
    if name.lower() in HARMLESS and name.lower() != identity_header.lower():
        return scrub(value, 300)
    if value.lower().startswith("basic ") or any(word in name.lower() for word in ("passw", "passphrase", "pwd")):
        return "Basic password" if value.lower().startswith("basic ") else "password"
    parts = read_value(value)
    scheme = "Bearer " if parts.scheme else ""
    if parts.kind == "sigv4":
        return f"AWS4-HMAC-SHA256 secret {fingerprint(value)}"
    if parts.kind == "empty":
        return scheme.strip()
    if parts.token and looks_like_jwt(parts.token):
        return f"{scheme}{read_token(parts.token).label}"
    return f"{scheme}secret {fingerprint(parts.token or value)}"


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
    """Return an answer's text without any secret of the call that it repeats, and scrubbed."""
    for name, value in call.headers:
        shown = show_header(name, value, identity_header)
        for secret in {value, value.strip(), read_value(value).token or value, value.partition(" ")[2]}:
            if len(secret) >= 6 and shown != secret and secret not in shown:
                text = text.replace(secret, shown)
    return scrub(text, 500)


def shown_call(case: Case) -> Call:
    """Return the call as it is judged: with the given token in the header that the authorizer reads."""
    if case.given_token is None:
        return case.call
    name = case.identity_header or "Authorization"
    return case.replay_read.call if case.replay_read else case.call.with_header(name, case.given_token)


def show_url(url: str) -> str:
    """Return a URL without user info and secrets."""
    return redact_url(url)
