"""The endpoint that a call goes to: custom domains and their mappings, mutual TLS, default and private endpoints."""

import ipaddress
from collections.abc import Iterable, Iterator

from cogwizard.model.api import Export
from cogwizard.model.case import Case
from cogwizard.model.finding import Evidence, Finding
from cogwizard.model.place import (
    domain_of,
    domain_read,
    find_mapping,
    is_ruled,
    mapping_reads,
    mappings,
    named_api,
    unread_mappings,
)
from cogwizard.model.read import Read, Unread
from cogwizard.model.read_api import GetExport, GetRestApi
from cogwizard.model.route import Route
from cogwizard.model.view import Hole
from cogwizard.steps.step import Say, passed_gate, reading, some

MAPPING, DISABLED, PRIVATE, MUTUAL = "custom-domain-mapping", "execute-api-disabled", "private-endpoint", "mutual-tls"
CODES = (MAPPING, MUTUAL, DISABLED, PRIVATE)
# Where private DNS of a VPC endpoint leads: RFC 1918, RFC 6598, RFC 4193. Loopback is none of a VPC's.
_VPC = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
_NETWORKS = tuple(ipaddress.ip_network(network) for network in _VPC)
# How a handshake or the first read ends where a server wants a certificate that does not come.
_TLS_ENDS = ("TlsFailed", "ConnectionResetError", "RemoteDisconnected", "ProtocolError", "BrokenPipeError")


def wants(case: Case) -> Iterable[Read | None]:
    """The custom domains of the region, and the mappings of the one that was called."""
    yield domain_read(case)
    yield from mapping_reads(case)


def judge(case: Case, say: Say) -> Iterator[Finding]:
    """Yield a finding for each of `CODES`."""
    yield _mapping(case, say)
    yield _mutual(case, say)
    yield _default_endpoint(case, say)
    yield _private(case, say)


def _mapping(case: Case, say: Say) -> Finding:
    """F17 [D]. A domain of another account or region cannot be seen: that is not known, not wrong."""
    target, domain = case.target, domain_of(case)
    if target.form != "custom-domain":
        return say.skipped(MAPPING, "other-host")
    if domain is None:
        if target.rest_api_id:  # the user says where a front's host leads
            return say.skipped(MAPPING, "other-host")
        if case.known(domain_read(case), tuple) is not None:
            return say.unknown(MAPPING, variant="unknown", host=target.host)
        return say.not_read(MAPPING, (domain_read(case),), case)
    if is_ruled(case):
        evidence = Evidence("routing mode", "BASE_PATH_MAPPING_ONLY", domain.routing_mode, "GetDomainNames")
        return say.unknown(MAPPING, evidence, variant="routing-rules", host=target.host)
    if waiting := unread_mappings(case):
        return say.not_read(MAPPING, waiting, case)
    known, source = mappings(case), ", ".join(read.operation for read in mapping_reads(case))
    taken = find_mapping(known, target.path)
    if taken is None:
        shown = some(base for base, *_ in known) or "none"
        evidence = Evidence("mapping", target.path, shown, source)
        variant = "fail" if known else "fail-empty"
        return say.failed(MAPPING, evidence, variant=variant, host=target.host, path=target.path, mappings=shown)
    (_, api, stage), _ = taken
    stage = stage or case.place.stage or "-"
    leads = {"host": target.host, "api": api, "stage": stage}
    if target.rest_api_id not in (None, api) or target.stage not in (None, stage):
        named = f"{target.rest_api_id or api}/{target.stage or stage}"
        evidence = Evidence("mapping", named, f"{api}/{stage}", source)
        return say.warned(MAPPING, evidence, variant="elsewhere", named=named, **leads)
    return say.passed(MAPPING, Evidence("mapping", target.path, f"{api}/{stage}", source), **leads)


def _mutual(case: Case, say: Say) -> Finding:
    """F20 [D]: the custom domain asks for a certificate; the default endpoint never does."""
    domain, seen = domain_of(case), reading(case)
    if case.target.form != "custom-domain":
        return say.skipped(MUTUAL, "other-host")
    if passed_gate(case, MUTUAL):
        return say.passed(MUTUAL, variant="answered")
    if domain is None:
        if case.target.rest_api_id:
            return say.skipped(MUTUAL, "other-host")
        if case.known(domain_read(case), tuple) is not None:
            return say.unknown(MUTUAL, variant="unknown", host=case.target.host)
        return say.not_read(MUTUAL, (domain_read(case),), case)
    if domain.truststore is None:
        return say.passed(MUTUAL, Evidence("mutual TLS", "not set", "not set", "GetDomainNames"))
    evidence = Evidence("mutual TLS", "a client certificate", "none", "the request, GetDomainNames")
    if case.call.client_certificate or case.browser or not case.call_given:
        return say.unknown(MUTUAL, variant="given", host=case.target.host)
    failed = _unanswered(case)
    if (seen is not None and MUTUAL in seen.codes) or (failed is not None and failed.error in _TLS_ENDS):
        return say.failed(MUTUAL, evidence, host=case.target.host)
    return say.unknown(MUTUAL, evidence, variant="not-called", host=case.target.host)


def _default_endpoint(case: Case, say: Say) -> Finding:
    disabled = case.api.endpoint_disabled
    if case.target.form == "custom-domain":
        return say.skipped(DISABLED, "other-host")
    if isinstance(disabled, Hole):
        return say.not_read(DISABLED, disabled.because, case)
    export = case.known(case.api_read(GetExport), Export)
    exported = case.view == "deployed" and export is not None and export.endpoint_disabled is not None
    source = "GetExport" if exported else "GetRestApi"
    evidence = Evidence("default endpoint", "enabled", "disabled" if disabled else "enabled", source)
    if disabled and case.view == "deployed" and not exported and passed_gate(case, DISABLED):
        # The draft's setting stands in for one that no export told: the answer says that it is not deployed.
        return say.passed(DISABLED, Evidence("default endpoint", "enabled", "enabled", "the answer"))
    if disabled:
        return say.failed(DISABLED, evidence, host=case.target.host)
    return say.passed(DISABLED, evidence)


def _private(case: Case, say: Say) -> Finding:
    """F21, F22 [D]; what a private API answers to the internet is not documented (F23 [U])."""
    target, domain, settings = case.target, domain_of(case), case.settings
    if passed_gate(case, PRIVATE):
        return say.passed(PRIVATE, variant="answered")
    by_endpoint = target.form == "execute-api" and target.host.startswith("vpce-")
    if by_endpoint and case.call_given and not named_api(case.call):
        evidence = Evidence("header", "x-apigw-api-id or Host", "not sent", "the request")
        return say.failed(PRIVATE, evidence, variant="fail-unnamed", host=target.host)
    if domain is None and settings is None:
        return say.not_read(PRIVATE, (case.api_read(GetRestApi) or domain_read(case),), case)
    types = domain.endpoint_types if domain else settings.endpoint_types if settings else ()
    source = "GetDomainNames" if domain else "GetRestApi"
    shown = some(types) or "-"
    if "PRIVATE" in types:
        return _of_private(case, say, Evidence("endpoint type", "a public one", shown, source))
    return _of_public(case, say, Evidence("endpoint type", shown, shown, source), shown)


def _of_private(case: Case, say: Say, evidence: Evidence) -> Finding:
    """A private API refuses who comes from outside; one who came through an endpoint, and named it, is let in here."""
    seen, host = reading(case), case.target.host
    if seen is None:
        if _unanswered(case) is not None:
            return say.failed(PRIVATE, evidence, variant="fail-unreachable", host=host)
        return say.unknown(PRIVATE, evidence, variant="not-called", host=host)
    peer = case.observed.peer if case.observed else None
    if PRIVATE not in seen.codes or (peer is None and _explained(case)):
        return say.unknown(PRIVATE, evidence, variant="not-told", host=host)
    if peer is not None and _is_of_vpc(peer):
        reached = Evidence("reached address", peer, peer, "the connection")
        return say.passed(PRIVATE, evidence, reached, variant="inside")
    return say.failed(PRIVATE, evidence, variant="fail-private", host=host)


def _of_public(case: Case, say: Say, evidence: Evidence, shown: str) -> Finding:
    """A public API is refused where private DNS leads its name to a VPC endpoint: the address tells, if known."""
    seen, peer = reading(case), case.observed.peer if case.observed else None
    is_asked = seen is not None and PRIVATE in seen.codes and case.target.form == "execute-api"
    if not is_asked:
        return say.passed(PRIVATE, evidence, types=shown)
    if peer is None:
        if _explained(case):
            return say.passed(PRIVATE, evidence, types=shown)
        return say.unknown(PRIVATE, evidence, variant="from-vpc", host=case.target.host)
    reached = Evidence("reached address", "a public one", peer, "the connection")
    if _is_of_vpc(peer):
        return say.failed(PRIVATE, evidence, reached, variant="fail-from-vpc", host=case.target.host, peer=peer)
    return say.passed(PRIVATE, evidence, reached, types=shown)


def _explained(case: Case) -> bool:
    """Whether something else that is known answers `Forbidden` too: then the answer says nothing of the network."""
    asks_for_key = isinstance(case.route, Route) and case.route.method.api_key_required
    has_acl = case.stage is not None and case.stage.web_acl_arn is not None
    return case.api.endpoint_disabled is True or case.stage_exists is False or has_acl or asks_for_key


def _unanswered(case: Case) -> Unread | None:
    """Return why the replay has no answer, when it was tried and nothing came back."""
    found = case.facts.get(case.replay_read) if case.replay_read else None
    return found if isinstance(found, Unread) and found.reason in ("unreachable", "malformed") else None


def _is_of_vpc(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in _NETWORKS)
