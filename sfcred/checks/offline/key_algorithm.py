"""Salesforce's JWT flow doesn't support this kind of private key.

**Finds** an EC, Ed25519, DSA or RSA-PSS key. Where the private key can't be read, the certificate's
public key is examined.

**Why it matters** Salesforce only accepts JWTs signed with RS256 (RSA with SHA-256), and n8n can't
sign with anything else.

**How to fix it** Create an RSA key and its certificate with `sfcred keygen acme-crm --rotate`, or
with `openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 730 -keyout acme.key -out acme.crt`.
Then upload the certificate to the app.

**Source** Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration"; RFC 7518,
section 3.3.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import faulty_key, new_key
from sfcred.resolve.credential import Credential

BAD = Example("jwt:\n  certificate: null\n", files={"acme.key": "ec-p256"})
GOOD = Example("jwt:\n  certificate: null\n", files={"acme.key": "rsa-4096"})


@offline_check(
    "SFC403",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    explains=("private_key",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report any key that isn't plain RSA."""
    from sfcred.keys.algorithms import Algorithm

    key = faulty_key(credential, Algorithm.is_unfit)
    if key:
        message = f"{key.what} is {key.algorithm.name}, but Salesforce only accepts RSA (RS256)"
        yield Problem(message, key.at, new_key(credential))
