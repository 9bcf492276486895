"""A Connected App: one file, in both directions."""

from collections.abc import Mapping

from sfcred.salesforce.metadata.defaults import connected_app_truth, flow_user, unknown_elements
from sfcred.salesforce.metadata.head import HEAD, head_elements, with_head
from sfcred.salesforce.metadata.model import (
    AppSettings,
    Kind,
    PermissionSet,
    Place,
    RefreshPolicy,
    unique,
    whole_number,
    without_none,
)
from sfcred.salesforce.metadata.xml import Fields
from sfcred.salesforce.scopes import find

_KIND = "ConnectedApp"
#: The file contains the certificate.
KINDS = (Kind(_KIND, "connectedApps", "connectedApp", sensitive=True),)

_ELEMENTS = {
    **HEAD,
    "start_url": "startUrl",
    "scopes": "oauthConfig/scopes",
    "callback_urls": "oauthConfig/callbackUrl",
    "certificate": "oauthConfig/certificate",
    "pre_authorized": "oauthConfig/isAdminApproved",
    "permission_sets": "permissionSetName",
    "profiles": "profileName",
    "pkce_required": "oauthConfig/isPkceRequired",
    "refresh_token_rotation": "oauthConfig/isRefreshTokenRotationEnabled",
    "refresh_token_idle_limit": "oauthConfig/isEnforceRefreshTokenTTL",
    "named_user_jwt": "oauthConfig/isNamedUserJwtEnabled",
    "client_credentials": "oauthConfig/isClientCredentialEnabled",
    "client_credentials_policy": "oauthConfig/isClientCredentialEnabled",
    "run_as": "oauthConfig/oauthClientCredentialUser",
    "refresh_policy": "oauthPolicy/refreshTokenPolicy",
    "ip_relaxation": "oauthPolicy/ipRelaxation",
    "session_level": "sessionPolicy/sessionLevel",
    "is_enabled": "label",
    "has_oauth": "oauthConfig",
    "is_secret_optional": "oauthConfig/isConsumerSecretOptional",
    "has_ip_ranges": "ipRanges",
    "consumer_key": "oauthConfig/consumerKey",
}
PLACES = {name: Place(_KIND, element) for name, element in _ELEMENTS.items()}
#: What is written for settings that a spec can't state, in a new app only.
_NEW_CONFIG = {"isConsumerSecretOptional": False, "isSecretRequiredForRefreshToken": True}
NEW: Mapping[str, Mapping[str, object]] = {_KIND: {"oauthConfig": _NEW_CONFIG}}
_IP = {
    "enforce": "ENFORCE",
    "bypass": "BYPASS",
    "bypass_2factor": "BYPASS_2FACTOR",
    "enforce_relax_refresh": "ENFORCE_RELAXREFRESH",
}


def elements(app: AppSettings) -> dict[str, dict[str, object]]:
    """Return the elements for the settings that are stated, by metadata type."""
    return {_KIND: {**_top(app), **_groups(app)}}


def _top(app: AppSettings) -> dict[str, object]:
    found = without_none({**head_elements(app), "startUrl": app.start_url})
    if app.pre_authorized is False:  # Salesforce accepts them only with isAdminApproved
        return {**found, "permissionSetName": None, "profileName": None}
    if app.permission_sets is not None:
        found["permissionSetName"] = sorted({one.label or one.name for one in app.permission_sets})
    if app.profiles is not None:
        found["profileName"] = sorted(set(app.profiles))
    return found


def _groups(app: AppSettings) -> dict[str, object]:
    policy: dict[str, object] = {}
    if app.ip_relaxation is not None:
        policy["ipRelaxation"] = _IP[app.ip_relaxation]
    if app.refresh_policy is not None:
        policy["refreshTokenPolicy"] = _policy_text(app.refresh_policy)
    groups = {"oauthConfig": _config(app), "oauthPolicy": policy, "sessionPolicy": _session(app)}
    return {name: group for name, group in groups.items() if group}


def _config(app: AppSettings) -> dict[str, object]:
    found: dict[str, object] = {
        "isAdminApproved": app.pre_authorized,
        "isEnforceRefreshTokenTTL": app.refresh_token_idle_limit,
        "isClientCredentialEnabled": app.client_credentials,
        "isNamedUserJwtEnabled": app.named_user_jwt,
        "isPkceRequired": app.pkce_required,
        "isRefreshTokenRotationEnabled": app.refresh_token_rotation,
        "oauthClientCredentialUser": app.run_as or None,
        "certificate": app.certificate.strip() if app.certificate else None,
    }
    if app.callback_urls is not None:
        found["callbackUrl"] = "\n".join(app.callback_urls)
    if app.scopes is not None:
        known = ((find(text), text) for text in app.scopes)
        found["scopes"] = unique([one.connected_app if one else text for one, text in known])
    return without_none(found)


def _session(app: AppSettings) -> dict[str, object]:
    """Return the session policy. Standard is what an app without one has."""
    if app.session_level is None:
        return {}
    if app.session_level == "standard":
        return {"policyAction": None, "sessionLevel": None}
    action = {"policyAction": "RaiseSessionLevel"} if app.session_level == "high_assurance" else {}
    return {**action, "sessionLevel": app.session_level.upper()}


def _policy_text(policy: RefreshPolicy) -> str:
    if policy.kind in ("infinite", "zero"):
        return policy.kind
    return f"specific_{policy.kind}:{policy.number}:{policy.unit.upper()}"


def read_settings(parts: Mapping[str, Fields]) -> AppSettings:
    """Return what an org's file states."""
    file = parts.get(_KIND)
    if file is None:
        return AppSettings()
    has_oauth = file.group("oauthConfig") is not None
    # A package has no settings of an app that it refers to, only the app's name and version
    # (Salesforce, "Package Connected Apps in Second-Generation Managed Packaging").
    is_reference = not has_oauth and ("developerName" in file or "version" in file)
    # Both came with API version 46: an app without isAdminApproved says nothing about assignments.
    approved = connected_app_truth(file, "isAdminApproved")
    sets, profiles = unique(file.texts("permissionSetName")), unique(file.texts("profileName"))
    is_told = approved is not None or sets or profiles
    return with_head(AppSettings(), file)._replace(
        start_url=file.text("startUrl") or "",
        scopes=unique(file.texts("oauthConfig/scopes")) if has_oauth else None,
        callback_urls=_callbacks(file),
        certificate=(file.text("oauthConfig/certificate") or "") if has_oauth else None,
        pre_authorized=approved,
        permission_sets=tuple(map(PermissionSet, sets)) if is_told else None,
        profiles=profiles if is_told else None,
        pkce_required=connected_app_truth(file, "isPkceRequired"),
        refresh_token_rotation=file.truth("oauthConfig/isRefreshTokenRotationEnabled"),
        refresh_token_idle_limit=file.truth("oauthConfig/isEnforceRefreshTokenTTL"),
        named_user_jwt=file.truth("oauthConfig/isNamedUserJwtEnabled"),
        client_credentials=file.truth("oauthConfig/isClientCredentialEnabled"),
        client_credentials_policy=file.truth("oauthConfig/isClientCredentialEnabled"),
        run_as=flow_user(
            file, "oauthConfig/isClientCredentialEnabled", "oauthConfig/oauthClientCredentialUser"
        ),
        refresh_policy=_policy(file.text("oauthPolicy/refreshTokenPolicy")),
        ip_relaxation=_ip(file.text("oauthPolicy/ipRelaxation")),
        session_level=_level(file),
        is_enabled=None if is_reference else True,
        has_oauth=None if is_reference else has_oauth,
        is_reference=is_reference or None,
        is_secret_optional=connected_app_truth(file, "isConsumerSecretOptional"),
        has_ip_ranges="ipRanges" in file,
        consumer_key=file.text("oauthConfig/consumerKey") or None,
    )


def unknown(kind: str, file: Fields) -> list[str]:
    """Return the elements that a file is too old to have, and that its deployment can reset."""
    return unknown_elements(file) if kind == _KIND else []


def _callbacks(file: Fields) -> tuple[str, ...] | None:
    text = file.text("oauthConfig/callbackUrl")
    return None if text is None else unique(text.split())


def _ip(text: str | None) -> str | None:
    return next((ours for ours, theirs in _IP.items() if theirs == (text or "").upper()), text)


def _level(file: Fields) -> str | None:
    if file.group("sessionPolicy") is None and file.group("oauthPolicy") is None:
        return None  # before API version 49
    text = file.text("sessionPolicy/sessionLevel")
    return text.lower().replace(" ", "_") if text else "standard"


def _policy(text: str | None) -> RefreshPolicy | None:
    if not text:
        return None
    kind, _, rest = text.lower().partition(":")
    period, _, unit = rest.partition(":")
    number = whole_number(period)
    if kind in ("infinite", "zero") and not rest:
        return RefreshPolicy(kind)
    if kind in ("specific_lifetime", "specific_inactivity") and number:
        return RefreshPolicy(kind.removeprefix("specific_"), number, unit.capitalize())
    return RefreshPolicy(text)
