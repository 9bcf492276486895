"""The certificate expires soon.

**Finds** a certificate with fewer than 30 days left (`certificate_days` in the configuration).

**Why it matters** Salesforce sends no reminder for it, and on the day after, every workflow may
stop.

**How to fix it** Make a new certificate from the same key, and upload it to the app in place of the
old one; n8n keeps its key. With a new key, change n8n's credential right after the upload.

**Source** RFC 5280, section 4.1.2.5.
"""

from collections.abc import Iterator
from datetime import timedelta

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, usable_certificate
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-expiring"})
GOOD = Example("{}\n", files={"acme.crt": "certificate-40-days"})


@offline_check("SFC410", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """What has expired is SFC409's."""
    certificate = usable_certificate(credential)
    if certificate is None:
        return
    left = certificate.not_after - credential.context.now
    if timedelta(0) <= left < timedelta(days=credential.context.certificate_days):
        message = f"the certificate expires on {certificate.not_after:%Y-%m-%d} ({left.days} days)"
        hint = "Make a new one from the same key, and upload it to the app in time."
        yield Problem(message, CERTIFICATE, hint)
