"""A sign-in in the browser, from the command line: the address opened or shown, its answer received or pasted."""

import os
import time
from collections.abc import Iterable

from cogwizard.commands.asking import ask_secret, can_ask
from cogwizard.commands.output import UsageError, read_file, say
from cogwizard.model.attempt import Refusal
from cogwizard.model.tokens import Tokens
from cogwizard.signin.browser import open_browser, tunnel_command, why_not
from cogwizard.signin.callback import CannotListen, listenable, port_of
from cogwizard.signin.loopback import Listener, Page
from cogwizard.signin.oauth import AuthorizeRequest
from cogwizard.signin.redirect import Code, read_redirect
from cogwizard.text import Texts


def bring_back(
    request: AuthorizeRequest, use_browser: bool, texts: Texts, hidden: Iterable[str] = ()
) -> Code | Tokens | Refusal:
    """Return what came back from the browser: to our listener where a desktop and the callback allow it, else pasted.

    `hidden`: variables with secrets, which the browser is not to inherit.

    Raises UsageError where nobody can paste or nothing came, BadInput for what is no answer to this request.
    """
    obstacle = why_not() if use_browser else "asked"
    if obstacle is None and listenable((request.redirect_uri,)):
        listener = Listener(request, page(texts))
        try:
            with listener:
                say(texts.screen("login", "opening", url=request.url))
                kept = {name: value for name, value in os.environ.items() if name not in set(hidden)}
                if not open_browser(request.url, kept):
                    say(texts.screen("login", "open yourself"))
                found = listener.wait()
        except CannotListen as error:
            say(texts.screen("login", f"cannot listen {error.reason}"))
        else:
            if found is None:
                raise UsageError("login-timed-out")
            return found
    elif obstacle != "asked":
        say(texts.screen("login", f"no browser {obstacle or 'callback'}"))
        port = port_of(request.redirect_uri)
        if obstacle == "ssh" and port:
            say(texts.screen("login", "tunnel", command=tunnel_command(port)))
    return _pasted(request, texts)


def _pasted(request: AuthorizeRequest, texts: Texts) -> Code | Tokens | Refusal:
    say(texts.screen("login", "open and paste", url=request.url))
    pasted = ask_secret(texts.screen("login", "ask redirect")) if can_ask() else read_file("-", 1)
    return read_redirect(pasted, request, time.time())


def page(texts: Texts) -> Page:
    """Return what the browser shows in the end."""
    keys = ("title", "signed in", "refused", "not ours")
    title, signed_in, refused, not_ours = (texts.screen("login", f"page {key}") for key in keys)
    return Page(texts.lang, title, signed_in, refused, not_ours)
