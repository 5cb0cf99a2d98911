"""What a method asks of a token, as deployed; as drafted where only the draft is known."""

from cogwizard.model.api import Authorizer
from cogwizard.model.case import Case
from cogwizard.model.pool import read_arn
from cogwizard.model.postman import Needs
from cogwizard.model.route import Route


def needs_of(case: Case) -> Needs:
    """Return the kind of token, scopes and header that the called method wants (research 1.4 [D]).

    Without scopes it takes ID tokens, with scopes access tokens that hold one of them.
    """
    url = case.call.url if case.call_given else None
    route = case.route
    if not isinstance(route, Route) or route.method.authorization_type != "COGNITO_USER_POOLS":
        return Needs(header=case.identity_header, method=case.call.method, url=url)
    scopes = tuple(route.method.scopes)
    return Needs("access-token" if scopes else "id-token", scopes, case.identity_header, case.call.method, url)


def pools_of(case: Case) -> dict[str, str]:
    """Return the pools that the authorizer trusts: id -> region."""
    found: dict[str, str] = {}
    for view in ("deployed", "draft"):
        authorizer = case.seen_as(view).authorizer
        if not found and isinstance(authorizer, Authorizer):
            arns = [read_arn(text) for text in authorizer.provider_arns]
            found = {arn.pool_id: arn.region for arn in arns if arn}
    return found
