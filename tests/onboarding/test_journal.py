"""The journal: written before, read back after any end, never a secret in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cogwizard.model.build import Choices
from cogwizard.onboarding.journal import Header, Journal, JournalError, name_of

HEADER = Header("0a1b2c3d", "eu-west-1", "deadbeef", "", Choices())


def begun(path: Path) -> Journal:
    """A journal with one write done and one intended."""
    journal = Journal(path, HEADER)
    journal.intend("pool")
    journal.note("pool", "done", {"pool_id": "eu-west-1_Abc123"})
    journal.intend("client")
    return journal


def test_it_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.jsonl"
    begun(path).close()
    other = Journal(path, Header("ffffffff", "us-east-1", "0", "", Choices("other")))
    assert other.header == HEADER
    assert other.states == {"pool": "done", "client": "intended"}
    assert other.values == {"pool_id": "eu-west-1_Abc123"}
    other.close()
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_was_not_written(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "run.jsonl"
    begun(path).close()
    data = path.read_bytes()
    last = len(data) - data.rstrip(b"\n").rfind(b"\n") - 1
    path.write_bytes(data[: -min(cut, last)])
    again = Journal(path, HEADER)
    assert again.states == {"pool": "done"}
    again.intend("client")
    again.close()
    assert [json.loads(line) for line in path.read_text().splitlines()][-1] == {"write": "client", "state": "intended"}


def test_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    journal = begun(path)
    code = (
        "import sys; from pathlib import Path; from tests.onboarding.test_journal import HEADER\n"
        "from cogwizard.onboarding.journal import Journal, JournalError\n"
        "try: Journal(Path(sys.argv[1]), HEADER)\n"
        "except JournalError as error: print(error.key)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "journal-busy", done.stderr
    journal.close()
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == ""


BROKEN = {
    "no JSON": b"hello\n",
    "no object": b"[1]\n",
    "another schema": b'{"schema": "cogwizard/onboard-journal@9"}\n',
    "no run": b'{"schema": "cogwizard/onboard-journal@1", "run": 1}\n',
    "binary": b"\xff\xfe\x00\n",
    "deep": b"[" * 100_000 + b"\n",
}
ENTRIES = {
    "state": {"write": "pool", "state": "flying"},
    "value": {"write": "pool", "state": "done", "values": {"pool_id": "x y"}},
    "control": {"write": "pool\u001b[2J", "state": "done"},
    "values": {"write": "pool", "state": "done", "values": ["a"]},
    "none": {},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_journal_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(BROKEN[name])
    with pytest.raises(JournalError) as caught:
        Journal(path, HEADER)
    assert caught.value.key == "journal-unreadable"
    assert path.read_bytes() == BROKEN[name]


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_made_by_hand_is_not_believed(tmp_path: Path, name: str) -> None:
    path = tmp_path / "run.jsonl"
    begun(path).close()
    with path.open("a") as file:
        file.write(json.dumps(ENTRIES[name]) + "\n")
    with pytest.raises(JournalError):
        Journal(path, HEADER)


@pytest.mark.parametrize("choice", [{"name": "../x"}, {"stage": ""}, {"surprise": 1}, {"username": "\u202e"}])
def test_choices_made_by_hand_are_not_believed(tmp_path: Path, choice: dict[str, object]) -> None:
    path = tmp_path / "run.jsonl"
    begun(path).close()
    first, _, rest = path.read_text().partition("\n")
    header = json.loads(first)
    header["choices"] |= choice
    path.write_text(json.dumps(header) + "\n" + rest)
    with pytest.raises(JournalError):
        Journal(path, HEADER)


def test_it_says_where_it_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError) as caught:
        Journal(tmp_path / "file" / "run.jsonl", HEADER)
    assert caught.value.key == "journal-unwritable"


def test_a_name_is_one_run_of_an_account_and_a_place() -> None:
    names = {
        name_of(Choices(name), region, account, host)
        for name in ("a", "b")
        for region in ("eu-west-1", "us-east-1")
        for account in ("111122223333", "444455556666")
        for host in ("", "127.0.0.1")
    }
    assert len(names) == 16
    assert not any("1111" in name or "4444" in name for name in names)
