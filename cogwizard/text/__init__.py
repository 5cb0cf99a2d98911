"""The catalogue: every text that a person reads, in English and Japanese, keyed by code. One file per group.

`common/` holds what is free of language: commands, neighbours, references. `ui.toml`, `intake.toml`, `aws.toml` and
`vault.toml` hold labels and messages. Nothing is read before it is asked for.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cogwizard.model.code import CODES
from cogwizard.model.inert import scrub
from cogwizard.text.phrases import Phrases

if TYPE_CHECKING:
    from cogwizard.model.finding import Finding

LANGUAGES = ("en", "ja")
# Parameters of a sentence that may be a phrase of the steps: "none", a length of time, a prediction.
_PHRASED = {"age", "left", "skew", "held", "audience", "mappings", "verbs", "observed", "predicted"}
# What may stand in a command without quoting; any other value stays a placeholder, so that no name that AWS or a token
# gave can act in the shell, in the AWS CLI's shorthand (",", "="), as an option ("-x") or as a file or address that the
# AWS CLI would load ("file://", "https://").
_SAFE = re.compile(r"(?!-)(?!.*://)[A-Za-z0-9_./:-]{1,300}")
_SAFE_BY_KEY = {
    "url": re.compile(r"https?://[A-Za-z0-9_./:@%+=,~-]{1,1000}"),
    "resource_path": re.compile(r"/[A-Za-z0-9_./{}+-]{0,300}"),
    "auth_flows": re.compile(r'\["ALLOW_[A-Z_]{1,60}"(?:, "ALLOW_[A-Z_]{1,60}"){0,20}\]'),
    "auth_flow_list": re.compile(r'\["ALLOW_[A-Z_]{1,60}"(?:, "ALLOW_[A-Z_]{1,60}"){0,20}\]'),
    "redirect_uris": re.compile(r'\["https?://[A-Za-z0-9_./:%~-]{1,300}"\]'),
    "username": re.compile(r"(?!-)[A-Za-z0-9_.@+-]{1,128}"),
    "email": re.compile(r"(?!-)[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,200}"),
}
# What stands in a command where nothing is known and a blank to fill in would be of no use: what most people need, as
# JSON, which Terraform and YAML read too. Postman's three callback URLs; what AWS allows without a list (research 7.1).
_USUAL = {
    "auth_flows": (
        '((.ExplicitAuthFlows // ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"])'
        ' + ["ALLOW_USER_PASSWORD_AUTH"] | unique)'
    ),
    "auth_flow_list": '["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]',
    "redirect_uris": (
        '["https://oauth.pstmn.io/v1/callback", "https://oauth.pstmn.io/v1/browser-callback",'
        ' "https://oauth.pstmn.io/v1/vscode-callback"]'
    ),
    "grant": "code",
}


@dataclass(frozen=True)
class Fix:
    """One remedy. `console` is a path of clicks; the others are commands or snippets, None where none applies."""

    title: str
    console: str | None
    cli: str | None
    terraform: str | None
    sam: str | None
    cdk: str | None


def _param(value: str) -> str:
    """Return what a user typed as a message may repeat it: a whole paste in the wrong place may be a secret."""
    return scrub(value, 200) if re.fullmatch(r"[^\n]{1,200}", value) and "eyJ" not in value else "..."


@cache
def _file(folder: str, name: str) -> dict[str, Any]:
    return tomllib.loads(files("cogwizard.text").joinpath(folder, f"{name}.toml").read_text("utf-8"))


@cache
def _phrases(lang: str) -> Phrases:
    ui = _file(lang, "ui")
    gates = {key: name for key, name in ui["label"].items() if key.startswith("gate ")}
    return Phrases({**gates, **ui.get("phrase", {})})


def language(wanted: str | None, environment: Mapping[str, str] | None = None) -> str:
    """Return "en" or "ja": what was asked for, else what the locale's variables say, else English."""
    env = os.environ if environment is None else environment
    for value in (wanted, env.get("LC_ALL"), env.get("LC_MESSAGES"), env.get("LANG")):
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Raises KeyError for a key that is not there: a test holds that none is missing."""

    lang: str = "en"

    def load(self) -> None:
        """Read all files of this language, so that nobody waits for one later."""
        root = files("cogwizard.text")
        for folder in (self.lang, "common"):
            for below in ("", "screens"):
                found = root.joinpath(folder, below)
                for file in found.iterdir() if found.is_dir() else ():
                    if file.name.endswith(".toml"):
                        _file(folder, f"{below}/{file.name}"[:-5].lstrip("/"))

    def entry(self, code: str) -> dict[str, Any]:
        """Return the prose of a code: title, means, why, proof, limits, confused_with, summary, fix."""
        entry: dict[str, Any] = _file(self.lang, CODES[code].group)[code]
        return entry

    def title(self, code: str) -> str:
        """Return the one-line title of a code."""
        return str(self.entry(code)["title"])

    def summary(self, finding: "Finding") -> str:
        """Return the sentence of a finding: the code's own for its variant, else the general one."""
        own = self.entry(finding.code).get("summary", {})
        template = own.get(finding.variant) or self._ui("reason")[finding.variant]
        params = {key: self._told(key, value) for key, value in finding.params.items()}
        if "fields" in params:
            names = [self.label(name) for name in params["fields"].split(", ")]
            params["fields"] = ("、" if self.lang == "ja" else ", ").join(names)
        for key in ("by", "code"):
            if params.get(key) in CODES:
                params[f"{key}_title"] = self.title(params[key])
        text = str(template).format_map(params)
        return self.label("in draft", summary=text) if finding.view == "draft" else text

    def _told(self, key: str, value: str) -> str:
        """Return a parameter of a sentence in this language, where it is no name but a phrase of the steps."""
        if key == "permissions":
            return "; ".join(self.phrase(item) for item in value.split("; "))
        return self.phrase(value) if key in _PHRASED else _phrases(self.lang).word(key, value)

    def label(self, key: str, **params: object) -> str:
        """Return a label of the interface, filled in."""
        return str(self._ui("label")[key]).format(**params)

    def screen(self, name: str, key: str, /, **params: object) -> str:
        """Return a text of a screen of the wizard (`screens/{name}.toml`), filled in."""
        for param in {"permission", "token"}.intersection(params):
            params[param] = self.phrase(str(params[param]))
        return str(_file(self.lang, f"screens/{name}")[key]).format(**params)

    def key_name(self, key: str) -> str:
        """Return the name of a key of the wizard, "" for a key that has none."""
        return str(_file(self.lang, "screens/keys").get(key, "")) if key else ""

    def key_help(self, action: str) -> str:
        """Return the sentence about an action of the wizard, "" where its name says it all."""
        return str(_file(self.lang, "screens/keys").get(f"help {action.partition('(')[0]}", ""))

    def message(self, key: str, params: Mapping[str, object]) -> str:
        """Return the sentence for an error key of `intake`, `aws`, `vault` or the command line."""
        for name in ("ui", "intake", "aws", "vault"):
            if found := _file(self.lang, name).get("messages", {}).get(key):
                return str(found).format_map({name: _param(str(value)) for name, value in params.items()})
        raise KeyError(key)

    def vault(self, key: str, **params: object) -> str:
        """Return a label of the vault, filled in."""
        return str(_file(self.lang, "vault")["label"][key]).format(**params)

    def keyring_trouble(self, state: str, backend: str | None, detail: str) -> str:
        """Return why a keyring did not do it: a state of the vault, the keyring's name, the kind of error."""
        return self.message(f"vault-{state}", {"backend": backend or self.vault("keyring"), "detail": detail or "?"})

    def read_as(self, key: str) -> str:
        """Return what an error text was recognised as, in words."""
        return str(_file(self.lang, "intake")["read_as"][key])

    def symptom(self, scenario: str) -> str:
        """Return what a person sees of a scenario of the sandbox, in one line."""
        return str(_file(self.lang, "scenarios")["symptom"][scenario])

    def symptom_count(self) -> int:
        """Return how many scenarios the sandbox has, without loading it."""
        return len(_file(self.lang, "scenarios")["symptom"])

    def meanings(self) -> dict[str, str]:
        """Return what the claims and header members of a token mean, by name."""
        return self._ui("token")

    def phrase(self, cell: str) -> str:
        """Return a cell of a report's evidence in this language; what is no phrase of the steps stays as it is."""
        return _phrases(self.lang).translate(cell)

    def fixes(self, code: str, ids: Mapping[str, str | None], variant: str | None = None) -> list[Fix]:
        """Return the remedies of a code, likeliest first, with the real ids where they are known and safe.

        `variant`: that of the finding; a variant may have remedies of its own (`variants` of a remedy), which others
        have not. None returns all.
        """
        common = _file("common", CODES[code].group).get(code, {}).get("fix", {})
        own = {key for key, forms in common.items() if variant in forms.get("variants", ())}
        fixes = []
        for key, prose in self.entry(code).get("fix", {}).items():
            forms = dict(common.get(key, {}))
            is_special = bool(forms.pop("variants", None))
            if variant is not None and (key not in own if own else is_special):
                continue
            commands = {name: fill(text, ids) for name, text in forms.items()}
            fixes.append(
                Fix(
                    prose["title"],
                    prose.get("console"),
                    commands.get("cli"),
                    commands.get("terraform"),
                    commands.get("sam"),
                    commands.get("cdk"),
                )
            )
        return fixes

    def onboard_snippets(self, step: str, values: Mapping[str, str | None]) -> dict[str, str]:
        """Return what a step of the walk-through makes, in code: tool (`terraform`, `sam`, `cdk`) -> snippet.

        `step`: its id; empty for one that makes nothing. `values`: what it is filled in with; what is not known or
        unsafe stays a placeholder, `<NAME>`.
        """
        found = _file("common", "onboard").get(step.removeprefix("onboard_"), {})
        return {tool: fill(text, values) for tool, text in found.items()}

    def log_commands(self, name: str, ids: Mapping[str, str | None]) -> dict[str, str]:
        """Return how a log of API Gateway is switched on, or its role made: cli, terraform, sam, cdk -> command.

        `name`: role, execution or access; `ids` as in `fixes`.
        """
        return {form: fill(text, ids) for form, text in _file("common", "logs")[name].items()}

    def neighbours(self, code: str) -> tuple[str, ...]:
        """Return the codes that this one is confused with."""
        return tuple(_file("common", CODES[code].group).get(code, {}).get("confused", ()))

    def references(self, code: str) -> tuple[str, ...]:
        """Return addresses to read on at."""
        return tuple(_file("common", CODES[code].group).get(code, {}).get("references", ()))

    def _ui(self, table: str) -> dict[str, str]:
        found: dict[str, str] = _file(self.lang, "ui")[table]
        return found


class _Ids(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return _USUAL.get(key, f"<{key.upper()}>")


def fill(command: str, ids: Mapping[str, str | None]) -> str:
    """Return a command with its placeholders filled; `<REST_API_ID>` where an id is not known or unsafe."""
    known = {key: value for key, value in ids.items() if value and _SAFE_BY_KEY.get(key, _SAFE).fullmatch(value)}
    return command.strip("\n").format_map(_Ids(known))
