"""The private key is something else.

**Finds** a certificate, a public key, a signing request, a key store or another kind of key in
place of the private key.

**Why it matters** n8n signs with it, and fails with `secretOrPrivateKey must be an asymmetric key`,
whatever is really wrong.

**How to fix it** Point `jwt.private_key` to the private key's file. It starts with
`-----BEGIN PRIVATE KEY-----`. The certificate (`-----BEGIN CERTIFICATE-----`) goes to Salesforce,
the private key only to n8n. To get the key from a key store, run
`openssl pkcs12 -in store.p12 -nocerts -nodes`.

**Source** RFC 7468 (the labels of PEM); tested with jsonwebtoken 9.0.3, which n8n signs with.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, unusable_key
from sfcred.resolve.credential import Credential

BAD = Example("jwt:\n  private_key: {file: acme.crt}\n")
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-bundle"})


@offline_check(
    "SFC401",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    explains=("private_key",),
    follows=("SFC010",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report anything recognizable that is not a private key."""
    from sfcred.keys.private_key import KeyProblem

    key = unusable_key(
        credential,
        KeyProblem.CERTIFICATE,
        KeyProblem.PUBLIC_KEY,
        KeyProblem.CSR,
        KeyProblem.PKCS12,
        KeyProblem.OTHER,
    )
    if key:
        hint = (
            "Point jwt.private_key to the file that starts with BEGIN PRIVATE KEY. The certificate "
            "goes to Salesforce."
        )
        yield Problem(f"jwt.private_key is not a private key: {key.detail}", KEY, hint)
