"""What the pages of joining know at one moment, and their findings as data. Pure."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cogwizard.background import ReadState
from cogwizard.model.answer import Answer
from cogwizard.model.inert import scrub
from cogwizard.model.read import Unread
from cogwizard.report import page
from cogwizard.report.text import headline
from cogwizard.steps import JOIN
from cogwizard.text import Texts

if TYPE_CHECKING:
    from cogwizard.joining import Join

SIGN_IN, CALL, EXPORT, END = "join_signin", "join_call", "join_export", "join_end"
SCREENS = (*(step.id for step in JOIN), END)
_OUTCOMES = {"fault": "fail", "healthy": "pass", "inconclusive": "unknown"}
_BAD = ("fail", "next", "warn")
_OPEN = (*_BAD, "unknown", "reading")


@dataclass(frozen=True, eq=False)
class Known:
    """`join`: None before it was made. `report`: see `report.join.build`, None before anything was judged. `error`: why
    nothing could be read, in words."""

    join: "Join | None" = field(default=None, repr=False)
    report: page.Document | None = None
    running: bool = False
    reads: tuple[ReadState, ...] = field(default=(), repr=False)
    error: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Whether there are tokens."""
        return self.join is not None and self.join.login is not None and self.join.login.tokens is not None

    def asks(self, step: str) -> tuple[str, ...]:
        """Return the sentences for the administrator that a step gives cause for; of the last screen, all."""
        if self.report is None:
            return ()
        here = {item["code"] for item in self.report["findings"] if step in (END, item["step"])}
        return tuple(ask["text"] for ask in self.report["ask"] if ask["code"] in here)


def page_of(known: Known, step: str, texts: Texts) -> page.Page:
    """Return what a step found, or what there is to be done on it."""
    found = page.build(known.report or {}, step, texts, reading=known.running)
    match step:
        case "join_signin":
            return _signed_in(known, found, texts)
        case "join_call":
            return _called(known, found, texts)
        case "join_export":
            files = known.join.joining.files if known.join else ()
            key = "answer exported" if files else "answer to export"
            said = texts.screen("join_page", key, files=scrub(", ".join(files), 600))
            return replace(found, verdict="pass" if files else "waiting", answer=said)
    return found


def _signed_in(known: Known, found: page.Page, texts: Texts) -> page.Page:
    attempt = known.join.joining.attempt if known.join else None
    if attempt is None:
        return replace(found, verdict="waiting", answer=texts.screen("join_page", "answer to sign in"))
    if known.is_signed_in and found.verdict not in _BAD:
        return replace(found, verdict="pass", answer=texts.screen("join_page", "answer signed in"))
    return found


def _called(known: Known, found: page.Page, texts: Texts) -> page.Page:
    join = known.join
    if join is None:
        return found
    answer, call = join.joining.answer, join.joining.case.call
    named = {"method": scrub(call.method, 20), "path": scrub(join.joining.case.target.path, 300)}
    if isinstance(answer, Answer):
        key = "answer through" if join.is_through else "answer refused"
        said = texts.screen("join_page", key, status=answer.status, **named)
        if join.is_through:
            return replace(found, verdict="pass", answer=said)
        return replace(found, answer=said)
    if isinstance(answer, Unread):
        said = texts.screen("join_page", "answer lost", error=scrub(answer.error, 100), **named)
        return replace(found, verdict="fail" if found.verdict == "fail" else "unknown", answer=said)
    if join.judgement is not None and found.verdict not in _BAD:
        return replace(found, verdict="unknown", answer=texts.screen("join_page", "answer unmade", **named))
    if found.verdict in _OPEN:
        return found
    key = "answer to call" if known.is_signed_in else "answer first sign in"
    return replace(found, verdict="waiting", answer=texts.screen("join_page", key, **named))


def verdicts(known: Known, texts: Texts) -> list[str]:
    """Return the verdict of each screen for the rail; "reading" while something that it wants is read."""
    join = known.join
    if known.report is None or join is None:
        return ["reading" if known.running else "waiting"] * len(SCREENS)
    running = {state.read for state in known.reads if state.ended is None}
    found = []
    for step in JOIN:
        waits = known.running and not running.isdisjoint(read for read in step.wants(join.joining) if read)
        found.append("reading" if waits else page_of(known, step.id, texts).verdict)
    return [*found, "reading" if known.running else end_of(known)]


def end_of(known: Known) -> str:
    """Return the verdict of the last screen. Nothing missing is no 200 yet."""
    if known.report is None or known.join is None:
        return "waiting"
    outcome = str(known.report["outcome"])
    return "waiting" if outcome == "healthy" and not known.join.is_through else _OUTCOMES[outcome]


def end_answer(known: Known, texts: Texts) -> str:
    """Return the sentence of the last screen."""
    if known.report is None or known.join is None:
        return texts.screen("steps", "answer reading" if known.running else "answer waiting")
    if known.join.is_through:
        return texts.screen("join_page", "answer joined")
    return headline(known.report, texts)


def missing(known: Known, texts: Texts) -> list[tuple[str, str]]:
    """Return what is missing, in the order in which one meets it: heading and sentence."""
    if known.report is None:
        return []
    found = {item["code"]: item for item in known.report["findings"]}
    return [(f"{code}: {texts.title(code)}", found[code]["summary"]) for code in known.report["causes"]]


def progress(known: Known, texts: Texts, now: float, *, stopped: bool) -> str:
    """Return the line that says what is read and what takes long, then what came of it. `now`: the monotonic clock."""
    if known.error:
        return known.error
    if not known.running:
        answer = end_answer(known, texts) if known.report else ""
        return texts.screen("journey", "cancelled" if stopped else "done", answer=answer)
    running = [state for state in known.reads if state.ended is None]
    counts = {"done": len(known.reads) - len(running), "all": len(known.reads)}
    if not running:
        return texts.screen("journey", "reading", **counts)
    seconds = f"{now - running[0].began:.1f}"
    return texts.screen("journey", "slowest", action=running[0].read.action, seconds=seconds, **counts)
