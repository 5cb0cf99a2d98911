"""Walk-through: the deployment. Seed: "do not forget to deploy": until then nothing of the above is in force."""

from cogwizard.model.write import Write
from cogwizard.steps.onboard import OWN_API_ARN, OnboardStep

DEPLOYMENT = Write(
    "deployment",
    "apigateway",
    "CreateDeployment",
    {"restApiId": "{api_id}", "stageName": "{stage}", "description": "cogwizard {run}"},
    "apigateway:POST",
    OWN_API_ARN + "/deployments",
    gives={"deployment_id": ("id",)},
    inside="api",
)

STEP = OnboardStep("onboard_deploy", (DEPLOYMENT,))
