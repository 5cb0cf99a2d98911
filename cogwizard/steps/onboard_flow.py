"""Walk-through: the sign-in flow. Seed: tick ALLOW_USER_PASSWORD_AUTH, and save.

UpdateUserPoolClient sets whatever it is not sent back to its default (research 7.4 [D]), so all is read and sent again.
"""

from cogwizard.model.write import Write
from cogwizard.steps.onboard import POOL_ARN, OnboardStep

FLOW = "ALLOW_USER_PASSWORD_AUTH"


def add_flow(id: str, client: str, client_id: str) -> Write:
    """Return the write that lets users sign in with name and password by an app client, and changes nothing else."""
    return Write(
        id,
        "cognito-idp",
        "UpdateUserPoolClient",
        {"UserPoolId": "{pool_id}", "ClientId": f"{{{client_id}}}"},
        "cognito-idp:UpdateUserPoolClient",
        POOL_ARN,
        inside=client,
        adds_flows=(FLOW,),
        is_change=True,
    )


STEP = OnboardStep("onboard_flow", (add_flow("client-flow", "client", "client_id"),))
