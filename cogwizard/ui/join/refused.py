"""The call of one who joins, as the troubleshooting takes it. No screen."""

from typing import TYPE_CHECKING

from cogwizard.model.answer import Answer
from cogwizard.ui.given import Given
from cogwizard.ui.onboard.refused import as_printed

if TYPE_CHECKING:
    from cogwizard.joining import Join


def given_of(join: "Join") -> Given:
    """Return what one would have pasted of the call that was judged. Raises ValueError where none was."""
    from cogwizard.signin.order import order_of

    if join.judgement is None:
        raise ValueError("no call was judged")
    case, login = join.judgement.case, join.login
    seen = join.joining.answer
    given = Given(
        case.call, region=case.api_region or "", response=as_printed(seen if isinstance(seen, Answer) else None)
    )
    tokens = login.tokens if login else None
    if tokens is not None and login is not None:
        given.take(case.given_token or "", "", tokens, order_of(tokens, login.order))
    return given
