"""The private key is too short.

**Finds** an RSA key of fewer than 2048 bits. Where the private key can't be read, the certificate's
public key is examined.

**Why it matters** n8n refuses to sign with it: `minimum key size of 2048 bits for RS256`.

**How to fix it** Create a new key and its certificate with `sfcred keygen acme-crm --rotate`. It
lists the steps: upload the certificate to the app, and bring the key into n8n.

**Source** RFC 7518, section 3.3: RS256 keys have 2048 bits or more; tested with jsonwebtoken 9.0.3.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import faulty_key, new_key
from sfcred.resolve.credential import Credential

BAD = Example("jwt:\n  certificate: null\n", files={"acme.key": "rsa-1024"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048"})


@offline_check(
    "SFC405",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    explains=("private_key",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Check RSA keys only; SFC403 reports other kinds."""
    from sfcred.keys.algorithms import MIN_RSA_BITS, Algorithm

    key = faulty_key(credential, Algorithm.is_short)
    if key:
        message = f"{key.what} has {key.algorithm.bits} bits, but n8n requires {MIN_RSA_BITS}"
        yield Problem(message, key.at, new_key(credential))
