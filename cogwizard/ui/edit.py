"""What the user typed about the call, checked and taken over. No widget."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cogwizard.intake.errors import BadInput
from cogwizard.intake.response import read_response
from cogwizard.intake.url import read_url
from cogwizard.model.call import SAFE_METHODS, Call
from cogwizard.model.cors import origin_of
from cogwizard.model.pool import REGION
from cogwizard.text import Texts
from cogwizard.ui.given import Given

# What stands in a line of its own. "url" and "response" are pasted, "replay" is "yes" or "no".
LINES = ("method", "rest_api_id", "stage", "region", "source_ip")
_METHOD = re.compile(r"[A-Za-z][A-Za-z-]{0,39}")
_ANY_URL = "https://example.invalid/"  # for the check of an API id or a stage that stand beside no URL


def value(given: Given, name: str) -> str:
    """Return what was given under a name of `LINES`."""
    return (given.call.method if given.call else "GET") if name == "method" else str(getattr(given, name))


def may_replay(given: Given) -> bool:
    """Whether the call is made again, as far as the user and its method say."""
    if given.call is None:
        return False
    return given.call.method.upper() in SAFE_METHODS if given.replay is None else given.replay


def with_typed(given: Given, typed: Mapping[str, str]) -> Given:
    """Return what is given with what was typed in its place, unchecked.

    Another call that may change data is not made: the question for it belongs to the verdict.
    """
    call = given.call
    method = typed.get("method", value(given, "method")).strip()
    url = typed.get("url", "").strip()
    if call is not None:
        call = replace(call, method=method, url=url or call.url)
    elif url:
        call = Call(method, url)
    replay = {"yes": True, "no": False}.get(typed.get("replay", ""), given.replay)
    if call is not None and call != given.call and call.method.upper() not in SAFE_METHODS:
        replay = False
    lines: dict[str, Any] = {name: typed[name].strip() for name in (*LINES[1:], "origin") if name in typed}
    response = typed.get("response", given.response)
    return replace(given, call=call, response=response, replay=replay, typed=dict(typed), **lines)


def taken(given: Given, typed: Mapping[str, str], texts: Texts) -> tuple[Given, dict[str, str]]:
    """Return what is given with what was typed in its place, and what is wrong with it: name -> sentence.

    May take a while for a long answer. With a sentence, what is returned must not be used.
    """
    new, wrong = with_typed(given, typed), {}
    if "method" in typed and not _METHOD.fullmatch(typed["method"].strip()):
        wrong["method"] = texts.screen("call", "bad method")
    if new.region.strip() and not re.fullmatch(REGION, new.region.strip()):
        wrong["region"] = texts.screen("call", "bad region")
    if new.source_ip.strip():
        try:
            ipaddress.ip_address(new.source_ip.strip())
        except ValueError:
            wrong["source_ip"] = texts.screen("call", "bad address")
    if new.origin and origin_of(new.origin) is None:
        wrong["origin"] = texts.screen("browser", "bad origin")
    for name, api, stage in (("rest_api_id", new.rest_api_id, ""), ("stage", "", new.stage), ("url", "", "")):
        url = new.call.url if new.call and name == "url" else _ANY_URL
        try:
            read_url(url, api.strip() or None, stage.strip() or None)
        except BadInput as error:
            wrong[name] = texts.message(error.key, {**error.params, "option": texts.screen("call", f"field {name}")})
    if new.response.strip():
        try:
            read_response(new.response)
        except BadInput as error:
            wrong["response"] = texts.message(error.key, error.params)
    return new, wrong
