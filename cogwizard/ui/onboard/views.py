"""One view for each step that has something of its own to show."""

from cogwizard.ui.onboard.breaking import BreakView
from cogwizard.ui.onboard.build import BREAK, CALL, CLIENT, PASSWORD, PICTURE, SECRET, TEST
from cogwizard.ui.onboard.choices import ClientView, PasswordView
from cogwizard.ui.onboard.picture import PictureView
from cogwizard.ui.onboard.proofs import CallView, TokenView
from cogwizard.ui.onboard.secret import SecretView
from cogwizard.ui.onboard.view import OnboardView

# By the step's id; a step that is not named here shows what all show.
VIEWS: dict[str, type[OnboardView]] = {
    PICTURE: PictureView,
    CLIENT: ClientView,
    PASSWORD: PasswordView,
    TEST: TokenView,
    CALL: CallView,
    SECRET: SecretView,
    BREAK: BreakView,
}
