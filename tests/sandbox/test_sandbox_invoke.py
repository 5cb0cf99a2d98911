"""execute-api: what each gate answers, and what passes."""

import base64
import hashlib
import json
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from sandbox_kit import Shop, call, http

from cogwizard.sandbox import Sandbox, authorizer, lambda_authorizer, method, mint, refresh_token, tampered
from cogwizard.sandbox.routing import match
from cogwizard.sandbox.things import WebAcl

UNAUTHORIZED = (401, "UnauthorizedException", {"message": "Unauthorized"})
FORBIDDEN = (403, "ForbiddenException", {"message": "Forbidden"})
SIGNATURE = "AWS4-HMAC-SHA256 Credential=a/20260101/r/execute-api/aws4_request, Signature=x"
NO_ROUTE = (403, "MissingAuthenticationTokenException", {"message": "Missing Authentication Token"})


def test_good_tokens_reach_the_backend() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        for path, token in (
            ("/orders", shop.id_token()),
            ("/orders", f"Bearer {shop.id_token()}"),
            ("/orders/", shop.id_token()),
            ("/items/7?x=1", shop.access_token("openid", "shop/read")),
            ("/public", None),
        ):
            answer = call(sandbox, shop.api, path, token)
            assert (answer.status, answer.json) == (200, {"ok": True}), path
            assert answer.headers["x-amzn-ErrorType"] is None
            assert answer.headers["x-amzn-RequestId"]
            assert answer.headers["x-amz-apigw-id"]


@pytest.mark.parametrize("form", ["/_aws/execute-api/{api}/prod/orders", "/restapis/{api}/prod/_user_request_/orders"])
def test_both_address_forms_and_the_host(form: str) -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        assert http(sandbox.url + form.format(api=shop.api.id)).refusal == UNAUTHORIZED
        host = f"{shop.api.id}.execute-api.localhost.localstack.cloud:4566"
        assert http(f"{sandbox.url}/prod/orders", {"Host": host}).refusal == UNAUTHORIZED
        good = {"Host": host, "authorization": shop.id_token()}
        assert http(f"{sandbox.url}/prod/orders", good).status == 200


def _tokens(shop: Shop) -> dict[str, str | None]:
    other = shop.world.add_pool("other")
    stranger = other.add_client("web")
    good = shop.id_token()
    return {
        "no header": None,
        "empty": "",
        "garbage": "abc",
        "scheme only": "Bearer ",
        "lower-case scheme": f"bearer {good}",
        "two spaces": f"Bearer  {good}",
        "doubled scheme": f"Bearer Bearer {good}",
        "foreign scheme": f"Token {good}",
        "quotes": f'"{good}"',
        "inner space": good.replace(".", ". ", 1),
        "refresh token": refresh_token(shop.pool, shop.client),
        "access token": shop.access_token("shop/read"),
        "another pool's": mint(other, stranger, issued_at=shop.world.now() - 60),
        "tampered": tampered(good),
        "unknown key": shop.id_token(header={"kid": "x"}),
        "no key id": shop.id_token(header={"kid": None}),
        "alg none": shop.id_token(header={"alg": "none"}),
        "alg HS256": shop.id_token(header={"alg": "HS256"}),
        "issued in the future": shop.id_token(issued_at=shop.world.now() + 600),
        "not before": shop.id_token(claims={"nbf": int(shop.world.now()) + 600}),
        "no expiry": shop.id_token(claims={"exp": None}),
        "expiry is text": shop.id_token(claims={"exp": "soon"}),
        "no issuer": shop.id_token(claims={"iss": None}),
        "a foreign issuer": shop.id_token(claims={"iss": "https://example.com/"}),
        "no token_use": shop.id_token(claims={"token_use": None}),
        "signed by another": mint(other, stranger, issued_at=shop.world.now() - 60, claims={"iss": shop.pool.issuer}),
        "signature cut": good.rpartition(".")[0] + ".",
        "two parts": good.rpartition(".")[0],
    }


@pytest.mark.parametrize("kind", list(_tokens(Shop())))
def test_every_bad_token_is_401_unauthorized(kind: str) -> None:
    shop = Shop()
    token = _tokens(shop)[kind]
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders", token).refusal == UNAUTHORIZED


def test_an_expired_token_has_its_own_words_but_only_when_the_pool_is_right() -> None:
    shop = Shop()
    old = {"issued_at": shop.world.now() - 7200}
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/orders", shop.id_token(**old))
        expired = (401, "UnauthorizedException", {"message": "The incoming token has expired"})
        assert answer.refusal == expired
        assert call(sandbox, shop.api, "/orders", tampered(shop.id_token(**old))).refusal == UNAUTHORIZED
        assert call(sandbox, shop.api, "/items/1", shop.id_token(**old)).refusal == expired


def test_the_clock_of_the_world_decides_and_is_the_date() -> None:
    shop = Shop()
    token = shop.id_token()
    shop.world.clock_offset = 86400
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/orders", token)
    assert answer.json == {"message": "The incoming token has expired"}
    assert abs(parsedate_to_datetime(answer.headers["Date"]).timestamp() - shop.world.now()) < 5


def test_scopes_want_an_access_token_with_one_of_them() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        scopes = ((), ("shop/rea",), ("SHOP/READ",), ("openid", "shop"))
        for token in (shop.id_token(), *(shop.access_token(*held) for held in scopes)):
            assert call(sandbox, shop.api, "/items/1", token).refusal == UNAUTHORIZED
        assert call(sandbox, shop.api, "/items/1", shop.access_token("shop/all")).status == 200


def test_the_identity_source_names_the_header() -> None:
    shop = Shop()
    shop.api.draft.authorizers[0]["identitySource"] = "method.request.header.X-Auth"
    shop.api.deploy("prod")
    shop.api.draft.authorizers[0]["identitySource"] = "method.request.header.method.request.header.X-Auth"
    shop.api.deploy("broken")
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders", shop.id_token()).refusal == UNAUTHORIZED
        header = {"x-auth": shop.id_token()}
        assert call(sandbox, shop.api, "/orders", headers=header).status == 200
        assert call(sandbox, shop.api, "/orders", headers=header, stage="broken").refusal == UNAUTHORIZED


def test_the_validation_expression_is_matched_against_the_whole_aud() -> None:
    shop = Shop()
    expected = {shop.client.id: 200, shop.client.id[:10]: 401, f"x|{shop.client.id[:10]}.*": 200, "(": 401}
    for number, regex in enumerate(expected):
        shop.api.draft.authorizers[0]["identityValidationExpression"] = regex
        shop.api.deploy(f"s{number}")
    with Sandbox(shop.world) as sandbox:
        statuses = [call(sandbox, shop.api, "/orders", shop.id_token(), stage=f"s{at}").status for at in range(4)]
        access = call(sandbox, shop.api, "/items/1", shop.access_token("shop/read"), stage="s0")
    assert statuses == list(expected.values())
    assert access.refusal == UNAUTHORIZED


def test_the_issuer_must_be_an_existing_pool_of_the_authorizer() -> None:
    shop = Shop()
    second = shop.world.add_pool("second", region="us-east-1", account_id="999999999999")
    template = shop.pool.arn.replace(shop.pool.id, "${stageVariables.pool}")
    shop.api.draft.authorizers[0]["providerARNs"] = [template, second.arn]
    shop.api.deploy("prod", variables={"pool": shop.pool.id})
    shop.api.deploy("unset")
    with Sandbox(shop.world) as sandbox:
        token = shop.id_token()
        assert call(sandbox, shop.api, "/orders", token).status == 200
        assert call(sandbox, shop.api, "/orders", token, stage="unset").refusal == UNAUTHORIZED
        theirs = mint(second, second.add_client("web"), issued_at=shop.world.now() - 60)
        assert call(sandbox, shop.api, "/orders", theirs).status == 200
        second.exists = False
        assert call(sandbox, shop.api, "/orders", theirs).refusal == UNAUTHORIZED
        shop.pool.issuer_type = "UPDATED"
        assert call(sandbox, shop.api, "/orders", shop.id_token()).refusal == UNAUTHORIZED


@pytest.mark.parametrize("change", [("userpool/", "userpools/"), ("ap-northeast-1:1", "us-east-1:1"), (":123", ":923")])
def test_an_arn_that_names_no_pool_refuses_all(change: tuple[str, str]) -> None:
    shop = Shop()
    shop.api.draft.authorizers[0]["providerARNs"] = [shop.pool.arn.replace(*change)]
    assert shop.api.draft.authorizers[0]["providerARNs"] != [shop.pool.arn]
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders", shop.id_token()).refusal == UNAUTHORIZED


def test_a_change_counts_when_it_is_deployed() -> None:
    shop = Shop()
    shop.api.draft.resources["/orders"]["GET"] = method()
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders").refusal == UNAUTHORIZED
        shop.api.deploy("prod")
        assert call(sandbox, shop.api, "/orders").status == 200


def test_a_canary_takes_its_share() -> None:
    shop = Shop()
    shop.api.draft.resources["/orders"]["GET"] = method()
    shop.api.deploy_canary("prod", 25)
    with Sandbox(shop.world) as sandbox:
        statuses = [call(sandbox, shop.api, "/orders").status for _ in range(8)]
    assert statuses == [401, 401, 401, 200, 401, 401, 401, 200]


def test_stage_api_and_endpoint_that_are_not_there() -> None:
    shop = Shop()
    shop.api.draft.endpoint_disabled = True
    shop.api.draft.respond("DEFAULT_4XX", status=418)
    shop.api.deploy("closed")
    private = shop.world.add_api("private", endpoint_types=["PRIVATE"])
    private.draft.add("/", GET=method())
    private.deploy("prod")
    undeployed = shop.world.add_api("undeployed")
    with Sandbox(shop.world) as sandbox:
        token = shop.id_token()
        assert call(sandbox, shop.api, "/orders", token, stage="dev").refusal == FORBIDDEN
        assert call(sandbox, shop.api, "/orders", token, stage="closed").refusal == FORBIDDEN
        assert call(sandbox, private, "/").refusal == FORBIDDEN
        assert call(sandbox, undeployed, "/").refusal == FORBIDDEN
        assert http(f"{sandbox.url}/_aws/execute-api/nothing000/prod/").refusal == FORBIDDEN
        assert http(f"{sandbox.url}/_aws/execute-api/{shop.api.id}").refusal == FORBIDDEN


def test_a_web_acl_blocks_before_the_route() -> None:
    shop = Shop()
    shop.api.stages["prod"]["webAclArn"] = "arn:acl"
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/nowhere").refusal == NO_ROUTE
        shop.world.web_acls["arn:acl"] = WebAcl("acl", blocks=True)
        assert call(sandbox, shop.api, "/nowhere").refusal == FORBIDDEN


def test_no_route_and_iam_ask_for_a_signature() -> None:
    shop = Shop()
    shop.api.draft.add("/iam", GET=method("AWS_IAM"))
    shop.api.deploy("prod")
    token = shop.id_token()
    digest = base64.b64encode(hashlib.sha256(f"Bearer {token}".encode()).digest()).decode()
    with Sandbox(shop.world) as sandbox:
        for path in ("/nowhere", "/iam", "/orders/7"):
            assert call(sandbox, shop.api, path).refusal == NO_ROUTE
            bearer = call(sandbox, shop.api, path, f"Bearer {token}")
            bare = call(sandbox, shop.api, path, token)
            signed = call(sandbox, shop.api, path, SIGNATURE)
            assert bearer.refusal[:2] == bare.refusal[:2] == (403, "IncompleteSignatureException")
            assert bearer.json["message"] == (
                "Invalid key=value pair (missing equal-sign) in Authorization header "
                f"(hashed with SHA-256 and encoded with Base64): '{digest}'."
            )
            assert bare.json["message"].startswith("Authorization header requires 'Credential' parameter. ")
            assert signed.json["message"] == "The security token included in the request is invalid."
        assert call(sandbox, shop.api, "/orders", verb="DELETE").refusal == NO_ROUTE


def test_signed_calls_fare_as_the_world_says() -> None:
    shop = Shop()
    shop.api.draft.add("/iam", GET=method("AWS_IAM"))
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        shop.world.signed_calls = "role-denied"
        status, kind, body = call(sandbox, shop.api, "/iam", SIGNATURE).refusal
        assert (status, kind) == (403, "AccessDeniedException")
        assert "assumed-role" in body["Message"]
        shop.world.signed_calls = "allow"
        assert call(sandbox, shop.api, "/iam", SIGNATURE).status == 200
        assert call(sandbox, shop.api, "/orders", SIGNATURE).refusal == UNAUTHORIZED


@pytest.mark.parametrize(
    ("verb", "path", "expected"),
    [
        ("GET", "/", "/ GET"),
        ("GET", "/a", "/a GET"),
        ("PUT", "/a", "/a ANY"),
        ("GET", "/a/b", "/a/b GET"),
        ("GET", "/a/c", "/a/{id} GET"),
        ("DELETE", "/a/b", None),  # the verb is looked for at the most specific resource only
        ("GET", "/a/b/c", "/{proxy+} GET"),
        ("GET", "/x", "/{proxy+} GET"),
        ("GET", "/a%2Fb", "/{proxy+} GET"),
        ("GET", "/%61", "/a GET"),
        ("GET", "/f/x/y", "/f/{rest+} GET"),
        ("GET", "/f", "/{proxy+} GET"),  # {rest+} does not match its parent
        ("POST", "/x", None),
    ],
)
def test_the_most_specific_resource_wins(verb: str, path: str, expected: str | None) -> None:
    table = {
        "/": ["GET"],
        "/{proxy+}": ["GET"],
        "/a": ["GET", "ANY"],
        "/a/{id}": ["GET", "DELETE"],
        "/a/b": ["GET"],
        "/f/{rest+}": ["GET"],
        "/empty": [],
    }
    resources: dict[str, Any] = {at: {each: {"name": f"{at} {each}"} for each in verbs} for at, verbs in table.items()}
    found = match(resources, verb, path)
    assert (found[1]["name"] if found else None) == expected


def test_a_lambda_authorizer_answers_in_its_own_way() -> None:
    shop = Shop()
    shop.api.draft.authorizers.append(lambda_authorizer("Custom", "judge"))
    shop.api.draft.add("/custom", GET=method("CUSTOM", "Custom"))
    shop.api.deploy("prod")
    denied = "User is not authorized to access this resource"
    explicit = f"{denied} with an explicit deny in an identity-based policy"
    expected: dict[Any, tuple[int, str | None, Any]] = {
        "allow": (200, None, {"ok": True}),
        "deny": (403, "AccessDeniedException", {"Message": explicit}),
        "silent": (403, "AccessDeniedException", {"Message": denied}),
        "unauthorized": UNAUTHORIZED,
        "error": (500, "AuthorizerConfigurationException", {"message": None}),
    }
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/custom").refusal == UNAUTHORIZED
        for outcome, answer in expected.items():
            shop.world.functions["judge"] = outcome
            assert call(sandbox, shop.api, "/custom", "x").refusal == answer


def test_a_method_whose_authorizer_is_gone_is_a_configuration_error() -> None:
    shop = Shop()
    shop.api.draft.authorizers.clear()
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/orders", shop.id_token())
    assert answer.refusal == (500, "AuthorizerConfigurationException", {"message": None})


def _policy(*statements: dict[str, Any]) -> str:
    defaults = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**defaults, **each} for each in statements]})


INSIDE, OUTSIDE = {"aws:SourceIp": ["203.0.113.0/24"]}, {"aws:SourceIp": "198.51.100.0/24"}


@pytest.mark.parametrize(
    ("statements", "effect"),
    [
        ([{}], "allow"),
        ([{"Action": "execute-api:*", "Principal": {"AWS": "*"}}], "allow"),
        ([{"Resource": "execute-api:/prod/GET/*"}], "allow"),
        ([{"Resource": "arn:aws:execute-api:ap-northeast-1:123456789012:*/prod/GET/orders"}], "allow"),
        ([{"Resource": "execute-api:/prod/POST/*"}], "neither"),
        ([{"Resource": "execute-api:/dev/*"}], "neither"),
        ([{"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}], "neither"),
        ([{"Action": "s3:*"}], "neither"),
        ([{"Condition": {"IpAddress": INSIDE}}], "allow"),
        ([{"Condition": {"IpAddress": OUTSIDE}}], "neither"),
        ([{}, {"Effect": "Deny", "Condition": {"NotIpAddress": OUTSIDE}}], "deny"),
        ([{}, {"Effect": "Deny", "Condition": {"NotIpAddress": INSIDE}}], "allow"),
        ([{"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}], "neither"),
        ([{}, {"Effect": "Deny", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}], "deny"),
    ],
)
def test_a_resource_policy_is_judged_after_the_token(statements: list[dict[str, Any]], effect: str) -> None:
    shop = Shop()
    shop.api.draft.policy = _policy(*statements)
    shop.api.deploy("prod")
    who = "User: anonymous is not authorized to perform: execute-api:Invoke on resource"
    arn = f"arn:aws:execute-api:ap-northeast-1:********9012:{shop.api.id}/prod/GET/orders"
    why = {
        "deny": "with an explicit deny in a resource-based policy",
        "neither": "because no resource-based policy allows the execute-api:Invoke action",
    }
    with Sandbox(shop.world) as sandbox:
        bad, good = (call(sandbox, shop.api, "/orders", token) for token in (None, shop.id_token()))
    assert bad.refusal == UNAUTHORIZED
    if effect == "allow":
        assert good.status == 200
    else:
        assert good.refusal == (403, "AccessDeniedException", {"Message": f"{who}: {arn} {why[effect]}"})


def test_an_open_method_needs_an_allow_too_and_a_lambda_authorizer_does_not() -> None:
    shop = Shop()
    shop.world.functions["judge"] = "allow"
    shop.api.draft.authorizers.append(lambda_authorizer("Custom", "judge"))
    shop.api.draft.add("/custom", GET=method("CUSTOM", "Custom"))
    shop.api.draft.policy = _policy({"Resource": "execute-api:/prod/GET/other"})
    shop.api.deploy("prod")
    shop.api.draft.policy = _policy({}, {"Effect": "Deny"})
    shop.api.deploy("denied")
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/public").status == 403
        assert call(sandbox, shop.api, "/custom", "x").status == 200
        # An explicit deny is judged before a Lambda authorizer runs: 403 even without the header.
        assert call(sandbox, shop.api, "/custom", stage="denied").status == 403


def test_a_policy_that_the_sandbox_cannot_judge_is_said_so() -> None:
    shop = Shop()
    dated = _policy({"Condition": {"DateLessThan": {"aws:CurrentTime": "2026"}}})
    odd = (dated, _policy({"NotAction": "x"}), "{", "[]")
    for number, policy in enumerate(odd):
        shop.api.draft.policy = policy
        shop.api.deploy(f"s{number}")
    with Sandbox(shop.world) as sandbox:
        for number in range(len(odd)):
            answer = call(sandbox, shop.api, "/public", stage=f"s{number}")
            assert answer.status == 500
            assert answer.json["message"].startswith("The sandbox cannot serve this world: ")


def test_an_api_key_comes_after_the_token() -> None:
    shop = Shop()
    shop.api.draft.add("/keyed", GET=method("COGNITO_USER_POOLS", "CognitoAuth", api_key=True))
    shop.api.deploy("prod")
    key = shop.world.add_key("good", (shop.api.id, "prod"))
    off = shop.world.add_key("off", (shop.api.id, "prod"), enabled=False)
    others = [off, shop.world.add_key("else", ("x", "prod"))]
    with Sandbox(shop.world) as sandbox:
        token = shop.id_token()
        assert call(sandbox, shop.api, "/keyed", headers={"x-api-key": key.value}).refusal == UNAUTHORIZED
        assert call(sandbox, shop.api, "/keyed", token).refusal == FORBIDDEN
        for each in others:
            assert call(sandbox, shop.api, "/keyed", token, headers={"x-api-key": each.value}).refusal == FORBIDDEN
        assert call(sandbox, shop.api, "/keyed", token, headers={"X-API-Key": key.value}).status == 200
        for kind, error, text in (
            ("rate", "TooManyRequestsException", "Too Many Requests"),
            ("quota", "LimitExceededException", "Limit Exceeded"),
        ):
            shop.world.usage_plans[0].exhausted = kind  # type: ignore[assignment]
            answer = call(sandbox, shop.api, "/keyed", token, headers={"x-api-key": key.value})
            assert answer.refusal == (429, error, {"message": text})
    assert key.value not in repr(shop.world)


def test_the_backends_own_401_has_no_error_type_and_its_challenge_is_renamed() -> None:
    shop = Shop()
    refusing = (401, {"WWW-Authenticate": "Bearer", "X-Own": "1"}, '{"error":"no"}')
    shop.api.draft.add("/backend", GET=method("COGNITO_USER_POOLS", "CognitoAuth", backend=refusing))
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/backend", shop.id_token())
    assert (answer.status, answer.json) == (401, {"error": "no"})
    assert answer.headers["x-amzn-ErrorType"] is None
    assert answer.headers["www-authenticate"] is None
    assert (answer.headers["x-amzn-Remapped-WWW-Authenticate"], answer.headers["x-own"]) == ("Bearer", "1")


def test_a_preflight_is_answered() -> None:
    shop = Shop()
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/orders", verb="OPTIONS", headers={"Origin": "https://shop.example"})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "Authorization" in answer.headers["access-control-allow-headers"]


def test_customized_gateway_responses_are_honoured_when_deployed() -> None:
    shop = Shop()
    body = '{"why":$context.error.messageString,"text":"$context.error.message"}'
    shop.api.draft.respond("UNAUTHORIZED", status=403, headers={"Access-Control-Allow-Origin": "*"}, body=body)
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders").refusal == UNAUTHORIZED
        shop.api.deploy("prod")
        answer = call(sandbox, shop.api, "/orders")
        assert answer.refusal == (403, "UnauthorizedException", {"why": "Unauthorized", "text": "Unauthorized"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert call(sandbox, shop.api, "/nowhere").refusal == NO_ROUTE


def test_the_fallback_of_the_class_covers_types_that_are_not_customized() -> None:
    shop = Shop()
    shop.api.draft.respond("DEFAULT_4XX", headers={"Access-Control-Allow-Origin": "*"})
    shop.api.draft.respond("DEFAULT_5XX", status=418)
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/orders")
    assert answer.refusal == UNAUTHORIZED
    assert answer.headers["access-control-allow-origin"] == "*"


def test_an_edge_api_answers_through_cloudfront() -> None:
    shop = Shop()
    shop.api.endpoint_types = ["EDGE"]
    with Sandbox(shop.world) as sandbox:
        answer = call(sandbox, shop.api, "/orders")
    assert answer.headers["x-cache"] == "Error from cloudfront"
    assert answer.headers["x-amz-cf-id"]


def test_a_custom_domain_goes_by_its_mappings() -> None:
    shop = Shop()
    shop.api.draft.endpoint_disabled = True
    shop.api.deploy("prod")
    shop.world.add_domain("api.example.com", ("v1", shop.api.id, "prod"))
    host = {"Host": "api.example.com"}
    with Sandbox(shop.world) as sandbox:
        assert http(f"{sandbox.url}/v1/orders", host).refusal == UNAUTHORIZED
        assert http(f"{sandbox.url}/v1/prod/orders", host).refusal == NO_ROUTE
        assert http(f"{sandbox.url}/v2/orders", host).refusal == FORBIDDEN
        shop.world.base_path_mappings["api.example.com"].append(
            {"basePath": "(none)", "restApiId": shop.api.id, "stage": "prod"}
        )
        assert http(f"{sandbox.url}/orders", host).refusal == UNAUTHORIZED


def test_two_authorizers_of_one_api_are_told_apart() -> None:
    shop = Shop()
    other = shop.world.add_pool("other")
    shop.api.draft.authorizers.append(authorizer("Other", other.arn))
    shop.api.draft.add("/other", GET=method("COGNITO_USER_POOLS", "Other"))
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/other", shop.id_token()).refusal == UNAUTHORIZED
        assert call(sandbox, shop.api, "/orders", shop.id_token()).status == 200
