"""CORS in the sandbox: mocks as the console makes them, broken ones, and headers of gateway responses."""

import pytest
from sandbox_kit import Shop, call

from cogwizard.sandbox import Sandbox, method, preflight


@pytest.mark.parametrize(
    ("template", "responses", "status"),
    [
        ('{"statusCode": 200}', {"200": {"statusCode": "200"}}, 200),
        ("{ statusCode: 204 }", {"204": {"statusCode": "204"}}, 204),
        (None, {"200": {"statusCode": "200"}}, 200),  # the default response
        ("{}", {"200": {"statusCode": "200"}}, 500),
        ("", {"200": {"statusCode": "200"}}, 500),
        ('{"statusCode": 200}', {"404": {"statusCode": "404", "selectionPattern": "4.."}}, 500),
        ('{"statusCode": 404}', {"404": {"statusCode": "404", "selectionPattern": "4.."}}, 404),
        ('{"statusCode": 200}', {}, 500),
    ],
)
def test_a_mock_answers_what_its_template_says(template: str | None, responses: dict[str, object], status: int) -> None:
    shop = Shop()
    options = preflight()
    options["methodIntegration"]["requestTemplates"] = {} if template is None else {"application/json": template}
    options["methodIntegration"]["integrationResponses"] = responses
    shop.api.draft.add("/orders", OPTIONS=options)
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders", verb="OPTIONS").status == status


def test_a_backend_of_its_own_needs_no_template() -> None:
    shop = Shop()
    options = method(backend=(405, {}, "no"), integration="HTTP_PROXY")
    options["methodIntegration"]["requestTemplates"] = {"application/json": ""}
    shop.api.draft.add("/orders", OPTIONS=options)
    shop.api.deploy("prod")
    with Sandbox(shop.world) as sandbox:
        assert call(sandbox, shop.api, "/orders", verb="OPTIONS").status == 405
