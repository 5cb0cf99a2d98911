"""Masking: nothing secret is left, nothing else is touched, and the way back is exact."""

import base64
import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cogwizard.intake.mask import mask, reveal


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(use: str, signature: str = "Ab9_x" * 68 + "ab") -> str:
    """Return an unsigned string of a token's form; `use` is its `token_use`."""
    return f"{_part({'alg': 'RS256', 'kid': 'k1'})}.{_part({'token_use': use, 'sub': 'canary'})}.{signature}"


ID, ACCESS = token("id"), token("access")
OPAQUE = "c4nary-S3cret_4711.xyz"
URL = "https://a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders"
# Where secrets stand: a token, or an opaque string.
PLACES = (
    "curl '<url>' -H 'Authorization: Bearer <secret>'",
    "curl <url> -H \"Authorization: <secret>\" -X POST",
    "curl <url> -H $'x-api-key: <secret>'",
    "curl <url> -H x-api-key:<secret>",
    "curl <url> -sH 'X-Own: <secret>' --compressed",
    "curl <url> -H'X-Own: it'\\''s <secret>'",
    "curl <url> --header='X-Own: <secret>'",
    "curl -b 'session=<secret>' <url>",
    "curl -u 'user:<secret>' <url>",
    "curl -uuser:<secret> <url>",
    "curl --oauth2-bearer <secret> <url>",
    "curl --oauth2 <secret> <url>",
    "curl -d 'a=<secret>&b=c' <url>",
    "curl --data-raw $'{\"a\":\"it\\'s <secret>\"}' <url>",
    "curl --json '{\"name\": \"a b\", \"deep\": [\"<secret>\"]}' <url>",
    "curl -F 'note=<secret>' <url>",
    "curl <url> \\\n  -H 'accept: */*' \\\n  -H 'X-Own: <secret>'",
    "curl <url> -H 'X-Own: cut off <secret>",
    "curl ^\"<url>^\" ^\n  -H ^\"x-own: a <secret> b^\" ^\n  --data-raw ^\"{^\\^\"a^\\^\": ^\\^\"<secret>^\\^\"}^\"",
    "$ curl -i user:<secret>@example.com/x\nHTTP/1.1 401 Unauthorized\n\n",
    "GET /prod/orders HTTP/1.1\r\nHost: h\r\nX-Own: <secret>\r\n\r\n",
    "POST /prod/orders HTTP/1.1\nHost: h\n\nthe body <secret>\n\nHTTP/1.1 200 OK\n\n{}",
    "HTTP/2 401\ndate: x\nset-cookie: s=<secret>; Path=/\n\n",
    "> GET / HTTP/2\n> Host: h\n> x-own: <secret>\n>\n< HTTP/2 401\n< x-own: <secret>\n<",
    "HTTP/2 302\nlocation: https://h/cb#id_token=<secret>&state=a\n\n",
    "authorization: Bearer <secret>\naccept: */*",
    "https://user:<secret>@example.com/x",
    "https://user:pa/<secret>@example.com/x",
    "https://example.com/x?token=<secret>&page=2",
    "https://example.com/cb?code=<secret>",
    '{"id_token":"<secret>","expires_in":3600}',
    '{"access_token": "<secret>", "token_type": "Bearer"}',
    '{"refresh_token":"<secret>"}',
    '{\\"IdToken\\":\\"<secret>\\",\\"AccessToken\\":\\"<secret>\\"}',
    '{"AuthenticationResult": {"RefreshToken": "<secret>"}, "Session": "<secret>"}',
    '{"client_secret": "<secret>", "SecretHash": "<secret>", "password": "<secret>"}',
    '{"multiValueHeaders": {"Authorization": ["a", "<secret>"]}}',
    "fetch(u, { headers: { 'x-api-key': '<secret>' } })",
    "aws cognito-idp initiate-auth --auth-parameters USERNAME=u,PASSWORD=<secret>,SECRET_HASH=<secret>",
    "aws x --client-secret <secret> --y",
    "export AWS_SECRET_ACCESS_KEY=<secret>",
    "aws_session_token = <secret>",
    "grant_type=refresh_token&refresh_token=<secret>&client_id=abc",
    "'<secret>' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer <secret>'.",
    "<secret>",
    "'<secret>'",
    "curl \"<url>\" ^\n  -H \"X-Own: <secret>\" ^\n  -u \"user:<secret>\"",
    "curl ^\"<url>^\" ^\n  -b ^\"session=<secret>^\" ^\n  --oauth2-bearer ^\"<secret>^\"",
    "curl \"<url>\" -d \"{\\\"a\\\": \\\"b <secret>\\\"}\"",
    "curl \"<url>\" -d \"{\"\"a\"\": \"\"b <secret>\"\"}\"",
    "curl \"<url>\" ^\n  -H \"x-own: ^\\^\"a^\\^\";b=^\\^\"<secret>^\\^\"\" ^\n  --compressed",
    "C:\\Users\\a b>curl \"<url>\" -H \"X-Own: <secret>\"",
    "curl.exe '<url>' `\n  -H 'X-Own: it''s <secret>' `\n  -d 'a=<secret>'",
    "curl.exe \"<url>\" -H \"X-Own: a `\"b`\" <secret>\" -d \"{`\"a`\": `\"<secret>`\"}\"",
    "curl.exe '<url>' -d @'\n{\"a\": \"it's <secret>\"}\n'@",
    "curl.exe '<url>' -d @\"\n{\"a\": \"b\", \"c\": \"<secret>\"}\n\"@ -H 'X-Own: <secret>'",
    "PS C:\\> & \"C:\\a b\\curl.exe\" '<url>' -H 'X-Own: <secret>'",
    "Invoke-WebRequest -Uri '<url>' -Headers @{ 'X-Own' = 'it''s <secret>'; 'X-Two' = \"a `\"<secret>\" }",
    "iwr '<url>' -Headers @{ X = \"a\"; 'x-own' = 'b' + '<secret>' }",
    "iwr '<url>' -Headers:@{ 'x-own'='<secret>' } -Method Put -Body:'a <secret>'",
    "irm '<url>' -Body @{ note = '<secret>'; a = 'b <secret>' } -Method Post",
    "irm '<url>' -Head @{ 'x-own'='<secret>' }",
    "irm '<url>' -Authentication Bearer -Token (ConvertTo-SecureString '<secret>' -AsPlainText -Force)",
    "$headers = @{}\n$headers.Add('X-Own', '<secret>')\n$headers['X-Two'] = '<secret>'\n$headers.Three = '<secret>'\n"
    "irm '<url>' -Headers $headers",
    "$h = @{ 'x-own' = '<secret>' }\nirm '<url>' -Headers $h",
    "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
    "$session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"<secret>\", \"/\", \"h\")))\n"
    "Invoke-WebRequest -UseBasicParsing -Uri \"<url>\" `\n-WebSession $session `\n-Headers @{\n"
    "\"accept\"=\"*/*\"\n  \"x-own\"=\"a `\"<secret>`\"\"\n}",
    "$cookie = New-Object System.Net.Cookie\n$cookie.Name = 'sid'\n$cookie.Value = '<secret>'\niwr '<url>'",
    "$body = @\"\n{`\"a`\": `\"b <secret>`\"}\n\"@\nirm '<url>' -Body $body -Method Post",
    "irm '<url>' -Method Post -Body ([System.Text.Encoding]::UTF8.GetBytes(\"{`\"a`\":`\"<secret>`\"}\"))",
    "fetch(\"<url>\", {\n  \"headers\": {\n    \"accept\": \"*/*\",\n    \"x-own\": \"a \\\"<secret>\\\"\"\n  },\n"
    "  \"body\": \"{\\\"a\\\":\\\"<secret>\\\"}\",\n  \"method\": \"POST\"\n});",
    "fetch('<url>', { headers: { 'x-own': `a ${b} <secret>` }, body: `it's <secret>` })",
)  # fmt: skip


def filled(place: str, secret: str) -> str:
    """Return one of PLACES with a secret in it."""
    return place.replace("<url>", URL).replace("<secret>", secret)


@pytest.mark.parametrize("secret", [ID, ACCESS, ID[:90], OPAQUE], ids=["id", "access", "cut", "opaque"])
@pytest.mark.parametrize("place", PLACES)
def test_no_part_of_a_secret_is_left(place: str, secret: str) -> None:
    """Eight characters in a row of it would be a part."""
    text = filled(place, secret)
    masked = mask(text)
    assert not [part for at in range(len(secret) - 7) if (part := secret[at : at + 8]) in masked.shown], masked.shown
    assert reveal(masked.shown, masked.secrets) == text
    assert mask(masked.shown).shown == masked.shown


def test_a_curl_command_reads_as_before() -> None:
    """Only the secrets are replaced, each by what it is; options, names, harmless values and line breaks stay."""
    masked = mask(
        f"curl '{URL}' \\\n  -H 'Authorization: Bearer {ID}' \\\n"
        "  -H 'accept: */*' -u me:pw -b 'a=b' -H 'x-api-key: k3y'"
    )
    lines = masked.shown.split("\n")
    assert lines[0] == f"curl '{URL}' \\"
    assert lines[1].startswith("  -H 'Authorization: Bearer [ID token ")
    assert lines[1].endswith("]' \\")
    assert lines[2].startswith("  -H 'accept: */*' -u [password] -b '[cookie ")
    assert "-H 'x-api-key: [secret " in lines[2]


@pytest.mark.parametrize(
    "text",
    [
        '{"message":"Unauthorized"}',
        '{"message":"The incoming token has expired"}',
        "token: The incoming token has expired",
        "MissingAuthenticationTokenException",
        "invalid_grant",
        "scope-not-in-token",
        f"{URL}?page=2&sort=name",
        "a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com/prod/orders",
        "https://example.com:8443/x",
        "An error occurred (NotAuthorizedException) when calling the InitiateAuth operation: Invalid Refresh Token",
        "curl https://example.com -H \"Authorization: Bearer $TOKEN\" -H 'X-Own: undefined' -d @body.json",
        "HTTP/1.1 401 Unauthorized\nx-amzn-ErrorType: UnauthorizedException\nx-amzn-RequestId: 1-2\n\n{}",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text).shown == text


def test_a_wrapped_token_is_masked_whole_and_what_follows_is_not() -> None:
    """A terminal breaks a token at its width; the headers behind it are headers."""
    wrapped = "\n".join(ID[at : at + 80] for at in range(0, len(ID), 80))
    masked = mask(f"Authorization: {wrapped}\nHost: example.com")
    assert masked.shown.startswith("Authorization: [ID token ")
    assert masked.shown.endswith("]\nHost: example.com")
    assert masked.shown.count("\n") == 1


def test_the_fingerprint_is_the_one_of_the_reports() -> None:
    from cogwizard.model.token import read_token

    assert mask(ID).shown == f"[{read_token(ID).label.replace('id-token', 'ID token')}]"
    assert mask(ID.replace(".", "%2E")).shown == mask(ID).shown


def test_names_are_never_used_twice() -> None:
    """Neither for two passwords, nor for what the text itself holds, nor for what is known already."""
    masked = mask("curl -u a:b x; curl -u c:d y # [password 2]")
    assert masked.shown == "curl -u [password] x; curl -u [password 3] y # [password 2]"
    again = mask("curl -u e:f x", masked.secrets)
    assert again.shown == "curl -u [password 2] x"
    assert mask("curl -u a:b x", masked.secrets).shown == "curl -u [password] x"


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["curl ", "-H ", "-u ", "-d ", "'", '"', "\\", "^", "$'", "\n", "\r\n", " ", ":", "=", "@", "://", "?", "&",
             "#", "eyJabcdefgh", ".", "token", "password", '"id_token":', "Authorization: ", "Bearer ",
             "HTTP/1.1 401 X",
             "GET / HTTP/1.1", "x-own: ", "[", "]", "[password]", "[secret 12345678]", "[ID token 3f9ac210]", "{", "}",
             "AKIAABCDEFGHIJKLMNOP", "abcdefghijklmnopqrstuvwx1", "> ", "< ", ",", "`", "--json ", "%2E", "\u201c",
             "[password 2]", "--data-raw=", "cookie: ", "\ud800", "\u3042", "a", "1"]
        ),
        st.text(max_size=6),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(PIECES)
@example("curl -u [password]x")
def test_the_way_back_is_exact(text: str) -> None:
    masked = mask(text)
    assert reveal(masked.shown, masked.secrets) == text


@settings(max_examples=400)
@given(PIECES)
def test_masking_twice_is_masking_once(text: str) -> None:
    shown = mask(text).shown
    assert mask(shown).shown == shown


@given(PIECES, st.sampled_from(PLACES[:18]), PIECES)
def test_text_around_a_command_leaves_it_masked(before: str, place: str, after: str) -> None:
    """Whatever stands before and behind in other lines: no secret of a command comes through."""
    text = f"{before}\n{filled(place, OPAQUE)}\n{after}"
    assert OPAQUE not in mask(text).shown


@pytest.mark.parametrize(
    "unit",
    ["eyJabcdefgh ", "eyJabcdefgh.", "curl -H 'a: b' ", "curl '", "'", "\\", "token: ", 'token:"', "a=", "://", "@",
     " ",
     "https://u:p@h/ ", "HTTP/1.1 401 x\na: b\n\n", 'token:["a",', "password[", "curl \\\n", "curl ^\"", "a:b\n",
     "headers={a:b,", "curl <<E ", "set -a-", '"name":"a","value":"', "password is ", "a b\n", "://a@", "%3A%2F%2Fa%40",
     "-----BEGIN PRIVATE KEY-----", 'eyJabcdefgh" +\n"', "Aa1Bb2Cc3Dd4Ee5Ff6Gg7 ", "curl -H \"", "iwr @{a='",
     'irm a="`', "curl.exe a=''", "@'\niwr ", "iwr .Add('a',"],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    """Four times the text takes about four times as long: sixteen times would be a catastrophe."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        begun = time.process_time()
        mask(text)
        return time.process_time() - begun

    small = min(seconds(25_000) for _ in range(2))
    assert seconds(100_000) < 10 * small + 0.05


WORD, SHORT = "Zk39dLq0PvXw71bTnYe4UoRs", "hunter2-Xy9"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
# Forms that people, consoles and programs write secrets in: what must not be left of each.
FORMS = (
    (" ".join(ID[at : at + 60] for at in range(0, len(ID), 60)), ID),
    ("\u00a0".join(ID[at : at + 60] for at in range(0, len(ID), 60)), ID),
    ("\n\n".join(ID[at : at + 60] for at in range(0, len(ID), 60)), ID),
    ("| " + " |\n| ".join(ID[at : at + 70] for at in range(0, len(ID), 70)) + " |", ID),
    ("\n".join(f"{at} {ID[70 * at : 70 * at + 70]}" for at in range(len(ID) // 70 + 1)), ID),
    ("'" + "' +\n'".join(ID[at : at + 70] for at in range(0, len(ID), 70)) + "'", ID),
    (f"{URL}?t={ID.replace('.', '%252E')}", ID.split(".")[2]),
    (f"Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,{AWS_SECRET}\n", AWS_SECRET),
    (f"AKIAIOSFODNN7EXAMPLE\n{AWS_SECRET}\n", AWS_SECRET),
    (f"AWS Secret Access Key [None]: {AWS_SECRET}", AWS_SECRET),
    (f"Secret access key: {SHORT}", SHORT),
    (f"set -x MY_TOKEN {SHORT}", SHORT),
    (f"aws configure set aws_secret_access_key {SHORT}", SHORT),
    (f'{{"name": "Authorization", "value": "{SHORT}"}}', SHORT),
    (f'{{"value": "{SHORT}", "key": "clientSecret"}}', SHORT),
    (f"Request Headers\nauthorization:\n{SHORT}\naccept:\n*/*", SHORT),
    (f":authority: h\nauthorization: x\nx-mine: {SHORT}", SHORT),
    (f'fetch("{URL}", {{"headers": {{"accept": "*/*", "x-mine": "{SHORT}"}}}})', SHORT),
    (f'fetch("{URL}", {{"method": "POST", "body": "a={SHORT}"}})', SHORT),
    (f'Invoke-WebRequest -Uri "{URL}" -Headers @{{\n"x-mine"="{SHORT}"\n}}', SHORT),
    (f'Invoke-WebRequest -Uri "{URL}" -Body "a={SHORT}"', SHORT),
    (f"fetch('{URL}', {{headers: [['accept', '*/*'], ['x-mine', '{SHORT}']]}})", SHORT),
    (f"curl {URL} -x alice:{SHORT}@proxy:3128", SHORT),
    (f"curl {URL} --preproxy=alice:{SHORT}@proxy", SHORT),
    (f"curl {URL}?a=1&b=2 -H 'X-A: {SHORT}'", SHORT),
    (f"curl {URL} 2>&1 -d 'a={SHORT}'", SHORT),
    (f"curl {URL}\n-H 'X-A: {SHORT}'", SHORT),
    (f"curl {URL} \\\n  # why\n  -H 'X-A: {SHORT}'", SHORT),
    (f"curl {URL} \u2013H 'X-A: {SHORT}'", SHORT),
    (f"curl\u00a0{URL}\u00a0-H\u00a0'X-A: {SHORT}'", SHORT),
    (f"CURL {URL} -H 'X-A: {SHORT}'", SHORT),
    (f"curl {URL} -d @- <<EOF\na {SHORT}\nEOF", SHORT),
    (f'run(["curl", "{URL}", "-H", "X-A: {SHORT}"])', SHORT),
    (f'{{"NewDeviceMetadata": {{"DeviceKey": "{SHORT}", "DeviceGroupKey": "{SHORT}"}}}}', SHORT),
    (f"-----BEGIN PRIVATE KEY-----\n{SHORT}\n-----END PRIVATE KEY-----", SHORT),
    (f'{{"kty": "RSA", "d": "{SHORT}", "n": "x"}}', SHORT),
    (f"use ghp_{WORD} please", WORD),
    (f"mine is sk_live_{WORD.lower()} here", WORD.lower()),
    (f"why is {WORD} refused", WORD),
    (f"<password>{SHORT}</password>", SHORT),
    (f"\u30d1\u30b9\u30ef\u30fc\u30c9: {SHORT}", SHORT),
    (f"password is {SHORT}", SHORT),
    (f"DB_PASS={SHORT}\nMY_KEY={SHORT}\nSECRET_KEY_BASE={SHORT}", SHORT),
    (f"refresh_token:\n{SHORT}\n", SHORT),
    (f"{URL}?next=https://alice:{SHORT}@h.example/", SHORT),
    (f"{URL}?next=https%3A%2F%2Falice%3A{SHORT}%40h.example%2F", SHORT),
)  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), FORMS)
def test_no_form_leaves_a_part_of_a_secret(text: str, secret: str) -> None:
    masked = mask(text)
    together = "".join(masked.shown.split())
    assert not [part for at in range(len(secret) - 7) if (part := secret[at : at + 8]) in together], masked.shown
    assert reveal(masked.shown, masked.secrets) == text
    assert mask(masked.shown).shown == masked.shown


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:cognito-idp:ap-northeast-1:123456789012:userpool/ap-northeast-1_Ab3dEf9gH",
        "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/Orders12AbCdEfGhIjKl",
        "the pool ap-northeast-1_Ab3dEf9gH of MyUserPoolAuthorizer2024",
        f"GET {URL}/aB3dE5gH7jK9lM1nO3pQ5",
        "x-amz-cf-id: Lc2lZIqcoFEWwKZcRdV0Q1w2E3r4T5y6U7i8O9p0aSdFgHjKlZxCvB==",
        "password is incorrect",
        "wrong password or token",
        '{"Name": "email", "Value": "x"}',
        "\u30c8\u30fc\u30af\u30f3: \u671f\u9650\u5207\u308c",
    ],
)
def test_ids_addresses_and_sentences_stay(text: str) -> None:
    assert mask(text).shown == text


def test_a_lone_word_is_what_the_field_says() -> None:
    """In a field for tokens it is one however short; in others a short one is none."""
    assert mask(SHORT).shown == SHORT
    assert SHORT not in mask(SHORT, lone_word="any").shown
    assert mask(WORD, lone_word="none").shown != WORD
    assert mask("application/x-www-form-urlencoded", lone_word="none").secrets == {}
