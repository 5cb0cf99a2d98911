"""Commands as people paste them. Methods, URLs, headers and bodies were compared with curl 7.88 run by bash."""

import pytest

from cogwizard.intake.curl import read_curl
from cogwizard.intake.errors import BadInput
from cogwizard.model.call import Unexpanded

U = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = [("Content-Type", "application/json"), ("Accept", "application/json")]
Headers = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("command", "method", "url", "headers", "body"),
    [
        # the shape of the command
        (f"curl {U}", "GET", U, [], None),
        (f"  \n\ncurl {U}\n", "GET", U, [], None),
        (f"# my call\n# again\ncurl {U}", "GET", U, [], None),
        (f"$ curl {U}", "GET", U, [], None),
        (f"# curl {U}", "GET", U, [], None),
        (f"me@host:~/x$ curl {U}", "GET", U, [], None),
        (f"/usr/bin/curl {U}", "GET", U, [], None),
        (f"curl.exe {U}", "GET", U, [], None),
        (f"curl {U}\r\n", "GET", U, [], None),
        ("curl abc.example.com/x", "GET", "http://abc.example.com/x", [], None),
        (f"curl {U} https://other.example/", "GET", U, [], None),
        (f"curl --url {U}", "GET", U, [], None),
        (f"curl --url={U}", "GET", U, [], None),
        (f"curl -- {U}", "GET", U, [], None),
        (f"curl {U} --next -X POST -H 'A: b' https://other.example/", "GET", U, [], None),
        # where the command ends
        (f"curl {U} | jq .", "GET", U, [], None),
        (f"curl {U}|jq .", "GET", U, [], None),
        (f"curl {U}; curl -X POST {U}", "GET", U, [], None),
        (f"curl {U} && echo -H 'A: b'", "GET", U, [], None),
        (f"curl {U} || exit", "GET", U, [], None),
        (f"curl {U} &", "GET", U, [], None),
        (f"curl {U}\n-H 'A: b'", "GET", U, [], None),
        (f"curl {U} # -H 'A: b'", "GET", U, [], None),
        (f"curl {U} > out.json", "GET", U, [], None),
        (f"curl {U} >out.json 2>&1", "GET", U, [], None),
        (f"curl 2>/dev/null {U} -H 'A: b'", "GET", U, [("A", "b")], None),
        (f"curl {U} &>all -H 'A: b'", "GET", U, [("A", "b")], None),
        (f"curl {U} < in <<< 'x y' -H 'A: b'", "GET", U, [("A", "b")], None),
        (f"curl {U}?a=1&b=2", "GET", f"{U}?a=1", [], None),
        (f"curl {U}#part", "GET", f"{U}#part", [], None),
        # line continuations
        (f"curl \\\n  -X DELETE \\\n  '{U}'", "DELETE", U, [], None),
        (f"curl \\\r\n  -X DELETE \\\r\n  '{U}'\r\n", "DELETE", U, [], None),
        (f"curl -X DELETE \\  \n{U}", "DELETE", U, [], None),
        (f"$ curl {U} \\\n> -H 'A: b'", "GET", U, [("A", "b")], None),
        (f"curl {U[:30]}\\\n{U[30:]}", "GET", U, [], None),
        (f"curl {U} \\", "GET", U, [], None),
        # quoting
        (f"curl '{U}' -H 'A: it'\\''s'", "GET", U, [("A", "it's")], None),
        (f'curl "{U}" -H "A: b\\"c\\$d\\\\e\\`f\\g"', "GET", U, [("A", 'b"c$d\\e`f\\g')], None),
        (f"curl {U} -H A:\\ b\\ c", "GET", U, [("A", "b c")], None),
        (f"curl {U} -H \"A: 1\"'2'\"3\"", "GET", U, [("A", "123")], None),
        (f'curl {U} -H "A: \\\nB"', "GET", U, [("A", "B")], None),
        (f'curl {U} -H "A: \\\r\nB"', "GET", U, [("A", "B")], None),
        (f"curl {U} -H \"A: it's\"", "GET", U, [("A", "it's")], None),
        (f'curl {U} -H \'A: "q"\'', "GET", U, [("A", '"q"')], None),
        (f"curl {U} -H $'A: x\\u0021\\x41\\101\\'q\\ty\\\\'", "GET", U, [("A", "x!AA'q\ty\\")], None),
        (f"curl {U} -H $'A: \\xe3\\x81\\x82\\u3042\\U1F600\\q'", "GET", U, [("A", "ああ😀\\q")], None),
        (f'curl {U} -H $"A: b"', "GET", U, [("A", "b")], None),
        (f'curl {U} -H "A: 5$ and $"', "GET", U, [("A", "5$ and $")], None),
        (f"curl {U} -o ''", "GET", U, [], None),
        (f"curl {U} -H 'A: one\ntwo'", "GET", U, [("A", "one\ntwo")], None),
        (f'curl {U} -H "A: one\r\ntwo"', "GET", U, [("A", "one\r\ntwo")], None),
        # headers
        (f"curl {U} -H 'Authorization: Bearer t'", "GET", U, [("Authorization", "Bearer t")], None),
        (f"curl {U} --header 'Authorization: t'", "GET", U, [("Authorization", "t")], None),
        (f"curl {U} --header='Authorization: t'", "GET", U, [("Authorization", "t")], None),
        (f"curl {U} -HAuthorization:t", "GET", U, [("Authorization", "t")], None),
        (f"curl {U} -H 'Authorization:t:u'", "GET", U, [("Authorization", "t:u")], None),
        (f"curl {U} -H 'A:   spaced '", "GET", U, [("A", "  spaced ")], None),
        (f"curl {U} -H 'A: 1' -H 'a: 2'", "GET", U, [("A", "1"), ("a", "2")], None),
        (f"curl {U} -H 'X-Empty;' -H 'X-None:' -H 'X-Blank:  '", "GET", U, [("X-Empty", "")], None),
        (f"curl {U} -u user:pa:ss", "GET", U, [("Authorization", "Basic dXNlcjpwYTpzcw==")], None),
        (f"curl {U} --user user", "GET", U, [("Authorization", "Basic dXNlcjo=")], None),
        (f"curl {U} -u a:b -H 'authorization: t'", "GET", U, [("authorization", "t")], None),
        (f"curl {U} -u a:b -H 'Authorization:'", "GET", U, [], None),
        (f"curl {U} --digest -u a:b", "GET", U, [], None),
        (f"curl {U} --oauth2-bearer t", "GET", U, [("Authorization", "Bearer t")], None),
        (f"curl {U} -u a:b --oauth2-bearer t", "GET", U, [("Authorization", "Bearer t")], None),
        (f"curl {U} --aws-sigv4 aws:amz:eu-west-1:execute-api -u k:s", "GET", U,
         [("Authorization", "AWS4-HMAC-SHA256")], None),
        ("curl https://u:p%40@e.com/", "GET", "https://u:p%40@e.com/", [("Authorization", "Basic dTpwQA==")], None),
        (f"curl {U} -b a=1 -b 'b=2; c=3'", "GET", U, [("Cookie", "a=1;b=2; c=3")], None),
        (f"curl {U} -b cookies.txt -c jar", "GET", U, [], None),
        (f"curl {U} -b a=1 -H 'Cookie: z=9'", "GET", U, [("Cookie", "z=9")], None),
        (f"curl {U} -A me -e 'http://r/;auto'", "GET", U, [("User-Agent", "me"), ("Referer", "http://r/")], None),
        (f"curl {U} -A ''", "GET", U, [], None),
        # methods
        (f"curl -X POST {U}", "POST", U, [], None),
        (f"curl -XPOST {U}", "POST", U, [], None),
        (f"curl -sSXPOST {U}", "POST", U, [], None),
        (f"curl --request PUT {U}", "PUT", U, [], None),
        (f"curl -X get {U}", "get", U, [], None),
        (f"curl -X '' {U}", "GET", U, [], None),
        (f"curl -I {U}", "HEAD", U, [], None),
        (f"curl --head {U}", "HEAD", U, [], None),
        (f"curl -I -X GET {U}", "GET", U, [], None),
        (f"curl -T file {U}", "PUT", U, [], None),
        (f"curl -F a=b {U}", "POST", U, [("Content-Type", "multipart/form-data")], None),
        # data
        (f"curl {U} -d a=1 -d b=2", "POST", U, [FORM], b"a=1&b=2"),
        (f"curl {U} -da=1 -XPUT", "PUT", U, [FORM], b"a=1"),
        (f"curl {U} -d ''", "POST", U, [FORM], b""),
        (f"curl {U} -H 'Content-Type: application/json' -d '{{\"a\": 1}}'", "POST", U,
         [("Content-Type", "application/json")], b'{"a": 1}'),
        (f"curl {U} -H 'content-type:' -d x", "POST", U, [], b"x"),
        (f"curl {U} --data-raw @x", "POST", U, [FORM], b"@x"),
        (f"curl {U} --data-raw $'it\\'s \\u3042\\xff'", "POST", U, [FORM], b"it's \xe3\x81\x82\xff"),
        (f"curl {U} --data-binary 'a\nb'", "POST", U, [FORM], b"a\nb"),
        (f"curl {U} -d @body.json", "POST", U, [FORM], None),
        (f"curl {U} --data-urlencode 'q=a b&c' --data-urlencode '=x y' --data-urlencode 'é'", "POST", U, [FORM],
         b"q=a+b%26c&x+y&%C3%A9"),
        (f"curl {U} --data-urlencode q@file", "POST", U, [FORM], None),
        (f"curl {U} --json '{{\"a\"' --json ':1}}'", "POST", U, JSON, b'{"a":1}'),
        (f"curl -G {U} -d a=1 --data-urlencode 'b=x y'", "GET", f"{U}?a=1&b=x+y", [], None),
        (f"curl --get '{U}?z=1#f' -d a=1", "GET", f"{U}?z=1&a=1#f", [], None),
        (f"curl --url-query 'a=b c' --url-query +d=e {U}", "GET", f"{U}?a=b+c&d=e", [], None),
        # options whose value is no URL
        (f"curl -o out.json -w '%{{http_code}}' -m 5 --connect-timeout 3 {U}", "GET", U, [], None),
        (f"curl -sSLkv --compressed --http1.1 --retry 3 -D - -x http://proxy:1 {U}", "GET", U, [], None),
        (f"curl --resolve e.com:443:1.2.3.4 --cacert ca.pem --cert c.pem --key k.pem {U}", "GET", U, [], None),
        (f"curl --max-t 5 {U}", "GET", U, [], None),
        # a browser's "Copy as cURL (bash)"
        (
            f"curl '{U}?a=1&b=2' \\\n  -H 'accept: application/json' \\\n  -H 'authorization: Bearer t' \\\n"
            f"  -H 'origin: https://app.example' \\\n  --data-raw $'{{\"a\":\"\\u0021\"}}' \\\n  --compressed",
            "POST", f"{U}?a=1&b=2",
            [FORM, ("accept", "application/json"), ("authorization", "Bearer t"), ("origin", "https://app.example")],
            b'{"a":"!"}',
        ),
        (f"curl '{U}' -X 'OPTIONS' -H 'access-control-request-method: GET'", "OPTIONS", U,
         [("access-control-request-method", "GET")], None),
        # Postman's code view
        (f"curl --location --request POST '{U}' \\\n--header 'Authorization: {{{{token}}}}' \\\n--data '{{}}'", "POST",
         U,
         [FORM, ("Authorization", "{{token}}")], b"{}"),
    ],
)  # fmt: skip
def test_command(command: str, method: str, url: str, headers: Headers, body: bytes | None) -> None:
    call, ignored = read_curl(command)
    assert (call.method, call.url, list(call.headers), call.body) == (method, url, headers, body)
    assert call.unexpanded == ()
    assert ignored == ()


@pytest.mark.parametrize(
    ("command", "headers", "unexpanded"),
    [
        (f'curl {U} -H "Authorization: Bearer $TOKEN"', [("Authorization", "Bearer $TOKEN")],
         [("Authorization", "$TOKEN")]),
        (f"curl {U} -H Authorization:$TOKEN", [("Authorization", "$TOKEN")], [("Authorization", "$TOKEN")]),
        (f'curl {U} -H "Authorization: ${{TOKEN:-none}}"', [("Authorization", "${TOKEN:-none}")],
         [("Authorization", "${TOKEN}")]),
        (f'curl {U} -H "A: $(jq -r ".x)" t.json)"', [("A", '$(jq -r ".x)" t.json)')], [("A", "$(...)")]),
        (f'curl {U} -H "A: `cat t`"', [("A", "`cat t`")], [("A", "`...`")]),
        (f'curl {U} -H "A: $1$2"', [("A", "$1$2")], [("A", "$1"), ("A", "$2")]),
        (f"curl {U} -H 'A: $TOKEN'", [("A", "$TOKEN")], []),
        (f'curl {U} -H "A: \\$TOKEN"', [("A", "$TOKEN")], []),
        (f"curl {U} -H A:\\$TOKEN", [("A", "$TOKEN")], []),
        (f"curl {U} -H 'A: `x` $(y)'", [("A", "`x` $(y)")], []),
        (f"curl {U} -H \"A: \"'$X'\"$Y\"", [("A", "$X$Y")], [("A", "$Y")]),
        (f'curl {U} -H "$HEADER"', [], [("", "$HEADER")]),
        (f'curl {U} -H "$NAME: v"', [], [("", "$NAME")]),
        (f"curl {U} -H @headers.txt", [], [("", "@headers.txt")]),
        (f'curl {U} --oauth2-bearer "$T"', [("Authorization", "Bearer $T")], [("Authorization", "$T")]),
        (f'curl {U} -u "$U:$P"', [("Authorization", "Basic $U:$P")], [("Authorization", "$U"), ("Authorization",
         "$P")]),
        (f'curl {U} -b "s=$S" -A "$A"', [("User-Agent", "$A"), ("Cookie", "s=$S")], [("User-Agent", "$A"), ("Cookie",
         "$S")]),
        (f"curl {U} --variable t@f --expand-header 'A: {{{{t}}}}'", [("A", "{{t}}")], [("A", "{{...}}")]),
        (f'curl "-HA: $X" {U}', [("A", "$X")], [("A", "$X")]),
    ],
)  # fmt: skip
def test_what_the_shell_would_have_filled_in(command: str, headers: Headers, unexpanded: list[tuple[str, str]]) -> None:
    call, _ = read_curl(command)
    assert list(call.headers) == headers
    assert call.unexpanded == tuple(Unexpanded(name, what) for name, what in unexpanded)


def test_a_password_inside_a_command_substitution_is_not_named() -> None:
    call, _ = read_curl(f'curl {U} -H "A: $(aws cognito-idp initiate-auth PASSWORD=hunter2)"')
    assert "hunter2" not in repr(call)


def test_a_body_that_was_not_given_is_none() -> None:
    assert read_curl(f'curl {U} -d "$BODY"')[0].body is None


@pytest.mark.parametrize(
    ("command", "ignored"),
    [
        (f"curl --no-such --no-such -? {U}", ("--no-such", "-?")),
        (f"curl --password=hunter2 {U}", ("--password",)),
        (f"curl -H 'Authorization eyJ' {U}", ("-H",)),
        (f"curl -H 'Content-Type=text/plain' {U}", ("-H",)),
        (f"curl -H ':authority: x' {U}", ("-H",)),
        (f"curl --Zk39dLq0PvXw71bTnYe4UoRs {U}", ("--...",)),
        (f"curl -H '' {U}", ("-H",)),
        (f"curl --no-progress-meter --no-silent {U}", ()),
    ],
)
def test_ignored_options(command: str, ignored: tuple[str, ...]) -> None:
    call, found = read_curl(command)
    assert found == ignored
    assert call.url == U
    assert call.headers == ()


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("", "curl-empty"),
        (" \n ", "curl-empty"),
        ("wget https://e.com", "curl-other-program"),
        ("$ http https://e.com", "curl-other-program"),
        ("curl 'https://e.com\0'", "curl-nul"),
        ("curling https://e.com", "curl-no-curl"),
        ("it's curl https://e.com", "curl-no-curl"),
        ("curl", "curl-no-url"),
        ("curl -X POST", "curl-no-url"),
        ("curl ''", "curl-no-url"),
        ("curl | jq https://e.com", "curl-no-url"),
        ("curl https://e.com -H", "curl-value-missing"),
        ("curl https://e.com -sSX", "curl-value-missing"),
        ("curl https://e.com -H 'A: b", "curl-quote-unclosed"),
        ('curl https://e.com -H "A: b', "curl-quote-unclosed"),
        ("curl https://e.com -H $'A: b\\'", "curl-quote-unclosed"),
        ("curl https://e.com -H `A", "curl-quote-unclosed"),
        ('curl https://e.com -H "A: $(x"', "curl-substitution-unclosed"),
        ("curl https://e.com -H ${A", "curl-substitution-unclosed"),
        ('curl "https://$API.e.com/"', "curl-url-variable"),
        ("curl $URL", "curl-url-variable"),
        ('curl "$(terraform output url)/x"', "curl-url-variable"),
        ('curl -G https://e.com -d "q=$Q"', "curl-url-variable"),
        ("curl -G https://e.com -d @file", "curl-url-variable"),
        ('curl --url-query "q=$Q" https://e.com', "curl-url-variable"),
        ('curl -X "$METHOD" https://e.com', "curl-method-variable"),
        ("curl -X 'GET ' https://e.com", "curl-method"),
        ("curl -X 'Authorization: t' https://e.com", "curl-method"),
        ("curl -X Zk39dLq0PvXw71bTnYe4UoRs https://e.com", "curl-method"),
        ("curl -X hunter https://e.com", "curl-method"),
        ('curl https://e.com \\\n  -H ^"A: b^"', "curl-mixed-quoting"),
        ("curl https://e.com \\\n  -H A:b `\n  -H 'A: b'", "curl-mixed-quoting"),
        ("curl https://e.com ^\r\n  -H 'A: b'", "curl-cmd-single-quotes"),
        ("curl \u201chttps://e.com\u201d", "curl-curly-quotes"),
        ("curl https://e.com " + " " * (1 << 20), "curl-too-long"),
    ],
)
def test_bad_command(command: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_curl(command)
    assert caught.value.key == key


def test_the_place_of_an_unclosed_quote_is_counted_from_the_beginning() -> None:
    with pytest.raises(BadInput) as caught:
        read_curl("$ curl https://e.com -H 'secret")
    assert caught.value.params == {"quote": "'", "position": "25"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("@headers.txt", "@headers.txt"),
        ("@-", "@-"),
        ("@~/a/my headers", "@~/a/my headers"),
        ("@Zk39dLq0PvXw71bTnYe4UoRs", "@..."),
        ("@k3y9-0Paqu3", "@..."),
    ],
)
def test_a_file_of_headers_is_named_when_it_looks_like_one(written: str, told: str) -> None:
    """What else stands behind `@` could be a secret."""
    assert read_curl(f"curl {U} -H '{written}'")[0].unexpanded[0].expression == told
