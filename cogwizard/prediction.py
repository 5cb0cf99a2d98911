"""What API Gateway is predicted to answer: as things are, with the draft deployed, with every cause mended."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from cogwizard.gateway import REFUSALS, gate_of, status_of
from cogwizard.model.case import Case
from cogwizard.model.finding import Finding

# A web ACL that answers for itself: a custom response, a challenge.
_OWN_ANSWERS = {("waf-block", "custom"), ("waf-block", "proven")}


@dataclass(frozen=True)
class Prediction:
    """What API Gateway is predicted to answer. `status` None: not ours to say, or AWS does not document it."""

    status: int | None
    gate: str
    cause: str | None


@dataclass(frozen=True)
class Predictions:
    """The call as things are, with the draft deployed, and with every cause mended."""

    deployed: Prediction
    draft: Prediction
    after_fixes: Prediction

    def renamed(self, codes: Container[str], code: str | None) -> "Predictions":
        """Return the predictions with `code` as the cause where it is one of `codes`."""
        views = (self.deployed, self.draft, self.after_fixes)
        return Predictions(*(replace(item, cause=code) if item.cause in codes else item for item in views))


def predict(case: Case, fails: list[Finding], open_: Sequence[Finding] = ()) -> Prediction:
    """Return the prediction for a view: its first failure; unknown where something is open; else the backend."""
    first = next((item for item in fails if gate_of(item.code) not in (None, "backend")), None)
    if first is not None:
        status = status_of(first.code, {item.type: item.status for item in case.api.responses})
        if (first.code, first.variant) in _OWN_ANSWERS:
            status = None
        return Prediction(status, REFUSALS[first.code].gate, first.code)
    if open_:
        return Prediction(None, "unknown", None)
    return Prediction(None, "backend", None)


def shown(prediction: Prediction) -> str:
    """Return a prediction in a few words, for evidence."""
    if prediction.gate == "backend":
        return "let through"
    if prediction.cause is None:
        return "not known"
    return f"{prediction.status or '?'} {prediction.cause or ''} ({prediction.gate})"
