"""`cogwizard vault`: what is held in the OS keyring, never its values."""

import argparse
from collections.abc import Sequence
from typing import Any, get_args

from cogwizard.commands.asking import ask, ask_secret, can_ask
from cogwizard.commands.output import Exit, UsageError, put, put_json, read_secret, say, vault
from cogwizard.model.inert import inert
from cogwizard.report.markdown import escape
from cogwizard.report.wrap import width
from cogwizard.text import Texts
from cogwizard.vault.backends import Backend
from cogwizard.vault.doctor import Doctor, examine
from cogwizard.vault.kinds import AwsKeys, Kind, Secret, pack_keys
from cogwizard.vault.outcome import Entry, Trouble, key_of

SCHEMA = "cogwizard/vault@1"
DOCTOR_SCHEMA = "cogwizard/vault-doctor@1"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run one of the four and return its exit code: 3 when the keyring could not be looked at or written to.

    Raises UsageError, BadName, BadValue.
    """
    actions = {"list": _list, "set": _set, "forget": _forget, "doctor": _doctor}
    return actions[options.action](options, texts)


def _list(options: argparse.Namespace, texts: Texts) -> int:
    listing = vault().names()
    if options.format == "json":
        entries = [_entry(entry) for entry in listing.entries]
        _put_result({"backend": listing.backend, "entries": entries}, listing.trouble, texts)
    elif listing.entries:
        head = tuple(texts.vault(key) for key in ("name", "kind", "about"))
        rows = [(entry.name, entry.kind, _about(entry)) for entry in listing.entries]
        put(_table(head, rows, options.format))
    elif listing.trouble is None:
        put(texts.vault("nothing"))
    return _told(options, listing.trouble, texts)


def _set(options: argparse.Namespace, texts: Texts) -> int:
    key_of(options.name)  # before a secret is asked for
    if options.source is None:
        value = _asked(options.name, options.kind, texts)
    else:
        value = read_secret(options.source, kinds=(options.kind,) if options.kind in get_args(Secret) else ())
    saved = vault().save(options.name, options.kind, value)
    if options.format == "json":
        document = {"stored": saved.stored, "backend": saved.backend, "entry": _entry(saved.entry)}
        _put_result({**document, "list_begun_anew": saved.list_begun_anew}, saved.trouble, texts)
    elif saved.stored:
        put(texts.vault("stored", name=options.name, kind=options.kind, backend=saved.backend))
    else:
        put(texts.vault("not stored", name=options.name))
    return _told(options, saved.trouble, texts, saved.list_begun_anew)


def _forget(options: argparse.Namespace, texts: Texts) -> int:
    done = vault().forget(options.name)
    if done.trouble is None and not done.removed:
        raise UsageError("vault-missing")
    if options.format == "json":
        document = {"name": done.name, "removed": done.removed, "list_begun_anew": done.list_begun_anew}
        _put_result(document, done.trouble, texts)
    elif done.removed:
        put(texts.vault("removed", name=done.name, backend=vault().backend or texts.vault("keyring")))
    return _told(options, done.trouble, texts, done.list_begun_anew)


def _doctor(options: argparse.Namespace, texts: Texts) -> int:
    found = examine(options.probe)
    if options.format == "json":
        put_json(_doctor_document(found, texts))
    else:
        put(_doctor_page(found, options.format, texts))
    return Exit.OK if found.usable else Exit.INCONCLUSIVE


def _told(options: argparse.Namespace, trouble: Trouble | None, texts: Texts, is_begun_anew: bool = False) -> int:
    """Say what went wrong to standard error, and return the exit code."""
    if trouble and options.format != "json":
        say(f"cogwizard: {_sentence(trouble, texts)}")
    if is_begun_anew and options.format != "json":
        say(f"cogwizard: {texts.vault('list begun anew')}")
    return Exit.INCONCLUSIVE if trouble else Exit.OK


def _sentence(trouble: Trouble, texts: Texts) -> str:
    return texts.keyring_trouble(trouble.state, trouble.backend, trouble.detail)


def _put_result(document: dict[str, Any], trouble: Trouble | None, texts: Texts) -> None:
    put_json({"schema": SCHEMA, **document, "trouble": _trouble(trouble, texts)})


def _trouble(trouble: Trouble | None, texts: Texts) -> dict[str, str] | None:
    if trouble is None:
        return None
    return {"state": trouble.state, "detail": trouble.detail, "text": _sentence(trouble, texts)}


def _entry(entry: Entry) -> dict[str, Any]:
    return {"name": entry.name, "kind": entry.kind, "about": dict(entry.about)}


def _about(entry: Entry) -> str:
    return inert(", ".join(f"{fact}={text}" for fact, text in entry.about.items()), 400)


def _asked(name: str, kind: Kind, texts: Texts) -> str:
    """Return a secret that is typed. Raises UsageError where nobody can type, or where it would be seen."""
    if not can_ask():
        raise UsageError("vault-no-source")
    if kind == "tokens":  # a terminal passes no line of more than 4,096 characters on
        raise UsageError("vault-long-source")
    if kind == "aws-keys":
        key_id = ask(texts.vault("ask key id"))
        secret, session = (ask_secret(texts.vault(key)).strip() for key in ("ask key", "ask session"))
        return pack_keys(AwsKeys(key_id, secret, session or None))
    value = ask_secret(texts.vault("ask secret", kind=texts.screen("vault", f"kind {kind}"), name=name)).strip()
    if not value:
        raise UsageError("vault-no-source")
    return value


def _doctor_document(found: Doctor, texts: Texts) -> dict[str, Any]:
    chosen = found.chosen if isinstance(found.chosen, Backend) else None
    failure = found.probe if isinstance(found.probe, Trouble) else None
    return {
        "schema": DOCTOR_SCHEMA,
        "usable": found.usable,
        "chosen": chosen.id if chosen else None,
        "trouble": _trouble(found.chosen if isinstance(found.chosen, Trouble) else None, texts),
        "probe": {"ok": failure is None, "trouble": _trouble(failure, texts)} if found.probe else None,
        "setting": {"source": found.setting.source, "names": inert(found.setting.place, 200)}
        if found.setting
        else None,
        "backends": [
            {
                "id": item.id or None,
                "name": item.name,
                "class": item.place,
                "usable": item.usable,
                "reason": item.reason,
                "detail": item.detail,
                "text": texts.vault(f"reason {item.reason}"),
            }
            for item in found.backends
        ],
        "place": found.place,
        "advice": texts.vault(f"advice {found.place}"),
    }


def _doctor_page(found: Doctor, form: str, texts: Texts) -> str:
    lines = []
    if isinstance(found.chosen, Backend):
        lines.append(texts.vault("uses", backend=found.chosen.name))
        if isinstance(found.probe, Trouble):
            lines.append(_sentence(found.probe, texts))
        else:
            lines.append(texts.vault("probe ok" if found.probe else "probe not asked"))
    else:
        lines.append(texts.vault("uses none"))
        if found.chosen.state != "none":  # the table says it
            lines.append(_sentence(found.chosen, texts))
    if found.setting:
        place = inert(found.setting.place, 200)
        lines.append(texts.vault("setting", source=inert(found.setting.source, 300), place=place))
    if form == "markdown":
        lines = [escape(line) for line in lines]
    rows = [
        (item.name, texts.vault(f"reason {item.reason}") + (f" ({item.detail})" if item.detail else ""))
        for item in found.backends
    ]
    lines += ["", _table((texts.vault("backend"), texts.vault("reason")), rows, form)]
    if not found.usable:
        advice = texts.vault(f"advice {found.place}")
        lines += [
            "",
            f"{texts.vault('how')}: {advice}" if form != "markdown" else f"## {texts.vault('how')}\n\n{advice}",
        ]
    return "\n".join(lines)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], form: str) -> str:
    if form == "markdown":
        cells = [head, tuple("---" for _ in head), *(tuple(escape(cell) for cell in row) for row in rows)]
        return "\n".join(f"| {' | '.join(row)} |" for row in cells)
    widths = [max(width(row[place]) for row in (head, *rows)) for place in range(len(head))]
    padded = [
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(padded)
