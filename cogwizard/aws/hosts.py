"""Hosts and URLs: whose they are, whether they can be called, and by which proxy."""

import ipaddress
import re
from urllib.parse import urlsplit

# DNS suffixes of all partitions [D: botocore's partitions], and the AWS hosts that stand before an API.
_AWS_HOSTS = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".on.aws",
    ".cloudfront.net",
    ".amazoncognito.com",
)
_BLANK = re.compile(r"[\x00-\x20\x7f]")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: localhost, a name under it, or a loopback address."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def is_aws_host(host: str) -> bool:
    """Whether a host name belongs to AWS, in any partition."""
    return host.rstrip(".").lower().endswith(_AWS_HOSTS)


def host_of(url: str) -> str:
    """Return the host of a URL, "" when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_endpoint(url: str) -> bool:
    """Whether a URL is scheme, host, port and maybe a path. With a blank, / or # in its password it is none."""
    if _BLANK.search(url) or "@" in url.rpartition("//")[2].partition("/")[2]:
        return False
    try:
        parts = urlsplit(url)
        if parts.query or parts.fragment:
            return False
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def environ_proxies(url: str) -> dict[str, str]:
    """Return the proxies for a URL by scheme, as botocore reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY.

    There are none for this machine: no proxy leads back to it.
    """
    from botocore.utils import get_environ_proxies

    return {} if is_loopback(host_of(url)) else dict(get_environ_proxies(url))
