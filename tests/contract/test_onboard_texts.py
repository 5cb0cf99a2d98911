"""The walk-through's texts held against its steps, writes, notices and faults; its snippets against the writes."""

import ast
import inspect
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.resources import files
from typing import Any, get_args, get_type_hints

import pytest

from cogwizard.model.build import Choices
from cogwizard.model.write import Write
from cogwizard.onboarding import journal, look, plan, run
from cogwizard.onboarding.faults import FAULTS
from cogwizard.onboarding.plan import writes_for
from cogwizard.onboarding.teardown import Removal
from cogwizard.report.wrap import width
from cogwizard.steps import ONBOARD
from cogwizard.steps.onboard_client import APP_TYPES
from cogwizard.text import LANGUAGES, Texts

VALUES = Choices().values("0a1b2c3d", "ap-northeast-1", "123456789012")
WRITES = {write.id: write for write in writes_for(Choices())}
TOOLS = ("terraform", "sam", "cdk")
RAIL = {"en": 14, "ja": 16}  # cells
PLACEHOLDERS = {
    *("name", "role_name", "client_name", "secret_client_name", "authorizer_name"),
    *("stage", "username", "email", "region"),
}
# What the wizard, the command and the report fill the sentences with, by key.
FILLED: dict[str, tuple[str, ...]] = {
    "notice taken role": ("name",),
    "notice taken log-group": ("name",),
    "notice taken function": ("name",),
    "notice same name pools": ("name",),
    "notice same name apis": ("name",),
    "notice quota pools": ("count", "most"),
    "notice quota apis": ("count", "most"),
    "notice permissions": ("action", "error"),
    "notice denied": ("permissions",),
    "notice unread": ("action", "error"),
    "warning sdk is old": ("detail",),
    "warning password by admin": (),
    "not made": ("what", "error", "detail"),
    "needs": ("permission",),
    "not made lost": (),
    "remains": ("what", "error"),
}
FREE = (
    *(f"picture {number}" for number in range(1, 9)),
    *("picture corrected", "app sets", "costs", "removing asks", "refused without hash"),
    *("gone", "absent", "foreign", "all gone", "some remain", "nothing to remove"),
    *(f"hash {number}" for number in range(1, 5)),
)


def keys(language: str) -> dict[str, str]:
    """Return the texts of the walk-through in a language, by key."""
    path = files("cogwizard.text").joinpath(language, "screens", "onboard.toml")
    return tomllib.loads(path.read_text("utf-8"))


def placeholders(text: str) -> set[str]:
    """Return the names that a text is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_write_notice_fault_and_type_has_its_text_and_none_is_left_over(language: str) -> None:
    steps = [f"{kind} {step.id}" for step in ONBOARD for kind in ("short", "question", "what", "mistakes", "proof")]
    writes = [f"makes {write}" for write in WRITES]
    undone = [f"undoes {write.id}" for write in WRITES.values() if write.undo]
    types = [f"app {kind}" for kind in APP_TYPES]
    faults = [f"{kind} {fault.name}" for fault in FAULTS for kind in ("fault", "fault about")]
    assert set(keys(language)) == {*steps, *writes, *undone, *types, *faults, *FILLED, *FREE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_filled_with_what_there_is(language: str) -> None:
    for key, text in keys(language).items():
        if key.startswith(("makes ", "undoes ")):
            assert placeholders(text) <= set(VALUES), key
            assert Texts(language).screen("onboard", key, **VALUES), key
        else:
            assert placeholders(text) == set(FILLED.get(key, ())), key


def notice_keys() -> set[str]:
    """Return the keys of all notices that the plan can tell, `*` for what is put in."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(plan))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Notice":
            key = node.args[1]
            parts = key.values if isinstance(key, ast.JoinedStr) else [key]
            found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts))
    return found


def test_notices_are_those_of_the_plan() -> None:
    told = {key.removeprefix("notice ") for key in FILLED if key.startswith("notice ")}
    patterns = {re.escape(key).replace(r"\*", ".+") for key in notice_keys()}
    assert {key for key in told if not any(re.fullmatch(pattern, key) for pattern in patterns)} == set()
    assert {pattern for pattern in patterns if not any(re.fullmatch(pattern, key) for key in told)} == set()
    assert {f"taken {write}" for write in plan._UNIQUE} <= told


def test_warnings_and_ends_are_those_of_the_run_and_of_the_teardown() -> None:
    written = {node.value for node in ast.walk(ast.parse(inspect.getsource(run))) if isinstance(node, ast.Constant)}
    assert {key.removeprefix("warning ") for key in FILLED if key.startswith("warning ")} <= written
    states = set(get_args(get_type_hints(Removal)["state"])) - {"removing"}
    assert states <= set(keys("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rail_and_the_headings_fit(language: str) -> None:
    texts = keys(language)
    names = {step.id: texts[f"short {step.id}"] for step in ONBOARD}
    assert {name for name in names.values() if width(name) > RAIL[language]} == set()
    assert len(set(names.values())) == len(ONBOARD)
    questions = [texts[f"question {step.id}"] for step in ONBOARD]
    assert [question for question in questions if not question.endswith(("?", "？"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_names_what_the_wizard_should_find(language: str) -> None:
    texts = keys(language)
    named = {fault.name: set(re.findall(r"[a-z]+(?:-[a-z]+)+", texts[f"fault about {fault.name}"])) for fault in FAULTS}
    assert named == {fault.name: {fault.code} for fault in FAULTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_must_be_taught_stands_on_its_screen(language: str) -> None:
    texts = keys(language)
    taught = {
        "onboard_picture": ("401",),
        "onboard_function": ("lambda:AddPermission", "AWSLambdaBasicExecutionRole"),
        "onboard_pool": ("IAM",),
        "onboard_flow": ("UpdateUserPoolClient", "ALLOW_USER_PASSWORD_AUTH"),
        "onboard_user": ("FORCE_CHANGE_PASSWORD", "CONFIRMED", "UNCONFIRMED", "RESET_REQUIRED"),
        "onboard_password": ("NEW_PASSWORD_REQUIRED", "Session", "AdminSetUserPassword"),
        "onboard_api": ("AWS_PROXY", "lambda:AddPermission"),
        "onboard_authorizer": ("Authorization", "COGNITO_USER_POOLS"),
        "onboard_call": ("requestContext.authorizer.claims", "ChangePassword"),
        "onboard_secret": ("SECRET_HASH", "HMAC-SHA256", "Base64"),
    }
    missing = [(step, word) for step, words in taught.items() for word in words if word not in texts[f"what {step}"]]
    assert missing == []
    assert "USERNAME" in texts["mistakes onboard_password"]
    assert "PKCE" in texts["app spa"]


def fact_labels() -> set[str]:
    """Return the labels of the facts that are read back as proof."""
    pairs = [
        item
        for node in ast.walk(ast.parse(inspect.getsource(look)))
        if isinstance(node, ast.Tuple)
        for item in node.elts
        if isinstance(item, ast.Tuple) and len(item.elts) == 2
    ]
    firsts = [pair.elts[0] for pair in pairs]
    labels = {str(first.value) for first in firsts if isinstance(first, ast.Constant)}
    return {label for label in labels if ":" not in label}  # the permissions for reading are pairs too


@pytest.mark.parametrize("language", LANGUAGES)
def test_proofs_and_errors_have_their_words(language: str) -> None:
    texts = Texts(language)
    found = fact_labels()
    assert {"role", "user's state", "token source", "stage"} <= found
    assert all(texts.label(label) for label in found)
    assert all(texts.message(f"choice-{field.name}", {}) for field in fields(Choices))
    errors = set(re.findall(r'"(journal-[a-z]+)"', inspect.getsource(journal)))
    assert len(errors) == 3
    assert all("/there/it.jsonl" in texts.message(key, {"path": "/there/it.jsonl"}) for key in errors)


# -- snippets --------------------------------------------------------------------------------------------------------


def table() -> dict[str, dict[str, str]]:
    """Return the snippets as they are stored: step without its prefix -> tool -> text."""
    return tomllib.loads(files("cogwizard.text").joinpath("common", "onboard.toml").read_text("utf-8"))


def whole(tool: str, values: Mapping[str, str] = VALUES) -> str:
    """Return all snippets of a tool, filled, in the order of the steps."""
    snippets = [Texts().onboard_snippets(step.id, values) for step in ONBOARD]
    return "\n\n".join(found[tool] for found in snippets if found)


def plain(step: str, tool: str) -> str:
    """Return a step's snippet, filled, with each run of blanks as one."""
    return re.sub(r"\s+", " ", Texts().onboard_snippets(step, VALUES)[tool])


def test_each_step_that_makes_something_has_a_snippet_of_each_tool() -> None:
    assert set(table()) == {step.id.removeprefix("onboard_") for step in ONBOARD if step.writes}
    assert {step: tuple(forms) for step, forms in table().items() if tuple(forms) != TOOLS} == {}
    assert [step.id for step in ONBOARD if not step.writes and Texts().onboard_snippets(step.id, VALUES)] == []


def test_snippets_can_be_filled() -> None:
    for step, forms in table().items():
        for tool, text in forms.items():
            assert text.isascii(), (step, tool)
            assert placeholders(text) <= PLACEHOLDERS, (step, tool)
            filled = Texts().onboard_snippets(step, VALUES)[tool]
            assert not re.search(r"<[A-Z_]+>|(?<!\$)\{\w+\}|\{\{\w|\w\}\}", filled), (step, tool)
            assert filled.count("{") == filled.count("}"), (step, tool)
            assert max(map(len, filled.splitlines())) <= 130, (step, tool)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("hostile", ['x"y', "${a.b}", "x\ny", "%{if}", "-x", "`x`", "{name}", "a b"])
def test_a_name_that_could_act_stays_a_placeholder(tool: str, hostile: str) -> None:
    text = whole(tool, dict.fromkeys(VALUES, hostile))
    assert hostile not in text
    assert '"<NAME>"' in text


@pytest.mark.parametrize("tool", TOOLS)
def test_no_snippet_holds_a_secret(tool: str) -> None:
    assert not re.search(r"(?i)(?:password|secret)\w*\s*[=:]\s*[\"']", whole(tool))


def test_snippets_of_terraform_name_each_other() -> None:
    text = whole("terraform")
    declared = re.findall(r'^(?:resource|data) "(\w+)" "(\w+)"', text, re.MULTILINE)
    code = re.sub(r"#.*", "", text)
    assert len(set(declared)) == len(declared) == 16
    assert set(re.findall(r"\b(aws_[a-z_]+)\.(\w+)\b", code)) <= set(declared)
    assert set(re.findall(r"\bvar\.(\w+)", code)) == set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))


def test_snippets_of_sam_name_each_other() -> None:
    text = whole("sam")
    declared = re.findall(r"^  (\w+):$", text, re.MULTILINE)
    named = re.findall(r"!(?:Ref|GetAtt) (\w+)|DependsOn: (\w+)|\$\{(\w+)(?:\.\w+)?\}", text)
    assert len(set(declared)) == len(declared) == 13
    assert {name for names in named for name in names if name} <= set(declared)
    head, _, rest = text.partition("\nResources:\n")
    assert "Transform: AWS::Serverless-2016-10-31" in head
    assert [line for line in rest.splitlines() if line.strip() and not line.startswith("  ")] == []


def test_snippets_of_the_cdk_name_each_other() -> None:
    text = whole("cdk")
    declared = re.findall(r"^const (\w+) =", text, re.MULTILINE)
    imported = re.findall(r"^import \* as (\w+) from", text, re.MULTILINE)
    assert len({*declared, *imported}) == len([*declared, *imported])
    code = re.sub(r'//.*|"[^"\n]*"', "", text)
    for name in (*declared, *imported):
        first = re.search(rf"(?<![\w.]){name}\b", code)
        assert first is not None
        assert code[: first.start()].endswith(("const ", "import * as ")), name
    used = set(re.findall(r"(?<![\w.])([a-z]\w*)\.\w", code))
    assert used <= {*declared, *imported}


def flows_of(snippet: str, tool: str) -> set[str]:
    """Return the sign-in flows that an app client's snippet allows."""
    if tool != "cdk":
        return set(re.findall(r"ALLOW_\w+", re.sub(r"#.*", "", snippet)))
    names = {"userSrp": "ALLOW_USER_SRP_AUTH", "userPassword": "ALLOW_USER_PASSWORD_AUTH"}
    return {names[name] for name in re.findall(r"(user\w+): true", snippet)} | {"ALLOW_REFRESH_TOKEN_AUTH"}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    ("step", "client", "flow"), [("client",) * 2 + ("client-flow",), ("secret", "secret-client", "secret-client-flow")]
)
def test_app_clients_allow_the_flows_that_the_writes_allow(tool: str, step: str, client: str, flow: str) -> None:
    wanted = {*WRITES[client].params["ExplicitAuthFlows"], *WRITES[flow].adds_flows}
    assert flows_of(Texts().onboard_snippets(step, VALUES)[tool], tool) == wanted


def value(write: Write, path: str) -> str:
    """Return a member of a write's parameters as code writes it, filled with `VALUES`."""
    found: Any = write.params
    for member in path.split("."):
        found = found[int(member)] if member.isdigit() else found[member]
    return str(found).lower() if isinstance(found, bool) else str(found).format_map(VALUES)


CLIENT = (
    ("GenerateSecret", "generate_secret = {}", "GenerateSecret: {}", "generateSecret: {}"),
    (
        "PreventUserExistenceErrors",
        'existence_errors = "{}"',
        "ExistenceErrors: {}",
        "preventUserExistenceErrors: true",
    ),
    ("EnableTokenRevocation", "token_revocation = {}", "EnableTokenRevocation: {}", "enableTokenRevocation: {}"),
    ("RefreshTokenValidity", "refresh_token_validity = {}", "RefreshTokenValidity: {}", "cdk.Duration.days({})"),
    ("TokenValidityUnits.RefreshToken", 'refresh_token = "{}"', "RefreshToken: {}", "cdk.Duration.{}("),
    ("ClientName", 'name = "{}"', 'ClientName: "{}"', 'userPoolClientName: "{}"'),
)
# Step, write, member of its parameters, and how Terraform, SAM and the CDK write it; None where one has it elsewhere.
COMPARED: tuple[tuple[str, str, str, str | None, str | None, str | None], ...] = (
    ("function", "role", "RoleName", 'name = "{}"', 'RoleName: "{}"', 'roleName: "{}"'),
    ("function", "role", "Description", 'description = "{}"', "Description: {}", 'description: "{}"'),
    ("function", "log-group", "logGroupName", 'name = "{}"', 'LogGroupName: "{}"', 'logGroupName: "{}"'),
    ("function", "function", "FunctionName", 'function_name = "{}"', 'FunctionName: "{}"', 'functionName: "{}"'),
    ("function", "function", "Description", 'description = "{}"', "Description: {}", 'description: "{}"'),
    ("function", "function", "Handler", 'handler = "{}"', "Handler: {}", 'handler: "{}"'),
    ("function", "function", "Runtime", 'runtime = "{}"', "Runtime: {}", None),
    ("pool", "pool", "PoolName", 'name = "{}"', 'UserPoolName: "{}"', 'userPoolName: "{}"'),
    ("pool", "pool", "Schema.0.Name", 'name = "{}"', "Name: {}", "standardAttributes: {{ {}: {{"),
    ("pool", "pool", "Schema.0.AttributeDataType", 'attribute_data_type = "{}"', "AttributeDataType: {}", None),
    ("pool", "pool", "Schema.0.Required", "required = {}", "Required: {}", "required: {}"),
    ("pool", "pool", "Schema.0.Mutable", "mutable = {}", "Mutable: {}", "mutable: {}"),
    (
        *("pool", "pool", "UsernameConfiguration.CaseSensitive"),
        *("case_sensitive = {}", "CaseSensitive: {}", "signInCaseSensitive: {}"),
    ),
    (
        *("pool", "pool", "AdminCreateUserConfig.AllowAdminCreateUserOnly"),
        *("allow_admin_create_user_only = {}", "AllowAdminCreateUserOnly: {}", "selfSignUpEnabled: false"),
    ),
    (
        *("pool", "pool", "DeletionProtection"),
        *('deletion_protection = "{}"', "DeletionProtection: {}", "deletionProtection: false"),
    ),
    *(("client", "client", *row) for row in CLIENT),
    *(("secret", "secret-client", *row) for row in CLIENT),
    ("user", "user", "Username", 'username = "{}"', 'Username: "{}"', 'username: "{}"'),
    ("user", "user", "MessageAction", 'message_action = "{}"', "MessageAction: {}", 'messageAction: "{}"'),
    ("user", "user", "UserAttributes.0.Value", 'email = "{}"', 'Name: email Value: "{}"', '"email", value: "{}"'),
    (
        *("user", "user", "UserAttributes.1.Value"),
        *('email_verified = "{}"', 'email_verified Value: "{}"', '"email_verified", value: "{}"'),
    ),
    ("api", "api", "name", 'name = "{}"', 'Name: "{}"', 'restApiName: "{}"'),
    ("api", "api", "endpointConfiguration.types.0", 'types = ["{}"]', "Types: [{}]", "EndpointType.{}]"),
    ("api", "method", "httpMethod", 'http_method = "{}"', "HttpMethod: {}", None),
    ("api", "integration", "type", 'type = "{}"', "Type: {}", "IntegrationType.{},"),
    (
        *("api", "integration", "integrationHttpMethod"),
        *('integration_http_method = "{}"', "IntegrationHttpMethod: {}", 'integrationHttpMethod: "{}"'),
    ),
    ("api", "permission", "Action", 'action = "{}"', "Action: {}", 'action: "{}"'),
    ("api", "permission", "Principal", 'principal = "{}"', "Principal: {}", 'ServicePrincipal("{}")'),
    ("api", "attach", "patchOperations.0.value", 'authorization = "{}"', "AuthorizationType: {}", None),
    ("authorizer", "authorizer", "name", 'name = "{}"', 'Name: "{}"', 'authorizerName: "{}"'),
    ("authorizer", "authorizer", "type", 'type = "{}"', "Type: {}", "AuthorizationType.COGNITO,"),
    (
        *("authorizer", "authorizer", "identitySource"),
        *('identity_source = "{}"', "IdentitySource: {}", 'identitySource: "{}"'),
    ),
    ("authorizer", "method", "httpMethod", None, None, 'addMethod("{}"'),
    ("deploy", "deployment", "stageName", 'stage_name = "{}"', 'StageName: "{}"', 'stageName: "{}"'),
)


def comparisons() -> Iterator[tuple[str, str, str]]:
    """Yield (step, tool, what its snippet has to hold)."""
    for step, write, path, *forms in COMPARED:
        for tool, form in zip(TOOLS, forms, strict=True):
            if form is not None:
                yield step, tool, form.format(value(WRITES[write], path))


def test_snippets_set_what_the_writes_set() -> None:
    assert [(step, tool, held) for step, tool, held in comparisons() if held not in plain(step, tool)] == []
    runtime = value(WRITES["function"], "Runtime")
    assert f"lambda.Runtime.{runtime.upper().replace('PYTHON', 'PYTHON_').replace('.', '_')}," in plain(
        "function", "cdk"
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_snippets_grant_what_the_writes_grant(tool: str) -> None:
    policy = str(WRITES["role-policy"].params["PolicyArn"]).partition(":policy/")[2]
    assert policy in plain("function", tool)
    assert "lambda.amazonaws.com" in plain("function", tool)
    source = str(WRITES["permission"].params["SourceArn"])
    assert source.endswith(":{api_id}/*/POST/")
    assert ('arnForExecuteApi("POST", "/", "*")' if tool == "cdk" else "/*/POST/") in plain("api", tool)
