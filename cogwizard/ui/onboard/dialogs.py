"""The questions of the walk-through, and where its user's password can be kept."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from cogwizard.ui.ask import Ask

if TYPE_CHECKING:
    from cogwizard.ui.keep import Keep
    from cogwizard.ui.onboard.build import Build
    from cogwizard.ui.onboard.walk import Walk


def ask(walk: "Walk", name: str, then: Callable[[], Awaitable[None] | None]) -> None:
    """Ask a question, by the beginning of its keys; on yes, go on."""
    build = walk.build
    choices, place = build.plan.choices, walk.place()
    left = sum(build.state(write.id).kind != "done" for write in build.plan.writes)

    def say(key: str) -> str:
        costs = walk.session.texts.screen("onboard", "costs")
        params = {"count": left, "place": place, "name": choices.name, "username": choices.username}
        return walk.say(key, costs=costs, **params)

    async def answered(yes: bool | None) -> None:
        if yes and (following := then()) is not None:
            await following

    question = Ask(lambda: say(f"{name} ask"), lambda: say(f"{name} yes"), lambda: say(f"{name} no"))
    walk.app.push_screen(question, answered)


def keeper(build: "Build") -> "Keep":
    """Return the dialog that keeps the user's password, with what it belongs to."""
    from cogwizard.ui.keep import Keep

    walk = build.walk
    known = {**walk.values, "user_pool_id": walk.values.get("pool_id", "")}
    about = {name: known[name] for name in ("client_id", "user_pool_id", "username", "region") if known.get(name)}
    return Keep("password", walk.hidden.password, about, walk.choices.name)
