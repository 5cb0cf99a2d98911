"""The checklist on the sandbox: what is read and proposed really signs in and gets a 200 from the enforcing gateway."""

import json
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from cogwizard.aws.session import Settings
from cogwizard.checklist import Checklist, lint
from cogwizard.intake.url import read_url
from cogwizard.model.postman import CALLBACKS, Setup
from cogwizard.ports import Ports
from cogwizard.postman.read import read_collection
from cogwizard.postman.write import Export, files
from cogwizard.sandbox.environment import KEYS, REGION
from cogwizard.sandbox.scenarios import SCENARIOS, serve
from cogwizard.sandbox.scenarios.scenario import PASSWORD, Served
from cogwizard.signin.oauth import challenge_of
from cogwizard.steps.checklist import causes, judge, outcome, reads
from cogwizard.steps.postman_values import block
from tests.signin.login_kit import browse

SECRET = "canarysecret" * 4
VERIFIER = "v" * 64


class Desk:
    """A healthy API on a sandbox, and its app client; `checklist` looks at both."""

    def __init__(self, served: Served, name: str) -> None:
        """Take what is served, and the scenario."""
        setting = served.settings[name]
        self.served, self.setting, self.pool, self.client = served, setting, setting.pool, setting.client
        self.ports = Ports(Settings(None, REGION, served.url, 30.0, KEYS))
        self.case = served.case(SCENARIOS[name], time.time())

    def checklist(self, **more: Any) -> Checklist:
        """Return the checklist with all that can be read."""
        made = Checklist(self.ports, Setup(client_id=self.client.id, **more))
        made.look_at_call(self.case)
        made.look()
        return made

    def export(self, checklist: Checklist) -> dict[str, str]:
        """Return the files of an export."""
        setup = checklist.setup
        has_secret = bool(self.client.secret)
        made = Export("orders", "GET", self.case.call.url, block=block(setup), has_secret=has_secret, needs=setup.needs)
        return files(made)


@pytest.fixture(params=["healthy-raw-token", "healthy-one-scope-of-many"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Yield an API whose method wants an ID token, then one whose method wants an access token."""
    with serve([request.param]) as served:
        yield Desk(served, request.param)


def ask(method: str, url: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Return status and body of one request."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def sign_in(fields: dict[str, str], secret: str) -> dict[str, str]:
    """Do what Postman does with an OAuth 2.0 block, by its fields alone; return the token endpoint's answer."""
    query = {
        "response_type": "code",
        "client_id": fields["clientId"],
        "redirect_uri": fields["redirect_uri"],
        "scope": fields["scope"],
        "state": "s",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": fields["challengeAlgorithm"],
    }
    landed = browse(f"{fields['authUrl']}?{urlencode(query)}", PASSWORD)
    assert landed.startswith(fields["redirect_uri"]), landed
    code = dict(parse_qsl(urlsplit(landed).query))["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    form["redirect_uri"] = fields["redirect_uri"]
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if fields["client_authentication"] == "header":
        pair = f"{fields['clientId']}:{secret}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form["client_id"] = fields["clientId"]
    status, body = ask("POST", fields["accessTokenUrl"], urlencode(form), headers)
    assert status == 200, body
    answer: dict[str, str] = json.loads(body)
    return answer


@pytest.mark.parametrize("secret", ["", SECRET])
def test_the_exported_settings_walk_the_code_flow_to_a_200(desk: Desk, secret: str) -> None:
    if secret:
        desk.client.secret = secret
    checklist = desk.checklist()
    assert causes(checklist.findings()) == []
    made = desk.export(checklist)
    collection = json.loads(next(text for name, text in made.items() if "collection" in name))
    fields = {item["key"]: item["value"] for item in collection["auth"]["oauth2"]}
    assert SECRET not in json.dumps(made)
    tokens = sign_in(fields, secret)
    token = tokens["id_token" if checklist.setup.needs.kind == "id-token" else "access_token"]
    sent = {"Authorization": f"{fields['headerPrefix']} {token}"}
    assert ask("GET", desk.case.call.url, headers=sent)[0] == 200
    wrong = tokens["access_token" if checklist.setup.needs.kind == "id-token" else "id_token"]
    assert ask("GET", desk.case.call.url, headers={"Authorization": f"Bearer {wrong}"})[0] == 401


def test_an_export_lints_clean_with_and_without_access(desk: Desk) -> None:
    checklist = desk.checklist()
    made = desk.export(checklist)
    texts = {name.rpartition(".postman_")[2]: text for name, text in made.items()}
    collection = read_collection(texts["collection.json"], texts["environment.json"])
    mine = Setup(client_id=desk.client.id, user_pool_id=desk.pool.id)
    for ports in (None, desk.ports):
        found = lint(ports, collection, mine, desk.case).findings
        assert [(item.code, item.verdict) for item in found if item.verdict in ("fail", "warn")] == []


def test_a_probe_asks_each_endpoint_once_and_sends_no_secret(desk: Desk) -> None:
    desk.client.secret = SECRET
    checklist = desk.checklist()
    before = len(desk.served.sandbox.requests)
    checklist.probe()
    asked = desk.served.sandbox.requests[before:]
    assert SECRET not in repr(asked)
    assert checklist.setup.answers["authorize"] is None
    assert causes(judge(checklist.setup)) == []


def test_a_probe_proves_the_redirect_mismatch(desk: Desk) -> None:
    checklist = desk.checklist(app="web")
    assert causes(checklist.findings()) == ["redirect-mismatch"]
    checklist.probe()
    found = next(item for item in checklist.findings() if item.code == "redirect-mismatch")
    assert [row.label for row in found.evidence][:1] == ["answer"]
    assert CALLBACKS["web"] in repr(found.evidence)


def test_the_pool_is_the_one_that_the_authorizer_names(desk: Desk) -> None:
    checklist = desk.checklist()
    assert checklist.setup.pool_id == desk.pool.id
    assert checklist.setup.needs.kind is not None
    assert outcome(checklist.findings()) == "healthy"


def test_a_stage_that_cannot_be_read_is_no_pass_by_the_draft(desk: Desk) -> None:
    method = desk.setting.api.draft.resources["/orders"]["GET"]
    method["authorizationScopes"] = [] if method.get("authorizationScopes") else ["orders/read"]  # not deployed
    desk.served.sandbox.denied["GetExport"] = "AccessDeniedException"
    checklist = desk.checklist()
    found = {item.code: item for item in checklist.findings()}
    assert outcome(found.values()) == "inconclusive"
    assert {found[code].verdict for code in ("id-token-not-selected", "scope-not-in-token")} == {"unknown"}
    (lost,) = reads(checklist.setup)
    assert (lost.read.action, lost.read in found["scope-not-in-token"].because) == ("apigateway:GetExport", True)


def test_a_lint_tells_which_reads_of_the_api_were_refused(desk: Desk) -> None:
    for name in ("GetExport", "GetResources", "GetAuthorizers"):
        desk.served.sandbox.denied[name] = "AccessDeniedException"
    made = desk.export(desk.checklist(user_pool_id=desk.pool.id))
    text = next(text for name, text in made.items() if name.endswith("collection.json"))
    mine = Setup(client_id=desk.client.id, user_pool_id=desk.pool.id)
    told = lint(desk.ports, read_collection(text), mine, desk.case)
    assert {item.read.action for item in told.unread} >= {"apigateway:GetExport", "apigateway:GetResources"}
    assert outcome(told.findings) == "inconclusive"


def test_a_stage_that_is_not_there_wants_nothing(desk: Desk) -> None:
    url = desk.case.call.url.replace("/prod/", "/dev/")
    case = replace(desk.case, call=replace(desk.case.call, url=url), target=read_url(url))
    checklist = Checklist(desk.ports, Setup(client_id=desk.client.id, user_pool_id=desk.pool.id))
    checklist.look_at_call(case)
    assert checklist.setup.needs.kind is None
    assert outcome(checklist.findings()) == "inconclusive"
