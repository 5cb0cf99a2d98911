"""Which keyring is used: one of a short list or none, and never what merely calls itself one."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from keyring.backends import chainer, fail, null

import cogwizard
from cogwizard.vault import Trouble, Vault, backends
from cogwizard.vault.backends import KNOWN, VARIABLE, Backend, Known, Setting, choose, look, named
from tests.vault.rings import MemoryRing

HERE = Path(cogwizard.__file__).parent.parent
SECRET_SERVICE, KWALLET = KNOWN[:2]


@pytest.fixture(autouse=True)
def _linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


def works(monkeypatch: pytest.MonkeyPatch, priority: object = 5) -> None:
    """Let the Secret Service look as if it were there. `priority`: a number, or what gives or raises one."""
    install(monkeypatch, SECRET_SERVICE, priority)


def install(monkeypatch: pytest.MonkeyPatch, known: Known, priority: object) -> None:
    module = ModuleType(known.module)
    setattr(module, known.cls, type(known.cls, (MemoryRing,), {"priority": priority}))
    monkeypatch.setitem(sys.modules, known.module, module)


def chosen_id() -> str | Trouble:
    found = choose()
    return found.id if isinstance(found, Backend) else found


def test_no_test_reaches_a_real_keyring() -> None:
    """Neither by the variable nor by the bus."""
    assert choose() == Trouble("refused", "keyring.backends.null.Keyring")
    assert look(SECRET_SERVICE).reason == "no-bus"


def test_a_listed_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    assert choose() == Trouble("none")
    works(monkeypatch)
    found = choose()
    assert isinstance(found, Backend)
    assert (found.id, found.name, found.place) == ("secret-service", "Secret Service", SECRET_SERVICE.place)
    assert isinstance(found.ring, MemoryRing)


def test_the_one_that_fits_the_desktop_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    works(monkeypatch)
    install(monkeypatch, KWALLET, 5.1)
    assert chosen_id() == "kwallet"
    install(monkeypatch, KWALLET, 4.9)
    assert chosen_id() == "secret-service"


@pytest.mark.parametrize("cls", [null.Keyring, fail.Keyring, chainer.ChainerBackend])
def test_what_the_variable_names_must_be_listed(cls: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who switched the keyring off is not asked for a password by another one: nothing is stored, and it says why."""
    works(monkeypatch)
    place = f"{cls.__module__}.{cls.__qualname__}"
    monkeypatch.setenv(VARIABLE, place)
    assert choose() == Trouble("refused", place)
    saved = Vault().save("x", "password", "secret")
    assert saved.trouble == Trouble("refused", place)


@pytest.mark.parametrize("place", ["no.such.module.Keyring", "keyring.backends.SecretService.keyring", "x", "\x1b[31m"])
def test_a_name_that_leads_nowhere_is_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    works(monkeypatch)
    monkeypatch.setenv(VARIABLE, place)
    found = choose()
    assert isinstance(found, Trouble)
    assert found.state == "refused"
    assert "\x1b" not in found.detail


def test_the_variable_may_choose_among_the_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    works(monkeypatch)
    monkeypatch.setenv(VARIABLE, SECRET_SERVICE.place)
    assert chosen_id() == "secret-service"
    monkeypatch.setenv(VARIABLE, "keyring.backends.kwallet.DBusKeyring")
    assert chosen_id() == Trouble("none")
    assert look(SECRET_SERVICE, named()).reason == "not-named"


def test_keyrings_file_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """`keyring --disable` writes it."""
    from keyring import core
    from keyring.util import platform_

    monkeypatch.delenv(VARIABLE)
    assert named() is None
    core.disable()
    path = Path(platform_.config_root()) / "keyringrc.cfg"
    try:
        works(monkeypatch)
        assert named() == Setting(str(path), "keyring.backends.null.Keyring")
        assert choose() == Trouble("refused", "keyring.backends.null.Keyring")
        path.write_bytes(b"\xff no [ini")
        assert named() is None
    finally:
        path.unlink()


class Exits(BaseException):
    """What no `except Exception` stops."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("SecretStorage required"), "not-installed"),
        (RuntimeError("python-dbus not installed"), "not-installed"),
        (ImportError("x"), "not-installed"),
        (RuntimeError("Unable to initialize SecretService: variable DBUS_SESSION_BUS_ADDRESS is unset"), "no-bus"),
        (FileNotFoundError(2, "x"), "no-bus"),
        (ConnectionRefusedError(111, "x"), "no-bus"),
        (RuntimeError("The Secret Service daemon is neither running nor activatable through D-Bus"), "no-service"),
        (ZeroDivisionError("x"), "unusable"),
        (AttributeError("eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln \x1b[31m"), "unusable"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value,
)
def test_a_backend_that_breaks_is_a_reason(error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaks:
        def __get__(self, *_: object) -> float:
            raise error

    works(monkeypatch, Breaks())
    found = look(SECRET_SERVICE)
    assert (found.reason, found.usable, found.ring) == (reason, False, None)
    assert "\x1b" not in found.detail
    assert "eyJ" not in found.detail


def test_a_backend_that_cannot_be_imported_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, SECRET_SERVICE.module, None)
    assert look(SECRET_SERVICE).reason == "not-installed"
    monkeypatch.setitem(sys.modules, SECRET_SERVICE.module, ModuleType("empty"))
    assert look(SECRET_SERVICE).reason == "unusable"


@pytest.mark.parametrize(
    ("system", "ids"),
    [
        ("linux", {"secret-service", "kwallet"}),
        ("freebsd14", {"secret-service", "kwallet"}),
        ("darwin", {"macos"}),
        ("win32", {"windows"}),
        ("cygwin", set()),
    ],
)
def test_each_system_has_its_own(system: str, ids: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert {known.id for known in KNOWN if look(known).reason != "wrong-platform"} == ids


def test_foreign_ends_of_the_process_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaks:
        def __get__(self, *_: object) -> float:
            raise Exits

    works(monkeypatch, Breaks())
    monkeypatch.delenv(VARIABLE)
    saved = Vault().save("x", "password", "secret")
    assert saved.trouble == Trouble("failed", "Exits")


ALT = """
from keyring.backend import KeyringBackend
class PlaintextKeyring(KeyringBackend):
    priority = {priority}
    def get_password(self, service, username):
        return "planted"
    def set_password(self, service, username, password):
        open({file!r}, "a").write(password)
    def delete_password(self, service, username):
        pass
class Better(PlaintextKeyring):
    priority = 99
"""
DOCTOR = f"""
import sys; sys.path.insert(0, {str(HERE)!r})
from cogwizard.vault import Vault
from cogwizard.vault.doctor import examine
vault = Vault()
print(vault.save("x", "password", "s3cret").trouble.state, vault.read("y").state)
for item in examine(probe=True).backends:
    if not item.id:
        print(item.place, item.reason)
"""


def run_with_alt(tmp_path: Path, **variables: str) -> list[str]:
    """Run the vault where a plugin of keyring is installed that claims any priority; return what it printed."""
    package, info = tmp_path / "keyrings" / "alt", tmp_path / "keyrings.alt-5.0.2.dist-info"
    package.mkdir(parents=True)
    info.mkdir()
    (package / "file.py").write_text(ALT.format(priority=0.5, file=str(tmp_path / "written")))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keyrings.alt\nVersion: 5.0.2\n")
    (info / "entry_points.txt").write_text("[keyring.backends]\nfile = keyrings.alt.file\nbroken = no.such.module\n")
    env = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", DOCTOR],
        env={**env, "PYTHONPATH": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "written").exists()
    return done.stdout.splitlines()


def test_keyrings_alt_is_not_used(tmp_path: Path) -> None:
    """At any priority, beside a plugin that cannot be loaded: nothing is written, nothing is printed."""
    assert run_with_alt(tmp_path) == [
        "none none",
        "keyring.backends.chainer.ChainerBackend chain",
        "keyrings.alt.file.Better not-listed",
        "keyrings.alt.file.PlaintextKeyring plain-text",
    ]


def test_keyrings_alt_is_not_used_when_named_either(tmp_path: Path) -> None:
    out = run_with_alt(tmp_path, **{VARIABLE: "keyrings.alt.file.PlaintextKeyring"})
    assert out[0] == "refused refused"
    assert "keyrings.alt.file.PlaintextKeyring plain-text" in out


def test_the_null_backend_is_named_only_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "keyring.backend.get_all_keyring",
        lambda: [null.Keyring(), fail.Keyring()],  # type: ignore[no-untyped-call]
    )
    assert [item.reason for item in backends.others()] == ["null"]
    monkeypatch.delenv(VARIABLE)
    assert backends.others() == []
