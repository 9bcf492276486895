"""The certificate file contains a private key.

**Finds** a file in `jwt.certificate` with a private key in it.

**Why it matters** The certificate is public: you commit it, and upload it to Salesforce. Anyone
with the private key can log in as the integration user.

**How to fix it** Keep only the part from BEGIN CERTIFICATE to END CERTIFICATE. If the file was ever
pushed or uploaded, create a new key pair.

**Source** RFC 7468: a file can hold several objects, each between its own lines.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-with-key"})
GOOD = Example("{}\n", files={"acme.crt": "certificate"})


@offline_check("SFC412", Severity.ERROR, bad=BAD, good=GOOD, flow="jwt", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Find a key next to the certificate, or instead of it."""
    from sfcred.keys.certificate import CertificateProblem, UnusableCertificate

    found = credential.certificate
    if isinstance(found, UnusableCertificate):
        holds = found.problem is CertificateProblem.PRIVATE_KEY
    else:
        holds = found.holds_private_key
    if holds:
        hint = (
            "Set jwt.certificate to the file that starts with BEGIN CERTIFICATE."
            if isinstance(found, UnusableCertificate)
            else "Keep only the certificate in it."
        )
        hint += " If you ever shared the file, make a new key pair."
        yield Problem("the public certificate file contains a private key", CERTIFICATE, hint)
