"""The call straight to API Gateway: where it goes, and where it does not."""

import pytest

from cogwizard.aws.session import Clients, Settings
from cogwizard.model.answer import Answer
from cogwizard.model.call import Call
from cogwizard.model.read import Unread
from cogwizard.model.read_web import DirectCall
from cogwizard.ports import Ports
from cogwizard.sandbox import Sandbox, World, method
from cogwizard.sandbox.environment import KEYS
from cogwizard.web import WebReader

pytestmark = pytest.mark.usefixtures("own_home")
REGION = "ap-northeast-1"


def direct(api: str) -> DirectCall:
    url = f"https://{api}.execute-api.{REGION}.amazonaws.com/prod/a%20b?x=%2F&y"
    return DirectCall(Call("GET", url, (("Authorization", "Bearer secret-token"),)), REGION)


def test_an_endpoint_override_takes_the_place_of_the_host() -> None:
    world = World()
    api = world.add_api("orders")
    api.draft.add("/{any}", GET=method())
    api.deploy("prod")
    with Sandbox(world) as sandbox:
        ports = Ports(Settings(None, REGION, sandbox.url, 5.0, KEYS))
        answer = ports.answer(direct(api.id))
        assert isinstance(answer, Answer)
        assert answer.status == 200
        assert sandbox.requests[-1][2]["path"] == "/a%20b"
        assert ports.host(direct(api.id), emulated=True) == "127.0.0.1"
    assert ports.host(direct(api.id), emulated=False) == f"{api.id}.execute-api.{REGION}.amazonaws.com"


def test_a_token_does_not_leave_for_aws_where_another_endpoint_is_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://127.0.0.1:9")
    settings = Settings(None, REGION)
    value = WebReader(settings, Clients(settings)).run(direct("a1b2c3d4e5"))
    assert isinstance(value, Unread)
    assert (value.reason, value.error) == ("withheld", "endpoint-override")
    assert "secret-token" not in repr(value)
