"""What went wrong in the walk-through, in words. What AWS said stands in them inert and without a secret. No screen."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from cogwizard.model.inert import scrub
from cogwizard.model.read import Unread
from cogwizard.model.read_web import GetCallerIdentity
from cogwizard.text import Texts
from cogwizard.ui.listing import sentences
from cogwizard.ui.widgets.prose import Prose

if TYPE_CHECKING:
    from cogwizard.aws.calls import CallFailed
    from cogwizard.onboarding.run import NotMade


def told_failure(error: "NotMade", texts: Texts, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return why a write was not made: (style, sentence)."""
    failed = error.failed
    key = f"makes {error.write.id}"
    try:
        what = texts.screen("onboard", key, **values)
    except KeyError:
        what = error.write.action  # a change that breaks or mends
    said = [("cause", "✗ " + texts.screen("onboard", "not made", what=what, **_words(failed)))]
    if failed.reason == "denied" and error.permission:
        said.append(("", texts.screen("onboard", "needs", permission=scrub(error.permission, 300))))
    if failed.reason == "credentials":
        said += [("warn", sentence) for sentence in _of_credentials(failed, texts)]
    if failed.is_lost:
        said.append(("unknown", "? " + texts.screen("onboard", "not made lost")))
    return said


def _words(failed: "CallFailed") -> dict[str, str]:
    return {"error": scrub(failed.error, 100), "detail": scrub(failed.detail, 600)}


def _of_credentials(failed: "CallFailed", texts: Texts) -> list[str]:
    return sentences(Unread(GetCallerIdentity(""), "credentials", failed.error, failed.detail), texts, {})


def trouble(error: Exception, texts: Texts) -> str:
    """Return why something could not be done: set-up, journal, a read that failed, a defect of ours."""
    failed: Any = getattr(error, "failed", error)
    if hasattr(failed, "reason") and hasattr(failed, "action"):
        if failed.reason == "credentials":
            return " ".join(_of_credentials(failed, texts))
        return texts.screen("walkthrough", "unread", action=scrub(failed.action, 100), **_words(failed))
    key, params = getattr(error, "key", None), getattr(error, "params", None)
    path = getattr(error, "path", None)
    if path is not None:
        params = {"path": str(path)}
    if not isinstance(key, str) or not isinstance(params, dict):
        return texts.screen("walkthrough", "crashed", error=type(error).__name__)
    return texts.message(key, params)


def outcome_of(error: Exception, texts: Texts) -> Iterator[Widget]:
    """Yield what is to be said of an error below the answer."""
    yield Prose(f"✗ {trouble(error, texts)}", indent=2, classes="gap warn")
