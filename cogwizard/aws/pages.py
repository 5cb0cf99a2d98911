"""API Gateway's lists, page by page."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cogwizard.aws.fields import Malformed, table, tables, text

_PAGE = 500  # the largest page: API Gateway grants 5 GetResources per 2 seconds (research 4.3 [D])
_MOST_PAGES = 1000


def pages(operation: Callable[..., Any], **arguments: Any) -> Iterator[dict[str, Any]]:
    """Yield the items of all pages of a list. Raises Malformed when a position repeats: it would never end."""
    seen: set[str] = set()
    position: str | None = None
    for _ in range(_MOST_PAGES):
        page = operation(limit=_PAGE, **arguments, **({"position": position} if position else {}))
        yield from listed(page, "items")
        position = text(page, "position")
        if position is None:
            return
        if position in seen:
            break
        seen.add(position)
    raise Malformed("the list does not end: its position repeats")


def listed(answer: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the items of a list. Raises Malformed for an answer to everything, which does not say that it is empty.

    Whether API Gateway leaves the member out where there is none is not documented. It signs what it answers with a
    request id; a server that has neither is not API Gateway.
    """
    if answer.get(key) is None and not table(answer, "ResponseMetadata").get("RequestId"):
        raise Malformed(f"{key} is missing")
    return tables(answer, key)
