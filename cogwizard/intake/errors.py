"""What is wrong with a paste, free of language."""

from cogwizard.model.inert import scrub


class BadInput(ValueError):
    """A paste that cannot be read.

    `key` names a sentence of the catalogue (`[messages]` of text/*/intake.toml), `params` fill it: inert, at most 80
    characters each, never a secret. `str()` gives the key only.
    """

    def __init__(self, key: str, /, **params: str) -> None:
        super().__init__(key)
        self.key = key
        self.params = {name: scrub(value)[:80] for name, value in params.items()}
