"""The certificate's file contains the private key.

**Finds** a file under `jwt.certificate` with a private key in it.

**Why it matters** The certificate is public: it is committed, and uploaded to Salesforce. Whoever
has the private key can log in as the integration user.

**How to fix it** Keep only the part from BEGIN CERTIFICATE to END CERTIFICATE. If the file was ever
pushed or uploaded, make a new key pair.

**Source** RFC 7468: one file may hold several objects, each between its own lines.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-with-key"})
GOOD = Example("{}\n", files={"acme.crt": "certificate"})


@offline_check("SFC412", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """A key beside the certificate, or instead of it."""
    if credential.flow != "jwt":
        return
    from sfcred.keys.certificate import CertificateProblem, UnusableCertificate

    found = credential.certificate
    if isinstance(found, UnusableCertificate):
        holds = found.problem is CertificateProblem.PRIVATE_KEY
    else:
        holds = found.holds_private_key
    if holds:
        hint = "Keep only the certificate in it; if it was ever shared, make a new key pair."
        yield Problem("the public certificate's file contains a private key", CERTIFICATE, hint)
