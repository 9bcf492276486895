"""A value starts with an equals sign, so n8n takes it for an expression.

**Finds** a Consumer Key, Consumer Secret, username or refresh token that starts with `=`, whether
it is text in the spec or comes from a reference that can be read here. Also finds such an
`n8n.name`.

**Why it matters** n8n evaluates every credential value that starts with `=`: `=abc` becomes `abc`,
and `{{ … }}` in it runs as JavaScript. If that fails, n8n leaves the field empty without a warning.
`sfcred render` escapes such values, so that n8n reads them literally. A name can't be escaped.

**How to fix it** If the sign is a mistake, for example from a line `KEY==value`, correct the value.
If you meant an n8n expression, write it as a reference: `{n8n: "$secrets.vault.key"}`. If the value
really starts with `=`, import what `sfcred render` writes instead of typing it into n8n.

**Source** Tested with n8n-workflow 2.40.1.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.n8n.expression import is_expression
from sfcred.resolve.credential import Credential
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route, route_text

BAD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:=A1B2C3D4E5F60718"})
GOOD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:A1B2C3D4E5F60718="})


@offline_check("SFC505", Severity.WARNING, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report every such value; if there is none, an unreadable one leaves the check open."""
    problems, unread = [], None
    for route in credential.n8n_fields:
        try:
            if _is_taken_for_expression(credential, route):
                problems.append(_of_value(route))
        except NotKnown as reason:
            unread = reason
    if is_expression(credential.n8n.credential_name):
        problems.append(_of_name())
    if unread and not problems:
        raise unread
    yield from problems


def _is_taken_for_expression(credential: Credential, route: Route) -> bool:
    declared = credential.declared(route)
    # A reference to n8n is meant as an expression, and a private key is rewritten without the sign.
    is_meant = isinstance(declared, Reference) and declared.provider == "n8n"
    if declared is None or is_meant or route == ("jwt", "private_key"):
        return False
    return is_expression(credential.value(route).get_secret_value())


def _of_value(route: Route) -> Problem:
    message = f"{route_text(route)} starts with `=`, so n8n takes it for an expression"
    hint = (
        "If the equals sign is a mistake, remove it. Otherwise, sfcred render and push escape it. "
        'Write an n8n expression as a reference: `{n8n: "$secrets.vault.key"}`.'
    )
    return Problem(message, route, hint)


def _of_name() -> Problem:
    message = "n8n.name starts with `=`, so n8n takes it for an expression"
    return Problem(
        message, ("n8n", "name"), "Remove the equals sign: it can't be escaped in a name."
    )
