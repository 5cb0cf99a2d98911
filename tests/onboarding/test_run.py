"""A run: whole, interrupted at each write, refused, torn down. The world is compared, not the messages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cogwizard.model.answer import Answer
from cogwizard.model.build import Choices
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.onboarding.first_call import claims_of, greets
from cogwizard.onboarding.plan import Consent, step_of, writes_for
from cogwizard.onboarding.run import NotAgreed, NotMade
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.sandbox import World
from cogwizard.sandbox.state import state
from tests.onboarding.place_kit import Place, killed, made, place

WRITES = [write.id for write in writes_for(Choices())]
NOTHING = state(World())


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


def shape(world: World) -> Any:
    """What an account holds, ids aside: names, settings and how they hang together."""
    return {
        "roles": sorted(world.roles),
        "functions": sorted(world.lambda_functions),
        "log groups": sorted(world.log_groups),
        "pools": [
            (
                pool.name,
                [(c.name, bool(c.secret), c.settings.get("ExplicitAuthFlows")) for c in pool.clients.values()],
                [(user.username, user.status, user.attributes) for user in pool.users.values()],
            )
            for pool in world.pools.values()
        ],
        "APIs": [
            (
                api.name,
                {
                    path: {verb: method["authorizationType"] for verb, method in verbs.items()}
                    for path, verbs in api.draft.resources.items()
                },
                [authorizer["name"] for authorizer in api.draft.authorizers],
                list(api.stages),
                [config.resources["/"]["POST"]["authorizationType"] for config in api.deployments.values()],
            )
            for api in world.apis.values()
        ],
    }


def both_halves(walk: Walkthrough) -> tuple[int, int]:
    """Sign in and call by both app clients; the statuses."""
    walk.sign_in()
    first = walk.call()
    walk.sign_in_with_secret()
    second = walk.call_with_secret()
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    return first.status, second.status


def test_from_nothing_to_the_first_200_and_back(here: Place) -> None:
    walk = here.begun()
    done = [progress for progress in made(walk) if progress.state == "done"]
    assert [progress.write.id for progress in done] == WRITES
    assert all(progress.seen and progress.seen.facts for progress in done)
    login = walk.sign_in()
    assert login.tokens
    tested = walk.test()
    assert isinstance(tested, AuthorizerTest)
    assert tested.accepted
    answer = walk.call()
    assert isinstance(answer, Answer)
    assert greets(answer)
    assert claims_of(answer)["cognito:username"] == "hanako"
    assert claims_of(answer)["aud"] == walk.values["client_id"]
    assert isinstance(walk.shown.without_token, Answer)
    assert walk.shown.without_token.status == 401
    assert walk.without_hash()[0] == "NotAuthorizedException"
    assert "SECRET_HASH was not received" in walk.without_hash()[1]
    assert walk.sign_in_with_secret().tokens
    steps = walk.hash_steps()
    assert steps
    assert steps.message == f"hanako{walk.values['secret_client_id']}"
    assert isinstance(found := walk.call_with_secret(), Answer)
    assert greets(found)
    gone = list(walk.remove())
    assert [item.write.id for item in gone if item.state == "gone"] == [
        "api",
        "pool",
        "function",
        "log-group",
        "role-policy",
        "role",
    ]
    assert state(here.world) == NOTHING
    assert list(here.folder.iterdir()) == []


def test_the_user_may_set_the_first_password(here: Place) -> None:
    walk = here.begun(Choices(first_password="user"))
    made(walk)
    assert "RespondToAuthChallenge" in here.writes()
    assert "AdminSetUserPassword" not in here.writes()
    assert both_halves(walk) == (200, 200)


def test_the_password_is_changed_by_the_user(here: Place) -> None:
    walk = here.begun()
    made(walk)
    walk.sign_in()
    assert walk.change_password("An0ther-long-one!")
    assert walk.sign_in().tokens


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What stands in the world once all is made."""
    with place(tmp_path_factory.mktemp("whole")) as other:
        made(other.begun())
        return shape(other.world)


@pytest.mark.parametrize("sent", [False, True], ids=["before it was sent", "before it was answered"])
@pytest.mark.parametrize("at", range(1, len(WRITES) + 1), ids=WRITES)
def test_a_killed_run_goes_on_to_the_same_end(here: Place, whole: object, at: int, sent: bool) -> None:
    assert killed(here.begun(), at, sent=sent)
    walk = here.begun()
    assert walk.is_begun
    made(walk)
    assert walk.run is not None
    assert walk.run.left() == []
    assert shape(here.world) == whole
    list(walk.remove())
    assert state(here.world) == NOTHING


@pytest.mark.parametrize("at", range(1, len(WRITES) + 1), ids=WRITES)
def test_a_killed_run_leaves_nothing_behind(here: Place, at: int) -> None:
    """Killed by turns before a write was sent and before it was answered: going on is tested at both."""
    assert killed(here.begun(), at, sent=at % 2 == 0)
    walk = here.walk()
    walk.prepare(ahead=False)
    assert all(item.state != "remains" for item in walk.remove())
    assert state(here.world) == NOTHING
    assert list(here.folder.iterdir()) == []


@pytest.mark.parametrize("at", [4, 8, 9, 13, 17])
def test_a_run_that_is_killed_again_and_again_ends_with_a_200(here: Place, at: int) -> None:
    for sent in (True, False, True):
        if not killed(here.begun(Choices(first_password="user")), at, sent=sent):
            break
    walk = here.begun(Choices(first_password="user"))
    made(walk)
    list(walk.renew_password())
    assert both_halves(walk) == (200, 200)


@pytest.mark.parametrize("operation", dict.fromkeys(write.operation for write in writes_for(Choices())))
def test_an_answer_that_is_lost_makes_nothing_twice(here: Place, operation: str) -> None:
    walk = here.begun()
    here.sandbox.denied[operation] = "lost"

    def heal(_: float) -> None:
        here.sandbox.denied.clear()

    walk.sleep = heal
    assert walk.run is not None
    walk.run._sleep = heal
    made(walk)
    here.sandbox.denied.clear()
    assert walk.run.left() == []
    list(walk.remove())
    assert state(here.world) == NOTHING


def test_teardown_says_what_remains_and_goes_on(here: Place) -> None:
    walk = here.begun()
    made(walk)
    here.sandbox.denied["DeleteUserPool"] = "AccessDeniedException"
    found = {item.write.id: item for item in walk.remove() if item.state != "removing"}
    assert [name for name, item in found.items() if item.state == "remains"] == ["pool"]
    failed = found["pool"].failed
    assert failed
    assert failed.reason == "denied"
    assert list(here.folder.iterdir()) != []
    here.sandbox.denied.clear()
    walk.close()
    again = here.walk()
    again.prepare(ahead=False)
    assert [item.write.id for item in again.remove() if item.state == "gone"] == ["pool"]
    assert state(here.world) == NOTHING


def test_only_what_the_run_made_is_taken_away(here: Place) -> None:
    pool = here.world.add_pool("cogwizard-hello")
    pool.add_client("cogwizard-hello-spa")
    here.world.add_api("cogwizard-hello")
    before = state(here.world)
    walk = here.begun()
    made(walk)
    assert len(here.world.pools) == 2
    list(walk.remove())
    assert state(here.world) == before


def test_a_thing_of_the_same_name_is_left_alone(here: Place) -> None:
    """Somebody took the run's role away and made one of their own."""
    walk = here.begun()
    made(walk)
    here.world.roles["cogwizard-hello-role"].tags.clear()
    found = {item.write.id: item.state for item in walk.remove() if item.state != "removing"}
    assert found["role"] == found["role-policy"] == "foreign"
    assert list(here.world.roles) == ["cogwizard-hello-role"]


@pytest.mark.parametrize("taken", ["role", "function", "log-group"])
def test_a_name_that_is_taken_is_said_before_and_never_replaced(here: Place, taken: str) -> None:
    first = here.begun()
    made(first)
    first.close()
    for path in here.folder.iterdir():
        path.unlink()
    if taken != "role":
        list(map(here.world.roles.pop, list(here.world.roles)))
    if taken != "log-group":
        here.world.log_groups.clear()
    if taken != "function":
        here.world.lambda_functions.clear()
    before = state(here.world)
    walk = here.walk()
    plan = walk.prepare()
    assert plan.is_stopped
    assert [notice.key for notice in plan.notices if notice.kind == "stops"] == [f"taken {taken}"]
    walk.begin(plan.agree())
    with pytest.raises(NotMade) as caught:
        made(walk)
    assert caught.value.write.id == taken
    list(walk.remove())
    assert state(here.world) == before


def test_looking_ahead_writes_nothing(here: Place) -> None:
    walk = here.walk()
    plan = walk.prepare()
    assert here.writes() == []
    assert state(here.world) == NOTHING
    assert list(here.folder.iterdir()) == []
    assert not plan.is_stopped


def test_what_the_caller_may_not_do_is_said_before(here: Place) -> None:
    here.world.forbidden = {"cognito-idp:CreateUserPool", "iam:PassRole"}
    notices = here.walk().prepare().notices
    assert [notice.key for notice in notices] == ["denied"]
    assert "cognito-idp:CreateUserPool on *" in notices[0].params["permissions"]
    assert "iam:PassRole on arn:aws:iam::" in notices[0].params["permissions"]


@pytest.mark.parametrize("operation", ["GetRole", "ListUserPools", "GetRestApis", "SimulatePrincipalPolicy"])
def test_what_cannot_be_looked_at_before_is_not_known(here: Place, operation: str) -> None:
    here.sandbox.denied[operation] = "AccessDeniedException"
    notices = here.walk().prepare().notices
    assert [notice.kind for notice in notices] == ["unknown"]
    assert operation in notices[0].params["action"]


def test_a_consent_holds_for_what_was_shown(here: Place) -> None:
    walk = here.walk()
    shown = here.walk(Choices("another")).prepare(ahead=False)
    walk.prepare(ahead=False)
    for consent in (shown.agree(), Consent("")):
        with pytest.raises(NotAgreed):
            walk.begin(consent)
    assert here.writes() == []


@pytest.mark.parametrize("write", WRITES)
def test_a_denied_write_names_its_permission_and_changes_nothing(here: Place, write: str) -> None:
    planned = next(item for item in writes_for(Choices()) if item.id == write)
    here.sandbox.denied[planned.operation] = "AccessDeniedException"
    walk = here.begun()
    with pytest.raises(NotMade) as caught:
        made(walk)
    assert caught.value.write.operation == planned.operation
    assert caught.value.failed.reason == "denied"
    assert caught.value.permission.startswith(f"{planned.iam} on ")
    assert "{" not in caught.value.permission
    here.sandbox.denied.clear()
    list(walk.remove())
    assert state(here.world) == NOTHING


def test_what_passes_by_itself_is_waited_for(here: Place) -> None:
    here.world.role_delay, here.world.function_delay, here.world.delete_api_delay = 3, 2, 2
    walk = here.begun()
    states = [(progress.write.id, progress.state) for progress in made(walk)]
    assert states.count(("function", "retrying")) == 3
    assert len(here.waited) >= 5
    list(walk.remove())
    assert state(here.world) == NOTHING


def test_a_rate_limit_is_waited_for(here: Place) -> None:
    here.sandbox.denied["CreateRestApi"] = "TooManyRequestsException"
    walk = here.begun()
    assert walk.run is not None
    walk.run._sleep = lambda _: here.sandbox.denied.clear()
    made(walk)
    assert walk.run.left() == []


def test_parts_can_be_made_one_by_one(here: Place) -> None:
    walk = here.begun()
    for write in WRITES:
        assert [p.write.id for p in walk.make(frozenset({write})) if p.state == "done"] == [write]
    assert {step_of(write) for write in WRITES} >= {"onboard_function", "onboard_secret"}
    assert both_halves(walk) == (200, 200)


def test_no_secret_is_kept_or_told(here: Place) -> None:
    walk = here.begun(Choices(first_password="user"))
    walk.hidden.password = "Canary-Password-1!"
    told = repr(made(walk)) + repr(walk.plan) + repr(walk.hidden) + repr(walk.shown)
    walk.sign_in_with_secret()
    told += repr(walk.hash_steps()) + repr(walk.shown) + repr(walk.journal.states if walk.journal else "")
    kept = "".join(path.read_text() for path in here.folder.iterdir())
    secret = next(c.secret for pool in here.world.pools.values() for c in pool.clients.values() if c.secret)
    steps = walk.hash_steps()
    assert steps
    for canary in ("Canary-Password", walk.hidden.temporary or "?", secret, steps.value, here.world.account_id):
        assert canary not in kept
    for canary in ("Canary-Password", walk.hidden.temporary or "?", secret, steps.value):
        assert canary not in told
