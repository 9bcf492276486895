"""The private key is of a kind that Salesforce's JWT flow doesn't take.

**Finds** an EC, Ed25519, DSA or RSA-PSS key.

**Why it matters** Salesforce takes JWTs signed with RS256 only (RSA with SHA-256), and n8n signs
with nothing else.

**How to fix it** Make a new RSA key and certificate: `openssl req -x509 -newkey rsa:2048 -nodes
-sha256 -days 730 -keyout acme.key -out acme.crt`, and upload the certificate to the app.

**Source** Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration"; RFC 7518,
section 3.3.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, usable_key
from sfcred.resolve.credential import Credential

BAD = Example("jwt:\n  certificate: null\n", files={"acme.key": "ec-p256"})
GOOD = Example("jwt:\n  certificate: null\n", files={"acme.key": "rsa-4096"})


@offline_check("SFC403", Severity.ERROR, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Anything but plain RSA."""
    key = usable_key(credential)
    if key and key.algorithm != "RSA":
        message = f"the private key is {key.algorithm}, and Salesforce takes RSA (RS256) only"
        yield Problem(message, KEY, "Make an RSA key of 2048 bits, and upload its certificate.")
