"""What the sandbox has issued and has to remember: sessions of sign-ins, refresh tokens, revocations, codes."""

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Session:
    """One step of a sign-in that waits for an answer. `username` None: a user who does not exist, played for looks.

    `expires_at` in Unix seconds; `data`: what the challenge has to know (codes, SRP values).
    """

    pool_id: str
    client_id: str
    username: str | None
    challenge: str
    expires_at: float
    data: dict[str, Any] = field(default_factory=dict, repr=False)
    used: bool = False


@dataclass
class Refresh:
    """What a refresh token stands for. `origin` is the sign-in's `origin_jti`; times in Unix seconds.

    `spent_at`: when it was exchanged for another one (rotation), None while it is good.
    """

    pool_id: str
    client_id: str
    username: str
    scopes: tuple[str, ...]
    id_token: bool
    origin: str
    auth_time: float
    expires_at: float
    device_key: str | None = None
    spent_at: float | None = None


@dataclass
class Issued:
    """All of it for one world. Hold `lock` from looking to changing; it may be taken again by who holds it.

    `origins`: sign-in (`origin_jti`) -> (pool id, username); `revoked`: sign-ins whose tokens are revoked. By (pool id,
    username): `signed_out`: when all were; `reset_codes`: code and until when; `resets`: when such codes were sent;
    `associated`: the secret of an authenticator app that is not verified yet.
    """

    lock: AbstractContextManager[Any] = field(default_factory=threading.RLock, repr=False)
    sessions: dict[str, Session] = field(default_factory=dict)
    refresh: dict[str, Refresh] = field(default_factory=dict)
    origins: dict[str, tuple[str, str]] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    signed_out: dict[tuple[str, str], float] = field(default_factory=dict)
    reset_codes: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)
    resets: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    associated: dict[tuple[str, str], str] = field(default_factory=dict)
