"""The Lambda function of the walk-through: what it answers, and the package that is uploaded."""

import io
import zipfile

FILE, HANDLER, RUNTIME = "lambda_function.py", "lambda_function.lambda_handler", "python3.13"
# Seed "Test Lambda": the greeting is its own; the claims are added, so that one sees what API Gateway hands over.
SOURCE = '''\
import json


def lambda_handler(event, context):
    """Greet whoever API Gateway let through, and show who that is."""
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    body = {"message": "Hello from Lambda!", "claims": authorizer.get("claims") or {}}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
    }
'''
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a ZIP file can hold: the same bytes in every run


def package() -> bytes:
    """Return the function as a ZIP file, as CreateFunction takes it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(FILE, _EPOCH)
        entry.external_attr = 0o644 << 16  # Lambda's own user must be able to read it
        archive.writestr(entry, SOURCE)
    return held.getvalue()
