"""The app's certificate is missing or differs from the spec's.

**Finds** a JWT credential whose app, in the retrieved metadata, has no certificate, or a different
one from `jwt.certificate`.

**Why it matters** Salesforce verifies the login's signature with the app's certificate. If it
doesn't match, the login ends with `invalid_grant: invalid assertion`. Deploying the app without its
certificate removes it.

**How to fix it** Deploy the app from the spec (`sfcred app`), or upload the certificate: Setup,
External Client App Manager, the app, Settings, OAuth Settings, JWT Bearer Flow (Connected App: App
Manager, the app, Edit, Use digital signatures).

**Source** Metadata API Developer Guide, ExtlClntAppGlobalOauthSettings and ConnectedAppOauthConfig:
certificate. sfcred compares the two certificates' content.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example(
    "{}\n",
    files={"other.crt": "certificate-other"},
    deployed="jwt: {certificate: other.crt}\n",
)
GOOD = Example("{}\n", deployed="{}\n")


@app_check("SFC704", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare content: orgs return certificates both as PEM and as bare base64."""
    if app.found is None or not app.wanted.certificate:
        return
    if not app.found.certificate:
        message = "the org's app has no certificate, so JWT logins can't work"
        hint = "Redeploy the app, or upload the certificate."
        yield Problem(message, ("jwt", "certificate"), hint)
    elif _bare(app.found.certificate) != _bare(app.wanted.certificate):
        message = "the certificate of the org's app differs from jwt.certificate"
        hint = "Upload jwt.certificate to the app, or use the app's certificate and its key here."
        yield Problem(message, ("jwt", "certificate"), hint)


def _bare(text: str) -> str:
    """Return a certificate's base64 without PEM lines and white space."""
    lines = (line.strip() for line in text.splitlines())
    return "".join(line for line in lines if not line.startswith("-----")).replace(" ", "")
