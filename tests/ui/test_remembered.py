"""What is remembered between runs: names only, for the owner only, and never a reason not to start."""

import json
import os
from argparse import Namespace
from pathlib import Path

import pytest

from cogwizard.commands import wizard
from cogwizard.text import Texts
from cogwizard.ui.app import CogwizardApp
from cogwizard.ui.remembered import Remembered, load, save

ALL = Remembered("acme-dev", "ap-northeast-1", "ja", "cogwizard-light", "a1b2c3d4e5", "prod")


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """In a directory that is made for it; both are for the owner alone."""
    path = tmp_path / "state" / "wizard.json"
    save(path, ALL)
    assert load(path) == ALL
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [item.name for item in path.parent.iterdir()] == ["wizard.json"]


def test_nothing_there_is_nothing_remembered(tmp_path: Path) -> None:
    """The first run, and a path that goes through a file."""
    assert load(tmp_path / "none") == Remembered()
    (tmp_path / "file").write_text("x")
    assert load(tmp_path / "file" / "wizard.json") == Remembered()
    save(tmp_path / "file" / "wizard.json", ALL)
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 5000,
        b'["a"]',
        b"null",
        b'{"region": "' + b"a" * 20_000 + b'"}',
        b'{"region": {"a": "b"}, "stage": 7, "theme": null}',
    ],
    ids=["empty", "torn", "no text", "deep", "a list", "null", "huge", "no names"],
)
def test_a_broken_file_is_forgotten(content: bytes, tmp_path: Path) -> None:
    """Whatever stands there, the wizard starts as for the first time."""
    path = tmp_path / "wizard.json"
    path.write_bytes(content)
    assert load(path) == Remembered()


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """It would never end."""
    os.mkfifo(tmp_path / "wizard.json")
    assert load(tmp_path / "wizard.json") == Remembered()


@pytest.mark.parametrize(
    "value",
    [
        "\x1b]0;title\x07",
        "a b",
        "$(reboot)",
        "a" * 129,
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln",
        "AKIAIOSFODNN7EXAMPLE",
        "東京",
    ],
)
def test_what_is_no_name_is_neither_loaded_nor_saved(value: str, tmp_path: Path) -> None:
    """Neither an escape sequence nor a token nor an access key gets in or out."""
    path = tmp_path / "wizard.json"
    path.write_text(json.dumps({"profile": value, "region": "us-east-1"}))
    assert load(path) == Remembered(region="us-east-1")
    save(path, Remembered(profile=value, region="us-east-1"))
    assert json.loads(path.read_text()) == {"region": "us-east-1"}


def test_a_language_that_there_is_not_is_forgotten(tmp_path: Path) -> None:
    """Of another version, or written by hand."""
    path = tmp_path / "wizard.json"
    path.write_text('{"language": "fr", "stage": "prod"}')
    assert load(path) == Remembered(stage="prod")


class Opened:
    """Stands for the terminal: takes the app that would have run."""

    app: CogwizardApp | None = None


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    """Have the wizard opened without a terminal, with `tmp_path` for its state."""
    taken = Opened()

    def run(app: CogwizardApp) -> None:
        taken.app = app

    monkeypatch.setattr(wizard, "has_terminal", lambda: True)
    monkeypatch.setattr(CogwizardApp, "run", run)
    monkeypatch.setattr("cogwizard.ui.remembered.state_file", lambda: tmp_path / "wizard.json")
    return taken


def options(**given: object) -> Namespace:
    """Return the options of a command line."""
    defaults = {"profile": None, "region": None, "endpoint_url": None, "timeout": 5.0, "lang": None, "log": None}
    return Namespace(**{**defaults, "no_color": False, **given})


def test_what_is_remembered_is_used(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profile, language and theme; a profile in the environment goes before the remembered one."""
    save(tmp_path / "wizard.json", ALL)
    assert wizard.open_wizard(options(), Texts("en")) == 0
    assert opened.app is not None
    assert opened.app.session.texts.lang == "ja"
    assert opened.app.session.settings.profile == "acme-dev"
    assert opened.app.theme == "cogwizard-light"
    monkeypatch.setenv("AWS_PROFILE", "other")
    wizard.open_wizard(options(), Texts("en"))
    assert opened.app.session.settings.profile is None


def test_what_is_asked_for_goes_before_what_is_remembered(opened: Opened, tmp_path: Path) -> None:
    """`--lang` and `--profile`; the remembered language is not lost by that."""
    save(tmp_path / "wizard.json", ALL)
    wizard.open_wizard(options(lang="en", profile="mine"), Texts("en"))
    assert opened.app is not None
    assert opened.app.session.texts.lang == "en"
    assert opened.app.session.settings.profile == "mine"
    assert load(tmp_path / "wizard.json").language == "ja"


def test_a_theme_that_there_is_not_is_not_shown(opened: Opened, tmp_path: Path) -> None:
    """Of another version: the dark one instead."""
    save(tmp_path / "wizard.json", Remembered(theme="nord"))
    wizard.open_wizard(options(), Texts("en"))
    assert opened.app is not None
    assert opened.app.theme == "cogwizard-dark"
