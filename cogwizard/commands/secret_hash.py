"""`cogwizard explain secret-hash-wrong --username ...`: a SECRET_HASH computed, and compared with another one."""

import argparse

from cogwizard.commands.output import Exit, UsageError, put, put_json, read_secret, say
from cogwizard.report.markdown import escape
from cogwizard.report.secret_hash import Document, build
from cogwizard.text import Texts

CODES = ("secret-hash-missing", "secret-hash-wrong")


def is_wanted(options: argparse.Namespace) -> bool:
    """Whether one of the options that say what to compute it from was given."""
    given = (options.username, options.client_id, options.client_secret, options.hash)
    return any(item is not None for item in given) or bool(options.other_username or options.print)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Compute and compare; return the exit code: 1 where the given hash does not fit. Raises UsageError, BadName."""
    if options.list or options.code not in CODES:
        raise UsageError("secret-hash-code", codes=", ".join(CODES))
    if not options.username or not options.client_id:
        raise UsageError("secret-hash-needs")
    if [options.client_secret, options.hash].count("-") > 1:
        raise UsageError("stdin-twice")
    secret = _secret(options, texts)
    given = read_secret(options.hash, kinds=()) if options.hash is not None else None
    found = build(options.username, options.client_id, secret, texts, given, tuple(options.other_username))
    if options.print:
        _print(found, options, secret)
    elif options.format == "json":
        put_json(found)
    else:
        put(_page(found, options.format, texts))
    return Exit.FAULT if found["matches"] is False else Exit.OK


def _secret(options: argparse.Namespace, texts: Texts) -> str:
    from cogwizard.commands.asking import ask_secret, can_ask

    if options.client_secret is not None:
        return read_secret(options.client_secret, kinds=("client-secret",))
    secret = ask_secret(texts.screen("secret_hash", "ask secret")) if can_ask() else ""
    if not secret:
        raise UsageError("secret-hash-needs")
    return secret


def _print(found: Document, options: argparse.Namespace, secret: str) -> None:
    """Write the hash alone to standard output: the user asked for it. What is said of another one is narration."""
    from cogwizard.signin.secret_hash import secret_hash

    put(secret_hash(options.username, options.client_id, secret))
    if found["summary"]:
        say(f"cogwizard: {found['summary']}")


def _page(found: Document, form: str, texts: Texts) -> str:
    def words(key: str) -> str:
        return texts.screen("secret_hash", key)

    names = {name: words(f"name {name}") for name in ("key", "username", "client_id")}
    sides = (texts.screen("secret_hash", "formula", **names), found["formula"], found["fingerprint"])
    if form == "markdown":
        lines = [f"- `SECRET_HASH` = {escape(side)}" for side in sides]
    else:
        lines = [f"{'SECRET_HASH' if at == 0 else '':11} = {side}" for at, side in enumerate(sides)]
    said = [f"{found['given']}: {found['summary']}"] if found["summary"] else []
    told = [*said, words("to print")]
    return "\n".join([*lines, "", *(map(escape, told) if form == "markdown" else told)])
