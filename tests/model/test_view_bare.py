"""An emulator's export that leaves authorizers out: when the draft is believed in its place, and when not."""

from dataclasses import replace

import pytest

from cogwizard.intake.url import read_url
from cogwizard.model.answer import Answer
from cogwizard.model.api import Authorizer, Export, Method
from cogwizard.model.call import Call
from cogwizard.model.case import Case
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetAuthorizers, GetExport, GetResources
from cogwizard.model.route import Route
from cogwizard.steps.deployment import CHANGES, DeploymentStep

REGION, API = "eu-west-1", "abc"
URL = f"http://127.0.0.1:4566/restapis/{API}/prod/_user_request_/orders"
GUARDED = Method("COGNITO_USER_POOLS", "a1", ("orders/read",))
AUTHORIZER = Authorizer("Pool", "COGNITO_USER_POOLS", "a1", ("arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_X",))
OPEN = {"/orders": {"GET": Method("NONE"), "POST": Method("NONE", api_key_required=True)}}
BARE = Export(OPEN)
REFUSED = Answer(401, (("x-amzn-ErrorType", "UnauthorizedException"),), "{}")
DRAFT = {"/orders": {"GET": GUARDED, "POST": GUARDED}}


def case(export: Export = BARE, answer: Answer | None = REFUSED, *, emulated: bool = True, guard: bool = True) -> Case:
    facts: dict[Read, object] = {
        GetExport(REGION, API, "prod"): export,
        GetResources(REGION, API): DRAFT,
        GetAuthorizers(REGION, API): (AUTHORIZER,) if guard else (),
    }
    return Case(Call("GET", URL), read_url(URL), 0.0, REGION, answer, emulated=emulated, facts=facts)


def authorization(seen: Case) -> str:
    assert isinstance(seen.route, Route)
    return seen.route.method.authorization_type


@pytest.mark.parametrize("answer", [REFUSED, None])
def test_the_draft_is_believed_where_nothing_got_through(answer: Answer | None) -> None:
    found = case(answer=answer)
    assert authorization(found) == "COGNITO_USER_POOLS"
    assert found.authorizer == AUTHORIZER
    assert found.api.assumed
    changes = next(item for item in DeploymentStep().judge(found) if item.code == CHANGES)
    assert (changes.verdict, changes.variant) == ("unknown", "bare")


def test_what_the_export_does_say_is_kept() -> None:
    seen = replace(case(), call=Call("POST", URL))
    assert isinstance(seen.route, Route)
    assert (seen.route.method.authorization_type, seen.route.method.api_key_required) == ("COGNITO_USER_POOLS", True)
    other = replace(case(), target=read_url(URL.replace("orders", "elsewhere")))
    assert not isinstance(other.route, Route)


@pytest.mark.parametrize(
    "seen",
    [
        case(answer=Answer(200, (), "{}")),
        case(answer=Answer(403, (("x-amzn-ErrorType", "ForbiddenException"),), "{}")),
        case(answer=None, emulated=False),
        case(Export(OPEN, (AUTHORIZER,))),
        case(Export({**OPEN, "/other": {"GET": Method("AWS_IAM")}})),
    ],
    ids=["got through", "another gate", "AWS's own", "names one", "knows authorization"],
)
def test_an_export_that_says_something_or_is_borne_out_is_believed(seen: Case) -> None:
    assert authorization(seen) == "NONE"
    assert not seen.api.assumed


def test_without_an_authorizer_in_the_draft_nothing_is_left_out() -> None:
    assert not case(guard=False).api.assumed
