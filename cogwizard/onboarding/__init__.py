"""From nothing to the first 200: plan, consent, journal, run, resume, tear down. The only part that writes to AWS."""
