"""Rules of the interface, section 3, where facts are missing or contradict each other. Each was got wrong once."""

from collections.abc import Callable
from dataclasses import replace

from cogwizard.judgement import Judgement, judge
from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Export, Method
from cogwizard.model.case import Case
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import GetAuthorizers, GetExport, GetResources, GetRestApi, GetStages
from cogwizard.model.read_waf import GetWebAcl
from cogwizard.model.read_web import GetKeys, Replay
from cogwizard.sandbox.scenarios import SCENARIOS
from cogwizard.steps import TROUBLESHOOT
from tests.scenarios.runner import result, run

UNAUTHORIZED = (("x-amzn-ErrorType", "UnauthorizedException"),)
ACL = "shop-rules"
NO_ROUTE = (("x-amzn-ErrorType", "MissingAuthenticationTokenException"),)


def changed(name: str, change: Callable[[Read, object], object], **fields: object) -> Judgement:
    """Judge a scenario's facts with some of them changed."""
    case = result(name).case
    facts = {read: change(read, value) for read, value in case.facts.items()}
    return judge(replace(case, facts=facts, **fields), TROUBLESHOOT)  # type: ignore[arg-type]


def denied(*kinds: type[Read]) -> Callable[[Read, object], object]:
    return lambda read, value: Unread(read, "denied", "AccessDeniedException") if isinstance(read, kinds) else value


def verdict(judgement: Judgement, code: str) -> str:
    return next(item.verdict for item in judgement.findings if item.code == code)


def test_an_unread_draft_mends_nothing() -> None:
    for kind in (GetAuthorizers, GetResources):
        judgement = changed("header-name-mismatch", denied(kind))
        assert judgement.causes == ("header-name-mismatch",)
        assert verdict(judgement, "changes-not-deployed") == "unknown"
        assert any("changes-not-deployed" in item.hides for item in judgement.unread)


def test_an_unread_identity_source_passes_nothing() -> None:
    judgement = changed("healthy-raw-token", denied(GetExport, GetAuthorizers))
    assert verdict(judgement, "header-name-mismatch") == "unknown"


def test_what_is_blamed_is_not_mended_by_a_draft_that_was_not_read() -> None:
    for code in ("issuer-updated", "canary-differs"):
        for read in (GetResources, GetAuthorizers):
            assert changed(code, denied(read)).causes == (code,)


def test_a_switch_of_the_draft_stops_no_call_that_got_past_it() -> None:
    def disabled(_: Read, value: object) -> object:
        return replace(value, endpoint_disabled=True) if isinstance(value, ApiSettings) else value

    judgement = changed("healthy-raw-token", disabled)
    assert (judgement.outcome, verdict(judgement, "execute-api-disabled")) == ("healthy", "warn")
    assert judgement.predicted.deployed.gate == "backend"


def test_a_backend_is_not_blamed_for_what_a_web_acl_may_have_answered() -> None:
    judgement = changed("waf-block", denied(GetWebAcl))
    assert (judgement.causes, judgement.outcome) == ((), "inconclusive")
    assert any("backend-answered" in item.hides for item in judgement.unread)


def test_a_url_without_its_stage_misses_no_method() -> None:
    assert changed("wrong-stage-left-out", denied(GetStages)).causes == ("wrong-stage",)


def test_the_newer_issuer_is_blamed_only_where_all_else_was_looked_at() -> None:
    assert changed("issuer-updated", denied(GetExport, GetResources)).outcome == "inconclusive"
    assert changed("issuer-updated", denied(), offline=True).causes == ()


def test_a_token_newer_than_the_answer_was_not_in_that_call() -> None:
    case = result("healthy-bearer").case
    old = Answer(403, (("x-amzn-ErrorType", "ForbiddenException"),), '{"message":"Forbidden"}', date=case.now - 7200)
    judgement = changed("healthy-bearer", lambda _, value: value, answer=old, replay=False)
    assert "token-not-yet-valid" not in judgement.causes
    assert verdict(judgement, "token-not-yet-valid") == "warn"


def test_the_answer_decides_what_routing_leaves_open() -> None:
    def change(read: Read, value: object) -> object:
        if isinstance(value, Export):
            method = next(iter(value.methods["/orders"].values()))
            return replace(value, methods={"/orders": {"POST": method}, "/{id}": {"GET": method}})
        if isinstance(read, Replay):
            return Answer(403, NO_ROUTE, '{"message":"Missing Authentication Token"}')
        return value

    assert changed("healthy-raw-token", change).causes[0] in ("route-not-matched", "changes-not-deployed")


def test_an_authorizers_answer_refutes_an_open_method() -> None:
    def change(read: Read, value: object) -> object:
        if isinstance(value, Export):
            return replace(value, methods={"/orders": {"GET": Method("NONE")}})
        if isinstance(read, Replay):
            return Answer(401, UNAUTHORIZED, '{"message":"Unauthorized"}')
        return denied(GetResources)(read, value)

    judgement = changed("healthy-raw-token", change)
    assert judgement.outcome == "inconclusive"
    assert verdict(judgement, "not-protected") == "unknown"


def test_a_backend_that_times_out_is_no_refusal() -> None:
    late = Answer(
        504, (("x-amzn-ErrorType", "InternalServerErrorException"),), '{"message": "Endpoint request timed out"}'
    )

    def change(read: Read, value: object) -> object:
        return late if isinstance(read, Replay) else value

    assert changed("healthy-raw-token", change).outcome == "healthy"


def test_a_contradiction_keeps_its_prediction() -> None:
    judgement = result("answer-not-explained")
    assert (judgement.predicted.deployed.gate, judgement.outcome) == ("backend", "inconclusive")


def test_predictions_name_the_code_of_their_view() -> None:
    judgement = result("changes-not-deployed")
    assert judgement.causes == ("changes-not-deployed",)
    assert judgement.predicted.deployed.cause == "access-token-where-id-token-expected"
    assert judgement.predicted.draft.gate == "backend"
    assert result("never-deployed").predicted.draft.gate == "backend"


def test_withheld_on_purpose_is_like_not_asked_for() -> None:
    def change(read: Read, value: object) -> object:
        return Unread(read, "withheld", "endpoint-override") if isinstance(read, Replay) else value

    assert changed("healthy-raw-token", change).outcome == "healthy"


def test_a_replay_that_failed_hides_the_backend() -> None:
    def change(read: Read, value: object) -> object:
        return Unread(read, "unreachable", "ConnectTimeout") if isinstance(read, Replay) else value

    judgement = changed("healthy-raw-token", change)
    assert judgement.outcome == "inconclusive"
    assert [item.hides for item in judgement.unread] == [("backend-answered",)]


def test_what_was_sent_is_judged_without_any_permission() -> None:
    """A developer without rights to the API still learns that the token has expired."""
    everything = changed("token-expired", denied(GetRestApi, GetExport, GetResources, GetAuthorizers))
    assert everything.causes == ("token-expired",)


def test_an_answer_that_got_through_refutes_what_should_have_stopped_it() -> None:
    through = Answer(200, (("x-amz-apigw-id", "a="),), "{}", date=result("token-expired").case.clock)
    judgement = changed("token-expired", lambda r, v: through if isinstance(r, Replay) else v)
    assert (judgement.outcome, judgement.causes) == ("inconclusive", ())
    finding = next(item for item in judgement.findings if item.code == "token-expired")
    assert (finding.verdict, finding.view) == ("warn", "deployed")
    assert verdict(judgement, "answer-not-explained") == "unknown"


def test_evidence_names_where_the_fact_was_read() -> None:
    """An export need not carry the endpoint's setting: then it was GetRestApi that told."""
    for carried, source in ((False, "GetExport"), (None, "GetRestApi")):

        def change(_: Read, value: object, carried: bool | None = carried) -> object:
            return replace(value, endpoint_disabled=carried) if isinstance(value, Export) else value

        judgement = changed("healthy-raw-token", change)
        finding = next(item for item in judgement.findings if item.code == "execute-api-disabled")
        assert (finding.verdict, finding.evidence[0].source) == ("pass", source)


def test_no_fact_both_fails_and_holds() -> None:
    """One fact is evidence for the check that fails, not against itself for another that held."""
    for name in SCENARIOS:
        told: dict[tuple[str, str, str], set[str]] = {}
        for item in result(name).findings:
            for row in item.evidence:
                told.setdefault((row.label, row.expected, row.actual), set()).add(item.verdict)
        assert [row for row, verdicts in told.items() if {"pass", "fail"} <= verdicts] == [], name


def test_what_held_is_what_was_expected() -> None:
    """The authorizer's test and the answer's headers are evidence where they show what they are to show."""
    for name in SCENARIOS:
        held = [row for item in result(name).findings if item.verdict == "pass" for row in item.evidence]
        assert not [row for row in held if row.label == "test mode" and row.actual != row.expected], name
        assert not [row for row in held if "without x-amzn-ErrorType" in row.actual], name


def test_an_answer_that_says_expired_is_not_contradicted_by_a_younger_token() -> None:
    """The token that was given lives: it is not the one that was refused, and its exp is no proof."""
    judgement = result("token-expired-pasted")
    finding = next(item for item in judgement.findings if item.code == "token-expired")
    assert judgement.causes == ("token-expired",)
    assert finding.variant == "proven-other"
    assert [row.actual for row in finding.evidence] == ["The incoming token has expired"]


def test_a_portals_answer_settles_nothing() -> None:
    def change(read: Read, value: object) -> object:
        if isinstance(read, Replay):
            return Answer(200, (("Server", "portal"),), "<html>Log in to the network</html>")
        return denied(GetExport, GetResources)(read, value)

    assert changed("wrong-pool", change).outcome == "inconclusive"
    moved = Answer(302, (("Location", "https://portal.example/"),))
    assert changed("healthy-raw-token", lambda r, v: moved if isinstance(r, Replay) else v).outcome == "inconclusive"


def test_a_missing_export_of_an_existing_stage_is_unread() -> None:
    def change(read: Read, value: object) -> object:
        return Absent(read, "NotFoundException") if isinstance(read, GetExport) else value

    judgement = changed("changes-not-deployed", change, replay=False)
    assert judgement.outcome == "inconclusive"
    assert verdict(judgement, "changes-not-deployed") == "unknown"


def test_a_summary_that_was_refused_compares_nothing() -> None:
    judgement = result("permission-missing")
    finding = next(item for item in judgement.findings if item.code == "changes-not-deployed")
    assert (finding.verdict, finding.variant) == ("unknown", "unread")
    with_summary = run("permission-missing-with-summary")
    finding = next(item for item in with_summary.findings if item.code == "changes-not-deployed")
    assert (finding.verdict, finding.variant) == ("unknown", "summary")


def test_missing_keys_of_an_existing_pool_prove_nothing() -> None:
    def change(read: Read, value: object) -> object:
        return Absent(read, "404") if isinstance(read, GetKeys) else value

    judgement = changed("signature-invalid", change, replay=False)
    assert judgement.outcome == "inconclusive"
    assert verdict(judgement, "signature-invalid") == "unknown"


def test_missing_keys_of_a_replica_say_nothing_of_the_pool() -> None:
    def change(read: Read, value: object) -> object:
        return Absent(read, "404") if isinstance(read, GetKeys) and read.region == "us-west-2" else value

    assert "pool-not-found" not in changed("replica-of-primary", change).causes


def test_an_api_of_another_account_is_said() -> None:
    def change(read: Read, value: object) -> object:
        if read.service == "apigateway":
            return Absent(read, "NotFoundException")
        return value if not isinstance(read, Replay) else Unread(read, "unreachable", "x")

    judgement = changed("healthy-raw-token", change)
    assert judgement.outcome == "inconclusive"
    assert next(item.variant for item in judgement.findings if item.code == "aws-credentials") == "other-account"


def test_same_case_same_judgement() -> None:
    case: Case = result("stacked-three").case
    assert judge(case, TROUBLESHOOT) == judge(case, TROUBLESHOOT)


def attached(read: Read, value: object) -> object:
    """A web ACL at every stage."""
    if isinstance(read, GetStages) and isinstance(value, tuple):
        return tuple(replace(stage, web_acl_arn=f"arn:aws:wafv2:x:1:regional/webacl/{ACL}/5d0c") for stage in value)
    return value


def web_acl(judgement: Judgement) -> tuple[str, str]:
    found = next(item for item in judgement.findings if item.code == "waf-block")
    assert found.params.get("name") in (None, ACL)
    return found.verdict, found.variant


def test_a_web_acl_that_no_call_has_passed_is_no_all_clear() -> None:
    """Its rules are not read: without an answer nobody knows, also where the call was withheld."""

    def withheld(read: Read, value: object) -> object:
        return Unread(read, "withheld", "endpoint-override") if isinstance(read, Replay) else attached(read, value)

    judgements = (result("web-acl-not-called"), changed("healthy-raw-token", withheld))
    for judgement in (*judgements, changed("healthy-raw-token", attached, replay=False)):
        assert (judgement.outcome, judgement.causes) == ("inconclusive", ())
        assert {judgement.predicted.deployed.gate, judgement.predicted.after_fixes.gate} == {"unknown"}
    assert web_acl(judgements[1]) == ("unknown", "not-called")
    assert changed("healthy-raw-token", lambda _, value: value, replay=False).outcome == "healthy"


def test_an_answer_from_behind_the_web_acl_settles_it() -> None:
    for name in ("healthy-raw-token", "token-expired", "route-not-matched"):
        for change in (attached, denied(GetStages)):
            judgement = changed(name, change)
            assert web_acl(judgement) == ("pass", "answered")
            assert (judgement.outcome, judgement.causes) == (result(name).outcome, result(name).causes)


def test_a_forbidden_may_be_the_web_acls() -> None:
    forbidden = Answer(403, (("x-amzn-ErrorType", "ForbiddenException"),), '{"message":"Forbidden"}')
    judgement = changed("healthy-raw-token", attached, answer=forbidden)
    assert (judgement.outcome, judgement.causes) == ("inconclusive", ())
    assert web_acl(judgement) == ("unknown", "not-told")
    # Where a later gate explains it, that gate has answered.
    assert changed("api-key-required", attached).causes == ("api-key-required",)
    blocked = replace(forbidden, headers=(("x-amzn-ErrorType", "WafFilteredException"),))
    judgement = changed("healthy-raw-token", attached, answer=blocked)
    assert (judgement.causes, web_acl(judgement)) == (("waf-block",), ("fail", "proven"))


def test_stages_that_could_not_be_read_hide_a_web_acl() -> None:
    judgement = changed("healthy-raw-token", denied(GetStages), replay=False)
    assert (judgement.outcome, web_acl(judgement)) == ("inconclusive", ("unknown", "unread"))
    hidden = next(item.hides for item in judgement.unread if isinstance(item.unread.read, GetStages))
    assert {"waf-block", "throttled-by-gateway"} <= set(hidden)


def test_without_its_stage_there_is_no_web_acl() -> None:
    for name in ("wrong-stage", "never-deployed"):
        judgement = result(name)
        assert web_acl(judgement) == ("skipped", "masked")
        assert next(item.params["by"] for item in judgement.findings if item.code == "waf-block") == name
