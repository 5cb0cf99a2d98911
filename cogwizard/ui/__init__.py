"""The wizard: screens over the same steps, judgement and report that `cogwizard diagnose` has."""
