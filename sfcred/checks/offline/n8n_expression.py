"""A value begins with an equals sign, which n8n takes for an expression.

**Finds** a Consumer Key, Consumer Secret, username or refresh token that begins with `=`, as a
text in the spec or behind a reference that can be read here; and such an `n8n.name`.

**Why it matters** In every text of a credential n8n evaluates what begins with `=`: `=abc` becomes
`abc`, `{{ … }}` in it is run as JavaScript, and if that fails, the field is empty without a word.
`sfcred render` escapes such a value, so that n8n reads it literally. A name can't be escaped.

**How to fix it** If the sign got there by mistake, such as from a line `KEY==value`, correct the
value. If an expression of n8n was meant, write it as a reference: `{n8n: "$secrets.vault.key"}`.
If the value really begins so, import what `sfcred render` writes rather than typing it into n8n's
field.

**Source** n8n-workflow 2.40.1, run.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.n8n.expression import is_expression
from sfcred.resolve.credential import Credential
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route

BAD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:=A1B2C3D4E5F60718"})
GOOD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:A1B2C3D4E5F60718="})


@offline_check("SFC505", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """What can't be read matters only if nothing else is found."""
    problems, unread = [], None
    for route in credential.fields:
        try:
            if _begins_so(credential, route):
                problems.append(_of_value(route))
        except NotKnown as reason:
            unread = reason
    if is_expression(credential.n8n.credential_name):
        problems.append(_of_name())
    if unread and not problems:
        raise unread
    yield from problems


def _begins_so(credential: Credential, route: Route) -> bool:
    declared = credential.declared(route)
    # Meant as an expression; and a private key is parsed, and written anew without the sign.
    is_meant = isinstance(declared, Reference) and declared.provider == "n8n"
    if declared is None or is_meant or route == ("jwt", "private_key"):
        return False
    return is_expression(credential.value(route).get_secret_value())


def _of_value(route: Route) -> Problem:
    message = f"{'.'.join(map(str, route))} begins with `=`, so n8n takes it for an expression"
    hint = (
        "Remove the sign if it is a mistake; `sfcred render` escapes it if it is not. An "
        'expression of n8n is written as a reference: `{n8n: "$secrets.vault.key"}`.'
    )
    return Problem(message, route, hint)


def _of_name() -> Problem:
    message = "n8n.name begins with `=`, the sign of an expression in n8n"
    return Problem(message, ("n8n", "name"), "Write a name without the sign: it can't be escaped.")
