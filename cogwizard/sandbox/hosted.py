"""The pages of a user pool's domain: /oauth2/authorize, /login, /logout, /error (research 6.4, 6.5).

Where AWS's own words and what people recorded differ, the recorded answer is given and said.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from cogwizard.sandbox import oauth_token
from cogwizard.sandbox.clients import refuse_by_web_acl, setting
from cogwizard.sandbox.domain import (
    COOKIE,
    COOKIE_LIFETIME,
    Call,
    Grant,
    Memory,
    cookie_of,
    json_reply,
    own_address,
    page_headers,
    redirect,
)
from cogwizard.sandbox.grants import issue
from cogwizard.sandbox.login import sign_in
from cogwizard.sandbox.login_pages import error_page, sign_in_page, unavailable_page
from cogwizard.sandbox.people import User
from cogwizard.sandbox.protocol import AwsError, Reply
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.world import ScenarioError, World

_FLOWS = {"code": "code", "token": "implicit"}  # response_type -> member of AllowedOAuthFlows


class _Answered(Exception):
    """The answer is found: nothing further is looked at."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


@dataclass(frozen=True)
class _Asked:
    """An authorization request that may go on to a sign-in."""

    pool: Pool
    client: Client
    redirect_uri: str
    response_type: str
    scopes: tuple[str, ...]
    state: str | None = field(default=None, repr=False)
    nonce: str | None = field(default=None, repr=False)
    challenge: str | None = field(default=None, repr=False)

    def back(self, **parameters: str) -> str:
        """Return the address to which the browser goes back: the answer, and the state as it came."""
        told = parameters if self.state is None else {**parameters, "state": self.state}
        if "error" in told:  # recorded in this order [V]: error_description, state, error
            told["error"] = told.pop("error")
        mark = "#" if self.response_type == "token" else "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{mark}{urlencode(told)}"


def answer(world: World, memory: Memory, call: Call, denied: str | None = None) -> Reply:
    """Return what the domain answers. `denied`: an OAuth error, or an AWS error type, with which it refuses.

    Raises ScenarioError for an app client that AWS would not let be.
    """
    if call.client:
        _check_client(call.client)
    try:
        if call.pool:
            refuse_by_web_acl(world, call.pool)
        if denied and denied[0].isupper():
            throttled = denied in ("TooManyRequestsException", "ThrottlingException")
            raise AwsError(denied, "Too Many Requests" if throttled else "Forbidden", 429 if throttled else 403)
        if call.page in ("Token", "Revoke", "UserInfo"):
            return oauth_token.answer(world, memory, call, denied)
        if call.request.method not in ("GET", "HEAD") and not (call.page == "Login" and call.request.method == "POST"):
            return Reply(405, page_headers())
        return _page(world, memory, call, denied)
    except AwsError as error:  # what a blocked or throttled caller sees here is not documented [U]
        return json_reply(error.status, {"message": error.message}, ("x-amzn-ErrorType", error.type))
    except _Answered as found:
        return found.reply


def _check_client(client: Client) -> None:
    # AWS refuses such settings (research 7.4 [D], postman-oauth 5.4 [D]).
    flows = setting(client, "AllowedOAuthFlows") or ()
    if "client_credentials" in flows and (len(flows) > 1 or client.secret is None):
        raise ScenarioError(f"client {client.name}: client_credentials goes with a secret, and with no other grant")


def _page(world: World, memory: Memory, call: Call, denied: str | None) -> Reply:
    if call.page == "Error":
        return error_page(call.query.get("error", ""))
    if call.page == "Logout":
        return _logout(call, memory)
    if call.page is None:
        return Reply(404, page_headers())
    asked = _asked(call)
    if denied:
        return redirect(asked.back(error=denied))
    cookie = cookie_of(call.request)
    user = _signed_in(asked.pool, memory.user_of(cookie, asked.pool.id, world.now()))
    if call.page == "Authorize":
        prompt = call.query.get("prompt", "").split()
        if user and "login" not in prompt:
            return redirect(_finish(world, memory, asked, user))
        if "none" in prompt:
            return redirect(asked.back(error="login_required"))
        return redirect(own_address(call.request, "/login", **call.query))
    if not asked.client.branded:
        return unavailable_page()
    action = f"/login?{call.request.query}"
    if call.request.method != "POST":
        return sign_in_page(action, call.query.get("login_hint", ""))
    signed_in = sign_in(world, memory, asked.pool, asked.client, action, call.form or {})
    if isinstance(signed_in, Reply):
        return signed_in
    cookie = memory.add_browser(asked.pool.id, signed_in.username, world.now())
    # Without Secure: the sandbox speaks plain HTTP, on loopback only.
    held = f"{COOKIE}={cookie}; Path=/; Max-Age={COOKIE_LIFETIME}; HttpOnly; SameSite=Lax"
    return redirect(_finish(world, memory, asked, signed_in), ("Set-Cookie", held))


def _signed_in(pool: Pool, username: str | None) -> User | None:
    user = pool.users.get(username) if username else None
    return user if user and user.enabled else None


def _asked(call: Call) -> _Asked:
    """Return the request that a query states. Raises _Answered for one that goes no further (research 6.5)."""
    query, client_id = call.query, call.credentials.client_id
    if not client_id:  # recorded 2026-07-03 at a custom domain [V]; the identifier is not repeated
        raise _Answered(_to_error_page(call, "Required parameters missing"))
    if not call.pool or not call.client:  # unknown, or of another pool on this domain: the same recording [V]
        raise _Answered(_to_error_page(call, "invalid_request"))
    client = call.client
    address = query.get("redirect_uri") or setting(client, "DefaultRedirectURI")
    if not address:
        raise _Answered(_to_error_page(call, "Required parameters missing"))  # [U] for this parameter alone
    if address not in (setting(client, "CallbackURLs") or ()):
        raise _Answered(_to_error_page(call, "redirect_mismatch"))
    provider = query.get("identity_provider") or "COGNITO"
    if provider != "COGNITO" or provider not in (setting(client, "SupportedIdentityProviders") or ["COGNITO"]):
        raise _Answered(_to_error_page(call, "invalid_request"))  # [R]; the sandbox knows no other provider
    kind = query.get("response_type", "")
    asked = _Asked(
        call.pool,
        client,
        address,
        kind,
        tuple(dict.fromkeys(query.get("scope", "").split())),
        query.get("state"),
        query.get("nonce"),
        query.get("code_challenge"),
    )
    if kind not in _FLOWS:
        raise _Answered(redirect(asked.back(error="invalid_request")))  # absent [D]; another word [U]
    if not oauth_token.allows_grant(client, _FLOWS[kind]):
        raise _Answered(redirect(asked.back(error="unauthorized_client")))
    if asked.challenge is not None and query.get("code_challenge_method") != "S256":
        raise _Answered(redirect(asked.back(error="invalid_request")))
    if asked.challenge is None and "code_challenge_method" in query:
        raise _Answered(redirect(asked.back(error="invalid_request")))  # [U]
    allowed = setting(client, "AllowedOAuthScopes") or ()
    if not set(asked.scopes) <= set(allowed):
        # AWS documents error=invalid_scope; many recordings have it as the description, in the fragment too [V].
        raise _Answered(redirect(asked.back(error_description="invalid_scope", error="invalid_request")))
    return replace(asked, scopes=asked.scopes or tuple(allowed))


def _to_error_page(call: Call, error: str) -> Reply:
    if error == "Required parameters missing":
        return redirect(own_address(call.request, "/error", error=error))
    return redirect(own_address(call.request, "/error", error=error, client_id=call.credentials.client_id or ""))


def _finish(world: World, memory: Memory, asked: _Asked, user: User) -> str:
    """Return the address to which a user who is signed in goes back: with a code, or with tokens (implicit)."""
    if asked.response_type == "code":
        return asked.back(code=memory.add_code(_grant(world, asked, user)))
    if not oauth_token.may_read(asked.client, asked.scopes):
        return asked.back(error="invalid_request")  # [U]: known of the token endpoint only
    claims = {"nonce": asked.nonce} if asked.nonce else None
    try:
        issued = issue(
            world,
            asked.pool,
            asked.client,
            user,
            asked.scopes,
            id_token="openid" in asked.scopes,
            refresh=False,
            id_claims=claims,
        )
    except AwsError as error:
        return asked.back(error_description=error.message, error="invalid_request")
    order = ("id_token", "access_token", "expires_in", "token_type")  # as seen in an app's notes [R]
    return asked.back(**{name: str(issued[name]) for name in order if name in issued})


def _grant(world: World, asked: _Asked, user: User) -> Grant:
    return Grant(
        asked.pool.id,
        asked.client.id,
        user.username,
        asked.redirect_uri,
        asked.scopes,
        world.now(),
        asked.nonce,
        asked.challenge,
    )


def _logout(call: Call, memory: Memory) -> Reply:
    """Sign the browser out, and send it to a registered address or back to the sign-in (CG-LOGOUT [D])."""
    if not call.credentials.client_id:
        raise _Answered(_to_error_page(call, "Required parameters missing"))
    if not call.client:
        raise _Answered(_to_error_page(call, "invalid_request"))
    target = call.query.get("logout_uri")
    if target is None:
        _asked(call)
        target = own_address(call.request, "/login", **call.query)
    elif target not in (setting(call.client, "LogoutURLs") or ()):
        raise _Answered(_to_error_page(call, "invalid_request"))  # [U]
    memory.forget_browser(cookie_of(call.request))
    return redirect(target, ("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
