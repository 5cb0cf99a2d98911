"""The vault on keyrings that work, refuse, lie, hang and die in the middle of a write."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from cogwizard.model.tokens import Tokens
from cogwizard.vault import BadName, Entry, Held, Trouble, Vault, lock
from cogwizard.vault.kinds import BadValue, pack_tokens
from cogwizard.vault.outcome import Forgotten
from cogwizard.vault.store import INDEX
from tests.vault.rings import WINDOWS, Gate, MemoryRing, chosen

SECRET = "c4nary-s3cret"
LONG = "é😀\udcff\x00" + "x" * 5000  # characters of each width, a lone surrogate, a control
SHORT = 0.2  # seconds


def vault_on(ring: MemoryRing, longest: int = 1024 * 1024, deadline: float = 30.0) -> Vault:
    return Vault(chosen(ring, longest), deadline)


def value_of(found: Held | Trouble) -> str:
    assert isinstance(found, Held), found
    return found.value


def test_a_secret_is_kept_and_found_by_another_process() -> None:
    ring = MemoryRing()
    about = {"client_id": "abc", "username": "taro@example.com", "password": SECRET}
    saved = vault_on(ring).save("Orders.client", "client-secret", SECRET, about)
    entry = Entry("Orders.client", "client-secret", {"client_id": "abc", "username": "taro@example.com"})
    assert (saved.stored, saved.entry, saved.backend, saved.trouble) == (True, entry, "Test Keyring", None)
    later = vault_on(ring)
    assert later.read("orders.CLIENT") == Held(entry, SECRET)
    listing = later.names()
    assert (listing.entries, listing.backend, listing.trouble) == ((entry,), "Test Keyring", None)
    assert later.forget("orders.client") == Forgotten("orders.client", True)
    assert later.read("Orders.client") == Trouble("missing", backend="Test Keyring")
    assert later.names().entries == ()
    assert later.forget("Orders.client").removed is False
    assert not [service for service in ring.held if service != INDEX]


def test_nothing_shows_the_secret() -> None:
    vault = vault_on(MemoryRing())
    saved, read = vault.save("a", "password", SECRET), vault.read("a")
    kept = vault_on(MemoryRing(before=locked)).save("a", "password", SECRET)
    assert SECRET not in repr((saved, read, vault.names(), vault, kept, kept.entry))


@pytest.mark.parametrize("kind", ["client-secret", "password", "refresh-token", "token"])
@pytest.mark.parametrize("value", ["", " ", "x", LONG, "漢字", "\r\n", '{"a": 1}'])
@pytest.mark.parametrize("longest", [WINDOWS, 1024 * 1024])
def test_values_come_back_as_they_were(kind: str, value: str, longest: int) -> None:
    ring = MemoryRing(limit=2560 if longest == WINDOWS else None)
    assert vault_on(ring, longest).save("x", kind, value).stored  # type: ignore[arg-type]
    assert value_of(vault_on(ring, longest).read("x")) == value
    assert all(text.isascii() and len(text) <= longest for text in ring.held.values())


def test_a_value_replaces_a_former_one_and_leaves_nothing() -> None:
    """Long, longer, shorter, short, long: in each step only the parts of the last one are there."""
    ring = MemoryRing(limit=2560)
    vault = vault_on(ring, WINDOWS)
    for size, parts in ((3000, 4), (9000, 11), (2000, 3), (10, 0), (3000, 4)):
        assert vault.save("x", "token", "v" * size).stored
        assert value_of(vault.read("x")) == "v" * size
        assert len([service for service in ring.held if service.startswith("cogwizard:x/")]) == parts
    vault.forget("x")
    assert not [service for service in ring.held if service.startswith("cogwizard:x")]


def test_many_names_fit_into_the_list() -> None:
    ring = MemoryRing(limit=2560)
    vault = vault_on(ring, WINDOWS)
    names = [f"entry-{number:03}@example.com" for number in range(40)]
    for name in names:
        assert vault.save(name, "password", SECRET, {"username": "名前" * 50}).stored
    assert [entry.name for entry in vault_on(ring, WINDOWS).names().entries] == names


def test_new_facts_are_listed() -> None:
    ring = MemoryRing()
    vault = vault_on(ring)
    vault.save("x", "token", "1", {"expires_at": "1"})
    vault.save("X", "token", "2", {"expires_at": "2"})
    assert vault.names().entries == (Entry("X", "token", {"expires_at": "2"}),)


BAD_NAMES = ["", " ", "a b", "a/b", "a:b", "-a", "a-", ".a", "a" * 65, "é", "漢字", "a\n", "\x1b[31m", "../x", "x.id"]
SECRET_LOOKING = ["eyJhbGciOiJub25lIn0", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"]


@pytest.mark.parametrize("name", [*BAD_NAMES, "x.ACCESS", "a.refresh", *SECRET_LOOKING])
def test_a_bad_name_is_refused_and_not_repeated(name: str) -> None:
    ring = MemoryRing()
    vault = vault_on(ring)
    for act in (lambda: vault.save(name, "password", SECRET), lambda: vault.read(name), lambda: vault.forget(name)):
        with pytest.raises(BadName) as refused:
            act()
        assert (str(refused.value), refused.value.params) == ("bad-name", {})
    assert ring.calls == []


@pytest.mark.parametrize("name", ["a", "0", "a.b", "taro@example.com", "a+b_c-d", "x.identity", "id", "A" * 64])
def test_a_good_name_is_taken(name: str) -> None:
    ring = MemoryRing()
    assert vault_on(ring).save(name, "password", SECRET).stored
    assert value_of(vault_on(ring).read(name)) == SECRET


def test_a_value_that_is_not_of_its_kind_is_refused() -> None:
    with pytest.raises(BadValue) as refused:
        vault_on(MemoryRing()).save("x", "aws-keys", SECRET)
    assert SECRET not in repr(refused.value)


def test_tokens_come_back() -> None:
    ring = MemoryRing(limit=2560)
    tokens = Tokens("id" * 600, "ac" * 600, "re" * 900, 3600, 1.5)
    vault_on(ring, WINDOWS).save("x", "tokens", pack_tokens(tokens))
    found = vault_on(ring, WINDOWS).read("x")
    assert isinstance(found, Held)
    assert found.tokens() == tokens


def locked(_operation: str, _service: str) -> None:
    raise KeyringLocked(SECRET)


def test_where_the_keyring_says_no_the_value_is_kept_in_memory() -> None:
    ring = MemoryRing(before=locked)
    vault = vault_on(ring)
    saved = vault.save("x", "password", SECRET)
    assert not saved.stored
    assert saved.backend is None
    assert saved.entry.in_memory
    assert saved.trouble == Trouble("locked", "KeyringLocked", "Test Keyring")
    assert value_of(vault.read("X")) == SECRET
    assert vault.names().entries == (saved.entry,)
    assert vault.names().trouble == saved.trouble
    assert vault_on(ring).read("x") == saved.trouble  # another process has nothing
    forgotten = vault.forget("x")
    assert (forgotten.removed, forgotten.trouble) == (True, saved.trouble)
    assert vault.read("x") == saved.trouble


def test_what_is_in_memory_is_newer_than_the_keyring() -> None:
    ring = MemoryRing()
    vault = vault_on(ring)
    vault.save("x", "password", "former")
    ring.before = locked
    vault.save("x", "password", "newer")
    ring.before = lambda *_: None
    assert value_of(vault.read("x")) == "newer"
    assert value_of(vault_on(ring).read("x")) == "former"
    assert vault.save("x", "password", "newest").stored
    assert value_of(vault.read("x")) == value_of(vault_on(ring).read("x")) == "newest"
    assert not vault.names().entries[0].in_memory


def test_no_keyring_at_all() -> None:
    vault = Vault(lambda: Trouble("none"))
    assert vault.save("x", "password", SECRET).trouble == Trouble("none")
    assert value_of(vault.read("x")) == SECRET
    assert vault.read("y") == vault.names().trouble == Trouble("none")


class Forgetful(MemoryRing):
    """As the null backend: says yes, and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep nothing."""


class Cutting(MemoryRing):
    """Keeps the beginning."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep 150 characters."""
        super().set_password(service, username, password[:150])


class Folding(MemoryRing):
    """Keeps all parts in one place."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep under the name without its number."""
        super().set_password(service.rstrip("0123456789"), username, password)

    def get_password(self, service: str, username: str) -> str | None:
        """Return likewise."""
        return super().get_password(service.rstrip("0123456789"), username)


@pytest.mark.parametrize(
    ("ring", "longest", "state"),
    [
        (Forgetful(), WINDOWS, "lost"),
        (Cutting(), WINDOWS, "too-small"),
        (Folding(), WINDOWS, "lost"),
        (MemoryRing(limit=2560), 1024 * 1024, "too-small"),
        (MemoryRing(limit=100), WINDOWS, "too-small"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, MemoryRing) else None,
)
def test_a_keyring_that_keeps_something_else_is_found_out(ring: MemoryRing, longest: int, state: str) -> None:
    vault = vault_on(ring, longest)
    saved = vault.save("x", "token", LONG)
    assert saved.trouble is not None
    assert saved.trouble.state == state
    assert value_of(vault.read("x")) == LONG


def test_a_value_of_more_than_a_megabyte_is_not_kept() -> None:
    ring = MemoryRing()
    saved = vault_on(ring).save("x", "token", "é" * 600_000)
    assert saved.trouble == Trouble("too-small", "1 MiB")
    assert ring.calls == []


class Killed(BaseException):
    """The process is dead from here on: no operation reaches the keyring any more."""


def interrupted(ring: MemoryRing, after: int, act: Callable[[Vault], object], error: type[BaseException]) -> bool:
    """Do something in a process that dies, or whose keyring fails once, after so many operations.

    Return whether it came to that.
    """
    count = 0
    hit = False

    def before(_operation: str, _service: str) -> None:
        nonlocal count, hit
        count += 1
        if count == after or (count > after and error is Killed):
            hit = True
            raise error

    ring.before = before
    act(vault_on(ring, WINDOWS))
    ring.before = lambda *_: None
    return hit


@pytest.mark.parametrize("error", [Killed, ZeroDivisionError])
@pytest.mark.parametrize(("former", "newer"), [("f" * 3000, "n" * 4000), ("f", "n" * 4000), ("f" * 3000, "n")])
def test_an_interrupted_write_leaves_the_former_value(error: type[BaseException], former: str, newer: str) -> None:
    """At each operation of a write: the former value or the newer, whole; and what is left can be overwritten."""
    after, seen = 0, set()
    hit = True
    while hit:
        after += 1
        ring = MemoryRing(limit=2560)
        vault_on(ring, WINDOWS).save("x", "token", former)
        vault_on(ring, WINDOWS).save("y", "token", "other")
        results = []
        hit = interrupted(ring, after, lambda vault: results.append(vault.save("x", "token", newer)), error)  # noqa: B023
        again = vault_on(ring, WINDOWS)
        found = value_of(again.read("x"))
        seen.add(found)
        if error is ZeroDivisionError:  # the keyring lives: what was told is what is there
            assert found == (newer if results[0].stored else former)
            assert [entry.name for entry in again.names().entries] == ["x", "y"]
        assert found in (former, newer)
        assert value_of(again.read("y")) == "other"
        assert {entry.name for entry in again.names().entries} == {"x", "y"}
        assert again.save("x", "token", "last").stored
        assert value_of(again.read("x")) == "last"
        assert {service for service in ring.held if service.startswith("cogwizard:")} == {"cogwizard:x", "cogwizard:y"}
    assert seen == {former, newer}
    assert after > 10


@pytest.mark.parametrize("error", [Killed, ZeroDivisionError])
def test_an_interrupted_first_write_can_be_seen_and_forgotten(error: type[BaseException]) -> None:
    """Nothing secret lies in the keyring under a name that is not listed."""
    after, hit = 0, True
    while hit:
        after += 1
        ring = MemoryRing(limit=2560)
        results = []
        hit = interrupted(ring, after, lambda vault: results.append(vault.save("x", "token", LONG)), error)  # noqa: B023
        again = vault_on(ring, WINDOWS)
        is_left = any(service.startswith("cogwizard:x") for service in ring.held)
        is_listed = bool(again.names().entries)
        assert is_listed or not is_left
        if error is ZeroDivisionError and not results[0].stored:
            assert not is_left
            assert not is_listed
        assert again.forget("x").removed is (is_listed or is_left)
        assert not [service for service in ring.held if service.startswith("cogwizard:")]
        assert again.names().entries == ()


def test_an_interrupted_forget_can_be_repeated() -> None:
    after, hit = 0, True
    while hit:
        after += 1
        ring = MemoryRing(limit=2560)
        vault_on(ring, WINDOWS).save("x", "token", LONG)
        hit = interrupted(ring, after, lambda vault: vault.forget("x"), Killed)
        again = vault_on(ring, WINDOWS)
        is_left = any(service.startswith("cogwizard:x") for service in ring.held)
        assert again.names().entries or not is_left
        again.forget("x")
        assert not [service for service in ring.held if service.startswith("cogwizard:")]


def test_a_write_that_succeeds_late_is_undone() -> None:
    """At each write: it hangs, the caller is told that nothing is stored, it comes back, and that is so."""
    for at in range(1, 9):
        ring = MemoryRing(limit=2560)
        first = vault_on(ring, WINDOWS)
        first.save("x", "token", "f" * 2000)
        gate, count = Gate(), 0

        def before(operation: str, _service: str, at: int = at, gate: Gate = gate) -> None:
            nonlocal count
            count += operation == "set"
            if operation == "set" and count == at:
                gate.wait()

        ring.before = before
        vault = vault_on(ring, WINDOWS, SHORT)
        saved = vault.save("x", "token", "n" * 2500, {"client_id": "new"})
        gate.open()
        if saved.stored:
            assert at > 5
            break
        assert saved.trouble is not None
        assert saved.trouble.state == "hanging"
        listing = vault.names()
        while listing.trouble:  # until the late call has come back and was undone
            listing = vault.names()
        assert value_of(first.read("x")) == "f" * 2000
        assert [entry.about for entry in first.names().entries] == [{}]
        assert value_of(vault.read("x")) == "n" * 2500
        assert len([service for service in ring.held if service.startswith("cogwizard:x/")]) == 3
    else:
        pytest.fail("no write without a hanging call was reached")


def test_a_hanging_writer_keeps_other_writers_out_but_no_readers() -> None:
    ring, gate = MemoryRing(), Gate()
    vault_on(ring).save("x", "token", "former")
    ring.before = lambda operation, _: gate.wait() if operation == "set" else None
    hanging = vault_on(ring, deadline=SHORT)
    assert hanging.save("x", "token", "newer").trouble == Trouble("hanging", backend="Test Keyring")
    other = vault_on(ring, deadline=SHORT)
    assert value_of(vault_on(ring).read("x")) == "former"
    saved = other.save("y", "token", "z")
    assert saved.trouble == Trouble("busy", backend="Test Keyring")
    gate.open()


def test_eight_threads_lose_nothing() -> None:
    """In one vault, and in one vault for each, as two processes have."""
    ring = MemoryRing(limit=2560)
    shared = vault_on(ring, WINDOWS)
    stored: list[bool] = []

    def work(number: int) -> None:
        vault = shared if number % 2 else vault_on(ring, WINDOWS)
        for turn in range(5):
            stored.append(vault.save(f"t{number}-{turn}", "token", f"{number}" * 1500).stored)
            assert value_of(vault.read(f"t{number}-{turn}")) == f"{number}" * 1500
            if turn % 2:
                vault.forget(f"t{number}-{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored == [True] * 40
    found = vault_on(ring, WINDOWS).names().entries
    assert [entry.name for entry in found] == sorted(f"t{number}-{turn}" for number in range(8) for turn in (0, 2, 4))


def test_without_a_place_for_the_lock_the_vault_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(lock, "lock_file", lambda: tmp_path / "file" / "vault.lock")
    ring = MemoryRing()
    assert vault_on(ring).save("x", "token", "1").stored
    assert value_of(vault_on(ring).read("x")) == "1"
