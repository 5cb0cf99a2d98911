"""One view for each line of the checklist that has something of its own to show."""

from cogwizard.ui.postman.choices import AppView, CallbackView, GrantView, ScopeView
from cogwizard.ui.postman.known import APP, END
from cogwizard.ui.postman.summary import SummaryView
from cogwizard.ui.postman.view import LineView

# By the step's id; a line that is not named here shows what all show.
VIEWS: dict[str, type[LineView]] = {
    APP: AppView,
    "postman_grant": GrantView,
    "postman_callback": CallbackView,
    "postman_scope": ScopeView,
    END: SummaryView,
}
