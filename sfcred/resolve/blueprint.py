"""Derive the app that a credential needs from its spec."""

import re
from typing import NamedTuple

from sfcred.errors import NotKnown, RenderError
from sfcred.resolve.credential import Credential
from sfcred.resolve.generic_type import asked_scopes
from sfcred.salesforce.app_names import api_name
from sfcred.salesforce.metadata.model import AppSettings, PermissionSet, RefreshPolicy
from sfcred.salesforce.scopes import identify, scope_names

#: The Salesforce CLI's callback. `sfcred login` uses it, and every app must have some callback.
LOCAL_CALLBACK = "http://localhost:1717/OauthRedirect"
_UNITS = {"h": "Hours", "d": "Days", "mo": "Months"}
_FALLBACK_LABEL = "n8n"


class Blueprint(NamedTuple):
    """A complete app: what the spec states, and working defaults for the rest.

    Attributes:
        api_name: Its name in metadata.
        settings: What a deployment writes.
        label, contact_email, scopes, callback_urls, pre_authorized, permission_sets, profiles,
        pkce_required, refresh_token_rotation, refresh_policy, ip_relaxation: As in AppSettings.
    """

    api_name: str
    settings: AppSettings
    label: str
    contact_email: str
    scopes: tuple[str, ...]
    callback_urls: tuple[str, ...]
    pre_authorized: bool
    permission_sets: tuple[PermissionSet, ...]
    profiles: tuple[str, ...]
    pkce_required: bool
    refresh_token_rotation: bool
    refresh_policy: RefreshPolicy
    ip_relaxation: str


def blueprint(credential: Credential, *, for_deployment: bool = True) -> Blueprint:
    """Return the app that a spec describes, with working defaults for what it omits.

    Args:
        credential: The credential that uses the app.
        for_deployment: Require what Salesforce requires for a deployment: a contact and, for the
            JWT flow, the certificate.

    Raises:
        RenderError: Something without a default is missing.
    """
    app = stated(credential)
    label = app.label or _FALLBACK_LABEL
    settings = app._replace(
        label=label,
        contact_email=_contact(credential, required=for_deployment),
        description=credential.spec.description,
        scopes=_scopes(credential, known_only=for_deployment),
        callback_urls=_callbacks(credential),
        certificate=certificate_text(credential) if for_deployment else "",
        run_as=run_as(credential) if for_deployment else None,
        pre_authorized=is_pre_authorized(credential),
        pkce_required=app.pkce_required is not False,
        refresh_token_rotation=bool(app.refresh_token_rotation),
        refresh_policy=app.refresh_policy or RefreshPolicy(),
        ip_relaxation=app.ip_relaxation or "enforce",
        session_level=app.session_level or "standard",
    )
    return _complete(_api_name(credential, label), settings)


def _complete(name: str, app: AppSettings) -> Blueprint:
    return Blueprint(
        api_name=name,
        settings=app,
        label=app.label or "",
        contact_email=app.contact_email or "",
        scopes=app.scopes or (),
        callback_urls=app.callback_urls or (),
        pre_authorized=bool(app.pre_authorized),
        permission_sets=app.permission_sets or (),
        profiles=app.profiles or (),
        pkce_required=bool(app.pkce_required),
        refresh_token_rotation=bool(app.refresh_token_rotation),
        refresh_policy=app.refresh_policy or RefreshPolicy(),
        ip_relaxation=app.ip_relaxation or "",
    )


def stated(credential: Credential) -> AppSettings:
    """Return what a spec states about the app, without any default.

    The certificate and the user to run as are not among it, because reading them can fail;
    `description` neither, because the spec's own is about the credential.
    """
    app = credential.app
    sets = app.permission_sets
    has_client_credentials = True if credential.decision.flow == "client_credentials" else None
    return AppSettings(
        label=app.label,
        contact_email=app.contact_email,
        contact_phone=app.contact_phone,
        logo_url=app.logo_url,
        icon_url=app.icon_url,
        start_url=app.start_url,
        scopes=scope_names(app.scopes) if app.scopes else None,
        callback_urls=tuple(app.callback_urls) if app.callback_urls else None,
        pre_authorized=app.pre_authorized,
        permission_sets=None
        if sets is None
        else tuple(PermissionSet(one.name, one.label) for one in sets),
        profiles=None if app.profiles is None else tuple(app.profiles),
        pkce_required=app.pkce_required,
        refresh_token_rotation=app.refresh_token_rotation,
        refresh_token_idle_limit=app.refresh_token_idle_limit,
        named_user_jwt=app.named_user_jwt,
        client_credentials=has_client_credentials,
        client_credentials_policy=has_client_credentials,
        refresh_policy=_policy(credential),
        ip_relaxation=app.ip_relaxation,
        session_level=app.session_level,
    )


def stated_api_name(credential: Credential) -> str | None:
    """Return the app's API name: the stated one, or the one that its label gives."""
    app = credential.app
    return app.api_name or api_name(app.label or _FALLBACK_LABEL)


def _api_name(credential: Credential, label: str) -> str:
    name = credential.app.api_name or api_name(label)
    if name is None:
        raise RenderError(
            f"{credential.name}: app.label can't be turned into an API name",
            hint="Set app.api_name, or run `sfcred doctor` to see what is wrong with the label.",
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


def require_known_scopes(credential: Credential) -> None:
    """Refuse scopes that sfcred doesn't know, because it can't write them to metadata.

    Raises:
        RenderError: One is unknown.
    """
    meant = [identify(text) for text in credential.app.scopes or ()]
    if None in meant:
        raise RenderError(
            f"{credential.name}: entry {meant.index(None) + 1} of app.scopes is not a Salesforce "
            "scope, so it can't be added to the app",
            hint="Run `sfcred doctor` to see what is wrong with it. If it is a custom scope, add "
            "it in Setup instead.",
        )


def _scopes(credential: Credential, *, known_only: bool) -> tuple[str, ...]:
    """Return the declared scopes, or those that n8n asks for."""
    if known_only:
        require_known_scopes(credential)
    declared = stated(credential).scopes
    if declared is not None:
        return declared
    if credential.flow == "client_credentials":
        return ("api",)
    return needed_scopes(credential) or ("api", "refresh_token")


def needed_scopes(credential: Credential) -> tuple[str, ...]:
    """Return the scopes that n8n asks for in a consent; none if it doesn't ask for any."""
    if credential.flow != "oauth2" or credential.declared(("oauth2", "refresh_token")) is not None:
        return ()
    return asked_scopes(credential) if credential.has_generic_type else ("full", "refresh_token")


def _callbacks(credential: Credential) -> tuple[str, ...]:
    declared = credential.app.callback_urls
    if declared:
        return tuple(declared)
    if credential.flow != "oauth2":
        return (LOCAL_CALLBACK,)
    try:
        found = needed_callbacks(credential)
    except NotKnown as reason:
        raise RenderError(
            f"{credential.name}: n8n's callback URL is unknown: {reason.message}", hint=reason.hint
        ) from None
    has_login = credential.declared(("oauth2", "refresh_token")) is not None
    return (*found, LOCAL_CALLBACK) if has_login else found


def needed_callbacks(credential: Credential) -> tuple[str, ...]:
    """Return the callbacks that n8n uses in a consent; none for the flows without one.

    Raises:
        NotKnown: n8n's address isn't known.
    """
    if credential.flow != "oauth2":
        return ()
    return tuple(callback.url for callback in credential.callbacks)


def is_pre_authorized(credential: Credential) -> bool:
    """Return whether users are pre-authorized.

    JWT logins need that, consents don't. A spec that lists who is assigned means it, too.
    """
    app = credential.app
    if app.pre_authorized is not None:
        return app.pre_authorized
    return credential.flow == "jwt" or bool(app.permission_sets or app.profiles)


def admits_nobody(credential: Credential) -> bool:
    """Return whether a spec's app is only for assigned users, and nobody is assigned.

    Without an app section, nothing is known about the app.
    """
    app = credential.app
    is_assigned = bool(app.permission_sets or app.profiles)
    return credential.spec.app is not None and not is_assigned and is_pre_authorized(credential)


def run_as(credential: Credential) -> str | None:
    """Return the username that client credentials run as; None for other flows, or if unset.

    Raises:
        RenderError: It can't be read here. A deployment would then leave it to the org.
    """
    route = credential.username_route
    if credential.flow != "client_credentials" or not route or credential.declared(route) is None:
        return None
    try:
        return credential.value(route).get_secret_value()
    except NotKnown as reason:
        raise RenderError(f"{credential.name}: {reason.message}", hint=reason.hint) from None


def certificate_text(credential: Credential) -> str:
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
        raise _no_certificate(credential, reason.message, reason.hint) from None
    if not isinstance(found, Certificate):
        raise _no_certificate(credential, found.detail)
    return found.pem()


def _no_certificate(credential: Credential, reason: str, hint: str = "") -> RenderError:
    return RenderError(
        f"{credential.name}: {reason}; if deployed without a certificate, the app would lose the "
        "one it has, and every JWT login would fail",
        hint=hint
        or f"Create the key pair with `sfcred keygen {credential.chosen}`, and set jwt.certificate "
        "to the certificate's path.",
    )


def _policy(credential: Credential) -> RefreshPolicy | None:
    policy = credential.app.refresh_token_policy
    if policy is None:
        return None
    found = re.fullmatch(r"([0-9]+)(h|d|mo)", policy.duration or "")
    if found is None:
        return RefreshPolicy(policy.kind)
    return RefreshPolicy(policy.kind, int(found[1]), _UNITS[found[2]])
