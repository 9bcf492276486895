"""The certificate expires soon.

**Finds** a certificate with fewer than 30 days left (change this with `certificate_days` in the
configuration).

**Why it matters** Salesforce doesn't remind you, and every workflow can stop as soon as the
certificate expires.

**How to fix it** Create a new certificate from the same key (`openssl req -x509 -new -key acme.key
-sha256 -days 730 -out acme.crt`), and upload it to the app in place of the old one. n8n keeps its
key. To replace the key as well, run `sfcred keygen acme-crm --rotate`, and change n8n's credential
right after the upload.
If SFC403 or SFC405 reports the key, create a new key as well.

**Source** RFC 5280, section 4.1.2.5.
"""

from collections.abc import Iterator
from datetime import timedelta

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, renewal, usable_certificate
from sfcred.resolve.credential import Credential
from sfcred.text.printable import counted

BAD = Example("{}\n", files={"acme.crt": "certificate-expiring"})
GOOD = Example("{}\n", files={"acme.crt": "certificate-40-days"})


@offline_check(
    "SFC410",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    traits=(Trait.ABOUT_EXPIRY, Trait.TRANSIENT),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report a certificate near its end; SFC409 reports expired ones."""
    certificate = usable_certificate(credential)
    left = certificate.not_after - credential.context.now
    if timedelta(0) <= left < timedelta(days=credential.context.certificate_days):
        days = counted(left.days, "day")
        message = f"the certificate expires on {certificate.not_after:%Y-%m-%d} ({days} left)"
        hint = f"{renewal(certificate)}, and upload it to the app before then."
        yield Problem(message, CERTIFICATE, hint)
