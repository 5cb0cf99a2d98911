"""A challenge on the command line: said, and answered from options or by what is typed."""

import sys

from cogwizard.commands.asking import ask, ask_secret, can_ask
from cogwizard.commands.output import UsageError, read_secret, say
from cogwizard.login import Login
from cogwizard.signin.challenge import Challenge, Field
from cogwizard.text import Texts


def announce(challenge: Challenge, login: Login, texts: Texts) -> None:
    """Say what a challenge asks; the key of an authenticator app is shown to a terminal only."""
    if not challenge.asks:
        say(texts.screen("signin", "challenge other", name=challenge.name))
        return
    to = challenge.sent_to or texts.screen("signin", "unknown place")
    say(texts.screen("signin", f"challenge {challenge.name}", to=to))
    for name, value in challenge.said:
        say(texts.screen("signin", "asked by", name=name, value=value))
    if challenge.key:
        if not (can_ask() and sys.stderr.isatty()):
            return  # a key that nobody reads is a secret in a file
        from cogwizard.report.qr import lines

        say("\n".join(lines(challenge.key_uri("cogwizard", login.order.username or "user"))))
        say(texts.screen("signin", "key", key=challenge.key))


def answers_to(challenge: Challenge, given: dict[str, str], texts: Texts) -> dict[str, str] | None:
    """Return what to answer, None where it cannot be answered: by nobody, or not in a terminal.

    `given`: member -> SRC, from the options; each is used once.
    """
    answers: dict[str, str] = {}
    for field in challenge.asks:
        source = given.pop(field.name, None)
        if source is not None:
            answers[field.name] = read_secret(source, kinds=("password",))
        elif can_ask():
            answers[field.name] = _asked(field, texts)
        else:
            return None
    return answers or None


def _asked(field: Field, texts: Texts) -> str:
    if field.choices:
        for number, choice in enumerate(field.choices, 1):
            say(f"  {number}  {texts.screen('signin', f'choice {choice}')}")
        answer = ask(texts.screen("signin", "ask ANSWER"))
        if answer in field.choices:
            return answer
        if answer.isdecimal() and 0 < int(answer) <= len(field.choices):
            return field.choices[int(answer) - 1]
        raise UsageError("login-no-choice", most=len(field.choices))
    if field.attribute:
        return ask(texts.screen("signin", "ask attribute", name=field.attribute))
    return ask_secret(texts.screen("signin", f"ask {field.name}"))
