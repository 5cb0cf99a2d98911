"""Signing in: the flows of interface section 5, challenge by challenge."""
