"""What people paste: URLs, curl commands, raw responses, error texts. Pure: standard library only."""
