"""The HTML of a pool's domain: forms that a real browser can use, without script. Everything in them is escaped."""

from collections.abc import Mapping, Sequence
from html import escape

from cogwizard.sandbox.domain import page_headers
from cogwizard.sandbox.protocol import Reply

# No form-action: browsers hold it against the redirect after the form too, and that leads to the app's own address.
_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
UNAVAILABLE = "Login pages unavailable. Please contact an administrator."


def sign_in_page(action: str, username: str, problem: str | None = None) -> Reply:
    """Return the page that asks for user name and password. `problem`: why the last try failed."""
    fields = [
        _field("User name", "username", username, autocomplete="username"),
        _field("Password", "password", type="password", autocomplete="current-password"),
    ]
    return page(200, "Sign in", [*_alert(problem), _form(action, {}, fields, "Sign in")])


def new_password_page(action: str, session: str, attributes: Sequence[str], problem: str | None = None) -> Reply:
    """Return the page that asks for a new password, and for required attributes that have no value."""
    fields = [_field("New password", "new_password", type="password", autocomplete="new-password")]
    fields += [_field(name, f"userAttributes.{name}") for name in attributes]
    form = _form(action, {"session": session}, fields, "Send")
    return page(200, "Change password", [*_alert(problem), form])


def code_page(action: str, session: str, challenge: str, problem: str | None = None) -> Reply:
    """Return the page that asks for the code of a second factor; `challenge` as AWS names it, e.g. SMS_MFA."""
    form = _form(action, {"session": session}, [_field(challenge, "code", autocomplete="one-time-code")], "Send")
    return page(200, "Enter the code", [*_alert(problem), form])


def error_page(error: str) -> Reply:
    """Return the page that a browser sees where there is no address to send it back to (research 6.5 [R])."""
    return page(400, "Error", _alert("An error was encountered with the requested page.") + _alert(error or None))


def unavailable_page() -> Reply:
    """Return what managed login shows for a client without a branding style (research 6.4 [D] cause, [R] text)."""
    return page(403, "Error", _alert(UNAVAILABLE))


def page(status: int, title: str, parts: Sequence[str]) -> Reply:
    """Return a page of HTML; `title` is plain text, `parts` are HTML."""
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
    body = "\n".join([f"<h1>{escape(title)}</h1>", *parts])
    headers = (("Content-Type", "text/html;charset=UTF-8"), ("Content-Security-Policy", _POLICY))
    return Reply(status, (*page_headers(), *headers), f"{head}{body}\n</html>\n".encode())


def _alert(text: str | None) -> list[str]:
    return [f'<p role="alert">{escape(text)}</p>'] if text else []


def _field(label: str, name: str, value: str = "", **attributes: str) -> str:
    told = "".join(f' {key}="{escape(text)}"' for key, text in attributes.items())
    return f'<p><label>{escape(label)} <input name="{escape(name)}" value="{escape(value)}"{told}></label></p>'


def _form(action: str, kept: Mapping[str, str], fields: Sequence[str], button: str) -> str:
    hidden = [f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept.items()]
    inside = "\n".join([*hidden, *fields, f"<p><button>{escape(button)}</button></p>"])
    return f'<form method="post" action="{escape(action)}">\n{inside}\n</form>'
