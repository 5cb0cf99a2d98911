"""Callback URLs that lead back to this machine, and their ports."""

import errno
import ipaddress
import socket
import sys
from collections.abc import Iterable
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from cogwizard.model.domain import LOOPBACK

# What to register where nothing can be listened on: below the ephemeral ranges, and oauth2c's own default
# (postman-oauth.md 5.1), so that one registration serves both.
PROPOSED = "http://localhost:9876/callback"


class CannotListen(Exception):
    """The port of a callback URL cannot be listened on. `reason`: "busy" (somebody has it), or "unavailable"."""

    def __init__(self, reason: Literal["busy", "unavailable"]) -> None:
        super().__init__(reason)
        self.reason = reason


def listenable(callback_urls: Iterable[str]) -> str | None:
    """Return the first callback URL that can be listened on, as it stands; None: the redirect has to be pasted.

    These are `http` on localhost, 127.0.0.1 or [::1] with a port from 1024 (postman-oauth.md 5.1): Cognito compares
    character by character, so that the port cannot be chosen.
    """
    return next((url for url in callback_urls if parts_of(url)), None)


def port_of(redirect_uri: str) -> int | None:
    """Return the port of a callback URL that can be listened on, else None."""
    parts = parts_of(redirect_uri)
    return parts.port if parts else None


def parts_of(url: str) -> SplitResult | None:
    """Return a callback URL that can be listened on, taken apart, else None."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "http" and parts.hostname in LOOPBACK and "@" not in parts.netloc
        return parts if fits and (parts.port or 0) >= 1024 and not parts.fragment else None
    except ValueError:
        return None


def bind(host: str, port: int) -> list[socket.socket]:
    """Return listening sockets for a callback's host: localhost, 127.0.0.1 or ::1. Raises CannotListen.

    localhost is 127.0.0.1 and ::1, for browsers may try either first; where a machine has one of them, that one.
    """
    found: list[socket.socket] = []
    try:
        for name in ("127.0.0.1", "::1") if host == "localhost" else (host,):
            if listening := _bind(name, port):
                found.append(listening)
        if not found:
            raise CannotListen("unavailable")
    except BaseException:
        for listening in found:
            listening.close()
        raise
    return found


def _bind(name: str, port: int) -> socket.socket | None:
    """Return a listening socket; None where this machine has no such address. Raises CannotListen when it is taken."""
    if not ipaddress.ip_address(name).is_loopback:
        raise ValueError("not a loopback address")
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    try:
        found = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let anybody take the port away from whoever has it.
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "darwin" and _is_served(family, name, port):
            raise CannotListen("busy")  # there SO_REUSEADDR binds beside a server that listens on all addresses
        if family == socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((name, port))
        found.listen(128)
        found.setblocking(False)
    except OSError as error:
        found.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise CannotListen("busy") from None
        return None
    except BaseException:
        found.close()
        raise
    return found


def _is_served(family: socket.AddressFamily, name: str, port: int) -> bool:
    """Whether somebody answers at a loopback address."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((name, port)) == 0
