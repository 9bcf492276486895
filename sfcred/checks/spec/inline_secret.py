"""A secret stands in the spec itself.

**Finds** a text where a reference belongs (Consumer Secret, refresh token, private key), and
anywhere in the file, comments included, what has the shape of a private key, an access token or
a refresh token. A text in another tool's notation (`${X}`, `op://…`, `ref+…`, `env://…`,
`${{ secrets.X }}`, `{{ $secrets.… }}`) gets the reference that says the same in the hint.

**Why it matters** The spec is committed to git, where a secret stays for ever and is read by
everyone who can read the repository. No selection, ignore or baseline leaves this out: without the
reference there is no credential.

**How to fix it** Put the value into an environment variable, a file that git ignores or another
place, and write a reference: `client_secret: {env: ACME_CLIENT_SECRET}`. If the secret was ever
pushed, replace it in Salesforce, too: in the app's settings, Consumer Key and Secret, Stage and
Apply; for a key, upload a new certificate.

**Source** RFC 6749, section 10.1 (client credentials are to be kept confidential); the prefixes
`00D…!` and `5Aep861` are those of Salesforce's tokens.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, spec_check
from sfcred.spec import limits
from sfcred.spec.load import Declaration, SpecFile
from sfcred.spec.source import Node, Place, Route

BAD = Example("oauth2:\n  client_secret: not-in-git-please\n", base="oauth2")
GOOD = Example("oauth2:\n  client_secret: {env: ACME_CLIENT_SECRET}\n", base="oauth2")

_SHAPES = (
    (r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----", "a private key"),
    (r"\b00D[A-Za-z0-9]{12,15}(?:\\?!|%21)[A-Za-z0-9._-]{20,}", "an access token of Salesforce"),
    (r"\b5Aep[A-Za-z0-9._]{24,}", "a refresh token of Salesforce"),
)

# Another tool's notation, and the reference that says the same.
_NOTATIONS = (
    (r"\$\{\{\s*secrets\.(\w+)\s*\}\}", "{{env: {0}}}"),
    (r"=?\{\{\s*(\$secrets\.[\w.]+)\s*\}\}", '{{n8n: "{0}"}}'),
    (r"=?\{\{\s*\$env\.(\w+)\s*\}\}", "{{env: {0}}}"),
    (r"\$\{(\w+)(?::?[-?+][^}]*)?\}", "{{env: {0}}}"),
    (r"\$([A-Z]+(?:_[A-Z0-9]+)*)", "{{env: {0}}}"),
    # Not repeated: a password may begin with a dollar sign, too.
    (r"\$\w+", "{{env: NAME}}"),
    (r"env://(\w+)", "{{env: {0}}}"),
    (r"(?:ref\+)?file://([\w./~-]+)", "{{file: {0}}}"),
    # A 1Password reference is often copied with its quotes.
    (r"[\"']?op://([\w .-]+(?:/[\w .-]+){2,3})[\"']?", '{{onepassword: "{0}"}}'),
    (r"ref\+vault://([\w./-]+)#/?([\w.-]+)", '{{vault: "{0}#{1}"}}'),
    (r"vault:([\w./-]+)#([\w.-]+)", '{{vault: "{0}#{1}"}}'),
    (r"ref\+awssecrets://([\w./-]+)#/?([\w.-]+)", '{{aws: "{0}#{1}"}}'),
    (r"(?:ref\+awssecrets|awssm)://([\w./-]+)", "{{aws: {0}}}"),
    (r"ref\+awsssm://([\w./-]+)", "{{aws_ssm: /{0}}}"),
    (r"gcp-sm://([\w-]+)/([\w-]+)(?:/latest)?", "{{gcp: projects/{0}/secrets/{1}}}"),
    (r"ref\+gcpsecrets://([\w-]+)/([\w-]+)", "{{gcp: projects/{0}/secrets/{1}}}"),
    (r"ref\+azurekeyvault://([\w-]+)/([\w-]+)", "{{azure: {0}/{1}}}"),
    (r"ref\+sops://([\w./-]+)#/?([\w-]+)", '{{sops: "{0}#{1}"}}'),
)
_FOREIGN = r"(op|bw|pass|dl|vault|gcp-sm|awssm)://|ref\+\w+:|vault:|ENC\["


@spec_check("SFC004", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0", traits=(Trait.ALWAYS,))
def check(file: SpecFile) -> Iterator[Problem]:
    """Literals in a secret's place, then secrets by their shape in the whole text."""
    reported: set[int] = set()
    for declaration in file.declarations:
        for problem, place in _literals(declaration):
            # A block scalar (`|`) begins a line below, where the search would find it again.
            reported |= {place.line, place.line + 1}
            yield problem
    hint = "Remove it from the file, refer to it, and replace it if it was ever pushed."
    begin = len(reported)
    for what, place in _shapes(file.source.text):
        if len(reported) - begin == limits.MISFITS:
            message = "further lines of the file contain what looks like secrets"
            yield Problem(message, (), hint, place=place)
            return
        if place.line not in reported:
            reported.add(place.line)
            yield Problem(f"the file contains what looks like {what}", (), hint, place=place)


def _literals(declaration: Declaration) -> Iterator[tuple[Problem, Place]]:
    for misfit in declaration.misfits:
        if misfit.kind == "literal_secret":
            node = declaration.node.find(misfit.route)
            hint = _hint(misfit.route, node) or misfit.hint
            problem = Problem(misfit.message, misfit.route, hint, document=declaration.index)
            yield problem, declaration.node.place_of(misfit.route)


def _hint(route: Route, node: Node | None) -> str | None:
    text = node.value.strip() if node is not None and isinstance(node.value, str) else ""
    for notation, reference in _NOTATIONS:
        match = re.fullmatch(notation, text)
        if match:
            return f"sfcred writes this as `{route[-1]}: {reference.format(*match.groups())}`."
    if re.match(_FOREIGN, text):
        return (
            "sfcred doesn't resolve this notation: let that tool put the value into a variable, "
            f"and write `{route[-1]}: {{env: NAME}}`."
        )
    return None


def _shapes(text: str) -> Iterator[tuple[str, Place]]:
    """What looks like a secret, and where: the text is gone through once for each shape."""
    for shape, what in _SHAPES:
        line, beginning = 1, 0
        for match in re.finditer(shape, text):
            line += text.count("\n", beginning, match.start())
            beginning = max(beginning, text.rfind("\n", beginning, match.start()) + 1)
            yield what, Place(line, match.start() - beginning + 1)
