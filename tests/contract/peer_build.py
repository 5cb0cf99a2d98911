"""The walk-through's own calls against emulators that others wrote: which of them they take."""

import time
from dataclasses import dataclass
from pathlib import Path

from cogwizard.aws.session import Settings
from cogwizard.model.answer import Answer
from cogwizard.model.build import Choices, FirstPassword
from cogwizard.onboarding.run import NotMade
from cogwizard.onboarding.walkthrough import Walkthrough
from cogwizard.ports import Ports

REGION = "eu-west-1"


@dataclass
class Built:
    """A walk-through at a peer. `refused`: the ids of the writes that it did not take, with the error types."""

    walk: Walkthrough
    refused: dict[str, str]

    def statuses(self) -> tuple[int | None, int | None]:
        """What it answers to a call without a token, and to one with the ID token."""
        assert self.walk.sign_in().tokens
        answer = self.walk.call()
        before = self.walk.shown.without_token
        return (
            before.status if isinstance(before, Answer) else None,
            answer.status if isinstance(answer, Answer) else None,
        )


def build(url: str, folder: Path, first_password: FirstPassword) -> Built:
    """Make all that a peer takes; what it refuses is passed over."""
    ports = Ports(Settings(region=REGION, endpoint_url=url))
    walk = Walkthrough(ports, Choices(first_password=first_password), where=folder, sleep=lambda _: time.sleep(0.1))
    walk.begin(walk.prepare(ahead=False).agree())
    assert walk.plan
    assert walk.run
    now = iter(range(0, 10**6, 9))
    walk.run._clock = lambda: float(next(now))  # what a peer cannot do is not waited for
    refused = {}
    for write in walk.plan.writes:
        try:
            list(walk.make(frozenset({write.id})))
        except NotMade as error:
            refused[write.id] = error.failed.error
            assert walk.journal
            walk.journal.note(write.id, "done")
    return Built(walk, refused)
