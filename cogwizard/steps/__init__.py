"""One module per screen, in the order of the guide. A new check goes into the step whose screen shows it."""

from cogwizard.steps.access import AccessStep
from cogwizard.steps.authorizer import AuthorizerStep
from cogwizard.steps.call import CallStep
from cogwizard.steps.deployment import DeploymentStep
from cogwizard.steps.header import HeaderStep
from cogwizard.steps.policy import PolicyStep
from cogwizard.steps.postman import PostmanStep
from cogwizard.steps.postman_app import PostmanAppStep
from cogwizard.steps.postman_auth_url import PostmanAuthUrlStep
from cogwizard.steps.postman_callback import PostmanCallbackStep
from cogwizard.steps.postman_client_id import PostmanClientIdStep
from cogwizard.steps.postman_grant import PostmanGrantStep
from cogwizard.steps.postman_header import PostmanHeaderStep
from cogwizard.steps.postman_scope import PostmanScopeStep
from cogwizard.steps.postman_secret import PostmanSecretStep
from cogwizard.steps.postman_token import PostmanTokenStep
from cogwizard.steps.postman_token_url import PostmanTokenUrlStep
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

# The checklist of Postman's OAuth 2.0 tab, in the order of the guide.
POSTMAN: tuple[PostmanStep, ...] = (
    PostmanAppStep(),
    PostmanGrantStep(),
    PostmanCallbackStep(),
    PostmanAuthUrlStep(),
    PostmanClientIdStep(),
    PostmanSecretStep(),
    PostmanScopeStep(),
    PostmanTokenUrlStep(),
    PostmanTokenStep(),
    PostmanHeaderStep(),
)
