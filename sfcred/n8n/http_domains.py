"""n8n's *Allowed HTTP Request Domains*: where its HTTP Request node may send a credential's token.

Source: credential-domain-restrictions of n8n-workflow 2.40.5 and 2.41.1, run in both. Without the
fields, n8n allows every host. It compares host names only: no scheme, no port, no path.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from sfcred.n8n.expression import read_literal

MODE_FIELD, DOMAINS_FIELD = "allowedHttpRequestDomains", "allowedDomains"
FIELDS = (MODE_FIELD, DOMAINS_FIELD)
MODES = ("all", "none", "domains")

#: A host name, or `*.` and a domain: its subdomains, but not itself.
DOMAIN_PATTERN = r"^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"
#: The length limit of a DNS name (RFC 1035, section 3.1).
HOST_LENGTH = 253


class AllowedDomains(NamedTuple):
    """Where the HTTP Request node may send the token: nowhere, to these domains, or anywhere."""

    mode: Literal["none", "domains", "all"]
    domains: tuple[str, ...] = ()

    def allows(self, host: str) -> bool:
        """Return whether n8n lets a request to a host have the token. The host is in lower case."""
        if self.mode != "domains":
            return self.mode == "all"
        return any(
            host.endswith(one[1:]) if one.startswith("*.") else host == one for one in self.domains
        )

    def fields(self) -> dict[str, object]:
        """Return the fields of a credential's data."""
        data: dict[str, object] = {MODE_FIELD: self.mode}
        if self.mode == "domains":
            data[DOMAINS_FIELD] = ", ".join(self.domains)
        return data


def read_allowed(data: Mapping[str, object]) -> AllowedDomains:
    """Return what n8n reads from a credential's data. Entries that match no host are left out."""
    stored = data.get(MODE_FIELD)
    mode = read_literal(stored) if isinstance(stored, str) else stored
    if mode == "none":
        return AllowedDomains("none")
    if mode != "domains":
        return AllowedDomains("all")
    listed = data.get(DOMAINS_FIELD)
    entries = listed.split(",") if isinstance(listed, str) else []
    hosts = (entry.strip().lower().removesuffix(".") for entry in entries)
    return AllowedDomains("domains", tuple(h for h in hosts if re.fullmatch(DOMAIN_PATTERN, h)))
