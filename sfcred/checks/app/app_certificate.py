"""The app's certificate is missing or differs from the spec's.

**Finds** a JWT credential whose app, in the retrieved metadata, has no certificate, or a different
one from `jwt.certificate`. If the spec names no certificate, it compares the app's with the private
key.

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
from sfcred.checks.lib.apps import in_turn
from sfcred.checks.lib.keys import CERTIFICATE, KEY, usable_certificate, usable_key
from sfcred.errors import NotKnown

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed
    from sfcred.keys.certificate import Certificate

BAD = Example(
    "{}\n",
    files={"other.crt": "certificate-other"},
    deployed="jwt: {certificate: other.crt}\n",
)
GOOD = Example("{}\n", deployed="{}\n")


@app_check("SFC704", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0", flow="jwt")
def check(app: "Deployed") -> Iterator[Problem]:
    """Without `jwt.certificate`, compare with the private key."""
    return in_turn(app, _compare)


def _compare(app: "Deployed") -> Iterator[Problem]:
    found = app.known(app.found.certificate, "certificate")
    at = CERTIFICATE if app.credential.named_certificate else KEY
    if not found:
        message = "the org's app has no certificate, so JWT logins can't work"
        yield Problem(message, at, "Redeploy the app, or upload the certificate.")
        return
    theirs = _read(found)
    if at == CERTIFICATE:
        ours = usable_certificate(app.credential)
        if ours.der != theirs.der:
            message = "the certificate of the org's app differs from jwt.certificate"
            hint = "Upload jwt.certificate to the app, or use the app's certificate and its key."
            yield Problem(message, at, hint)
        return
    key = usable_key(app.credential)
    if key.spki_sha256 != theirs.spki_sha256:
        message = "the certificate of the org's app doesn't match jwt.private_key"
        yield Problem(message, at, "Upload the key's certificate, or use the app's key.")


def _read(text: str) -> "Certificate":
    """Return the org's certificate: orgs return both PEM and bare base64."""
    from sfcred.keys.certificate import Certificate, read_certificate

    found = read_certificate(text.encode("utf-8", "replace"))
    if not isinstance(found, Certificate):
        raise NotKnown(
            f"the certificate of the org's app can't be read: {found.detail}",
            hint="Retrieve the app again.",
        )
    return found
