"""After the first paint: load in a thread what the journeys need, so that nobody waits for it."""

import contextlib
import gc
import threading

from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.session import Session

_SERVICES = ("apigateway", "cognito-idp", "sts")


def warm(session: Session, *, for_good: bool) -> None:
    """Begin. Returns at once. `for_good`: this process is the wizard's alone, nothing that is loaded ends before it."""
    threading.Thread(target=_load, args=(session, for_good), daemon=True, name="warm").start()


def _load(session: Session, for_good: bool) -> None:
    try:
        import cogwizard.judgement
        import cogwizard.steps
        import cogwizard.steps.signature
        import cogwizard.ui.journey
        import cogwizard.ui.postman.walk  # noqa: F401
        from cogwizard.aws.session import SetupError

        for lang in LANGUAGES:
            Texts(lang).load()
        with contextlib.suppress(Exception):  # what is wrong with the set-up is told where it is used
            try:
                clients = session.ports.clients
                region = clients.default_region() or "us-east-1"
            except SetupError as error:
                session.fall_back(error)
                return
            for service in _SERVICES:
                clients.endpoint(service, region)  # reads the service's description; asks for no credentials
    finally:
        if for_good:
            # Each full collection would walk through AWS's service descriptions, and stop the interface for 0.1 s.
            gc.freeze()
            gc.set_threshold(2_000, 20, 20)
            gc.enable()
