"""`cogwizard vault` and what takes `vault:NAME`: names and reasons come out, values only where they were asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cogwizard
from cogwizard import vault as package
from cogwizard.cli import main
from cogwizard.commands.output import read_secret
from cogwizard.text import LANGUAGES, Texts
from cogwizard.vault import Trouble, Vault, doctor
from cogwizard.vault.backends import KNOWN, Backend, Reason, Setting
from cogwizard.vault.outcome import State
from cogwizard.vault.store import INDEX
from tests.vault.rings import MemoryRing, chosen

SECRET = "c4nary-s3cret"
SOUND = {"trouble": None, "list_begun_anew": False}
HERE = Path(cogwizard.__file__).parent.parent


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryRing:
    """Give the commands a keyring that works."""
    ring = MemoryRing()
    use(monkeypatch, Vault(chosen(ring)))
    return ring


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("THE_SECRET", SECRET)
    return "env:THE_SECRET"


def use(monkeypatch: pytest.MonkeyPatch, vault: Vault) -> None:
    monkeypatch.setattr(package, "shared", lambda: vault)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["vault", *arguments])
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    return code, said.out, said.err


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert err == ""
    return code, json.loads(out)


def test_set_list_forget(ring: MemoryRing, secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "list") == (0, "The vault is empty.\n", "")
    kept = run(capsys, "set", "orders", "--kind", "client-secret", secret)
    assert kept == (0, "orders (client-secret) is kept in Test Keyring.\n", "")
    assert run(capsys, "list")[1].split() == ["Name", "Kind", "Belongs", "to", "orders", "client-secret"]
    assert run(capsys, "forget", "orders") == (0, "orders was removed from Test Keyring.\n", "")
    code, out, err = run(capsys, "forget", "orders")
    assert (code, out) == (2, "")
    assert "no entry" in err


def test_json(ring: MemoryRing, secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"name": "orders", "kind": "password", "about": {}}
    assert run_json(capsys, "set", "orders", secret, "--kind", "password") == (
        0,
        {"schema": "cogwizard/vault@1", "stored": True, "backend": "Test Keyring", "entry": entry} | SOUND,
    )
    assert run_json(capsys, "list") == (
        0,
        {"schema": "cogwizard/vault@1", "backend": "Test Keyring", "entries": [entry], "trouble": None},
    )
    assert run_json(capsys, "forget", "orders") == (
        0,
        {"schema": "cogwizard/vault@1", "name": "orders", "removed": True} | SOUND,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_damaged_list_is_told_and_begun_anew(
    lang: str, ring: MemoryRing, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = Texts(lang)
    run(capsys, "set", "former", secret, "--kind", "token")
    ring.held[INDEX] = "x"
    damaged = f"cogwizard: {texts.keyring_trouble('list-damaged', 'Test Keyring', '')}\n"
    assert run(capsys, "list", "--lang", lang) == (3, "", damaged)
    code, out, err = run(capsys, "set", "orders", secret, "--kind", "token", "--lang", lang)
    stored = texts.vault("stored", name="orders", kind="token", backend="Test Keyring")
    assert (code, out, err) == (0, f"{stored}\n", f"cogwizard: {texts.vault('list begun anew')}\n")
    assert run_json(capsys, "list")[1]["trouble"] is None
    ring.held[INDEX] = "x"
    assert run_json(capsys, "set", "orders", secret, "--kind", "token")[1]["list_begun_anew"] is True
    assert read_secret("vault:former", kinds=("token",)) == SECRET


def test_markdown(ring: MemoryRing, capsys: pytest.CaptureFixture[str]) -> None:
    package.shared().save("a_b", "token", SECRET, {"username": "x|y\n# z"})
    _, out, _ = run(capsys, "list", "--format", "markdown")
    lines = out.splitlines()
    assert len(lines) == 3
    assert lines[2].count("|") == 5  # four of the table, one that is escaped
    assert "x\\|y" in lines[2]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", State.__args__)  # type: ignore[attr-defined]
def test_each_state_is_told(
    state: State, lang: str, secret: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one sentence, with exit code 3; a value that is not stored is said not to be."""
    use(monkeypatch, Vault(lambda: Trouble(state, "Detail")))
    code, out, err = run(capsys, "set", "x", "--kind", "password", secret, "--lang", lang)
    assert code == 3
    assert out
    assert err.startswith("cogwizard: ")
    assert len(err.strip().splitlines()) == 1
    use(monkeypatch, Vault(lambda: Trouble(state, "Detail")))
    assert run(capsys, "list", "--lang", lang) == (3, "", err)
    code, document = run_json(capsys, "forget", "x", "--lang", lang)
    assert (code, document["removed"], document["trouble"]["state"]) == (3, False, state)
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["token", "vault:x", "--lang", lang]) == 2
    assert capsys.readouterr().err == err


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "eyJhbGciOiJub25lIn0", "--kind", "token", "env:THE_SECRET"],
        ["set", SECRET + "/", "--kind", "token", "env:THE_SECRET"],
        ["set", "x", "--kind", "token", SECRET],
        ["set", "x", "--kind", "aws-keys", "env:THE_SECRET"],
        ["set", "x", "--kind", "tokens", "env:THE_SECRET"],
        ["set", "x", "--kind", "password"],
        ["forget", "a b"],
        ["forget", "x"],
    ],
)
def test_bad_input_is_one_sentence(
    arguments: list[str], ring: MemoryRing, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in LANGUAGES:
        code, out, err = run(capsys, *arguments, "--lang", lang)
        assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
        assert "eyJ" not in err


@pytest.mark.parametrize("arguments", [[], ["show"], ["set", "x"], ["set", "x", "--kind", SECRET], ["list", SECRET]])
def test_bad_arguments_are_not_repeated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["vault", *arguments])
    assert stopped.value.code == 2
    assert SECRET not in capsys.readouterr().err


def test_a_profile_in_the_vault_must_hold_keys(ring: MemoryRing, capsys: pytest.CaptureFixture[str]) -> None:
    package.shared().save("x", "password", SECRET)
    url = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders"
    for profile in ("vault:x", "vault:none", "vault:", f"vault:{SECRET}/"):
        assert main(["diagnose", url, "--profile", profile]) == 2
        said = capsys.readouterr()
        assert (said.out, len(said.err.strip().splitlines())) == ("", 1)
        assert SECRET not in said.err


REASONS: tuple[Reason, ...] = Reason.__args__  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("place", doctor.Place.__args__)  # type: ignore[attr-defined]
def test_the_doctor_has_words_for_all(
    place: doctor.Place, form: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place with each reason; names that others chose cannot act."""
    items = tuple(Backend("", f"n{reason}", "a.b.C", reason, "\\x1b[31m detail") for reason in REASONS)
    setting = Setting("PYTHON_KEYRING_BACKEND", "\x1b[31mx")
    found = doctor.Doctor(place, Trouble("refused", "a.b.C"), items, setting)
    monkeypatch.setattr("cogwizard.commands.vault.examine", lambda _probe: found)
    code, out, err = run(capsys, "doctor", "--format", form, "--lang", lang)
    assert (code, err) == (3, "")
    assert "\x1b" not in out
    assert all(f"n{reason}" in out.replace("\\", "") for reason in REASONS)
    if form == "json":
        document = json.loads(out)
        assert document["schema"] == "cogwizard/vault-doctor@1"
        assert (document["usable"], document["chosen"], document["probe"]) == (False, None, None)
        assert [item["usable"] for item in document["backends"]] == [reason == "usable" for reason in REASONS]
        assert document["place"] == place
        assert document["advice"]


@pytest.mark.parametrize(
    ("probe", "code", "document"),
    [
        (None, 0, None),
        ("ok", 0, {"ok": True, "trouble": None}),
        (Trouble("locked", "KeyringLocked", "Test Keyring"), 3, {"ok": False}),
    ],
)
def test_the_doctor_says_whether_it_was_tried(
    probe: Any, code: int, document: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = chosen(MemoryRing())()
    assert isinstance(backend, Backend)
    found = doctor.Doctor("macos-ssh", backend, (backend,), None, probe)
    monkeypatch.setattr("cogwizard.commands.vault.examine", lambda _probe: found)
    given, answer = run_json(capsys, "doctor")
    assert (given, answer["usable"], answer["chosen"]) == (code, code == 0, "test")
    assert answer["probe"] == document or answer["probe"]["ok"] == document["ok"]
    given, out, _ = run(capsys, "doctor")
    assert given == code
    assert ("security unlock-keychain" in out) == (code == 3)


def test_the_doctor_of_this_machine_finds_no_keyring(capsys: pytest.CaptureFixture[str]) -> None:
    """The tests' own setting names the null backend."""
    code, document = run_json(capsys, "doctor", "--probe")
    assert (code, document["chosen"], document["trouble"]["state"]) == (3, None, "refused")
    assert [item["id"] for item in document["backends"]][: len(KNOWN)] == [known.id for known in KNOWN]
    assert "null" in {item["reason"] for item in document["backends"]}


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_what_is_typed_is_not_shown() -> None:
    command = [sys.executable, "-m", "cogwizard", "vault", "set", "x", "--kind", "password", "--lang", "en"]
    spawn = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    with subprocess.Popen(
        [sys.executable, "-c", spawn, *command],
        env={**os.environ, "PYTHONPATH": str(HERE), "TERM": "xterm"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = b""
        while not said.endswith(b"): "):
            said += process.stdout.read(1)
        process.stdin.write(f"{SECRET}\n".encode())
        said += process.stdout.read()
    assert process.returncode == 3
    assert b"x is not stored anywhere." in said
    assert SECRET.encode() not in said
