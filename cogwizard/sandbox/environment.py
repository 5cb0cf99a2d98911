"""With what AWS's tools talk to the sandbox: its region, keys that are nobody's, and both as variables."""

REGION = "ap-northeast-1"
KEYS = ("sandbox", "sandbox")  # the id and the secret


def environment(url: str) -> dict[str, str]:
    """Return the variables with which AWS's tools talk to the sandbox."""
    return {
        "AWS_ACCESS_KEY_ID": KEYS[0],
        "AWS_SECRET_ACCESS_KEY": KEYS[1],
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
    }
