"""`cogwizard explain secret-hash-wrong --username ...`: exit codes, JSON, and nothing secret but what was asked for."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from cogwizard import vault as package
from cogwizard.cli import main
from cogwizard.commands import asking
from cogwizard.text import LANGUAGES, Texts
from cogwizard.vault import Vault
from tests.vault.rings import MemoryRing, chosen

SECRET = "canary-s3cret"
CLIENT = "4p3a0b1c2d3e4f5g6h7i8j9k0l"
# printf Taro4p3a0b1c2d3e4f5g6h7i8j9k0l | openssl dgst -sha256 -hmac canary-s3cret -binary | base64
RIGHT = "J7LNVrQtLDAEmVkcuQROnI0SOJu0Utnwb6IDI+gSD/g="
INPUTS = ["--username", "Taro", "--client-id", CLIENT]


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", SECRET)
    monkeypatch.setenv("RIGHT", RIGHT)


def explain(*arguments: str, code: str = "secret-hash-wrong") -> int:
    return main(["explain", code, *arguments])


@pytest.mark.parametrize("code", ["secret-hash-wrong", "secret-hash-missing"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_formula_is_filled_in(code: str, lang: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*INPUTS, "--client-secret", "env:SECRET", "--lang", lang, "--format", form]
    assert explain(*arguments, code=code) == 0
    said = capsys.readouterr()
    assert f'"Taro" + "{CLIENT}"' in said.out
    assert "secret 194218bd" in said.out
    assert SECRET not in said.out + said.err
    assert RIGHT not in said.out + said.err
    assert "--print" in said.out.replace("\\", "")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(*INPUTS, "--client-secret", "env:SECRET", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "schema": "cogwizard/secret-hash@1",
        "username": "Taro",
        "client_id": CLIENT,
        "formula": f'Base64(HMAC-SHA256(key: secret 194218bd, text: "Taro" + "{CLIENT}"))',
        "fingerprint": "secret 57d00cd2",
        "given": None,
        "matches": None,
        "slip": None,
        "other_username": None,
        "summary": None,
    }


def test_a_hash_that_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(*INPUTS, "--client-secret", "env:SECRET", "--hash", "env:RIGHT", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["matches"], found["slip"]) == (True, None)
    assert found["given"] == found["fingerprint"]


def test_a_hash_that_does_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The exit code says so in every format, and the slip is named."""
    path = tmp_path / "hash"
    path.write_text(f"{RIGHT}\n")
    options = ["--client-secret", "env:SECRET", "--hash", f"@{path}", "--other-username", "x", "--other-username"]
    inputs = ["--username", "taro@example.com", "--client-id", CLIENT]
    assert explain(*inputs, *options, "Taro", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["matches"], found["slip"], found["other_username"]) == (False, "other-user", "Taro")
    assert explain(*inputs, *options, "y") == 1
    said = capsys.readouterr()
    assert Texts().screen("secret_hash", "slip unknown") in said.out
    assert RIGHT not in said.out + said.err


def test_print_writes_the_hash_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(*INPUTS, "--client-secret", "env:SECRET", "--print") == 0
    assert capsys.readouterr() == (f"{RIGHT}\n", "")
    assert explain(*INPUTS, "--client-secret", "env:SECRET", "--print", "--hash", "env:SECRET") == 1
    said = capsys.readouterr()
    assert said.out == f"{RIGHT}\n"
    assert Texts().screen("secret_hash", "slip form") in said.err


def test_the_secret_comes_from_the_vault_or_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(chosen(MemoryRing()))
    vault.save("orders", "client-secret", SECRET)
    monkeypatch.setattr(package, "shared", lambda: vault)
    assert explain(*INPUTS, "--client-secret", "vault:orders", "--print") == 0
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(f"{SECRET}\r\n".encode())))
    assert explain(*INPUTS, "--client-secret", "-", "--print") == 0
    assert capsys.readouterr().out == f"{RIGHT}\n" * 2


def test_it_is_asked_for_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return SECRET

    monkeypatch.setattr(asking, "can_ask", lambda: True)
    monkeypatch.setattr(asking, "ask_secret", ask)
    assert explain(*INPUTS, "--print") == 0
    assert capsys.readouterr().out == f"{RIGHT}\n"
    assert asked == [Texts().screen("secret_hash", "ask secret")]


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("token-expired", [*INPUTS, "--client-secret", "env:SECRET"]),
        ("-", [*INPUTS, "--client-secret", "env:SECRET"]),
        ("secret-hash-wrong", ["--list", "--username", "Taro"]),
        ("secret-hash-wrong", ["--username", "Taro", "--client-secret", "env:SECRET"]),
        ("secret-hash-wrong", ["--username", "", "--client-id", CLIENT, "--client-secret", "env:SECRET"]),
        ("secret-hash-wrong", ["--client-id", CLIENT]),
        ("secret-hash-wrong", INPUTS),
        ("secret-hash-wrong", ["--print"]),
        ("secret-hash-wrong", [*INPUTS, "--client-secret", "-", "--hash", "-"]),
        ("secret-hash-wrong", [*INPUTS, "--client-secret", "env:MISSING"]),
        ("secret-hash-wrong", [*INPUTS, "--client-secret", SECRET]),
    ],
)
def test_what_cannot_be_used(code: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence and the code for usage; a secret in the wrong place is not repeated."""
    assert explain(*arguments, code=code) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("cogwizard: ")
    assert said.err.count("\n") == 1
    assert SECRET not in said.err


def test_a_hostile_name_cannot_act_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("--username", "\x1b[2J\u202e", "--client-id", CLIENT, "--client-secret", "env:SECRET") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
