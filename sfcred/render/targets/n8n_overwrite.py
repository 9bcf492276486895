"""CREDENTIALS_OVERWRITE_DATA: an instance's own defaults for the Salesforce OAuth2 type.

From n8n 2.41.0 on it is the only way to a My Domain and to fewer scopes for salesforceOAuth2Api
(n8n 2.41.1 was run). It holds for every credential of the type on the instance, so credentials
that would need different values are refused.
"""

import json
from collections.abc import Sequence

from sfcred.errors import RenderError
from sfcred.n8n.credential_types import OAUTH2
from sfcred.render.api import Document, Order, Target, require_one_instance
from sfcred.resolve.credential import Credential
from sfcred.shell import for_shell


def render(credentials: Sequence[Credential], order: Order) -> list[Document]:
    """Renders the overwrite for one n8n instance.

    Args:
        credentials: Checked credentials; those with the JWT flow don't matter here.
        order: Neither separate nor encrypted.

    Returns:
        One document; nothing in it is secret.

    Raises:
        RenderError: No OAuth2 credential with a My Domain, or several that disagree.
    """
    if order.separate or order.encryption_key:
        raise RenderError(
            "the overwrite is one plain document without secrets",
            hint="Leave out --separate and --encrypt.",
        )
    oauth2 = [c for c in credentials if c.flow == "oauth2" and c.spec.my_domain]
    if not oauth2:
        raise RenderError(
            "no OAuth2 credential with a my_domain: there is nothing to overwrite",
            hint="The JWT flow has My Domain as a field of n8n's own.",
        )
    require_one_instance(oauth2)
    wanted = {credential.name: _fields(credential) for credential in oauth2}
    _require_agreement(wanted)
    fields = next(iter(wanted.values()))
    return [Document("overwrite.json", json.dumps({OAUTH2: fields}, indent=2) + "\n")]


def _fields(credential: Credential) -> dict[str, str]:
    authority = credential.authority
    if authority is None:
        raise RenderError(
            f"{credential.name}: my_domain has no host in it",
            hint="Write it like https://acme.my.salesforce.com.",
        )
    fields = {"authUrl": authority.authorize_url, "accessTokenUrl": authority.token_url}
    if credential.app.scopes:
        fields["scope"] = " ".join(credential.app.scopes)
    return fields


def _require_agreement(wanted: dict[str, dict[str, str]]) -> None:
    first_name, first = next(iter(wanted.items()))
    for name, fields in wanted.items():
        different = sorted(key for key in first | fields if first.get(key) != fields.get(key))
        if different:
            raise RenderError(
                f"{first_name} and {name} would need different overwrites "
                f"({', '.join(different)}), and an n8n instance has one for all",
                hint="Use the JWT flow for one of them, or an n8n instance of its own.",
            )


def _next_step(path: str, _order: Order) -> str:
    return (
        f"start n8n with CREDENTIALS_OVERWRITE_DATA_FILE={for_shell(path)} (or its content in "
        "CREDENTIALS_OVERWRITE_DATA)\n  it holds for every Salesforce OAuth2 credential there"
    )


TARGET = Target(render=render, secret=False, next_step=_next_step, answers=("SFC203", "SFC502"))
