"""Whose AWS the wizard reads at the start: what was remembered never overrules what the user says."""

import pytest

from cogwizard.cli import main
from cogwizard.commands import wizard
from cogwizard.ui import remembered
from cogwizard.ui.app import CogwizardApp
from cogwizard.ui.session import Session


def opened(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Session:
    """Return the session that the wizard is opened with, where the profile `old` was used the last time."""
    seen: list[Session] = []
    monkeypatch.setattr(wizard, "has_terminal", lambda: True)
    monkeypatch.setattr(remembered, "load", lambda _path: remembered.Remembered(profile="old"))
    monkeypatch.setattr(remembered, "save", lambda _path, _remembered: None)
    monkeypatch.setattr(CogwizardApp, "run", lambda self, **_: seen.append(self.session))
    assert main(list(arguments)) == 0
    return seen[0]


def test_the_remembered_profile_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(monkeypatch)
    assert session.settings.profile == "old"
    assert session.profile_is_remembered


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"])
def test_the_environment_is_stronger(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "mine")
    session = opened(monkeypatch)
    assert session.settings.profile is None
    assert not session.profile_is_remembered


def test_the_option_is_stronger(monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(monkeypatch, "--profile", "asked")
    assert session.settings.profile == "asked"
    assert not session.profile_is_remembered
