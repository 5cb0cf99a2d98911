"""Joining an API that is there, by the cogwizard.toml of its repository."""
