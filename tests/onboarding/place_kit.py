"""The walk-through on an empty sandbox, without waiting."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cogwizard.aws.calls import Calls
from cogwizard.aws.session import Settings
from cogwizard.model.build import Choices
from cogwizard.onboarding.run import Progress
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.ports import Ports
from cogwizard.sandbox import World
from cogwizard.sandbox.engine import Sandbox
from cogwizard.sandbox.environment import KEYS


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Mortal(Calls):
    """Calls of a process that is killed at its `at`-th write (from 1): before it is sent, or before its answer came."""

    def __init__(self, calls: Calls, at: int, *, sent: bool) -> None:
        super().__init__(calls.clients, calls.region)
        self.left, self.sent = at, sent

    def write(self, service: str, operation: str, parameters: Mapping[str, Any], secrets: tuple[str, ...] = ()) -> Any:
        self.left -= 1
        if self.left == 0 and not self.sent:
            raise Killed
        answer = super().write(service, operation, parameters, secrets)
        if self.left == 0:
            raise Killed
        return answer


@dataclass
class Place:
    """An empty sandbox, and a folder for journals."""

    sandbox: Sandbox
    folder: Path
    waited: list[float] = field(default_factory=list)
    walks: list[Walkthrough] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.sandbox.world

    @cached_property
    def ports(self) -> Ports:
        """What all processes here read and write with: clients know nothing of a run, and are slow to make."""
        return Ports(Settings(None, self.world.region, self.sandbox.url, 5.0, KEYS))

    def walk(self, choices: Choices | None = None) -> Walkthrough:
        """A walk-through as a new process begins it: not prepared."""
        walk = Walkthrough(self.ports, choices or Choices(), where=self.folder, sleep=self.waited.append)
        self.walks.append(walk)
        return walk

    def begun(self, choices: Choices | None = None) -> Walkthrough:
        """A walk-through whose plan was agreed to."""
        walk = self.walk(choices)
        walk.begin(walk.prepare(ahead=False).agree())
        return walk

    def writes(self) -> list[str]:
        """The operations that were asked for and change something, in order."""
        reading = ("Get", "List", "Describe", "Simulate", "AdminGet", "Initiate", "TestInvoke", "Invoke")
        return [name for _, name, _ in self.sandbox.requests if not name.startswith(reading)]


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """Serve an empty world."""
    with Sandbox(World()) as sandbox:
        found = Place(sandbox, folder)
        try:
            yield found
        finally:
            for walk in found.walks:
                walk.close()


def made(walk: Walkthrough) -> list[Progress]:
    """Make what is left; what was told."""
    return list(walk.make())


def killed(walk: Walkthrough, at: int, *, sent: bool) -> bool:
    """Make what is left in a process that dies at its `at`-th write; whether it came to that."""
    assert walk.run is not None
    walk.run.calls = Mortal(walk.calls, at, sent=sent)
    try:
        made(walk)
    except Killed:
        return True
    finally:
        walk.close()  # the system frees what a dead process held
    return False
