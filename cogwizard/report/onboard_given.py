"""What the walk-through hands over to be told: its own things, by the members that a document needs of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cogwizard.model.answer import Answer
from cogwizard.model.read import Unread
from cogwizard.model.read_api import AuthorizerTest
from cogwizard.model.write import Write
from cogwizard.report.document import Document


class Said(Protocol):
    """What is said before the consent: as `onboarding.plan.Notice`."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str]: ...


class Planned(Protocol):
    """All writes in order, with what they are filled with: as `onboarding.plan.Plan`."""

    @property
    def values(self) -> Mapping[str, str]: ...
    @property
    def writes(self) -> tuple[Write, ...]: ...
    @property
    def notices(self) -> Sequence[Said]: ...
    def permissions(self) -> list[tuple[str, str]]:
        """Return IAM actions, each with its ARN."""


class Proven(Protocol):
    """What was read back: as `onboarding.look.Seen`."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]: ...


class Made(Protocol):
    """A write that is done: as `onboarding.run.Progress`."""

    @property
    def write(self) -> Write: ...
    @property
    def seen(self) -> Proven | None: ...
    @property
    def warnings(self) -> tuple[tuple[str, str], ...]: ...


class Failure(Protocol):
    """Why a call did not do it: as `aws.calls.CallFailed`."""

    @property
    def error(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def is_lost(self) -> bool: ...


class NotDone(Protocol):
    """A write that was not made: as `onboarding.run.NotMade`."""

    @property
    def write(self) -> Write: ...
    @property
    def failed(self) -> Failure: ...
    @property
    def permission(self) -> str: ...


class Removed(Protocol):
    """What became of a thing that was to go: as `onboarding.teardown.Removal`."""

    @property
    def write(self) -> Write: ...
    @property
    def state(self) -> str: ...
    @property
    def failed(self) -> Failure | None: ...


@dataclass(frozen=True)
class Half:
    """What was proven of one half of the walk-through; None where nobody looked.

    `signed_in`: whether there are tokens. `refused`: error type and text of the sign-in that left SECRET_HASH out;
    `hash`: then how it is made: the text, and of the client secret and of the hash what may be shown.
    `greets`: whether `answer` is the function's; `claims`: those that it was handed. `report`: that of the sign-in or
    the call that failed (interface, section 3).
    """

    signed_in: bool | None = None
    refused: tuple[str, str] | None = None
    test: AuthorizerTest | Unread | None = None
    without_token: Answer | Unread | None = None
    answer: Answer | Unread | None = None
    greets: bool = False
    claims: Mapping[str, str] = field(default_factory=dict)
    report: Document | None = None
    hash: tuple[str, str, str] | None = None
