"""The forms beside Postman's, read back: by our own reader of curl commands, and by the rules of each format."""

import json
import re
import shlex
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogwizard.intake.curl import read_curl
from cogwizard.model.postman import Needs
from cogwizard.postman.write import FORMS, Export, Form, files

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders?limit=1"
BLOCK = {"grant_type": "authorization_code", "clientId": "4abc", "scope": "openid", "redirect_uri": "myapp://cb"}
PLAIN = Export("orders", "GET", URL, block=BLOCK, needs=Needs("id-token", header="Authorization"))
HOSTILE = Export(
    "@import x\n'''}} {{a}}\u202e",
    "POST",
    "https://api.example.org/it's/:id/{id}?$filter=`id`".replace("`", "%60"),
    (
        ("X-Odd", '\'"$HOME" `id` \\ {x}'),
        ("X-Empty", ""),
        ("X-Braces", "{{a}}"),
        ("Bad Name", "x"),
        ("X-Line", "a\nb"),
        ("Content-Type", "application/json"),
    ),
    '{"a": "\'$HOME {{a}}",\n"### b": ["}"]}',
    needs=Needs("access-token", header="X-Token"),
)


def text(export: Export, form: Form, suffix: str = "") -> str:
    """Return the one file of a form whose name ends so."""
    (found,) = (made for name, made in files(export, (form,)).items() if name.endswith(suffix))
    return found


def code(made: str) -> str:
    """Return a file without the comments that it begins with."""
    return re.sub(r"\A(?:#[^\n]*\n)+", "", made)


def words_of(made: str) -> list[str]:
    """Return the words of the command in a file."""
    command = code(made)
    assert command.count(" \\\n  ") >= 1
    return shlex.split(command.replace(" \\\n  ", " "))


def test_names() -> None:
    assert sorted(files(PLAIN, FORMS)) == [
        "bruno.json",
        "orders-oauth2.bru",
        "orders.bru",
        "orders.curl.sh",
        "orders.http",
        "orders.httpie.sh",
        "orders.posting.yaml",
        "orders.postman_collection.json",
        "orders.postman_environment.json",
    ]


@pytest.mark.parametrize(
    ("changes", "begin"),
    [
        ({}, "curl -sS -i --globoff --path-as-is \\\n  -H"),
        ({"method": "HEAD"}, "curl -sS -i --globoff --path-as-is \\\n  --head \\\n"),
        ({"method": "DELETE"}, "curl -sS -i --globoff --path-as-is \\\n  -X DELETE \\\n"),
        ({"body": "{}"}, "curl -sS -i --globoff --path-as-is \\\n  -X GET \\\n"),
    ],
)
def test_curl_methods(changes: dict[str, str], begin: str) -> None:
    made = text(replace(PLAIN, **changes), "curl")  # type: ignore[arg-type]
    assert code(made).startswith(begin)
    assert '  -H "Authorization: Bearer $ID_TOKEN" \\\n' in made


def test_curl_is_read_back() -> None:
    call, ignored = read_curl(text(HOSTILE, "curl"))
    assert ignored == ()
    assert (call.method, call.url) == ("POST", "https://api.example.org/it's/:id/%7Bid%7D?$filter=%60id%60")
    assert call.body == HOSTILE.body.encode() if HOSTILE.body else None
    assert dict(call.headers) == {
        "X-Token": "$ACCESS_TOKEN",
        "X-Odd": '\'"$HOME" `id` \\ {x}',
        "X-Empty": "",
        "X-Braces": "{{a}}",
        "Content-Type": "application/json",
    }
    assert [item.expression for item in call.unexpanded] == ["$ACCESS_TOKEN"]


@settings(max_examples=50)
@given(st.text(), st.text(st.characters(min_codepoint=32, max_codepoint=126)), st.text(min_size=1))
def test_shells_see_only_what_was_meant(name: str, value: str, body: str) -> None:
    """One command, whose only expansion is the token's, whatever the values are."""
    body = body.encode("utf-8", "replace").decode()
    export = replace(PLAIN, name=name, method="POST", headers=(("X-A", value),), body=body)
    call, _ = read_curl(text(export, "curl"))
    assert [item.expression for item in call.unexpanded] == ["$ID_TOKEN"]
    words = words_of(text(export, "httpie"))
    assert words[:7] == ["http", "--ignore-stdin", "--ignore-netrc", "--check-status", "--path-as-is", "POST", URL]
    assert words[7] == "Authorization:Bearer $ID_TOKEN"
    assert all(re.match(r"X-A[:;]|Content-Type:|--raw=", word) for word in words[8:])


def test_httpie_items() -> None:
    headers = (("A", "=x"), ("B", "@/etc/passwd"), ("C", "a\\:b"), ("D", ""), ("E", "\\a=b"), ("F", ":x"))
    made = text(replace(PLAIN, headers=headers), "httpie")
    assert words_of(made)[8:] == ["A:\\=x", "B:\\@/etc/passwd", "D;", "E:\\a=b", "F::x"]
    assert "The header C was left out" in made


def test_http() -> None:
    made = text(HOSTILE, "http")
    assert code(made).strip() == "\n".join(
        [
            "@ACCESS_TOKEN = {{$processEnv ACCESS_TOKEN}}",
            "",
            "### POST",
            "POST https://api.example.org/it's/:id/%7Bid%7D?$filter=%60id%60",
            "X-Token: {{ACCESS_TOKEN}}",
            'X-Odd: \'"$HOME" `id` \\ {x}',
            "Content-Type: application/json",
            "",
            '{"a": "\'$HOME \\u007b{a}}", "### b": ["}"]}',
        ]
    )
    assert not re.search(r"^# *@", made, re.MULTILINE)


@pytest.mark.parametrize(
    "body", ["< ./secret", "query { a }", "gql=1", "> {% client.exit() %}", "a\n### b", "a=\u2028### b", "[1]"]
)
def test_http_leaves_a_body_out_that_would_act(body: str) -> None:
    made = text(replace(PLAIN, method="POST", body=body), "http")
    assert body not in made
    assert "# The body was left out" in made


def test_bruno() -> None:
    made = text(HOSTILE, "bruno", ".bru")
    assert "  X-Braces" not in made
    assert "auth:apikey {\n  key: X-Token\n  value: {{process.env.ACCESS_TOKEN}}\n  placement: header\n}\n" in made
    assert 'body:json {\n  {"a": "\'$HOME \\u007b{a}}",\n  "### b": ["}"]}\n}\n' in made
    assert "  url: https://api.example.org/it's/%3Aid/%7Bid%7D?$filter=%60id%60\n" in made
    # Only blocks begin at the start of a line, and each is closed.
    starts = [line for line in made.split("\n") if line and not line.startswith(" ")]
    assert starts == [
        "meta {", "}", "post {", "}", "headers {", "}", "auth:apikey {", "}", "assert {", "}", "body:json {", "}",
        "docs {", "}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected", "absent"),
    [
        ({"grant_type": "authorization_code_with_pkce"}, ["pkce: true", "token_source: id_token"], "token_query"),
        ({"grant_type": "authorization_code"}, ["pkce: false", "callback_url: myapp://cb"], "password"),
        ({"grant_type": "implicit"}, ["grant_type: implicit", "token_source: id_token"], "client_secret"),
        ({"grant_type": "client_credentials"}, ["token_source: access_token", "auto_refresh_token: false"], "callback"),
        ({"scope": "{{a}}", "clientId": "a\nb"}, ["scope:\n", "client_id:\n"], "{{a}}"),
    ],
)
def test_brunos_oauth(changes: dict[str, str], expected: list[str], absent: str) -> None:
    made = text(replace(PLAIN, block={**BLOCK, **changes}, needs=Needs()), "bruno", "-oauth2.bru")
    block = made[made.index("auth:oauth2") :]
    assert all(line in block for line in expected)
    assert absent not in block


def test_posting() -> None:
    made = text(HOSTILE, "posting")
    assert 'url: "https://api.example.org/it\'s/%3Aid/%7Bid%7D?%24filter=%60id%60"' in made
    assert '    value: "\'\\"$$HOME\\" `id` \\\\ {x}"' in made
    assert '  - name: "X-Token"\n    value: "$ACCESS_TOKEN"' in made
    assert "auth:" not in made
    (content,) = re.findall(r"  content: (.*)", made)
    assert json.loads(content) == (HOSTILE.body or "").replace("$", "$$")
    assert 'bearer_token:\n    token: "$ID_TOKEN"\n' in text(PLAIN, "posting")
    assert "\\U0000202e" in text(replace(PLAIN, method="POST", body="a\u202eb"), "posting")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_acts_on_whoever_looks(form: Form) -> None:
    """A file on a terminal: no control or direction mark of a name, a header or an address."""
    export = replace(HOSTILE, name="\x1b[31m\u202e\u2028x", body=None)
    for made in files(export, (form,)).values():
        assert re.sub(r"[\n -~]", "", made) == ""
