"""The authorizer on the method: its kind, its pools against the token's issuer, and its test mode."""

from collections.abc import Iterable, Iterator

from cogwizard.model.api import Authorizer, Export
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.pool import PoolArn, stage_variables_in
from cogwizard.model.read import Read
from cogwizard.model.read_api import AuthorizerTest, GetAuthorizers, GetExport, GetStages, TestInvokeAuthorizer
from cogwizard.model.read_cognito import DescribeUserPool
from cogwizard.model.route import NoRoute, Route
from cogwizard.model.view import Hole
from cogwizard.steps.pools import MOST_POOLS, Pools, pool_exists, pool_reads, pools_of
from cogwizard.steps.step import Say, guarded, is_other_authorizer, passed_gate, proves

# What guards the method; whether its Cognito authorizer is there; whether that takes tokens of this pool.
KIND = ("method-is-aws-iam", "lambda-authorizer", "not-protected")
ATTACHED = "authorizer-not-attached"
POOLS = ("wrong-arn-format", "stage-variable-unset", "pool-not-found", "wrong-pool")


class AuthorizerStep:
    """What guards the method, and whether it takes this pool's tokens (guide: the pool matches the issuer)."""

    id = "authorizer"
    codes = (*KIND, ATTACHED, *POOLS)

    def wants(self, case: Case) -> Iterable[Read | None]:
        """The authorizers, the issuer's pool and keys; then the authorizer's other pools and its test mode."""
        yield case.api_read(GetAuthorizers)
        yield case.api_read(GetExport)
        yield case.api_read(GetStages)
        yield case.keys_read
        if case.issuer:
            yield DescribeUserPool(case.issuer.region, case.issuer.pool_id)
        for view in (case.seen_as("deployed"), case.seen_as("draft")):
            yield from pool_reads(view)
        yield mode_test(case)

    def judge(self, case: Case) -> Iterator[Finding]:
        """See `Step`."""
        say = Say(self.id)
        yield from _kind(case, say)
        later = (ATTACHED, *POOLS)
        early = guarded(case, say, later)
        if early is not None:
            yield from early
            return
        authorizer = case.authorizer
        if isinstance(authorizer, Hole):
            yield from say.all_unknown(later, authorizer, case)
            return
        route = case.route
        if authorizer is None and isinstance(route, Route):
            named = route.method.authorizer
            where = {"method": case.call.method, "resource": route.resource}
            evidence = Evidence("authorizer", "one of the API", (named or "none"), _source(case))
            if named:
                yield say.failed("authorizer-not-attached", evidence, variant="gone", **where, authorizer=named)
            else:
                yield say.failed("authorizer-not-attached", evidence, **where)
            yield from say.all_skipped(POOLS, "masked", by="authorizer-not-attached")
            return
        if authorizer is None:
            return
        yield say.passed(
            "authorizer-not-attached",
            Evidence("authorizer", "one of the API", authorizer.name, _source(case)),
            authorizer=authorizer.name,
        )
        yield from _pools(case, say, authorizer)


def _source(case: Case) -> str:
    export = case.known(case.api_read(GetExport), Export)
    if case.view == "draft" or export is None or not export.with_authorizers:
        return "GetAuthorizers (draft)"
    return "GetExport (deployed)"


def _kind(case: Case, say: Say) -> Iterator[Finding]:
    route, codes = case.route, KIND
    if isinstance(route, Hole):
        for finding in say.all_unknown(codes, route, case):
            proven = finding.code == "lambda-authorizer" and proves(case, finding.code)
            yield say.failed(finding.code, variant="proven", message="AccessDeniedException") if proven else finding
        return
    if isinstance(route, NoRoute):
        yield from say.all_skipped(codes, "no-method")
        return
    kind = route.method.authorization_type
    verb, resource = case.call.method, route.resource
    evidence = Evidence("authorization type", "COGNITO_USER_POOLS", kind, _source(case))
    held = [evidence] if kind == "COGNITO_USER_POOLS" else []  # another kind is evidence for one check alone
    if kind == "AWS_IAM" and case.sent is not None and case.sent.value.kind == "sigv4":
        yield say.unknown("method-is-aws-iam", evidence, variant="signed", method=verb, resource=resource)
    elif kind == "AWS_IAM":
        yield say.failed("method-is-aws-iam", evidence, method=verb, resource=resource)
    else:
        yield say.passed("method-is-aws-iam", *held, type=kind)
    if kind == "CUSTOM" or is_other_authorizer(case):
        authorizer = case.authorizer if isinstance(case.authorizer, Authorizer) else None
        name, type_ = (authorizer.name, authorizer.type) if authorizer else ("?", kind)
        other = Evidence("authorizer type", "COGNITO_USER_POOLS", type_, _source(case))
        # One that failed has not refused: `authorizer-error` is the cause then.
        if passed_gate(case, "lambda-authorizer") or proves(case, "authorizer-error"):
            yield say.warned("lambda-authorizer", other, variant="fail", authorizer=name, type=type_)
        else:
            yield say.failed("lambda-authorizer", other, authorizer=name, type=type_)
    else:
        authorizer = case.authorizer if isinstance(case.authorizer, Authorizer) else None
        yield say.passed("lambda-authorizer", authorizer=authorizer.name if authorizer else "-")
    if kind == "NONE":
        yield say.warned("not-protected", evidence, method=verb, resource=resource)
    else:
        yield say.passed("not-protected", *held)


def _pools(case: Case, say: Say, authorizer: Authorizer) -> Iterator[Finding]:
    pools = pools_of(case, authorizer)
    issuer = case.issuer
    shown = ", ".join(arn.pool_id for arn in pools.arns[:MOST_POOLS]) or "none"
    matched = [arn for arn in pools.arns if issuer and arn.pool_id == issuer.pool_id]
    exists = {arn.pool_id: pool_exists(case, arn) for arn in (matched or pools.arns[:MOST_POOLS])}
    good = any(exists[arn.pool_id] is not False for arn in matched)
    held = issuer.pool_id if issuer else ""

    if not pools.malformed:
        yield say.passed("wrong-arn-format")
        masks = ""
    else:
        text = pools.malformed[0]
        evidence = Evidence("pool ARN", "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL_ID", text, _source(case))
        stops = not good and (not pools.arns or (held and any(held in item for item in pools.malformed)))
        yield (
            say.failed("wrong-arn-format", evidence, arn=text)
            if stops
            else say.warned("wrong-arn-format", evidence, arn=text)
        )
        masks = "wrong-arn-format" if stops else ""

    stage = case.place.stage or "-"
    uses_variables = any(stage_variables_in(text) for text in authorizer.provider_arns)
    if pools.open:
        yield say.not_read("stage-variable-unset", (case.api_read(GetStages),), case)
    elif pools.unset:
        evidence = Evidence("stage variable", "set", f"{pools.unset[0]} not set", "GetStages")
        make = say.warned if good or masks else say.failed
        yield make("stage-variable-unset", evidence, variable=pools.unset[0], stage=stage)
        masks = masks or ("" if good else "stage-variable-unset")
    else:
        yield say.passed("stage-variable-unset", variant="pass" if uses_variables else "none")

    gone = [arn for arn in pools.arns if exists.get(arn.pool_id) is False]
    doubtful = [arn for arn in pools.arns if isinstance(exists.get(arn.pool_id), Hole)]
    if masks or not pools.arns:
        yield say.skipped("pool-not-found", "masked", by=masks or "wrong-arn-format")
    elif gone and not good and len(gone) == len(exists):
        yield say.failed("pool-not-found", _pool_evidence(gone[0]), pool=gone[0].pool_id)
        masks = "pool-not-found"
    elif gone:
        yield say.warned("pool-not-found", _pool_evidence(gone[0]), pool=gone[0].pool_id)
    elif doubtful and not case.token:
        # Without a token to compare with nobody asked after the pools.
        yield say.skipped("pool-not-found", "no-token")
    elif doubtful:
        because = [read for arn in doubtful for read in _because(exists[arn.pool_id])]
        yield say.unknown("pool-not-found", variant="unknown", because=because, pool=doubtful[0].pool_id)
    else:
        yield say.passed("pool-not-found", pool=shown)

    yield _match(case, say, pools, shown, matched, masks)


def _because(value: bool | Hole) -> tuple[Read, ...]:
    return value.because if isinstance(value, Hole) else ()


def _pool_evidence(arn: PoolArn) -> Evidence:
    return Evidence("user pool", "exists", f"{arn.pool_id} does not exist", "the pool's keys address, DescribeUserPool")


def _match(case: Case, say: Say, pools: Pools, shown: str, matched: list[PoolArn], masks: str) -> Finding:
    """`wrong-pool`: is the token's issuer one of the authorizer's pools? Id against id: a replica's issuer names
    another region for the same pool (research 1.8 [R])."""
    code = "wrong-pool"
    if masks:
        return say.skipped(code, "masked", by=masks)
    if case.token is None:
        return say.skipped(code, "no-token")
    if case.token.flaw or case.token.kind in ("opaque", "refresh-token"):
        return say.skipped(code, "unreadable-token")
    if case.issuer is None:
        return say.skipped(code, "masked", by="issuer-not-cognito")
    evidence = [Evidence("issuer", shown, case.issuer.pool_id, f"claim iss, {_source(case)}")]
    tested = case.known(mode_test(case), AuthorizerTest)
    test = [_test_evidence(tested)] if tested else []
    if case.issuer.is_replica:
        region = case.issuer.region
        evidence.append(Evidence("replica", case.issuer.pool_id.split("_")[0], region, "claim iss"))
    if matched and not case.issuer.updated and case.issuer.region not in {arn.region for arn in matched}:
        # Whether the primary's ARN takes a replica's tokens is not documented (research Q13 [U]).
        return say.unknown(code, *evidence, *test, variant="replica", region=case.issuer.region)
    # The test judges all of the token: a refusal says nothing against the pool, an acceptance nothing for a wrong one.
    if matched:
        accepted = test if tested and tested.accepted else []
        variant = "tested" if accepted and case.view == "draft" else "pass"
        return say.passed(code, *evidence, *accepted, variant=variant, pool=case.issuer.pool_id)
    if pools.open:
        return say.not_read(code, (case.api_read(GetStages),), case)
    refused = test if tested and not tested.accepted else []
    return say.failed(code, *evidence, *refused, issuer=case.issuer.url, pools=shown)


def mode_test(case: Case) -> TestInvokeAuthorizer | None:
    """Return the authorizer's test with this token, or None: only ID tokens can be tested, only the draft is.

    Research 1.9 [D]: "You can't use this feature to test access tokens". The token is sent only when its issuer is a
    Cognito one.
    """
    draft = case.seen_as("draft")
    token, authorizer = draft.token, draft.authorizer
    place, region = draft.place, draft.api_region
    if token is None or token.kind != "id-token" or token.flaw or case.offline or draft.issuer is None:
        return None
    if not isinstance(authorizer, Authorizer) or authorizer.type != "COGNITO_USER_POOLS" or not authorizer.id:
        return None
    if not draft.identity_header or not place.rest_api_id or not region or draft.stages is None:
        return None
    variables = tuple(sorted(draft.stage.variables.items())) if draft.stage else ()
    return TestInvokeAuthorizer(region, place.rest_api_id, authorizer.id, draft.identity_header, token.text, variables)


def _test_evidence(tested: AuthorizerTest) -> Evidence:
    said = f"clientStatus {tested.client_status}"
    return Evidence("test mode", "clientStatus 0", said, "TestInvokeAuthorizer (draft)")
