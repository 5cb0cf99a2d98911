"""From what was pasted on the home screen to the journey that fits it."""

from typing import TYPE_CHECKING

from cogwizard.ui.given import Given

if TYPE_CHECKING:
    from cogwizard.intake.har import Recording
    from cogwizard.intake.recognise import Recognised
    from cogwizard.ui.app import CogwizardApp

# A paste: its text, as which it was read when the guess was wrong, and the number of a recording's entry.
Paste = tuple[str, str | None, int]


class GoingOn:
    """Remembers what the user went on with last: what was typed beside the same paste in its journey is kept."""

    def __init__(self, wizard: "CogwizardApp") -> None:
        """Nothing was gone on with."""
        self._wizard = wizard
        self._last: tuple[Given, Paste] | None = None

    def start(self, found: "Recognised", text: str, kind: str | None) -> None:
        """Start the journey for `found`; `text` and `kind` are what it was read from."""
        if found.kind == "token":
            self._wizard.action_inspect("\n".join(found.tokens))
        elif found.kind == "error":
            from cogwizard.ui.errortext import ErrorText

            self._wizard.push_screen(ErrorText(found))
        elif found.saved:
            from cogwizard.ui.saved_case import SavedJourney

            self._wizard.push_screen(SavedJourney(found.saved))
        elif found.recording and len(found.recording.failing) > 1 and not found.recording.is_named:
            from cogwizard.ui.recording import PickEntry

            def picked(recording: "Recording | None") -> None:
                if recording is not None:
                    from cogwizard.intake.recognise import of_recording

                    self._troubleshoot(of_recording(recording), text, kind)

            self._wizard.push_screen(PickEntry(found.recording), picked)
        else:
            self._troubleshoot(found, text, kind)

    def _troubleshoot(self, found: "Recognised", text: str, kind: str | None) -> None:
        """Hand the call over, once it is said with which token it is made."""
        session, recording = self._wizard.session, found.recording
        paste = (text, kind, recording.entry.number if recording else 0)
        if self._last is None or self._last[0] is not session.given or self._last[1] != paste:
            session.given = Given(call=found.call, response=found.response_text, recording=recording)
            self._last = (session.given, paste)
        lacks_token = found.kind == "url" or (recording is not None and recording.headers_left_out)
        if lacks_token and not found.tokens and not session.given.token:
            from cogwizard.ui.give_token import GiveToken

            self._wizard.push_screen(GiveToken(), self._token_given)
        else:
            self._wizard.action_troubleshoot()

    def _token_given(self, given: bool | None) -> None:
        """Go on with the token or, when that was said, without one. Closing the question goes back."""
        if given is not None:
            self._wizard.action_troubleshoot()
