"""The steps, in the order of their guides. A new check goes into the step whose screen shows it.

A step is a screen. Checks that share what they look at have a module of their own, which the step of their screen
calls: `endpoint`, `front`, `http_api` and `refusal` stand on the screen of `call`, `keys` on that of `policy`, `canary`
on that of `deployment`, `browser_answer` on that of `browser`.
"""

from cogwizard.steps.access import AccessStep
from cogwizard.steps.authorizer import AuthorizerStep
from cogwizard.steps.browser import BrowserStep
from cogwizard.steps.call import CallStep
from cogwizard.steps.deployment import DeploymentStep
from cogwizard.steps.header import HeaderStep
from cogwizard.steps.join import JoinStep
from cogwizard.steps.join_call import JoinCallStep
from cogwizard.steps.join_client import JoinClientStep
from cogwizard.steps.join_export import JoinExportStep
from cogwizard.steps.join_keyring import JoinKeyringStep
from cogwizard.steps.join_signin import JoinSigninStep
from cogwizard.steps.join_tools import JoinToolsStep
from cogwizard.steps.join_user import JoinUserStep
from cogwizard.steps.logs import LogsStep
from cogwizard.steps.onboard import OnboardStep
from cogwizard.steps.onboard_api import STEP as ONBOARD_API
from cogwizard.steps.onboard_authorizer import STEP as ONBOARD_AUTHORIZER
from cogwizard.steps.onboard_client import STEP as ONBOARD_CLIENT
from cogwizard.steps.onboard_deploy import STEP as ONBOARD_DEPLOY
from cogwizard.steps.onboard_flow import STEP as ONBOARD_FLOW
from cogwizard.steps.onboard_function import STEP as ONBOARD_FUNCTION
from cogwizard.steps.onboard_password import STEP as ONBOARD_PASSWORD
from cogwizard.steps.onboard_pool import STEP as ONBOARD_POOL
from cogwizard.steps.onboard_secret import STEP as ONBOARD_SECRET
from cogwizard.steps.onboard_user import STEP as ONBOARD_USER
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
    BrowserStep(),
    LogsStep(),
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

# The walk-through from nothing to the first 200, in the order of the seed. What makes nothing only shows.
ONBOARD: tuple[OnboardStep, ...] = (
    OnboardStep("onboard_picture"),
    ONBOARD_FUNCTION,
    ONBOARD_POOL,
    ONBOARD_CLIENT,
    ONBOARD_FLOW,
    ONBOARD_USER,
    ONBOARD_PASSWORD,
    ONBOARD_API,
    ONBOARD_AUTHORIZER,
    ONBOARD_DEPLOY,
    OnboardStep("onboard_test"),
    OnboardStep("onboard_call"),
    ONBOARD_SECRET,
    OnboardStep("onboard_break"),
)

# Joining an API that is there: what is missing first, then the sign-in, the first call, its export.
JOIN: tuple[JoinStep, ...] = (
    JoinToolsStep(),
    JoinKeyringStep(),
    JoinUserStep(),
    JoinClientStep(),
    JoinSigninStep(),
    JoinCallStep(),
    JoinExportStep(),
)
