"""Signing in inside the wizard: the app client, its flows, the form, challenges, the browser's way back, the tokens."""
