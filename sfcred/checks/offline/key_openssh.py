"""The private key is in OpenSSH's own format.

**Finds** a key that starts with `-----BEGIN OPENSSH PRIVATE KEY-----`, as ssh-keygen writes it.

**Why it matters** n8n can't read this format.

**How to fix it** Convert a copy of the file in place: `ssh-keygen -p -m PEM -f acme.key`, and press
Enter for the new passphrase. The key itself stays the same.

**Source** ssh-keygen(1), option -m; tested with jsonwebtoken 9.0.3, which n8n signs with.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, key_files, unusable_key
from sfcred.resolve.credential import Credential
from sfcred.text.shell import then

BAD = Example("{}\n", files={"acme.key": "rsa-2048-openssh"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-pkcs1"})


@offline_check(
    "SFC404",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    explains=("private_key",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Recognize the format by its label."""
    from sfcred.keys.private_key import KeyProblem

    key = unusable_key(credential, KeyProblem.OPENSSH)
    if key:
        old, new = key_files(credential)
        command = then(f"cp {old} {new}", f"ssh-keygen -p -m PEM -f {new}")
        hint = f"Convert a copy, without a passphrase: `{command}`. Then refer to the copy."
        yield Problem("the private key is in OpenSSH's format, which n8n can't read", KEY, hint)
