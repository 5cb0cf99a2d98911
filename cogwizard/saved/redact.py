"""A case without its secrets, in which every check finds the same as before (interface, section 3, Redaction).

By construction: a text is searched for what looks like a secret, a field that `repr` does not show is a secret, unless
`_Redactor` says what it is. Kept are names and ids of AWS, configuration, times and the caller's address; gone are
tokens' signatures and personal claims, keys, cookies, and bodies but for those of refusals.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from cogwizard.intake.harmless import HARMLESS, HARMLESS_IN_ANSWERS
from cogwizard.model.answer import Answer
from cogwizard.model.api import Authorizer, Stage
from cogwizard.model.authorization import read_value
from cogwizard.model.case import Case
from cogwizard.model.inert import fingerprint
from cogwizard.model.pool import stage_variables_in
from cogwizard.model.token import read_token
from cogwizard.saved.plain import Plain
from cogwizard.saved.stand_in import CLAIMS, REMOVED, carries_token, for_secret, for_token, for_value
from cogwizard.steps.signature import is_signed_by

_SHORTEST = 6  # characters of a secret that is looked for in what others say: a shorter one would be found anywhere
_PASSWORD = re.compile(r"passw|passphrase|pwd", re.IGNORECASE)
Pairs = Iterable[tuple[str, str]]


def redact(case: Case) -> Case:
    """Return the case as it may be given to anybody. Pure, raises nothing."""
    return _Redactor(case).case()


class _Redactor:
    """Gives the same stand-in for the same secret throughout a case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._views = (case, case.seen_as("draft"), case.seen_as("deployed"))
        self._names = {"authorization", *((view.identity_header or "").lower() for view in self._views)} - {""}
        self._used = frozenset(_variables(case.facts))
        self._plain = Plain()
        # What becomes of a field, where its type does not say it.
        self._ways: Mapping[str, Callable[[Any], object]] = {
            "Case.facts": lambda facts: {self._value(read): self._value(fact) for read, fact in facts.items()},
            "Case.given_token": lambda given: given and for_value(given, self._plain.text),
            "Case.signatures": lambda held: {**held, **dict(self._signatures())},
            "Call.method": str,
            "Call.url": self._plain.url,
            "Call.headers": lambda pairs: tuple((self._plain.text(name), self._sent(name, it)) for name, it in pairs),
            "Answer.headers": self._answered,
            "Answer.body": self._plain.body,
            "BlockResponse.headers": self._answered,
            "BlockResponse.body": self._plain.body,
            "TestInvokeAuthorizer.value": lambda token: for_token(token, self._plain.text),
            "TestInvokeAuthorizer.stage_variables": lambda pairs: tuple(self._variables(pairs)),
            "Stage.variables": lambda held: dict(self._variables(held.items())),
            "Stage.canary_variables": lambda held: dict(self._variables(held.items())),
            "CallerIdentity.arn": lambda arn: self._plain.text(_nobody(arn)),
            **dict.fromkeys(("Jwk.kid", "Jwk.n", "Jwk.e"), str),
            **dict.fromkeys(("AccessLog.format", "Integration.template"), self._configured),
            **dict.fromkeys(("AuthorizerTest.log", "LogLine.text"), self._plain.foreign),
            **dict.fromkeys(("Absent.error", "Absent.message", "Unread.error", "Unread.detail"), self._plain.foreign),
        }

    def case(self) -> Case:
        echoes = sorted(self._secrets(), key=lambda item: -len(item[0]))
        self._plain.echoes = dict(echoes)
        found: Case = self._value(self._case)
        return found

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._plain.text(value)
        if isinstance(value, tuple):
            return tuple(map(self._value, value))
        if isinstance(value, Mapping):
            return {self._plain.text(key): self._value(held) for key, held in value.items()}
        if not is_dataclass(value):
            return value
        if isinstance(value, Answer) and value.status < 400:
            value = replace(value, body="")  # what got through is data of the API; only a refusal tells of the gates
        kept: dict[str, Any] = {}
        for item in fields(value):
            way: Callable[[Any], object] = self._value if item.repr else _hidden
            way = self._ways.get(f"{type(value).__name__}.{item.name}", way)
            kept[item.name] = way(getattr(value, item.name))
        return type(value)(**kept)

    def _configured(self, text: str | None) -> str | None:
        return text and self._plain.configured(text)

    def _sent(self, name: str, value: str) -> str:
        """Return the value of a header of the call: what it may show is that of the report."""
        lower = name.lower()
        if lower in self._names or carries_token(value):
            return for_value(value, self._plain.text)
        if lower in HARMLESS or lower == "referer":  # policies ask for it
            return self._plain.url(value) if "//" in value else self._plain.text(value)
        if value.lower().startswith("basic "):
            return f"Basic {REMOVED}"
        if _PASSWORD.search(lower):
            return REMOVED
        parts = read_value(value)
        if parts.kind != "token" or parts.scheme:
            return for_value(value, self._plain.text)
        return for_secret(parts.token or value)

    def _answered(self, headers: Pairs) -> tuple[tuple[str, str], ...]:
        kept = []
        for name, value in headers:
            known = name.lower() in HARMLESS_IN_ANSWERS
            shown = self._plain.url(value) if name.lower() == "location" else value
            kept.append((self._plain.text(name), self._plain.foreign(shown) if known else for_secret(value)))
        return tuple(kept)

    def _variables(self, pairs: Pairs) -> Iterator[tuple[str, str]]:
        for name, value in pairs:
            yield name, self._plain.text(value) if name in self._used else for_secret(value)

    def _signatures(self) -> Iterator[tuple[str, bool]]:
        """Yield what is known of the signatures of the tokens in both views, by what stands for the token."""
        for view in self._views:
            token = view.token
            if token is None or token.flaw or token.header.get("alg") != "RS256":
                continue
            key = next((item for item in view.keys or () if item.kid == token.header.get("kid")), None)
            signed = is_signed_by(token, key) if key else None
            if signed is not None and fingerprint(token.text) not in self._case.signatures:
                yield fingerprint(for_token(token.text, self._plain.text)), signed

    def _secrets(self) -> Iterator[tuple[str, str]]:
        """Yield each secret of the call with what stands for it, and who the tokens say that somebody is."""
        calls = [self._case.call, *(read.call for read in self._case.facts if hasattr(read, "call"))]
        sent = [(name, value) for call in calls for name, value in call.headers]
        sent += [("authorization", self._case.given_token)] if self._case.given_token else []
        found: list[tuple[str, str]] = []
        for name, value in sent:
            if self._sent(name, value) == value:
                continue
            found += [(part, for_secret(part)) for part in (value.strip(), value.partition(" ")[2].strip())]
            if token := read_value(value).token:
                read = read_token(token)
                found += [(part, REMOVED) for part in token.split(".")]
                found += [(held, REMOVED) for key, held in read.claims.items() if key not in CLAIMS]
                found.append((token, read.label))
        for fact in self._case.facts.values():
            for stage in fact if isinstance(fact, tuple) else ():
                if isinstance(stage, Stage):
                    pairs = (*stage.variables.items(), *stage.canary_variables.items())
                    found += [(value, for_secret(value)) for name, value in pairs if name not in self._used]
        return (item for item in found if isinstance(item[0], str) and len(item[0]) >= _SHORTEST)


def _hidden(value: Any) -> Any:
    """Return what stands for a field whose value is a secret: of texts their fingerprint, of others nothing."""
    if isinstance(value, str):
        return for_secret(value)
    if isinstance(value, tuple):
        return tuple(map(_hidden, value))
    return {} if isinstance(value, Mapping) else None if isinstance(value, bytes) else value


def _nobody(arn: str) -> str:
    """Return the ARN of a caller without the session or the user: both are mostly somebody's name."""
    head, slash, _ = arn.rpartition("/")
    return f"{head}{slash}{REMOVED}" if slash else arn


def _variables(facts: Mapping[Any, object]) -> Iterator[str]:
    """Yield the stage variables that the ARNs of authorizers use: their values are judged."""
    for fact in facts.values():
        for item in fact if isinstance(fact, tuple) else getattr(fact, "authorizers", ()):
            for arn in item.provider_arns if isinstance(item, Authorizer) else ():
                yield from stage_variables_in(arn)
