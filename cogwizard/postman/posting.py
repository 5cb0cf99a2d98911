"""An export for Posting: one request as YAML. The token is a variable of the environment."""

import json
import unicodedata

from cogwizard.model.inert import LOUD
from cogwizard.postman.export import Sendable, without_params


def text(call: Sendable) -> str:
    """Return the file. A `$` of the call's own is written twice, or percent-encoded: else it would begin a variable."""
    token = f"${call.token}"
    lines = [
        f"# Open with: POSTING_USE_HOST_ENVIRONMENT=true posting --collection . ({call.token} from {call.login})",
        *(f"# {note}" for note in call.notes),
        f"name: {_quoted(f'{call.name} ({call.sent_token})')}",
        f"method: {call.method}",
        f"url: {_quoted(without_params(call.url).replace('$', '%24'))}",
    ]
    if call.body is not None:
        lines += ["body:", f"  content: {_quoted(_literal(call.body))}"]
    if call.in_authorization:
        lines += ["auth:", "  type: bearer_token", "  bearer_token:", f"    token: {_quoted(token)}"]
    pairs = [(name, _literal(value)) for name, value in call.headers]
    if not call.in_authorization:
        pairs.insert(0, (call.header, token))
    if pairs:
        lines.append("headers:")
    for name, value in pairs:
        lines += [f"  - name: {_quoted(name)}", f"    value: {_quoted(value)}"]
    return "\n".join([*lines, ""])


def _literal(value: str) -> str:
    return value.replace("$", "$$")


def _quoted(value: str) -> str:
    """Return a text in YAML's double quotes, which take JSON's escapes; what acts on a reader as an escape too."""
    return "".join(
        f"\\U{ord(char):08x}" if unicodedata.category(char) in LOUD else char
        for char in json.dumps(value, ensure_ascii=False)
    )
