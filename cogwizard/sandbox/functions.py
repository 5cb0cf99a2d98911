"""lambda: functions are made, looked at, called and deleted, and others permitted to call them. No uploaded code runs.

Texts without a mark are [R°].
"""

import base64
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from cogwizard.model.function import FILE, SOURCE
from cogwizard.sandbox.iam import trusts_lambda
from cogwizard.sandbox.protocol import AwsError, Context, Operation
from cogwizard.sandbox.running import Crashed, is_pending, run
from cogwizard.sandbox.shapes import partition_of
from cogwizard.sandbox.things import Function
from cogwizard.sandbox.world import World

_MADE = "2026-01-15T09:00:00.000+0000"
_NO_SETTING = ("FunctionName", "Code", "Tags", "Publish", "Role")
_DEFAULTS: dict[str, Any] = {  # [D: BOTO]
    "Timeout": 3,
    "MemorySize": 128,
    "PackageType": "Zip",
    "Architectures": ["x86_64"],
    "EphemeralStorage": {"Size": 512},
    "TracingConfig": {"Mode": "PassThrough"},
    "Version": "$LATEST",
}


def _invalid(text: str) -> AwsError:
    return AwsError("InvalidParameterValueException", text)


def _arn(world: World, name: str) -> str:
    return f"arn:{partition_of(world.region)[0]}:lambda:{world.region}:{world.account_id}:function:{name}"


def _name(world: World, given: str) -> str:
    """Return the name in a name or an ARN, whole or partial, without its qualifier."""
    for start in (_arn(world, ""), f"{world.account_id}:function:", "function:"):
        given = given.removeprefix(start)
    return given.partition(":")[0]


def _find(context: Context, params: Mapping[str, Any]) -> Function:
    world, name = context.world, _name(context.world, params["FunctionName"])
    found = world.lambda_functions.get(name)
    if found is None or not context.is_here(world.region):
        raise AwsError("ResourceNotFoundException", f"Function not found: {_arn(world, name)}", 404)
    return found


def _create_function(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    world, name = context.world, _name(context.world, params["FunctionName"])
    if not context.is_here(world.region):
        raise _invalid(f"The sandbox has functions in {world.region} only")
    if name in world.lambda_functions:
        raise AwsError("ResourceConflictException", f"Function already exist: {name}", 409)
    if not params.get("Runtime") or not params.get("Handler"):
        raise _invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
    package = params["Code"].get("ZipFile")
    if not isinstance(package, bytes):
        raise _invalid("Please provide a source for function code.")
    is_ours = _is_ours(package)
    _check_role(world, params["Role"])
    logging = {"LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}}
    made = Function(
        name,
        _arn(world, name),
        params["Role"],
        len(package),
        base64.b64encode(hashlib.sha256(package).digest()).decode(),
        is_ours,
        {**_DEFAULTS, **logging, **{key: value for key, value in params.items() if key not in _NO_SETTING}},
        dict(params.get("Tags", {})),
        looks=world.function_delay,
    )
    world.lambda_functions[name] = made
    return _configuration(made, pending=True)


def _is_ours(package: bytes) -> bool:
    """Whether this is the walk-through's own package. Raises InvalidParameterValueException for what is no ZIP file."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            names = archive.namelist()
            if names == [FILE]:
                with archive.open(FILE) as file:
                    return file.read(len(SOURCE) + 1) == SOURCE.encode()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        text = "Could not unzip uploaded file. Please check your file, then try to upload again."
        raise _invalid(text) from None
    if not names:
        raise _invalid("Uploaded file must be a non-empty zip")
    return False


def _check_role(world: World, arn: str) -> None:
    """Raise InvalidParameterValueException for a role that Lambda cannot take on, or does not know yet."""
    role = next((role for role in world.roles.values() if role.arn == arn), None)
    if role is None or not trusts_lambda(role):
        raise _invalid("The role defined for the function cannot be assumed by Lambda.")
    if role.refusals > 0:
        role.refusals -= 1
        raise _invalid("The role defined for the function cannot be assumed by Lambda.")


def _configuration(function: Function, *, pending: bool) -> dict[str, Any]:
    state: dict[str, Any] = {"State": "Active", "LastUpdateStatus": "Successful"}
    if pending:
        state = {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating"}
    settings = dict(function.settings)
    if "Environment" in settings:
        settings["Environment"] = {"Variables": settings["Environment"].get("Variables", {})}
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Role": function.role,
        "CodeSize": function.size,
        "CodeSha256": function.package_sha256,
        "LastModified": _MADE,
        **settings,
        **state,
    }


def _get_function(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    function = _find(context, params)
    found: dict[str, Any] = {"Configuration": _configuration(function, pending=is_pending(function))}
    found["Code"] = {"RepositoryType": "S3"}
    return {**found, "Tags": function.tags} if function.tags else found


def _get_configuration(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    function = _find(context, params)
    return _configuration(function, pending=is_pending(function))


def _delete_function(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    del context.world.lambda_functions[_find(context, params).name]
    return {"StatusCode": 204}


def _add_permission(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    function, name = _find(context, params), params["StatementId"]
    if name in function.permissions:
        text = f"The statement id ({name}) provided already exists. Please provide a new statement id, or remove the "
        raise AwsError("ResourceConflictException", f"{text}existing statement.", 409)
    who = params["Principal"]
    principal = {"Service": who} if who.endswith((".amazonaws.com", ".amazonaws.com.cn")) else {"AWS": who}
    made = {"Sid": name, "Effect": "Allow", "Principal": principal, "Action": params["Action"]}
    made["Resource"] = function.arn
    conditions: dict[str, Any] = {}
    if "SourceAccount" in params:
        conditions["StringEquals"] = {"AWS:SourceAccount": params["SourceAccount"]}
    if "SourceArn" in params:
        conditions["ArnLike"] = {"AWS:SourceArn": params["SourceArn"]}
    if conditions:
        made["Condition"] = conditions
    function.permissions[name] = made
    return {"Statement": json.dumps(made, separators=(",", ":"))}


def _remove_permission(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    function = _find(context, params)
    if params["StatementId"] not in function.permissions:
        raise AwsError("ResourceNotFoundException", "No policy is associated with the given resource.", 404)
    del function.permissions[params["StatementId"]]
    return {}


def _get_policy(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    function = _find(context, params)
    if not function.permissions:
        raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": list(function.permissions.values())}
    return {"Policy": json.dumps(policy, separators=(",", ":")), "RevisionId": function.package_sha256}


def _invoke(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    function = _find(context, params)
    if is_pending(function):
        text = (
            "The operation cannot be performed at this time. The function is currently in the following state: Pending"
        )
        raise AwsError("ResourceConflictException", text, 409)
    try:
        event = json.loads(params.get("Payload") or b"{}")
    except (ValueError, RecursionError):
        text = "Could not parse request body into json: Could not parse payload into json"
        raise AwsError("InvalidRequestContentException", text) from None
    try:
        answer = run(context.world, function, event)
    except Crashed:
        payload = json.dumps({"errorMessage": "The sandbox runs no code but its own", "errorType": "Runtime.ExitError"})
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload.encode()}
    return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": json.dumps(answer).encode()}


_HANDLERS: dict[str, Operation] = {
    "CreateFunction": _create_function,
    "GetFunction": _get_function,
    "GetFunctionConfiguration": _get_configuration,
    "DeleteFunction": _delete_function,
    "AddPermission": _add_permission,
    "RemovePermission": _remove_permission,
    "GetPolicy": _get_policy,
    "Invoke": _invoke,
}
OPERATIONS: dict[tuple[str, str], Operation] = {("lambda", name): handler for name, handler in _HANDLERS.items()}
