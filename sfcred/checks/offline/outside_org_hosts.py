"""n8n would send secrets to a host outside of SFCRED_ORG_HOSTS.

**Finds** a credential for which n8n would contact a host that is not one of `SFCRED_ORG_HOSTS` or
`--org-host`. Without these two it finds nothing.

**Why it matters** Where n8n logs in is not always what `my_domain` says. Before 2.20.0 n8n ignores
it for JWT, and from 2.41.0 on for OAuth2: it goes to login.salesforce.com or test.salesforce.com,
by the Environment Type. `sfcred render` and `sfcred push` refuse such a credential.

**How to fix it** If `my_domain` is outside, compare it with Setup, My Domain, and with the hosts of
`SFCRED_ORG_HOSTS`. If it is a general login host, there are three ways: use the JWT flow; give
`n8n.version` (it decides, and without it every version counts); or name the general host in
`SFCRED_ORG_HOSTS`, too. If your n8n runs with the output of `sfcred render --target n8n-overwrite`,
it doesn't use the general host, but sfcred can't see that.

**Source** n8n 2.40.5 and 2.41.1, run; n8n-nodes-base 2.19.0 and 2.20.0.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.http.trust import require_targets
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import import_targets

_OWN = "acme--uat.sandbox.my.salesforce.com"
BAD = Example('n8n:\n  version: "2.41.0"\n', base="oauth2", setting=f"org_hosts={_OWN}")
GOOD = Example('n8n:\n  version: "2.40.7"\n', base="oauth2", setting=f"org_hosts={_OWN}")


@offline_check("SFC114", Severity.ERROR, bad=BAD, good=GOOD, follows=("SFC107",))
def check(credential: Credential) -> Iterator[Problem]:
    """The fence alone: SFC105 judges hosts as such."""
    if credential.context.org_hosts is None:
        return
    for target in import_targets(credential):
        try:
            require_targets([target], credential.context, fence_only=True)
        except NotKnown as reason:
            route = ("n8n", "version") if target.why else ("my_domain",)
            yield Problem(reason.message, route, reason.hint)
