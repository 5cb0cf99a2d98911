"""Any text into every reader: a value or BadInput with a sentence in both languages, nothing else."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cogwizard.intake
from cogwizard.intake.curl import read_curl
from cogwizard.intake.errors import BadInput
from cogwizard.intake.errortext import read_error
from cogwizard.intake.response import read_response
from cogwizard.intake.url import read_url, redact_url
from cogwizard.model.code import CODES

PACKAGE = Path(cogwizard.intake.__file__).parent
TEXTS = {
    language: tomllib.loads((PACKAGE.parent / "text" / language / "intake.toml").read_text("utf-8"))
    for language in ("en", "ja")
}
anything = settings(derandomize=True, deadline=None, max_examples=300)
TEXT = st.text(st.characters(), max_size=200)  # lone surrogates included
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["'", '"', "\\", "\n", "\r\n", "$", "$(", "${", ")", "}", "`", "$'", " ", "-H", "-d", "--json", "-G", "-u",
            "-b",
             "--next", "@f", "=", ":", ";", "|", "&", ">", "<", "#", "https://e.com/", "-X", "\\u3042", "\\xff",
             "\ud800",
             "--data-urlencode", "--url-query", "--expand-header", "{{", "^", "\u201c", "-sH", "[", "]", "%", "@", "//",
             "^\"", "`\n", "^\n", "@{", "@'\n", "\n'@", "%A%", "$env:A", "(", "{", ",", "+", "-Headers ",
             "-Body:", "--% ", "[char]65", "$a=", "$a.Add(", "iwr ", "headers", "<#", "/*", "${", "`"]
        ),
        st.text(max_size=5),
    ),
    max_size=20,
).map("".join)  # fmt: skip
STARTS = ("", "curl https://e.com/ ", "C:\\>curl https://e.com/ ", "PS> curl.exe https://e.com/ ",
          "iwr https://e.com/ ", 'fetch("https://e.com/", {', "$a=1\niwr https://e.com/ ")  # fmt: skip
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["HTTP/1.1 401 Unauthorized", "HTTP/2 401", "< HTTP/2 401", "< ", "* x", "> x", "Date: x", " folded", "",
             "date: Thu, 01 Jan 99999 00:00:00 GMT", '{"message":"Unauthorized"}', "a:b", "{", "error=invalid_grant",
             "An error occurred (X) when calling the Y operation: Z", "x-amzn-ErrorType: A", "__type"]
        ),
        st.text(max_size=20),
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


def sentence_of(caught: BadInput) -> None:
    for language in TEXTS.values():
        language["messages"][caught.key].format(**caught.params)
    for value in caught.params.values():
        assert len(value) <= 80
        assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in value)


@anything
@given(st.one_of(TEXT, PIECES, PIECES.map("https://".__add__)))
@example("https://[")
@example("https://e.com:\u0661")
def test_any_url(text: str) -> None:
    try:
        target = read_url(text)
    except BadInput as caught:
        sentence_of(caught)
    else:
        assert target.path.startswith("/")
        assert target.host


@anything
@given(st.one_of(TEXT, PIECES, PIECES.map("https://u:p@".__add__)))
def test_any_url_shown(text: str) -> None:
    shown = redact_url(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in shown)


@anything
@given(
    st.one_of(
        TEXT,
        TEXT.map("curl ".__add__),
        st.tuples(st.sampled_from(STARTS), PIECES).map("".join),
    )
)
@example("curl https://e.com -d $'\\ud83d\ud800' -G")
@example("curl https://e.com -d $'\\xff' -G")
def test_any_command(text: str) -> None:
    try:
        call, ignored = read_curl(text)
    except BadInput as caught:
        sentence_of(caught)
    else:
        assert call.method
        assert "://" in call.url
        assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for option in ignored for char in option)


@anything
@given(st.one_of(TEXT, LINES, LINES.map("HTTP/1.1 401 Unauthorized\r\n".__add__)))
def test_any_response(text: str) -> None:
    try:
        answer = read_response(text)
    except BadInput as caught:
        sentence_of(caught)
    else:
        assert 200 <= answer.status <= 999


@anything
@given(st.one_of(TEXT, LINES, PIECES))
def test_any_error_text(text: str) -> None:
    reading = read_error(text)
    assert set(reading.codes) <= set(CODES)
    assert reading.read_as in TEXTS["en"]["read_as"]


@pytest.mark.parametrize(
    "hostile",
    [
        piece * 50_000
        for piece in (
            "$(",
            "'\"",
            "eyJ",
            "token",
            "message='",
            "a-b",
            "a.",
            "User: ",
            "\\\n",
            "\\",
            "<",
            "{",
            "\r",
            "HTTP/2 ",
        )
    ],
)
def test_long_hostile_text_is_refused(hostile: str) -> None:
    redact_url(f"https://e.com/{hostile}?{hostile}")
    read_error(hostile)
    with pytest.raises(BadInput):
        read_url(hostile)
    for reader in (read_curl, read_response):
        with pytest.raises(BadInput):
            reader(f"curl https://e.com {hostile}'" if reader is read_curl else hostile)


def test_languages_say_the_same() -> None:
    english, japanese = TEXTS["en"], TEXTS["ja"]
    assert list(english) == list(japanese) == ["messages", "read_as"]
    for group in english:
        assert list(english[group]) == list(japanese[group])
        for key, text in english[group].items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", japanese[group][key])), key


def test_no_character_is_of_ambiguous_width() -> None:
    for language in TEXTS.values():
        for group in language.values():
            for key, text in group.items():
                assert not [char for char in text if unicodedata.east_asian_width(char) == "A"], key


def test_every_key_has_its_sentence_and_every_sentence_its_key() -> None:
    files = [*PACKAGE.glob("*.py"), PACKAGE.parent / "signin" / "redirect.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    found = set(re.findall(r'BadInput\(\s*"([a-z-]+)"', source))
    readers = "".join(path.read_text("utf-8") for path in (PACKAGE.parent / "postman").glob("*.py"))
    found |= set(re.findall(r'BadInput\(\s*"([a-z-]+)"', readers)) | set(re.findall(r'"(postman-[a-z0-9-]+)"', readers))
    team = (PACKAGE / "team.py").read_text("utf-8")
    fields = re.findall(
        r'^\s+"([a-z_]+)": re\.compile', (PACKAGE.parent / "model" / "team.py").read_text("utf-8"), re.M
    )
    found |= set(re.findall(r'"(team-[a-z0-9-]+)"', team)) | {f"team-bad-{name.replace('_', '-')}" for name in fields}
    # What a collection and an environment have in common is told of each.
    prefixes = ("postman", "postman-env")
    found |= {f"{prefix}-{rest}" for prefix in prefixes for rest in re.findall(r'prefix\}-([a-z-]+)"', readers)}
    saved = "".join(path.read_text("utf-8") for path in (PACKAGE.parent / "saved").glob("*.py"))
    found |= set(re.findall(r'"(case-[a-z0-9-]+)"', saved))
    assert found - {"postman-env"} == set(TEXTS["en"]["messages"])
