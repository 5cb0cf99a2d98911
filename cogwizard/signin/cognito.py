"""A user's sign-in by the API of Amazon Cognito: started, carried on challenge by challenge, refreshed."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from cogwizard.aws.signin import Refused
from cogwizard.model.attempt import AUTH_FLOWS, PASSWORD_FLOWS, Flow, Refusal
from cogwizard.model.client import AppClient
from cogwizard.model.tokens import TOKEN, Tokens
from cogwizard.signin import srp
from cogwizard.signin.challenge import CODE, NEEDS_PASSWORD, Challenge, read_challenge, texts_of
from cogwizard.signin.secret_hash import secret_hash

Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]
Result = Tokens | Challenge
_KEY = re.compile(r"[A-Z2-7=]{16,256}")  # Base32, as authenticator apps take it
_PREFERRED = {"password": "PASSWORD", "srp": "PASSWORD_SRP"}


class Conversation:
    """One sign-in. Each method sends what it is given once, and raises Refused; the password is not tried again.

    `call` is `SignInCalls.call`. `user_pool_id` may be None for `password`. `secret` is the client secret. Not to be
    used by several threads at once; after a refused answer the same challenge can be answered again, as long as its
    session lives.
    """

    def __init__(
        self,
        call: Call,
        client_id: str,
        username: str,
        *,
        user_pool_id: str | None = None,
        secret: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take who signs in where; nothing is sent."""
        self._call = call
        self._client_id = client_id
        self._pool_id = user_pool_id
        self._secret = secret
        self._clock = clock
        self._username = username
        self._session = ""
        self._admin = False
        self._half: srp.Half | None = None
        self._password = ""
        self.challenge: Challenge | None = None

    def start(self, flow: Flow, password: str, client: AppClient | None = None) -> Result:
        """Begin by `password`, `srp` or `admin`; `client`, where known, decides whether USER_AUTH takes their place.

        Raises Refused, and ValueError for another flow or one that lacks its user pool.
        """
        if flow not in PASSWORD_FLOWS:
            raise ValueError("not a flow with a password")
        if self._pool_id is None and flow != "password":
            raise ValueError("this flow needs the user pool's id")
        self._admin = flow == "admin"
        parameters = {"USERNAME": self._username}
        auth_flow = AUTH_FLOWS[flow]
        if client is not None and client.flow_for(auth_flow) == "USER_AUTH":
            auth_flow = "USER_AUTH"
            parameters["PREFERRED_CHALLENGE"] = _PREFERRED[flow]
            self._password = password  # for a server that lets choose all the same
        if flow == "srp":
            parameters["SRP_A"] = self._new_half(password)
        else:
            parameters["PASSWORD"] = password
        return self._send("InitiateAuth", {"AuthFlow": auth_flow, "AuthParameters": self._with_hash(parameters)})

    def answer(self, answers: Mapping[str, str]) -> Result:
        """Answer the current challenge: `Field.name` -> what was typed. Raises Refused, ValueError without one,
        KeyError where an answer is missing."""
        challenge = self.challenge
        if challenge is None or not challenge.asks:
            raise ValueError("there is no challenge that could be answered")
        # Codes are pasted with blanks round about; a password may begin or end with one.
        given = {ask.name: answers[ask.name] for ask in challenge.asks if ask.is_password}
        given |= {ask.name: answers[ask.name].strip() for ask in challenge.asks if not ask.is_password}
        if challenge.name == "MFA_SETUP":
            return self._verify_key(given[CODE])
        if challenge.name == "SELECT_CHALLENGE" and given["ANSWER"] in NEEDS_PASSWORD:
            password = answers.get("PASSWORD", self._password)
            if given["ANSWER"] == "PASSWORD_SRP":
                given["SRP_A"] = self._new_half(password)
            else:
                given["PASSWORD"] = password
        return self._respond(challenge.name, given)

    def _new_half(self, password: str) -> str:
        self._half, self._password = srp.begin(), password
        return self._half.srp_a

    def _respond(self, name: str, given: Mapping[str, str]) -> Result:
        responses = self._with_hash({"USERNAME": self._username, **given})
        parameters = {"ChallengeName": name, "Session": self._session, "ChallengeResponses": responses}
        return self._send("RespondToAuthChallenge", parameters)

    def _send(self, operation: str, parameters: dict[str, Any]) -> Result:
        if not parameters.get("Session", "-"):
            del parameters["Session"]
        if self._admin:
            operation, parameters = f"Admin{operation}", {**parameters, "UserPoolId": self._pool_id}
        answer = self._call(operation, {**parameters, "ClientId": self._client_id})
        found = read_tokens(answer, self._clock(), operation)
        if found is not None:
            self.challenge, self._session, self._half, self._password = None, "", None, ""
            return found
        return self._challenged(answer, operation)

    def _challenged(self, answer: Mapping[str, Any], operation: str) -> Result:
        name = answer.get("ChallengeName")
        if not isinstance(name, str) or not name:
            raise Refused(Refusal(operation, "no-tokens", "", 0, "malformed"))
        self._session = str(answer.get("Session") or "")
        parameters = texts_of(answer.get("ChallengeParameters"))
        # Further answers, and their hash, name the user as the service does (7.1 [R*]).
        self._username = parameters.get("USER_ID_FOR_SRP") or parameters.get("USERNAME") or self._username
        if name == "PASSWORD_VERIFIER":
            return self._prove(parameters, operation)
        if name != "SELECT_CHALLENGE":
            self._password = ""
        challenge = read_challenge(answer)
        if name == "MFA_SETUP" and challenge.asks:
            challenge = self._new_key(challenge)
        self.challenge = challenge
        return challenge

    def _prove(self, parameters: Mapping[str, str], operation: str) -> Result:
        if self._half is None or self._pool_id is None:
            raise Refused(Refusal(operation, "unexpected-challenge", "PASSWORD_VERIFIER", 0, "malformed"))
        try:
            claims = srp.answer(self._half, self._pool_id, self._password, parameters, self._clock())
        except srp.BadChallenge as error:
            raise Refused(Refusal(operation, "bad-srp-challenge", str(error), 0, "malformed")) from None
        self._half, self._password = None, ""
        return self._respond("PASSWORD_VERIFIER", claims)

    def _new_key(self, challenge: Challenge) -> Challenge:
        answer = self._call("AssociateSoftwareToken", {"Session": self._session})
        key = answer.get("SecretCode")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise Refused(Refusal("AssociateSoftwareToken", "no-key", "", 0, "malformed"))
        self._session = str(answer.get("Session") or self._session)
        return Challenge(challenge.name, challenge.asks, key=key)

    def _verify_key(self, code: str) -> Result:
        answer = self._call("VerifySoftwareToken", {"Session": self._session, "UserCode": code})
        if answer.get("Status") != "SUCCESS":
            raise Refused(Refusal("VerifySoftwareToken", "CodeMismatchException", "", 200))
        self._session = str(answer.get("Session") or self._session)
        return self._respond("MFA_SETUP", {})

    def _with_hash(self, parameters: dict[str, str]) -> dict[str, str]:
        if self._secret is None:
            return parameters
        return {**parameters, "SECRET_HASH": secret_hash(parameters["USERNAME"], self._client_id, self._secret)}


def refresh(
    call: Call,
    client_id: str,
    refresh_token: str,
    *,
    secret: str | None = None,
    username: str | None = None,
    rotates: bool = False,
    now: float,
) -> Tokens:
    """Return new tokens for a refresh token; the old one is kept where none came with them. Raises Refused.

    With rotation REFRESH_TOKEN_AUTH is not available (research 6.3 [D]); nor is it for a client with a secret whose
    user's real name is not known, which the hash needs (7.1 [R]): GetTokensFromRefreshToken takes the plain secret.
    """
    if rotates or (secret is not None and not username):
        parameters: dict[str, Any] = {"RefreshToken": refresh_token, "ClientId": client_id}
        if secret is not None:
            parameters["ClientSecret"] = secret
        operation = "GetTokensFromRefreshToken"
    else:
        given = {"REFRESH_TOKEN": refresh_token}
        if secret is not None and username:
            given["SECRET_HASH"] = secret_hash(username, client_id, secret)
        operation = "InitiateAuth"
        parameters = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": given, "ClientId": client_id}
    found = read_tokens(call(operation, parameters), now, operation)
    if found is None:
        raise Refused(Refusal(operation, "no-tokens", "", 0, "malformed"))
    return Tokens(refresh_token=refresh_token).refreshed(found)


def change_password(call: Call, access_token: str, old: str, new: str) -> None:
    """Change the password of the user that an access token of a sign-in belongs to. Raises Refused.

    The token must hold the scope `aws.cognito.signin.user.admin` (research 7.2 [R] AMP-1906).
    """
    call("ChangePassword", {"AccessToken": access_token, "PreviousPassword": old, "ProposedPassword": new})


def read_tokens(answer: Mapping[str, Any], now: float, operation: str) -> Tokens | None:
    """Return the tokens of an answer, None when it holds none. Raises Refused for what has not their form."""
    result = answer.get("AuthenticationResult")
    if result is None:
        return None
    if not isinstance(result, Mapping):
        raise Refused(Refusal(operation, "no-tokens", "", 0, "malformed"))
    texts = texts_of(result)
    seconds = result.get("ExpiresIn")
    found = Tokens(
        texts.get("IdToken") or None,
        texts.get("AccessToken") or None,
        texts.get("RefreshToken") or None,
        seconds if isinstance(seconds, int) and 0 <= seconds < 10**9 else 0,
        now,
    )
    given = [text for text in (found.id_token, found.access_token, found.refresh_token) if text]
    if not (found.id_token or found.access_token) or not all(TOKEN.fullmatch(text) for text in given):
        raise Refused(Refusal(operation, "no-tokens", "", 0, "malformed"))
    return found
