"""What the pages of joining send, each in a thread; asked first where it may go to others, or change something."""

import re
import threading
from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from cogwizard.joining import Join, NotProven
from cogwizard.model.call import SAFE_METHODS, is_method
from cogwizard.model.inert import scrub
from cogwizard.model.postman import Setup
from cogwizard.text import Texts
from cogwizard.ui.ask import Ask
from cogwizard.ui.asking import Answered, Asking
from cogwizard.ui.join.known import SCREENS, SIGN_IN

if TYPE_CHECKING:
    from cogwizard.ui.join.walk import JoinWalk

# What a path may be, as it is sent: no query, which may hold a secret, and no blank to fill in.
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,1000}")
_LONG = 10  # seconds: more than a few words are to be read
Work = Callable[[threading.Event], Join]


def trouble(error: object, texts: Texts) -> str:
    """Return why something could not be done, in words."""
    if isinstance(error, NotProven):
        return texts.screen("join", error.key)
    key, params = getattr(error, "key", None), getattr(error, "params", None)
    if isinstance(key, str) and isinstance(params, dict):
        return texts.message(key, params)
    return texts.screen("join_page", "crashed", error=type(error).__name__)


class Doing:
    """One thing at a time, for one page. Each works on a copy: what nobody waits for any more changes nothing."""

    def __init__(self, walk: "JoinWalk") -> None:
        """Take the page."""
        self._walk = walk
        self._asking: Asking | None = None
        self._then: Callable[[Join], Awaitable[None]] | None = None
        self._cancelled = threading.Event()

    # -- waiting -----------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether an answer is waited for."""
        return self._asking is not None and self._asking.seconds is not None

    def progress(self) -> str:
        """Return the line that says what is waited for, "" for nothing."""
        seconds = self._asking.seconds if self._asking is not None else None
        if self._asking is None or seconds is None:
            return ""
        return self._walk.say(self._asking.words, seconds=f"{seconds:.1f}")

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._cancelled.set()
        if self._asking is not None:
            self._asking.drop()

    def takes(self, message: Answered) -> bool:
        """Whether this is the answer that is waited for."""
        return self._asking is not None and self._asking.takes(message)

    async def go_on(self, value: object) -> None:
        """Do what follows an answer; where there is none, say why."""
        if isinstance(value, Join) and self._then is not None:
            await self._then(value)
        else:
            said = trouble(value, self._walk.session.texts)
            self._walk.notify(said, severity="warning", timeout=_LONG, markup=False)

    def ready(self) -> Join | None:
        """Return the one who joins where nothing is read or asked; else say so."""
        walk = self._walk
        if walk.is_reading or walk.known.join is None:
            walk.notify(walk.say("still reading" if walk.is_reading else "nothing known"))
            return None
        return walk.known.join

    def _ask(self, work: Work, words: str, then: Callable[[Join], Awaitable[None]]) -> None:
        walk = self._walk
        cancelled = self._cancelled = threading.Event()
        self._then = then
        if self._asking is None:
            self._asking = Asking(walk.post_message, walk.wizard.monotonic)
        self._asking.ask(lambda: work(cancelled), words)
        walk.call_next(walk.show)

    def _agree(self, questions: list[str], then: Callable[[], None], **params: str) -> None:
        """Ask questions (keys), one after the other; when all are answered with yes, go on."""
        walk, name = self._walk, questions[0]

        def say(key: str) -> str:
            in_join = key in ("doubt pool", "doubt api")
            return walk.session.texts.screen("join", key) if in_join else walk.say(key, **params)

        def answered(yes: bool | None) -> None:
            if yes and len(questions) > 1:
                self._agree(questions[1:], then, **params)
            elif yes:
                then()

        walk.app.push_screen(Ask(lambda: say(name), lambda: say(f"{name} yes"), lambda: say(f"{name} no")), answered)

    # -- the sign-in -------------------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Ask for the password, and sign in. First say so where the pool may be somebody else's."""
        join = self.ready()
        if join is None:
            return
        if join.joining.owns_pool:
            self._open(join, agreed=False)
        else:
            self._agree(["doubt pool"], lambda: self._open(join, agreed=True))

    def _open(self, join: Join, *, agreed: bool) -> None:
        from cogwizard.ui.join.signin import JoinSignIn

        walk, page = self._walk, JoinSignIn(copy(join), agreed=agreed)

        async def closed(_: bool | None) -> None:
            if page.join.joining is not join.joining:
                walk.typed.username = page.join.joining.username or ""
                walk.take(page.join)
                await walk.action_step(SCREENS.index(SIGN_IN))
                await walk.update()

        walk.app.push_screen(page, closed)

    # -- the call ----------------------------------------------------------------------------------------------------

    def call(self) -> None:
        """Make the call that stands in the fields, with the token that the method wants; the user is signed in."""
        join, walk = self.ready(), self._walk
        method, path = walk.typed.method.upper(), walk.typed.path
        if join is None:
            return
        if not is_method(method) or not _PATH.fullmatch(path):
            walk.notify(walk.say("bad call"), severity="warning", timeout=_LONG)
            return
        is_own, is_safe, working = join.joining.owns_api, method in SAFE_METHODS, copy(join)

        def work(cancelled: threading.Event) -> Join:
            working.call(method, path, asked=not is_safe, agreed=not is_own, cancelled=cancelled)
            return working

        async def called(done: Join) -> None:
            walk.take(done)

        questions = [*([] if is_own else ["doubt api"]), *([] if is_safe else ["may change"])]
        if questions:
            call = f"{scrub(method, 40)} {scrub(path, 200)}"
            self._agree(questions, lambda: self._ask(work, "calling", called), call=call)
        else:
            self._ask(work, "calling", called)

    # -- the export --------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Write the call as files for Postman and others."""
        join, walk = self.ready(), self._walk
        if join is None:
            return
        if join.joining.called is None:
            walk.notify(walk.session.texts.screen("onboard_command", "no route"))
            return
        working = copy(join)

        def work(_: threading.Event) -> Join:
            working.export(())
            return working

        async def made(done: Join) -> None:
            if done.checklist is not None:
                self._choose_files(join, done.checklist.setup)

        self._ask(work, "exporting", made)

    def _choose_files(self, join: Join, setup: Setup) -> None:
        from cogwizard.report import postman
        from cogwizard.steps.checklist import judge
        from cogwizard.ui.postman.export import ExportFiles
        from cogwizard.ui.postman.known import Known

        walk = self._walk
        known = Known(setup, postman.build(setup, judge(setup), walk.session.texts))
        dialog = ExportFiles(known, join.joining.case.call, walk.typed.exporting)

        async def closed(_: None) -> None:
            if dialog.written:
                done = copy(join)
                done.joining = replace(join.joining, files=tuple(path.name for path in dialog.written))
                walk.take(done)
                await walk.update()

        walk.app.push_screen(dialog, closed)
