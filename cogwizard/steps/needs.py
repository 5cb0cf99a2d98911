"""What a method asks of a token, as deployed; as drafted where only the draft could be read."""

from cogwizard.model.api import Authorizer
from cogwizard.model.attempt import Wanted
from cogwizard.model.case import Case
from cogwizard.model.pool import read_arn
from cogwizard.model.postman import Needs
from cogwizard.model.read import Unread
from cogwizard.model.read_api import GetExport
from cogwizard.model.route import Route
from cogwizard.model.view import Hole


def needs_of(case: Case) -> Needs:
    """Return the kind of token, scopes and header that the called method wants (research 1.4 [D]).

    Without scopes it takes ID tokens, with scopes access tokens that hold one of them. A stage that is not there wants
    nothing, whatever the draft does.
    """
    method, url = case.call.method, case.call.url if case.call_given else None
    route, is_assumed = case.route, case.api.assumed
    holes = [case.hole(GetExport)] if is_assumed else []
    holes += [item for item in (route, case.authorizer) if isinstance(item, Hole)]
    because = tuple(
        dict.fromkeys(read for hole in holes for read in hole.because if isinstance(case.facts.get(read), Unread))
    )
    is_guarded = isinstance(route, Route) and route.method.authorization_type == "COGNITO_USER_POOLS"
    if not isinstance(route, Route) or not is_guarded or (is_assumed and not because):
        return Needs(header=case.identity_header, method=method, url=url, because=because)
    scopes = tuple(route.method.scopes)
    kind: Wanted = "access-token" if scopes else "id-token"
    return Needs(kind, scopes, case.identity_header, method, url, because, is_assumed)


def pools_of(case: Case) -> dict[str, str]:
    """Return the pools that the authorizer trusts: id -> region."""
    found: dict[str, str] = {}
    for view in ("deployed", "draft"):
        authorizer = case.seen_as(view).authorizer
        if not found and isinstance(authorizer, Authorizer):
            arns = [read_arn(text) for text in authorizer.provider_arns]
            found = {arn.pool_id: arn.region for arn in arns if arn}
    return found
