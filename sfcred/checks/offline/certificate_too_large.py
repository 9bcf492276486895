"""The certificate is too large for Salesforce.

**Finds** a certificate file of more than 4 KB.

**Why it matters** Salesforce refuses the upload. A single self-signed certificate has 1 to 2 KB. A
chain of certificates, or one with many names, has more.

**How to fix it** Upload only the first certificate in the file, or the DER form, which is a quarter
smaller: `openssl x509 -in acme.crt -outform DER -out acme.der`.

**Source** Salesforce Help, on digital signatures of connected apps: at most 4 KB.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, usable_certificate
from sfcred.paths import plain_join
from sfcred.resolve.credential import Credential
from sfcred.text.shell import for_shell

BAD = Example("{}\n", files={"acme.crt": "certificate-large"})
GOOD = Example("{}\n", files={"acme.crt": "certificate"})
_MOST = 4096


@offline_check("SFC411", Severity.ERROR, bad=BAD, good=GOOD, flow="jwt", since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check the size of the file, which is what you would upload."""
    certificate = usable_certificate(credential)
    if certificate.size <= _MOST:
        return
    many = f" ({certificate.count} certificates)" if certificate.count > 1 else ""
    size = f"{certificate.size} bytes{many}"
    message = f"the certificate file has {size}; Salesforce accepts at most {_MOST}"
    fits = certificate.der_size <= _MOST
    old = plain_join(credential.folder, credential.named_certificate or "")
    new = for_shell(old.with_suffix(".der"))
    command = f"openssl x509 -in {for_shell(old)} -outform DER -out {new}"
    hint = (
        f"Upload the first one in DER form ({certificate.der_size} bytes): `{command}`."
        if fits
        else "Create a smaller certificate: self-signed, with only a common name."
    )
    yield Problem(message, CERTIFICATE, hint)
