"""`cogwizard login`: what goes to which stream, exit codes, prompts on a terminal, and that no secret is told."""

import json
import os
import pty
import re
import select
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cogwizard import arguments
from cogwizard.cli import main
from cogwizard.model.attempt import FLOWS
from cogwizard.model.postman import APPS, GRANTS
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens
from cogwizard.postman.write import FORMS
from cogwizard.sandbox import Sandbox, World
from cogwizard.sandbox.totp import totp
from cogwizard.vault import KINDS, Vault, lock
from cogwizard.vault.kinds import AwsKeys, pack_keys, pack_tokens
from tests.signin.login_kit import NEW, PASSWORD, SECRET, SECRETS, TEMPORARY, Bench, browse
from tests.vault.rings import MemoryRing, chosen

FORMATS = ("text", "json", "markdown")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """One server for all tests of the command."""
    with Sandbox(World()) as sandbox:
        yield sandbox


@pytest.fixture
def bench(running: Sandbox, monkeypatch: pytest.MonkeyPatch, own_home: None, aws_keys: None) -> Bench:
    """A world of its own, to which the environment points; passwords stand in variables."""
    made = Bench(running)
    given = {"AWS_ENDPOINT_URL": running.url, "AWS_REGION": made.pool.region}
    given |= {"GOOD": PASSWORD, "BAD": "Canary-Wrong-9", "TEMP": TEMPORARY, "NEW": NEW, "CLIENT_SECRET": SECRET}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return made


def login(bench: Bench, flow: str, *options: str, client: str | None = None, user: str | None = "hanako") -> int:
    """Run the command and return its exit code."""
    who = ["--username", user] if user else []
    ids = ["--user-pool-id", bench.pool.id, "--client-id", client or bench.web.id]
    return main(["login", flow, *ids, *who, *options])


def quiet(text: str) -> None:
    """Assert that a text holds no secret of the bench, nor a whole token."""
    assert not [secret for secret in (*SECRETS, "Canary-Wrong-9", "eyJ") if secret in text]


@pytest.mark.parametrize("flow", ["password", "srp", "admin"])
@pytest.mark.parametrize("form", FORMATS)
def test_signed_in(bench: Bench, capsys: pytest.CaptureFixture[str], flow: str, form: str) -> None:
    assert login(bench, flow, "--password", "env:GOOD", "--format", form) == 0
    out, err = capsys.readouterr()
    quiet(out + err)
    assert "web" in err
    if form == "json":
        found = json.loads(out)
        assert (found["schema"], found["outcome"], found["causes"]) == ("cogwizard/report@1", "healthy", [])
        assert [item["kind"] for item in found["tokens"]] == ["id-token", "access-token", "refresh-token"]
    else:
        assert "access-token" in out


@pytest.mark.parametrize(("wanted", "kind"), [("id", "id-token"), ("access", "access-token")])
def test_a_token_alone_on_standard_output(
    bench: Bench, capsys: pytest.CaptureFixture[str], wanted: str, kind: str
) -> None:
    assert login(bench, "srp", "--password", "env:GOOD", "--print", wanted) == 0
    out, err = capsys.readouterr()
    assert read_token(out.removesuffix("\n")).kind == kind
    quiet(err)


def test_all_tokens_are_refreshed(bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert login(bench, "srp", "--password", "env:GOOD", "--print", "json") == 0
    held = json.loads(capsys.readouterr().out)
    assert set(held) == {"id_token", "access_token", "refresh_token", "expires_at"}
    file = tmp_path / "refresh"
    file.write_text(held["refresh_token"])
    assert login(bench, "refresh", "--refresh-token", f"@{file}", user=None) == 0
    quiet("".join(capsys.readouterr()))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_refusal_is_a_report(bench: Bench, capsys: pytest.CaptureFixture[str], form: str, lang: str) -> None:
    assert login(bench, "srp", "--password", "env:BAD", "--format", form, "--lang", lang) == 1
    out, err = capsys.readouterr()
    quiet(out + err)
    assert "wrong-credentials" in out
    if form == "json":
        found = json.loads(out)
        assert (found["outcome"], found["causes"]) == ("fault", ["wrong-credentials"])
        members = ["schema", "outcome", "causes", "request", "observed", "predicted", "findings", "unread"]
        assert list(found) == members
        assert found["observed"]["error_type"] == "NotAuthorizedException"


def test_with_print_a_refusal_goes_to_standard_error(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert login(bench, "srp", "--password", "env:BAD", "--print", "id") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "wrong-credentials" in err


def test_a_flow_that_is_off_is_not_tried(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    client = bench.client("srp only", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    bench.sandbox.requests.clear()
    assert login(bench, "password", "--password", "env:GOOD", "--format", "json", client=client.id) == 1
    assert json.loads(capsys.readouterr().out)["causes"] == ["auth-flow-not-enabled"]
    assert "InitiateAuth" not in [name for _, name, _ in bench.sandbox.requests]


def test_a_challenge_is_answered_by_options(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.pool.add_user("taro", TEMPORARY, status="FORCE_CHANGE_PASSWORD")
    assert login(bench, "srp", "--password", "env:TEMP", user="taro") == 1
    assert "challenge-not-completed" in capsys.readouterr().out
    assert login(bench, "srp", "--password", "env:TEMP", "--answer", "NEW_PASSWORD=env:NEW", user="taro") == 0
    assert login(bench, "srp", "--password", "env:NEW", user="taro") == 0
    quiet("".join(capsys.readouterr()))


def test_a_pasted_redirect(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody at a terminal: the address comes by standard input, the authorize URL went to standard error."""
    ours, theirs = os.pipe()

    def user() -> None:
        text = ""
        while "/oauth2/authorize" not in text or "\n" not in text.partition("/oauth2/authorize")[2]:
            time.sleep(0.02)
            text += capsys.readouterr().err
        url = next(word for word in text.split() if "/oauth2/authorize" in word)
        with os.fdopen(theirs, "w") as pipe:
            pipe.write(browse(url))

    thread = threading.Thread(target=user, daemon=True)
    with os.fdopen(ours) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        thread.start()
        assert login(bench, "browser", "--no-browser", "--scope", "openid shop/read", "--format", "json") == 0
    thread.join(30)
    out, err = capsys.readouterr()
    (scopes,) = (item["scopes"] for item in json.loads(out)["tokens"] if item["kind"] == "access-token")
    assert sorted(scopes) == ["openid", "shop/read"]
    quiet(out + err)


def test_a_machine(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/read"]}
    machine = bench.client("machine", secret=SECRET, **settings)
    assert login(bench, "client-credentials", "--client-secret", "env:CLIENT_SECRET", client=machine.id, user=None) == 0
    out, err = capsys.readouterr()
    assert "bills" in err
    quiet(out + err)


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (["srp", "--client-id", "4p3a", "--username", "x", "--password", "env:GOOD"], "--user-pool-id"),
        (["password", "--username", "x", "--password", "env:GOOD"], "--client-id"),
        (["password", "--client-id", "4p3a", "--password", "env:GOOD"], "--username"),
        (["password", "--client-id", "4p3a", "--username", "x"], "--password"),
        (["refresh", "--client-id", "4p3a"], "--refresh-token"),
        (["browser", "--client-id", "4p3a"], "--domain"),
        (["password", "--client-id", "4p3a", "--username", "x", "--password", "Canary-Passw0rd-1"], "vault:NAME"),
        (
            ["password", "--client-id", "4p3a", "--username", "x", "--password", "-", "--client-secret", "-"],
            "Standard input",
        ),
        (["srp", "--client-id", "4p3a", "--user-pool-id", "nonsense", "--username", "x"], "user pool ID"),
        (["password", "--client-id", "4 p", "--username", "x", "--password", "env:GOOD"], "client ID"),
    ],
)
def test_what_is_missing_is_said(
    bench: Bench, capsys: pytest.CaptureFixture[str], options: list[str], key: str
) -> None:
    assert main(["login", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert key in err
    quiet(err)


@pytest.mark.parametrize("options", [["nonsense"], ["srp", "--answer", "Canary-Passw0rd-1"], ["srp", "--print", "x"]])
def test_what_is_mistyped_is_not_repeated(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["login", *options])
    assert caught.value.code == 2
    quiet(capsys.readouterr().err)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MemoryRing:
    """A keyring in memory, which the command takes for that of the system."""
    monkeypatch.setattr(lock, "lock_file", lambda: tmp_path / "vault.lock")
    ring = MemoryRing()
    held = Vault(chosen(ring))
    monkeypatch.setattr("cogwizard.vault.shared", lambda: held)
    return ring


def test_kept_in_the_vault_and_used(bench: Bench, capsys: pytest.CaptureFixture[str], kept: MemoryRing) -> None:
    assert login(bench, "srp", "--password", "env:GOOD", "--save", "orders") == 0
    assert main(["login", "refresh", "--refresh-token", "vault:orders", "--print", "id"]) == 0
    out, err = capsys.readouterr()
    assert read_token(out.splitlines()[-1]).kind == "id-token"
    assert main(["vault", "list"]) == 0
    listed = capsys.readouterr().out
    assert "orders" in listed
    quiet(err + listed)


class Terminal:
    """A program with a terminal of its own."""

    def __init__(self, arguments: list[str], program: str = sys.executable) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(program, [program, *arguments])
        self.text = ""

    def until(self, wanted: str, times: int = 1) -> None:
        """Read until a text is there so many times."""
        end = time.monotonic() + 60
        while self.text.count(wanted) < times:
            assert time.monotonic() < end, self.text
            if select.select([self.fd], [], [], 0.2)[0]:
                self._read()

    def _read(self) -> bool:
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self.fd, f"{text}\n".encode())

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        while self._read():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_by_hand_in_a_terminal(bench: Bench) -> None:
    """Password, a wrong code, an app that is set up from the QR code: all typed, nothing echoed but the key."""
    bench.pool.settings["MfaConfiguration"] = "ON"
    ids = ["--user-pool-id", bench.pool.id, "--client-id", bench.web.id, "--lang", "en"]
    terminal = Terminal(["-m", "cogwizard", "login", "srp", *ids])
    terminal.until("User name: ")
    terminal.type("hanako")
    terminal.until("Password: ")
    terminal.type(PASSWORD)
    terminal.until("Code from the authenticator app: ")
    assert "\u2588" in terminal.text
    key = terminal.text.partition("Key: ")[2].split()[0]
    terminal.type("000000")
    terminal.until("did not accept the code")
    terminal.until("app: ", times=2)
    terminal.type(totp(key, bench.world.now()))
    assert terminal.end() == 0
    assert "id-token" in terminal.text
    quiet(terminal.text)


def test_a_crash_tells_no_secret(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError(f"with {PASSWORD} and {SECRET}")

    monkeypatch.setattr("cogwizard.signin.cognito.Conversation.start", crash)
    log = tmp_path / "log"
    assert login(bench, "srp", "--password", "env:GOOD", "-v", "--log", str(log)) == 3
    out, err = capsys.readouterr()
    assert "RuntimeError" in err
    quiet(out + err + log.read_text())


@pytest.mark.parametrize("variable", ["GOOD", "BAD"])
def test_the_log_names_operations_alone(
    bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path, variable: str
) -> None:
    log = tmp_path / "log"
    client = bench.client(secret=SECRET)
    login(bench, "srp", "--password", f"env:{variable}", "-v", "--log", str(log), client=client.id)
    written = log.read_text()
    assert "DescribeUserPoolClient ok" in written
    assert "srp: " in written
    quiet(written + "".join(capsys.readouterr()))
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_the_vault_knows_is_enough_to_refresh(
    bench: Bench, capsys: pytest.CaptureFixture[str], kept: MemoryRing
) -> None:
    """Signed in by an alias at a client with a secret and rotation: each refresh takes the place of the one before."""
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    flows = ["ALLOW_USER_SRP_AUTH"]
    client = bench.client("rotating", secret=SECRET, RefreshTokenRotation=rotation, ExplicitAuthFlows=flows)
    alias = "hanako@example.com"
    assert login(bench, "srp", "--password", "env:GOOD", "--save", "orders", client=client.id, user=alias) == 0
    for _ in range(2):
        assert main(["login", "refresh", "--refresh-token", "vault:orders"]) == 0
        assert "orders (tokens) is kept" in capsys.readouterr().err


def test_what_could_not_be_kept_is_no_success(
    bench: Bench, capsys: pytest.CaptureFixture[str], kept: MemoryRing
) -> None:
    def refuse(operation: str, _service: str) -> None:
        if operation == "set":
            raise RuntimeError("no")

    kept.before = refuse
    assert login(bench, "srp", "--password", "env:GOOD", "--save", "orders") == 3
    out, err = capsys.readouterr()
    assert "orders" in err
    quiet(out + err)


def test_nothing_is_paid_for_that_cannot_come(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.sandbox.requests.clear()
    assert login(bench, "client-credentials", "--print", "id", user=None) == 2
    assert bench.sandbox.requests == []


def test_the_key_of_an_app_is_in_no_file(bench: Bench, tmp_path: Path) -> None:
    """Standard error is a file: the key is not written there, though somebody could type the code."""
    bench.pool.settings["MfaConfiguration"] = "ON"
    ids = ["--user-pool-id", bench.pool.id, "--client-id", bench.web.id, "--username", "hanako"]
    log = tmp_path / "err.txt"
    words = " ".join(["-m", "cogwizard", "login", "srp", *ids, "--password", "env:GOOD"])
    terminal = Terminal(["-c", f"exec {sys.executable} {words} 2>{log}"], program="/bin/sh")
    end = time.monotonic() + 60
    while "authenticator app" not in (log.read_text() if log.exists() else ""):
        assert time.monotonic() < end
        time.sleep(0.05)
    terminal.type("000000\n000000\n000000")
    assert terminal.end() == 1
    told = log.read_text() + terminal.text
    assert "\u2588" not in told
    assert not bench.user.totp_secret
    assert not re.search(r"[A-Z2-7]{32}", told)


def test_a_pasted_line_is_not_cut(bench: Bench, tmp_path: Path) -> None:
    """A terminal's own lines end after 4,095 characters; erased and killed characters do not count."""
    script = "from cogwizard.commands.asking import ask_secret; print('got', len(ask_secret('Paste')))"
    terminal = Terminal(["-c", script])
    terminal.until("Paste: ")
    os.write(terminal.fd, b"killed\x15" + b"x" * 3000)
    os.write(terminal.fd, b"x" * 3000 + "\u3042\u3042\x7f".encode())
    terminal.type("")
    terminal.until("got 6001")
    assert terminal.end() == 0
    assert "xxx" not in terminal.text


def test_the_end_of_the_input_is_no_answer(bench: Bench) -> None:
    terminal = Terminal(["-c", "from cogwizard.commands.asking import ask_secret; ask_secret('Paste')"])
    terminal.until("Paste: ")
    os.write(terminal.fd, b"\x04")
    assert terminal.end() == 1
    assert "nobody-to-ask" in terminal.text


def test_the_command_line_knows_every_flow_and_kind() -> None:
    """They stand there once more, because importing them costs more than --help may take."""
    assert arguments._FLOWS == FLOWS
    assert set(arguments._KINDS) == set(KINDS)
    assert (arguments._APPS, arguments._GRANTS, arguments._FORMS) == (APPS, GRANTS, FORMS)


@pytest.mark.parametrize(
    ("option", "fits"),
    [("--password", "password"), ("--client-secret", "client-secret"), ("--refresh-token", "refresh-token")],
)
@pytest.mark.parametrize("kind", ["password", "client-secret", "refresh-token", "token", "tokens", "aws-keys"])
def test_an_entry_of_another_kind_is_not_sent(
    bench: Bench, capsys: pytest.CaptureFixture[str], kept: MemoryRing, option: str, fits: str, kind: str
) -> None:
    from cogwizard.vault import shared

    values = {"tokens": pack_tokens(Tokens("a.b.c", "d.e.f", "g")), "aws-keys": pack_keys(AwsKeys("AKIAX", "y", None))}
    shared().save("entry", kind, values.get(kind, "Canary-Other-8"))  # type: ignore[arg-type]
    bench.sandbox.requests.clear()
    flow = "refresh" if option == "--refresh-token" else "srp"
    more = ["--password", "env:GOOD"] if option == "--client-secret" else []
    code = login(bench, flow, option, "vault:entry", *more)
    sent = {name for _, name, _ in bench.sandbox.requests} & {"InitiateAuth", "GetTokensFromRefreshToken"}
    takes = kind == fits or (fits, kind) == ("refresh-token", "tokens")
    assert bool(sent) is takes
    assert (code == 2) is not takes
    told = "".join(capsys.readouterr())
    assert "Canary-Other-8" not in told
    quiet(told)
