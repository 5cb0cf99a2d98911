"""Settling folklore by experiment: the call made again in other ways, and what their answers say side by side.

"Without Bearer", "with the other token", "not through the CDN": each is one more call of the same kind. Only what
changes nothing is sent, one after the other: API Gateway throttles.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cogwizard.gateway import read_answer
from cogwizard.model.answer import Answer
from cogwizard.model.authorization import read_value
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_web import DirectCall, Replay
from cogwizard.model.token import looks_like_jwt, read_token
from cogwizard.report.redaction import shown_call
from cogwizard.steps.front import direct_call

Kind = Literal["given", "bearer", "bare", "other-token", "direct"]
PAUSE = 0.3  # seconds between two calls


@dataclass(frozen=True)
class Variant:
    """One way of making the call. `token`: the label of the token in it, "" for none; `read` holds the token itself."""

    kind: Kind
    read: Replay | DirectCall
    token: str = ""


@dataclass(frozen=True)
class Lesson:
    """What two answers settle: a key of `screens/variants.toml`, and what it names."""

    key: str
    params: Mapping[str, str]


def variants(case: Case, others: Sequence[str] = ()) -> tuple[Variant, ...]:
    """Return the ways of making the case's call that differ, the given one first; `others`: tokens of the same sign-in.

    Empty where it may change data, or is not known in full.
    """
    call = shown_call(case)
    if not (case.call_given and call.is_safe) or call.unexpanded:
        return ()
    found: dict[tuple[object, ...], Variant] = {}
    for variant in _all(case, call, others):
        made = variant.read.call
        found.setdefault((type(variant.read), made.url, made.headers), variant)
    return tuple(found.values())


def _all(case: Case, call: Call, others: Sequence[str]) -> Iterator[Variant]:
    name = case.identity_header or "Authorization"
    value = next(iter(call.values(name)), None)
    sent = read_value(value) if value is not None else None
    token = sent.token if sent and sent.token and looks_like_jwt(sent.token) else None
    label = read_token(token).label if token else ""
    yield Variant("given", Replay(call), label)
    if token:
        yield Variant("bearer", Replay(call.with_header(name, f"Bearer {token}")), label)
        yield Variant("bare", Replay(call.with_header(name, token)), label)
    start = "Bearer " if sent is None or sent.scheme else ""
    for other in others:
        if other and other != token and read_token(other).kind in ("id-token", "access-token"):
            yield Variant("other-token", Replay(call.with_header(name, f"{start}{other}")), read_token(other).label)
    if direct := direct_call(case, call):
        yield Variant("direct", direct, label)


def lessons(answers: Mapping[Variant, object]) -> tuple[Lesson, ...]:
    """Return what the answers settle, in the order of the variants; nothing for calls that got none."""
    passed = {variant: _got_through(answer) for variant, answer in answers.items() if isinstance(answer, Answer)}
    given = next((variant for variant in passed if variant.kind == "given"), None)
    if given is None:
        return ()
    found = []
    for variant, through in passed.items():
        if variant is given:
            continue
        subject = "form" if variant.kind in ("bearer", "bare") else variant.kind
        outcome = {
            (True, True): "both pass",
            (False, False): "both refused",
            (False, True): "helps",
            (True, False): "harms",
        }[passed[given], through]
        form = "Bearer TOKEN" if variant.kind == "bearer" else "TOKEN"
        found.append(Lesson(f"{subject} {outcome}", {"token": variant.token, "given": given.token, "form": form}))
    return tuple(found)


def _got_through(answer: Answer) -> bool:
    """Whether the call reached the backend, whatever that said."""
    seen = read_answer(answer)
    return seen.gates == ("backend",) or (answer.status < 300 and seen.proves is None)


class Experiment:
    """Makes the calls in a thread of its own. `on_change` is called there after each answer; `answers` holds them.

    `done`: nothing more is sent. A cancelled one sends nothing more; what was sent is answered or not.
    """

    def __init__(
        self,
        chosen: Sequence[Variant],
        answer: Callable[[Read], object],
        on_change: Callable[[], object],
        pause: float,
    ) -> None:
        """`answer` makes one call: it returns an Answer, or Unread. `pause` in seconds."""
        self.answers: dict[Variant, object] = {}
        self.done = False
        self._chosen, self._answer, self._on_change, self._pause = chosen, answer, on_change, pause
        self._cancelled = threading.Event()

    def start(self) -> None:
        """Begin. Returns at once."""
        threading.Thread(target=self._work, daemon=True, name="Experiment").start()

    def cancel(self) -> None:
        """Send nothing more. Returns at once."""
        self._cancelled.set()

    def _work(self) -> None:
        for place, variant in enumerate(self._chosen):
            if (place and self._cancelled.wait(self._pause)) or self._cancelled.is_set():
                break
            try:
                value = self._answer(variant.read)
            except Exception as error:  # a crash of one call must not take the others with it
                value = Unread(variant.read, "failed", type(error).__name__)
            self.answers = {**self.answers, variant: value}
            self._on_change()
        self.done = True
        self._on_change()
