"""What one run of the wizard knows, beside what is on the screen."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from cogwizard.text import Texts
from cogwizard.ui.given import Given
from cogwizard.ui.remembered import Remembered

if TYPE_CHECKING:
    from cogwizard.aws.session import HeldKeys, Settings
    from cogwizard.model.build import Choices
    from cogwizard.model.read import Read
    from cogwizard.ports import Ports
    from cogwizard.sandbox.scenarios.scenario import Served
    from cogwizard.ui.join.state import Typed as JoinTyped
    from cogwizard.ui.onboard.build import Build
    from cogwizard.ui.picking import Picking
    from cogwizard.ui.postman.state import Typed
    from cogwizard.ui.secret_hash import HashInputs
    from cogwizard.ui.signin.state import Signing
    from cogwizard.vault import Vault
    from cogwizard.vault.doctor import Doctor


class _Aside(NamedTuple):
    """What is the user's, while the sandbox has its place."""

    settings: "Settings"
    ports: "Ports | None"
    given: Given
    saved: Given | None
    picking: "Picking | None"
    signing: "Signing | None"
    postman: "Typed | None"
    join: "JoinTyped | None"
    build: "Build | None"


class Session:
    """The user's settings, what they gave, whose AWS is read. `clock` gives Unix seconds; tests freeze it.

    `log` takes a line about each read (see `Log`).
    """

    def __init__(
        self,
        texts: Texts,
        settings: "Settings",
        remembered: Remembered | None = None,
        *,
        clock: Callable[[], float] = time.time,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take what the command line says."""
        self.texts = texts
        self.settings = settings
        self.remembered = remembered or Remembered()
        self.clock = clock
        self.log = log
        self.given = Given()
        self.saved: Given | None = None  # what the user had given when a report of it was saved
        self.picking: Picking | None = None  # what was picked from the account's lists
        self.hash_inputs: HashInputs | None = None  # what was typed to compute a SECRET_HASH
        self._vault: Vault | None = None
        self.signing: Signing | None = None  # where the user signed in, and what came of it
        self.postman: Typed | None = None  # what was typed about Postman's OAuth 2.0 tab
        self.join: JoinTyped | None = None  # what was typed to join an API, and what came of it
        self.choices: Choices | None = None  # what was typed for the walk-through from nothing to the first 200
        self.build: Build | None = None  # the walk-through that was begun last
        self.journals: Path | None = None  # where a walk-through keeps its journal, None: in the user's state folder
        # The profile in force is one of the run before: nobody asked for it this time.
        self.profile_is_remembered = False
        self.forgotten_profile: str | None = None
        self.sandbox: Served | None = None
        self._aside: _Aside | None = None  # while the sandbox is read
        self._ports: Ports | None = None
        self._sandboxes = ExitStack()
        self._lock = threading.Lock()

    # -- whose AWS ---------------------------------------------------------------------------------------------------

    @property
    def ports(self) -> "Ports":
        """The reads of the AWS set-up in force; made when first asked for. Imports boto3's neighbours, not boto3."""
        with self._lock:
            if self._ports is None:
                from cogwizard.ports import Ports

                self._ports = Ports(self.settings)
            return self._ports

    def use(self, settings: "Settings") -> None:
        """Read with other settings from now on (another profile, region), or with new credentials."""
        with self._lock:
            self.settings, self._ports = settings, None

    def choose_profile(self, chosen: "str | HeldKeys") -> None:
        """Read with a profile that the user chose, and remember it; or with keys of the vault.

        These are not remembered: whoever opens the wizard would wait for the keyring first. It is always the user's
        own AWS that is read so, while the sandbox is served once that is left: a keyring may answer late.
        """
        self.profile_is_remembered = False
        self.forgotten_profile = None
        if isinstance(chosen, str):
            self.remembered = replace(self.remembered, profile=chosen)
        with self._lock:
            own = self._aside.settings if self._aside else self.settings
            if isinstance(chosen, str):
                own = replace(own, profile=chosen)
            else:
                own = replace(own, profile=chosen.profile, held=chosen)
            if self._aside:
                self._aside = self._aside._replace(settings=own, ports=None)
            else:
                self.settings, self._ports = own, None

    def fall_back(self, error: Exception | None) -> bool:
        """Read with the default profile where the remembered one is gone; return whether that was so.

        `error` is why the set-up cannot be used. A profile that was asked for is not replaced: another account would
        be read. In the sandbox it waits: a run of before that ends there is told when it is gone back to.
        """
        is_gone = getattr(error, "key", None) == "no-such-profile"
        if self.sandbox is not None or not (self.profile_is_remembered and is_gone):
            return False
        self.forgotten_profile, self.profile_is_remembered = self.settings.profile, False
        self.remembered = replace(self.remembered, profile=None)
        self.use(replace(self.settings, profile=None))
        return True

    def renew(self) -> None:
        """Make the AWS clients anew: the user has signed in again."""
        self.use(self.settings)

    # -- the vault ---------------------------------------------------------------------------------------------------

    @property
    def vault(self) -> "Vault":
        """What is kept in the OS keyring. Its methods block: call them from threads.

        A keyring that shows a prompt gets a minute for its answer: the screen says meanwhile what is waited for.
        """
        if self._vault is None:
            from cogwizard.vault import shared

            self._vault = shared()
            self._vault.on_wait = lambda: None
        return self._vault

    def examine(self, probe: bool) -> "Doctor":
        """Look at all keyrings, see `vault.doctor`. Blocks."""
        from cogwizard.vault.doctor import examine

        return examine(probe)

    # -- the sandbox -------------------------------------------------------------------------------------------------

    def enter_sandbox(self, scenario: str) -> None:
        """Serve a scenario and read it from now on; `given` becomes its failing call. Blocks for a moment.

        What the user gave is put aside until `leave_sandbox`. Raises OSError where nothing can be served; then all is
        as it was.
        """
        self._serve(scenario)

    def enter_empty_sandbox(self) -> None:
        """Serve an account in which nothing is, to build in; else as `enter_sandbox`. Its journals go with it."""
        self._serve(None)

    def _serve(self, scenario: str | None) -> None:
        from cogwizard.aws.session import Settings
        from cogwizard.sandbox.environment import KEYS, REGION
        from cogwizard.sandbox.scenarios import serve

        self.leave_sandbox()
        with ExitStack() as begun:
            served = begun.enter_context(serve([scenario] if scenario else []))
            given = given_by(served, scenario, self.clock()) if scenario else Given()
            journals = None if scenario else Path(begun.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
            # Keys of its own, and nothing of the user's set-up: whatever reads the sandbox, and however late, no key
            # of theirs goes there. Their variables stay as they are, for what still reads their AWS.
            settings = Settings(None, REGION, served.url, self.settings.timeout, KEYS)
            with self._lock:
                self._aside = _Aside(
                    self.settings,
                    self._ports,
                    self.given,
                    self.saved,
                    self.picking,
                    self.signing,
                    self.postman,
                    self.join,
                    self.build,
                )
                self.settings, self._ports, self.sandbox, self.given = settings, None, served, given
                self.saved = self.picking = self.signing = self.postman = self.join = self.build = None
                self.journals = journals
                self._sandboxes = begun.pop_all()

    def leave_sandbox(self) -> None:
        """Stop the sandbox and go back to the user's AWS and to what they gave; what was given there is dropped."""
        with self._lock:
            if self._aside is None:
                return
            aside, build = self._aside, self.build
            self.settings, self._ports, self.given, self.saved = aside.settings, aside.ports, aside.given, aside.saved
            self.picking, self.signing, self.postman = aside.picking, aside.signing, aside.postman
            self.join, self.build, self._aside = aside.join, aside.build, None
            self.sandbox = self.journals = None
        if build is not None:
            build.close()
        self._sandboxes.close()

    @property
    def is_practice(self) -> bool:
        """Whether the sandbox is read in which one builds: without a scenario."""
        return self.sandbox is not None and not self.sandbox.settings

    @property
    def own(self) -> tuple[Given, Given | None]:
        """What the user gave, and what of it a saved report holds: in the sandbox what was put aside."""
        return (self._aside.given, self._aside.saved) if self._aside else (self.given, self.saved)

    def close(self) -> None:
        """End what runs."""
        self.leave_sandbox()
        if self.build is not None:
            self.build.close()


def given_by(served: "Served", scenario: str, now: float) -> Given:
    """Return what a user of a scenario would have pasted."""
    from cogwizard.sandbox.scenarios import SCENARIOS

    case = served.case(SCENARIOS[scenario], now)
    setting = served.settings[scenario]
    return Given(
        case.call,
        token=case.given_token or "",
        response=setting.pasted or "",
        rest_api_id=(case.target.rest_api_id or "") if setting.front else "",
        stage=(case.target.stage or "") if setting.front else "",
        region=setting.region or "",
        source_ip=setting.source_ip or "",
        origin=case.origin or "",
        browser=case.browser,
        replay=setting.replay,
    )


def describe(read: "Read", value: object, seconds: float) -> str:
    """Return a line for the log about a read that ended."""
    from cogwizard.model.read import Unread

    result = f"{value.error} {value.detail}".strip() if isinstance(value, Unread) else "ok"
    return f"{seconds:6.2f} s  {read.action:34} {result}"


def with_language(session: Session, lang: str) -> None:
    """Speak another language from now on, and remember it."""
    session.texts = Texts(lang)
    session.remembered = replace(session.remembered, language=lang)
