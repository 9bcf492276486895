"""The private key and the certificate are not a pair.

**Finds** a certificate with another public key than the private key's, and a file that is no
certificate at all.

**Why it matters** Salesforce checks the signature with the certificate that was uploaded, and
answers `invalid_grant: invalid assertion`.

**How to fix it** Refer to the certificate that was made from this key, and upload that one:
External Client App Manager, the app, Settings, OAuth Settings, JWT Bearer Flow (Connected App: App
Manager, the app, Edit, Use digital signatures).

**Source** RFC 7523, section 3; the public keys of both are compared by their SHA-256.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, usable_certificate, usable_key
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-other"})
GOOD = Example("{}\n", files={"acme.crt": "certificate-40-days"})


@offline_check("SFC408", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """First whether it is a certificate, then whether it fits."""
    if credential.flow != "jwt":
        return
    from sfcred.keys.certificate import CertificateProblem, UnusableCertificate

    found = credential.certificate
    if isinstance(found, UnusableCertificate):
        if found.problem is not CertificateProblem.PRIVATE_KEY:  # SFC412's
            hint = "Refer to the file that begins with BEGIN CERTIFICATE."
            yield Problem(f"jwt.certificate is no certificate: {found.detail}", CERTIFICATE, hint)
        return
    key, certificate = usable_key(credential), usable_certificate(credential)
    if key and certificate and key.spki_sha256 != certificate.spki_sha256:
        message = f"the certificate ({certificate.public_key}) is not the private key's"
        hint = "Refer to the certificate that was made from this key, and upload that one."
        yield Problem(message, CERTIFICATE, hint)
