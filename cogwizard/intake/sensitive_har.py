"""Where secrets stand in a browser's recording: the values of its lists of cookies. Its headers look like others."""

import re
from collections.abc import Iterator

from cogwizard.intake.sensitive import Span

_STRING = r"\"(?:[^\"\\]++|\\.)*+\""
_COOKIES = re.compile(rf"\"cookies\"\s*+:\s*+\[(?P<list>(?:[^\"\]]++|{_STRING})*+)", re.DOTALL)
_VALUE = re.compile(r"\"value\"\s*+:\s*+\"(?P<value>(?:[^\"\\]++|\\.)++)", re.DOTALL)


def find(text: str) -> Iterator[Span]:
    """Yield the places of the values of cookies."""
    for cookies in _COOKIES.finditer(text):
        for found in _VALUE.finditer(text, *cookies.span("list")):
            yield *found.span("value"), "cookie"
