"""Integrations as GetResources and GetExport tell them; what is in no known form is left out, and nothing fails."""

import pytest

from cogwizard.aws.integration import read_integration, response_headers
from cogwizard.model.api import Integration, IntegrationResponse

ALLOW = {"method.response.header.Access-Control-Allow-Origin": "'*'", "method.response.header.X-Other": "'1'"}
HEADERS = (("Access-Control-Allow-Origin", "'*'"),)
MOCK = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


def test_a_draft_and_its_export_are_the_same() -> None:
    drafted = {**MOCK, "integrationResponses": {"200": {"statusCode": "200", "responseParameters": ALLOW}}}
    exported = {**MOCK, "type": "mock", "responses": {"default": {"statusCode": "200", "responseParameters": ALLOW}}}
    expected = Integration("MOCK", '{"statusCode": 200}', (IntegrationResponse(200, None, HEADERS),))
    assert read_integration(drafted, "integrationResponses") == expected
    assert read_integration(exported, "responses") == expected


def test_a_pattern_is_told_in_two_ways() -> None:
    drafted = {"type": "HTTP", "integrationResponses": {"404": {"statusCode": 404, "selectionPattern": "4.."}}}
    exported = {"type": "http", "responses": {"4..": {"statusCode": "404"}}}
    expected = Integration("HTTP", None, (IntegrationResponse(404, "4.."),))
    assert read_integration(drafted, "integrationResponses") == expected
    assert read_integration(exported, "responses") == expected


@pytest.mark.parametrize("source", [None, [], "MOCK", {}, {"type": None}, {"type": 1}])
def test_what_is_no_integration(source: object) -> None:
    assert read_integration(source, "responses") is None


@pytest.mark.parametrize(
    "responses",
    [None, [], "x", {"default": None}, {"default": {}}, {"default": {"statusCode": "2xx"}}, {"a": {"statusCode": []}}],
)
def test_odd_responses_are_left_out(responses: object) -> None:
    found = read_integration({"type": "MOCK", "requestTemplates": [], "responses": responses}, "responses")
    assert found == Integration("MOCK")


@pytest.mark.parametrize(
    "parameters", [None, [], "x", {1: "x"}, {"gatewayresponse.header.A": 1}, {"integration.a": "x"}]
)
def test_odd_headers_are_left_out(parameters: object) -> None:
    assert response_headers({"responseParameters": parameters}) == ()


def test_a_gateway_response_keeps_the_form_of_its_values() -> None:
    mapped = {"gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin"}
    assert response_headers({"responseParameters": mapped}) == (
        ("Access-Control-Allow-Origin", "method.request.header.Origin"),
    )
