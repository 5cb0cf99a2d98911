"""Walk-through, second half: an app client with a secret. Seed: "traditional web application", and SECRET_HASH."""

from cogwizard.steps.onboard import OnboardStep
from cogwizard.steps.onboard_client import new_client
from cogwizard.steps.onboard_flow import add_flow

STEP = OnboardStep(
    "onboard_secret",
    (
        new_client("secret-client", "secret_client_name", "secret_client_id", "web"),
        add_flow("secret-client-flow", "secret-client", "secret_client_id"),
    ),
)
