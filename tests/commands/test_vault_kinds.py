"""`vault:NAME` gives out what is of the wanted kind, and nothing else: what it gives is sent somewhere."""

from typing import get_args

import pytest

from cogwizard import vault as package
from cogwizard.cli import main
from cogwizard.commands.output import UsageError, read_secret
from cogwizard.model.tokens import Tokens
from cogwizard.text import LANGUAGES, Texts
from cogwizard.vault import Vault
from cogwizard.vault.kinds import AwsKeys, Secret, pack_keys, pack_tokens
from tests.aws.test_aws_keys import recorder
from tests.vault.rings import MemoryRing, chosen

SECRET = "c4nary-s3cret"


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryRing:
    """Give the commands a keyring that works."""
    ring = MemoryRing()
    vault = Vault(chosen(ring))
    monkeypatch.setattr(package, "shared", lambda: vault)
    return ring


def fill_with_each_kind() -> Vault:
    vault = package.shared()
    for kind in get_args(Secret):
        vault.save(f"the.{kind}", kind, SECRET)
    vault.save("set", "tokens", pack_tokens(Tokens("the-id", "the-access", "the-refresh")))
    vault.save("half", "tokens", pack_tokens(Tokens(access_token="the-access")))
    vault.save("keys", "aws-keys", pack_keys(AwsKeys("id", "secret")))
    return vault


def test_what_a_vault_source_gives(ring: MemoryRing) -> None:
    """Of the kinds that are wanted; of a set of tokens those whose kind is wanted."""
    fill_with_each_kind()
    for wanted in get_args(Secret):
        assert read_secret(f"vault:THE.{wanted}", kinds=(wanted,)) == SECRET
    both: tuple[Secret, ...] = ("token", "refresh-token")
    for kinds in (both, both[:1]):
        assert read_secret("vault:set", kinds=kinds) == read_secret("vault:set.ID", kinds=kinds) == "the-id"
        assert read_secret("vault:set.access", kinds=kinds) == "the-access"
    assert read_secret("vault:set", kinds=("refresh-token",)) == "the-refresh"
    assert read_secret("vault:SET.REFRESH", kinds=both) == "the-refresh"


def refusal(source: str, *kinds: Secret) -> UsageError:
    with pytest.raises(UsageError) as refused:
        read_secret(source, kinds=kinds)
    return refused.value


def test_a_vault_source_of_another_kind_is_refused(ring: MemoryRing) -> None:
    """With its kind and the one that is wanted: what is given out is sent somewhere."""
    fill_with_each_kind()
    for wanted in get_args(Secret):
        for kind in {*get_args(Secret)} - {wanted}:
            found = refusal(f"vault:the.{kind}", wanted)
            assert (found.key, found.params) == ("vault-wrong-kind", {"kind": kind, "wanted": wanted})
        assert refusal("vault:keys", wanted).params == {"kind": "aws-keys", "wanted": wanted}
    for other in ("password", "client-secret"):
        for source in ("vault:set", "vault:set.id", "vault:set.refresh"):
            assert refusal(source, other).params == {"kind": "tokens", "wanted": other}
    assert refusal("vault:set.refresh", "token").params == {"kind": "refresh-token", "wanted": "token"}
    assert refusal("vault:set.access", "refresh-token").params == {"kind": "token", "wanted": "refresh-token"}
    assert refusal("vault:half", "token").key == "vault-no-part"
    assert refusal("vault:the.token.id", "token").key == "vault-not-tokens"
    assert refusal("vault:none", "token").key == "vault-missing"
    ring.calls.clear()
    assert refusal("vault:the.token").key == "source-no-vault"
    assert not ring.calls


URL = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders"
HASH = ["explain", "secret-hash-wrong", "--username", "x", "--client-id", "abc"]
REFRESH = ["login", "refresh", "--client-id", "4p3a0b1c2d3e4f5g6h7i8j9k0l", "--region", "eu-west-1"]
LOGIN = ["login", "password", *REFRESH[2:], "--username", "x"]
REFUSED = [
    (["diagnose", URL, "--token", "vault:the.password"], "password", "token"),
    (["diagnose", URL, "--token", "vault:the.client-secret"], "client-secret", "token"),
    (["diagnose", URL, "--token", "vault:the.refresh-token"], "refresh-token", "token"),
    (["diagnose", URL, "--token", "vault:set.refresh"], "refresh-token", "token"),
    (["diagnose", URL, "--profile", "vault:the.password"], "password", "aws-keys"),
    (["token", "vault:the.password"], "password", "token, refresh-token"),
    ([*HASH, "--client-secret", "vault:the.password"], "password", "client-secret"),
    (["vault", "set", "y", "--kind", "password", "vault:the.token"], "token", "password"),
    ([*LOGIN, "--password", "env:THE_SECRET", "--client-secret", "vault:the.password"], "password", "client-secret"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("arguments", "kind", "wanted"), REFUSED, ids=lambda value: str(value)[-45:])
def test_each_command_says_which_kind_it_wants(
    arguments: list[str], kind: str, wanted: str, lang: str, ring: MemoryRing, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_with_each_kind()
    assert main([*arguments, "--lang", lang]) == 2
    said = capsys.readouterr()
    sentence = Texts(lang).message("vault-wrong-kind", {"kind": kind, "wanted": wanted})
    assert (said.out, said.err) == ("", f"cogwizard: {sentence}\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "kind", "wanted"),
    [
        ([*LOGIN, "--password", "vault:set"], "tokens", "password"),
        ([*LOGIN, "--password", "vault:the.client-secret"], "client-secret", "password"),
        ([*REFRESH, "--refresh-token", "vault:the.password"], "password", "refresh-token"),
        ([*REFRESH, "--refresh-token", "vault:the.token"], "token", "refresh-token"),
    ],
)
def test_nobody_is_signed_in_with_a_secret_of_another_kind(
    arguments: list[str],
    kind: str,
    wanted: str,
    lang: str,
    ring: MemoryRing,
    aws_keys: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill_with_each_kind()
    with recorder() as server:
        assert main([*arguments, "--endpoint-url", server.url, "--lang", lang]) == 2
    assert not [asked for asked in server.asked if "Auth" in asked.get("x-amz-target", "")]
    sentence = Texts(lang).message("vault-wrong-kind", {"kind": kind, "wanted": wanted})
    assert capsys.readouterr().err.endswith(f"cogwizard: {sentence}\n")


def test_what_the_vault_gives_to_none(ring: MemoryRing, capsys: pytest.CaptureFixture[str]) -> None:
    """A hash is no secret that is kept, and sets of several values are copied by nobody."""
    fill_with_each_kind()
    for arguments in (
        [*HASH, "--client-secret", "vault:the.client-secret", "--hash", "vault:the.token"],
        ["vault", "set", "y", "--kind", "tokens", "vault:set"],
        ["vault", "set", "y", "--kind", "aws-keys", "vault:keys"],
    ):
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", f"cogwizard: {Texts().message('source-no-vault', {})}\n")


def test_an_entry_can_be_copied_as_what_it_is(ring: MemoryRing, capsys: pytest.CaptureFixture[str]) -> None:
    fill_with_each_kind()
    assert main(["vault", "set", "y", "--kind", "refresh-token", "vault:set"]) == 0
    assert "the-refresh" not in capsys.readouterr().out
    assert read_secret("vault:y", kinds=("refresh-token",)) == "the-refresh"
    assert main(["token", "vault:y"]) == 1  # it may be read: that sends it to nobody
