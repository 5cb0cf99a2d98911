"""A SECRET_HASH as it may be shown: its formula filled in, and which input makes another one wrong."""

import json
from typing import Any

from cogwizard.model.inert import fingerprint, inert
from cogwizard.signin.secret_hash import check, secret_hash
from cogwizard.text import Texts

Document = dict[str, Any]
SCHEMA = "cogwizard/secret-hash@1"
_LONGEST = 128  # characters of a user name and of a client id (7.1 [D: BOTO])


def formula(username: str, client_id: str, secret: str) -> str:
    """Return the formula with its inputs in place, of the secret the fingerprint alone; the same in every language."""
    return "Base64(HMAC-SHA256(key: {key}, text: {username} + {client_id}))".format(
        **parts(username, client_id, secret)
    )


def build(
    username: str, client_id: str, secret: str, texts: Texts, given: str | None = None, others: tuple[str, ...] = ()
) -> Document:
    """Return what is told of a hash as JSON-ready data; neither the secret nor a hash is in it.

    `given`: a hash to compare with; `others`: further user names that it may have been computed from. `matches` and
    `slip` are None without `given`, `slip` also where it fits.
    """
    found = check(given, username, client_id, secret, others) if given is not None else None
    other = others[found.other] if found and found.slip == "other-user" else None
    return {
        "schema": SCHEMA,
        "username": inert(username, _LONGEST),
        "client_id": inert(client_id, _LONGEST),
        "formula": formula(username, client_id, secret),
        "fingerprint": f"secret {fingerprint(secret_hash(username, client_id, secret))}",
        "given": f"secret {fingerprint(given.strip())}" if given is not None else None,
        "matches": found.slip == "right" if found else None,
        "slip": found.slip if found and found.slip != "right" else None,
        "other_username": inert(other, _LONGEST) if other is not None else None,
        "summary": texts.screen("secret_hash", f"slip {found.slip}", name=_quoted(other or "")) if found else None,
    }


def parts(username: str, client_id: str, secret: str) -> dict[str, str]:
    """Return the inputs as the formula shows them; those that are empty are left out."""
    shown = {"key": f"secret {fingerprint(secret)}", "username": _quoted(username), "client_id": _quoted(client_id)}
    given = {"key": secret, "username": username, "client_id": client_id}
    return {name: text for name, text in shown.items() if given[name]}


def _quoted(text: str) -> str:
    """Return a text in quotes: a blank at its end is seen."""
    return json.dumps(inert(text, _LONGEST), ensure_ascii=False)
