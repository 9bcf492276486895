"""The certificate is signed with a weak algorithm.

**Finds** a certificate whose signature uses SHA-1 or MD5.

**Why it matters** Many systems no longer accept such certificates, and Salesforce may refuse the
upload.

**How to fix it** Create a new one from the same key: `openssl req -x509 -new -key acme.key -sha256
-days 730 -out acme.crt`.
If SFC403 or SFC405 reports the key, create a new key as well.

**Source** RFC 6194 (SHA-1) and RFC 6151 (MD5).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, renewal, usable_certificate
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-sha1"})
GOOD = Example("{}\n", files={"acme.crt": "certificate"})


@offline_check("SFC413", Severity.WARNING, bad=BAD, good=GOOD, flow="jwt", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check the hash algorithm of the signature."""
    certificate = usable_certificate(credential)
    if certificate.signature_hash in ("sha1", "md5"):
        message = f"the certificate is signed with {certificate.signature_hash.upper()}"
        yield Problem(message, CERTIFICATE, f"{renewal(certificate)}, with SHA-256.")
