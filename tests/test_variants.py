"""The call in other ways: which are tried, what their answers settle, and that nothing more is sent once stopped."""

import threading
from dataclasses import replace

from cogwizard.model.answer import Answer
from cogwizard.model.call import Call, Unexpanded
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_web import DirectCall, Replay
from cogwizard.sandbox import World, mint
from cogwizard.variants import Experiment, Variant, lessons, variants
from tests.scenarios.runner import result

PASSED = Answer(200, (("x-amz-apigw-id", "a="),), "{}")
REFUSED = Answer(401, (("x-amzn-ErrorType", "UnauthorizedException"),), '{"message":"Unauthorized"}')


def kinds(case: Case, *others: str) -> list[str]:
    return [variant.kind for variant in variants(case, others)]


def tokens() -> tuple[str, str]:
    pool = World().add_pool("shop")
    client = pool.add_client("web")
    return mint(pool, client, issued_at=1_700_000_000), mint(pool, client, "access", issued_at=1_700_000_000)


def test_no_two_variants_are_the_same_call() -> None:
    bare, bearer = result("healthy-raw-token").case, result("healthy-bearer").case
    token = bare.call.values("authorization")[0]
    assert kinds(bare) == ["given", "bearer"]
    assert kinds(bearer) == ["given", "bare"]
    assert kinds(bare, token, "") == ["given", "bearer"]
    assert kinds(result("header-malformed-quotes").case) == ["given", "bearer", "bare"]
    assert kinds(result("header-not-sent").case) == ["given"]


def test_the_other_token_goes_in_the_same_form() -> None:
    id_token, access_token = tokens()
    for name, start in (("healthy-raw-token", ""), ("healthy-bearer", "Bearer ")):
        found = variants(result(name).case, (id_token, access_token, "no-token", "eyJhbGciOiJkaXIifQ.a.b.c.d"))
        sent = [item.read.call.values("authorization")[0] for item in found if item.kind == "other-token"]
        assert sent == [f"{start}{id_token}", f"{start}{access_token}"]


def test_the_given_token_and_the_authorizers_header_are_used() -> None:
    case = result("healthy-custom-header-given-token").case
    assert case.given_token is not None
    found = variants(case)
    assert [item.read.call.values("x-id-token") for item in found] == [
        [case.given_token],
        [f"Bearer {case.given_token}"],
    ]


def test_a_front_is_gone_round() -> None:
    found = variants(result("proxy-strips-authorization").case)
    assert [item.kind for item in found] == ["given", "bare", "direct"]
    assert [type(item.read) for item in found] == [Replay, Replay, DirectCall]


def test_what_may_change_data_is_not_tried() -> None:
    case = result("healthy-raw-token").case
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "x"):
        assert variants(replace(case, call=replace(case.call, method=method))) == ()
    assert variants(replace(case, call_given=False)) == ()
    unknown = Call(
        "GET", case.call.url, (("Authorization", "$TOKEN"),), unexpanded=(Unexpanded("Authorization", "$TOKEN"),)
    )
    assert variants(replace(case, call=unknown)) == ()


def test_a_variant_shows_its_tokens_label_alone() -> None:
    case = result("healthy-raw-token").case
    token = case.call.values("authorization")[0]
    for variant in variants(case, tokens()):
        assert token not in repr(variant)
        assert "-token " in variant.token


def settled(**answers: object) -> list[str]:
    made = [Variant(kind.replace("_", "-"), Replay(Call("GET", f"https://{kind}.example"))) for kind in answers]  # type: ignore[arg-type]
    return [item.key for item in lessons(dict(zip(made, answers.values(), strict=True)))]


def test_what_two_answers_settle() -> None:
    assert settled(given=PASSED, bare=PASSED) == ["form both pass"]
    assert settled(given=REFUSED, bearer=REFUSED) == ["form both refused"]
    assert settled(given=REFUSED, bare=PASSED, direct=REFUSED) == ["form helps", "direct both refused"]
    assert settled(given=PASSED, other_token=REFUSED) == ["other-token harms"]
    backend = Answer(401, (("x-amz-apigw-id", "a="),), "no")
    assert settled(given=REFUSED, direct=backend) == ["direct helps"]  # it got through to the backend


def test_a_call_without_an_answer_settles_nothing() -> None:
    missing = Unread(Replay(Call("GET", "https://a.example")), "unreachable", "TimedOut")
    assert settled(given=missing, bare=PASSED) == []
    assert settled(given=PASSED, bare=missing) == []
    assert settled() == []
    # A page of a captive portal or of AWS WAF is no passage.
    assert settled(given=REFUSED, bare=Answer(202, (("x-amzn-waf-action", "challenge"),))) == ["form both refused"]


def test_once_stopped_nothing_more_is_sent() -> None:
    found = variants(result("proxy-strips-authorization").case)
    sent: list[Read] = []
    ended = threading.Event()

    def answer(read: Read) -> object:
        sent.append(read)
        experiment.cancel()
        return PASSED

    experiment = Experiment(found, answer, lambda: ended.set() if experiment.done else None, pause=0.0)
    experiment.start()
    assert ended.wait(10)
    assert sent == [found[0].read]
    assert list(experiment.answers) == [found[0]]


def test_a_crash_of_one_call_leaves_the_others() -> None:
    found = variants(result("healthy-bearer").case)
    ended = threading.Event()

    def answer(read: Read) -> object:
        if read == found[0].read:
            raise RuntimeError("Bearer secret")
        return PASSED

    experiment = Experiment(found, answer, lambda: ended.set() if experiment.done else None, pause=0.0)
    experiment.start()
    assert ended.wait(10)
    broken = experiment.answers[found[0]]
    assert isinstance(broken, Unread)
    assert broken.error == "RuntimeError"
    assert experiment.answers[found[1]] == PASSED
