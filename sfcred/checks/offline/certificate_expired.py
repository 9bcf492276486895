"""The certificate is expired or not yet valid.

**Finds** a certificate that has expired, or whose validity period hasn't started.

**Why it matters** Salesforce may refuse every login with it. Reports differ on whether it refuses
an expired certificate, and production is the wrong place to find out.

**How to fix it** Create a new certificate from the same key (`openssl req -x509 -new -key acme.key
-sha256 -days 730 -out acme.crt`) and upload it to the app. n8n keeps its key.
If SFC403 or SFC405 reports the key, create a new key as well.

**Source** RFC 5280, section 4.1.2.5.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.checks.lib.keys import CERTIFICATE, renewal, usable_certificate
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.crt": "certificate-expired"})
GOOD = Example("{}\n", files={"acme.crt": "certificate-expiring"})


@offline_check(
    "SFC409",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    traits=(Trait.ABOUT_EXPIRY, Trait.TRANSIENT),
    flow="jwt",
    rules_out="the certificate is in date",
)
def check(credential: Credential) -> Iterator[Problem]:
    """Compare the validity period with the time of the run."""
    certificate = usable_certificate(credential)
    now = credential.context.now
    if now > certificate.not_after:
        when = f"expired on {certificate.not_after:%Y-%m-%d}"
    elif now < certificate.not_before:
        when = f"is not valid before {certificate.not_before:%Y-%m-%d}"
    else:
        return
    hint = f"{renewal(certificate)}, and upload it to the app."
    yield Problem(f"the certificate {when}: Salesforce may refuse it", CERTIFICATE, hint)
