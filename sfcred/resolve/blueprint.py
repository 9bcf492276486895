"""Derive the app that a credential needs from its spec."""

import re

from sfcred.errors import NotKnown, RenderError
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_names import api_name
from sfcred.salesforce.metadata.model import Blueprint, RefreshPolicy
from sfcred.salesforce.scopes import identify

#: A callback for JWT apps: they never use it, but must have one (this is the Salesforce CLI's).
UNUSED_CALLBACK = "http://localhost:1717/OauthRedirect"
_UNITS = {"h": "Hours", "d": "Days", "mo": "Months"}


def blueprint(credential: Credential, *, for_deployment: bool = True) -> Blueprint:
    """Return the app that a spec describes, with working defaults for what it omits.

    Args:
        credential: The credential that uses the app.
        for_deployment: Require what Salesforce requires for a deployment: a contact and, for the
            JWT flow, the certificate.

    Raises:
        RenderError: Something without a default is missing.
    """
    app = credential.app
    label = app.label or "n8n"
    return Blueprint(
        api_name=_api_name(credential, label),
        label=label,
        contact_email=_contact(credential, required=for_deployment),
        description=credential.spec.description or "",
        scopes=_scopes(credential, known_only=for_deployment),
        callback_urls=tuple(_callbacks(credential)),
        certificate=_certificate(credential) if for_deployment else "",
        pre_authorized=_pre_authorized(credential),
        permission_sets=tuple(app.permission_sets or ()),
        pkce_required=app.pkce_required is not False,
        refresh_token_rotation=bool(app.refresh_token_rotation),
        refresh_policy=_policy(credential),
        bypass_ip=app.ip_relaxation == "bypass",
    )


def _api_name(credential: Credential, label: str) -> str:
    name = api_name(label)
    if name is None:
        raise RenderError(
            f"{credential.name}: app.label can't be turned into an API name",
            hint="Run `sfcred doctor` to see what is wrong with the label.",
        )
    return name


def _contact(credential: Credential, *, required: bool) -> str:
    contact = credential.app.contact_email
    if contact is None and required:
        raise RenderError(
            f"{credential.name}: app.contact_email is missing, and Salesforce requires it",
            hint="Add `contact_email` to `app`.",
        )
    return contact or ""


def _scopes(credential: Credential, *, known_only: bool) -> tuple[str, ...]:
    """Return the declared scopes, or those that n8n asks for.

    Raises:
        RenderError: With `known_only`, one is unknown, so the metadata would silently omit it.
    """
    declared = credential.app.scopes
    if not declared:
        return _default_scopes(credential)
    meant = [identify(text) for text in declared]
    if known_only and None in meant:
        raise RenderError(
            f"{credential.name}: entry {meant.index(None) + 1} of app.scopes is not a Salesforce "
            "scope, so it can't be added to the app",
            hint="Run `sfcred doctor` to see what is wrong with it. If it is a custom scope, add "
            "it in Setup instead.",
        )
    return tuple(scope.wire if scope else text for scope, text in zip(meant, declared, strict=True))


def _default_scopes(credential: Credential) -> tuple[str, ...]:
    """Return the scopes that n8n asks for: `full refresh_token`, unless it imports a consent."""
    if credential.flow == "jwt" or credential.declared(("oauth2", "refresh_token")) is not None:
        return ("api", "refresh_token")
    return ("full", "refresh_token")


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
            f"{credential.name}: n8n's callback URL is unknown: {reason.message}", hint=reason.hint
        ) from None


def _pre_authorized(credential: Credential) -> bool:
    """Return whether users are pre-authorized. JWT logins need that; consents don't."""
    declared = credential.app.pre_authorized
    return credential.flow == "jwt" if declared is None else declared


def _certificate(credential: Credential) -> str:
    """Return the certificate in PEM; empty for OAuth2.

    Raises:
        RenderError: A JWT app has none. A deployment would then remove it from the app.
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
    return found.pem()


def _no_certificate(credential: Credential, reason: str) -> RenderError:
    return RenderError(
        f"{credential.name}: {reason}; if deployed without a certificate, the app would lose the "
        "one it has, and every JWT login would fail",
        hint=f"Create the key pair with sfcred keygen {credential.name}, and set jwt.certificate "
        "to the certificate's path.",
    )


def _policy(credential: Credential) -> RefreshPolicy:
    policy = credential.app.refresh_token_policy
    if policy is None:
        return RefreshPolicy()
    found = re.fullmatch(r"([0-9]+)(h|d|mo)", policy.duration or "")
    if found is None:
        return RefreshPolicy(policy.kind)
    return RefreshPolicy(policy.kind, int(found[1]), _UNITS[found[2]])
