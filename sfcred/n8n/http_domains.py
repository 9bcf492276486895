"""n8n's *Allowed HTTP Request Domains*: where its HTTP Request node may send a credential's token.

Source: credential-domain-restrictions of n8n-workflow 2.40.5 and 2.41.1, run in both. Without the
fields, n8n allows every host. It compares host names only: no scheme, no port, no path.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

MODE_FIELD, DOMAINS_FIELD = "allowedHttpRequestDomains", "allowedDomains"
FIELDS = (MODE_FIELD, DOMAINS_FIELD)

#: A host name, or `*.` and a domain: its subdomains, but not itself.
DOMAIN_PATTERN = r"^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"


class AllowedDomains(NamedTuple):
    """Where the HTTP Request node may send the token: nowhere, to these domains, or anywhere."""

    mode: Literal["none", "domains", "all"]
    domains: tuple[str, ...] = ()

    def fields(self) -> dict[str, object]:
        """Return the fields of a credential's data."""
        data: dict[str, object] = {MODE_FIELD: self.mode}
        if self.mode == "domains":
            data[DOMAINS_FIELD] = ", ".join(self.domains)
        return data


def read_allowed(data: Mapping[str, object]) -> AllowedDomains:
    """Return what n8n reads from a credential's data. Entries that match no host are left out."""
    mode = data.get(MODE_FIELD)
    if mode == "none":
        return AllowedDomains("none")
    if mode != "domains":
        return AllowedDomains("all")
    listed = data.get(DOMAINS_FIELD)
    entries = listed.split(",") if isinstance(listed, str) else []
    hosts = (entry.strip().lower().removesuffix(".") for entry in entries)
    return AllowedDomains("domains", tuple(h for h in hosts if re.fullmatch(DOMAIN_PATTERN, h)))
