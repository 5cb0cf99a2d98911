"""A web ACL of AWS WAF, as far as it tells who refused a call."""

from dataclasses import dataclass

from cogwizard.model.answer import Answer


@dataclass(frozen=True)
class BlockResponse:
    """What a rule answers in place of the plain 403. `rule` is its name, "" for the default action."""

    rule: str
    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def is_answer(self, answer: Answer) -> bool:
        """Whether an answer is this one: the status, and all that was configured of body and headers.

        A status alone is anybody's: then it is not told.
        """
        told = bool(self.body.strip() or self.headers)
        same_body = not self.body.strip() or answer.body.strip() == self.body.strip()
        return (
            told
            and answer.status == self.status
            and same_body
            and all(answer.header(name) == value for name, value in self.headers)
        )


@dataclass(frozen=True)
class WebAcl:
    """What GetWebACL says. `blocks`: whether anything in it may stop a call; rules of a rule group are not read, and
    may."""

    name: str
    blocks: bool = True
    responses: tuple[BlockResponse, ...] = ()

    def author(self, answer: Answer) -> BlockResponse | None:
        """Return the custom response that an answer is, or None."""
        return next((item for item in self.responses if item.is_answer(answer)), None)
