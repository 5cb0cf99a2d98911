"""The variables with which AWS's tools talk to the sandbox, and none of the user's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

REGION = "ap-northeast-1"


@contextmanager
def isolated() -> Iterator[None]:
    """Hide the user's AWS set-up from boto3 while the sandbox is read: no key of theirs goes there."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(environment())
    os.environ.update({"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def environment(url: str | None = None) -> dict[str, str]:
    """Return the variables with which AWS's tools talk to the sandbox."""
    found = {
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return {**found, "AWS_ENDPOINT_URL": url} if url else found
