"""A workflow contains a secret.

**Finds** a Salesforce access token, refresh token or Consumer Secret, or a private key, anywhere in
a workflow's file: in parameters, headers, code, workflows inside nodes, pinned data or static data,
of disabled nodes, too. A Consumer Secret is only known by its name (such as `client_secret` or
`consumerSecret`) right before it, or in the same parameter.

**Why it matters** Everyone who can read the workflow, its exports or their history has the secret.
n8n encrypts credentials, but not workflows.

**How to fix it** Revoke the secret in Salesforce first, because it stays in git's history. Then
use a credential in the node, and remove pinned data that contains tokens.

**Source** The shapes of Salesforce's tokens and secrets, which sfcred also masks in its output.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, Trait, file_check
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.workflows.model import WorkflowFile

_NODE = """\
{{"name": "Get token", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
 "parameters": {{"method": "POST", "url": "https://login.salesforce.com/services/oauth2/token",
  "bodyParameters": {{"parameters": [{{"name": "client_secret", "value": "{value}"}}]}}}}}}"""
_SPEC = "doctor: {ignore: {SFC806: example}}\n"
BAD = Example(_SPEC, workflow=_NODE.format(value="0123456789ABCDEF" * 4))
GOOD = Example(_SPEC, workflow=_NODE.format(value="={{ $vars.secret }}"))
_MOST = 100


@file_check(
    "SFC808",
    Severity.ERROR,
    bad=BAD,
    good=GOOD,
    since="0.2.0",
    traits=(Trait.NEVER_BASELINED,),
)
def check(file: "WorkflowFile") -> Iterator[Problem]:
    """Report each kind of secret once per node, or once outside of nodes."""
    from sfcred.workflows.scan import JsonText
    from sfcred.workflows.secrets import NodeIndex, find_secrets

    told: set[tuple[str, str]] = set()
    text, nodes = JsonText(file.text), NodeIndex(file)
    for index, what in find_secrets(file.text):
        where = nodes.name_at(index)
        if (where, what) in told:
            continue
        if len(told) >= _MOST:
            return
        told.add((where, what))
        place = f"node {show(where)}" if where else "the pinned or static data of a workflow"
        hint = "Revoke it in Salesforce, then use a credential in the node instead."
        yield Problem(f"{what} stands in {place}", (), hint, place=text.place(index))
