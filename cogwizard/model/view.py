"""The API in one view, put together from the facts: as drafted, or as deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from cogwizard.model.api import Authorizer, Export, GatewayResponse, Method, Methods
from cogwizard.model.read import Read
from cogwizard.model.read_api import (
    GetAuthorizers,
    GetDeployment,
    GetExport,
    GetGatewayResponses,
    GetResources,
    GetRestApi,
)
from cogwizard.model.route import Route

if TYPE_CHECKING:
    from cogwizard.model.case import Case


@dataclass(frozen=True)
class Hole:
    """A fact that is not known, and the reads that would have told."""

    because: tuple[Read, ...] = ()


@dataclass(frozen=True)
class ApiView:
    """The API in one view. A `Hole` stands where nothing is known.

    `assumed`: the deployed view had to be taken from the draft. `authorizers` are keyed as methods name them: by id in
    the draft, by name in an export. `uncertain`: (path, verb) pairs whose authorization is not known.
    """

    methods: Methods | Hole
    authorizers: Mapping[str, Authorizer] | Hole
    policy: str | Hole | None = None
    endpoint_disabled: bool | Hole = False
    api_key_source: str | None = None
    assumed: bool = False
    responses: tuple[GatewayResponse, ...] = ()
    uncertain: tuple[tuple[str, str], ...] = ()


def draft_view(case: "Case") -> ApiView:
    """Return the working copy as far as it was read."""
    authorizers = case.known(case.api_read(GetAuthorizers), tuple)
    settings = case.settings
    return ApiView(
        methods=case.draft_methods if case.draft_methods is not None else case.hole(GetResources),
        authorizers=case.hole(GetAuthorizers) if authorizers is None else {str(item.id): item for item in authorizers},
        policy=settings.policy if settings else case.hole(GetRestApi),
        endpoint_disabled=settings.endpoint_disabled if settings else case.hole(GetRestApi),
        api_key_source=settings.api_key_source if settings else None,
        responses=case.known(case.api_read(GetGatewayResponses), tuple) or (),
    )


def deployed_view(case: "Case") -> ApiView:
    """Return what the stage serves; the draft in its place where no export could be read (design)."""
    export = case.known(case.api_read(GetExport), Export)
    draft = draft_view(case)
    if export is None:
        return _assumed(case, draft)
    authorizers: Mapping[str, Authorizer] | Hole = {item.name: item for item in export.authorizers}
    if not export.with_authorizers:
        drafted = case.known(case.api_read(GetAuthorizers), tuple)
        authorizers = case.hole(GetAuthorizers) if drafted is None else {item.name: item for item in drafted}
    disabled: bool | Hole = draft.endpoint_disabled if export.endpoint_disabled is None else export.endpoint_disabled
    if is_bare(case, export):
        return replace(draft, methods=_guarded_as_drafted(export.methods, draft.methods), assumed=True)
    return ApiView(
        export.methods,
        authorizers,
        export.policy,
        disabled,
        api_key_source=export.api_key_source or draft.api_key_source,
        responses=export.responses,
        uncertain=export.uncertain,
    )


def is_bare(case: "Case", export: Export) -> bool:
    """Whether an export leaves out authorizers that are enforced all the same: that of an emulator may (emulators 2.1).

    It shows every method as open. It is believed where the call got past the authorizer's gate, and AWS's own always.
    """
    if not case.emulated or export.authorizers or not case.known(case.api_read(GetAuthorizers), tuple):
        return False
    if any(method.authorization_type != "NONE" for verbs in export.methods.values() for method in verbs.values()):
        return False
    error = case.observed.header("x-amzn-errortype") or "" if case.observed else "Unauthorized"
    return error.startswith("Unauthorized")


def _guarded_as_drafted(exported: Methods, drafted: Methods | Hole) -> Methods | Hole:
    """Return the methods of an export, each with the draft's authorization where the draft has the same method."""
    if isinstance(drafted, Hole):
        return drafted
    return {
        path: {
            verb: replace(drafted.get(path, {}).get(verb, method), api_key_required=method.api_key_required)
            for verb, method in verbs.items()
        }
        for path, verbs in exported.items()
    }


def _assumed(case: "Case", draft: ApiView) -> ApiView:
    """The draft as if it were deployed, corrected by the deployment's summary where that is known (design)."""
    summary = cast("Methods | None", case.known(case.api_read(GetDeployment), Mapping))
    methods = draft.methods
    if isinstance(methods, Hole):
        return replace(draft, methods=Hole((*methods.because, *case.hole(GetExport).because)), assumed=True)
    if summary is None:
        return replace(draft, assumed=True)
    joined: dict[str, dict[str, Method]] = {}
    uncertain = []
    for path, verbs in summary.items():
        for verb, brief in verbs.items():
            drafted = methods.get(path, {}).get(verb)
            if drafted is not None and drafted.authorization_type == brief.authorization_type:
                brief = replace(drafted, api_key_required=brief.api_key_required)
            elif brief.authorization_type not in ("NONE", "AWS_IAM"):
                uncertain.append((path, verb))  # the summary names no authorizer
            joined.setdefault(path, {})[verb] = brief
    return replace(draft, methods=joined, assumed=True, uncertain=tuple(uncertain))


def orphan_method(case: "Case") -> Method | Hole | None:
    """The draft's method where it asks for a Cognito authorizer that is not there; None where it does not.

    An export has no way to say that: it shows such a method without authorization. The draft is believed unless the
    call got through. A Hole where the draft is not known and the answer is an authorizer's: an open method has none.
    """
    draft = case.seen_as("draft")
    error = case.observed.header("x-amzn-errortype") if case.observed else None
    if case.observed is not None and not error:
        return None
    for part in (draft.route, draft.authorizer):
        if isinstance(part, Hole):
            return part if error and error.startswith(("Unauthorized", "AuthorizerConfiguration")) else None
    if not isinstance(draft.route, Route) or draft.authorizer is not None:
        return None
    return draft.route.method if draft.route.method.authorization_type == "COGNITO_USER_POOLS" else None
