"""One case: everything that is known about a failing call, and how it looks in the view under judgement.

Frozen: the planner makes a new case with each fact. The derived properties are computed once per case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar, cast

from cogwizard.model.answer import Answer
from cogwizard.model.api import ApiSettings, Authorizer, Export, Methods, Stage, View
from cogwizard.model.authorization import SentValue, read_value
from cogwizard.model.call import Call, Target, Unexpanded
from cogwizard.model.place import resolve
from cogwizard.model.pool import Issuer, Jwk, read_issuer
from cogwizard.model.read import Absent, Read, Unread
from cogwizard.model.read_api import (
    GetAuthorizers,
    GetDeployment,
    GetExport,
    GetResources,
    GetRestApi,
    GetStages,
)
from cogwizard.model.read_web import CallerIdentity, GetKeys, Replay
from cogwizard.model.route import NoRoute, Route, match
from cogwizard.model.token import Token, looks_like_jwt, read_token
from cogwizard.model.view import ApiView, Hole, deployed_view, draft_view, orphan_method

T = TypeVar("T")


@dataclass(frozen=True)
class Sent:
    """Where the token stands in the request: the header's name and its value taken apart.

    `other`: it is not the header that the authorizer reads. `unexpanded`: a shell variable stands in it.
    """

    header: str
    value: SentValue
    other: bool = False
    unexpanded: Unexpanded | None = None


@dataclass(frozen=True)
class Case:
    """The facts of one diagnosis. `now` is the local clock in Unix seconds. `given_token` is a secret.

    `answer` is the pasted answer; a replay's answer is the fact of `Replay`. `offline` reads nothing.
    `emulated`: an endpoint override is in force, so hosts are not AWS's own. `call_given` is False when only an answer
    was pasted: nothing is known of the request.

    `browser`: the call is a browser's, so that what only a browser minds is a cause. `origin`: the page that made it,
    as the header Origin names it. `preflight`: the pasted answer to its preflight; a probe's is the fact of
    `Preflight`. `probe`: the preflight may be made, which changes nothing. `headers_left_out`: the call comes from a
    browser's recording, which may lack Authorization and cookies: then a header that is missing is not known to have
    been missing. `logs`: the user agreed that CloudWatch Logs be read. `signatures`: of a saved case, whose tokens are
    without theirs: fingerprint -> whether the key that the token names had made it.
    """

    call: Call
    target: Target
    now: float
    region: str | None = None
    answer: Answer | None = None
    given_token: str | None = field(default=None, repr=False)
    source_ip: str | None = None
    offline: bool = False
    replay: bool = False
    emulated: bool = False
    call_given: bool = True
    browser: bool = False
    origin: str | None = None
    preflight: Answer | None = None
    probe: bool = False
    headers_left_out: bool = False
    logs: bool = False
    signatures: Mapping[str, bool] = field(default_factory=dict)
    facts: Mapping[Read, object] = field(default_factory=dict, repr=False)
    view: View = "deployed"

    # -- facts ---------------------------------------------------------------------------------------------------

    def known(self, read: Read | None, kind: type[T]) -> T | None:
        """Return the fact of `read` when it is a `kind`, else None (not asked, absent, not readable)."""
        value = self.facts.get(read) if read else None
        return value if isinstance(value, kind) and not isinstance(value, Absent | Unread) else None

    def absent(self, read: Read | None) -> bool:
        """Whether AWS answered that the thing does not exist."""
        return read is not None and isinstance(self.facts.get(read), Absent)

    def unread(self, read: Read | None) -> bool:
        """Whether the read was tried and gave nothing."""
        return read is not None and isinstance(self.facts.get(read), Unread)

    def with_fact(self, read: Read, value: object) -> "Case":
        """Return the case with one more fact."""
        return replace(self, facts={**self.facts, read: value})

    def seen_as(self, view: View) -> "Case":
        """Return the case with the other view under judgement."""
        return self if view == self.view else self._twin

    @cached_property
    def _twin(self) -> "Case":
        twin = replace(self, view="draft" if self.view == "deployed" else "deployed")
        twin.__dict__["_twin"] = self  # so that neither view is put together twice
        return twin

    @cached_property
    def account(self) -> str | None:
        """The account whose credentials read, None when that is not known."""
        return next((value.account for value in self.facts.values() if isinstance(value, CallerIdentity)), None)

    # -- which API -----------------------------------------------------------------------------------------------

    @property
    def api_region(self) -> str | None:
        """The region of the API: the URL's, else the one that the user's settings name."""
        return self.target.region or self.region

    @cached_property
    def place(self) -> Target:
        """The target with a custom domain resolved through its mappings, as far as they are known."""
        return resolve(self)

    def api_read(self, kind: type[T]) -> T | None:
        """Return the read of type `kind` (of the API, or of its stage) for this case, or None without an API."""
        place, region = self.place, self.api_region
        if not place.rest_api_id or not region:
            return None
        if kind is GetExport:
            return cast(T, GetExport(region, place.rest_api_id, place.stage)) if place.stage else None
        if kind is GetDeployment:
            stage = self.stage
            found = (
                GetDeployment(region, place.rest_api_id, stage.deployment_id) if stage and stage.deployment_id else None
            )
            return cast("T | None", found)
        return kind(region, place.rest_api_id)  # type: ignore[call-arg]

    @cached_property
    def settings(self) -> ApiSettings | None:
        """GetRestApi's answer."""
        return self.known(self.api_read(GetRestApi), ApiSettings)

    @cached_property
    def stages(self) -> tuple[Stage, ...] | None:
        """The API's stages, or None when they could not be read."""
        return self.known(self.api_read(GetStages), tuple)

    @cached_property
    def stage(self) -> Stage | None:
        """The stage that the call names, when it exists."""
        return next((stage for stage in self.stages or () if stage.name == self.place.stage), None)

    @cached_property
    def stage_exists(self) -> bool | None:
        """Whether the stage exists; None when nothing says so."""
        if self.known(self.api_read(GetExport), Export):
            return True
        if self.stages is None or not self.place.stage:
            return None if self.stages is None else False
        return self.stage is not None

    # -- the API in the view under judgement -----------------------------------------------------------------------

    @cached_property
    def api(self) -> ApiView:
        """The API as deployed or as drafted, whichever is judged."""
        return deployed_view(self) if self.view == "deployed" else draft_view(self)

    @cached_property
    def draft_methods(self) -> Methods | None:
        """The working copy's methods, or None."""
        return cast("Methods | None", self.known(self.api_read(GetResources), Mapping))

    def hole(self, kind: type[Any]) -> Hole:
        """Return the hole that a read of type `kind` leaves."""
        read = self.api_read(kind)
        return Hole((read,) if read is not None else ())

    @cached_property
    def route(self) -> Route | NoRoute | Hole:
        """The method that the call reaches in this view."""
        if isinstance(self.api.methods, Hole):
            return self.api.methods
        found = match(self.api.methods, self.place.path, self.call.method)
        if not isinstance(found, Route):
            return found
        uncertain = (found.resource, found.verb) in self.api.uncertain
        if self.view == "deployed" and (uncertain or found.method.authorization_type == "NONE"):
            orphan = orphan_method(self)
            if isinstance(orphan, Hole):
                return orphan
            if orphan is not None:
                return replace(found, method=orphan)
        return self.hole(GetExport if self.api.assumed else GetResources) if uncertain else found

    @cached_property
    def authorizer(self) -> Authorizer | Hole | None:
        """The authorizer of the matched method; None when it names none or one that the API has not."""
        if not isinstance(self.route, Route):
            return self.route if isinstance(self.route, Hole) else Hole()
        name = self.route.method.authorizer
        if name is None:
            return None
        if isinstance(self.api.authorizers, Hole):
            return self.api.authorizers
        by_name = {item.name: item for item in self.api.authorizers.values()}
        return self.api.authorizers.get(name) or by_name.get(name)

    # -- what was sent -----------------------------------------------------------------------------------------------

    @cached_property
    def identity_header(self) -> str | None:
        """The header that the authorizer reads, None when that is not known.

        `method.request.header.X` names X; the rest of the expression is the name even where a whole expression was
        typed into the console's field (case 37).
        """
        source = self.authorizer.identity_source if isinstance(self.authorizer, Authorizer) else None
        prefix = "method.request.header."
        if not source:
            return None
        return source[len(prefix) :] if source.startswith(prefix) else None

    @cached_property
    def sent(self) -> Sent | None:
        """The header that carries the token, or None when no header looks as if it did."""
        name = self.identity_header or "Authorization"
        if self.given_token is not None:
            return Sent(name, read_value(self.given_token))
        for key, value in self.call.headers:
            if key.lower() == name.lower():
                variable = next((item for item in self.call.unexpanded if item.header.lower() == key.lower()), None)
                return Sent(key, read_value(value), unexpanded=variable)
        others = [(key, value, read_value(value)) for key, value in self.call.headers]
        for key, _, parts in others:
            variable = next((item for item in self.call.unexpanded if item.header.lower() == key.lower()), None)
            if key.lower() == "authorization" or (parts.token and looks_like_jwt(parts.token)):
                return Sent(key, parts, other=True, unexpanded=variable)
        # A header that was wholly left to the shell (`-H "$HEADER"`, `-H @file`) may be the one that is missing.
        whole = next((item for item in self.call.unexpanded if not item.header), None)
        return Sent(name, read_value(""), unexpanded=whole) if whole else None

    @cached_property
    def token(self) -> Token | None:
        """The token that was sent, read after cleaning; None when there is none to read."""
        if self.sent is None or self.sent.unexpanded or self.sent.value.token is None:
            return None
        return read_token(self.sent.value.token)

    @cached_property
    def issuer(self) -> Issuer | None:
        """The token's issuer when it has a form that Cognito uses.

        With an endpoint override an emulator's own issuer (`http://localhost:4566/{pool id}`) is taken too.
        """
        iss = self.token.text_claim("iss") if self.token else None
        if not iss or len(iss) > 500:
            return None
        found = read_issuer(iss)
        if found or not self.emulated:
            return found
        pool = iss.rstrip("/").rpartition("/")[2]
        as_aws = read_issuer(f"https://cognito-idp.{pool.split('_')[0]}.amazonaws.com/{pool}")
        return replace(as_aws, url=iss) if as_aws else None

    @cached_property
    def keys_read(self) -> GetKeys | None:
        """The read of the issuer's keys."""
        return GetKeys(self.issuer.url, self.issuer.region, self.issuer.pool_id) if self.issuer else None

    @cached_property
    def keys(self) -> tuple[Jwk, ...] | None:
        """The issuer's keys, None when they could not be read."""
        return self.known(self.keys_read, tuple)

    # -- what came back ----------------------------------------------------------------------------------------------

    @cached_property
    def replay_read(self) -> Replay | None:
        """The call as it is replayed: with the given token in the header that the authorizer reads.

        None while that header is not known, when nothing may be replayed, and when an answer was pasted.
        """
        if not self.replay or self.offline or self.answer is not None:
            return None
        call = self.call
        if self.given_token is not None:
            name = self.given_in or ""
            if not name:
                return None
            scheme = next((f"{value.split(' ')[0]} " for value in call.values(name) if value.startswith("Bearer ")), "")
            call = call.with_header(name, f"{scheme}{self.given_token}")
        return Replay(call)

    @property
    def given_in(self) -> str | None:
        """The header that `--token` goes into; None while the authorizer may still tell.

        Decided on the deployed view; a header that the user named already, or an unreadable authorizer, settles it.
        """
        deployed = self.seen_as("deployed")
        if deployed.identity_header:
            return deployed.identity_header
        waiting = [self.api_read(GetExport), self.api_read(GetAuthorizers), self.api_read(GetResources)]
        if self.place.rest_api_id and any(read is not None and read not in self.facts for read in waiting):
            return None
        return "Authorization"

    @cached_property
    def observed(self) -> Answer | None:
        """The answer: the pasted one, else the replay's."""
        if self.answer is not None or not self.replay or self.offline:
            return self.answer
        # Not through `replay_read`: the header that it sends a token in may hang on the route, and that on the answer.
        answers = (value for read, value in self.facts.items() if isinstance(read, Replay))
        return next((value for value in answers if isinstance(value, Answer)), None)

    @property
    def clock(self) -> float:
        """The time to judge by in Unix seconds: the answer's Date, else the local clock (interface, section 2)."""
        if self.observed and self.observed.date is not None:
            return self.observed.date
        return self.now
