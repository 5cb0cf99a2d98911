import base64
import json

import pytest

from cogwizard.intake.errors import BadInput
from cogwizard.intake.url import read_url, redact_url
from cogwizard.model.inert import fingerprint

AWS = "abc123.execute-api.eu-west-1.amazonaws.com"


def jwt(**claims: str) -> str:
    parts = ({"alg": "RS256", "kid": "k"}, claims)
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{text}.c2lnbmF0dXJl"


ID = jwt(token_use="id", sub="u")
ACCESS = jwt(token_use="access", sub="u")


@pytest.mark.parametrize(
    ("url", "form", "api", "stage", "path", "region"),
    [
        (f"https://{AWS}/prod/orders/1", "execute-api", "abc123", "prod", "/orders/1", "eu-west-1"),
        (f"https://{AWS}/prod", "execute-api", "abc123", "prod", "/", "eu-west-1"),
        (f"https://{AWS}/prod/", "execute-api", "abc123", "prod", "/", "eu-west-1"),
        (f"https://{AWS}/", "execute-api", "abc123", None, "/", "eu-west-1"),
        (f"https://{AWS}", "execute-api", "abc123", None, "/", "eu-west-1"),
        (f"https://{AWS}//orders", "execute-api", "abc123", None, "//orders", "eu-west-1"),
        (f"https://{AWS}/prod//orders/", "execute-api", "abc123", "prod", "//orders/", "eu-west-1"),
        (f"https://{AWS}/prod/a%2Fb/%E3%81%82?q=/x#f", "execute-api", "abc123", "prod", "/a%2Fb/%E3%81%82",
         "eu-west-1"),
        (f"https://{AWS}?x=/prod/a", "execute-api", "abc123", None, "/", "eu-west-1"),
        (f"  HTTPS://{AWS.upper()}:443/prod/a\r\n", "execute-api", "abc123", "prod", "/a", "eu-west-1"),
        (f"https://{AWS}./prod/a", "execute-api", "abc123", "prod", "/a", "eu-west-1"),
        (f"https://user:p@ss@{AWS}/prod/a", "execute-api", "abc123", "prod", "/a", "eu-west-1"),
        (
            "https://abc123.execute-api.cn-north-1.amazonaws.com.cn/v1/x",
            "execute-api", "abc123", "v1", "/x", "cn-north-1",
        ),
        ("https://abc123.execute-api.us-east-2.api.aws/v1/x", "execute-api", "abc123", "v1", "/x", "us-east-2"),
        (
            "https://abc123.execute-api.us-gov-west-1.amazonaws.com/v1/x",
            "execute-api", "abc123", "v1", "/x", "us-gov-west-1",
        ),
        (
            "https://abc123.execute-api.eusc-de-east-1.amazonaws.eu/v1/x",
            "execute-api", "abc123", "v1", "/x", "eusc-de-east-1",
        ),
        (
            "https://abc123-vpce-0a1b2c3d.execute-api.eu-west-1.amazonaws.com/prod/x",
            "execute-api", "abc123", "prod", "/x", "eu-west-1",
        ),
        (
            "https://vpce-0a1b-xyz.execute-api.eu-west-1.vpce.amazonaws.com/prod/x",
            "execute-api", None, "prod", "/x", "eu-west-1",
        ),
        ("http://127.0.0.1:4566/restapis/abc/dev/_user_request_/a/b", "emulator", "abc", "dev", "/a/b", None),
        ("http://127.0.0.1:4566/restapis/abc/dev/_user_request_", "emulator", "abc", "dev", "/", None),
        ("http://localhost:4566/_aws/execute-api/abc/dev/a?b=c", "emulator", "abc", "dev", "/a", None),
        ("http://localhost:4566/_aws/execute-api/abc/dev", "emulator", "abc", "dev", "/", None),
        ("http://localhost:4566/_aws/execute-api/abc", "emulator", "abc", None, "/", None),
        ("http://[::1]:4566/_aws/execute-api/abc/dev/a", "emulator", "abc", "dev", "/a", None),
        ("http://abc.execute-api.localhost:4566/dev/a", "emulator", "abc", "dev", "/a", None),
        ("http://abc.execute-api.localhost.localstack.cloud:4566/dev/a", "emulator", "abc", "dev", "/a", None),
        ("https://api.example.com/v1/orders", "custom-domain", None, None, "/v1/orders", None),
        ("https://api.example.com", "custom-domain", None, None, "/", None),
        ("https://abc123.execute-api.eu-west-1.evil.example/prod", "custom-domain", None, None, "/prod", None),
        ("https://abc123.execute-api.eu-west-1.amazonaws.com.evil.example/p", "custom-domain", None, None, "/p", None),
        (f"https://{AWS}@evil.example/prod", "custom-domain", None, None, "/prod", None),
        ("http://localhost:3000/restapis/abc", "custom-domain", None, None, "/restapis/abc", None),
        ("https://例え.jp/パス", "custom-domain", None, None, "/パス", None),
    ],
)  # fmt: skip
def test_target(url: str, form: str, api: str | None, stage: str | None, path: str, region: str | None) -> None:
    target = read_url(url)
    assert (target.form, target.rest_api_id, target.stage, target.path, target.region) == (
        form, api, stage, path, region,
    )  # fmt: skip


def test_host_has_no_port_and_no_user_info() -> None:
    assert read_url("https://me:pw@API.Example.com:8443/x").host == "api.example.com"


def test_overrides_replace_what_the_url_names() -> None:
    target = read_url(f"https://{AWS}/prod/orders", "other1", "dev")
    assert (target.form, target.rest_api_id, target.stage, target.path) == ("execute-api", "other1", "dev", "/orders")


def test_overrides_of_an_unknown_host_leave_the_path_whole() -> None:
    target = read_url("http://localhost:3000/v1/orders", "abc", "dev")
    assert (target.form, target.rest_api_id, target.stage, target.path) == ("custom-domain", "abc", "dev", "/v1/orders")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", "url-empty"),
        (" \n", "url-empty"),
        (f"{AWS}/prod", "url-no-scheme"),
        ("/prod/orders", "url-no-scheme"),
        ("https:/example.com", "url-no-scheme"),
        ("{{baseUrl}}/orders", "url-no-scheme"),
        ("ftp://example.com/", "url-scheme"),
        ("wss://example.com/", "url-scheme"),
        ("file:///etc/passwd", "url-scheme"),
        ("https://", "url-no-host"),
        ("https:///prod", "url-no-host"),
        ("https://:443/", "url-no-host"),
        ("https://user@/x", "url-no-host"),
        ("https://{api}.example.com/", "url-host"),
        ("https://a..b/", "url-host"),
        ("https://[::zz]/", "url-host"),
        ("https://[::1]x/", "url-host"),
        ("https://example.com:0/", "url-port"),
        ("https://example.com:65536/", "url-port"),
        ("https://example.com:port/", "url-port"),
        ("https://example.com:\u0661/", "url-port"),
        ("https://example.com:" + "9" * 5000, "url-port"),
        ("https://example.com/a b", "url-character"),
        ("https://example.com/a\nb", "url-character"),
        ("https://example.com/a\x00b", "url-character"),
        ("https://example.com/a\u200bb", "url-character"),
        ("https://example.com/a\u202eb", "url-character"),
        ("https://example.com\\@evil.example/", "url-character"),
        ("https://<api-id>.example.com/", "url-character"),
        ("https://$API.execute-api.eu-west-1.amazonaws.com/prod", "url-variable"),
        ("https://$api.execute-api.eu-west-1.amazonaws.com/prod", "url-variable"),
        ("https://${api}.example.com/", "url-variable"),
        ("https://example.com/$STAGE/x", "url-variable"),
        ("https://example.com/$(stage)/x", "url-variable"),
        ("$URL", "url-variable"),
        ("https://example.com/" + "a" * 8192, "url-too-long"),
        ("https://example.com/" + "あ" * 3000, "url-too-long"),
    ],
)
def test_bad_url(url: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_url(url)
    assert caught.value.key == key


def test_odata_names_are_no_variables() -> None:
    assert read_url("https://example.com/$metadata?$filter=a").path == "/$metadata"


@pytest.mark.parametrize("bad", ["", "a b", "a/b", "x" * 129])
def test_bad_override(bad: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_url("https://example.com", stage=bad)
    assert caught.value.key == "override-form"
    assert caught.value.params == {"option": "--stage"}


def test_an_error_says_no_more_than_its_key() -> None:
    with pytest.raises(BadInput) as caught:
        read_url(f"{ID} https://example.com")
    assert ID not in str(caught.value) + repr(caught.value) + str(caught.value.params)


def test_params_are_inert_and_short() -> None:
    params = BadInput("x", a="\x1b[31m\u202e" + "b" * 200, t=f"Bearer {ID}").params
    assert "\x1b" not in params["a"]
    assert "\u202e" not in params["a"]
    assert len(params["a"]) == 80
    assert ID[:20] not in params["t"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/v1/orders?page=2#top", "https://example.com/v1/orders?page=2#top"),
        ("https://user:pw@example.com/x", "https://example.com/x"),
        ("https://user:p@w@example.com:8443/x", "https://example.com:8443/x"),
        ("https://user:pa/ss@example.com/x", "https://user:password"),
        (f"https://e.com/?t={ID}", f"https://e.com/?t=id-token {fingerprint(ID)}"),
        (f"https://e.com/?t=Bearer%20{ACCESS}", f"https://e.com/?t=access-token {fingerprint(ACCESS)}"),
        (f"https://e.com/cb#id_token={ID}&expires_in=3600", f"https://e.com/cb#id_token=id-token {fingerprint(ID)}"
         "&expires_in=3600"),
        (f"https://e.com/cb?a=1#access_token={ACCESS}", f"https://e.com/cb?a=1#access_token=access-token "
         f"{fingerprint(ACCESS)}"),
        (f"https://e.com/t/{ID}/x", f"https://e.com/t/id-token {fingerprint(ID)}/x"),
        (f"https://e.com/t;jwt={ID}/x", f"https://e.com/t;jwt=id-token {fingerprint(ID)}/x"),
        (f"https://e.com/?{ID}", f"https://e.com/?id-token {fingerprint(ID)}"),
        ("https://e.com/?code=abc-def&state=s", f"https://e.com/?code=secret {fingerprint('abc-def')}&state=s"),
        ("https://e.com/?api_key=k%2Fk", f"https://e.com/?api_key=secret {fingerprint('k/k')}"),
        ("https://e.com/?apiKey=k", f"https://e.com/?apiKey=secret {fingerprint('k')}"),
        ("https://e.com/?X-Amz-Signature=ab&X-Amz-Expires=9", f"https://e.com/?X-Amz-Signature=secret "
         f"{fingerprint('ab')}&X-Amz-Expires=secret {fingerprint('9')}"),
        ("https://e.com/?sig=ab==&sessionid=1&authorization=z", f"https://e.com/?sig=secret {fingerprint('ab==')}"
         f"&sessionid=secret {fingerprint('1')}&authorization=secret {fingerprint('z')}"),
        ("https://e.com/?client_secret=s", f"https://e.com/?client_secret=secret {fingerprint('s')}"),
        ("https://e.com/?password=hunter2&user=me", "https://e.com/?password=password&user=me"),
        ("https://e.com/?pass%77ord=hunter2", "https://e.com/?pass%77ord=password"),
        ("https://e.com/?next=https%3A%2F%2Fx%3Ftoken%3Dabc", "https://e.com/?next=secret "
         f"{fingerprint('https://x?token=abc')}"),
        ("https://e.com/?token=", "https://e.com/?token="),
        ("https://e.com/a\x1b[2Jb\u202e", "https://e.com/a\\x1b[2Jb\\u202e"),
    ],
)  # fmt: skip
def test_redaction(url: str, shown: str) -> None:
    assert redact_url(url) == shown


def test_a_token_written_with_percent_signs_is_hidden() -> None:
    written = ID.replace(".", "%2E").replace("eyJ", "%65yJ")
    assert ID.split(".")[1] not in redact_url(f"https://e.com/x/{written}?q={written}")
