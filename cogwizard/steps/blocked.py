"""What a web ACL answers in place of API Gateway: it looks like a backend's answer, and only its settings tell."""

from dataclasses import replace

from cogwizard.gateway import Reading, read_answer
from cogwizard.model.case import Case
from cogwizard.model.firewall import WebAcl
from cogwizard.model.read_waf import GetWebAcl


def web_acl_read(case: Case) -> GetWebAcl | None:
    """Return the read of the stage's web ACL where a refusal may be its own, else None.

    A custom response has no error type of another gate, and wins over WAF_FILTERED (2.1 [D]). The classic AWS WAF has
    no custom responses.
    """
    arn = case.stage.web_acl_arn if case.stage else None
    if not arn or ":wafv2:" not in arn or case.observed is None or case.observed.status < 400 or not case.api_region:
        return None
    seen = read_answer(case.observed)
    return GetWebAcl(case.api_region, arn) if seen.error_type is None or "waf" in seen.gates else None


def told_by_web_acl(seen: Reading, case: Case) -> Reading:
    """Return the reading of the observed answer with its author, where that is the web ACL by its settings."""
    acl = case.known(web_acl_read(case), WebAcl)
    if acl is None or case.observed is None or acl.author(case.observed) is None:
        return seen
    return replace(seen, gates=("waf",), codes=("waf-block",), proves="waf-block")
