"""The real Secret Service: gnome-keyring under a private D-Bus. Nobody's own keyring is in reach."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import cogwizard
from cogwizard.vault import Held, Trouble, Vault
from cogwizard.vault.doctor import examine
from cogwizard.vault.worker import Worker
from tests.vault.service import PrivateService, wait_until

# keyring's backend leaves its connection to the garbage collector when a keyring is locked.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SECRET = "c4nary-s3cret"
NAME = "Secret Service"
HERE = Path(cogwizard.__file__).parent.parent


def patient() -> Vault:
    """Return a vault, as another process has it, that a slow machine does not make give up."""
    return Vault(deadline=60.0)


def value_of(found: Held | Trouble) -> str:
    assert isinstance(found, Held), found
    return found.value


def state_of(trouble: object) -> str:
    assert isinstance(trouble, Trouble), trouble
    assert trouble.backend == NAME
    assert SECRET not in repr(trouble)
    return trouble.state


def test_set_get_delete(service: PrivateService) -> None:
    service.unlock()
    vault = patient()
    saved = vault.save("orders", "client-secret", SECRET, {"client_id": "abc"})
    assert (saved.stored, saved.backend) == (True, NAME)
    assert value_of(patient().read("orders")) == SECRET
    assert [entry.name for entry in patient().names().entries] == ["orders"]
    assert patient().forget("orders").removed
    assert state_of(vault.read("orders")) == "missing"
    found = examine(probe=True, worker=Worker(60.0))
    assert found.usable
    assert found.probe == "ok"
    assert patient().names().entries == ()


@pytest.mark.parametrize(
    "value", ["x" * 65_536, "é漢😀\u200b\x00\r\n" * 1000, "", "\udc80"], ids=["64 KB", "unicode", "empty", "surrogate"]
)
def test_any_value(service: PrivateService, value: str) -> None:
    service.unlock()
    assert patient().save("x", "token", value).stored
    assert value_of(patient().read("x")) == value


def test_eight_threads(service: PrivateService) -> None:
    service.unlock()
    vault = patient()

    def work(number: int) -> None:
        for turn in range(2):
            assert vault.save(f"t{number}-{turn}", "token", f"{number}{turn}").stored
            assert value_of(vault.read(f"t{number}-{turn}")) == f"{number}{turn}"

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.name for entry in vault.names().entries] == sorted(f"t{n}-{t}" for n in range(8) for t in range(2))


def test_two_processes_lose_nothing(service: PrivateService) -> None:
    service.unlock()
    code = f"""
import sys; sys.path.insert(0, {str(HERE)!r})
from cogwizard.vault import Vault
vault = Vault(deadline=60)
for turn in range(5):
    saved = vault.save(f"{{sys.argv[1]}}-{{turn}}", "token", "v")
    assert saved.stored, saved.trouble
"""
    running = [subprocess.Popen([sys.executable, "-c", code, name], stderr=subprocess.PIPE) for name in ("a", "b")]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors.decode()[-300:]) == (0, "")
    names = [entry.name for entry in patient().names().entries]
    assert names == [f"{name}-{turn}" for name in "ab" for turn in range(5)]


def test_locked(service: PrivateService) -> None:
    """Locked while it runs, and never unlocked since it started."""
    service.unlock()
    assert patient().save("x", "token", SECRET).stored
    service.lock()
    vault = patient()
    assert state_of(vault.read("x")) == "locked"
    assert state_of(vault.names().trouble) == "locked"
    assert state_of(vault.forget("x").trouble) == "locked"
    assert state_of(vault.save("y", "token", SECRET).trouble) == "locked"
    assert value_of(vault.read("y")) == SECRET
    assert isinstance(found := examine(probe=True, worker=Worker(60.0)).probe, Trouble)
    assert found.state == "locked"
    service.kill()
    service.start_locked()
    assert state_of(patient().read("x")) == "locked"
    service.kill()
    service.unlock()
    assert value_of(patient().read("x")) == SECRET


def test_killed_in_the_middle(service: PrivateService) -> None:
    """The vault goes on in memory; with the daemon it has the former value again."""
    service.unlock()
    vault = patient()
    assert vault.save("x", "token", "former").stored
    service.kill()
    saved = vault.save("x", "token", SECRET)
    assert state_of(saved.trouble) == "none"
    assert value_of(vault.read("x")) == SECRET
    assert patient().read("x") == Trouble("none")
    service.unlock()
    assert value_of(patient().read("x")) == "former"
    assert vault.save("x", "token", SECRET).stored
    assert value_of(patient().read("x")) == SECRET


def test_killed_while_a_call_is_on_its_way(service: PrivateService) -> None:
    service.unlock()
    vault = patient()
    assert vault.save("x", "token", "former").stored
    service.halt()
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(vault.save("x", "token", SECRET).trouble))
    thread.start()
    service.kill()
    thread.join()
    assert state_of(found[0]) in ("none", "failed")
    service.unlock()
    assert value_of(patient().read("x")) == "former"


def test_the_bus_is_gone(service: PrivateService) -> None:
    service.unlock()
    vault = patient()
    assert vault.save("x", "token", "former").stored
    service.close()
    assert state_of(vault.save("x", "token", SECRET).trouble) == "none"
    assert value_of(vault.read("x")) == SECRET


def test_a_prompt_that_nobody_answers(service: PrivateService) -> None:
    """It is said within the deadline, and what follows does not wait again."""
    service.unlock()
    assert patient().save("x", "token", "former").stored
    service.lock()
    vault = Vault(deadline=0.5)
    with service.silent_prompter():
        assert state_of(vault.save("x", "token", SECRET).trouble) == "hanging"
        assert value_of(vault.read("x")) == SECRET
        assert state_of(vault.read("y")) == "hanging"
        assert state_of(vault.names().trouble) == "hanging"


def test_a_daemon_that_hangs(service: PrivateService) -> None:
    """What it was asked before comes back once it goes on, and is not built upon."""
    service.unlock()
    assert patient().save("x", "token", "former").stored
    vault = Vault(deadline=0.5)
    service.halt()
    assert state_of(vault.save("x", "token", SECRET).trouble) == "hanging"
    service.resume()
    wait_until(lambda: vault.names().trouble is None)
    assert value_of(patient().read("x")) == "former"
    assert patient().save("x", "token", SECRET).stored
    assert value_of(patient().read("x")) == SECRET


def test_a_process_that_is_killed_in_a_split_write(service: PrivateService) -> None:
    service.unlock()
    code = f"""
import sys, threading; sys.path.insert(0, {str(HERE)!r})
from dataclasses import replace
from cogwizard.vault import Vault, backends
found = backends.choose()
class Stops:
    sets = 0
    def get_password(self, *args): return found.ring.get_password(*args)
    def delete_password(self, *args): return found.ring.delete_password(*args)
    def set_password(self, *args):
        Stops.sets += 1
        if Stops.sets == int(sys.argv[1]):
            print("here", flush=True)
            threading.Event().wait()
        found.ring.set_password(*args)
vault = Vault(lambda: replace(found, ring=Stops(), longest=1200), deadline=60)
print(vault.save("x", "token", sys.argv[2] * 3000).stored, flush=True)
"""

    def run(stop_at: int, letter: str) -> str:
        command = [sys.executable, "-c", code, str(stop_at), letter]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            said = process.stdout.readline().strip()
            process.kill()
        return said

    assert run(0, "f") == "True"
    for stop_at in (1, 3, 5):  # a part, the last part, the head
        assert run(stop_at, "n") == "here"
        assert value_of(patient().read("x")) == "f" * 3000
    assert patient().save("x", "token", SECRET).stored
    assert value_of(patient().read("x")) == SECRET


def test_nothing_is_printed_and_nothing_is_in_the_arguments(service: PrivateService) -> None:
    """The command line, against the real service: the secret goes in by the environment, and comes out nowhere."""
    service.unlock()
    environ = {**os.environ, "THE_SECRET": SECRET, "PYTHONPATH": str(HERE)}

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "cogwizard", *arguments]
        done = subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, cwd="/"
        )
        assert SECRET not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    assert run("vault", "set", "orders", "--kind", "token", "env:THE_SECRET") == (
        0,
        "orders (token) is kept in Secret Service.\n",
    )
    assert "orders" in run("vault", "list")[1]
    assert run("token", "vault:orders")[0] in (1, 3)
    service.lock()
    code, said = run("vault", "list")
    assert (code, "locked" in said) == (3, True)
    service.kill()
    service.unlock()
    assert run("vault", "forget", "orders") == (0, "orders was removed from Secret Service.\n")
    assert run("vault", "forget", "orders")[0] == 2
