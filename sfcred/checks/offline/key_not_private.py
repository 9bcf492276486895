"""The private key is something else.

**Finds** a certificate, a public key, a signing request, a key store or another kind of key in
place of the private key.

**Why it matters** n8n signs with it, and fails with `secretOrPrivateKey must be an asymmetric key`,
whatever is really wrong.

**How to fix it** Point `jwt.private_key` to the private key's file. It starts with
`-----BEGIN PRIVATE KEY-----`. The certificate (`-----BEGIN CERTIFICATE-----`) goes to Salesforce,
the private key only to n8n. To get the key out of a PKCS#12 file, run
`openssl pkcs12 -in store.p12 -nocerts -nodes -out acme.key`. What Salesforce exports (Setup,
Certificate and Key Management, Export to Keystore) is a Java keystore. Convert it first:
`keytool -importkeystore -srckeystore store.jks -destkeystore store.p12 -deststoretype PKCS12`.

**Source** RFC 7468 (the labels of PEM); tested with jsonwebtoken 9.0.3, which n8n signs with.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, unusable_key
from sfcred.resolve.credential import Credential

BAD = Example("jwt:\n  private_key: {file: acme.crt}\n")
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-bundle"})
_FROM_PKCS12 = "`openssl pkcs12 -in store.p12 -nocerts -nodes -out acme.key`"
# Files that contain a private key, and how to get it out.
_EXTRACT = {
    "a PKCS#12 file": f"Get the key out of it: {_FROM_PKCS12}.",
    "a Java keystore": "Convert it: `keytool -importkeystore -srckeystore store.jks -destkeystore "
    f"store.p12 -deststoretype PKCS12`. Then get the key out: {_FROM_PKCS12}.",
    "a PuTTY key": "Convert it: `puttygen acme.ppk -O private-openssh -o acme.key`.",
}


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
        extract = next((how for what, how in _EXTRACT.items() if key.detail.startswith(what)), None)
        hint = extract or (
            "Point jwt.private_key to the file that starts with BEGIN PRIVATE KEY. The certificate "
            "goes to Salesforce."
        )
        yield Problem(f"jwt.private_key is not a private key: {key.detail}", KEY, hint)
