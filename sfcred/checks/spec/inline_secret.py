"""The spec contains a secret.

**Finds** a literal value where a reference is required (Consumer Secret, refresh token, private
key). Also finds, anywhere in the file including comments, text that looks like a private key, an
access token or a refresh token. For another tool's notation (`${X}`, `op://…`, `ref+…`, `env://…`,
`${{ secrets.X }}`, `{{ $secrets.… }}`), the hint has the equivalent reference.

**Why it matters** You commit the spec to git. A secret stays there forever, and everyone who can
read the repository can read it. You can't deselect, ignore or baseline this check: without the
reference there is no credential.

**How to fix it** Put the value in an environment variable, a file that git ignores, or another
store, and write a reference: `client_secret: {env: ACME_CLIENT_SECRET}`. If you ever pushed the
secret, also replace it in Salesforce: in the app's settings, Consumer Key and Secret, Stage and
Apply; for a key, upload a new certificate.

**Source** RFC 6749, section 10.1 (client credentials must be kept confidential); the prefixes
`00D…!` and `5Aep861` are those of Salesforce's tokens.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, spec_check
from sfcred.spec import limits
from sfcred.spec.load import Declaration, SpecFile
from sfcred.spec.notations import equivalent, is_foreign
from sfcred.spec.source import Node, Place, Route, Source

BAD = Example("oauth2:\n  client_secret: not-in-git-please\n", base="oauth2")
GOOD = Example("oauth2:\n  client_secret: {env: ACME_CLIENT_SECRET}\n", base="oauth2")

_SHAPES = (
    (r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----", "a private key"),
    (r"\b00D[A-Za-z0-9]{12,15}(?:\\?!|%21)[A-Za-z0-9._-]{20,}", "a Salesforce access token"),
    (r"\b5Aep[A-Za-z0-9._]{24,}", "a Salesforce refresh token"),
)


@spec_check("SFC004", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.ALWAYS,))
def check(file: SpecFile) -> Iterator[Problem]:
    """Report literal values in place of references, then anything that looks like a secret."""
    reported: set[int] = set()
    for declaration in file.declarations:
        for problem, place in _literals(declaration):
            # A block scalar (`|`) starts on the next line, where the search would find it again.
            reported |= {place.line, place.line + 1}
            yield problem
    hint = "Replace it with a reference. If you ever pushed it, also replace the secret itself."
    begin = len(reported)
    for what, place in _shapes(file.source):
        if len(reported) - begin == limits.SCHEMA_ERRORS:
            message = "more lines of the file contain text that looks like a secret"
            yield Problem(message, (), hint, place=place)
            return
        if place.line not in reported:
            reported.add(place.line)
            yield Problem(f"the file contains text that looks like {what}", (), hint, place=place)


def _literals(declaration: Declaration) -> Iterator[tuple[Problem, Place]]:
    for error in declaration.errors:
        if error.kind == "literal_secret":
            node = declaration.node.find(error.route)
            hint = _hint(error.route, node) or error.hint
            problem = Problem(error.message, error.route, hint, document=declaration.index)
            yield problem, declaration.node.place_of(error.route)


def _hint(route: Route, node: Node | None) -> str | None:
    text = node.value.strip() if node is not None and isinstance(node.value, str) else ""
    if reference := equivalent(text):
        return f"sfcred writes this as `{route[-1]}: {reference}`."
    if is_foreign(text):
        return (
            "sfcred doesn't resolve this notation. Let that tool set an environment variable, and "
            f"write `{route[-1]}: {{env: NAME}}`."
        )
    return None


def _shapes(source: Source) -> Iterator[tuple[str, Place]]:
    """Yield what looks like a secret, and where, in one pass per shape."""
    for shape, what in _SHAPES:
        for match in re.finditer(shape, source.text):
            yield what, source.place_at(match.start())
