"""The call of a screen that failed, as the troubleshooting takes it. No screen."""

from typing import TYPE_CHECKING

from cogwizard.model.answer import Answer
from cogwizard.ui.onboard.build import BREAK, CALL, Build

if TYPE_CHECKING:
    from cogwizard.model.call import Call

_UNAUTHORIZED = 401


def refused_call(build: Build, step: str) -> "tuple[Call, Answer | None] | None":
    """Return the call that failed on a step's screen, with its answer where one came; None where none failed."""
    from cogwizard.onboarding.first_call import call_for, greets

    shown = build.walk.shown
    if "api_id" not in build.walk.values:
        return None  # it was taken away
    if step == BREAK and build.broken is not None:
        call, found = build.broken
    elif step == CALL and shown.answer is not None and shown.login is not None and shown.login.tokens is not None:
        call, found = call_for(build.walk.url, shown.login.tokens.id_token), shown.answer
        refused = shown.without_token
        if isinstance(found, Answer) and greets(found) and isinstance(refused, Answer):
            # Let through without a token: that is what is wrong then.
            return None if refused.status == _UNAUTHORIZED else (call_for(build.walk.url, None), refused)
    else:
        return None
    if not isinstance(found, Answer):
        return call, None
    return None if greets(found) else (call, found)


def as_printed(answer: Answer | None) -> str:
    """Return an answer as `curl -i` prints it, "" for none."""
    if answer is None:
        return ""
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    return f"HTTP/1.1 {answer.status}\r\n{head}\r\n{answer.body}"
