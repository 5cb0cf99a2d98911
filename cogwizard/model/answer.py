"""What came back: an HTTP answer, pasted or from our own replay."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `headers` keep their order and case; `body` is cut by the reader; both may echo a token.

    `date` is the Date header in Unix seconds, None where it is absent or no date. `received_at` is the local clock in
    Unix seconds when a replay was answered; None for a pasted answer. `peer`: the address that a replay was connected
    to, None for a pasted answer and where a proxy stood between.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str = field(default="", repr=False)
    date: float | None = None
    received_at: float | None = None
    peer: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first value of header `name` (case-insensitive: HTTP/2 lowercases), or None."""
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None
