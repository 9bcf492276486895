"""A value is only a placeholder, or starts or ends with quotes or white space.

**Finds** a Consumer Key that is the name of a variable (`ACME_CLIENT_ID`), a reference as text
(`env:ACME_CLIENT_ID`), or a guide's example. For secrets and the Consumer Key, it finds values like
`changeme`, `<your secret>`, `***`, `[REDACTED] …`, an unexpanded `${X}` or `{{ … }}`, the name of
its own variable, and quotes or white space at the ends of a value.

**Why it matters** Salesforce answers `invalid_client` or `invalid_client_id`, which doesn't point
to the value. Since May 2026 the Salesforce CLI prints `[REDACTED] …` instead of secrets, and
scripts that pass on its output now pass on that text.

**How to fix it** Put the real value in the variable or file. Values in a `.env` file don't need
quotes, and Docker's `--env-file` keeps quotes as part of the value.

**Source** Salesforce CLI release notes of May 2026 (sf org display hides secrets); Docker's
reference of `docker run --env-file`.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.resolve.credential import Credential
from sfcred.spec.source import Route

BAD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:changeme"})
# The name of a variable: capitals, with an underscore, which a Consumer Key doesn't look like.
_VARIABLE = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_KEY: Route = ("client_id",)

GOOD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:changeme0123456789"})

_PLACEHOLDERS = (
    r"(?i)\[redacted\].*|<[^<>]*>|\*{3,}|\.{3,}|x{3,}|_{3,}"
    r"|change[-_ ]?me|todo|tbd|secret|password|dummy|example|placeholder|none|null|undefined"
    r"|(your|my|the)[-_ ][a-z_ -]+|(paste|insert|enter|put|copy|add|replace)[-_ ][a-z_ -]+"
    r"|[a-z_ -]*[-_ ](here|goes[-_ ]here)|[a-z_ -]{0,20}(consumer|client)[-_ ]?(key|id|secret)"
    r"|3mvg9([.…*]{2,}.*|x{4,40})|__n8n_blank_value_[0-9a-f-]+"
    r"|\$\{[^{}]*\}|=?\{\{.*\}\}|\$[A-Z_]{3,}"
)


@offline_check("SFC010", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check every value that can be read here, and a Consumer Key that is written out."""
    literal = credential.declared(_KEY)
    if isinstance(literal, str):
        yield from _judge_literal(literal)
    for route, reference in credential.references():
        try:
            value = credential.value(route).get_secret_value()
        except NotKnown:
            continue  # SFC005's, or n8n's
        # A path could be a link that someone named after a guess at the secret.
        own_name = reference.locator if reference.provider in ("env", "dotenv") else None
        yield from _judge(route, value, own_name)


def _judge_literal(text: str) -> Iterator[Problem]:
    """Judge a Consumer Key in the spec, and repeat it only where it can't be a secret."""
    bare = _bare(text)
    reference = re.fullmatch(
        rf"(?:env|ENV)\s*[:=]\s*({_VARIABLE})|[$%]?\{{?({_VARIABLE})\}}?%?", bare
    )
    if reference:
        name = reference[1] or reference[2]
        hint = f"Write `client_id: {{env: {name}}}`, or paste the key itself."
        yield Problem("client_id is the name of a variable, not a Consumer Key", _KEY, hint)
    elif re.fullmatch(r"[A-Za-z_]{2,16}:(?![ ]).*", bare):
        hint = "Write a mapping, with a space after the colon: `client_id: {env: NAME}`."
        yield Problem("client_id is a reference written as text", _KEY, hint)
    elif re.fullmatch(_PLACEHOLDERS, bare, re.DOTALL):
        hint = (
            "Copy the Consumer Key from the app's OAuth settings in Setup, or refer to it: "
            "`client_id: {env: NAME}`."
        )
        yield Problem("client_id is a placeholder, not a Consumer Key", _KEY, hint)
    elif bare != text:
        hint = "Remove the quotes and white space: they are part of the value."
        yield Problem("client_id starts or ends with quotes or white space", _KEY, hint)


def _bare(value: str) -> str:
    return value.strip().strip("\"'\u201c\u201d\u2018\u2019\u201e").strip()


def _judge(route: Route, value: str, own_name: str | None) -> Iterator[Problem]:
    name = ".".join(map(str, route))
    bare = _bare(value)
    if bare == own_name or (route == _KEY and re.fullmatch(_VARIABLE, bare)):
        hint = "Put the value itself there, not the name of the variable."
        yield Problem(f"the value of {name} is the name of a variable", route, hint)
    elif re.fullmatch(_PLACEHOLDERS, bare, re.DOTALL):
        hint = "Put the real value where the reference points."
        yield Problem(f"the value of {name} is a placeholder, not a secret", route, hint)
    elif route == ("jwt", "private_key"):
        return  # the key checks judge what is harmless in a key
    elif bare != value:
        hint = "Remove the quotes and white space from the stored value."
        yield Problem(f"the value of {name} starts or ends with quotes or white space", route, hint)
    elif not value.isprintable():
        hint = "It must be a single line of plain text. Check the stored value."
        yield Problem(f"the value of {name} contains control characters", route, hint)
