"""`diagnose --har`: the failing call of a browser's recording."""

from cogwizard.commands.output import UsageError
from cogwizard.files import NotRead, numbered, opened
from cogwizard.intake.har import Recording, read_har
from cogwizard.report.redaction import show_url

Notes = list[tuple[str, dict[str, object]]]


def read_recording(source: str, notes: Notes) -> Recording:
    """Return what the file of `--har FILE`, `FILE#N` or `-` holds of the failing call, and note which that is.

    Raises UsageError, BadInput.
    """
    path, number = numbered(source)
    try:
        with opened(path) as file:
            found = read_har(file, number)
    except NotRead as error:
        raise UsageError(error.key, **error.params) from None
    _tell(found, notes)
    return found


def _tell(found: Recording, notes: Notes) -> None:
    entry, preflight = found.entry, found.preflight
    place: dict[str, object] = {"number": entry.number, "count": found.count}
    call = {"method": entry.call.method, "url": show_url(entry.call.url), "status": entry.status}
    notes.append(("har-entry" if entry.answer else "har-entry-unanswered", {**place, **call}))
    if len(found.failing) > 1:
        numbers = ", ".join(str(item.number) for item in found.failing[-10:])
        notes.append(("har-others", {"numbers": numbers}))
    if preflight:
        notes.append(("har-preflight", {"number": preflight.number, "status": preflight.status}))
    if found.is_cut:
        notes.append(("har-cut", {"count": found.count}))
    if found.headers_left_out:
        notes.append(("har-left-out", {}))
    if entry.unreadable:
        notes.append(("har-unreadable-body", {"encoding": entry.unreadable[:40]}))
