"""One boto3 session, its clients, and where they go: endpoint, proxy, CA bundle. boto3 is imported on first use."""

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cogwizard import __version__
from cogwizard.aws import profiles
from cogwizard.aws.core import holding, insist_on_json, loader, sealed
from cogwizard.aws.hosts import host_of, is_aws_host, is_endpoint, is_loopback
from cogwizard.aws.tls import bundle_fault

ANY_REGION = "us-east-1"  # where none is known: asked for by nothing but `overridden`, which is alike in every region
_REGION = re.compile(r"(?!\d+\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class SetupError(Exception):
    """The AWS set-up cannot be used. `key` names a text of the catalogue (aws.toml, messages), `params` fill it."""

    def __init__(self, key: str, params: Mapping[str, str]) -> None:
        super().__init__(key, dict(params))
        self.key = key
        self.params = dict(params)

    def __str__(self) -> str:
        """The key and its parameters; none of them is secret."""
        return f"{self.key} ({', '.join(f'{name}: {value}' for name, value in self.params.items())})"


@dataclass(frozen=True)
class HeldKeys:
    """Keys that the user keeps elsewhere than in the AWS files. `profile`: what names them in place of a profile."""

    profile: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Settings:
    """What the command line says about AWS. None: as boto3 finds it. `timeout` is in seconds, per read.

    `keys` are a key's id and its secret. With them nothing of the user's own set-up is used, no variable and no file:
    `profile` neither. With `held` keys all of the set-up holds but its credentials, as long as `profile` names them.
    `repr` does not show the endpoint: its URL may carry a password.
    """

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = field(default=None, repr=False)
    timeout: float = 10.0
    keys: tuple[str, str] | None = field(default=None, repr=False)
    held: HeldKeys | None = field(default=None, repr=False)

    @property
    def signs_with(self) -> HeldKeys | None:
        """The held keys, None when another profile was chosen since."""
        return self.held if self.held and self.held.profile == self.profile else None

    @property
    def connect_timeout(self) -> float:
        """Seconds to wait for a connection."""
        return min(5.0, self.timeout)


def is_region(name: str) -> bool:
    """Whether a name has the form of a region's; botocore makes it a part of a host name."""
    return _REGION.fullmatch(name) is not None


class Clients:
    """boto3's clients, one per service and region. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is imported, read or checked yet."""
        self.settings = settings
        # Reentrant: making a client asks for its endpoint. Sessions are not thread-safe, clients are [D: boto3].
        self._lock = threading.RLock()
        self._core: Any = None
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._endpoints: dict[tuple[str, str], str] = {}
        self._urls = {settings.endpoint_url or ""}
        self._is_tame = False
        self._refusal: Exception | None = None
        self._sound_bundle: str | None = None
        # What the user's own variables say of AWS.
        self.environ: Mapping[str, str] = {} if settings.keys else os.environ

    def client(self, service: str, region: str) -> Any:
        """Return the boto3 client of a service in a region. Raises what boto3 raises, or SetupError."""
        with self._lock:
            if (service, region) not in self._clients:
                from botocore.config import Config

                from cogwizard.aws import credentials

                loopback = is_loopback(host_of(self.endpoint(service, region)))
                if not self._is_tame and self.settings.keys is None:
                    # Not earlier: botocore takes the chain's region from the client that was made first.
                    credentials.tame(self._botocore().get_component("credential_provider"), self.settings.timeout)
                    self._is_tame = True
                if self._refusal:  # a program that hangs is waited for once, not by each read
                    raise self._refusal
                config = Config(proxies={} if loopback else None)
                try:
                    self._clients[service, region] = self._make(service, region, config)
                except credentials.NoCredentials as error:
                    self._refusal = error
                    raise
            return self._clients[service, region]

    def once(self, service: str, region: str) -> Any:
        """Return a client that sends each call once: a write is never made twice by itself. Raises as `client`."""
        self.client(service, region)  # the chain of credentials is tamed there
        return self._once(service, region, signed=True)

    def sign_in_client(self, region: str, *, signed: bool) -> Any:
        """Return a client of cognito-idp that sends each call once: a password is never tried again by itself.

        Not `signed`: no AWS credentials are looked for; signing in needs none (research 7.1 [D]). Raises as `client`.
        """
        return self.once("cognito-idp", region) if signed else self._once("cognito-idp", region, signed=False)

    def _once(self, service: str, region: str, *, signed: bool) -> Any:
        from botocore import UNSIGNED
        from botocore.config import Config

        config = Config(retries={"mode": "standard", "total_max_attempts": 1})
        if not signed:
            config = config.merge(Config(signature_version=UNSIGNED))
        with self._lock:
            key = (f"{service} once {signed}", region)
            if key not in self._clients:
                self.endpoint(service, region)
                self._clients[key] = self._make(service, region, config)
            return self._clients[key]

    def endpoint(self, service: str, region: str) -> str:
        """Return the URL that a service's calls go to. Makes no network call. Raises as `client`."""
        with self._lock:
            if (service, region) not in self._endpoints:
                from botocore import UNSIGNED
                from botocore.config import Config

                # Unsigned: the chain of credentials, which may run programs and ask the network, stays untouched.
                probe = self._make(service, region, Config(signature_version=UNSIGNED))
                url = str(probe.meta.endpoint_url)
                probe.close()
                self._urls.add(url)
                if not is_endpoint(url):
                    raise SetupError("invalid-endpoint", {})
                self._endpoints[service, region] = url
            return self._endpoints[service, region]

    def overridden(self, service: str, region: str) -> bool:
        """Whether a service's calls go to a host that is not AWS's. Makes no network call. Raises as `client`."""
        return not is_aws_host(host_of(self.endpoint(service, region)))

    def private_urls(self) -> tuple[str, ...]:
        """Return the endpoints in use as they were given: no text may show their passwords. Raises nothing."""
        return tuple(self._urls)

    def default_region(self) -> str | None:
        """Return the region of the settings, the environment or the profile, in this order. Raises SetupError."""
        with self._lock:
            # AWS_REGION is the variable of AWS's other tools; botocore reads AWS_DEFAULT_REGION only.
            return self.settings.region or self.environ.get("AWS_REGION") or self._variable("region") or None

    def ca_bundle(self) -> str:
        """Return the file of CA certificates that TLS is checked with, as botocore chooses it. Raises SetupError."""
        from botocore.httpsession import get_cert_path

        with self._lock:
            chosen = self._variable("ca_bundle")
        if chosen is None:
            chosen = self.environ.get("REQUESTS_CA_BUNDLE")
        if chosen is not None and not chosen.strip():
            raise SetupError("empty-ca-bundle", {})
        if chosen is not None and chosen != self._sound_bundle:
            if fault := bundle_fault(chosen):
                raise SetupError(fault, {"path": chosen})
            self._sound_bundle = chosen
        return str(get_cert_path(True) if chosen is None else chosen)

    def profile(self) -> tuple[str | None, Mapping[str, Any]]:
        """Return the name of the profile in use, None for the default, and the configuration files. Raises SetupError.

        The files are parsed as botocore does: `profiles` and `sso_sessions`, by name. They hold keys: never shown.
        """
        with self._lock:
            core = self._botocore()
            return (str(core.profile) if core.profile else None), core.full_config

    def credentials(self, region: str) -> Any:
        """Return botocore's credentials, None when none are found. May take long. Raises as `client`."""
        self.client("sts", region)  # the chain is tamed there
        with self._lock:
            return self._botocore().get_credentials()

    def sign_in_command(self) -> str | None:
        """Return the command that makes credentials work; None where they were given as keys. Raises nothing."""
        if held := self.settings.signs_with:
            return f"cogwizard vault set {held.profile.removeprefix('vault:')} --kind aws-keys"
        if self.settings.keys or (self.settings.profile is None and self.environ.get("AWS_ACCESS_KEY_ID")):
            return None
        try:
            name, files = self.profile()
            return profiles.sign_in_command(name or "default", files.get("profiles", {}))
        except Exception:
            return "aws configure"

    def sign_in(self) -> str:
        """Return what to do for working credentials, with the exact command. Raises nothing."""
        command = self.sign_in_command()
        if command is None:
            return "Set new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset all three."
        return f"Run: {command}"

    def check(self) -> None:
        """Check what can be checked without a network. Raises SetupError for a profile, file, region or URL."""
        with self._lock:
            self._botocore()
            region = self.default_region()
            self.ca_bundle()
        if region is not None and not is_region(region):
            raise SetupError("invalid-region", {"region": region})
        if self.settings.endpoint_url is not None and not is_endpoint(self.settings.endpoint_url):
            raise SetupError("invalid-endpoint", {})

    def _make(self, service: str, region: str, config: Any) -> Any:
        from botocore.config import Config

        base = Config(
            retries={"mode": "adaptive", "total_max_attempts": 4},
            connect_timeout=self.settings.connect_timeout,
            read_timeout=self.settings.timeout,
            max_pool_connections=20,
            user_agent_extra=f"cogwizard/{__version__}",
        )
        core = self._botocore()
        if self._session is None:
            import boto3

            from cogwizard.aws.wire import Sender

            # At the session: the clients that get credentials on the way are its clients too.
            core.register("before-send", Sender(self.settings, self.ca_bundle()))
            self._session = boto3.Session(botocore_session=core)
            paths = core.get_component("data_loader").search_paths
            paths[:] = dict.fromkeys(paths)  # each boto3 session adds its own folder
        try:
            client = self._session.client(
                service, region_name=region, endpoint_url=self.settings.endpoint_url, config=base.merge(config)
            )
        except ValueError as error:
            # botocore's "Invalid endpoint: ..." shows the whole URL, with a password if it has one.
            if str(error).startswith("Invalid endpoint"):
                raise SetupError("invalid-endpoint", {}) from None
            raise
        client.meta.events.register_last("after-call", insist_on_json)
        return client

    def _botocore(self) -> Any:
        """Return the session, its profile and files proven to be readable. The lock is held."""
        if self._core is None:
            import botocore.session
            from botocore.exceptions import ConfigParseError, ProfileNotFound

            keys, held = self.settings.keys, self.settings.signs_with
            try:
                if keys:
                    core = sealed(*keys)
                elif held:
                    core = holding(held.key_id, held.secret, held.session_token)
                else:
                    core = botocore.session.Session(profile=self.settings.profile)
                core.get_scoped_config()
            except ProfileNotFound as error:
                names = ", ".join(sorted(core.available_profiles)) or "-"
                raise SetupError(
                    "no-such-profile", {"profile": str(error.kwargs["profile"]), "profiles": names}
                ) from None
            except ConfigParseError as error:
                raise SetupError("broken-config", {"path": str(error.kwargs["path"])}) from None
            core.register_component("data_loader", loader(core.get_config_variable("data_path")))
            self._core = core
        return self._core

    def _variable(self, name: str) -> str | None:
        value = self._botocore().get_config_variable(name)
        return None if value is None else str(value)
