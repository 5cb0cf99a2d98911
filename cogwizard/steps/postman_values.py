"""What to enter into Postman's OAuth 2.0 tab, as far as pool, app client and method tell. Pure.

One home for the proposal: the checklist shows it, the export writes it, and what stands in a tab is compared with it.
"""

from collections.abc import Iterable

from cogwizard.model.attempt import GRANTS as OAUTH_GRANTS
from cogwizard.model.attempt import SIGN_IN_SCOPE
from cogwizard.model.client import AppClient
from cogwizard.model.domain import AUTHORIZE, TOKEN, base_urls
from cogwizard.model.pool import Pool
from cogwizard.model.postman import CALLBACKS, DEFAULTS, FLOWS, GRANTS, USE_TOKEN, App, Entry, Setup

_CODE = "authorization_code_with_pkce"


def value(setup: Setup, key: str) -> str | None:
    """Return what stands in a field: what is entered, else Postman's default (in a file) or what we propose."""
    if key in setup.entered:
        return setup.entered[key]
    if setup.in_file:
        return DEFAULTS.get(key, "")
    return proposed(setup).get(key)


def entries(setup: Setup, keys: Iterable[str]) -> tuple[Entry, ...]:
    """Return the fields that the grant has, with their values."""
    there = proposed(setup)
    return tuple(Entry(key, value(setup, key)) for key in keys if key in there or key in setup.entered)


def signs_in(setup: Setup) -> bool:
    """Whether a tab is for signing in: in a file that says nothing of it, the token comes from elsewhere.

    Postman writes the keys that were touched only (postman-oauth.md 0.4).
    """
    if not setup.in_file:
        return True
    return any(
        key in setup.open or setup.entered.get(key, "").strip() for key in ("authUrl", "accessTokenUrl", "clientId")
    )


def proposed(setup: Setup) -> dict[str, str | None]:
    """Return the values of all fields that the grant has, by Postman's keys; None: not known, "": stays empty."""
    client = setup.client if isinstance(setup.client, AppClient) else None
    grant = grant_of(setup)
    found: dict[str, str | None] = {"grant_type": grant}
    urls = bases(setup)
    if grant != "client_credentials":
        app = app_of(setup)
        found["useBrowser"] = "true" if app == "desktop-browser" else "false"
        found["redirect_uri"] = callback_of(setup)
        found["authUrl"] = f"{urls[0]}{AUTHORIZE}" if urls else None
    if grant != "implicit":
        found["accessTokenUrl"] = f"{urls[0]}{TOKEN}" if urls else None
    if grant == _CODE:
        found["challengeAlgorithm"] = "S256"
    found["clientId"] = setup.asked_client
    if grant != "implicit":
        found["clientSecret"] = (client.secret or "") if client else None
        # A public client is refused with a Basic header, even an empty one (3, #10166).
        found["client_authentication"] = None if client is None else "header" if client.has_secret else "body"
    found["scope"] = _scope(setup, client, grant)
    if grant != "client_credentials":
        found[USE_TOKEN] = setup.needs.kind
    found["addTokenTo"], found["headerPrefix"] = "header", "Bearer"
    return found


def block(setup: Setup) -> dict[str, str]:
    """Return what stands in an exported auth block: all fields, with what was entered; "" for what is not known."""
    return {key: value(setup, key) or "" for key in {**proposed(setup), **setup.entered} if key != USE_TOKEN}


def grant_of(setup: Setup) -> str:
    """Return the grant type: the one that is entered, else the best that the app client allows.

    The guide names code and implicit, by what the app client has; PKCE is the code grant's safer form (6.4 [D]).
    """
    if setup.in_file or setup.entered.get("grant_type"):
        return setup.entered.get("grant_type") or DEFAULTS["grant_type"]
    client = setup.client
    if isinstance(client, AppClient):
        return next((grant for grant in GRANTS if OAUTH_GRANTS[FLOWS[grant]] in client.grants), _CODE)
    return _CODE


def app_of(setup: Setup) -> App:
    """Return which Postman: the one that was named, else the one whose callback URL the app client has."""
    if setup.app:
        return setup.app
    if setup.in_file:
        return "desktop-browser" if setup.entered.get("useBrowser", "").lower() == "true" else "desktop-popup"
    wanted, client = setup.entered.get("redirect_uri"), setup.client
    if wanted:
        return next((app for app, url in CALLBACKS.items() if url == wanted), "desktop-popup")
    if not isinstance(client, AppClient) or not client.callback_urls:
        return "desktop-browser"
    # The pop-up takes any URL that is registered: no page needs to be there (2 [D]).
    return next((app for app, url in CALLBACKS.items() if url in client.callback_urls), "desktop-popup")


def callback_of(setup: Setup) -> str:
    """Return the callback URL that is really sent, "" where none is entered: only the pop-up sends what its field
    says (section 2)."""
    app, entered = app_of(setup), setup.entered.get("redirect_uri")
    if app in CALLBACKS:
        return CALLBACKS[app]
    if entered or setup.in_file:
        return entered or ""
    client = setup.client
    registered = client.callback_urls if isinstance(client, AppClient) else ()
    return next(iter(registered), CALLBACKS["desktop-browser"])


def bases(setup: Setup) -> tuple[str, ...]:
    """Return the base URLs of the pool's domains, the one to enter first; none where they are not known."""
    pool, region = setup.pool, setup.pool_region
    return base_urls(pool, region, setup.override) if isinstance(pool, Pool) and region else ()


def scopes_of(setup: Setup) -> tuple[str, ...]:
    """Return the scopes that are asked for; none: all of the app client's (6.4 [D])."""
    return tuple(dict.fromkeys((value(setup, "scope") or "").split()))


def _scope(setup: Setup, client: AppClient | None, grant: str) -> str:
    wanted = setup.needs.scopes
    allowed = client.scopes if client else None
    if grant == "client_credentials":
        custom = [scope for scope in (wanted if allowed is None else allowed) if "/" in scope]
        fitting = [scope for scope in custom if scope in wanted] if wanted else custom
        return " ".join(fitting or custom)
    if setup.needs.kind == "access-token" and wanted:
        fitting = [scope for scope in wanted if allowed is None or scope in allowed] or list(wanted)
        # Without openid no ID token comes, and Postman shows no choice; it does no harm (postman-oauth.md 3).
        first = ["openid"] if allowed is None or "openid" in allowed else []
        return " ".join(dict.fromkeys([*first, *fitting]))
    if setup.needs.kind is None and allowed is not None and "openid" not in allowed:
        return " ".join(scope for scope in allowed if scope != SIGN_IN_SCOPE)
    return "openid"
