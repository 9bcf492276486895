"""CREDENTIALS_OVERWRITE_DATA: an n8n instance's defaults for the Salesforce OAuth2 type.

From n8n 2.41.0 on, it is the only way to use a My Domain or fewer scopes with salesforceOAuth2Api
(tested with n8n 2.41.1). It applies to every credential of this type on the instance, so
credentials that need different values are refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from sfcred.errors import RenderError
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.expression import literal
from sfcred.n8n.place import can_be_one
from sfcred.render.api import Document, RenderOptions, Target, require_authority, require_one_n8n
from sfcred.resolve.client_credentials import overwrite_fields, way_to_log_in
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import SecretTarget, overwrite_targets
from sfcred.text.shell import for_shell


def render(credentials: Sequence[Credential], options: RenderOptions) -> list[Document]:
    """Render the overwrite for one n8n instance.

    Args:
        credentials: Checked credentials. Only those of the Salesforce OAuth2 type count, and of
            those with client credentials only the ones that their n8n can't store itself.
        options: Neither separate nor encrypted.

    Returns:
        One document, without secrets.

    Raises:
        RenderError: No OAuth2 credential has a My Domain, they need different overwrites, or
            another credential of the project would change, or can't be compared.
    """
    if options.separate or options.encryption_key:
        raise RenderError(
            "the overwrite is a single plain document without secrets",
            hint="Omit --separate and --encrypt.",
        )
    oauth2 = [credential for credential in credentials if _takes(credential)]
    if not any(credential.spec.my_domain for credential in oauth2):
        raise RenderError(
            "nothing to overwrite: no Salesforce OAuth2 credential has a my_domain, and none needs "
            "an overwrite for client credentials",
            hint="The JWT flow and n8n's generic credential (n8n.type) need no overwrite: n8n has "
            "fields for My Domain there. n8n before 2.41.0 needs none for client credentials.",
        )
    require_one_n8n(oauth2)
    _require_environment(oauth2)
    fields = _common_fields(oauth2)
    _require_understood(options, oauth2)
    _require_unchanged(options.others, fields, oauth2)
    return [Document("overwrite.json", json.dumps({OAUTH2: fields}, indent=2) + "\n")]


def _require_environment(credentials: Sequence[Credential]) -> None:
    """Refuse an overwrite for n8n Cloud.

    Raises:
        RenderError: One of the credentials is for n8n Cloud.
    """
    for credential in credentials:
        if credential.n8n.is_cloud:
            raise RenderError(
                f"{credential.label} is for n8n Cloud, where you can't set environment variables, "
                "and so no overwrite",
                hint="Use the JWT flow or, for HTTP Request nodes only, n8n.type: oAuth2Api: both "
                "have a field for the org's address.",
            )


def _common_fields(credentials: Sequence[Credential]) -> dict[str, str]:
    """Return the overwrite that all credentials need, because n8n applies it to all of them.

    Raises:
        RenderError: They need different ones.
    """
    first, *others = credentials
    fields = _fields(first)
    for other in others:
        wanted = _fields(other)
        different = sorted(key for key in fields | wanted if fields.get(key) != wanted.get(key))
        if different:
            raise RenderError(
                f"{first.label} and {other.label} need different overwrites "
                f"({', '.join(different)}), and an n8n instance has only one",
                hint="Use the JWT flow for one of them, or a separate n8n instance.",
            )
    return fields


def _require_understood(options: RenderOptions, credentials: Sequence[Credential]) -> None:
    """Refuse an overwrite that could change a credential which can't be compared with it.

    Raises:
        RenderError: A spec of the project can't be understood, or one that can be in the same n8n
            leaves its flow open.
    """
    unknown = [f"{shown} has errors" for shown in options.misread]
    unknown += [
        f"the flow of {other.label} in {other.source.shown} is not decided"
        for other in _together(options.others, credentials)
        if other.decision.flow is None
    ]
    if unknown:
        more = f" (and {len(unknown) - 1} more like this)" if len(unknown) > 1 else ""
        raise RenderError(
            f"{unknown[0]}{more}, so sfcred can't tell what the overwrite would change there: n8n "
            "applies it to every Salesforce OAuth2 credential of the instance",
            hint="Run sfcred doctor without names or paths, and correct what it reports.",
        )


def _together(
    others: Sequence[Credential], credentials: Sequence[Credential]
) -> Iterator[Credential]:
    """Yield the others that can be in the n8n of these credentials."""
    places = {credential.n8n.key for credential in credentials}
    for other in others:
        if any(can_be_one(other.n8n.key, place) for place in places):
            yield other


def _require_unchanged(
    others: Sequence[Credential], fields: Mapping[str, str], credentials: Sequence[Credential]
) -> None:
    """Refuse an overwrite that changes a credential of the project that isn't rendered here.

    Raises:
        RenderError: It would change one, in the same n8n, or in one that its spec doesn't name.
    """
    for other in _together(others, credentials):
        if other.n8n_type != OAUTH2:
            continue
        if not other.spec.my_domain or _fields(other) != fields:
            raise RenderError(
                f"the overwrite would also change {other.label} in {other.source.shown}, because "
                "n8n applies it to every Salesforce OAuth2 credential of the instance",
                hint="Use the JWT flow for one of them, or another n8n with its own n8n.url in the "
                "spec. If both need the same overwrite, give them the same my_domain and scopes.",
            )


def _fields(credential: Credential) -> dict[str, str]:
    """Return the overwrite that a credential needs.

    Raises:
        RenderError: It has no my_domain.
    """
    if not credential.spec.my_domain:
        raise RenderError(
            f"{credential.label} has no my_domain, so the overwrite would make it log in at the "
            "other credentials' My Domain",
            hint="Add my_domain to it, use the JWT flow, or move it to a separate n8n instance.",
        )
    authority = require_authority(credential)
    if credential.flow == "client_credentials":
        fields = overwrite_fields(credential, authority)
    else:
        fields = {"authUrl": authority.authorize_url, "accessTokenUrl": authority.token_url}
        if credential.app.scopes:
            fields["scope"] = " ".join(credential.app.scopes)
    # n8n evaluates expressions in an overwrite, too, and a scope is text of the spec.
    return {name: literal(value) for name, value in fields.items()}


def _next_step(path: str, _options: RenderOptions, credentials: Sequence[Credential]) -> str:
    steps = (
        f"start n8n with CREDENTIALS_OVERWRITE_DATA_FILE={for_shell(path)} (or put its content in "
        "CREDENTIALS_OVERWRITE_DATA)"
        if path
        else "set CREDENTIALS_OVERWRITE_DATA to this JSON where n8n runs, and start n8n again"
    )
    if _has_client_credentials(credentials):
        return (
            f"{steps}\n  then add the line to the spec that the hint of `sfcred doctor` gives "
            "(doctor.ignore, with the reason), and write the credential itself with `sfcred "
            "render` or `sfcred push`"
        )
    return f"{steps}\n  it applies to every Salesforce OAuth2 credential there"


def _caution(credentials: Sequence[Credential]) -> str:
    if not _has_client_credentials(credentials):
        return ""
    return (
        "this overwrite makes every Salesforce OAuth2 credential of that n8n log in with client "
        "credentials at this org, also those that people have connected there"
    )


def _has_client_credentials(credentials: Sequence[Credential]) -> bool:
    return any(credential.flow == "client_credentials" for credential in credentials)


def _takes(credential: Credential) -> bool:
    if credential.has_generic_type:
        return False
    if credential.flow == "client_credentials":
        return way_to_log_in(credential) != "stored"
    return credential.flow == "oauth2"


def _sends_to(credential: Credential, _options: RenderOptions) -> list[SecretTarget]:
    return overwrite_targets(credential)


TARGET = Target(
    render=render,
    secret=False,
    next_step=_next_step,
    sends_to=_sends_to,
    takes=_takes,
    caution=_caution,
    answer="n8n-overwrite",
    is_instance_wide=True,
)
