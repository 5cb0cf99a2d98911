"""One module per screen, in the order of the guide. A new check goes into the step whose screen shows it."""

from cogwizard.steps.access import AccessStep
from cogwizard.steps.authorizer import AuthorizerStep
from cogwizard.steps.call import CallStep
from cogwizard.steps.deployment import DeploymentStep
from cogwizard.steps.header import HeaderStep
from cogwizard.steps.policy import PolicyStep
from cogwizard.steps.scopes import ScopesStep
from cogwizard.steps.step import Step
from cogwizard.steps.token import TokenStep

TROUBLESHOOT: tuple[Step, ...] = (
    CallStep(),
    AccessStep(),
    AuthorizerStep(),
    DeploymentStep(),
    TokenStep(),
    ScopesStep(),
    HeaderStep(),
    PolicyStep(),
)
