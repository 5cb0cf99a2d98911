"""Saved cases: the evidence of a diagnosis without its secrets, from which anybody gets the same findings."""
