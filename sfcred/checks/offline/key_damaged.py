"""The private key can't be read.

**Finds** a private key that is incomplete or altered: missing lines, stray characters, or nothing
between its BEGIN and END lines.

**Why it matters** n8n fails with `secretOrPrivateKey must be an asymmetric key`, which doesn't tell
you what is wrong.

**How to fix it** Get the file again from where it was created. Copying a key through a chat, a
ticket or a word processor often changes characters or drops lines.

**Source** RFC 7468 and RFC 5958; tested with jsonwebtoken 9.0.3.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, unusable_key
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.key": "rsa-2048-truncated"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-crlf"})


@offline_check(
    "SFC406",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    explains=("private_key",),
    follows=("SFC010",),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Report what is wrong with the key, as far as that is visible."""
    from sfcred.keys.private_key import KeyProblem

    key = unusable_key(credential, KeyProblem.DAMAGED, KeyProblem.EMPTY)
    if key:
        hint = "Get the file again from where it was created."
        yield Problem(f"the private key can't be read: {key.detail}", KEY, hint)
