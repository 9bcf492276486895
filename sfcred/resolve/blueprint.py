"""The app that a credential needs, from its spec."""

import re
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import NotKnown, RenderError
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_names import api_name
from sfcred.salesforce.metadata import connected_app, external_client_app
from sfcred.salesforce.metadata.model import Blueprint, RefreshPolicy
from sfcred.salesforce.metadata.xml import Texts


class Deployed(NamedTuple):
    """An app and its spec.

    Attributes:
        credential: Whose app it is.
        wanted: The app as the spec has it.
        found: The app as the org has it; None if it isn't there.
        where: Where the org's files were looked for, in words.
    """

    credential: Credential
    wanted: Blueprint
    found: Blueprint | None
    where: str


#: A callback that the JWT flow never uses, but that an app must have (the Salesforce CLI's own).
UNUSED_CALLBACK = "http://localhost:1717/OauthRedirect"
_UNITS = {"h": "Hours", "d": "Days", "mo": "Months"}


def blueprint(credential: Credential, *, for_deployment: bool = True) -> Blueprint:
    """The app as the spec has it; what it leaves out is filled in with what works.

    Args:
        credential: Whose app it is.
        for_deployment: Salesforce must be able to take it as it is: a contact and, for JWT, the
            certificate are demanded.

    Raises:
        RenderError: Something is missing that no default can stand for.
    """
    app = credential.app
    label = app.label or "n8n"
    name = api_name(label)
    if name is None:
        raise RenderError(
            f"{credential.name}: app.label gives no API name", hint="See sfcred explain SFC610."
        )
    if app.contact_email is None and for_deployment:
        raise RenderError(
            f"{credential.name}: app.contact_email is missing, and Salesforce demands one",
            hint="Add `contact_email` to `app`.",
        )
    return Blueprint(
        api_name=name,
        label=label,
        contact_email=app.contact_email or "",
        description=credential.spec.description or "",
        scopes=tuple(app.scopes or _scopes(credential)),
        callback_urls=tuple(_callbacks(credential)),
        certificate=_certificate(credential) if for_deployment else "",
        pre_authorized=_pre_authorized(credential),
        permission_sets=tuple(app.permission_sets or ()),
        pkce_required=app.pkce_required is not False,
        refresh_token_rotation=bool(app.refresh_token_rotation),
        refresh_policy=_policy(credential),
        bypass_ip=app.ip_relaxation == "bypass",
    )


def _scopes(credential: Credential) -> list[str]:
    """n8n asks for `full refresh_token`, unless a consent is imported with the credential."""
    if credential.flow == "jwt" or credential.declared(("oauth2", "refresh_token")) is not None:
        return ["api", "refresh_token"]
    return ["full", "refresh_token"]


def _callbacks(credential: Credential) -> list[str]:
    declared = credential.app.callback_urls
    if declared:
        return declared
    if credential.flow == "jwt":
        return [UNUSED_CALLBACK]
    try:
        return [callback.url for callback in credential.callbacks]
    except NotKnown as reason:
        raise RenderError(
            f"{credential.name}: n8n's callback is not known: {reason.message}", hint=reason.hint
        ) from None


def _pre_authorized(credential: Credential) -> bool:
    """A JWT login needs it; a person who consents does not."""
    declared = credential.app.pre_authorized
    return credential.flow == "jwt" if declared is None else declared


def _certificate(credential: Credential) -> str:
    """The certificate in PEM; empty for OAuth2.

    Raises:
        RenderError: A JWT app without one: a deployment would take it from the app.
    """
    if credential.flow != "jwt":
        return ""
    from sfcred.keys.certificate import Certificate

    try:
        found = credential.certificate
    except NotKnown as reason:
        raise _no_certificate(credential, reason.message) from None
    if not isinstance(found, Certificate):
        raise _no_certificate(credential, found.detail)
    return pem(found.der)


def _no_certificate(credential: Credential, reason: str) -> RenderError:
    return RenderError(
        f"{credential.name}: {reason}; deployed without its certificate, the app would lose the "
        "one it has, and every JWT login would fail",
        hint=f"sfcred keygen {credential.name} makes the pair; name it as jwt.certificate.",
    )


def pem(der: bytes) -> str:
    """A certificate in PEM: 64 columns, LF."""
    import base64

    text = base64.b64encode(der).decode("ascii")
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def _policy(credential: Credential) -> RefreshPolicy:
    policy = credential.app.refresh_token_policy
    if policy is None:
        return RefreshPolicy()
    found = re.fullmatch(r"([0-9]+)(h|d|mo)", policy.duration or "")
    if found is None:
        return RefreshPolicy(policy.kind)
    return RefreshPolicy(policy.kind, int(found[1]), _UNITS[found[2]])


def deployed(credential: Credential, files: list[tuple[str, str, Texts]], where: str) -> Deployed:
    """Looks for a credential's app among an org's metadata files.

    Args:
        credential: The credential.
        files: Type, member name and texts of each file.
        where: Where they come from, in words.

    Raises:
        NotKnown: The spec doesn't say enough of the app to compare it.
    """
    try:
        wanted = blueprint(credential)
    except RenderError as error:
        reason = error.message.removeprefix(f"{credential.name}: ")
        raise NotKnown(reason, hint=error.hint) from None
    is_connected = credential.app.type == "connected_app"
    read = connected_app.read_files if is_connected else external_client_app.read_files
    return Deployed(credential, wanted, read(wanted.api_name, files), where)


def folder_of(credential: Credential) -> Path:
    """Where an app's source goes: a folder each, because each is for another org."""
    profile = f".{credential.profile}" if credential.profile else ""
    return Path(f"{credential.name}{profile}")
