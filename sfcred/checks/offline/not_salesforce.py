"""A host that isn't Salesforce's, or that sfcred sends no secret to.

**Finds** a host in `my_domain` that is below none of Salesforce's domains (a look-alike such as
`acme.my.salesforce.com.example.net` is one of them), an IP address, a host that only
Salesforce's own staff uses, or a site of a customer (`acme.my.site.com`).

**Why it matters** Whatever answers at this address is handed the login: a signed assertion with
the JWT flow, the Consumer Secret and the refresh token with OAuth2. A misspelt or forged host is a
way to lose them. A site has Salesforce's name, but what answers there may be a customer's page.

**How to fix it** In Salesforce, Setup, My Domain, copy "Current My Domain URL" to `my_domain`. If
the host is meant, such as a site or a custom domain of yours, or a stand-in org for tests, allow it
with `--allow-host` or `SFCRED_ALLOW_HOSTS`; a spec can't do that itself, because a pull request
could change it.

**Source** The list of Salesforce's domains in Salesforce's own command line (`@salesforce/core`
9.4.0), matched from the end of the host; Salesforce Help, My Domain URL Formats.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.redact import show
from sfcred.resolve.credential import Credential
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import Host, is_destination

BAD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.com.example.net\n")
GOOD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.mil\n")

# Salesforce's names, but not on its own list of hosts to trust, or a customer's content.
_UNTRUSTED = (HostKind.EXPERIENCE_CLOUD, HostKind.MY_DOMAIN)


@offline_check(
    "SFC105", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.NEVER_BASELINED,)
)
def check(credential: Credential) -> Iterator[Problem]:
    """Judges the host alone; a single word such as `acme` is no host yet, and SFC107's."""
    authority = credential.authority
    if authority is None or authority.allowed:
        return
    host = authority.host
    is_word = not any(sign in host.name for sign in ".:") and host.name != "localhost"
    if host.kind is HostKind.INTERNAL:
        hint = "Take the org's address from Setup, My Domain, Current My Domain URL."
        yield Problem(f"{show(host.name)} is {host.what}", ("my_domain",), hint)
    elif host.kind is HostKind.FOREIGN and not is_word:
        hint = (
            "Take the address from Setup, My Domain, Current My Domain URL. If this host is meant, "
            f"allow it on the command line: --allow-host {host.name}."
        )
        yield Problem(f"{show(host.name)} is {_what(host)}", ("my_domain",), hint)
    elif host.kind in _UNTRUSTED and not is_destination(host.name):
        hint = (
            "Take the org's address from Setup, My Domain, Current My Domain URL. If n8n is to log "
            f"in here, allow it on the command line: --allow-host {host.name}."
        )
        message = f"{show(host.name)} is {host.what}, and no secret is sent there"
        yield Problem(message, ("my_domain",), hint)


def _what(host: Host) -> str:
    if ":" in host.name or host.name.rpartition(".")[2].isdigit():
        return "an IP address, and Salesforce has none for logins"
    looks = ", though it looks like one" if "salesforce" in host.name else ""
    return host.what + looks
