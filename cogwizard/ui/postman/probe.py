"""The probe of the two endpoints: asked for first, then made in a thread; a late answer is dropped."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cogwizard.intake.mask import told
from cogwizard.model.attempt import Refusal
from cogwizard.model.postman import Endpoint
from cogwizard.steps.postman_values import grant_of, value
from cogwizard.ui.ask import Ask
from cogwizard.ui.asking import Answered, Asking

if TYPE_CHECKING:
    from cogwizard.model.postman import Setup
    from cogwizard.ui.postman.walk import Walk


def hosts_of(setup: "Setup") -> tuple[str, ...]:
    """Return the hosts that a probe would ask; none where no URL is known."""
    grant = grant_of(setup)
    wanted = [
        *([value(setup, "authUrl")] if grant != "client_credentials" else []),
        *([value(setup, "accessTokenUrl")] if grant != "implicit" else []),
    ]
    found = []
    for url in filter(None, wanted):
        try:
            found.append(told(urlsplit(url).netloc, 200))
        except ValueError:
            continue
    return tuple(dict.fromkeys(filter(None, found)))


class Probing:
    """One probe at a time, of the set-up as it stands on a page."""

    def __init__(self, walk: "Walk") -> None:
        """Take the page."""
        self._walk = walk
        self._asking: Asking | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is waited for."""
        return self._asking is not None and self._asking.seconds is not None

    def ask(self) -> None:
        """Say what would be sent where, and send it when the user agrees."""
        walk, setup = self._walk, self._walk.known.setup
        hosts = hosts_of(setup)
        if not hosts or walk.is_reading:
            walk.notify(walk.say("probe waits" if walk.is_reading else "probe nothing"))
            return

        def say(key: str) -> str:
            return walk.say(key, hosts=", ".join(hosts))

        async def answered(yes: bool | None) -> None:
            if yes:
                self._send(setup)
                await walk.show()

        walk.app.push_screen(Ask(lambda: say("probe ask"), lambda: say("probe yes"), lambda: say("probe no")), answered)

    def _send(self, setup: "Setup") -> None:
        walk = self._walk
        ports, clock = walk.session.ports, walk.session.clock

        def work() -> object:
            from cogwizard.checklist import Checklist

            checklist = Checklist(ports, setup, clock)
            checklist.probe()
            return dict(checklist.setup.answers)

        self._asking = Asking(walk.post_message, walk.wizard.monotonic)
        self._asking.ask(work, "probing")

    def stop(self) -> None:
        """Wait for no answer any more."""
        if self._asking is not None:
            self._asking.drop()

    def take(self, message: Answered) -> Mapping[Endpoint, Refusal | None] | None:
        """Return what the endpoints answered, None where that is not waited for any more, or failed, which is said."""
        if self._asking is None or not self._asking.takes(message):
            return None
        if isinstance(message.value, dict):
            return message.value
        texts, error = self._walk.session.texts, message.value
        key, params = getattr(error, "key", None), getattr(error, "params", None)
        told_ = isinstance(key, str) and isinstance(params, dict)
        text = texts.message(str(key), params or {}) if told_ else self._walk.say("crashed", error=type(error).__name__)
        self._walk.notify(text, markup=False, severity="warning")
        return None

    def progress(self) -> str:
        """Return the line that says what is waited for, "" for nothing."""
        seconds = self._asking.seconds if self._asking is not None else None
        return "" if seconds is None else self._walk.say("probing", seconds=f"{seconds:.1f}")
