"""An External Client App: five files, in both directions."""

from collections.abc import Mapping, Sequence

from sfcred.salesforce.metadata.model import (
    Blueprint,
    MetadataFile,
    RefreshPolicy,
    RetrievedFile,
    normal_scopes,
    whole_number,
)
from sfcred.salesforce.metadata.xml import Texts, write
from sfcred.salesforce.scopes import find

_APP = "ExternalClientApplication"
_GLOBAL = "ExtlClntAppGlobalOauthSettings"
_SETTINGS = "ExtlClntAppOauthSettings"
_OAUTH_POLICIES = "ExtlClntAppOauthConfigurablePolicies"
_POLICIES = "ExtlClntAppConfigurablePolicies"

#: Folder, suffix and the ending of the name, by type.
PLACES = {
    _APP: ("externalClientApps", "eca", ""),
    _GLOBAL: ("extlClntAppGlobalOauthSets", "ecaGlblOauth", "_glbloauth"),
    _SETTINGS: ("extlClntAppOauthSettings", "ecaOauth", "_oauth"),
    _OAUTH_POLICIES: ("extlClntAppOauthPolicies", "ecaOauthPlcy", "_oauthPlcy"),
    _POLICIES: ("extlClntAppPolicies", "ecaPlcy", "_plcy"),
}
_REFRESH = {
    "infinite": "Infinite",
    "zero": "Zero",
    "lifetime": "SpecificLifetime",
    "inactivity": "SpecificInactivity",
}


def write_files(app: Blueprint) -> list[MetadataFile]:
    """The app's five files."""
    return [
        _file(app, _APP, _application(app)),
        _file(app, _GLOBAL, {"externalClientApplication": app.api_name, **_global(app)}),
        _file(app, _SETTINGS, {"externalClientApplication": app.api_name, **_settings(app)}),
        _file(app, _OAUTH_POLICIES, {"externalClientApplication": app.api_name, **_oauth(app)}),
        _file(
            app,
            _POLICIES,
            {
                "externalClientApplication": app.api_name,
                "isEnabled": True,
                "isOauthPluginEnabled": True,
                "label": f"{app.label} policies",
            },
        ),
    ]


def _file(app: Blueprint, kind: str, fields: Mapping[str, object]) -> MetadataFile:
    folder, suffix, ending = PLACES[kind]
    text = write(kind, fields)
    name = f"{app.api_name}{ending}"
    return MetadataFile(kind, folder, name, suffix, text, sensitive=kind == _GLOBAL)


def _application(app: Blueprint) -> dict[str, object]:
    return {
        "contactEmail": app.contact_email,
        "description": app.description,
        "distributionState": "Local",
        "isProtected": False,
        "label": app.label,
    }


def _global(app: Blueprint) -> dict[str, object]:
    return {
        "callbackUrl": "\n".join(app.callback_urls),
        "certificate": app.certificate.strip(),
        "isConsumerSecretOptional": False,
        "isPkceRequired": app.pkce_required,
        "isRefreshTokenRotationEnabled": app.refresh_token_rotation,
        "isSecretRequiredForRefreshToken": True,
        "label": f"{app.label} global OAuth",
        # True would replace the key that n8n has.
        "shouldRotateConsumerKey": False,
        "shouldRotateConsumerSecret": False,
    }


def _settings(app: Blueprint) -> dict[str, object]:
    known = (find(scope) for scope in app.scopes)
    tokens = list(dict.fromkeys(scope.external_client_app for scope in known if scope))
    return {"commaSeparatedOauthScopes": ", ".join(tokens), "label": f"{app.label} OAuth"}


def _oauth(app: Blueprint) -> dict[str, object]:
    policy = app.refresh_policy
    permitted = "AdminApprovedPreAuthorized" if app.pre_authorized else "AllSelfAuthorized"
    return {
        "commaSeparatedPermissionSet": ", ".join(app.permission_sets) if app.pre_authorized else "",
        "ipRelaxationPolicyType": "Bypass" if app.bypass_ip else "Enforce",
        "label": f"{app.label} OAuth policies",
        "permittedUsersPolicyType": permitted,
        "refreshTokenPolicyType": _REFRESH[policy.kind],
        "refreshTokenValidityPeriod": policy.number or None,
        "refreshTokenValidityUnit": policy.unit,
        # A High Assurance session is more than a JWT login can give.
        "requiredSessionLevel": "STANDARD",
    }


def read_files(api_name: str, files: Sequence[RetrievedFile]) -> Blueprint | None:
    """The app as an org gave it back.

    Args:
        api_name: Which.
        files: An org's metadata files, of this app and of others.

    Returns:
        The app; None if it isn't among them. What isn't there has Salesforce's defaults.
    """
    parts: dict[str, Texts] = {}
    for kind, name, texts in files:
        owner = texts.one("externalClientApplication") or (name if kind == _APP else "")
        if kind in PLACES and owner == api_name:
            parts[kind] = texts
    if _GLOBAL not in parts and _APP not in parts:
        return None
    return _assemble(api_name, parts)


def _assemble(api_name: str, parts: dict[str, Texts]) -> Blueprint:
    nothing = Texts()
    app, settings = parts.get(_APP, nothing), parts.get(_SETTINGS, nothing)
    shared, policies = parts.get(_GLOBAL, nothing), parts.get(_OAUTH_POLICIES, nothing)
    return Blueprint(
        api_name=api_name,
        label=app.one("label"),
        contact_email=app.one("contactEmail"),
        description=app.one("description"),
        scopes=tuple(sorted(normal_scopes(_list(settings.one("commaSeparatedOauthScopes"))))),
        callback_urls=tuple(shared.one("callbackUrl").split()),
        certificate=shared.one("certificate"),
        pre_authorized=policies.one("permittedUsersPolicyType") == "AdminApprovedPreAuthorized",
        permission_sets=tuple(_list(policies.one("commaSeparatedPermissionSet"))),
        pkce_required=shared.truth("isPkceRequired", default=True),
        refresh_token_rotation=shared.truth("isRefreshTokenRotationEnabled"),
        refresh_policy=_policy(policies),
        bypass_ip=policies.one("ipRelaxationPolicyType").lower().startswith("bypass"),
    )


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _policy(policies: Texts) -> RefreshPolicy:
    named = policies.one("refreshTokenPolicyType")
    kind = next((ours for ours, theirs in _REFRESH.items() if theirs == named), "infinite")
    number = whole_number(policies.one("refreshTokenValidityPeriod"))
    unit = policies.one("refreshTokenValidityUnit") if kind in ("lifetime", "inactivity") else ""
    return RefreshPolicy(kind, number or 0 if unit else 0, unit)
