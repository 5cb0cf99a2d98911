"""The arguments name choices that live elsewhere: written out there for a fast `--help`, held to be the same here."""

import argparse
from typing import get_args

import pytest

from cogwizard.arguments import parser
from cogwizard.model.attempt import Flow
from cogwizard.model.postman import APPS, GRANTS
from cogwizard.postman.write import FORMS
from cogwizard.vault.kinds import Kind


def choices(name: str, *commands: str) -> list[str]:
    """Return the choices of an argument, by its `dest`, of a command and its sub-command."""
    found: argparse.ArgumentParser = parser()
    for command in commands:
        below = next(action for action in found._actions if isinstance(action, argparse._SubParsersAction))
        found = below.choices[command]
    action = next(action for action in found._actions if action.dest == name)
    return list(action.choices or ())


@pytest.mark.parametrize(
    ("named", "elsewhere"),
    [
        (choices("flow", "login"), get_args(Flow)),
        (choices("kind", "vault", "set"), get_args(Kind)),
        (choices("postman", "postman", "checklist"), APPS),
        (choices("grant", "postman", "checklist"), GRANTS),
        (choices("forms", "postman", "export"), FORMS),
    ],
    ids=["flows", "kinds", "apps", "grants", "forms"],
)
def test_the_choices_are_those_of_what_they_belong_to(named: list[str], elsewhere: tuple[str, ...]) -> None:
    assert sorted(named) == sorted(elsewhere)
