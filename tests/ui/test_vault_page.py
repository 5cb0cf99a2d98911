"""The vault's page on keyrings that work, hang, are locked or not there. None of them is the user's own."""

import sys
from pathlib import Path
from typing import Literal

import pytest
from keyring.errors import KeyringLocked
from textual.widgets import OptionList

from cogwizard import vault as package
from cogwizard.aws.session import Settings
from cogwizard.commands import output
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.add_entry import AddEntry
from cogwizard.ui.ask import Ask
from cogwizard.ui.from_vault import FromVault
from cogwizard.ui.keep import Keep
from cogwizard.ui.profiles import ChooseProfile
from cogwizard.ui.sandbox import SandboxList
from cogwizard.ui.session import Session
from cogwizard.ui.vault import VaultPage
from cogwizard.ui.widgets.secret import SecretLine
from cogwizard.ui.widgets.topline import TopLine
from cogwizard.vault import Held, Trouble, Vault, lock
from cogwizard.vault.backends import Backend, Choose
from cogwizard.vault.doctor import Doctor
from cogwizard.vault.kinds import AwsKeys, pack_keys
from cogwizard.vault.store import INDEX
from tests.ui.driver import Driver, drive
from tests.ui.said import said
from tests.vault.rings import Gate, MemoryRing, chosen

SECRET = "canary-s3cret"
KEYS = AwsKeys("AKIAIOSFODNN7CANARY0", "canary-key", "canary-session")


@pytest.fixture(autouse=True)
def _own_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lock, "lock_file", lambda: tmp_path / "vault.lock")


class Keeping(Session):
    """A session with a keyring for tests. `probed`: what trying it gives; `patient`: a prompt is waited for."""

    def __init__(self, choose: Choose, *, deadline: float = 30.0, patient: bool = False, lang: str = "en") -> None:
        """`deadline` is in seconds."""
        super().__init__(Texts(lang), Settings(timeout=5.0))
        self._choose = choose
        self._vault = Vault(choose, deadline)
        if patient:
            self._vault.on_wait = lambda: None
        self.probed: Trouble | None = None
        self.asked: list[bool] = []

    def examine(self, probe: bool) -> Doctor:
        """See `Session`."""
        self.asked.append(probe)
        found = self._choose()
        listed = (
            Backend("kwallet", "KWallet", "keyring.backends.kwallet", "no-bus", "RuntimeError: \x1b[2J"),
            Backend("", "Keyring", "keyring.backends.null.Keyring", "null"),
        )
        tried: Trouble | Literal["ok"] | None = (self.probed or "ok") if probe else None
        return Doctor(
            "linux-headless", found, (*((found,) if isinstance(found, Backend) else ()), *listed), None, tried
        )


def filled(ring: MemoryRing) -> MemoryRing:
    """Put an entry of three kinds into a keyring."""
    vault = Vault(chosen(ring))
    about = {"client_id": "4p3a0b1c2d3e4f5g6h7i8j9k0l", "username": "taro\x1b@example.com"}
    vault.save("orders", "client-secret", SECRET, about)
    vault.save("old", "token", SECRET, {"expires_at": "1700000000"})
    vault.save("audit", "aws-keys", pack_keys(KEYS))
    ring.calls.clear()
    return ring


async def opened(wizard: Driver) -> VaultPage:
    """Open the page and wait for both of its reads."""
    wizard.app.action_vault()
    page = wizard.app.screen
    assert isinstance(page, VaultPage)
    await wizard.until(lambda: page.listing and page.doctor, "the page")
    return page


def clean(wizard: Driver) -> str:
    """Return all that the screen says; fails where a secret or an active character is in it."""
    text = wizard.text() + said(wizard.app.screen)
    for secret in (SECRET, "canary", "AKIA", "\x1b"):
        assert secret not in text
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_names_and_kinds_are_shown_never_a_value(lang: str, size: tuple[int, int]) -> None:
    """And which keyring keeps them, and why the others do not."""
    texts = Texts(lang)

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        shown = clean(wizard)
        assert texts.vault("uses", backend="Test Keyring") in shown
        for name in ("orders", "old", "audit", "4p3a0b1c2d3e4f5g6h7i8j9k0l"):
            assert name in wizard.text()
        for kind in ("client-secret", "token", "aws-keys"):
            assert texts.screen("vault", f"kind {kind}") in wizard.text()
        assert texts.screen("vault", "ended", at="2023-11-14 22:13 UTC") in wizard.text()
        for reason in ("no-bus", "null", "usable"):
            assert texts.vault(f"reason {reason}") in shown
        assert texts.screen("vault", "not tried") in shown
        assert page.copyable() == "vault:audit"
        await wizard.press("down", "c")
        assert wizard.app.clipboard == "vault:old"

    drive(script, size=size, session=Keeping(chosen(filled(MemoryRing())), lang=lang))


def test_an_entry_is_forgotten_only_when_that_is_said() -> None:
    ring = filled(MemoryRing())

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        for answer, left in (("escape", 3), ("n", 3), ("y", 2)):
            await wizard.press("f")
            assert isinstance(wizard.app.screen, Ask)
            assert "audit" in wizard.text()
            await wizard.press(answer)
            await wizard.until(lambda: page.asking.seconds is None, "the keyring")
            await wizard.pilot.pause()
            options = page.query_one(OptionList)
            assert options.option_count == left
        assert Texts().screen("vault", "forgotten", name="audit") in clean(wizard)

    drive(script, session=Keeping(chosen(ring)))
    assert [entry.name for entry in Vault(chosen(ring)).names().entries] == ["old", "orders"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_keyring_that_shows_a_prompt_is_waited_for_and_nothing_else_is(lang: str) -> None:
    """It is said what is waited for; every key acts; once the prompt is answered the entries are there."""
    gate, texts = Gate(), Texts(lang)
    ring = filled(MemoryRing())
    ring.before = lambda _operation, _service: gate.wait()

    async def script(wizard: Driver) -> None:
        wizard.app.action_vault()
        page = wizard.app.screen
        assert isinstance(page, VaultPage)
        waiting = texts.screen("vault", "waiting", backend="Test Keyring", seconds="{}").partition("{}")[0]
        await wizard.until(lambda: waiting in said(page), "that it waits")
        assert texts.vault("reason null") in said(page)
        await wizard.press("a")
        assert isinstance(wizard.app.screen, AddEntry)
        await wizard.press("escape", "f1", "escape", "ctrl+l", "ctrl+l")
        assert isinstance(wizard.app.screen, VaultPage)
        assert page.listing is None
        gate.open()
        await wizard.until(lambda: page.listing, "the entries")
        assert "orders" in clean(wizard)
        assert waiting not in said(page)

    try:
        drive(script, session=Keeping(chosen(ring), deadline=0.05, patient=True, lang=lang))
    finally:
        gate.open()


def locked(_operation: str, _service: str) -> None:
    raise KeyringLocked(SECRET)


def no_prompt(_operation: str, _service: str) -> None:
    raise TimeoutError(SECRET)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("choose", "state"),
    [
        (chosen(MemoryRing(before=locked)), "locked"),
        (chosen(MemoryRing(before=no_prompt)), "hanging"),
        (lambda: Trouble("none"), "none"),
        (lambda: Trouble("refused", "keyrings.alt.file.PlaintextKeyring"), "refused"),
    ],
)
def test_why_there_is_no_keyring_is_said_in_place(choose: Choose, state: str, lang: str) -> None:
    """With how to get one; an entry is then kept in memory, which is said too."""
    texts = Texts(lang)

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        key, detail = f"state {state}", "keyrings.alt.file.PlaintextKeyring"
        if state == "hanging":
            sentence = texts.keyring_trouble("hanging", "Test Keyring", "")
        else:
            sentence = texts.screen("vault", key, backend="Test Keyring", detail=detail)
        shown = clean(wizard)
        assert sentence in shown
        assert texts.screen("vault", "memory only") in shown
        is_there = isinstance(choose(), Backend)
        assert (texts.vault("advice linux-headless") in shown) is not is_there
        assert page.query_one("#probe-entry").display is is_there
        await wizard.press("a", "enter", *"mine", "enter")
        await wizard.paste(SECRET)
        await wizard.press("enter")
        await wizard.until(lambda: texts.screen("vault", "not stored", name="mine") in said(wizard.app.screen), "where")
        assert sentence in clean(wizard)
        await wizard.press("escape")
        await wizard.until(lambda: "mine" in wizard.text(), "the entry")
        assert texts.screen("vault", "in memory") in clean(wizard)

    session = Keeping(choose, lang=lang)
    drive(script, session=session)
    held = session.vault.read("mine")
    assert isinstance(held, Held)
    assert held.value == SECRET


def test_a_damaged_list_is_told_in_place() -> None:
    """Nothing is kept in memory for it: the next entry is stored, and what was lost is said."""
    texts, ring = Texts(), filled(MemoryRing())
    ring.held[INDEX] = "x"
    session = Keeping(chosen(ring))

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        shown = clean(wizard)
        assert texts.keyring_trouble("list-damaged", "Test Keyring", "") in shown
        assert texts.screen("vault", "memory only") not in shown
        await wizard.press("a", "enter", *"mine", "enter")
        await wizard.paste(SECRET)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.app.screen is page and page.entry, "the entry")
        assert texts.vault("uses", backend="Test Keyring") in clean(wizard)
        [note] = wizard.app._notifications
        assert note.message.endswith(texts.vault("list begun anew"))

    drive(script, session=session)


def test_waiting_for_the_keyring_writes_nothing_over_the_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands' words for it may be set already: `--profile vault:NAME` was read before the wizard opened."""
    vault = Vault(chosen(MemoryRing()))
    monkeypatch.setattr(package, "shared", lambda: vault)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    output.vault()
    assert vault.on_wait is not None
    vault.on_wait()
    assert capsys.readouterr().err
    patient = Session(Texts(), Settings(timeout=5.0)).vault.on_wait
    assert patient is not None  # a prompt is waited for all the same
    patient()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


def test_the_keyring_is_tried_when_that_is_asked_for() -> None:
    """What came of it stands in place; another look takes it away."""
    texts = Texts()
    session = Keeping(chosen(MemoryRing()))

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        await wizard.press("t")
        await wizard.until(lambda: texts.vault("probe ok") in said(page), "that it works")
        session.probed = Trouble("locked", "KeyringLocked", "Test Keyring")
        await wizard.press("t")
        await wizard.until(
            lambda: texts.screen("vault", "state locked", backend="Test Keyring") in said(page), "locked"
        )
        await wizard.press("r")
        await wizard.until(lambda: texts.screen("vault", "not tried") in said(page), "nothing tried")
        assert session.asked == [False, True, True, False]

    drive(script, session=session)


def test_aws_keys_that_are_typed_read_aws_at_once() -> None:
    """Added, used from the list, and chosen as a profile; they are not remembered."""
    session = Keeping(chosen(MemoryRing()))

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        await wizard.press("a", *["down"] * 4, "enter", *"audit", "enter")
        for text in (KEYS.key_id, KEYS.secret):
            await wizard.paste(text)
            await wizard.press("enter")
        await wizard.paste(KEYS.session_token or "")
        clean(wizard)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.app.screen is page and page.entry, "the entry")
        clean(wizard)
        await wizard.press("enter")
        await wizard.until(lambda: session.settings.profile == "vault:audit", "the keys")
        assert Texts().screen("vault", "keys used", name="vault:audit") in clean(wizard)

    drive(script, session=session)
    held = session.settings.signs_with
    assert held is not None
    assert (held.key_id, held.secret, held.session_token) == (KEYS.key_id, KEYS.secret, KEYS.session_token)
    assert session.remembered.profile is None
    session.choose_profile("dev")
    assert session.settings.signs_with is None


@pytest.mark.usefixtures("own_home")
def test_entries_stand_among_the_profiles(tmp_path: Path) -> None:
    """Those with AWS keys; the value is fetched when one is chosen."""
    (tmp_path / "config").write_text("[profile dev]\nregion = eu-west-1\n", encoding="utf-8")
    ring = filled(MemoryRing())
    answers: list[object] = []

    async def script(wizard: Driver) -> None:
        dialog = ChooseProfile()
        wizard.app.push_screen(dialog, answers.append)
        await wizard.until(lambda: dialog.is_mounted and dialog.query_one(OptionList).option_count == 2, "both")
        assert "vault:audit" in clean(wizard)
        assert "orders" not in wizard.text()
        assert not [service for _, service in ring.calls if "audit" in service]
        await wizard.press(*"audit", "enter")
        await wizard.until(lambda: answers, "the keys")

    drive(script, session=Keeping(chosen(ring)))
    assert getattr(answers[0], "profile", None) == "vault:audit"
    assert getattr(answers[0], "secret", None) == KEYS.secret


@pytest.mark.usefixtures("own_home")
def test_a_keyring_that_hangs_keeps_nobody_from_a_profile(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile dev]\nregion = eu-west-1\n", encoding="utf-8")
    gate = Gate()
    answers: list[object] = []

    async def script(wizard: Driver) -> None:
        dialog = ChooseProfile()
        wizard.app.push_screen(dialog, answers.append)
        await wizard.until(lambda: gate.reached.is_set(), "that the keyring hangs")
        await wizard.until(lambda: dialog.query_one(OptionList).option_count == 1, "the profile")
        await wizard.press("enter")
        await wizard.until(lambda: answers, "the profile")
        assert answers == ["dev"]

    try:
        ring = MemoryRing(before=lambda _operation, _service: gate.wait())
        drive(script, session=Keeping(chosen(ring), patient=True))
    finally:
        gate.open()


def test_a_name_that_is_taken_is_replaced_only_when_that_is_said() -> None:
    ring = filled(MemoryRing())
    session = Keeping(chosen(ring))
    answers: list[object] = []

    async def script(wizard: Driver) -> None:
        wizard.app.push_screen(Keep("client-secret", "canary-2", {"client_id": "x"}, "Orders"), answers.append)
        await wizard.pilot.pause()
        for answer in ("n", "y"):
            await wizard.press("ctrl+s")
            await wizard.until(lambda: isinstance(wizard.app.screen, Ask), "the question")
            clean(wizard)
            held = session.vault.read("orders")
            assert isinstance(held, Held)
            assert held.value == SECRET
            await wizard.press(answer)
        await wizard.until(lambda: answers, "that it is kept")
        clean(wizard)

    drive(script, session=session)
    held = session.vault.read("orders")
    assert isinstance(held, Held)
    assert held.value == "canary-2"
    assert held.entry.about == {"client_id": "x"}


def test_what_cannot_be_kept_is_said() -> None:
    """A name that is none, nothing to keep, tokens that are none: what was typed stays, in another language too."""

    async def script(wizard: Driver) -> None:
        wizard.app.push_screen(AddEntry())
        await wizard.pilot.pause()
        await wizard.press(*["down"] * 3, "enter", *"a b", "enter")
        await wizard.paste('{"canary": 1,\n"x": 2}\n')
        await wizard.press("ctrl+s")
        clean(wizard)
        assert Texts().message("bad-name", {}) in said(wizard.app.screen)
        await wizard.press("ctrl+l")
        await wizard.pilot.pause()
        dialog = wizard.app.screen
        assert isinstance(dialog, AddEntry)
        assert dialog.kind == "tokens"
        assert dialog.query_one("#line-value", SecretLine).value == '{"canary": 1,\n"x": 2}'
        await wizard.press("ctrl+l")
        wizard.app.screen.set_focus(dialog.query_one("#line-name"))
        await wizard.press("ctrl+u", *"ab", "ctrl+s")
        await wizard.until(lambda: Texts().message("bad-tokens", {}) in said(dialog), "what is wrong")
        dialog.query_one("#line-value", SecretLine).clear()
        await wizard.pilot.pause()
        await wizard.press("ctrl+s")
        await wizard.until(lambda: Texts().message("vault-empty", {}) in said(dialog), "that nothing is there")
        clean(wizard)

    drive(script, session=Keeping(chosen(MemoryRing())))


def test_who_closes_the_dialog_is_told_later() -> None:
    """The keyring is not waited for; what became of the secret is said on the next screen."""
    gate = Gate()
    session = Keeping(chosen(MemoryRing(before=lambda _operation, _service: gate.wait())), patient=True)

    async def script(wizard: Driver) -> None:
        wizard.app.push_screen(Keep("token", SECRET, name="mine"))
        await wizard.pilot.pause()
        await wizard.press("ctrl+s")
        await wizard.until(lambda: gate.reached.is_set(), "that the keyring hangs")
        await wizard.press("escape")
        assert not isinstance(wizard.app.screen, Keep)
        gate.open()
        told = Texts().screen("vault", "stored", name="mine", backend="Test Keyring")
        await wizard.until(lambda: told in wizard.text(), "what became of it")

    try:
        drive(script, session=session)
    finally:
        gate.open()


def test_keys_that_come_late_are_kept_from_the_sandbox() -> None:
    """They were asked for on the user's own AWS: that is read with them, once the sandbox is left."""
    ring, gate = filled(MemoryRing()), Gate()
    session = Keeping(chosen(ring), patient=True)

    async def script(wizard: Driver) -> None:
        page = await opened(wizard)
        await wizard.until(lambda: page.entry and page.entry.kind == "aws-keys", "the keys' entry")
        ring.before = lambda _operation, _service: gate.wait()
        await wizard.press("u")
        await wizard.until(gate.reached.is_set, "the keyring")
        wizard.app.action_open_sandbox("token-expired")
        await wizard.judged()
        settings = session.settings
        await wizard.press("ctrl+l")
        gate.open()
        await wizard.until(lambda: page.asking.seconds is None, "the answer")
        assert session.settings is settings
        assert settings.held is None
        await wizard.app.action_start_over()
        await wizard.until(lambda: isinstance(wizard.app.screen, SandboxList), "the list")
        await wizard.until(lambda: session.sandbox is None, "that it is left")
        await wizard.press("escape")
        await wizard.until(lambda: wizard.app.screen is page, "the page")
        assert session.texts.screen("vault", "keys used", name="vault:audit") in clean(wizard)
        assert session.settings.profile == "vault:audit"
        assert page.query_one(TopLine).mark == ""

    try:
        drive(script, session=session)
    finally:
        gate.open()


def test_an_entry_that_was_replaced_by_another_kind_is_told() -> None:
    """On the page, and where one is chosen; the list is read again."""
    ring = filled(MemoryRing())

    async def script(wizard: Driver) -> None:
        texts = wizard.app.session.texts
        page = await opened(wizard)
        await wizard.until(lambda: page.entry and page.entry.kind == "aws-keys", "the keys' entry")
        Vault(chosen(ring)).save("audit", "password", SECRET)
        await wizard.press("u")
        await wizard.until(lambda: page.entry and page.entry.kind == "password", "the list")
        assert texts.message("bad-aws-keys", {}) in clean(wizard) + said(page)
        assert wizard.app.session.settings.held is None

        answers: list[object] = []
        dialog = FromVault(("password",))
        wizard.app.push_screen(dialog, answers.append)
        await wizard.until(lambda: dialog.is_mounted and dialog.query_one(OptionList).option_count == 1, "the entry")
        Vault(chosen(ring)).save("audit", "aws-keys", pack_keys(KEYS))
        await wizard.press("enter")
        await wizard.until(lambda: texts.message("other-kind", {}) in said(dialog), "the refusal")
        clean(wizard)
        assert answers == []
        assert wizard.app.screen is dialog

    drive(script, session=Keeping(chosen(ring)))


@pytest.mark.usefixtures("own_home")
def test_an_answer_that_comes_under_another_screen_waits_for_its_own() -> None:
    ring, gate = filled(MemoryRing()), Gate()
    answers: list[object] = []

    async def script(wizard: Driver) -> None:
        dialog = FromVault(("client-secret",))
        wizard.app.push_screen(dialog, answers.append)
        await wizard.until(lambda: dialog.is_mounted and dialog.query_one(OptionList).option_count == 1, "the entry")
        ring.before = lambda _operation, _service: gate.wait()
        await wizard.press("enter")
        await wizard.until(gate.reached.is_set, "the keyring")
        await wizard.press("f1")
        over = wizard.app.screen
        assert over is not dialog
        gate.open()
        await wizard.until(lambda: dialog.asking.seconds is None, "the answer")
        assert wizard.app.screen is over
        assert answers == []
        await wizard.press("escape")
        await wizard.until(lambda: answers, "the entry")
        assert dialog not in wizard.app.screen_stack

    try:
        drive(script, session=Keeping(chosen(ring), patient=True))
    finally:
        gate.open()
