"""How AWS is read: which profile, region, credentials and endpoints are in force, and where each came from."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from cogwizard.aws.errors import outcome
from cogwizard.aws.hosts import environ_proxies, host_of, is_aws_host
from cogwizard.aws.profiles import source_profile
from cogwizard.aws.session import Clients, SetupError
from cogwizard.model.inert import inert
from cogwizard.model.read import Unread
from cogwizard.model.read_web import GetCallerIdentity

SERVICES = ("apigateway", "cognito-idp", "sts")
_LARGEST = 64 * 1024  # bytes of a file with a token; real ones have about 3,000

# Where a value came from: `call` is the call's URL or its token, `none` nothing at all.
Origin = Literal[
    "option", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "profile", "call", "none"
]


@dataclass(frozen=True)
class SsoSession:
    """A session of IAM Identity Center. `expires_at` in Unix seconds, None when nobody has signed in.

    `renews`: the AWS SDK gets a new token by itself as long as the session lives.
    """

    name: str | None
    host: str
    expires_at: float | None = None
    renews: bool = False

    def ended(self, now: float) -> bool:
        """Whether one has to sign in, or the token has to be renewed."""
        return self.expires_at is None or self.expires_at <= now


@dataclass(frozen=True)
class Endpoint:
    """Where a service's calls go, without user info. `overridden`: not to a host of AWS."""

    service: str
    url: str
    overridden: bool


@dataclass(frozen=True)
class Setup:
    """The AWS set-up in force. Holds no secret, and no text with active characters.

    `profile` is None where no file names one. `credentials`: botocore's name of how they came about (env, sso,
    assume-role, ...), or `none`, `failed` (then `trouble` says why) or `unasked`. `key_id` ends with the last four
    characters of a key that does not change. `sign_in` is the command for working credentials, None where they stand
    in the environment. `ca_bundle`: the file, None for botocore's own. `proxy`: its host.
    """

    profile: str | None
    profile_from: Origin
    region: str | None
    region_from: Origin
    credentials: str
    key_id: str | None = None
    trouble: str = ""
    sign_in: str | None = None
    sso: SsoSession | None = None
    endpoints: tuple[Endpoint, ...] = ()
    ca_bundle: str | None = None
    proxy: str | None = None


def describe_setup(clients: Clients, region: str | None) -> Setup:
    """Return the set-up with which `region` is read; without a region credentials and endpoints are not looked at.

    May run a credential_process or ask the network for credentials, as the first read does. Raises SetupError.
    """
    clients.check()
    name, files = clients.profile()
    held = clients.settings.signs_with
    profiles = files.get("profiles", {})
    method, key_id, trouble = _credentials(clients, region) if region else ("unasked", None, "")
    return Setup(
        profile=_profile(held.profile if held else name, profiles),
        profile_from="option" if held else _profile_from(clients, name),
        region=inert(region, 60) if region else None,
        region_from=_region_from(clients, region),
        credentials=method,
        key_id=key_id,
        trouble=trouble,
        sign_in=clients.sign_in_command(),
        sso=None if method == "env" or held else _sso(source_profile(name or "default", profiles), files),
        endpoints=tuple(_endpoint(clients, service, region) for service in SERVICES) if region else (),
        ca_bundle=_ca_bundle(clients),
        proxy=_proxy(clients, region) if region else None,
    )


def profile_names() -> tuple[str, ...]:
    """Return the profiles of the user's AWS files, in alphabetical order. Raises SetupError."""
    import botocore.session
    from botocore.exceptions import ConfigParseError

    try:
        return tuple(sorted(botocore.session.Session().available_profiles))
    except ConfigParseError as error:
        raise SetupError("broken-config", {"path": str(error.kwargs["path"])}) from None


def _profile(name: str | None, profiles: Mapping[str, Any]) -> str | None:
    return inert(name or "default", 200) if name or "default" in profiles else None


def _profile_from(clients: Clients, name: str | None) -> Origin:
    if name is None:
        return "none"
    if clients.settings.profile:
        return "option"
    if clients.environ.get("AWS_PROFILE") == name:
        return "AWS_PROFILE"
    return "AWS_DEFAULT_PROFILE"


def _region_from(clients: Clients, region: str | None) -> Origin:
    found: list[tuple[Origin, str | None]] = [
        ("option", clients.settings.region),
        ("AWS_REGION", clients.environ.get("AWS_REGION")),
        ("AWS_DEFAULT_REGION", clients.environ.get("AWS_DEFAULT_REGION")),
        ("profile", clients.default_region()),
    ]
    if region is None:
        return "none"
    origin = next((origin for origin, value in found if value == region), None)
    strongest = next((origin for origin, value in found if value), None)
    return origin if origin is not None and origin == strongest else "call"


def _credentials(clients: Clients, region: str) -> tuple[str, str | None, str]:
    """Return how the credentials came about, the key's end, and what went wrong."""
    try:
        found = clients.credentials(region)
    except SetupError:
        raise
    except Exception as error:  # each way in which botocore fails here, told as a read would tell it
        told = outcome(GetCallerIdentity(region), error, private=clients.private_urls())
        return "failed", None, told.detail if isinstance(told, Unread) else told.error
    if found is None:
        return "none", None, ""
    from botocore.credentials import Credentials

    # Only of keys that do not change: any other would be fetched now.
    fixed = type(found) is Credentials and isinstance(found.access_key, str) and len(found.access_key) >= 16
    return str(found.method), f"****{inert(found.access_key[-4:])}" if fixed else None, ""


def _endpoint(clients: Clients, service: str, region: str) -> Endpoint:
    url = clients.endpoint(service, region)
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    shown = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path.rstrip('/')}"
    return Endpoint(service, inert(shown, 300), not is_aws_host(host_of(url)))


def _ca_bundle(clients: Clients) -> str | None:
    from botocore.httpsession import get_cert_path

    chosen = clients.ca_bundle()
    return None if chosen == str(get_cert_path(True)) else inert(chosen, 300)


def _proxy(clients: Clients, region: str) -> str | None:
    url = clients.endpoint("apigateway", region)
    proxy = environ_proxies(url).get(urlsplit(url).scheme, "")
    host = host_of(proxy if "://" in proxy else f"//{proxy}")
    return inert(host, 300) or None


def _sso(name: str, files: Mapping[str, Any]) -> SsoSession | None:
    """Return the session of a profile, None when it has none."""
    profile = files.get("profiles", {}).get(name, {})
    session = profile.get("sso_session")
    source = files.get("sso_sessions", {}).get(session, {}) if isinstance(session, str) else profile
    url = source.get("sso_start_url")
    if not isinstance(url, str):
        return None
    shown = inert(session, 200) if isinstance(session, str) else None
    expires_at, renews = _token_life(session if isinstance(session, str) else url)
    return SsoSession(shown, inert(host_of(url), 300), expires_at, renews)


def _token_life(key: str) -> tuple[float | None, bool]:
    """Return until when the cached token of a session lives, and whether it can be renewed. Reads no token."""
    # The AWS CLI's and all SDKs' name for the file: not a matter of security.
    name = hashlib.sha1(key.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    try:
        path = Path("~", ".aws", "sso", "cache", f"{name}.json").expanduser()
        if path.stat().st_size > _LARGEST:
            return None, False
        found = json.loads(path.read_text("utf-8"))
        moment = datetime.fromisoformat(found["expiresAt"].replace("UTC", "Z"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError):
        return None, False
    # Without a zone it is UTC, as botocore reads it.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.timestamp(), "refreshToken" in found
