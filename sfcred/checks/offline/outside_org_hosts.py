"""n8n would send secrets to a host outside SFCRED_ORG_HOSTS.

**Finds** a credential that makes n8n contact a host that is not one of `SFCRED_ORG_HOSTS` or
`--org-host`. If you use neither, it finds nothing.

**Why it matters** n8n doesn't always log in at `my_domain`. It ignores that field for JWT before
2.20.0, and for OAuth2 from 2.41.0 on. It then uses login.salesforce.com or test.salesforce.com,
depending on the Environment Type. `sfcred render` and `sfcred push` refuse such a credential.

**How to fix it** If `my_domain` is outside, compare it with Setup, My Domain, and with the hosts in
`SFCRED_ORG_HOSTS`. If the host is a general login host, you have three options: use the JWT flow;
set `n8n.version` (without it, sfcred assumes that it could be any version); or add the general host
to `SFCRED_ORG_HOSTS`. If your n8n runs with the output of `sfcred render --target n8n-overwrite`,
it doesn't use the general host, but sfcred can't see that.

**Source** Tested with n8n 2.40.5 and 2.41.1; n8n-nodes-base 2.19.0 and 2.20.0.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.errors import NotKnown
from sfcred.http.trust import require_targets
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import import_targets

_OWN = "acme--uat.sandbox.my.salesforce.com"
BAD = Example('n8n:\n  version: "2.41.0"\n', base="oauth2", setting=f"org_hosts={_OWN}")
GOOD = Example('n8n:\n  version: "2.40.7"\n', base="oauth2", setting=f"org_hosts={_OWN}")


@offline_check(
    "SFC114",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    follows=("SFC107",),
    traits=(Trait.NEVER_BASELINED, Trait.TRANSIENT),
    answered_by=("n8n-overwrite", "push"),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Judge only whether hosts are in SFCRED_ORG_HOSTS; SFC105 judges the hosts themselves."""
    if credential.context.org_hosts is None:
        return
    for target in import_targets(credential):
        try:
            require_targets([target], credential.context, fence_only=True)
        except NotKnown as reason:
            route = ("n8n", "version") if target.why else ("my_domain",)
            yield Problem(reason.message, route, reason.hint)
