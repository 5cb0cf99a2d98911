"""What others wrote into the keyring, and what was lost there: it is damaged, costs little, and can be replaced."""

import base64
import hashlib
import json
import threading

import pytest

from cogwizard.vault import Held, Trouble, Vault
from cogwizard.vault.outcome import Listing
from cogwizard.vault.record import Records
from cogwizard.vault.store import INDEX, service_of
from cogwizard.vault.worker import VaultError, Worker
from tests.vault.rings import WINDOWS, MemoryRing, chosen

SECRET = "c4nary-s3cret"
DAMAGED = Trouble("damaged", backend="Test Keyring")
LIST_DAMAGED = Trouble("list-damaged", backend="Test Keyring")


def vault_on(ring: MemoryRing, longest: int = 1024 * 1024, deadline: float = 30.0) -> Vault:
    return Vault(chosen(ring, longest), deadline)


def record(text: str | bytes) -> str:
    """Return a whole record of any bytes; a text stands for the Base64 itself."""
    coded = base64.urlsafe_b64encode(text).decode() if isinstance(text, bytes) else text
    return f"cogwizard/1 - 0 {len(coded)} {hashlib.sha256(coded.encode()).hexdigest()} {coded}"


def entry(**changes: object) -> dict[str, object]:
    return {"name": "x", "kind": "token", "about": {}, "value": SECRET} | changes


def as_record(document: object) -> str:
    return record(json.dumps(document).encode())


NO_RECORDS = {
    "empty": "",
    "other": "x",
    "no parts": "cogwizard/1 a 3 10 " + "0" * 64,
    "wrong hash": "cogwizard/1 - 0 4 " + "0" * 64 + " YWJj",
    "too many parts": "cogwizard/1 a 999999 5 " + "0" * 64,
    "no base64": record("A"),
    "no utf-8": record(b"\xff\xfe"),
    "no json": record(b"["),
    "deep": record(b"[" * 100_000),
    "no object": as_record([]),
}
LISTS = NO_RECORDS | {
    "no list": as_record({}),
    "a number": as_record({"entries": 5}),
    "null": as_record({"entries": None}),
    "a text": as_record({"entries": "abc"}),
    "no names": as_record({"entries": [entry(name=5)]}),
    "no kinds": as_record({"entries": [entry(kind=[])]}),
}
ENTRIES = NO_RECORDS | {
    "a number for a name": as_record(entry(name=5)),
    "another's name": as_record(entry(name="victim")),
    "another kind": as_record(entry(kind="key")),
    "a list for a kind": as_record(entry(kind=[])),
    "a list of facts": as_record(entry(about=[1])),
    "no value": as_record(entry(value=None)),
    "no tokens": as_record(entry(kind="tokens")),
    "no keys": as_record(entry(kind="aws-keys", value='{"aws_access_key_id": "a"}')),
}


@pytest.mark.parametrize("raw", ENTRIES.values(), ids=ENTRIES.keys())
def test_an_entry_of_others_is_damaged_and_can_be_replaced(raw: str) -> None:
    ring = MemoryRing(held={service_of("x"): raw})
    vault = vault_on(ring)
    found = vault.read("x")
    assert found == DAMAGED
    assert SECRET not in repr(found)
    assert vault.save("x", "token", "1").stored
    assert vault_on(ring).read("x") == vault.read("X")
    assert isinstance(vault.read("x"), Held)


@pytest.mark.parametrize("raw", LISTS.values(), ids=LISTS.keys())
def test_a_damaged_list_is_begun_anew_with_the_next_entry(raw: str) -> None:
    """Who was listed is lost, which is said; the values stay."""
    ring = MemoryRing()
    vault_on(ring).save("former", "token", SECRET)
    ring.held[INDEX] = raw
    vault = vault_on(ring)
    assert vault.names() == Listing((), "Test Keyring", LIST_DAMAGED)
    assert vault.forget("nobody").removed is False
    saved = vault.save("y", "token", "1")
    assert (saved.stored, saved.list_begun_anew) == (True, True)
    assert [each.name for each in vault.names().entries] == ["y"]
    assert vault.names().trouble is None
    assert isinstance(held := vault.read("former"), Held)
    assert held.value == SECRET
    again = vault.save("z", "token", "1")
    assert (again.stored, again.list_begun_anew) == (True, False)
    assert vault.forget("former").removed


def test_what_can_be_read_of_a_damaged_list_is_kept() -> None:
    ring = MemoryRing()
    vault = vault_on(ring)
    vault.save("former", "token", SECRET)
    vault.save("x", "token", SECRET)
    index = as_record({"entries": [entry(name="former"), {"name": "x"}]})
    ring.held[INDEX] = index
    listing = vault.names()
    assert ([each.name for each in listing.entries], listing.trouble) == (["former"], LIST_DAMAGED)
    assert vault.save("former", "token", SECRET).list_begun_anew
    assert vault.names().trouble is None
    ring.held[INDEX] = index
    forgotten = vault.forget("former")
    assert (forgotten.removed, forgotten.list_begun_anew) == (True, True)
    assert vault.names() == Listing((), "Test Keyring")


def test_a_failed_save_leaves_the_damaged_list_as_it_was() -> None:
    ring = MemoryRing(held={INDEX: "x"})

    def before(operation: str, service: str) -> None:
        if (operation, service) == ("set", service_of("y")):
            raise PermissionError

    ring.before = before
    saved = vault_on(ring).save("y", "token", "1")
    assert (saved.stored, saved.list_begun_anew) == (False, False)
    assert ring.held == {INDEX: "x"}


def test_a_lost_part_is_damage() -> None:
    ring = MemoryRing(limit=2560)
    vault_on(ring, WINDOWS).save("x", "token", "x" * 5000)
    del ring.held["cogwizard:x/a/2"]
    assert vault_on(ring, WINDOWS).read("x") == DAMAGED
    vault_on(ring, WINDOWS).forget("x")
    assert list(ring.held) == [INDEX]


def test_a_head_that_asks_for_much_gets_little() -> None:
    """More parts than there can be are none; of those that may be, the first that is missing ends it."""
    for count, length, most in ((999_999, 999_999_999, 3), (10_000, 5, 3), (10_000, 10_000, 6)):
        ring = MemoryRing(held={INDEX: f"cogwizard/1 a {count} {length} {'0' * 64}"})
        assert vault_on(ring).names().trouble == LIST_DAMAGED
        assert 0 < len(ring.calls) <= most


class Endless(MemoryRing):
    """Has each part of whatever it is asked for, and takes its time for each."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the head, or a part."""
        threading.Event().wait(0.01)
        return super().get_password(service, username) or "x"


def test_many_parts_take_no_longer_than_the_deadline() -> None:
    ring = Endless(held={INDEX: f"cogwizard/1 a 10000 10000 {'0' * 64}"})
    assert vault_on(ring, deadline=0.2).names().trouble == Trouble("hanging", backend="Test Keyring")
    assert len(ring.calls) < 10_000


def test_more_parts_than_there_can_be_are_not_written() -> None:
    """They could not be read."""
    ring = MemoryRing()
    backend = chosen(ring, longest=1)()
    assert not isinstance(backend, Trouble)
    outcome = Worker(30.0).run(lambda job: Records(backend, job).write("x", "v" * 10_000))
    assert outcome == Trouble("too-small")
    assert not ring.held


def test_the_head_of_a_record_does_not_show_the_secret() -> None:
    """A traceback with local variables would."""
    from cogwizard.vault.record import _read_head

    raw = record(SECRET.encode())
    shown = repr(_read_head(raw))
    assert base64.urlsafe_b64encode(SECRET.encode()).decode() not in shown
    assert hashlib.sha256(base64.urlsafe_b64encode(SECRET.encode())).hexdigest() not in shown
    assert str(_read_head(raw)) == raw


def test_the_refusal_of_a_damaged_record_holds_nothing_of_it() -> None:
    """A text that is no UTF-8 is quoted by the error that Python raises for it."""
    ring = MemoryRing(held={"x": record(SECRET.encode() + b"\xff")})
    backend = chosen(ring)()
    assert not isinstance(backend, Trouble)
    caught: list[VaultError] = []

    def work(job: object) -> None:
        try:
            Records(backend, job).read("x")  # type: ignore[arg-type]
        except VaultError as refusal:
            caught.append(refusal)

    Worker(30.0).run(work)
    assert caught[0].__context__ is None
