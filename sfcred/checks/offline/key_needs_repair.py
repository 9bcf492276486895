"""n8n can't read the private key as it is written.

**Finds** a valid key whose text your version of n8n can't read: literal `\\n`, quotes, indented or
empty lines, the wrong label, or everything on one line.

**Why it matters** If you paste the key into n8n, it fails with
`secretOrPrivateKey must be an asymmetric key`. Between n8n 2.15 and 2.27, even the credential's
test passes while the workflow fails.

**How to fix it** If you import what `sfcred render` writes, there is nothing to fix: it rewrites
the key in the form that every n8n reads. To paste it by hand, first run
`sfcred keygen acme-crm --repair`, which rewrites the file with the same key.

**Source** Tested with jsonwebtoken 9.0.3 and the key helpers of n8n-nodes-base 2.14, 2.20 and 2.41.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib.keys import KEY, faulty_key, new_key, usable_key
from sfcred.resolve.credential import Credential
from sfcred.spec.refs import Reference

BAD = Example("{}\n", files={"acme.key": "rsa-2048-quoted"})
GOOD = Example("{}\n", files={"acme.key": "rsa-2048-literal-newlines"})


@offline_check(
    "SFC407",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    flow="jwt",
    since="0.1.0",
    follows=("SFC403", "SFC405"),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Judge the key for the n8n version in the spec."""
    usable_key(credential)
    from sfcred.keys.algorithms import Algorithm
    from sfcred.keys.private_key import why_n8n_rejects

    reason = why_n8n_rejects(credential.value(KEY), credential.n8n.version)
    if reason:
        hint = f"`sfcred render` and `push` repair it. To paste it by hand, {_by_hand(credential)}."
        if faulty_key(credential, Algorithm.must_be_replaced):
            hint = new_key(credential)
        yield Problem(f"n8n can't read the private key as it is written: {reason}", KEY, hint)


def _by_hand(credential: Credential) -> str:
    declared = credential.declared(KEY)
    if not isinstance(declared, Reference) or declared.provider != "file":
        return "use the original file, with its line breaks and without quotes"
    return f"first run `sfcred keygen {credential.chosen} --repair`"
