"""API Gateway's lists, page by page."""

from collections.abc import Callable, Iterator
from typing import Any

from cogwizard.aws.fields import Malformed, tables, text

_PAGE = 500  # the largest page: API Gateway grants 5 GetResources per 2 seconds (research 4.3 [D])
_MOST_PAGES = 1000


def pages(operation: Callable[..., Any], **arguments: Any) -> Iterator[dict[str, Any]]:
    """Yield the items of all pages of a list. Raises Malformed when a position repeats: it would never end."""
    seen: set[str] = set()
    position: str | None = None
    for _ in range(_MOST_PAGES):
        page = operation(limit=_PAGE, **arguments, **({"position": position} if position else {}))
        yield from tables(page, "items")
        position = text(page, "position")
        if position is None:
            return
        if position in seen:
            break
        seen.add(position)
    raise Malformed("the list does not end: its position repeats")
