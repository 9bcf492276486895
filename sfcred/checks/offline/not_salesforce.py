"""My Domain is not a Salesforce host, or not one that sfcred sends secrets to.

**Finds** a `my_domain` that is not under one of Salesforce's domains (including look-alikes like
`acme.my.salesforce.com.example.net`), an IP address, a host for Salesforce's own staff, or a
customer's site (`acme.my.site.com`).

**Why it matters** Whatever answers at this address receives the login: a signed assertion with the
JWT flow, the Consumer Secret and the refresh token with OAuth2. You can lose them to a misspelled
or forged host. A site is under Salesforce's name, but its pages can be a customer's.

**How to fix it** If the name is misspelled (`acme.my.salesforse.com`), the hint has the right one.
Otherwise, in Salesforce, Setup, My Domain, copy "Current My Domain URL" to `my_domain`. If
you do mean this host, for example a site, your custom domain, or a stand-in org for tests, allow it
with `--allow-host` or `SFCRED_ALLOW_HOSTS`. A spec can't allow it, because anyone with a pull
request could change the spec.

**Source** The list of Salesforce's domains in the Salesforce CLI (`@salesforce/core` 9.4.0),
matched from the end of the host; Salesforce Help, My Domain URL Formats.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.resolve.credential import Credential
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import Host, is_destination, meant_host
from sfcred.text.redact import show

BAD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.com.example.net\n")
GOOD = Example("my_domain: https://acme--uat.sandbox.my.salesforce.mil\n")

# Under Salesforce's names, but not on its list of hosts to trust, or with customers' content.
_UNTRUSTED = (HostKind.EXPERIENCE_CLOUD, HostKind.MY_DOMAIN)


@offline_check(
    "SFC105", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.NEVER_BASELINED,)
)
def check(credential: Credential) -> Iterator[Problem]:
    """Judge the host only; SFC107 reports a single word like `acme`, which isn't a host yet."""
    authority = credential.authority
    if authority is None or authority.allowed:
        return
    host = authority.host
    is_word = not any(sign in host.name for sign in ".:") and host.name != "localhost"
    if host.kind is HostKind.INTERNAL:
        hint = "Copy the org's address from Setup, My Domain, Current My Domain URL."
        yield Problem(f"{show(host.name)} is {host.what}", ("my_domain",), hint)
    elif host.kind is HostKind.FOREIGN and not is_word:
        yield Problem(f"{show(host.name)} is {_what(host)}", ("my_domain",), _remedy(host))
    elif host.kind in _UNTRUSTED and not is_destination(host.name):
        hint = (
            "Copy the org's address from Setup, My Domain, Current My Domain URL. If n8n should "
            f"log in here, allow it on the command line: --allow-host {host.name}."
        )
        whose = ", for the site's users" if host.kind is HostKind.EXPERIENCE_CLOUD else ""
        message = f"{show(host.name)} is {host.what}{whose}; sfcred doesn't send secrets there"
        yield Problem(message, ("my_domain",), hint)


def _remedy(host: Host) -> str:
    """Return what to do. To allow a host that imitates Salesforce's is never the answer."""
    copy = "Copy the address from Setup, My Domain, Current My Domain URL."
    if meant := meant_host(host.name):
        return f"It is probably misspelled: did you mean https://{meant}? {copy}"
    if "salesforce" in host.name or "force" in host.name.split("."):
        return copy
    return (
        f"{copy} If you do mean this host, allow it on the command line: --allow-host {host.name}."
    )


def _what(host: Host) -> str:
    if ":" in host.name or host.name.rpartition(".")[2].isdigit():
        return "an IP address, which Salesforce doesn't use for logins"
    looks = ", though it looks like one" if "salesforce" in host.name else ""
    return host.what + looks
