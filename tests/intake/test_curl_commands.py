"""Commands as people paste them, in every quoting; what they send was written down after the rules of each shell."""

import json
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogwizard.intake import shell
from cogwizard.intake.curl import find_command, read_command
from cogwizard.intake.errors import BadInput
from cogwizard.intake.recognise import recognise
from cogwizard.model.call import Unexpanded

URL = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/orders"
FOLDER = Path(__file__).parent / "commands"


def _table(name: str) -> list[Any]:
    content = (FOLDER / f"{name}.toml").read_text("utf-8").replace("<url>", URL)
    entries = tomllib.loads(content)["command"]
    return [pytest.param(entry, id=f"{name}-{number}") for number, entry in enumerate(entries, 1)]


def _pairs(entry: dict[str, Any], key: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, _, value in (item.partition(": ") for item in entry.get(key, [])))


COMMANDS = [(name, entry) for name in ("bash", "cmd", "powershell", "browsers") for entry in _table(name)]
ENTRIES = [pytest.param(name, *entry.values, id=entry.id) for name, entry in COMMANDS]


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_command(name: str, entry: dict[str, Any]) -> None:
    command = read_command(entry["text"])
    call = command.call
    assert (call.method, call.url) == (entry.get("method", "GET"), entry.get("url", URL))
    assert call.headers == _pairs(entry, "headers")
    assert call.body == (entry["body"].encode() if "body" in entry else None)
    assert call.unexpanded == tuple(Unexpanded(*pair) for pair in _pairs(entry, "unknown"))
    assert command.ignored == tuple(entry.get("ignored", ()))
    assert command.shell == entry.get("shell", name)


def test_the_tables_are_as_long_as_they_should_be() -> None:
    count = {name: sum(item == name for item, _ in COMMANDS) for name in ("bash", "cmd", "powershell")}
    assert count["bash"] >= 50
    assert count["cmd"] >= 40
    assert count["powershell"] >= 40
    copies = [entry.values[0]["shell"] for name, entry in COMMANDS if name == "browsers"]
    assert all(copies.count(kind) >= 10 for kind in ("bash", "cmd", "powershell", "fetch"))


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_it_is_found_behind_other_text(name: str, entry: dict[str, Any]) -> None:
    """As it is pasted out of a chat or a terminal: words before it, its answer behind it."""
    found = recognise(f"it says 401:\n\n{entry['text'].strip()}\n\nHTTP/1.1 401 Unauthorized\n\n{{}}")
    assert (found.kind, found.problem, found.status) == ("curl", None, 401)
    assert found.shell == entry.get("shell", name)
    assert found.call is not None
    assert found.call.url == entry.get("url", URL)
    assert found.call.unexpanded == tuple(Unexpanded(*pair) for pair in _pairs(entry, "unknown"))


# -- the real bash -----------------------------------------------------------------------------------------------------

_BASH = shutil.which("bash")
_BASH_ENTRIES = [
    pytest.param(entry.values[0]["text"], id=entry.id)
    for name, entry in COMMANDS
    if name == "bash" or entry.values[0].get("shell") == "bash"
]


@pytest.mark.skipif(sys.platform != "linux" or not _BASH, reason="needs a bash that knows \\u, and its locale C.UTF-8")
@pytest.mark.parametrize("text", _BASH_ENTRIES)
def test_bash_splits_it_in_the_same_way(text: str, tmp_path: Path) -> None:
    words = shell.read_words(text, find_command(text) or 0)[1:]
    if any(word.expressions for word in words):
        words = [word for word in words if not word.expressions]  # what bash fills in here is empty
    (tmp_path / "headers.txt").write_text("", "utf-8")
    curl = "curl() { [ -e argv ] || printf '%s\\0' \"$@\" > argv; }"
    script = f"{curl}\n{text.replace('/usr/local/bin/curl', 'curl')}"
    subprocess.run(
        [_BASH or "", "--norc", "--noprofile", "-c", script],
        cwd=tmp_path,
        env={"PATH": "/nowhere", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=20,
        check=False,
    )
    argv = (tmp_path / "argv").read_bytes().split(b"\0")[:-1]
    plain = [word.text.encode("utf-8", "surrogateescape") for word in words]
    if len(argv) == len(plain):
        assert argv == plain
    else:
        assert [word for word in argv if word in plain] == plain


# -- any value, quoted by the rules of each shell ----------------------------------------------------------------------


def _bash(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _bash_double(text: str) -> str:
    return '"' + re.sub(r'(["$`\\])', r"\\\1", text) + '"'


def _bash_ansi(text: str) -> str:
    escaped = re.sub(r"[\\']", r"\\\g<0>", text).replace("!", "\\u0021").replace("\n", "\\n")
    return f"$'{escaped}'"


def _cmd_copy(text: str) -> str:
    """As Chrome copies it, but for backslashes, which the C runtime halves only before a quote."""
    text = re.sub(r'(\\*)"', r'\1\1\\"', re.sub(r"(\\+)$", r"\1\1", text))
    text = re.sub(r"[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]", r"^\g<0>", text)
    return '^"' + re.sub(r"%(?=[a-zA-Z0-9_])", "%^", text).replace("\n", "^\n\n") + '^"'


def _powershell(text: str) -> str:
    return "'" + re.sub("['\u2018-\u201b]", r"\g<0>\g<0>", text) + "'"


def _powershell_copy(text: str) -> str:
    """As Chrome copies it."""
    escaped = re.sub(r'[`$"]', r"`\g<0>", text)
    return '"' + re.sub(r"[^\x20-\x7e]", lambda char: _units(char[0]), escaped) + '"'


def _units(char: str) -> str:
    raw = char.encode("utf-16-le")
    return "".join(f"$([char]{int.from_bytes(raw[at : at + 2], 'little')})" for at in range(0, len(raw), 2))


def _curl(quote: Callable[[str], str], goes_on: str, program: str = "curl") -> Callable[[str, str], str]:
    return lambda url, value: f"{program} {quote(url)} {goes_on}\n  -H {quote('X-Any: ' + value)}"


def _invoke(url: str, value: str) -> str:
    quoted = _powershell_copy
    return f"Invoke-WebRequest -Uri {quoted(url)} `\n-Headers @{{\n{quoted('X-Any')}={quoted(value)}\n}}"


def _fetch(url: str, value: str) -> str:
    return f"fetch({json.dumps(url)}, {json.dumps({'headers': {'X-Any': value}, 'method': 'GET'})});"


WRITERS = {
    "bash": _curl(_bash, "\\"),
    "bash, double": _curl(_bash_double, "\\"),
    "bash, ansi": _curl(_bash_ansi, "\\"),
    "cmd": _curl(_cmd_copy, "^"),
    "powershell": _curl(_powershell, "`", "curl.exe"),
    "powershell, double": _curl(_powershell_copy, "`", "curl.exe"),
    "powershell, cmdlet": _invoke,
    "fetch": _fetch,
}
_CHARS = st.one_of(
    st.sampled_from("\"'`$%^&|<>(){}[]!~#*?\\/@,;:=+-_. \n\u201c\u201d\u2018\u2019\u3042\U0001f600aZ09"),
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")),
)
_VALUES = st.text(_CHARS, min_size=1, max_size=40).filter(str.strip)
_PATHS = st.text(st.sampled_from("abcXYZ019-._~:?#[]@!$&'()*+,;=%^|{}`\"\\"), max_size=40)


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=150, deadline=None)
@given(value=_VALUES, path=_PATHS)
def test_what_is_quoted_is_read_back(writer: str, value: str, path: str) -> None:
    url = f"https://a.example/{path}"
    command = read_command(WRITERS[writer](url, value))
    assert (command.call.url, command.call.headers) == (url, (("X-Any", value),))
    assert command.call.unexpanded == ()
    assert command.shell == writer.partition(",")[0].replace("cmdlet", "powershell")


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "position"),
    [
        ('C:\\>curl "https://e.com" -H "A: b', "curl-quote-unclosed", "29"),
        ('curl ^"https://e.com^" ^\n  -H ^"A: b', "curl-quote-unclosed", "32"),
        ("PS> curl.exe 'https://e.com' -H 'A: b", "curl-quote-unclosed", "33"),
        ('iwr https://e.com -Headers @{ "A"="b"', "curl-substitution-unclosed", "29"),
        ('iwr https://e.com -Headers @{ "A"="b', "curl-quote-unclosed", "35"),
        ('PS> curl.exe https://e.com -d @"\nx', "curl-quote-unclosed", "31"),
        ('iwr "https://e.com" -Body (ConvertTo-Json', "curl-substitution-unclosed", "27"),
        ('fetch("https://e.com', "curl-quote-unclosed", "7"),
        ('fetch("https://e.com", {"headers": {"a": "b"', "curl-substitution-unclosed", "36"),
        ("fetch(`https://${host", "curl-substitution-unclosed", "17"),
        ("iwr -Uri", "curl-value-missing", None),
        ("iwr -UseBasicParsing", "curl-no-url", None),
        ("iwr $url", "curl-url-variable", None),
        ("fetch(url)", "curl-url-variable", None),
        ("iwr https://e.com -Method $m", "curl-method-variable", None),
        ("iwr https://e.com -Method hunter", "curl-method", None),
        ('fetch("https://e.com", {method: m})', "curl-method-variable", None),
        ('curl "https://%HOST%/x"', "curl-url-variable", None),
        ("C:\\>curl 'https://e.com'", "curl-cmd-single-quotes", None),
        ("C:\\>curl \u201chttps://e.com\u201d", "curl-curly-quotes", None),
        ("$headers = @{}", "curl-no-curl", None),
        ("Invoke-Expression 'curl https://e.com'", "curl-no-curl", None),
        ("wget --header 'A: b' https://e.com", "curl-other-program", None),
        ("$ https GET e.com A:b", "curl-other-program", None),
        ("\x00c\x00u\x00r\x00l", "curl-nul", None),
    ],
)
def test_bad_command(text: str, key: str, position: str | None) -> None:
    with pytest.raises(BadInput) as caught:
        read_command(text)
    assert (caught.value.key, caught.value.params.get("position")) == (key, position)


@pytest.mark.parametrize("entry", [entry for _, entry in COMMANDS])
def test_a_command_that_is_cut_off(entry: dict[str, Any]) -> None:
    """Wherever it is cut: a call or a sentence, and no secret in it."""
    text = entry["text"].replace("abc", "Zk39dLq0PvXw71bT")
    said = [problem(text[:end]) for end in range(1, len(text), 11)]
    assert "Zk39dLq0" not in repr(said)


def problem(text: str) -> tuple[str, dict[str, str]] | None:
    """Return why a command cannot be read."""
    try:
        read_command(text)
    except BadInput as bad:
        return bad.key, bad.params
    return None


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        ("curl ", '`"'),
        ("curl ", '\\"'),
        ("curl ", "'"),
        ("curl.exe 'https://e.com' `\n", "-H "),
        ("curl.exe 'https://e.com' `\n", "<# "),
        ("curl.exe 'https://e.com' `\n", "("),
        ("iwr https://e.com -Headers @{a=1} ", "@'\n"),
        ("iwr https://e.com -Headers @{a=1} ", "$a.b"),
        ('curl "https://e.com" ^\n', "%A%"),
        ('curl "https://e.com" ^\n', '\\"'),
        ('fetch("https://e.com", {"a": ', "["),
        ('fetch("https://e.com", {"a": ', '\\"'),
        ("$a=1\n", "$a=1\n"),
        ("$a=1\n", "(iwr\n"),
        ("", "fetch( "),
    ],
)
def test_time_is_linear(start: str, unit: str) -> None:
    """Four times the text takes about four times as long: sixteen times would be hours for a mebibyte."""

    def seconds(length: int) -> float:
        text = (start + unit * (length // len(unit)))[:length]
        begun = time.process_time()
        problem(text)
        find_command(text)
        return time.process_time() - begun

    small = min(seconds(10_000) for _ in range(2))
    assert seconds(40_000) < 10 * small + 0.1
