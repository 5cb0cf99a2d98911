"""UpdateUserPoolClient loses nothing: over every member that botocore's model knows."""

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

from cogwizard.onboarding.merge import READ_ONLY, unknown_to_sdk, with_flows

FLOW = "ALLOW_USER_PASSWORD_AUTH"


def _operation(name: str) -> OperationModel:
    model = ServiceModel(Loader().load_service_model("cognito-idp", "service-2"), "cognito-idp")
    return model.operation_model(name)


TOLD: Any = _operation("DescribeUserPoolClient").output_shape.members["UserPoolClient"]  # type: ignore[union-attr]
SENT: Any = _operation("UpdateUserPoolClient").input_shape
ACCEPTED = frozenset(SENT.members)


def sample(shape: Any) -> Any:
    """A value of a shape that is none of its defaults."""
    match shape.type_name:
        case "structure":
            return {name: sample(member) for name, member in shape.members.items()}
        case "list":
            return [sample(shape.member)]
        case "map":
            return {"key": sample(shape.value)}
        case "boolean":
            return True
        case "integer" | "long":
            return max(int(shape.metadata.get("min", 1)), 7)
        case "string":
            return _text(shape)
        case "timestamp":
            return 1768467600
    raise AssertionError(f"a type of member that the test does not know: {shape.type_name}")


def _text(shape: Shape) -> str:
    choices = getattr(shape, "enum", None)
    return str(choices[-1]) if choices else f"a-{shape.name}".ljust(int(shape.metadata.get("min", 1)), "x")


FULL = {name: sample(member) for name, member in TOLD.members.items()}


@pytest.mark.parametrize("name", sorted(TOLD.members))
def test_each_member_is_sent_back_as_it_was_told(name: str) -> None:
    sent = with_flows(FULL, ACCEPTED, [FLOW])
    if name in READ_ONLY:
        assert name not in sent
    elif name == "ExplicitAuthFlows":
        assert sent[name] == [*FULL[name], FLOW] or FLOW in FULL[name]
    else:
        assert sent[name] == FULL[name]


def test_what_is_not_sent_back_cannot_be_sent() -> None:
    """A member that a later model adds must be known here: read-only, or sent."""
    assert set(TOLD.members) - ACCEPTED <= READ_ONLY
    assert not ACCEPTED & READ_ONLY


def test_the_sdk_takes_what_is_sent() -> None:
    report = ParamValidator().validate(with_flows(FULL, ACCEPTED, [FLOW]), SENT)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("name", sorted(set(TOLD.members) - {"UserPoolId", "ClientId"}))
def test_what_was_not_told_is_not_sent(name: str) -> None:
    """An absent list of attributes is AWS's default, an empty one is none (research 7.4)."""
    told = {key: value for key, value in FULL.items() if key != name}
    sent = with_flows(told, ACCEPTED, [FLOW])
    assert (name in sent) == (name == "ExplicitAuthFlows")


def test_falsy_values_are_values() -> None:
    told = {
        "UserPoolId": "p",
        "ClientId": "c",
        "EnableTokenRevocation": False,
        "CallbackURLs": [],
        "IdTokenValidity": 0,
    }
    sent = with_flows(told, ACCEPTED, [FLOW])
    assert {name: sent[name] for name in told} == told


@pytest.mark.parametrize(
    ("held", "after"),
    [
        (None, ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", FLOW]),
        (["ALLOW_USER_SRP_AUTH"], ["ALLOW_USER_SRP_AUTH", FLOW]),
        ([FLOW, "ALLOW_USER_AUTH"], [FLOW, "ALLOW_USER_AUTH"]),
        (
            ["ADMIN_NO_SRP_AUTH"],
            ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", FLOW],
        ),
        (["CUSTOM_AUTH_FLOW_ONLY"], ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", FLOW]),
        (["USER_PASSWORD_AUTH"], [FLOW, "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]),
    ],
)
def test_flows_are_added_and_never_mixed(held: list[str] | None, after: list[str]) -> None:
    told = {"ExplicitAuthFlows": held} if held is not None else {}
    assert with_flows(told, ACCEPTED, [FLOW])["ExplicitAuthFlows"] == after


def test_an_sdk_that_is_older_than_the_answer_is_noticed() -> None:
    raw = {**FULL, "BrandNewSetting": {"On": True}}
    assert unknown_to_sdk(raw, ACCEPTED) == ("BrandNewSetting",)
    assert unknown_to_sdk(FULL, ACCEPTED) == ()
    assert unknown_to_sdk(FULL, ACCEPTED - {"RefreshTokenRotation"}) == ("RefreshTokenRotation",)
