"""The certificate is signed with a weak algorithm.

**Finds** a certificate whose signature uses SHA-1 or MD5.

**Why it matters** Such certificates are no longer accepted by many systems, and Salesforce may
refuse the upload.

**How to fix it** Make a new one from the same key: `openssl req -x509 -new -key acme.key -sha256
-days 730 -out acme.crt`.

**Source** RFC 6194 (SHA-1) and RFC 6151 (MD5).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, usable_certificate
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-sha1"})
GOOD = Example("{}\n", files={"acme.crt": "certificate"})


@offline_check("SFC413", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """By the hash of its signature."""
    certificate = usable_certificate(credential)
    if certificate and certificate.signature_hash in ("sha1", "md5"):
        message = f"the certificate is signed with {certificate.signature_hash.upper()}"
        yield Problem(message, CERTIFICATE, "Make a new one from the same key, with SHA-256.")
