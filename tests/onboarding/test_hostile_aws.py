"""A broken or hostile AWS: answers that are lost, late, another's, endless or of no form. The world is compared."""

import base64
import html
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from cogwizard.aws.calls import CallFailed
from cogwizard.model.answer import Answer
from cogwizard.model.build import Choices
from cogwizard.onboarding import journal as journals
from cogwizard.onboarding.first_call import claims_of, greets
from cogwizard.onboarding.journal import SCHEMA, Header, Journal, JournalError
from cogwizard.onboarding.run import NotMade
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.sandbox import World
from cogwizard.sandbox.protocol import Reply, Request
from cogwizard.sandbox.server import Dropped
from cogwizard.sandbox.state import state
from tests.onboarding.place_kit import Killed, Mortal, Place, killed, made, place

NOTHING = state(World())
OWNED = ["api", "pool", "function", "log-group", "role-policy", "role"]
Real = Callable[[], Reply]
Answering = Callable[[str, Real], Reply | None]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


def answers(here: Place, hostile: Answering) -> None:
    """Let `hostile` answer, by the name of the operation; None for what the sandbox answers itself."""
    server: Any = here.sandbox._server
    real = type(server).answer

    def answer(request: Request) -> Reply:
        parsed = None if "/_aws/" in request.path else server._service(request).parse(request)
        name = parsed.model.name if parsed else ""
        found = hostile(name, lambda: real(server, request))
        return real(server, request) if found is None else found

    server.answer = answer


def told(members: Mapping[str, Any], like: Reply | None = None) -> Reply:
    """An answer in JSON; `like`: the one that has these members besides its own."""
    held = json.loads(like.body) if like else {}
    return Reply(200, (("Content-Type", "application/json"),), json.dumps({**held, **members}).encode())


def lost_once(operation: str, hidden: Mapping[str, Callable[[], Reply]]) -> Answering:
    """The first answer to an operation gets lost; until it is sent again, `hidden` answer in place of what shows it."""
    sent: list[str] = []

    def hostile(name: str, real: Real) -> Reply | None:
        if name == operation:
            sent.append(name)
            found = real()
            if len(sent) == 1:
                raise Dropped
            return found
        return hidden[name]() if name in hidden and len(sent) == 1 else None

    return hostile


def quick(walk: Walkthrough) -> Walkthrough:
    """A walk-through whose clock goes on by what it sleeps."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    walk.sleep = sleep
    if walk.run is not None:
        walk.run._sleep, walk.run._clock = sleep, lambda: now[0]
    return walk


def removed(walk: Walkthrough) -> dict[str, str]:
    """Take the run away: what became of each thing."""
    return {item.write.id: item.state for item in walk.remove() if item.state != "removing"}


def no_role() -> Reply:
    """IAM's answer about a role that it does not know."""
    error = "<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no</Message></Error>"
    return Reply(404, (("Content-Type", "text/xml"),), f"<ErrorResponse>{error}</ErrorResponse>".encode())


# -- lost answers ------------------------------------------------------------------------------------------------------


def test_what_is_seen_late_stands_in_its_own_way(here: Place) -> None:
    """IAM shows a role some seconds after it was made: the second attempt finds the name taken by the first."""
    walk = quick(here.begun())
    answers(here, lost_once("CreateRole", {"GetRole": no_role}))
    made(walk)
    assert walk.run is not None
    assert walk.run.left() == []
    assert list(removed(walk)) == OWNED
    assert state(here.world) == NOTHING


def test_a_refusal_after_a_lost_answer_is_no_proof_that_nothing_was_made(here: Place) -> None:
    walk = quick(here.begun())
    once = lost_once("CreateRole", {"GetRole": no_role})
    sent: list[str] = []

    def hostile(name: str, real: Real) -> Reply | None:
        sent.extend([name] if name == "CreateRole" else [])
        return no_role() if name == "GetRole" and len(sent) < 9 else once(name, real)

    answers(here, hostile)
    with pytest.raises(NotMade, match="EntityAlreadyExists"):
        made(walk)
    assert len(here.world.roles) == 1
    sent += ["GetRole is right again"] * 9
    assert removed(walk) == {"role": "gone"}
    assert state(here.world) == NOTHING


@pytest.mark.parametrize(
    ("operation", "hidden", "things"),
    [
        ("CreateUserPool", {"ListUserPools": lambda: told({"UserPools": []})}, "pools"),
        ("CreateRestApi", {"GetRestApis": lambda: told({"item": []})}, "apis"),
    ],
)
def test_two_that_were_made_of_a_lost_answer_are_both_taken_away(
    here: Place, operation: str, hidden: dict[str, Callable[[], Reply]], things: str
) -> None:
    here.world.add_pool("cogwizard-hello")
    here.world.add_api("cogwizard-hello")
    before = state(here.world)
    walk = quick(here.begun())
    answers(here, lost_once(operation, hidden))
    made(walk)
    assert len(getattr(here.world, things)) == 3
    walk.close()
    again = quick(here.walk())
    again.prepare(ahead=False)
    assert list(removed(again)) == OWNED
    assert state(here.world) == before


def test_a_lost_answer_to_the_challenge_is_no_refusal(here: Place) -> None:
    walk = quick(here.begun(Choices(first_password="user")))
    answers(here, lost_once("RespondToAuthChallenge", {}))
    made(walk)
    assert walk.sign_in().tokens


# -- answers about something else --------------------------------------------------------------------------------------


def test_the_id_of_somebody_elses_pool_is_not_taken(here: Place) -> None:
    other = here.world.add_pool("cogwizard-hello")
    walk = quick(here.begun())

    def hostile(name: str, real: Real) -> Reply | None:
        return told({"UserPool": {"Id": other.id}}, real()) if name == "CreateUserPool" else None

    answers(here, hostile)
    with pytest.raises(NotMade, match="not-there"):
        made(walk)
    assert walk.journal is not None
    assert "pool_id" not in walk.journal.values
    assert set(removed(walk).values()) == {"gone"}
    assert list(here.world.pools) == [other.id]


@pytest.mark.parametrize(
    ("operation", "member"), [("GetRestApi", "api"), ("DescribeUserPool", "pool")], ids=["API", "user pool"]
)
def test_what_is_deleted_is_what_was_asked_for(here: Place, operation: str, member: str) -> None:
    other = here.world.add_api("prod").id if member == "api" else here.world.add_pool("prod").id
    walk = quick(here.begun())
    made(walk)

    def hostile(name: str, real: Real) -> Reply | None:
        if name != operation:
            return None
        found = real()
        return told(
            {"id": other} if member == "api" else {"UserPool": {**json.loads(found.body)["UserPool"], "Id": other}},
            found,
        )

    answers(here, hostile)
    assert removed(walk)[member] == "remains"
    assert other in {**here.world.apis, **here.world.pools}


@pytest.mark.parametrize("tags", [{}, {"cogwizard:run": "ffffffff"}], ids=["no tag", "another run's"])
def test_a_pool_without_the_runs_tag_is_left_and_said(here: Place, tags: dict[str, str]) -> None:
    walk = quick(here.begun())
    made(walk)
    next(iter(here.world.pools.values())).settings["UserPoolTags"] = tags
    assert removed(walk)["pool"] == "remains"
    assert len(here.world.pools) == 1
    assert list(here.folder.iterdir()) != []


@pytest.mark.parametrize(
    ("tags", "function", "state_of"),
    [({}, "gone", "gone"), ({"cogwizard:run": "ffffffff"}, "gone", "foreign"), ({}, "foreign", "foreign")],
    ids=["made anew by the late function", "another run's", "of somebody else's function"],
)
def test_whose_the_log_group_is(here: Place, tags: dict[str, str], function: str, state_of: str) -> None:
    walk = quick(here.begun())
    made(walk)
    here.world.log_groups["/aws/lambda/cogwizard-hello"].tags = tags
    if function == "foreign":
        here.world.lambda_functions["cogwizard-hello"].tags.clear()
    found = removed(walk)
    assert (found["function"], found["log-group"]) == (function, state_of)


def test_tags_that_may_not_be_seen_make_nothing_somebody_elses(here: Place) -> None:
    walk = quick(here.begun())
    made(walk)
    missing = {"ErrorCode": "AccessDeniedException", "Message": "not authorized to perform: lambda:ListTags"}

    def untagged(name: str, real: Real) -> Reply | None:
        if name != "GetFunction":
            return None
        held = json.loads(real().body)
        del held["Tags"]
        return told({**held, "TagsError": missing})

    answers(here, untagged)
    found = {item.write.id: item for item in walk.remove() if item.state != "removing"}
    failed = found["function"].failed
    assert failed
    assert (found["function"].state, failed.action, failed.reason) == ("remains", "lambda:ListTags", "denied")
    assert list(here.world.lambda_functions)
    assert list(here.folder.iterdir()) != []


# -- answers without form ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["a b", "evil.example/", "../x", "x" * 300, "a\u001b[2J"])
def test_an_id_of_no_form_spoils_no_journal(here: Place, id: object) -> None:
    walk = quick(here.begun())

    def hostile(name: str, real: Real) -> Reply | None:
        return told({"id": id}, real()) if name == "CreateAuthorizer" else None

    answers(here, hostile)
    with pytest.raises(NotMade):
        made(walk)
    walk.close()
    again = quick(here.walk())
    again.prepare(ahead=False)
    assert list(removed(again)) == OWNED
    assert state(here.world) == NOTHING


def test_an_api_without_its_root_spoils_no_journal(here: Place) -> None:
    walk = quick(here.begun())
    once = lost_once("CreateRestApi", {})

    def hostile(name: str, real: Real) -> Reply | None:
        found = once(name, real)
        if name not in ("GetRestApis", "GetRestApi"):
            return found
        body = json.loads(real().body)
        for api in body.get("item", [body]):
            api.pop("rootResourceId", None)
        return told(body)

    answers(here, hostile)
    with pytest.raises(NotMade, match="root_id"):
        made(walk)
    walk.close()
    again = quick(here.walk())
    again.prepare(ahead=False)
    assert removed(again)["api"] == "gone"
    assert state(here.world) == NOTHING


def pages() -> Callable[[], Reply]:
    """A listing whose pages are empty and never end."""
    count = iter(range(1_000_000))
    return lambda: told({"UserPools": [], "NextToken": f"page {next(count)}"})


def test_a_listing_without_end_ends(here: Place) -> None:
    page = pages()
    answers(here, lambda name, real: page() if name == "ListUserPools" else None)
    notices = here.walk().prepare().notices
    assert [notice.params["error"] for notice in notices] == ["endless"]
    assert killed(here.begun(), 5, sent=True)
    walk = quick(here.begun())
    with pytest.raises(NotMade, match="endless"):
        made(walk)
    assert len(here.world.pools) == 1  # what cannot be seen is not made again


@pytest.mark.parametrize("listed", ["text", {"a": 1}, ["text"], [5], 5, [None]])
def test_a_listing_of_another_form_is_not_known(here: Place, listed: object) -> None:
    answers(here, lambda name, real: told({"item": listed}) if name == "GetRestApis" else None)
    assert [notice.kind for notice in here.walk().prepare().notices] == ["unknown"]


@pytest.mark.parametrize("account", ["", "1", '12";x', "123456789012\u202e", "{run}"])
def test_an_account_of_no_form_is_not_taken(here: Place, account: str) -> None:
    here.world.account_id = account
    with pytest.raises(CallFailed, match="no-account"):
        here.walk().prepare()
    assert here.writes() == []


@pytest.mark.parametrize(
    "body",
    [
        "<html>Hello from Lambda!</html>",
        '"Hello from Lambda!"',
        '["Hello from Lambda!"]',
        '{"message": "not Hello from Lambda!"}',
        "[" * 100_000,
        "",
    ],
)
def test_a_page_with_its_words_is_not_the_functions_answer(body: str) -> None:
    assert not greets(Answer(200, (), body))
    assert claims_of(Answer(200, (), body)) == {}


PASSWORD = 'Canary"Pa\\ss <w&d>/\u00e9+% 1!'
ECHOES: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "as JSON": json.dumps,
    "as JSON within JSON": lambda text: json.dumps(json.dumps(text)),
    "as readable JSON": lambda text: json.dumps(text, ensure_ascii=False),
    "as Python": repr,
    "as HTML": html.escape,
    "in an address": quote,
    "in a form": quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("form", ECHOES)
@pytest.mark.parametrize("operation", ["AdminSetUserPassword", "RespondToAuthChallenge"])
def test_what_was_sent_is_not_repeated_however_it_comes_back(here: Place, operation: str, form: str) -> None:
    echo = ECHOES[form](PASSWORD)
    walk = quick(here.begun(Choices(first_password="admin" if operation.startswith("Admin") else "user")))
    walk.hidden.password = PASSWORD
    refusal = {"__type": "InvalidParameterException", "message": f"bad: {echo} :end"}
    answers(here, lambda name, real: Reply(400, (), json.dumps(refusal).encode()) if name == operation else None)
    with pytest.raises(NotMade) as caught:
        made(walk)
    detail = caught.value.failed.detail
    assert detail.startswith("bad: ")
    assert detail.endswith(":end")
    assert echo.strip("'\"\\=") not in detail


# -- one run, one journal ----------------------------------------------------------------------------------------------


def test_a_run_that_another_process_began_meanwhile_was_not_agreed_to(here: Place) -> None:
    one, other = here.walk(), here.walk(Choices(username="another"))
    one.prepare(ahead=False)
    consent = other.prepare(ahead=False).agree()
    one.begin(one.plan.agree() if one.plan else consent)
    assert killed(one, 3, sent=True)
    with pytest.raises(JournalError, match="journal-busy"):
        other.begin(consent)
    again = quick(here.walk())
    again.prepare(ahead=False)
    removed(again)
    assert state(here.world) == NOTHING


@pytest.mark.parametrize("at", range(1, len(OWNED) + 1), ids=OWNED)
def test_a_removal_that_was_killed_can_be_built_up_again(here: Place, at: int) -> None:
    """By turns before a write was sent and before it was answered."""
    walk = quick(here.begun())
    made(walk)
    walk.calls = Mortal(walk.calls, at, sent=at % 2 == 0)
    with pytest.raises(Killed):
        removed(walk)
    walk.close()
    again = quick(here.begun())
    made(again)
    list(again.renew_password())
    assert again.sign_in().tokens
    answer = again.call()
    assert isinstance(answer, Answer)
    assert greets(answer)
    removed(again)
    assert state(here.world) == NOTHING


def kept(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """States and values of a journal, as another process reads it."""
    journal = Journal(path, HEADER)
    journal.close()
    return dict(journal.states), journal.values


HEADER = Header("0a1b2c3d", "eu-west-1", "deadbeef", "", Choices())


@pytest.mark.parametrize("name", ["role_name", "run", "account", "name", "region", "surprise"])
def test_a_journal_gives_nothing_but_what_writes_give(tmp_path: Path, name: str) -> None:
    path = tmp_path / "run.jsonl"
    entry = {"write": "pool", "state": "done", "values": {name: "admin"}}
    path.write_text("".join(json.dumps(line) + "\n" for line in ({"schema": SCHEMA, **asdict(HEADER)}, entry)))
    with pytest.raises(JournalError):
        Journal(path, HEADER)


@pytest.mark.parametrize("change", [{"region": "eu-west-1"}, {"account": "00000000"}, {"host": "127.0.0.1:1"}])
def test_a_journal_of_another_place_is_not_used(here: Place, change: dict[str, str]) -> None:
    walk = here.begun()
    walk.close()
    (path,) = here.folder.iterdir()
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}) + "\n")
    with pytest.raises(JournalError, match="journal-unreadable"):
        here.walk().prepare(ahead=False)


def test_a_journal_without_the_ids_of_what_is_done_is_not_used(here: Place) -> None:
    walk = here.begun()
    assert walk.journal is not None
    walk.journal.note("pool", "done")
    walk.close()
    with pytest.raises(JournalError, match="journal-unreadable"):
        here.walk().prepare(ahead=False)


def test_a_refused_line_is_not_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.jsonl", HEADER)
    with pytest.raises(JournalError):
        journal.note("pool", "done", {"pool_id": "a b"})
    journal.close()
    assert kept(tmp_path / "run.jsonl") == ({}, {})


def test_what_was_undone_gives_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.jsonl", HEADER)
    journal.note("pool", "done", {"pool_id": "eu-west-1_A"})
    journal.note("api", "done", {"api_id": "a", "root_id": "b"})
    journal.note("pool", "undone")
    journal.close()
    assert kept(tmp_path / "run.jsonl")[1] == {"api_id": "a", "root_id": "b"}


@pytest.mark.skipif(sys.platform == "win32", reason="no file goes away there that is open")
def test_a_journal_that_was_removed_meanwhile_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened, then removed by the process that held it, then locked: nobody would read it again."""
    path = tmp_path / "run.jsonl"
    lock = journals._lock

    def late(descriptor: int) -> bool:
        path.unlink()
        return lock(descriptor)

    monkeypatch.setattr(journals, "_lock", late)
    with pytest.raises(JournalError, match="journal-busy"):
        Journal(path, HEADER)


def test_a_disk_that_is_full_is_said(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.jsonl", HEADER)
    real = journal._file

    class Full:
        """A file that takes half a line."""

        def write(self, data: bytes) -> int:
            return real.write(data[: len(data) // 2])

        def fileno(self) -> int:
            return real.fileno()

    journal._file = Full()  # type: ignore[assignment]
    with pytest.raises(JournalError, match="journal-unwritable"):
        journal.intend("pool")
    real.close()
    assert kept(tmp_path / "run.jsonl") == ({}, {})
