"""The sandbox's side of SRP: against vectors of other people's clients, and end to end with a client written here."""

import base64
import calendar
import hashlib
import hmac
from typing import Any

import pytest
from signin_kit import PASSWORD, SECRET, WRONG, Desk, invalid, not_authorized, refused, secret_hash

from cogwizard.sandbox import srp
from cogwizard.sandbox.protocol import AwsError

# n, pool, user, password, salt, digest of A, key, signature: postman-oauth.md 5.6, by amazon-cognito-identity-js.
VECTORS = [
    line.split("|")
    for line in """\
1|eu-west-1_AbCdEf123|alice|Passw0rd!|0a1b2c3d4e5f60718293a4b5c6d7e8f9|453963e3e527d6dd|a63bcecfe9ef514b6bdb7649f50e11b0|E3sNxiyii6+ahc+PsxjsUWR2SxpQedFFra63VWGiQD0=
2|eu-west-1_AbCdEf123|alice|Passw0rd!|f1b2c3d4e5f60718293a4b5c6d7e8f90|25e35ea116645c08|65733af5660c27e3149a2aa0b2d1baba|u28PfcesicORzidUq/mOXcPFtfy33eFDValEWmGFjrY=
3|eu-west-1_AbCdEf123|alice|Passw0rd!|00ff|1e096985880d922b|017055eb4bf6490035602dc024bd9b12|VyzE4G0Sybn2aINLQa6TeDhZ79Q10mpqDYiDLKRsmzw=
4|eu-west-1_AbCdEf123|alice|Passw0rd!|8|7f65bf72b5e1e9a5|0ffb48a4abcbc4d7cb6291756e0b3c42|gnsavN26EvSzCBc3QWhUU/89WO5bvXp1ZMPp2dT5cBI=
5|us-east-1_zZ9zZ9zZ9|user+tag@example.com|päßwörd ☃ "quote"|0a1b2c3d4e5f60718293a4b5c6d7e8f9|4f928a804a2938c8|fbc26c89907a4af072d71d17873dec8d|x7n30puKwxUs2yJPw6NGeX15sQUbjcoVQpTRSF4Cba0=
7|us-east-1_zZ9zZ9zZ9|user+tag@example.com|päßwörd ☃ "quote"|00ff|30e1593ab9ef5790|07d513b3f806b1f48173a62ffaa913a0|UJqPzSUaxSJgTC8vUIVC9yXSgIJbySZRtcKXlqOUBko=
8|us-east-1_zZ9zZ9zZ9|user+tag@example.com|päßwörd ☃ "quote"|8|a895b7d20bafaac8|6565cbd21b5bc8a31e482cebd8aea96f|pkukgruQXDu8MBeUir1N01g6m5B/BZaAq+3NQ8xXXKk=
13|eu-west-1_AbCdEf123|bob| leading and trailing |0a1b2c3d4e5f60718293a4b5c6d7e8f9|2c07a3cfbf73a77b|cdd3aab657738d935f8a9ad1c6ed3583|SMItZg0XINfSRNOCplIOsO4f35SmbcEP0oMPD7QdvEo=
""".splitlines()  # noqa: E501
]


def _exponent(letter: str, n: str) -> int:
    blocks = (hashlib.sha256(f"{letter}{n}:{at}".encode()).digest() for at in range(4))
    return int.from_bytes(b"".join(blocks)[:128], "big")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector[0])
def test_published_vectors(vector: list[str]) -> None:
    n, pool, user, password, salt, digest, key, signature = vector
    a_public = pow(srp.G, _exponent("a", n), srp.N)
    assert hashlib.sha256(f"{a_public:x}".encode()).hexdigest()[:16] == digest
    number = int(salt, 16)
    v = srp.verifier(pool, user, password, number)
    block = hashlib.sha256(f"sb{n}".encode()).digest()
    exchange = srp.Exchange(pool, user, number, a_public, _exponent("b", n), v, block)
    assert exchange.key().hex() == key
    stamp = "Sat Nov 21 04:00:00 UTC 2026"
    assert base64.b64encode(exchange.signature(stamp)).decode() == signature
    sent = base64.b64encode(block).decode()
    at = srp.read_timestamp(stamp)
    assert exchange.proves(signature, sent, stamp, at)
    assert not exchange.proves(signature, sent, stamp, at + 301)
    assert not exchange.proves(signature, sent, stamp, at - 301)
    assert not exchange.proves(signature, base64.b64encode(b"x" + block[1:]).decode(), stamp, at)
    assert not exchange.proves(signature, sent, "Sat Nov 21 04:00:01 UTC 2026", at)
    assert not exchange.proves("no base64!", sent, stamp, at)


@pytest.mark.parametrize(
    "text",
    [
        "sam. nov. 21 04:00:00 UTC 2026",
        "Sat Nov 21 04:00:00 GMT 2026",
        "Sat Nov 21 2026 04:00:00",
        "Sat Nov 21 04:00:00 UTC 2026 ",
        "Sat Nov ٢١ 04:00:00 UTC 2026",
        "Sat Nov 21 04:00:00 UTC 0000",
        "",
    ],
)
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(AwsError, match="TIMESTAMP format should be") as caught:
        srp.read_timestamp(text)
    assert caught.value.type == "InvalidParameterException"


def test_timestamps_are_written_as_they_are_read() -> None:
    for text in ("Mon Dec 7 09:05:03 UTC 2026", "Thu Dec 31 23:59:59 UTC 2026", "Fri Jan 1 00:00:00 UTC 2027"):
        assert srp.written(srp.read_timestamp(text)) == text
    assert srp.written(calendar.timegm((2026, 12, 7, 9, 5, 3))) == "Mon Dec 7 09:05:03 UTC 2026"


class Person:
    """A client's side of SRP, written out once more, from RFC 5054 and research 5.6."""

    def __init__(self, a: int = 0xC0FFEE << 256) -> None:
        self.a = a
        self.srp_a = f"{pow(2, a, srp.N):x}"

    @staticmethod
    def _bytes(text: str) -> bytes:
        text = text if len(text) % 2 == 0 else f"0{text}"
        return bytes.fromhex(text if text[0] in "01234567" else f"00{text}")

    @classmethod
    def _h(cls, *parts: bytes) -> int:
        return int(hashlib.sha256(b"".join(parts)).hexdigest(), 16)

    def answers(self, pool_id: str, asked: dict[str, str], password: str, when: str) -> dict[str, str]:
        n, user, name = srp.N, asked["USER_ID_FOR_SRP"], pool_id.split("_")[1]
        k = self._h(self._bytes(f"{n:x}"), b"\x02")
        u = self._h(self._bytes(self.srp_a), self._bytes(asked["SRP_B"]))
        x = self._h(self._bytes(asked["SALT"]), hashlib.sha256(f"{name}{user}:{password}".encode()).digest())
        s = pow((int(asked["SRP_B"], 16) - k * pow(2, x, n)) % n, self.a + u * x, n)
        prk = hmac.new(self._bytes(f"{u:x}"), self._bytes(f"{s:x}"), hashlib.sha256).digest()
        key = hmac.new(prk, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
        block = base64.b64decode(asked["SECRET_BLOCK"])
        signed = hmac.new(key, f"{name}{user}".encode() + block + when.encode(), hashlib.sha256).digest()
        return {
            "USERNAME": user,
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signed).decode(),
            "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
            "TIMESTAMP": when,
        }


def _asked(desk: Desk, person: Person, **more: str) -> dict[str, Any]:
    return desk.start("USER_SRP_AUTH", **{"USERNAME": "hanako", "SRP_A": person.srp_a, **more})


def _answers(desk: Desk, person: Person, asked: dict[str, Any], password: str = PASSWORD, late: int = 0) -> Any:
    when = srp.written(int(desk.world.now()) + late)
    return person.answers(desk.pool.id, asked["ChallengeParameters"], password, when)


def test_srp_from_end_to_end(desk: Desk) -> None:
    person = Person()
    asked = _asked(desk, person)
    assert (asked["ChallengeName"], "Session" in asked) == ("PASSWORD_VERIFIER", False)
    assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "hanako"
    answers = _answers(desk, person, asked)
    assert desk.respond(asked, **answers)["AuthenticationResult"]["IdToken"]
    used = not_authorized("Invalid session for the user, session can only be used once.")
    assert refused(desk.respond, asked, **answers) == used


def test_srp_for_an_administrator_and_under_an_alias(desk: Desk) -> None:
    person = Person()
    asked = desk.admin_start("USER_SRP_AUTH", USERNAME="hanako@example.com", SRP_A=person.srp_a)
    assert asked["ChallengeParameters"]["USERNAME"] == "hanako"
    answer = desk.signed.admin_respond_to_auth_challenge(
        UserPoolId=desk.pool.id,
        ClientId=desk.client.id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=_answers(desk, person, asked),
    )
    assert answer["AuthenticationResult"]["AccessToken"]


@pytest.mark.parametrize("late", [0, 299, -299])
def test_a_clock_may_be_off_by_five_minutes(desk: Desk, late: int) -> None:
    person = Person()
    asked = _asked(desk, person)
    assert "AuthenticationResult" in desk.respond(asked, **_answers(desk, person, asked, late=late))


def test_what_does_not_prove_the_password(desk: Desk) -> None:
    person = Person()
    for wrong in ({"password": "wrong"}, {"late": 301}, {"late": -301}):
        asked = _asked(desk, person)
        assert refused(desk.respond, asked, **_answers(desk, person, asked, **wrong)) == WRONG
    asked = _asked(desk, person)
    # Mon Dec 7: a client that writes the day as 07 signs another text.
    desk.world.clock_offset += calendar.timegm((2026, 12, 7, 9, 5, 3)) - desk.world.now()
    asked = _asked(desk, person)
    answers = person.answers(desk.pool.id, asked["ChallengeParameters"], PASSWORD, "Mon Dec 07 09:05:03 UTC 2026")
    assert refused(desk.respond, asked, **answers) == WRONG
    asked = _asked(desk, person)
    answers = person.answers(desk.pool.id, asked["ChallengeParameters"], PASSWORD, "Mon Dec 7 09:05:03 UTC 2026")
    assert desk.respond(asked, **answers)["AuthenticationResult"]


def test_failures_by_srp_count_for_the_lock_out(desk: Desk) -> None:
    person = Person()
    for _ in range(5):
        asked = _asked(desk, person)
        assert refused(desk.respond, asked, **_answers(desk, person, asked, "wrong")) == WRONG
    asked = _asked(desk, person)
    exceeded = not_authorized("Password attempts exceeded")
    assert refused(desk.respond, asked, **_answers(desk, person, asked)) == exceeded


def test_a_user_who_does_not_exist_is_asked_all_the_same(desk: Desk) -> None:
    person = Person()
    given = {"USERNAME": "nobody", "SRP_A": person.srp_a}
    assert refused(desk.start, "USER_SRP_AUTH", **given) == ("UserNotFoundException", "User does not exist.")
    desk.client.settings["PreventUserExistenceErrors"] = "ENABLED"
    asked = desk.start("USER_SRP_AUTH", **given)
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    again = desk.start("USER_SRP_AUTH", **given)["ChallengeParameters"]
    for name in ("SALT", "USER_ID_FOR_SRP"):
        assert again[name] == asked["ChallengeParameters"][name]
    assert refused(desk.respond, asked, **_answers(desk, person, asked)) == WRONG


def test_a_temporary_password_leads_on(desk: Desk) -> None:
    desk.user.status = "FORCE_CHANGE_PASSWORD"
    person = Person()
    asked = _asked(desk, person)
    assert desk.respond(asked, **_answers(desk, person, asked))["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_srp_with_a_secret(desk: Desk) -> None:
    desk.client.secret = SECRET
    person = Person()
    alias = {"USERNAME": "hanako@example.com", "SECRET_HASH": secret_hash(desk.client, "hanako@example.com")}
    asked = _asked(desk, person, **alias)
    answers = _answers(desk, person, asked)
    wrong = not_authorized(f"Unable to verify secret hash for client {desk.client.id}")
    assert refused(desk.respond, asked, **answers, SECRET_HASH=alias["SECRET_HASH"]) == wrong
    assert desk.respond(asked, **answers, SECRET_HASH=secret_hash(desk.client, "hanako"))["AuthenticationResult"]


@pytest.mark.parametrize("srp_a", ["0", f"{srp.N:x}", f"{srp.N * 2:x}", "nothex", "-2", "f" * 1025])
def test_what_is_no_srp_a(desk: Desk, srp_a: str) -> None:
    assert refused(_asked, desk, Person(), SRP_A=srp_a) == invalid("Invalid SRP_A.")


@pytest.mark.parametrize("missing", ["PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"])
def test_what_an_answer_must_hold(desk: Desk, missing: str) -> None:
    person = Person()
    asked = _asked(desk, person)
    answers = {**_answers(desk, person, asked), missing: ""}
    assert refused(desk.respond, asked, **answers) == invalid(f"Missing required parameter {missing}")


def test_an_exchange_shows_no_secret() -> None:
    exchange = srp.begin("eu-west-1_AbCdEf123", "alice", PASSWORD, "abcdef")
    shown = repr(exchange)
    assert str(exchange.b) not in shown
    assert str(exchange.v) not in shown
    assert "alice" in shown
