"""What the planner is handed: who answers a read, and where it goes. Made of `aws` and `web`, for one AWS set-up."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from cogwizard.aws.hosts import host_of
from cogwizard.aws.reader import AwsReader
from cogwizard.aws.session import Clients, Settings, SetupError, is_region
from cogwizard.model.case import Case
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_web import DirectCall, GetKeys, Preflight, Replay
from cogwizard.web import WebReader


class Ports:
    """The reads of one AWS set-up. Safe to use from several threads; boto3 is imported when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is imported, read or checked yet."""
        self.settings = settings
        self.clients = Clients(settings)
        self._aws, self._web = AwsReader(self.clients), WebReader(settings, self.clients)

    @property
    def patience(self) -> float:
        """Seconds after which a read is given up: four attempts and their pauses, and a reserve."""
        return 5 * self.settings.timeout + 5

    def place(self, case: Case) -> Case:
        """Return the case with its region, and whether an endpoint override is in force.

        The region is the URL's, the one that was given beside the call, the settings', or that of the token's issuer:
        more often than not the API is there too.
        Raises SetupError for an AWS set-up that cannot be used, and where no region is known (`no-region`).
        """
        self.clients.check()
        region = case.target.region or case.region or self.clients.default_region()
        region = region or (case.issuer.region if case.issuer else None)
        if not region:
            raise SetupError("no-region", {})
        if not is_region(region):
            raise SetupError("invalid-region", {"region": region})
        emulated = self.clients.overridden("apigateway", region) or self.clients.overridden("cognito-idp", region)
        return replace(case, region=region, emulated=emulated)

    def answer(self, read: Read) -> object:
        """Run one read; return its facts, Absent or Unread."""
        return self._web.run(read) if read.service == "web" else self._aws.run(read)

    def answers(self, reads: Sequence[Read]) -> dict[Read, object]:
        """Run reads side by side; return what each gave. Blocks, at most for `patience`."""

        def work(read: Read) -> None:
            try:
                found[read] = self.answer(read)
            except Exception as error:  # a crash of one read must not take the others with it
                found[read] = Unread(read, "failed", type(error).__name__)

        found: dict[Read, object] = {}
        threads = [threading.Thread(target=work, args=(read,), daemon=True, name=read.action) for read in reads]
        for thread in threads:
            thread.start()
        end = time.monotonic() + self.patience
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        return {read: Unread(read, "unreachable", "TimedOut") for read in reads} | found

    def host(self, read: Read, emulated: bool) -> str:
        """Return the host that a read goes to, for people."""
        if isinstance(read, Replay | Preflight) or (isinstance(read, DirectCall) and not emulated):
            return host_of(read.call.url)
        if isinstance(read, GetKeys) and not emulated:
            return host_of(read.issuer)
        service = "cognito-idp" if isinstance(read, GetKeys) else read.service
        service = "apigateway" if isinstance(read, DirectCall) else service
        return host_of(self.clients.endpoint(service, str(getattr(read, "region", ""))))
