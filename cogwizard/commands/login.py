"""`cogwizard login`: tokens by one of seven flows, each challenge answered in place, each refusal a finding."""

import argparse
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cogwizard.commands.asking import ask, ask_secret, can_ask, confirm
from cogwizard.commands.aws_settings import settings_of
from cogwizard.commands.challenges import announce, answers_to
from cogwizard.commands.keeping import keep
from cogwizard.commands.output import Exit, Log, UsageError, held_in_vault, put, put_json, read_secret, say
from cogwizard.commands.redirected import bring_back
from cogwizard.commands.refreshed import entry_name
from cogwizard.commands.report import write
from cogwizard.login import Login
from cogwizard.model.attempt import GRANTS, PASSWORD_FLOWS
from cogwizard.model.inert import inert, scrub
from cogwizard.model.pool import Pool
from cogwizard.model.read import Absent
from cogwizard.model.token import read_token
from cogwizard.model.tokens import Tokens
from cogwizard.ports import Ports
from cogwizard.report import signin as report
from cogwizard.report.document import Document
from cogwizard.signin.order import Order
from cogwizard.steps.attempt import outcome
from cogwizard.steps.offers import Offer
from cogwizard.text import Texts

if TYPE_CHECKING:
    from cogwizard.vault import Held

_MOST_ANSWERS = 3  # to one challenge: a person mistypes, a script does not get better


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run `login` and return its exit code: 0 with tokens, 1 for a refusal with a cause, 3 for one without.

    3 also for tokens that `--save` could not keep. Raises UsageError, BadInput, SetupError, BadName, BadValue.
    """
    _check(options)
    log = Log(options.log)

    def tell(line: str) -> None:
        log.line(line)
        if options.verbose:
            say(scrub(line))

    login = Login(Ports(settings_of(options, options.profile)), _order(options, texts), log=tell)
    login.look()
    offer = next(item for item in login.offers(options.flow == "refresh") if item.flow == options.flow)
    _introduce(login, offer, texts)
    if offer.state != "off" and _sign_in(login, options, texts):
        return _succeed(login, options, texts)
    login.confirm()
    return _refused(login, options, texts)


def _check(options: argparse.Namespace) -> None:
    """Raises UsageError for options that do not go together."""
    if _sources(options).count("-") > 1:
        raise UsageError("stdin-once")
    if options.flow in ("srp", "admin") and options.user_pool_id is None:
        raise UsageError("login-needs-pool", flow=options.flow)
    if options.flow == "client-credentials" and options.print == "id":
        raise UsageError("login-no-such-token", kind="id")  # before one is paid for
    if options.save is not None:
        from cogwizard.vault.outcome import key_of

        key_of(options.save)  # before anything is sent


def _sources(options: argparse.Namespace) -> list[str | None]:
    """Return where the secrets come from."""
    return [options.password, options.client_secret, options.refresh_token, *options.answer.values()]


def _order(options: argparse.Namespace, texts: Texts) -> Order:
    """Return what is asked for. What an entry of the vault says beside its tokens stands in for ids left out."""
    held = _entry(options)
    about: Mapping[str, str] = held.entry.about if held else {}
    client_id = options.client_id or about.get("client_id")
    if not client_id:
        raise UsageError("login-no-client")
    username = options.username or about.get("username")
    if options.flow in PASSWORD_FLOWS and not username:
        username = ask(texts.screen("signin", "ask username")) if can_ask() else None
        if not username:
            raise UsageError("login-no-username")
    return Order(
        options.flow,
        client_id,
        options.user_pool_id or about.get("user_pool_id"),
        options.region or about.get("region"),
        username,
        read_secret(options.client_secret, kinds=("client-secret",)) if options.client_secret is not None else None,
        tuple(scope for item in options.scope for scope in item.split()),
        options.redirect_uri,
        options.domain,
    )


def _entry(options: argparse.Namespace) -> "Held | None":
    """Return the entry of the vault whose tokens are to be refreshed, None where they come from elsewhere."""
    source = options.refresh_token or ""
    if options.flow != "refresh" or not source.startswith("vault:"):
        return None
    held = held_in_vault(entry_name(source))
    return held if held.entry.kind == "tokens" else None


def _introduce(login: Login, offer: Offer, texts: Texts) -> None:
    """Say what is known of the app client and of the flow before anything is sent."""
    client = login.client
    if client is None:
        say(texts.screen("login", "client not read"))
    else:
        secret = texts.screen("login", "with secret" if client.has_secret else "without secret")
        say(texts.screen("login", "client", name=inert(client.name, 80) or login.order.client_id, secret=secret))
        flows = [item.flow for item in login.offers() if item.state == "allowed"]
        say(texts.screen("login", "allowed", flows=", ".join(flows) or texts.screen("login", "none")))
    if login.is_elsewhere:
        say(texts.screen("login", "elsewhere", host=inert(login.host, 200)))
    state = texts.label(f"offer {offer.state}")
    say(texts.screen("login", "flow", flow=texts.label(f"flow {offer.flow}"), state=state))
    gives = [*offer.tokens, *([" ".join(offer.scopes)] if offer.scopes else [])]
    if gives:
        say(texts.screen("login", "gives", what=inert(", ".join(gives), 400)))
    for note in offer.notes:
        say(texts.screen("login", "note", note=texts.label(f"offer note {note}")))


def _sign_in(login: Login, options: argparse.Namespace, texts: Texts) -> bool:
    """Run the flow. Returns whether there are tokens."""
    if options.flow in PASSWORD_FLOWS:
        if options.password is None and not can_ask():
            raise UsageError("login-no-password")
        prompt = texts.screen("signin", "ask PASSWORD")
        given = options.password
        password = ask_secret(prompt) if given is None else read_secret(given, kinds=("password",))
        return login.start(password) and _challenges(login, options, texts)
    if options.flow == "refresh":
        held = _entry(options)
        return login.refresh(held.tokens() if held else Tokens(refresh_token=_refresh_token(options, texts)))
    if login.domain is None:
        if isinstance(login.facts.pool, Pool | Absent):
            return False  # the pool has none, which is a finding
        raise UsageError("login-needs-domain", flow=options.flow)
    if options.flow == "client-credentials":
        if can_ask() and not confirm(texts.screen("login", "confirm price")):
            raise UsageError("login-not-confirmed")
        return login.client_credentials()
    request = login.authorize()
    if request is None:
        return False
    use_browser = not options.no_browser and GRANTS[options.flow] == "code"
    hidden = [source.removeprefix("env:") for source in _sources(options) if source and source.startswith("env:")]
    return login.finish(bring_back(request, use_browser, texts, hidden))


def _refresh_token(options: argparse.Namespace, texts: Texts) -> str:
    if options.refresh_token is not None:
        return read_secret(options.refresh_token, kinds=("refresh-token",))
    if not can_ask():
        raise UsageError("login-no-refresh-token")
    return ask_secret(texts.screen("login", "ask refresh token"))


def _challenges(login: Login, options: argparse.Namespace, texts: Texts) -> bool:
    """Answer challenges until there are tokens. What was given as an option is sent once, never again."""
    given = dict(options.answer)
    tries = 0
    while login.challenge is not None:
        challenge = login.challenge
        if tries == 0:
            announce(challenge, login, texts)
        answers = answers_to(challenge, given, texts)
        if answers is None:
            return False
        tries += 1
        if login.answer(answers):
            tries = 0
        elif not can_ask() or login.challenge is not challenge or tries >= _MOST_ANSWERS or not login.may_answer_again:
            return False
        else:
            for finding in login.findings():
                if finding.verdict == "fail":
                    say(texts.summary(finding))
    return True


def _refused(login: Login, options: argparse.Namespace, texts: Texts) -> int:
    findings = login.findings()
    document = report.build(login.attempt, findings, texts, login.endpoint)
    # With --print standard output is for a token alone.
    write(document, options, texts, sys.stderr if options.print else sys.stdout)
    return Exit.of(outcome(login.attempt, findings))


def _succeed(login: Login, options: argparse.Namespace, texts: Texts) -> int:
    tokens = login.tokens
    if tokens is None:
        raise RuntimeError("a sign-in without an end")
    held = _held(tokens)
    wanted = {"id": tokens.id_token, "access": tokens.access_token, "json": "json"}.get(options.print or "json")
    is_kept = options.save is None or keep(options.save, tokens, _about(login), texts)
    entry = _entry(options) if options.save is None else None
    if entry:
        # With rotation the old refresh token is good no more.
        is_kept = keep(entry.entry.name, tokens, entry.entry.about, texts)
    if wanted is None:
        raise UsageError("login-no-such-token", kind=options.print)
    shown = [texts.screen("login", "token", until=_until(row, texts), **row) for row in held]
    if options.print:
        say("\n".join(shown))
    if options.print == "json":
        put_json(_all_of(tokens))
    elif options.print:
        put(wanted)
    else:
        findings = login.findings()
        document: Document = {**report.build(login.attempt, findings, texts, login.endpoint), "tokens": held}
        write(document, options, texts, sys.stdout)
        if options.format != "json":
            put("\n".join(["", *shown] if options.format == "text" else [f"- {line}" for line in shown]))
    return Exit.OK if is_kept else Exit.INCONCLUSIVE


def _held(tokens: Tokens) -> list[dict[str, Any]]:
    """Return what may be shown of tokens: kind, fingerprint, end, scopes."""
    rows: list[dict[str, Any]] = []
    for kind, text in (("id-token", tokens.id_token), ("access-token", tokens.access_token)):
        if text:
            token = read_token(text)
            end = token.time_claim("exp") or tokens.obtained_at + tokens.expires_in
            scopes = [inert(scope, 200) for scope in token.scopes]
            rows.append({"kind": kind, "fingerprint": token.label.rpartition(" ")[2], "expires": end, "scopes": scopes})
    if tokens.refresh_token:
        shown = read_token(tokens.refresh_token).label.rpartition(" ")[2]
        rows.append({"kind": "refresh-token", "fingerprint": shown, "expires": None, "scopes": []})
    return rows


def _until(row: dict[str, Any], texts: Texts) -> str:
    if row["expires"] is None:
        return texts.screen("login", "until signed out")
    clock = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(row["expires"]))
    return texts.screen("login", "until", time=clock, minutes=max(0, round((row["expires"] - time.time()) / 60)))


def _all_of(tokens: Tokens) -> dict[str, Any]:
    return {
        "id_token": tokens.id_token,
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": int(tokens.expires_at),
    }


def _about(login: Login) -> dict[str, str]:
    """Return what stands beside the tokens in the vault."""
    order = login.order
    about = {"client_id": order.client_id, "region": login.region}
    return about | {"user_pool_id": order.user_pool_id or "", "username": order.username or ""}
