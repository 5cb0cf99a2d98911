"""`cogwizard policy`: the read-only IAM policy that the checks need."""

import argparse
import json

from cogwizard.commands.output import Exit, put
from cogwizard.report.iam_policy import build
from cogwizard.report.markdown import fence
from cogwizard.text import Texts


def run(options: argparse.Namespace, _texts: Texts) -> int:
    """Run `policy` and return its exit code."""
    document = build(options.region, options.rest_api_id, options.user_pool_id, options.sign_in, options.logs)
    shown = json.dumps(document, indent=2)
    put(fence(shown, "json") if options.format == "markdown" else shown)
    return Exit.OK
