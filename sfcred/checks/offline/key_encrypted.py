"""The private key has a passphrase.

**Finds** an encrypted private key.

**Why it matters** n8n's credential has no field for a passphrase, so n8n can't use the key.

**How to fix it** Decrypt it into a file that git ignores: `openssl pkey -in old.key -out new.key`.
The certificate stays the same, so nothing changes in Salesforce.

**Source** RFC 5958 (EncryptedPrivateKeyInfo); n8n's salesforceJwtApi, 2.41.2.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, key_files, unusable_key
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.key": "rsa-2048-encrypted"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-pkcs1"})


@offline_check(
    "SFC402",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    explains=("private_key",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Find a key that is encrypted, in either format."""
    from sfcred.keys.private_key import KeyProblem

    key = unusable_key(credential, KeyProblem.ENCRYPTED)
    if key:
        old, new = key_files(credential)
        hint = f"Decrypt it: `openssl pkey -in {old} -out {new}`. Then refer to the new file."
        yield Problem("the private key has a passphrase, and n8n has no field for it", KEY, hint)
