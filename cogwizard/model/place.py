"""Where a call goes: a custom domain by its mappings, the name of a VPC endpoint by what the headers say."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cogwizard.model.api import DomainName
from cogwizard.model.call import Call, Target
from cogwizard.model.read import Read
from cogwizard.model.read_api import GetBasePathMappings, GetDomainNames
from cogwizard.model.read_http import GetApiMappings

if TYPE_CHECKING:
    from cogwizard.model.case import Case

Mapping = tuple[str, str, str]  # base path ("(none)": AWS's name for the empty one), API id, stage ("": from the URL)
_API_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_API_HOST = re.compile(r"([a-z0-9]{1,64})(?:-vpce-[0-9a-z-]{1,80})?\.execute-api\.", re.IGNORECASE)


def domain_read(case: "Case") -> GetDomainNames | None:
    """Return the read that lists the custom domains; None where the host is no custom domain."""
    return GetDomainNames(case.region) if case.target.form == "custom-domain" and case.region else None


def domain_of(case: "Case") -> DomainName | None:
    """Return the custom domain that the host belongs to, None where it is none of the region's or not known.

    The exact name wins. A wildcard stands for one label (custom domain names, wildcards [D]).
    """
    host = case.target.host.lower()
    wildcard = f"*.{host.partition('.')[2]}"
    names = {item.name.lower(): item for item in case.known(domain_read(case), tuple) or ()}
    return names.get(host) or names.get(wildcard)


def mapping_reads(case: "Case") -> tuple[GetBasePathMappings | GetApiMappings, ...]:
    """Return the reads of the domain's mappings, once the domain is known to be ours.

    API Gateway has two lists of them: only v2's takes base paths of several levels and HTTP APIs (custom domain names,
    API mappings [D]); whether v1's leaves those out is not documented. A private domain name has v1's alone.
    """
    domain = domain_of(case)
    if domain is None:
        return ()
    region = case.region or ""
    if "PRIVATE" in domain.endpoint_types:
        return (GetBasePathMappings(region, domain.name, domain.id),)
    return (GetBasePathMappings(region, domain.name), GetApiMappings(region, domain.name))


def mappings(case: "Case") -> tuple[Mapping, ...]:
    """Return the domain's mappings as far as they are known, each base path once."""
    found = {item[0]: item for read in mapping_reads(case) for item in case.known(read, tuple) or ()}
    return tuple(found.values())


def unread_mappings(case: "Case") -> tuple[Read, ...]:
    """Return the reads that tell where a custom domain leads and gave nothing, or were not made."""
    read = domain_read(case)
    if read is not None and case.known(read, tuple) is None:
        return (read,)
    return tuple(item for item in mapping_reads(case) if case.known(item, tuple) is None and not case.absent(item))


def find_mapping(found: tuple[Mapping, ...], path: str) -> tuple[Mapping, str] | None:
    """Return the mapping that takes a path, and what is left of the path: the longest whole prefix wins [D]."""
    for mapping in sorted(found, key=lambda item: -len(item[0]) if item[0] != "(none)" else 0):
        prefix = "" if mapping[0] == "(none)" else f"/{mapping[0]}"
        if path == prefix or path.startswith(f"{prefix}/"):
            return mapping, path[len(prefix) :] or "/"
    return None


def is_ruled(case: "Case") -> bool:
    """Whether routing rules, which are not read, may decide where the domain leads (routing modes [D])."""
    domain = domain_of(case)
    return domain is not None and domain.routing_mode.startswith("ROUTING_RULE")


def resolve(case: "Case") -> Target:
    """Return the target with API, stage and path, as far as they are known. What the user named is not overruled."""
    target = case.target
    if target.form == "execute-api" and not target.rest_api_id:
        return replace(target, rest_api_id=named_api(case.call))
    taken = find_mapping(mappings(case), target.path) if target.form == "custom-domain" else None
    if taken is None or is_ruled(case):
        return target
    (_, api, stage), path = taken
    if target.rest_api_id not in (None, api):
        return target
    if target.rest_api_id is None and mapping_reads(case)[-1] in unread_mappings(case):
        return target  # a longer base path may take the call: only the last of the lists holds all
    if not stage or stage == "(none)":
        stage, _, rest = path.lstrip("/").partition("/")
        path = f"/{rest}"
    return replace(target, rest_api_id=api, stage=target.stage or stage or None, path=path)


def named_api(call: Call) -> str | None:
    """Return the API that a call through a VPC endpoint's own name means: by x-apigw-api-id or Host (KC-VPC [D])."""
    for value in call.values("x-apigw-api-id"):
        if _API_ID.fullmatch(value.strip()):
            return value.strip()
    found = next((match for value in call.values("host") if (match := _API_HOST.match(value.strip()))), None)
    return found[1].lower() if found else None
