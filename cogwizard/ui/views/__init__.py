"""One view per kind of step: what it shows of its own, between the answer and the evidence."""

from cogwizard.ui.views.access import AccessView
from cogwizard.ui.views.authorizer import AuthorizerView
from cogwizard.ui.views.browser import BrowserView
from cogwizard.ui.views.call import CallView
from cogwizard.ui.views.deployment import DeploymentView
from cogwizard.ui.views.logs import LogsView
from cogwizard.ui.views.step import StepView
from cogwizard.ui.views.token import TokenView
from cogwizard.ui.views.verdict import VerdictView

# By the step's id; a step that is not named here shows what all show.
VIEWS: dict[str, type[StepView]] = {
    "call": CallView,
    "access": AccessView,
    "authorizer": AuthorizerView,
    "deployment": DeploymentView,
    "token": TokenView,
    "logs": LogsView,
    "browser": BrowserView,
    "verdict": VerdictView,
}
