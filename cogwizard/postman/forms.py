"""An export for the shell and for editors: a curl line, an HTTPie line, a `.http` file. The token stays outside."""

import re
import shlex
from collections.abc import Callable, Sequence
from typing import Literal

from cogwizard.postman.export import Sendable, left_out, plain_headers, without_variables

# HTTPie takes "\\" before these marks for an escape, and has no way to write one that stands there itself [run].
_ESCAPE = re.compile(r"\\[:;=@]")
# First words by which httpyac takes a body for GraphQL or for its own commands [src: httpyac 6.16.7].
_NO_BODY = re.compile(r"\s*(?:gql|query|mutation|fragment|proto)\b", re.IGNORECASE)


def curl(call: Sendable) -> str:
    """Return a curl command for POSIX shells. `--globoff` and `--path-as-is`: the address is sent as it stands."""
    words = ["curl -sS -i --globoff --path-as-is"]
    if call.method == "HEAD":
        words.append("--head")
    elif call.method != "GET" or call.body is not None:
        words.append(f"-X {call.method}")
    words.append(f'-H "{_authorization(call, ": ")}"')
    for name, value in call.headers:
        words.append("-H " + shlex.quote(f"{name}: {value}" if value else f"{name};"))
    if call.body is not None:
        words.append("--data-raw " + shlex.quote(call.body))
    words.append("--url " + shlex.quote(call.url))
    return _shell(call, words)


def httpie(call: Sendable) -> str:
    """Return an HTTPie command for POSIX shells. A `.netrc` would replace the token, so it is not read."""
    words = [f"http --ignore-stdin --ignore-netrc --check-status --path-as-is {call.method} {shlex.quote(call.url)}"]
    words.append(f'"{_authorization(call, ":")}"')
    notes = []
    for name, value in call.headers:
        if _ESCAPE.search(value):
            notes.append(left_out(name))
        elif value:
            # ":=" and ":@" would make it JSON or a file.
            words.append(shlex.quote(f"{name}:\\{value}" if value[0] in "=@" else f"{name}:{value}"))
        else:
            words.append(shlex.quote(f"{name};"))
    if call.body is not None:
        words.append(shlex.quote(f"--raw={call.body}"))
    return _shell(call, words, notes)


def _authorization(call: Sendable, colon: str) -> str:
    return f"{call.header}{colon}{'Bearer ' if call.in_authorization else ''}${call.token}"


def _shell(call: Sendable, words: list[str], notes: Sequence[str] = ()) -> str:
    return "\n".join([*_comments(call, f'export {call.token}="$({call.login})"', notes), " \\\n  ".join(words), ""])


def _comments(call: Sendable, how: str, notes: Sequence[str]) -> list[str]:
    # A comment that begins with "@" is an order to httpyac and JetBrains; none begins with what is foreign.
    told = [
        f"Call: {call.name}",
        f"The {call.sent_token} comes from the environment: {how}",
        *call.notes,
        *notes,
    ]
    return [f"# {line}" for line in told]


def http(call: Sendable) -> str:
    """Return a `.http` file for httpyac, VS Code's REST Client and JetBrains' HTTP Client.

    The first two read the environment with `$processEnv`. JetBrains' has no such thing, but takes a variable of its
    environment files in the place of one in the file [D: HTTP Client variables].
    """
    headers, notes = plain_headers(call)
    body = _http_body(call)
    if body is None and call.body is not None:
        notes.append("The body was left out: in a .http file it would become another, or act.")
    how = f"{call.login} (JetBrains: {call.token} in http-client.private.env.json)"
    token = f"{{{{{call.token}}}}}"
    lines = [
        *_comments(call, how, notes),
        f"@{call.token} = {{{{$processEnv {call.token}}}}}",
        "",
        f"### {call.method}",
        f"{call.method} {call.url}",
        f"{call.header}: {'Bearer ' if call.in_authorization else ''}{token}",
        *(f"{name}: {value}" for name, value in headers if value),
    ]
    return "\n".join([*lines, *(("", body) if body is not None else ()), ""])


def _http_body(call: Sendable) -> str | None:
    """Return the body as one line that is nothing but a body, None where it has none such.

    Lines of a `.http` file that begin with `#`, `<`, `>`, `@`, `{{` act, some run scripts. Between the members of JSON
    a line break is a blank, inside its strings there is none (RFC 8259, sections 2 and 7).
    """
    body = without_variables(call.body or "", call.body_is)
    types = [value.lower() for name, value in call.headers if name.lower() == "content-type"]
    if body is None or (call.body_is != "form" and any("x-www-form-urlencoded" in value for value in types)):
        return None  # httpyac percent-encodes what is called a form [run]
    if call.body_is == "json":
        line = re.sub(r"[\r\n]+", " ", body).strip()
        return re.sub("[\x85\u2028\u2029]", lambda char: f"\\u{ord(char[0]):04x}", line)
    return body if call.body_is == "form" and not _NO_BODY.match(body) else None


TEXTS: dict[Literal["curl", "httpie", "http"], tuple[str, Callable[[Sendable], str]]] = {
    "curl": (".curl.sh", curl),
    "httpie": (".httpie.sh", httpie),
    "http": (".http", http),
}
