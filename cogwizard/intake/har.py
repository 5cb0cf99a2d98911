"""A browser's recording (HAR): the call that failed, and the preflight before it."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from cogwizard.intake.errors import BadInput
from cogwizard.intake.har_entry import WANTED, Entry, read_entry
from cogwizard.intake.har_stream import CutOff, Json, Shortened, read_entries
from cogwizard.model.cors import origin_of
from cogwizard.model.inert import inert

_MOST_KEPT = 100  # of the failing entries, and of the preflights: the last ones
_MOST_HOSTS = 5  # that a message names
_MOST_PAGES = 1000
_LEFT_OUT = ("authorization", "cookie")
_BROWSERS = ("webinspector", "webkit", "firefox", "chrom", "edge", "safari", "opera", "brave", "browsertools")


@dataclass(frozen=True)
class Recording:
    """`entry` is the call to judge. `failing`: the failing ones that are as likely meant, in order, the last ones only.

    `count`: of all entries. `is_cut`: the file ends in its middle. `is_stripped`: no request in it has Authorization or
    Cookie, which Chrome and Edge leave out unless told otherwise. `by_browser`: what recorded it is a browser.
    `is_named`: the entry was asked for by its number.
    """

    entry: Entry
    count: int
    failing: tuple[Entry, ...] = ()
    preflights: tuple[Entry, ...] = field(default=(), repr=False)
    is_cut: bool = False
    is_stripped: bool = False
    by_browser: bool = False
    is_named: bool = False

    def picked(self, entry: Entry) -> "Recording":
        """Return the recording with another entry to judge."""
        return replace(self, entry=entry)

    @property
    def preflight(self) -> Entry | None:
        """What the browser asked before the call: the nearest preflight to its URL.

        Browsers list a preflight before its call or, as Chrome and Edge do, directly after it.
        """

        def distance(item: Entry) -> tuple[int, bool]:
            away = item.number - self.entry.number
            return abs(away), (away < 0 if item.kind else away > 0)

        return min(self._asked, key=distance, default=None)

    @property
    def _asked(self) -> list[Entry]:
        """The preflights to this URL and method; none where the entry itself is one."""
        call = self.entry.call
        if self.entry.is_preflight:
            return []
        return [
            item
            for item in self.preflights
            if item.call.url == call.url
            and (item.call.values("access-control-request-method") or [call.method])[0].upper() == call.method.upper()
        ]

    @property
    def headers_left_out(self) -> bool:
        """Whether Authorization may have been sent although it is not here.

        A preflight names the headers of its call that are not harmless (Fetch, 4.8): where none of this URL's names
        Authorization, it was not sent.
        """
        asked = self._asked
        named = any("authorization" in value.lower() for item in asked for value in _asked_headers(item))
        return self.is_stripped and (named or not asked)

    @property
    def origin(self) -> str | None:
        """The page's origin. A call to another site has the header Origin (Fetch, 3.2): one that was answered and has
        none went to the page's own."""
        own = origin_of(self.entry.call.url) if self.by_browser and self.entry.answer else None
        return self.entry.origin or own

    @property
    def is_browsers(self) -> bool:
        """Whether a browser made the call: a proxy records those of other programs too."""
        return self.by_browser or self.entry.is_from_browser or self.preflight is not None


def _asked_headers(preflight: Entry) -> list[str]:
    return preflight.call.values("access-control-request-headers")


def read_har(
    file: BinaryIO, number: int | None = None, tell: Callable[[int], object] = lambda _size: None
) -> Recording:
    """Return what a HAR file holds of the failing call, holding no more of the file than that.

    Without `number` (from 1) it is the last entry that failed: answered with a status from 400 on, or kept from the
    page (status 0, an error of the browser's). Calls to API Gateway's own hosts and answers that API Gateway marked go
    before scripts' calls to other hosts, and nothing else is taken for a call to an API; a preflight counts where no
    call of its kind is there. `tell` is called with the bytes read so far; what it raises goes through. Raises BadInput
    with a `har-...` key, and what reading the file raises.
    """
    found = _Found(number)
    source = Shortened(file, tell)
    is_cut = False
    try:
        for raw in read_entries(source, WANTED, found.header):
            found.take(raw)
    except CutOff as cut:
        if not cut.seen:
            raise BadInput("har-not-json") from None
        is_cut = True
    return found.recording(is_cut)


class _Found:
    """What of the entries so far may still matter."""

    def __init__(self, number: int | None) -> None:
        self._number = number
        self._count = self._failed = 0
        self._chosen: Entry | None = None
        self._failing: dict[tuple[int, bool], deque[Entry]] = {}
        self._preflights: deque[Entry] = deque(maxlen=_MOST_KEPT)
        self._later: list[Entry] = []  # preflights behind the entry that was asked for
        self._hosts: Counter[str] = Counter()
        self._is_stripped, self._by_browser = True, False
        self._pages: dict[str, str] = {}

    def header(self, name: str, value: Json) -> None:
        """Take a member of `log` that is no entry."""
        if name in ("creator", "browser") and isinstance(value, Mapping):
            program = str(value.get("name")).lower()
            self._by_browser |= any(word in program for word in _BROWSERS)
        if name == "pages":
            self._pages.update(_pages(value))

    def take(self, raw: Json) -> None:
        """Take the next entry."""
        self._count += 1
        entry = read_entry(self._count, raw)
        if entry is None:
            return
        if any(name.lower() in _LEFT_OUT for name, _ in entry.call.headers):
            self._is_stripped = False
        if len(self._hosts) < _MOST_KEPT:
            self._hosts[entry.host] += 1
        if self._count == self._number:
            self._chosen = entry
        if entry.is_preflight and self._chosen is None:
            self._preflights.append(entry)
        elif entry.is_preflight and len(self._later) < _MOST_KEPT:
            self._later.append(entry)
        if entry.failed:
            self._failed += 1
            place = (entry.rank, entry.is_preflight)
            self._failing.setdefault(place, deque(maxlen=_MOST_KEPT)).append(entry)

    def recording(self, is_cut: bool) -> Recording:
        """Return the whole, once all was taken. Raises BadInput where nothing is there to judge."""
        best = min(self._failing, default=None)
        failing = tuple(self._failing[best]) if best is not None else ()
        chosen = self._chosen if self._number is not None else (failing or (None,))[-1]
        if chosen is None or (self._number is None and chosen.rank > 1):
            raise self._nothing(is_cut)
        with_page = replace(chosen, origin=chosen.origin or origin_of(self._pages.get(chosen.page, "")))
        return Recording(
            with_page,
            self._count,
            tuple(with_page if item is chosen else item for item in failing),
            (*self._preflights, *self._later),
            is_cut,
            self._is_stripped,
            self._by_browser,
            self._number is not None,
        )

    def _nothing(self, is_cut: bool) -> BadInput:
        count = str(self._count)
        if self._number is not None and 1 <= self._number <= self._count:
            return BadInput("har-entry-no-call", number=str(self._number))
        if is_cut:
            return BadInput("har-cut-off", count=count)
        if not self._count:
            return BadInput("har-no-entries")
        if self._number is not None:
            return BadInput("har-no-such-entry", number=str(self._number), count=count)
        hosts = ", ".join(inert(host, 60) for host, _ in self._hosts.most_common(_MOST_HOSTS) if host) or "-"
        if not self._failed:
            return BadInput("har-nothing-failed", count=count, hosts=hosts)
        return BadInput("har-no-api-call", count=count, failed=str(self._failed), hosts=hosts)


def _pages(found: Json) -> Iterator[tuple[str, str]]:
    """Yield each page's id and its title, which is its URL with Chrome, Edge and Safari."""
    for page in found[:_MOST_PAGES] if isinstance(found, list) else []:
        name, title = (page.get("id"), page.get("title")) if isinstance(page, Mapping) else (None, None)
        if isinstance(name, str) and isinstance(title, str) and title.startswith(("http://", "https://")):
            yield name, title[:2000]
