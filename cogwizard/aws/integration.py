"""Integrations and the headers that answers are given, as GetResources and GetExport tell them [D: botocore, AG-EXT].

What is in no form that is known is left out: it matters to browsers alone, and a read must not fail for it.
"""

import re
from collections.abc import Iterator, Mapping

from cogwizard.model.api import Integration, IntegrationResponse

_LONGEST = 2000  # characters of a template or a header that are kept
_PREFIX = re.compile(r"(?i)(?:method\.response|gatewayresponse)\.header\.")


def read_integration(source: object, member: str) -> Integration | None:
    """Return a method's integration; `member` holds its responses: by status in GetResources, by pattern in an export.

    None where there is none, or none that can be read.
    """
    kind = source.get("type") if isinstance(source, Mapping) else None
    if not isinstance(source, Mapping) or not isinstance(kind, str):
        return None
    template = None
    templates = source.get("requestTemplates")
    if kind.upper() == "MOCK" and isinstance(templates, Mapping):
        found = templates.get("application/json")
        template = found[:_LONGEST] if isinstance(found, str) else None
    responses = source.get(member)
    if not isinstance(responses, Mapping):
        responses = {}
    exported = member == "responses"
    return Integration(kind.upper(), template, tuple(_responses(responses, exported=exported)))


def _responses(responses: Mapping[object, object], *, exported: bool) -> Iterator[IntegrationResponse]:
    for key, item in responses.items():
        if not isinstance(item, Mapping):
            continue
        status = str(item.get("statusCode"))
        pattern = item.get("selectionPattern") or (key if exported and key != "default" else None)
        if re.fullmatch(r"[1-5]\d\d", status) and isinstance(pattern, str | None):
            headers = tuple(pair for pair in response_headers(item) if pair[0].lower().startswith("access-control-"))
            yield IntegrationResponse(int(status), pattern, headers)


def response_headers(item: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the headers that a response is given, name and value as AWS writes it."""
    mapped = item.get("responseParameters")
    return tuple(
        (_PREFIX.sub("", name, count=1), value[:_LONGEST])
        for name, value in (mapped.items() if isinstance(mapped, Mapping) else ())
        if isinstance(name, str) and isinstance(value, str) and _PREFIX.match(name)
    )
