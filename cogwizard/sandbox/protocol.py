"""AWS's wire protocols over botocore's service models: json, rest-json, query. Nothing here knows any operation.

Every answer is checked against the operation's output shape: the cheapest realism there is.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, unquote

from cogwizard.sandbox.constraints import broken
from cogwizard.sandbox.rest import json_object, rest_params, split_output
from cogwizard.sandbox.wire import read_form, write_json, write_xml, xml_text
from cogwizard.sandbox.world import ScenarioError, World

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel

# Members whose values `Sandbox.requests` never holds, besides those that the model calls sensitive.
_SECRET = {"headers", "multiValueHeaders", "body", "stageVariables", "additionalContext", "AuthParameters"}
_SECRET |= {"ChallengeResponses", "Session", "AccessToken", "RefreshToken", "Token", "Password", "SecretHash"}
_SECRET |= {"ConfirmationCode", "UserCode", "ClientMetadata", "ContextData", "AnalyticsMetadata"}
_SECRET |= {"TemporaryPassword", "UserAttributes", "ValidationData", "ClientSecret", "Code", "Environment", "Payload"}
_THROTTLED = ("TooManyRequestsException", "ThrottlingException")


class AwsError(Exception):
    """An error that AWS answers: its type, its text, its HTTP status."""

    def __init__(self, type: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.type, self.message, self.status = type, message, status


@dataclass(frozen=True)
class Request:
    """An HTTP request as the server read it. Headers, body and query may hold secrets."""

    method: str
    target: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    scheme: str = "http"

    @cached_property
    def path(self) -> str:
        """The path as sent, still percent-encoded."""
        return re.sub(r"https?://[^/?]*", "", self.target.partition("?")[0], count=1) or "/"

    @cached_property
    def query(self) -> str:
        """The query string as sent."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def region(self) -> str | None:
        """The region that a SigV4 signature names, None for unsigned requests."""
        return self._scope[0]

    @property
    def service(self) -> str | None:
        """The service that a SigV4 signature names, None for unsigned requests."""
        return self._scope[1]

    @cached_property
    def _scope(self) -> tuple[str, str] | tuple[None, None]:
        pattern = r"AWS4-HMAC-SHA256 Credential=[^/,]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/"
        found = re.match(pattern, self.header("authorization") or "")
        return (found[1], found[2]) if found else (None, None)


@dataclass(frozen=True)
class Reply:
    """An HTTP answer of the sandbox."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Context:
    """What an operation sees besides its parameters: the world, and the region in which it was asked (None: any)."""

    world: World
    region: str | None = None

    def is_here(self, region: str) -> bool:
        """Whether things of `region` are seen by this request."""
        return self.region is None or self.region == region


Operation = Callable[[Context, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Parsed:
    """A request that names an operation. `problem`: why its parameters are not acceptable, None when they are."""

    service: "Service"
    model: "OperationModel"
    params: dict[str, Any] = field(repr=False)
    problem: str | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """The parameters without secrets."""
        members = self.model.input_shape.members if self.model.input_shape else {}
        # What the model does not know may be a secret under a name of the caller's own making.
        plain = {name for name, member in members.items() if not member.metadata.get("sensitive")} - _SECRET
        return {name: value if name in plain else "secret" for name, value in self.params.items()}


class Service:
    """One AWS service: finds the operation of a request, reads its parameters, writes its answers."""

    def __init__(self, model: "ServiceModel") -> None:
        self.model = model
        self.name = model.service_name
        self.protocol = str(model.metadata["protocol"])

    @cached_property
    def _routes(self) -> list[tuple[str, "re.Pattern[str]", dict[str, str], "OperationModel"]]:
        made = []
        for name in self.model.operation_names:
            operation = self.model.operation_model(name)
            path, _, query = operation.http["requestUri"].partition("?")
            pattern = re.sub(
                r"\\{(\w+)(\\\+)?\\}", lambda m: f"(?P<{m[1]}>{'.+' if m[2] else '[^/]+'})", re.escape(path)
            )
            made.append((operation.http["method"], re.compile(pattern), dict(parse_qsl(query)), operation))
        # The most literal address first: /restapis/{id}/stages before /restapis/{id}/{anything}.
        return sorted(made, key=lambda route: (-len(route[2]), route[1].pattern.count("(?P<")))

    def parse(self, request: Request) -> Parsed | None:
        """Return the operation that a request names, or None when there is none."""
        if self.protocol == "rest-json":
            return self._parse_rest(request)
        if self.protocol == "query":
            form = {key: values[0] for key, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
            return self._parse_form(form.pop("Action", ""), {key: val for key, val in form.items() if key != "Version"})
        operation = (request.header("x-amz-target") or "").rpartition(".")[2]
        return self._parsed(operation, json_object(request.body))

    def _parse_form(self, operation: str, form: dict[str, str]) -> Parsed | None:
        if operation not in self.model.operation_names:
            return None
        return self._parsed(operation, read_form(self.model.operation_model(operation).input_shape, form))

    def _parsed(self, operation: str, params: dict[str, Any] | None) -> Parsed | None:
        if operation not in self.model.operation_names:
            return None
        model = self.model.operation_model(operation)
        if params is None:
            return Parsed(self, model, {}, "The request body is not a JSON object")
        return Parsed(self, model, params, _input_problem(model, params))

    def _parse_rest(self, request: Request) -> Parsed | None:
        query = parse_qsl(request.query, keep_blank_values=True)
        # Older models of Lambda end some addresses with a slash.
        asked = request.path if self.name != "lambda" else request.path.rstrip("/")
        for method, pattern, literal, operation in self._routes:
            found = pattern.fullmatch(asked) if method == request.method else None
            if found and all(pair in query for pair in literal.items()):
                path = {name: unquote(value) for name, value in found.groupdict().items()}
                left = [pair for pair in query if pair[0] not in literal]
                return self._parsed(operation.name, rest_params(operation, path, left, request))
        return None

    def answer(self, parsed: Parsed, value: dict[str, Any]) -> Reply:
        """Return the answer for an operation's output. Raises ScenarioError when it has not the operation's shape."""
        from botocore.validate import ParamValidator

        shape, status = parsed.model.output_shape, parsed.model.http.get("responseCode", 200)
        if shape is None:
            return self._xml(parsed, "") if self.protocol == "query" else Reply(status, (_JSON,), b"{}")
        report = ParamValidator().validate(value, shape)
        if report.has_errors():
            raise ScenarioError(
                f"an answer that AWS would not make: {parsed.model.name}: {_without_values(report.generate_report())}"
            )
        if self.protocol == "query":
            return self._xml(parsed, write_xml(shape, value, f"{parsed.model.name}Result"))
        told, headers, members = split_output(shape, value)
        if payload := shape.serialization.get("payload"):
            body = members.get(payload, b"")
            return Reply(told or status, tuple(headers), body if isinstance(body, bytes) else str(body).encode())
        kind = _JSON if self.protocol == "rest-json" else ("Content-Type", "application/x-amz-json-1.1")
        return Reply(told or status, (*headers, kind), json.dumps(write_json(shape, members)).encode())

    def error(self, error: AwsError) -> Reply:
        """Return an error as this service's protocol words it."""
        if self.protocol == "query":
            text = f"<Type>Sender</Type><Code>{error.type}</Code><Message>{xml_text(error.message)}</Message>"
            xml = f"<ErrorResponse><Error>{text}</Error></ErrorResponse>"
            return Reply(error.status, (("Content-Type", "text/xml"),), xml.encode())
        if self.protocol == "rest-json":
            headers = (_JSON, ("x-amzn-ErrorType", error.type))
            return Reply(error.status, headers, json.dumps({"message": error.message}).encode())
        body = {"__type": error.type, "message": error.message}
        return Reply(error.status, (("Content-Type", "application/x-amz-json-1.1"),), json.dumps(body).encode())

    def refusal(self, type: str) -> AwsError:
        """Return the error for a denied operation (`Sandbox.denied`), in the type that this protocol knows."""
        if type in _THROTTLED and self.protocol == "rest-json":
            return AwsError("TooManyRequestsException", "Rate exceeded", 429)
        if type in _THROTTLED and self.protocol == "query":
            return AwsError("Throttling", "Rate exceeded")
        if type in _THROTTLED:  # cognito-idp has both types (research 7.2 [D])
            return AwsError(type if self.name == "cognito-idp" else "ThrottlingException", "Rate exceeded")
        named = "AccessDenied" if type == "AccessDeniedException" and self.protocol == "query" else type
        return AwsError(named, REFUSED.get(type, "Refused by the sandbox"), 403 if type in REFUSED else 400)

    def bad_input(self, problem: str) -> AwsError:
        """Return the error for parameters that are not acceptable."""
        return AwsError(_BAD_INPUT.get(self.name, "InvalidParameterException"), problem)

    def _xml(self, parsed: Parsed, result: str) -> Reply:
        space, name = self.model.metadata.get("xmlNamespace", ""), parsed.model.name
        xml = (
            f'<{name}Response xmlns="{space}">{result}'
            f"<ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata></{name}Response>"
        )
        return Reply(200, (("Content-Type", "text/xml"),), xml.encode())


_JSON = ("Content-Type", "application/json")
_BAD_INPUT = {
    "apigateway": "BadRequestException",
    "lambda": "InvalidParameterValueException",
    "iam": "ValidationError",
}
REFUSED = {
    "AccessDeniedException": "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform this operation",
    "ExpiredTokenException": "The security token included in the request is expired",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
}


@cache
def load_service(name: str) -> Service:
    """Load botocore's model of a service (some 15 ms, once)."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return Service(ServiceModel(Loader().load_service_model(name, "service-2"), name))


def _input_problem(model: "OperationModel", params: dict[str, Any]) -> str | None:
    from botocore.validate import ParamValidator

    if model.input_shape is None:
        return None
    report = ParamValidator().validate(params, model.input_shape)
    return _without_values(report.generate_report()) or None


def broken_constraints(parsed: Parsed) -> str | None:
    """Return what AWS says of lengths, patterns and enumerations that acceptable parameters break, or None."""
    shape = parsed.model.input_shape
    return broken(shape, parsed.params) if shape else None


def _without_values(report: str) -> str:
    # The report quotes values, and a value may be a secret: names are enough to find the place.
    return re.sub(r"value: .*?, (?=type|valid)", "", report, flags=re.DOTALL)
