"""cognito-idp: user pools and app clients are made, changed and deleted."""

import copy
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cogwizard.sandbox.clients import TokenName, find_client, lifetime
from cogwizard.sandbox.cognito import describe_client, describe_pool, find_pool
from cogwizard.sandbox.grants import forget
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.shapes import LOWER, MIXED
from cogwizard.sandbox.userpool import Client, Pool
from cogwizard.sandbox.users import password_policy

# SchemaAttributes of every pool besides `sub` (CG-ATTR [D]): name -> longest value.
_NAMES = ("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "gender", "address")
_ADDRESSES = ("profile", "picture", "website", "email", "phone_number", "zoneinfo", "locale")
_TEXTS = {**dict.fromkeys(_NAMES + _ADDRESSES, "2048"), "birthdate": "10"}
_OTHERS = {"email_verified": "Boolean", "phone_number_verified": "Boolean", "updated_at": "Number"}
_OIDC_SCOPES = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")
_LEGACY_FLOWS = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
# How long tokens may live, in seconds (research 6.3 [D]).
_LIFETIMES: dict[TokenName, tuple[int, int]] = {
    "AccessToken": (300, 86400),
    "IdToken": (300, 86400),
    "RefreshToken": (3600, 315360000),
}
_NO_SETTING = ("UserPoolId", "ClientId", "ClientName", "GenerateSecret", "ClientSecret")


def _invalid(text: str) -> AwsError:
    return AwsError("InvalidParameterException", text)


def _create_user_pool(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    if params.get("AliasAttributes") and params.get("UsernameAttributes"):  # text [R°]
        raise _invalid("Only one of the aliasAttributes or usernameAttributes can be set in an user pool.")
    world, name = context.world, params["PoolName"]
    region = context.region or world.region
    identifier = world.fresh_id("pool", region, name, length=9, alphabet=MIXED)
    pool = Pool(f"{region}_{identifier}", name, region, world.account_id)
    settings = {key: copy.deepcopy(value) for key, value in params.items() if key not in ("PoolName", "Schema")}
    pool.issuer_type = settings.pop("IssuerConfiguration", {}).get("Type", "ORIGINAL")
    # What AWS fills in [D: BOTO].
    pool.settings = {
        "MfaConfiguration": "OFF",
        "UserPoolTags": {},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "EstimatedNumberOfUsers": 0,
        **settings,
        "SchemaAttributes": _schema(params.get("Schema", ())),
    }
    admin = {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7}
    pool.settings["AdminCreateUserConfig"] = admin | settings.get("AdminCreateUserConfig", {})
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}, **settings.get("Policies", {})}
    pool.settings["Policies"] = {**policies, "PasswordPolicy": password_policy(pool)}
    world.pools[pool.id] = pool
    return {"UserPool": describe_pool(pool)}


def _schema(asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return SchemaAttributes: the standard attributes, as they were asked for, then custom ones."""
    found = {"sub": _attribute("sub", "String", longest="2048", least="1", required=True, mutable=False)}
    found |= {name: _attribute(name, "String", longest=longest) for name, longest in _TEXTS.items()}
    found |= {name: _attribute(name, kind) for name, kind in _OTHERS.items()}
    for each in asked:
        name = each.get("Name", "")
        if name in found:
            found[name] |= {key: value for key, value in each.items() if key != "Name"}
            continue
        if each.get("Required"):  # text [R] hashicorp/terraform-provider-aws 18430
            raise _invalid("Required custom attributes are not supported currently.")
        custom = f"{'dev' if each.get('DeveloperOnlyAttribute') else 'custom'}:{name}"
        found[custom] = _attribute(custom, "String") | {**each, "Name": custom}
    return list(found.values())


def _attribute(
    name: str, kind: str, *, longest: str = "", least: str = "0", required: bool = False, mutable: bool = True
) -> dict[str, Any]:
    made: dict[str, Any] = {"Name": name, "AttributeDataType": kind, "DeveloperOnlyAttribute": False}
    made |= {"Mutable": mutable, "Required": required}
    if longest:
        made["StringAttributeConstraints"] = {"MinLength": least, "MaxLength": longest}
    return made


def _delete_user_pool(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, pool = context.world, find_pool(context, params["UserPoolId"])
    if pool.settings.get("DeletionProtection") == "ACTIVE":  # type [D: the guide on deletion protection], text [R°]
        text = "The user pool cannot be deleted because deletion protection is activated. "
        raise _invalid(text + "Deletion protection must be inactivated first.")
    if pool.settings.get("Domain") or pool.settings.get("CustomDomain"):  # text [R°]
        raise _invalid("User pool cannot be deleted. It has a domain configured that should be deleted first.")
    del world.pools[pool.id]
    forget(world, pool)
    return {}


def _create_client(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool, world = find_pool(context, params["UserPoolId"]), context.world
    secret = params.get("ClientSecret")
    if params.get("GenerateSecret"):
        secret = "".join(secrets.choice(LOWER) for _ in range(51))
    client = Client("", params["ClientName"], secret, _settings(params))
    _check(pool, client)
    client.id = world.fresh_id("client", pool.id, client.name, length=26)
    pool.clients[client.id] = client
    return {"UserPoolClient": describe_client(pool, client)}


def _update_client(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateUserPoolClient: what is not sent goes back to its default (research 7.4 [D]); id and secret stay."""
    pool = find_pool(context, params["UserPoolId"])
    client = find_client(pool, params["ClientId"])
    _check(pool, Client(client.id, client.name, client.secret, _settings(params)))
    client.settings = _settings(params)
    # A client has no default for its name: without one it keeps it [U].
    client.name = params.get("ClientName", client.name)
    return {"UserPoolClient": describe_client(pool, client)}


def _settings(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: copy.deepcopy(value) for name, value in params.items() if name not in _NO_SETTING}


def _check(pool: Pool, client: Client) -> None:
    """Raise AwsError for settings that AWS refuses. Types [D: BOTO]; texts [R°] where nothing else is said."""
    flows = set(client.settings.get("ExplicitAuthFlows", ()))
    if flows & _LEGACY_FLOWS and flows - _LEGACY_FLOWS:  # research 7.4 [R], text [U]
        raise _invalid("ExplicitAuthFlows cannot hold both values with the prefix ALLOW_ and values without it.")
    grants = set(client.settings.get("AllowedOAuthFlows", ()))
    if "client_credentials" in grants and len(grants) > 1:
        text = "client_credentials flow can not be selected along with code flow or implicit flow."
        raise AwsError("InvalidOAuthFlowException", text)
    if "client_credentials" in grants and not client.secret:
        text = "client_credentials flow can not be selected if client does not have a client secret."
        raise AwsError("InvalidOAuthFlowException", text)
    for scope in client.settings.get("AllowedOAuthScopes", ()):
        if scope not in _OIDC_SCOPES and scope not in _custom_scopes(pool):  # research 7.4 [R]
            raise AwsError("ScopeDoesNotExistException", f"Invalid scope requested: {scope}")
    lives = {token: lifetime(client, token) for token in _LIFETIMES}
    outside = any(not least <= lives[token] <= most for token, (least, most) in _LIFETIMES.items())
    if outside or lives["RefreshToken"] < max(lives.values()):
        raise _invalid("Invalid range for token validity.")


def _custom_scopes(pool: Pool) -> set[str]:
    servers = pool.resource_servers.values()
    return {f"{server['Identifier']}/{scope['ScopeName']}" for server in servers for scope in server.get("Scopes", ())}


def _delete_client(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    pool = find_pool(context, params["UserPoolId"])
    client = find_client(pool, params["ClientId"])
    del pool.clients[client.id]
    forget(context.world, pool, client_id=client.id)
    return {}


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("cognito-idp", "CreateUserPool"): _create_user_pool,
    ("cognito-idp", "DeleteUserPool"): _delete_user_pool,
    ("cognito-idp", "CreateUserPoolClient"): _create_client,
    ("cognito-idp", "UpdateUserPoolClient"): _update_client,
    ("cognito-idp", "DeleteUserPoolClient"): _delete_client,
}
