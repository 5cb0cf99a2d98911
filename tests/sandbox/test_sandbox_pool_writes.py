"""User pools, app clients and users are made, changed and deleted."""

from typing import Any

import pytest
from build_kit import EMAIL, PASSWORD, SCHEMA, TEMPORARY, Build, error
from sandbox_kit import Shop, aws, http

from cogwizard.sandbox import Sandbox, World, state
from cogwizard.sandbox.clients import CLIENT_DEFAULTS

INVALID = ("InvalidParameterException", 400)


def _kept(described: dict[str, Any]) -> dict[str, Any]:
    times = ("CreationDate", "LastModifiedDate")
    return {name: value for name, value in described.items() if name not in times}


def test_a_pool_tells_all_that_it_was_made_with() -> None:
    asked: dict[str, Any] = {
        "AutoVerifiedAttributes": ["email"],
        "AliasAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "UserPoolTags": {"a": "b"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "DeletionProtection": "INACTIVE",
        "MfaConfiguration": "OFF",
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
        "UserPoolTier": "LITE",
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
        "EmailVerificationSubject": "hello",
    }
    own = {"Name": "team", "AttributeDataType": "String", "Mutable": True}
    with Sandbox(World()) as sandbox:
        cognito = Build(sandbox).cognito
        made = cognito.create_user_pool(
            PoolName="hello", Schema=[*SCHEMA, own], Policies={"PasswordPolicy": {"MinimumLength": 12}}, **asked
        )["UserPool"]
        found = cognito.describe_user_pool(UserPoolId=made["Id"])["UserPool"]
        assert found == made
        again = cognito.create_user_pool(PoolName="hello")["UserPool"]
        assert len(cognito.list_user_pools(MaxResults=60)["UserPools"]) == 2
    admin = {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 7}
    assert {name: found[name] for name in asked} == {**asked, "AdminCreateUserConfig": admin}
    schema = {each["Name"]: each for each in found["SchemaAttributes"]}
    assert (schema["email"]["Required"], schema["sub"]["Required"], schema["name"]["Required"]) == (True, True, False)
    assert schema["custom:team"]["Mutable"] is True
    assert found["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert found["Id"].startswith("ap-northeast-1_")
    assert len(found["Id"].partition("_")[2]) == 9
    assert again["Id"] != found["Id"]
    assert again["UserPoolTags"] == {}
    assert again["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False


def test_pools_that_aws_does_not_make() -> None:
    bad: list[dict[str, Any]] = [
        {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
        {"PoolName": "日本"},
        {"PoolName": "x" * 129},
        {"PoolName": "a\x1b[31m"},
        {"MfaConfiguration": "MAYBE"},
        {"DeletionProtection": "YES"},
        {"Schema": [{"Name": "team", "AttributeDataType": "String", "Required": True}]},
        {"Policies": {"PasswordPolicy": {"MinimumLength": 100}}},
    ]
    with Sandbox(World()) as sandbox:
        cognito = Build(sandbox).cognito
        for changes in bad:
            assert error(cognito.create_user_pool, **{"PoolName": "hello", **changes})[:2] == INVALID
        assert sandbox.world.pools == {}


def test_a_pool_is_made_where_it_is_asked_for() -> None:
    with Sandbox(World()) as sandbox:
        made = aws(sandbox, "cognito-idp", "eu-west-1").create_user_pool(PoolName="hello")["UserPool"]
        assert made["Id"].startswith("eu-west-1_")
        here = Build(sandbox).cognito
        assert error(here.delete_user_pool, UserPoolId=made["Id"])[0] == "ResourceNotFoundException"


def test_a_pool_goes_with_all_that_is_in_it() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        build.user()
        tokens = build.tokens()
        keys = f"{sandbox.url}/{build.pool_id}/.well-known/jwks.json"
        assert http(keys).status == 200
        build.cognito.delete_user_pool(UserPoolId=build.pool_id)
        assert state(sandbox.world) == state(World())
        assert http(keys).status == 404
        assert error(build.cognito.get_user, AccessToken=tokens["AccessToken"])[0] == "NotAuthorizedException"
        assert error(build.tokens)[0] == "ResourceNotFoundException"
        assert sandbox.world.issued.refresh == {}
        gone = f"User pool {build.pool_id} does not exist."
        again = error(build.cognito.delete_user_pool, UserPoolId=build.pool_id)
        assert again == ("ResourceNotFoundException", 400, gone)


def test_a_protected_pool_stays() -> None:
    with Sandbox(World()) as sandbox:
        cognito = Build(sandbox).cognito
        made = cognito.create_user_pool(PoolName="hello", DeletionProtection="ACTIVE")["UserPool"]
        assert error(cognito.delete_user_pool, UserPoolId=made["Id"])[:2] == INVALID
        pool = sandbox.world.pools[made["Id"]]
        pool.settings |= {"DeletionProtection": "INACTIVE", "Domain": "hello"}
        assert error(cognito.delete_user_pool, UserPoolId=made["Id"])[:2] == INVALID
        del pool.settings["Domain"]
        cognito.delete_user_pool(UserPoolId=made["Id"])


def test_a_client_has_awss_defaults_and_a_secret_of_awss_form() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        plain, secret = (
            build.cognito.create_user_pool_client(UserPoolId=build.pool_id, ClientName="c", GenerateSecret=generate)[
                "UserPoolClient"
            ]
            for generate in (False, True)
        )
    assert CLIENT_DEFAULTS.items() <= plain.items()
    assert "ClientSecret" not in plain
    assert len(secret["ClientSecret"]) == 51
    assert secret["ClientSecret"].isalnum()
    assert plain["ClientId"] != secret["ClientId"]
    assert len(plain["ClientId"]) == 26


_EVERYTHING: dict[str, Any] = {
    "ClientName": "web",
    "RefreshTokenValidity": 5,
    "AccessTokenValidity": 15,
    "IdTokenValidity": 30,
    "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
    "ReadAttributes": ["email"],
    "WriteAttributes": ["email"],
    "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    "SupportedIdentityProviders": ["COGNITO"],
    "CallbackURLs": ["https://example.com/callback"],
    "LogoutURLs": ["https://example.com/bye"],
    "DefaultRedirectURI": "https://example.com/callback",
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AnalyticsConfiguration": {"ApplicationId": "0123456789abcdef0123456789abcdef"},
    "PreventUserExistenceErrors": "ENABLED",
    "EnableTokenRevocation": False,
    "EnablePropagateAdditionalUserContextData": True,
    "AuthSessionValidity": 5,
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
}


def test_an_update_resets_whatever_it_is_not_sent() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        cognito, where = build.cognito, {"UserPoolId": build.pool_id}
        made = cognito.create_user_pool_client(**where, **_EVERYTHING, GenerateSecret=True)["UserPoolClient"]
        assert made.items() >= _EVERYTHING.items()
        where |= {"ClientId": made["ClientId"]}
        same = cognito.update_user_pool_client(**where, **_EVERYTHING)["UserPoolClient"]
        assert _kept(same) == _kept(made)
        for name in _EVERYTHING.keys() - {"ClientName", "TokenValidityUnits"}:
            left = {key: value for key, value in _EVERYTHING.items() if key != name}
            updated = cognito.update_user_pool_client(**where, **left)["UserPoolClient"]
            assert updated.get(name) == CLIENT_DEFAULTS.get(name), name
            assert {key: updated[key] for key in left} == left
        bare = cognito.update_user_pool_client(**where)["UserPoolClient"]
        described = cognito.describe_user_pool_client(**where)["UserPoolClient"]
    same_as_ever = {"ClientSecret": made["ClientSecret"], "ClientName": "web", **where}
    assert _kept(bare) == _kept(described) == {**same_as_ever, **CLIENT_DEFAULTS}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]}, "InvalidParameterException"),
        ({"ExplicitAuthFlows": ["ALLOW_EVERYTHING"]}, "InvalidParameterException"),
        ({"AllowedOAuthFlows": ["code", "client_credentials"]}, "InvalidOAuthFlowException"),
        ({"AllowedOAuthFlows": ["client_credentials"]}, "InvalidOAuthFlowException"),
        ({"AllowedOAuthScopes": ["shop/read"]}, "ScopeDoesNotExistException"),
        ({"AccessTokenValidity": 25}, "InvalidParameterException"),
        ({"RefreshTokenValidity": 10, "TokenValidityUnits": {"RefreshToken": "minutes"}}, "InvalidParameterException"),
        ({"ClientName": "<script>"}, "InvalidParameterException"),
    ],
)
def test_settings_that_a_client_cannot_have(changes: dict[str, Any], kind: str) -> None:
    shop = Shop()
    del shop.pool.resource_servers["shop"]
    before = state(shop.world)
    where = {"UserPoolId": shop.pool.id}
    with Sandbox(shop.world) as sandbox:
        cognito = Build(sandbox).cognito
        refused = error(cognito.create_user_pool_client, **{**where, "ClientName": "c", **changes})
        assert refused[:2] == (kind, 400)
        refused = error(cognito.update_user_pool_client, **where, ClientId=shop.client.id, **changes)
        assert refused[:2] == (kind, 400)
    assert state(shop.world) == before


def test_a_client_is_deleted() -> None:
    shop = Shop()
    other = shop.pool.add_client("other")
    where = {"UserPoolId": shop.pool.id, "ClientId": shop.client.id}
    with Sandbox(shop.world) as sandbox:
        cognito = Build(sandbox).cognito
        cognito.delete_user_pool_client(**where)
        for call in (
            cognito.delete_user_pool_client,
            cognito.describe_user_pool_client,
            cognito.update_user_pool_client,
        ):
            assert error(call, **where)[0] == "ResourceNotFoundException"
    assert list(shop.pool.clients) == [other.id]


def test_a_user_starts_with_a_temporary_password() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        made = build.cognito.admin_create_user(
            UserPoolId=build.pool_id,
            Username="hanako",
            UserAttributes=EMAIL,
            TemporaryPassword=TEMPORARY,
            MessageAction="SUPPRESS",
        )["User"]
        assert (made["Username"], made["UserStatus"], made["Enabled"]) == ("hanako", "FORCE_CHANGE_PASSWORD", True)
        assert {each["Name"] for each in made["Attributes"]} == {"sub", "email", "email_verified"}
        assert sandbox.world.outbox == []
        asked = {"USERNAME": "HANAKO", "PASSWORD": TEMPORARY}  # CaseSensitive is false
        challenge = build.cognito.initiate_auth(
            ClientId=build.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=asked
        )
        assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        answer = build.cognito.respond_to_auth_challenge(
            ClientId=build.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": "hanako", "NEW_PASSWORD": PASSWORD},
        )
        assert "IdToken" in answer["AuthenticationResult"]
        found = build.cognito.admin_get_user(UserPoolId=build.pool_id, Username="hanako")
        assert found["UserStatus"] == "CONFIRMED"
    assert TEMPORARY not in repr(sandbox.requests)
    assert "hanako" not in repr(sandbox.requests)


def test_users_that_cannot_be_made() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        build.user()
        before = state(sandbox.world)
        texts: dict[str, dict[str, Any]] = {
            "User account already exists": {"Username": "Hanako"},
            "Attributes did not conform to the schema: email: The attribute is required": {"UserAttributes": []},
            "Invalid email address format.": {"UserAttributes": [{"Name": "email", "Value": "nobody"}]},
            "Password did not conform with policy: Password not long enough": {"TemporaryPassword": "Sh0rt!"},
            "Attributes did not conform to the schema: Type for attribute {custom:x} could not be determined": {
                "UserAttributes": [*EMAIL, {"Name": "custom:x", "Value": "1"}]
            },
        }
        for text, changes in texts.items():
            asked = {"UserPoolId": build.pool_id, "Username": "taro", "UserAttributes": EMAIL, **changes}
            assert error(build.cognito.admin_create_user, **asked)[1:] == (400, text)
        for name in ("a b", "a\nb", "x" * 129):
            asked = {"UserPoolId": build.pool_id, "Username": name, "UserAttributes": EMAIL}
            refused = error(build.cognito.admin_create_user, **asked)
            assert refused[:2] == INVALID
            assert name not in refused[2]
        assert state(sandbox.world) == before


def test_messages_are_sent_unless_suppressed_and_sent_again() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        where = {"UserPoolId": build.pool_id, "Username": "hanako"}
        unknown = error(build.cognito.admin_create_user, **where, MessageAction="RESEND")
        assert unknown[0] == "UserNotFoundException"
        build.cognito.admin_create_user(**where, UserAttributes=EMAIL)
        build.cognito.admin_create_user(**where, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])
        first, second = sandbox.world.outbox
        assert (first.medium, first.destination, first.username) == ("EMAIL", "hanako@example.com", "hanako")
        assert first.code != second.code
        asked = {"USERNAME": "hanako", "PASSWORD": second.code}
        started = build.cognito.initiate_auth(
            ClientId=build.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=asked
        )
        assert started["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        build.cognito.admin_set_user_password(**where, Password=PASSWORD, Permanent=True)
        late = error(build.cognito.admin_create_user, **where, MessageAction="RESEND")
        assert late[0] == "UnsupportedUserStateException"
    assert first.code not in repr(sandbox.world)


def test_a_pool_whose_users_have_addresses_for_names() -> None:
    with Sandbox(World()) as sandbox:
        cognito = Build(sandbox).cognito
        pool_id = cognito.create_user_pool(PoolName="hello", UsernameAttributes=["email"])["UserPool"]["Id"]
        made = cognito.admin_create_user(UserPoolId=pool_id, Username="taro@example.com", MessageAction="SUPPRESS")
        told = {each["Name"]: each["Value"] for each in made["User"]["Attributes"]}
        assert made["User"]["Username"] == told["sub"]
        assert told["email"] == "taro@example.com"
        found = cognito.admin_get_user(UserPoolId=pool_id, Username="Taro@example.com")
        assert found["Username"] == told["sub"]
        refused = error(cognito.admin_create_user, UserPoolId=pool_id, Username="taro")
        assert refused[:2] == INVALID


def test_a_user_is_deleted() -> None:
    with Sandbox(World()) as sandbox:
        build = Build(sandbox)
        build.pool()
        before = state(sandbox.world)
        build.user()
        tokens = build.tokens()
        where = {"UserPoolId": build.pool_id, "Username": "hanako"}
        build.cognito.admin_delete_user(**where)
        assert state(sandbox.world) == before
        assert error(build.cognito.admin_delete_user, **where)[0] == "UserNotFoundException"
        build.user()  # somebody else of the same name
        assert error(build.cognito.get_user, AccessToken=tokens["AccessToken"])[0] == "NotAuthorizedException"
        refused = error(
            build.cognito.initiate_auth,
            ClientId=build.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )
        assert refused[0] == "NotAuthorizedException"
