"""The private key and the certificate are not a pair.

**Finds** a certificate whose public key isn't the private key's, and a file that is not a
certificate. If the file has several certificates, such as a chain, only the first one counts; the
message then says which of them is the key's.

**Why it matters** Salesforce verifies the signature with the uploaded certificate. If it isn't the
key's, Salesforce answers `invalid_grant: invalid assertion`.

**How to fix it** Set `jwt.certificate` to the certificate that was made from this key, and upload
that one alone: External Client App Manager, the app, Settings, OAuth Settings, JWT Bearer Flow
(Connected App: App Manager, the app, Edit, Use digital signatures).

**Source** RFC 7523, section 3. sfcred compares the SHA-256 of both public keys.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, usable_certificate, usable_key
from sfcred.resolve.credential import Credential

if TYPE_CHECKING:
    from sfcred.keys.certificate import Certificate

BAD = Example("{}\n", files={"acme.crt": "certificate-other"})
GOOD = Example("{}\n", files={"acme.crt": "certificate-40-days"})


@offline_check(
    "SFC408",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    follows=("SFC403", "SFC405"),  # the new key comes with its certificate
    flow="jwt",
    rules_out="key and certificate are a pair",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check that it is a certificate, then that it matches the key."""
    from sfcred.keys.certificate import CertificateProblem, UnusableCertificate

    found = credential.certificate
    if isinstance(found, UnusableCertificate):
        if found.problem is CertificateProblem.UNREADABLE:
            usable_certificate(credential)  # raises: nothing was compared
        if found.problem is not CertificateProblem.PRIVATE_KEY:  # SFC412's
            message = f"jwt.certificate is not a certificate: {found.detail}"
            hint = "Set jwt.certificate to the file that starts with BEGIN CERTIFICATE."
            yield Problem(message, CERTIFICATE, hint)
        return
    key, certificate = usable_key(credential), usable_certificate(credential)
    if key.spki_sha256 != certificate.spki_sha256:
        yield _mismatch(certificate, key.spki_sha256)


def _mismatch(certificate: "Certificate", spki_sha256: str) -> Problem:
    """Return the problem; it names the file's other certificate that matches, if one does."""
    message = f"the certificate ({certificate.public_key}) doesn't match the private key"
    hint = "Set jwt.certificate to the certificate of this key, and upload that one to the app."
    if certificate.count > 1:
        message = (
            f"the first of the file's {certificate.count} certificates doesn't match the private "
            "key"
        )
    if spki_sha256 in certificate.later_keys:
        message += f", but number {certificate.later_keys.index(spki_sha256) + 2} does"
        hint = "Keep only that certificate in the file, and upload it to the app."
    return Problem(message, CERTIFICATE, hint)
