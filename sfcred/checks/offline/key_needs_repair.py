"""n8n would stumble over the private key as it is written.

**Finds** a sound key whose text n8n's version can't read: literal `\\n`, quotes, indented or empty
lines, a label that doesn't fit, all in one line.

**Why it matters** Pasted into n8n's window it fails with `secretOrPrivateKey must be an asymmetric
key`. Between n8n 2.15 and 2.27 even the credential's test was green and the workflow red.

**How to fix it** Nothing, if you import what `sfcred render` writes: it writes the key anew, in the
form that every n8n reads. For pasting by hand: `openssl pkey -in acme.key -out clean.key`.

**Source** jsonwebtoken 9.0.3 with the key helpers of n8n-nodes-base 2.14, 2.20 and 2.41, run.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, usable_key
from sfcred.resolve.credential import Credential

BAD = Example("{}\n", files={"acme.key": "rsa-2048-quoted"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-literal-newlines"})


@offline_check("SFC407", Severity.WARNING, bad=BAD, good=GOOD, follows=("SFC403", "SFC405"))
def check(credential: Credential) -> Iterator[Problem]:
    """Judged for the n8n that the spec names."""
    if usable_key(credential) is None:
        return
    from sfcred.keys.private_key import n8n_would_choke

    reason = n8n_would_choke(credential.value(KEY), credential.n8n.version)
    if reason:
        hint = "`sfcred render` repairs it; for pasting by hand: openssl pkey -in acme.key."
        yield Problem(f"n8n can't read the private key as it is: {reason}", KEY, hint)
