"""The app has another certificate than the spec's, or none.

**Finds** a JWT credential whose app has no certificate in the retrieved metadata, or another one
than `jwt.certificate` names.

**Why it matters** Salesforce checks the signature with the app's certificate: the login ends with
`invalid_grant: invalid assertion`. A deployment that left the certificate out takes it away.

**How to fix it** Deploy the app from the spec (`sfcred app`), or upload the certificate: Setup,
External Client App Manager, the app, Settings, OAuth Settings, JWT Bearer Flow (Connected App: App
Manager, the app, Edit, Use digital signatures).

**Source** Metadata API Developer Guide, ExtlClntAppGlobalOauthSettings and
ConnectedAppOauthConfig: certificate. The SHA-256 of both are compared.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check

if TYPE_CHECKING:
    from sfcred.resolve.blueprint import Deployed

BAD = Example(
    "{}\n",
    files={"other.crt": "certificate-other"},
    deployed="jwt: {certificate: other.crt}\n",
)
GOOD = Example("{}\n", deployed="{}\n")


@app_check("SFC704", Severity.ERROR, bad=BAD, good=GOOD)
def check(app: "Deployed") -> Iterator[Problem]:
    """In PEM or as bare base64: both come back from orgs."""
    if app.found is None or not app.wanted.certificate:
        return
    if not app.found.certificate:
        message = "the org's app has no certificate, so that no JWT login works"
        yield Problem(message, ("jwt", "certificate"), "Deploy the app anew, or upload it.")
    elif _bare(app.found.certificate) != _bare(app.wanted.certificate):
        message = "the org's app has another certificate than jwt.certificate"
        hint = "Upload this one, or name the one that the app has (and use its key)."
        yield Problem(message, ("jwt", "certificate"), hint)


def _bare(text: str) -> str:
    """The base64 of a certificate, in whatever shape it stands."""
    lines = (line.strip() for line in text.splitlines())
    return "".join(line for line in lines if not line.startswith("-----")).replace(" ", "")
