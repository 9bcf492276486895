"""The chosen flow lacks something that it needs.

**Finds** a spec without any flow, OAuth2 or client credentials without a Consumer Secret, JWT
without a username or a private key, `n8n.http_request: org` without `my_domain` (`org` is the
default with `n8n.type`), and `n8n.type` with JWT. A refresh token without `my_domain` is a warning,
unless `n8n.type` is set. So is `n8n.type` with `n8n.http_request: none`, or with a list that has
neither the org's host nor another Salesforce host.

**Why it matters** n8n imports an incomplete credential without a warning, and the workflow fails
later. A credential that arrives connected also needs the org's own address, because n8n sends its
API calls there. Without it, `sfcred render` can only keep the token that n8n has (`--merge-from`),
and refuses anything else. n8n's generic credential (`n8n.type: oAuth2Api`) has no JWT login, and
only HTTP Request nodes use it.

**How to fix it** Add the field that the message names. The field's description tells you where to
find the value in Salesforce. Editors show it if the spec starts with the schema line.

**Source** Tested with import:credentials and the Salesforce node of n8n 2.40.5.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.n8n_version import has_my_domain
from sfcred.resolve.credential import Credential
from sfcred.resolve.flow import FLOWS, declared_flows
from sfcred.resolve.http_request import decide_http_request, default_hosts
from sfcred.salesforce.host_tables import HostKind
from sfcred.salesforce.hosts import classify
from sfcred.spec.model import Spec
from sfcred.spec.source import Route, route_text
from sfcred.urls import take_apart

BAD = Example("jwt:\n  username: null\n")
GOOD = Example("oauth2:\n  refresh_token: null\n", base="oauth2")

_NEEDED: dict[str, tuple[Route, ...]] = {
    "oauth2": (("oauth2", "client_secret"),),
    "jwt": (("jwt", "username"), ("jwt", "private_key")),
    "client_credentials": (("client_credentials", "client_secret"),),
}
_ADD_MY_DOMAIN = "Add my_domain (Setup, My Domain, Current My Domain URL)."
_EXAMPLES = {
    "client_secret": "{env: ACME_CLIENT_SECRET}",
    "username": "n8n@acme.com",
    "private_key": "{file: ../secrets/acme.key}",
}


@offline_check("SFC102", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", explains=("flow",))
def check(credential: Credential) -> Iterator[Problem]:
    """Report what the flow needs and the spec lacks."""
    spec, flow = credential.spec, credential.decision.flow
    if flow is None:
        if not declared_flows(spec):
            yield _undeclared(spec)
        return
    for route in _NEEDED[flow]:
        if credential.declared(route) is None:
            field = str(route[-1])
            hint = f"Add `{field}: {_EXAMPLES[field]}` under `{route[0]}:`."
            # Without its section, `flow` is what asks for it.
            place = route if getattr(spec, flow) or not spec.flow else ("flow",)
            yield Problem(f"the {flow} flow needs {route_text(route)}", place, hint)
    token: Route = ("oauth2", "refresh_token")
    needs_org = flow == "oauth2" and not credential.has_generic_type
    if needs_org and credential.declared(token) is not None and not spec.my_domain:
        message = (
            "a refresh token needs my_domain, because n8n sends its API calls to the org's "
            "address: without it, render can only keep n8n's own token (--merge-from)"
        )
        yield Problem(message, token, _ADD_MY_DOMAIN, severity=Severity.WARNING)
    yield from _n8n(credential)


def _undeclared(spec: Spec) -> Problem:
    """Return the problem of a spec without any flow; it names a section that is there, but empty.

    `jwt:` with nothing indented below it is YAML for `jwt: null`.
    """
    empty = next((flow for flow in FLOWS if flow in spec.model_fields_set), None)
    if empty is None:
        hint = "Add a `jwt:`, an `oauth2:` or a `client_credentials:` section."
        return Problem("no flow is declared", ("flow",) if spec.flow else ("name",), hint)
    needed = " and ".join(f"`{route[-1]}: {_EXAMPLES[str(route[-1])]}`" for route in _NEEDED[empty])
    hint = f"Write {needed} below it, indented by two spaces."
    return Problem(f"no flow is declared: the section {empty} is empty", (empty,), hint)


def _n8n(credential: Credential) -> Iterator[Problem]:
    """Report what n8n's credential type and its hosts need."""
    n8n = credential.spec.n8n
    if n8n is None:
        return
    if n8n.type and credential.flow == "jwt":
        message = "n8n's generic credential (n8n.type) has no JWT login"
        hint = "Remove n8n.type, or use the oauth2 or client_credentials flow."
        yield Problem(message, ("n8n", "type"), hint)
    yield from _hosts(credential, n8n.http_request)


def _hosts(credential: Credential, stated: str | list[str] | None) -> Iterator[Problem]:
    """Report hosts with which no node can use the credential."""
    wanted = stated or default_hosts(credential)
    at: Route = ("n8n", "http_request" if stated else "type")
    if wanted == "org" and not has_my_domain(credential):
        set_to = "" if stated else "n8n.type means "
        message = f"{set_to}n8n.http_request: org needs my_domain, the address of the org"
        yield Problem(message, at, _ADD_MY_DOMAIN)
    if not credential.has_generic_type:
        return
    if wanted == "none":
        message = "nothing can use this credential: only HTTP Request nodes could, and none may"
        hint = "Set n8n.http_request to org or to a list of hosts."
        yield Problem(message, at, hint, severity=Severity.WARNING)
    elif isinstance(wanted, list) and not _reach_salesforce(credential, wanted):
        message = "n8n sends this credential's token only to other hosts than the org's"
        hint = "Set n8n.http_request to org, or add the host of my_domain to the list."
        yield Problem(message, at, hint, severity=Severity.WARNING)


def _reach_salesforce(credential: Credential, hosts: list[str]) -> bool:
    """Return whether the token may go to the org, or to a Salesforce host that orgs share."""
    allowed = decide_http_request(credential).allowed
    authority = credential.authority
    if authority and allowed.allows(take_apart(authority.url).host.lower()):
        return True
    kinds = {classify(host.lower().removeprefix("*.")).kind for host in hosts}
    needs_own = has_my_domain(credential)
    return bool(kinds - {HostKind.FOREIGN} - ({HostKind.MY_DOMAIN} if needs_own else set()))
