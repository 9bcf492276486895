"""An External Client App: five files, in both directions."""

import re
from collections.abc import Mapping

from sfcred.salesforce.metadata.defaults import flow_user, global_certificate, global_truth
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

_APP = "ExternalClientApplication"
_GLOBAL = "ExtlClntAppGlobalOauthSettings"
_SETTINGS = "ExtlClntAppOauthSettings"
_OAUTH_POLICIES = "ExtlClntAppOauthConfigurablePolicies"
_POLICIES = "ExtlClntAppConfigurablePolicies"

_SECRETS = (
    'the setting "Allow Access to OAuth Consumer Secrets via Metadata API" and the permission '
    '"View External Client Apps Consumer Secrets in Metadata"'
)
_VIEW = (
    'the permission "View all External Client Apps, view their settings, and edit their policies"'
)
KINDS = (
    Kind(_APP, "externalClientApps", "eca"),
    Kind(
        _GLOBAL,
        "extlClntAppGlobalOauthSets",
        "ecaGlblOauth",
        "_glbloauth",
        needs=_SECRETS,
        sensitive=True,
    ),
    Kind(_SETTINGS, "extlClntAppOauthSettings", "ecaOauth", "_oauth"),
    Kind(_OAUTH_POLICIES, "extlClntAppOauthPolicies", "ecaOauthPlcy", "_oauthPlcy", _VIEW),
    Kind(_POLICIES, "extlClntAppPolicies", "ecaPlcy", "_plcy", _VIEW),
)

_ELEMENTS = {
    _APP: HEAD,
    _GLOBAL: {
        "callback_urls": "callbackUrl",
        "certificate": "certificate",
        "pkce_required": "isPkceRequired",
        "refresh_token_rotation": "isRefreshTokenRotationEnabled",
        "refresh_token_idle_limit": "isEnforceRefreshTokenTTL",
        "named_user_jwt": "isNamedUserJwtEnabled",
        "client_credentials": "isClientCredentialsFlowEnabled",
        "is_secret_optional": "isConsumerSecretOptional",
        "consumer_key": "consumerKey",
    },
    _SETTINGS: {"scopes": "commaSeparatedOauthScopes", "has_ip_ranges": "trustedIpRanges"},
    _OAUTH_POLICIES: {
        "pre_authorized": "permittedUsersPolicyType",
        "permission_sets": "commaSeparatedPermissionSet",
        "profiles": "commaSeparatedProfile",
        "refresh_policy": "refreshTokenPolicyType",
        "ip_relaxation": "ipRelaxationPolicyType",
        "session_level": "requiredSessionLevel",
        "client_credentials_policy": "isClientCredentialsFlowEnabled",
        "run_as": "clientCredentialsFlowUser",
    },
    _POLICIES: {
        "start_url": "startUrl",
        "is_enabled": "isEnabled",
        "has_oauth": "isOauthPluginEnabled",
    },
}
PLACES = {
    name: Place(kind, element) for kind, rows in _ELEMENTS.items() for name, element in rows.items()
}
#: What is written for settings that a spec can't state, in a new app only.
NEW: Mapping[str, Mapping[str, object]] = {
    _APP: {"distributionState": "Local", "isProtected": False},
    _GLOBAL: {
        "isConsumerSecretOptional": False,
        "isSecretRequiredForRefreshToken": True,
        "shouldRotateConsumerKey": False,
        "shouldRotateConsumerSecret": False,
    },
    _POLICIES: {"isEnabled": True, "isOauthPluginEnabled": True},
}
_REFRESH = {
    "infinite": "Infinite",
    "zero": "Zero",
    "lifetime": "SpecificLifetime",
    "inactivity": "SpecificInactivity",
}
_IP = {
    "enforce": "Enforce",
    "bypass": "Bypass",
    "bypass_2factor": "Bypass_2factor",
    "enforce_relax_refresh": "Enforce_RelaxRefresh",
}
_ADMIN, _SELF = "AdminApprovedPreAuthorized", "AllSelfAuthorized"


def elements(app: AppSettings) -> dict[str, dict[str, object]]:
    """Return the elements for the settings that are stated, by metadata type."""
    found: dict[str, dict[str, object]] = {
        _APP: head_elements(app),
        _GLOBAL: {
            "callbackUrl": None if app.callback_urls is None else "\n".join(app.callback_urls),
            "certificate": app.certificate.strip() if app.certificate else None,
            "isEnforceRefreshTokenTTL": app.refresh_token_idle_limit,
            "isClientCredentialsFlowEnabled": app.client_credentials,
            "isNamedUserJwtEnabled": app.named_user_jwt,
            "isPkceRequired": app.pkce_required,
            "isRefreshTokenRotationEnabled": app.refresh_token_rotation,
        },
        _SETTINGS: {"commaSeparatedOauthScopes": _tokens(app.scopes)},
        _OAUTH_POLICIES: {
            "ipRelaxationPolicyType": _IP[app.ip_relaxation] if app.ip_relaxation else None,
            "requiredSessionLevel": app.session_level.upper() if app.session_level else None,
            "isClientCredentialsFlowEnabled": app.client_credentials_policy,
            "clientCredentialsFlowUser": app.run_as or None,
        },
        _POLICIES: {
            "startPage": "Custom" if app.start_url else None,
            "startUrl": app.start_url,
        },
    }
    stated = {kind: without_none(rows) for kind, rows in found.items()}
    stated[_OAUTH_POLICIES] |= _users(app) | _refresh(app.refresh_policy)
    return stated


def labels(app: AppSettings) -> dict[str, dict[str, object]]:
    """Return the labels of a new app's other files."""
    words = {
        _GLOBAL: "global OAuth",
        _SETTINGS: "OAuth",
        _OAUTH_POLICIES: "OAuth policies",
        _POLICIES: "policies",
    }
    return {kind: {"label": f"{app.label} {what}"} for kind, what in words.items()}


def _tokens(scopes: tuple[str, ...] | None) -> str | None:
    if scopes is None:
        return None
    known = ((find(text), text) for text in scopes)
    return ", ".join(unique([one.external_client_app if one else text for one, text in known]))


def _users(app: AppSettings) -> dict[str, object]:
    found: dict[str, object] = {}
    if app.pre_authorized is not None:
        found["permittedUsersPolicyType"] = _ADMIN if app.pre_authorized else _SELF
    if app.pre_authorized is False:
        return {**found, "commaSeparatedPermissionSet": None, "commaSeparatedProfile": None}
    if app.permission_sets is not None:
        names = unique([one.name for one in app.permission_sets])
        found["commaSeparatedPermissionSet"] = ", ".join(names)
    if app.profiles is not None:
        found["commaSeparatedProfile"] = ", ".join(unique(app.profiles))
    return found


def _refresh(policy: RefreshPolicy | None) -> dict[str, object]:
    if policy is None:
        return {}
    return {
        "refreshTokenPolicyType": _REFRESH[policy.kind],
        "refreshTokenValidityPeriod": policy.number or None,
        "refreshTokenValidityUnit": policy.unit or None,
    }


def read_settings(parts: Mapping[str, Fields]) -> AppSettings:
    """Return what an org's files state. An app doesn't have to be complete."""
    settings = AppSettings()
    if (app := parts.get(_APP)) is not None:
        settings = with_head(settings, app)
        settings = settings._replace(org_id=_org_of(app.text("orgScopedExternalApp")))
    if (shared := parts.get(_GLOBAL)) is not None:
        settings = _of_global(settings, shared)
    if (oauth := parts.get(_SETTINGS)) is not None:
        scopes = unique(_list(oauth.text("commaSeparatedOauthScopes")))
        ranges = "trustedIpRanges" in oauth
        org_id = settings.org_id or _org_of(oauth.text("oauthLink"))
        settings = settings._replace(scopes=scopes, has_ip_ranges=ranges, org_id=org_id)
    if (policies := parts.get(_OAUTH_POLICIES)) is not None:
        settings = _of_oauth_policies(settings, policies)
    if (general := parts.get(_POLICIES)) is not None:
        settings = settings._replace(
            start_url=general.text("startUrl") or "",
            is_enabled=general.truth("isEnabled"),
            has_oauth=general.truth("isOauthPluginEnabled"),
        )
    return settings


def unknown(kind: str, file: Fields) -> list[str]:
    """Return the elements that a file is too old to have, and that its deployment can reset."""
    is_too_old = kind == _GLOBAL and global_certificate(file) is None
    return ["certificate"] if is_too_old else []


def _of_global(settings: AppSettings, shared: Fields) -> AppSettings:
    return settings._replace(
        callback_urls=unique((shared.text("callbackUrl") or "").split()),
        certificate=global_certificate(shared),
        pkce_required=global_truth(shared, "isPkceRequired"),
        refresh_token_rotation=shared.truth("isRefreshTokenRotationEnabled"),
        refresh_token_idle_limit=shared.truth("isEnforceRefreshTokenTTL"),
        named_user_jwt=shared.truth("isNamedUserJwtEnabled"),
        client_credentials=shared.truth("isClientCredentialsFlowEnabled"),
        is_secret_optional=global_truth(shared, "isConsumerSecretOptional"),
        consumer_key=shared.text("consumerKey") or None,
    )


def _of_oauth_policies(settings: AppSettings, policies: Fields) -> AppSettings:
    level = policies.text("requiredSessionLevel")
    sets = unique(_list(policies.text("commaSeparatedPermissionSet")))
    return settings._replace(
        pre_authorized={_ADMIN: True, _SELF: False}.get(
            policies.text("permittedUsersPolicyType") or ""
        ),
        permission_sets=tuple(map(PermissionSet, sets)),
        profiles=unique(_list(policies.text("commaSeparatedProfile"))),
        refresh_policy=_policy(policies),
        ip_relaxation=_ip(policies.text("ipRelaxationPolicyType")),
        session_level=level.lower() if level else None,
        client_credentials_policy=policies.truth("isClientCredentialsFlowEnabled"),
        run_as=flow_user(policies, "isClientCredentialsFlowEnabled", "clientCredentialsFlowUser"),
    )


def _org_of(link: str | None) -> str | None:
    """Return the org's id in a link, `id:name`."""
    found = re.match(r"(00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?):", link or "")
    return found[1] if found else None


def _list(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",")]


def _ip(text: str | None) -> str | None:
    folded = (text or "").lower()
    return next((ours for ours, theirs in _IP.items() if theirs.lower() == folded), text or None)


def _policy(policies: Fields) -> RefreshPolicy | None:
    named = policies.text("refreshTokenPolicyType")
    if not named:
        return None
    kind = next((ours for ours, theirs in _REFRESH.items() if theirs == named), named)
    number = whole_number(policies.text("refreshTokenValidityPeriod"))
    if kind not in ("lifetime", "inactivity"):
        return RefreshPolicy(kind)
    unit = policies.text("refreshTokenValidityUnit") or ""
    return RefreshPolicy(kind, number, unit) if number else RefreshPolicy(named)
