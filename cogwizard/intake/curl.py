"""A pasted command as the request that it sends: curl in any quoting, PowerShell's cmdlets, a browser's fetch."""

import re
from dataclasses import dataclass

from cogwizard.intake import curl_request, invoke, powershell, shell, shell_cmd
from cogwizard.intake.errors import BadInput
from cogwizard.intake.fetch import read_fetch
from cogwizard.intake.shell import Word
from cogwizard.model.call import Call

LONGEST_COMMAND = 1 << 20  # characters
SHELLS = ("bash", "cmd", "powershell", "fetch")
_PROMPT = (
    r"(?:(?:PS )?[A-Za-z]:\\[^\r\n<>|\"]{0,200}>[ \t]*|PS(?: [^\r\n<>]{0,200})?>[ \t]*"
    r"|[^\r\n'\"]{0,100}[$%#>\u276f][ \t]++)"
)
_CURL = (
    r"(?:[\"'][^\"'\r\n]{0,200}[/\\]curl(?:\.exe)?[\"']|[\"']?(?:[^\s'\"]{0,200}[/\\])?curl(?:\.exe)?[\"']?)"
    r"(?=[ \t]|[\\^`]\r?\n|\r?$|\Z)"
)
_CMDLET = rf"\(?(?i:{powershell.CMDLETS})(?=[ \t`])"
_FETCH = r"(?:(?:const|let|var)[ \t]+\w{1,40}[ \t]*=[ \t]*)?(?:return[ \t]+)?(?:await[ \t]+)?(?:window\.)?fetch[ \t]*\("
_PREPARED = r"(?:\$\w{1,100}(?:\.\w{1,100}){0,4}[ \t]*(?:\+?=|\[|\()|\[[\w.]{1,100}\]::)"
_PROGRAM = rf"(?:(?P<curl>&?[ \t]*{_CURL})|(?P<cmdlet>{_CMDLET})|(?P<fetch>{_FETCH})|(?P<script>{_PREPARED}))"
_FIRST = re.compile(rf"[ \t]*+(?P<prompt>{_PROMPT})?{_PROGRAM}")
# A command at the beginning of a line, behind whatever a shell prompts with.
_COMMAND = re.compile(rf"(?:^|(?<=[\r\n]))[ \t]*+(?P<prompt>{_PROMPT})?(?P<command>{_PROGRAM})")
_CALL_IN_SCRIPT = re.compile(rf"(?m:^|=|;|\()[ \t]*+(?:{_PROMPT})?(?:(?i:{powershell.CMDLETS})|{_CURL})[ \t`]")
_COMMENTS = re.compile(r"\s*(?:(?:#(?![ \t]+curl\b)|//|::|[Rr][Ee][Mm][ \t])[^\n]*\n\s*)*")
_OTHER = re.compile(r"(?:[$%>#][ \t]+)?(wget|https?|xh|aria2c|axios|ab|hey)(?=[ \t(.])", re.IGNORECASE)

# %NAME% and %NAME:~0,8%, but not %E3%81%82
_NAMED = r"%(?:(?![0-9A-Fa-f]{2})[A-Za-z_]\w{1,100}(?::[^%\r\n]{0,60})?%|[A-Fa-f]{2}\w{1,100}%(?![0-9A-Fa-f]{2}))"
# What tells the shells apart, outside of the quotes that all three could have; up to the end of the line.
_MARKS = re.compile(
    r"(?P<powershell>`[ \t]*\r?\n|@\{|@[\"'][ \t]*\r?\n|\$env:\w|(?<=\s)--%\s)"
    rf"|(?P<cmd>\^[\"&|<>%^(){{}}!]|\^[ \t]*\r?\n|{_NAMED})"
    r"|(?P<bash>\\[ \t]*\r?\n|\$'|'\\''|\$\{\w|\$\(|(?<=\s)<<<)|(?P<end>[\r\n])"
    r"|'[^']*+'?+|\"(?P<text>(?:[^\"\\]|\\[\s\S])*+)\"?+|\\[\s\S]"
)
_IN_TEXT = (
    ("powershell", re.compile(r"`\$|\$env:\w|\$\(\[char\]")),
    ("cmd", re.compile(_NAMED)),
)
_ESCAPED = re.compile(r"\\[\s\S]")
_LINE = re.compile(r"[^\r\n]*")
_EXE = re.compile(r"\S{0,200}curl\.exe", re.IGNORECASE)
_OF_ALIAS = re.compile(
    r"[^\r\n]*?[ \t]-(?:Uri|Headers|Method|Body|UseBasicParsing|ContentType|WebSession)\b", re.IGNORECASE
)
_CMD_PROMPT = re.compile(r"[A-Za-z]:\\")
_JSON_IN_CMD = re.compile(r"\"[^\"\r\n]*[{\[,:]\"\"\w")


@dataclass(frozen=True)
class Command:
    """What a pasted command sends. `ignored`: options that change nothing here; `shell`: one of SHELLS."""

    call: Call
    ignored: tuple[str, ...]
    shell: str


def read_curl(text: str) -> tuple[Call, tuple[str, ...]]:
    """Return the request that a pasted command sends, and the names of the options that were ignored: see
    `read_command`."""
    command = read_command(text)
    return command.call, command.ignored


def read_command(text: str) -> Command:
    """Return the request that a pasted command sends.

    The command is curl in the quoting of bash, cmd or PowerShell, PowerShell's Invoke-WebRequest or Invoke-RestMethod
    (also by their aliases) with the lines before it that prepare its arguments, or a browser's fetch.

    Of curl the first command, its first URL and its own options (up to `--next`) count. Defaults are curl's manual
    page's: method, `http://` where no scheme is given, Content-Type of data. Headers that every curl sends (Host,
    User-Agent, Accept) are not added. What the shell would have filled in stays as written and is named in
    `Call.unexpanded`; a whole header that was not given (`-H @file`, `-H "$HEADER"`, `-K file`) is named there with
    header "". The body is None when a part of it was not given. `-H` among the ignored options is a header text
    without a colon, which curl does not send. Raises BadInput with a `curl-...` key.
    """
    if len(text) > LONGEST_COMMAND:
        raise BadInput("curl-too-long")
    if not text.strip():
        raise BadInput("curl-empty")
    if "\0" in text:
        raise BadInput("curl-nul")
    comments = _COMMENTS.match(text)
    start = comments.end() if comments else 0
    found = _FIRST.match(text, start)
    if not found or (found["script"] and not _CALL_IN_SCRIPT.search(text, start)):
        other = _OTHER.match(text, start)
        raise BadInput("curl-other-program", program=other[1].lower()) if other else BadInput("curl-no-curl")
    if found["fetch"]:
        return Command(*read_fetch(text, found.end()), "fetch")
    start = start if found["script"] or found["cmdlet"] else found.start("curl")
    which = shell_of(text, start, found["prompt"] or "", is_script=not found["curl"])
    if which == "powershell":
        return _in_powershell(text, start)
    words: list[Word] = shell_cmd.read_words(text, start) if which == "cmd" else shell.read_words(text, start)
    return Command(*curl_request.request_of(words[1:]), which)


def _in_powershell(text: str, start: int) -> Command:
    command = powershell.read_command(text, start)
    if command is None:
        raise BadInput("curl-no-curl")
    kind, arguments = command
    if kind == "cmdlet":
        return Command(*invoke.request_of(arguments), "powershell")
    words = [item.value if isinstance(item.value, Word) else shell.unknown("@{...}") for item in arguments]
    return Command(*curl_request.request_of(words), "powershell")


def find_command(text: str) -> int | None:
    """Return where the first command of a text begins, at the beginning of a line and with its prompt, or where the
    lines begin that prepare it; None: there is none."""
    has_call: bool | None = None
    for found in _COMMAND.finditer(text):
        if not found["script"]:
            return found.start("prompt" if found["prompt"] else "command")
        if has_call is None:
            has_call = bool(_CALL_IN_SCRIPT.search(text, found.start("command")))
        if has_call:
            return found.start("command")
    return None


def shell_of(text: str, start: int, prompt: str = "", *, is_script: bool = False) -> str:
    """Return for which shell the command at `start` is quoted: "bash", "cmd" or "powershell".

    The first mark decides that only one of them knows: how a line goes on (a backslash, `^`, a backtick); `^"`;
    `$'...'`; `@{`, a here-string, `$env:`; `%NAME%`; in double quotes a backtick before a quote. Without a mark it is
    the prompt, then what is left: `curl.exe` with single quotes is PowerShell's, doubled quotes in JSON are cmd's. What
    all of them read alike is bash's.
    """
    if is_script or text.startswith("&", start):
        return "powershell"
    hint = ""
    for found in _MARKS.finditer(text, start):
        if found.lastgroup in ("powershell", "cmd", "bash"):
            return found.lastgroup
        if found.lastgroup == "end":
            break
        inside = found["text"] or ""
        if _ESCAPED.sub("", inside).count("`") % 2:  # in bash they are pairs
            return "powershell"
        hint = hint or next((name for name, mark in _IN_TEXT if mark.search(inside)), "")
    return hint or _shell_without_mark(text, start, prompt)


def _shell_without_mark(text: str, start: int, prompt: str) -> str:
    line = _LINE.match(text, start)
    command = line[0] if line else ""
    if re.match("PS[ >]", prompt) or _OF_ALIAS.match(command):
        return "powershell"
    if _CMD_PROMPT.match(prompt) or (_JSON_IN_CMD.search(command) and "'" not in command):
        return "cmd"
    return "powershell" if _EXE.match(command) and "'" in command and not prompt else "bash"
