"""A pasted HTTP answer: what `curl -i` or `curl -v` printed."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from cogwizard.gateway import REFUSALS, message_of
from cogwizard.intake.errors import BadInput
from cogwizard.model.answer import Answer

LONGEST_RESPONSE = 64 << 20  # characters
LONGEST_BODY = 1 << 20  # characters that are kept
_LONGEST_PREAMBLE = 64 << 10  # characters before the status line: a progress meter, a prompt, the command itself
_LINE = r"HTTP/(?:1\.[01]|2(?:\.0)?|3(?:\.0)?) +([1-9][0-9]{2})([ \t][^\r\n]*)?(?=\r|\n|$)"
_STATUS = re.compile(_LINE)
# At a line's beginning, or glued to the last figure of a progress meter.
_FIRST_STATUS = re.compile(rf"(?:(?<=[\r\n])|^|(?<=--:--[ 0-9.kMGT]{{6}}))[ \t]*(?={_LINE})")
_HEADER = re.compile(r"(?P<name>[A-Za-z0-9!#$%&'*+.^_`|~-]+):(?P<value>.*)", re.DOTALL)
_VERBOSE = re.compile(r"^< HTTP/", re.MULTILINE)
_VERBOSE_LINE = re.compile(r"<(?: (?P<header>.*))?\r?")
_CURLS_OWN = re.compile(r"[>*](?: |\r?$)|[{}] \[\d+ bytes data\]")
_LEFT_INTACT = re.compile(r"\* (?:Connection #\d+ to host .* left intact|Closing connection.*)\s*$")
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # the years 2000 to 2099: any other Date is no date

# A body without its status line, by its message: research 2.2. Exact ones are the gateway's table.
_STATUS_OF_MESSAGE = {
    refusal.message: refusal.status for refusal in REFUSALS.values() if refusal.message and refusal.status
} | {"Limit Exceeded": 429, "Invalid API Key identifier specified": 403}  # F25 [V], F12 [D]
_STATUS_OF_START = (
    ("User: ", 403),  # F14, F15 [D]
    ("User is not authorized to access this resource", 403),  # F4, F5 [V]
    ("Authorization header requires", 403),  # F9 [D]
    ("Invalid key=value pair (missing equal-sign) in Authorization header", 403),  # F8 [R]
    ("The security token included in the request is", 403),  # F11 [D]
    ("The request signature we calculated does not match", 403),  # F11 [D]
    ("Signature expired", 403),  # F11 [D]
)


def read_response(text: str) -> Answer:
    """Return the last HTTP answer in `text`: HTTP/1.0 to HTTP/3, with or without body, CRLF or LF.

    Blocks before it (redirects, `100 Continue`, a proxy's answer to CONNECT) are skipped. `date` is the Date header in
    Unix seconds, None for an absurd one. A bare JSON body whose message only API Gateway writes gets the status that
    it writes with it (research 2.2). Raises BadInput with a `response-...` key.
    """
    if len(text) > LONGEST_RESPONSE:
        raise BadInput("response-too-long")
    if not text.strip():
        raise BadInput("response-empty")
    if _VERBOSE.search(text[:_LONGEST_PREAMBLE]):
        text = _without_marks(text)
    first = _FIRST_STATUS.search(text[:_LONGEST_PREAMBLE])
    if not first:
        return _bare_body(text)
    status, reason, headers, at = _last_block(text, first.end())
    if 100 <= status < 200 or (200 <= status < 300 and reason.strip().lower() == "connection established"):
        raise BadInput("response-incomplete", status=str(status))
    return Answer(status, headers, text[at : at + LONGEST_BODY], date_of(headers))


def as_text(answer: Answer) -> str:
    """Return an answer as `curl -i` prints it: what `read_response` reads as the same answer."""
    lines = [f"{name}: {value}" for name, value in answer.headers if _HEADER.fullmatch(f"{name}:")]
    head = "\n".join([f"HTTP/1.1 {answer.status}", *(re.sub(r"[\r\n]+", " ", line) for line in lines)])
    gap = "\n\n\n" if _STATUS.match(answer.body) else "\n\n"  # a body is no second answer
    return f"{head}{gap}{answer.body}"


def _without_marks(text: str) -> str:
    """Return what `curl -v` printed as `curl -i` prints it: without `< `, and without curl's own lines."""
    kept = []
    for line in text.split("\n"):
        if found := _VERBOSE_LINE.fullmatch(line):
            kept.append(found["header"] or "")
        elif not _CURLS_OWN.match(line):
            kept.append(_LEFT_INTACT.sub("", line))
    return "\n".join(kept)


def _last_block(text: str, at: int) -> tuple[int, str, tuple[tuple[str, str], ...], int]:
    """Read blocks from the status line at `at`; return the last one's status, reason, headers and its body's place.

    Another status line counts only where a body would begin: a body cannot pass itself off as an answer.
    """
    while True:
        found = _STATUS.match(text, at)
        if not found:
            raise BadInput("response-no-status")
        headers, at = _read_headers(text, _line_end(text, found.end()))
        following = _STATUS.match(text, at)
        if not following:
            return int(found[1]), found[2] or "", headers, at
        at = following.start()


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _read_headers(text: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    headers: list[tuple[str, str]] = []
    while at < len(text):
        end = _line_end(text, at)
        line = text[at:end].rstrip("\r\n")
        if not line.strip():
            return tuple(headers), end
        header = _HEADER.fullmatch(line)
        if line[0] in " \t" and headers:  # folded (RFC 9112, 5.2)
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}".strip())
        elif header and not _STATUS.match(line):
            headers.append((header["name"], header["value"].strip()))
        else:
            break  # the blank line was lost in the paste
        at = end
    return tuple(headers), at


def date_of(headers: tuple[tuple[str, str], ...]) -> float | None:
    """Return the Date header in Unix seconds, None where it is absent or no date of this century."""
    for name, value in headers:
        if name.lower() == "date":
            try:
                moment = parsedate_to_datetime(value)
                seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
            except (ValueError, TypeError, OverflowError, IndexError):
                return None
            return seconds if _EARLIEST <= seconds < _LATEST else None
    return None


def _bare_body(text: str) -> Answer:
    status = status_of(message_of(text[:LONGEST_BODY])) if text.lstrip().startswith("{") else None
    if status is None:
        raise BadInput("response-no-status")
    return Answer(status, body=text.strip()[:LONGEST_BODY])


def status_of(message: str | None) -> int | None:
    """Return the status that API Gateway answers with `message`, or None when it is no message of its own."""
    if not message:
        return None
    if message in _STATUS_OF_MESSAGE:
        return _STATUS_OF_MESSAGE[message]
    if message.startswith("User: ") and "execute-api:Invoke" not in message:
        return None
    if "not a valid key=value pair (missing equal-sign) in Authorization header" in message:  # F8, older text [R]
        return 403
    return next((status for start, status in _STATUS_OF_START if message.startswith(start)), None)
