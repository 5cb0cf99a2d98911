"""What botocore is given: sessions that sign with given keys, one loader, answers that must be JSON."""

import json
import os
from functools import cache
from typing import Any

from cogwizard.aws.fields import Malformed


def sealed(key_id: str, secret: str) -> Any:
    """Return a session that signs with these keys, and asks neither the environment nor the user's files."""
    from botocore.session import Session

    # Of each variable its name in the files, its name in the environment, what holds without both, its conversion.
    told = {name: (None, None, default, read) for name, (_, _, default, read) in Session.SESSION_VARIABLES.items()}
    for name in ("config_file", "credentials_file"):
        told[name] = (None, None, os.devnull, None)
    # The variables that name endpoints, AWS_ENDPOINT_URL and one for each service, are read past the session's own.
    told["ignore_configured_endpoint_urls"] = (None, None, True, None)
    core = Session(session_vars=told)
    core.set_credentials(key_id, secret)
    return core


def holding(key_id: str, secret: str, session_token: str | None) -> Any:
    """Return a session that signs with these keys; of the user's set-up all else holds. Raises ConfigParseError.

    A profile that AWS_PROFILE names and no file has is passed over: nothing is to be signed with it.
    """
    from botocore.session import Session

    core = Session()
    if core.profile is not None and core.profile not in core.available_profiles:
        core = Session(session_vars={"profile": (None, None, None, None)})
    core.set_credentials(key_id, secret, session_token)
    return core


@cache
def loader(data_path: str | None) -> Any:
    """Return the one loader of service descriptions: unpacking them again for each session would cost 0.1 s."""
    from botocore.loaders import create_loader

    return create_loader(data_path)


def insist_on_json(http_response: Any, model: Any, **_: Any) -> None:
    """Refuse a success that is no JSON: botocore takes a proxy's HTML page for an answer without members."""
    is_json = model.service_model.metadata.get("protocol") in ("json", "rest-json")
    if not is_json or model.has_streaming_output or http_response.status_code >= 300 or http_response.raw is None:
        return  # a stubbed answer has no bytes
    if not http_response.content and (model.output_shape is None or http_response.status_code in (202, 204)):
        return  # what only does something may have nothing to say
    try:
        answer = json.loads(http_response.content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Malformed("the answer is no JSON object")
