"""What was typed to join an API, and how its file is read. It outlives the pages. No widget."""

import os
import stat
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cogwizard.files import NotRead
from cogwizard.intake.team import find_team, read_team
from cogwizard.ui.postman.state import Typed as Exporting

if TYPE_CHECKING:
    from cogwizard.joining import Join
    from cogwizard.model.team import Team

_LARGEST = 1024 * 1024  # bytes; what a team file may hold at most, `read_team` says


@dataclass
class Typed:
    """`file`: the path; `team`: what the file at `read_from` says, None before it was read. `method`, `path`: of the
    call. `join`: all that is known of the one who joins, with the tokens of the sign-in. `exporting`: what stands in
    the dialog of the export.
    """

    file: str = ""
    team: "Team | None" = None
    read_from: str = ""
    username: str = field(default="", repr=False)
    method: str = ""
    path: str = ""
    join: "Join | None" = field(default=None, repr=False)
    exporting: Exporting = field(default_factory=Exporting)

    @property
    def is_read(self) -> bool:
        """Whether the file that is named was read, and can be used."""
        return self.team is not None and self.file == self.read_from

    def take(self, team: "Team") -> None:
        """Take what the file that is named says. What was known of another one does not belong to it."""
        if team != self.team:
            self.method, self.path = team.first_route or ("GET", "")
            self.join = None
        self.team, self.read_from = team, self.file


def found_file() -> str:
    """Return the path of the file of the repository that the current folder is in, "" without one. Blocks."""
    try:
        found = find_team(Path.cwd())
    except OSError:  # the current folder is gone
        return ""
    return str(found) if found else ""


def read_file(path: str) -> "Team":
    """Return what a file says. Blocks. Raises NotRead for what is no plain file, BadInput for what it may not say."""
    name = Path(path)
    try:
        name = name.expanduser()
        if not stat.S_ISREG(name.stat().st_mode):  # a pipe would be waited for, a terminal would take the keys
            raise NotRead("file-unreadable", path=path, error="no plain file")
        with name.open("rb") as file:
            data = file.read(_LARGEST)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in the name, "~" of nobody
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
        raise NotRead("file-unreadable", path=path, error=reason) from None
    return read_team(data)


def anew(made: "Join", before: "Join | None") -> "Join":
    """Return one who joins of whom nothing was read yet, still signed in: what one mended says is no longer true."""
    login = before.login if before else None
    if before is not None and login is not None and login.tokens is not None:
        made.login = login
        made.joining = replace(made.joining, attempt=before.joining.attempt)
    if before is not None:
        made.joining = replace(made.joining, files=before.joining.files)
    return made


def as_user(join: "Join", username: str) -> "Join":
    """Return the same with a user name."""
    made = copy(join)
    made.joining = replace(join.joining, username=username)
    return made
