"""The page of SECRET_HASH: what is typed is computed at once, and never seen."""

import pytest

from cogwizard.aws.session import Settings
from cogwizard.text import LANGUAGES, Texts
from cogwizard.ui.explain import Explain
from cogwizard.ui.from_vault import FromVault
from cogwizard.ui.secret_hash import SecretHash
from cogwizard.ui.session import Session
from cogwizard.vault import Vault
from tests.ui.driver import Driver, drive
from tests.ui.said import said
from tests.vault.rings import MemoryRing, chosen

SECRET = "canary-s3cret"
CLIENT = "4p3a0b1c2d3e4f5g6h7i8j9k0l"
# printf Taro4p3a0b1c2d3e4f5g6h7i8j9k0l | openssl dgst -sha256 -hmac canary-s3cret -binary | base64
RIGHT = "J7LNVrQtLDAEmVkcuQROnI0SOJu0Utnwb6IDI+gSD/g="


def session_with(vault: Vault | None = None, lang: str = "en") -> Session:
    """Return a session with a keyring of its own."""
    session = Session(Texts(lang), Settings(timeout=5.0))
    session._vault = vault or Vault(chosen(MemoryRing()))
    return session


def clean(wizard: Driver) -> str:
    """Return all that the screen says; fails where a secret is in it."""
    text = wizard.text() + said(wizard.app.screen)
    assert SECRET not in text
    assert RIGHT not in text
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_formula_is_filled_in_as_one_types(lang: str, size: tuple[int, int]) -> None:
    """The answer stands on the screen, also on a small one; leaving and another language lose nothing."""
    texts = Texts(lang)

    async def script(wizard: Driver) -> None:
        wizard.app.action_secret_hash()
        await wizard.pilot.pause()
        assert texts.screen("secret_hash", "name key") in clean(wizard)
        assert texts.screen("secret_hash", "missing") in clean(wizard)
        await wizard.press(*"Taro", "enter")
        assert '"Taro" + ' in said(wizard.app.screen)
        await wizard.paste(CLIENT)
        await wizard.press("enter", *"canary-s3cret", "enter")
        assert f'"Taro" + "{CLIENT}"' in said(wizard.app.screen)
        assert "*" * len(SECRET) in clean(wizard)
        await wizard.paste(f"{RIGHT}\n")
        assert texts.screen("secret_hash", "slip right") in clean(wizard)
        await wizard.press("backspace")
        assert texts.screen("secret_hash", "slip base64url")[:30] in clean(wizard)
        assert wizard.app.screen.query(".cause")
        await wizard.press("ctrl+l")
        other = Texts("ja" if lang == "en" else "en")
        assert other.screen("secret_hash", "slip base64url") in clean(wizard)
        await wizard.press("escape")
        wizard.app.action_secret_hash()
        await wizard.pilot.pause()
        assert other.screen("secret_hash", "slip base64url") in clean(wizard)

    drive(script, size=size, session=session_with(lang=lang))


def test_the_hash_is_copied_and_never_put_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = []

    def copy(_app: object, text: str, *, to_file: bool = True) -> None:
        copied.append((text, to_file))

    monkeypatch.setattr("cogwizard.ui.clipboard.copy_in_background", copy)

    async def script(wizard: Driver) -> None:
        wizard.app.push_screen(SecretHash("Taro", CLIENT))
        await wizard.pilot.pause()
        assert not wizard.app.screen.query_one("#copy-hash").display
        await wizard.press("f7")
        assert copied == []
        await wizard.paste(SECRET)
        await wizard.press("f7")
        assert copied == [(RIGHT, False)]
        await wizard.press("home", "shift+end", "ctrl+c", "ctrl+x")
        assert copied == [(RIGHT, False)]
        clean(wizard)

    drive(script, session=session_with())


def test_a_secret_in_the_wrong_field_is_refused() -> None:
    """A token that is pasted as a user name is not shown for a moment."""
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"

    async def script(wizard: Driver) -> None:
        wizard.app.action_secret_hash()
        await wizard.pilot.pause()
        await wizard.paste(token)
        assert "eyJ" not in clean(wizard)
        assert Texts().screen("secret_hash", "refused") in said(wizard.app.screen)

    drive(script, session=session_with())


def test_a_secret_is_taken_from_the_vault() -> None:
    """With the client id that it belongs to; entries of other kinds are not offered."""
    vault = Vault(chosen(MemoryRing()))
    vault.save("orders", "client-secret", SECRET, {"client_id": CLIENT})
    vault.save("keys", "aws-keys", '{"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "k"}')

    async def script(wizard: Driver) -> None:
        wizard.app.action_secret_hash()
        await wizard.pilot.pause()
        await wizard.press(*"Taro", "f6")
        await wizard.until(lambda: "orders" in wizard.text(), "the entry")
        assert isinstance(wizard.app.screen, FromVault)
        assert "keys" not in wizard.text()
        await wizard.press("enter")
        await wizard.until(lambda: isinstance(wizard.app.screen, SecretHash), "the page")
        assert f'"Taro" + "{CLIENT}"' in said(wizard.app.screen)
        clean(wizard)

    drive(script, session=session_with(vault))


def test_it_is_reached_from_the_pages_of_its_codes() -> None:
    async def script(wizard: Driver) -> None:
        for code in ("secret-hash-missing", "secret-hash-wrong", "secret-hash-superfluous"):
            wizard.app.action_explain(code)
            await wizard.pilot.pause()
            assert isinstance(wizard.app.screen, Explain)
            await wizard.press("h")
            assert isinstance(wizard.app.screen, SecretHash)
            await wizard.press("escape", "escape")
        wizard.app.action_explain("token-expired")
        await wizard.pilot.pause()
        await wizard.press("h")
        assert isinstance(wizard.app.screen, Explain)
        assert not wizard.app.screen.query("#compute-hash")

    drive(script, session=session_with())
