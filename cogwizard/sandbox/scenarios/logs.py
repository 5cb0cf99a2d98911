"""Calls of which API Gateway wrote something down: where answers look alike, the log may tell them apart."""

from typing import Any

from cogwizard.sandbox.executionlog import ROLE
from cogwizard.sandbox.logs import log_group
from cogwizard.sandbox.scenarios.scenario import Scenario, Setting

# As the logs screen advises it, on one line.
FORMAT = '{"responseType":"$context.error.responseType","status":"$context.status","requestId":"$context.requestId"}'


def _log(s: Setting, level: str = "INFO", *, access: str | None = None, **options: Any) -> None:
    """Deploy with the execution log at a level, and with an access log of a format; the user agrees to read them."""
    s.world.log_role = ROLE
    settings: dict[str, Any] = {"methodSettings": {"*/*": {"loggingLevel": level, "dataTraceEnabled": False}}}
    if access:
        group = log_group(s.world, f"/apigateway/{s.api.name}/prod")
        settings["accessLogSettings"] = {"destinationArn": group.arn, "format": access}
    s.logs = True
    s.deploy(**settings, **options)


def _other_key(s: Setting) -> None:
    """A key of a plan that covers the stage opens it; another one is sent. Keys themselves are not read."""
    s.guard()
    s.protect(api_key=True)
    s.world.add_key(s.api.name, (s.api.id, "prod"))
    s.send(s.token())
    s.send("a-key-of-another-api-0123456789", "x-api-key")


def _execution(s: Setting) -> None:
    _other_key(s)
    _log(s)


def _access(s: Setting) -> None:
    _other_key(s)
    _log(s, "OFF", access=FORMAT)


def _off(s: Setting) -> None:
    _other_key(s)
    _log(s, "OFF")


def _denied(s: Setting) -> None:
    _other_key(s)
    _log(s)
    s.denied["FilterLogEvents"] = "AccessDeniedException"


def _late(s: Setting) -> None:
    """Lines come late: the first searches find none."""
    _other_key(s)
    _log(s)
    s.world.log_delay = 1000


def _web_acl(s: Setting) -> None:
    """The same answer from a web ACL, which stands before any method: it leaves a line in the access log alone."""
    s.guard()
    s.protect()
    _log(s, access=FORMAT, webAclArn=s.world.add_web_acl(s.api.name, blocks=True))
    s.send(s.token())


def _healthy(s: Setting) -> None:
    s.guard()
    s.protect()
    _log(s, access=FORMAT)
    s.world.empty_log_pages = 2
    s.send(s.token())


LOGS = (
    Scenario("logs-key-refused", _execution, ("api-key-required",)),
    Scenario("logs-access-key-refused", _access, ("api-key-required",)),
    Scenario("logs-web-acl", _web_acl, ("waf-block",)),
    Scenario("logs-off", _off, unknowns=("api-key-required",), outcome="inconclusive"),
    Scenario("logs-denied", _denied, unknowns=("api-key-required", "permission-missing"), outcome="inconclusive"),
    Scenario("logs-late", _late, unknowns=("api-key-required",), outcome="inconclusive", alone=True),
    Scenario("logs-healthy", _healthy, outcome="healthy"),
)
