"""The token: its form, issuer, signature, life, kind and scopes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cogwizard.sandbox import refresh_token, tampered
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting


def _with(change: Callable[[str], str] = str, **options: Any) -> Callable[[Setting], None]:
    """Return a builder that sends a token minted with `options` and then changed."""

    def build(s: Setting) -> None:
        s.standard()
        s.send(f"Bearer {change(s.token(**options))}")

    return build


def _refresh(s: Setting) -> None:
    s.standard()
    s.send(refresh_token(s.pool, s.client))


def _wrong_pool(s: Setting) -> None:
    s.standard()
    s.send(s.token(pool=s.other_pool()))


def _wrong_of_several(s: Setting) -> None:
    s.guard(s.pool.arn, s.other_pool("staff").arn)
    s.protect()
    s.deploy()
    s.send(s.token(pool=s.other_pool()))


def _updated(s: Setting) -> None:
    pool = s.other_pool("updated", issuer_type="UPDATED")
    s.guard(pool.arn)
    s.protect()
    s.deploy()
    s.send(s.token(pool=pool))


def _updated_unobserved(s: Setting) -> None:
    _updated(s)
    s.replay = False


def _pasted(body: str, *headers: str, age: int = 600) -> Callable[[Setting], None]:
    def build(s: Setting) -> None:
        s.standard()
        s.send(s.token(age=age))
        s.pasted = "\r\n".join(["HTTP/1.1 401 Unauthorized", *headers, "", body])

    return build


UNAUTHORIZED = "x-amzn-ErrorType: UnauthorizedException"


def _signed_by_other(s: Setting) -> None:
    """A token that names this pool and this pool's key, signed by another pool's key."""
    s.standard()
    impostor = replace(s.other_pool(), clients=s.pool.clients)
    head, claims, _ = s.token().split(".")
    s.send(f"{head}.{claims}.{s.token(pool=impostor).split('.')[2]}")


def _access(s: Setting) -> None:
    s.standard()
    s.send(f"Bearer {s.token('access')}")


def _customized(s: Setting) -> None:
    """The UNAUTHORIZED response was customized: another status, another body, the same x-amzn-ErrorType."""
    s.api.draft.respond("UNAUTHORIZED", status=403, body='{"error":"no entry"}')
    s.standard()
    s.send(f"Bearer {s.token('access')}")


def _id_for_scopes(s: Setting) -> None:
    s.standard(scopes=["orders/read"])
    s.send(s.token())


def _scope(s: Setting) -> None:
    s.standard(scopes=["orders/read"])
    s.send(s.token("access", scopes=["openid", "orders/write"]))


def _scope_of_sign_in(s: Setting) -> None:
    s.standard(scopes=["orders/read", "orders/write"])
    s.send(s.token("access"))


def _regex(expression: str, kind: Any = "id", **options: Any) -> Callable[[Setting], None]:
    def build(s: Setting) -> None:
        s.guard(regex=expression.replace("{client}", s.client.id[:10]))
        s.protect(**options)
        s.deploy()
        s.send(s.token(kind, scopes=["orders/read"]))

    return build


def _skewed(s: Setting) -> None:
    """This machine's clock is wrong: the answer's Date is 20 minutes ahead of it, and the token is good."""
    s.world.clock_offset = 1200.0
    s.standard()
    s.send(s.token())


TOKENS = (
    Scenario("token-malformed-cut", _with(lambda token: token.rpartition(".")[0]), ("token-malformed",)),
    Scenario("token-malformed-character", _with(lambda token: token[:40] + "%" + token[41:]), ("token-malformed",)),
    Scenario("refresh-token-sent", _refresh, ("refresh-token-sent",)),
    Scenario("opaque-token-sent", _with(lambda _: "7d1c9a5e-0f0b-4f0e-9a53-2f4f1d1c9a5e"), ("opaque-token-sent",)),
    Scenario("token-expired", _with(age=7200), ("token-expired",)),
    Scenario("token-expired-pasted", _pasted('{"message":"The incoming token has expired"}'), ("token-expired",)),
    Scenario(
        "token-expired-local-clock",
        _pasted('{"message":"Unauthorized"}', UNAUTHORIZED, age=7200),
        warns=("token-expired",),
        unknowns=("answer-not-explained",),
        outcome="inconclusive",
    ),
    Scenario("token-not-yet-valid", _with(age=-1800), ("token-not-yet-valid",)),
    Scenario("wrong-pool", _wrong_pool, ("wrong-pool",)),
    Scenario("wrong-pool-of-several", _wrong_of_several, ("wrong-pool",)),
    Scenario("issuer-not-cognito", _with(claims={"iss": "https://login.example.com/"}), ("issuer-not-cognito",)),
    Scenario("issuer-updated", _updated, ("issuer-updated",)),
    Scenario("issuer-updated-unobserved", _updated_unobserved, warns=("issuer-updated",), outcome="inconclusive"),
    Scenario("signature-invalid", _with(tampered), ("signature-invalid",)),
    Scenario("signature-of-another-key", _signed_by_other, ("signature-invalid",)),
    Scenario("signing-key-unknown", _with(header={"kid": "a-key-that-no-pool-has"}), ("signing-key-unknown",)),
    Scenario("algorithm-not-allowed", _with(header={"alg": "HS256"}), ("algorithm-not-allowed",)),
    Scenario("algorithm-none", _with(header={"alg": "none"}), ("algorithm-not-allowed",)),
    Scenario("access-token-where-id-token-expected", _access, ("access-token-where-id-token-expected",)),
    Scenario("access-token-customized-response", _customized, ("access-token-where-id-token-expected",)),
    Scenario("id-token-where-access-token-expected", _id_for_scopes, ("id-token-where-access-token-expected",)),
    Scenario("scope-not-in-token", _scope, ("scope-not-in-token",)),
    Scenario("scope-not-in-token-sign-in", _scope_of_sign_in, ("scope-not-in-token",)),
    Scenario("audience-regex-mismatch", _regex("^another-client$"), ("audience-regex-mismatch",)),
    Scenario(
        "audience-regex-mismatch-access",
        _regex(".*", "access", scopes=["orders/read"]),
        ("audience-regex-mismatch",),
    ),
    Scenario(
        "audience-regex-part",
        _regex("{client}"),
        unknowns=("audience-regex-mismatch", "answer-not-explained"),
        outcome="inconclusive",
    ),
    Scenario("clock-skew", _skewed, warns=("clock-skew",), outcome="healthy", alone=True),
)
