"""A page calls the API: its preflight, and what the browser makes of the answers."""

from cogwizard.sandbox import method, preflight
from cogwizard.sandbox.scenarios.scenario import PAGE, Scenario, Setting

ALLOW = {"Access-Control-Allow-Origin": PAGE}


def _page(s: Setting, age: int = 600) -> None:
    """A page calls with a token."""
    s.browser, s.origin = True, PAGE
    s.send(f"Bearer {s.token(age=age)}")


def _prepared(s: Setting, **options: str) -> None:
    """GET /orders with CORS as it should be, refusals included. Options as `preflight`."""
    s.guard()
    s.protect(backend=(200, ALLOW, '{"ok":true}'))
    s.api.draft.add("/orders", OPTIONS=preflight(PAGE, **options))
    for kind in ("UNAUTHORIZED", "DEFAULT_4XX", "DEFAULT_5XX"):
        s.api.draft.respond(kind, headers=ALLOW)
    s.deploy()


def _good(s: Setting) -> None:
    _prepared(s)
    _page(s)


def _any(s: Setting) -> None:
    s.guard()
    s.protect(verb="ANY", backend=(200, ALLOW, '{"ok":true}'))
    s.deploy()
    _page(s)


def _options_with_key(s: Setting) -> None:
    _prepared(s)
    s.api.draft.resources["/orders"]["OPTIONS"]["apiKeyRequired"] = True
    s.deploy()
    _page(s)


def _missing(s: Setting) -> None:
    s.guard()
    s.protect(backend=(200, ALLOW, '{"ok":true}'))
    s.deploy()
    _page(s)


def _no_status(s: Setting) -> None:
    _prepared(s, template="{}")
    _page(s)


def _verb(s: Setting) -> None:
    _prepared(s)
    s.protect(verb="PUT", backend=(200, ALLOW, '{"ok":true}'))
    s.deploy()
    s.method, s.replay = "PUT", False
    _page(s)


def _backend_without_options(s: Setting) -> None:
    _prepared(s)
    s.api.draft.add("/orders", OPTIONS=method(backend=(404, {}, "no such route"), integration="HTTP_PROXY"))
    s.deploy()
    _page(s)


def _header(s: Setting) -> None:
    _prepared(s, headers="Content-Type,X-Api-Key")
    _page(s)


def _wildcard(s: Setting) -> None:
    _prepared(s, headers="*")
    _page(s)


def _slash(s: Setting) -> None:
    _prepared(s)
    s.api.draft.add("/orders", OPTIONS=preflight(f"{PAGE}/"))
    s.deploy()
    _page(s)


def _two_origins(s: Setting) -> None:
    _prepared(s)
    s.protect(backend=(200, {"Access-Control-Allow-Origin": f"{PAGE}, *"}, '{"ok":true}'))
    s.deploy()
    _page(s)


def _hidden(s: Setting) -> None:
    _prepared(s)
    s.api.draft.gateway_responses.clear()
    s.deploy()
    _page(s, age=7200)


def _shown(s: Setting) -> None:
    """Near: the refusal carries its headers, so that the browser hides nothing."""
    _prepared(s)
    _page(s, age=7200)


def _discarded(s: Setting) -> None:
    _prepared(s)
    s.protect()
    s.deploy()
    _page(s)


def _not_deployed(s: Setting) -> None:
    _missing(s)
    s.api.draft.add("/orders", OPTIONS=preflight(PAGE))


def _pasted_options(s: Setting) -> None:
    s.guard()
    s.protect(verb="ANY")
    s.deploy()
    s.method = "OPTIONS"
    s.headers += [("Origin", PAGE), ("Access-Control-Request-Method", "GET")]


def _good_options(s: Setting) -> None:
    _prepared(s)
    s.method = "OPTIONS"
    s.headers += [("Origin", PAGE), ("Access-Control-Request-Method", "GET")]
    s.send("authorization", "Access-Control-Request-Headers")


def _everything(s: Setting) -> None:
    s.standard()
    _page(s, age=7200)


def _stage(s: Setting) -> None:
    """Near: the preflight fails too, and nothing is wrong with OPTIONS."""
    _prepared(s)
    s.stage = "live"
    _page(s)


def _curl(s: Setting) -> None:
    """Near: the same API, not called by a page."""
    _prepared(s)
    s.protect("/invoices", backend=(200, ALLOW, "[]"))
    s.deploy()
    s.path = "/invoices"
    s.send(s.token())


def _same_origin(s: Setting) -> None:
    s.standard()
    _page(s)
    s.origin = "self"


def _simple(s: Setting) -> None:
    s.api.draft.add("/orders", GET=method(backend=(200, {"Access-Control-Allow-Origin": "*"}, "[]")))
    s.deploy()
    s.browser, s.origin = True, PAGE


BROWSER = (
    Scenario("preflight-needs-no-auth", _any, ("preflight-needs-no-auth",)),
    Scenario("preflight-needs-no-auth-key", _options_with_key, ("preflight-needs-no-auth",)),
    Scenario("preflight-needs-no-auth-pasted", _pasted_options, ("preflight-needs-no-auth",)),
    Scenario("preflight-missing", _missing, ("preflight-missing",)),
    Scenario("preflight-missing-not-deployed", _not_deployed, ("changes-not-deployed",)),
    Scenario("preflight-missing-stacked", _everything, ("preflight-missing", "token-expired", "cors-hides-401")),
    Scenario("preflight-broken", _no_status, ("preflight-broken",)),
    Scenario("preflight-broken-verb", _verb, ("preflight-broken",)),
    Scenario("preflight-broken-backend", _backend_without_options, ("preflight-broken",)),
    Scenario("cors-header-not-allowed", _header, ("cors-header-not-allowed",)),
    Scenario("cors-header-not-allowed-wildcard", _wildcard, ("cors-header-not-allowed",)),
    Scenario("cors-origin-mismatch", _slash, ("cors-origin-mismatch",)),
    Scenario("cors-origin-mismatch-several", _two_origins, ("cors-origin-mismatch",)),
    Scenario("cors-headers-missing", _discarded, ("cors-headers-missing",)),
    Scenario("cors-hides-401", _hidden, ("token-expired", "cors-hides-401")),
    Scenario("cors-hides-nothing", _shown, ("token-expired",)),
    Scenario("cors-hides-wrong-stage", _stage, ("wrong-stage", "cors-hides-401")),
    Scenario("healthy-browser", _good, outcome="healthy"),
    Scenario("healthy-browser-same-origin", _same_origin, outcome="healthy"),
    Scenario("healthy-browser-simple", _simple, warns=("not-protected",), outcome="healthy"),
    Scenario("healthy-preflight", _good_options, outcome="healthy"),
    Scenario("healthy-preflight-of-others", _curl, warns=("preflight-missing",), outcome="healthy"),
)
