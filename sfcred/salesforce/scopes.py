"""Salesforce's OAuth scopes: the wire value, Setup's label, and both metadata spellings.

Wire values as live orgs list them in their openid-configuration; spellings from the Metadata API
(ConnectedAppOauthAccessScope, and the tokens of commaSeparatedOauthScopes). Labels that no
official page confirms are marked as not sure.
"""

import re
from typing import NamedTuple


class Scope(NamedTuple):
    """One scope.

    Attributes:
        wire: The technical name, as specs and tokens have it.
        label: What Setup shows under Selected OAuth Scopes.
        connected_app: The spelling in a Connected App's metadata.
        external_client_app: The spelling in an External Client App's metadata.
        label_sure: The label was seen in a Salesforce page.
    """

    wire: str
    label: str
    connected_app: str
    external_client_app: str
    label_sure: bool = True


_IDENTITY = "Access the identity URL service (id, profile, email, address, phone)"
_REFRESH = "Perform requests at any time (refresh_token, offline_access)"

# fmt: off
SCOPES = (
    Scope("api", "Manage user data via APIs (api)", "Api", "Api"),
    Scope("web", "Manage user data via Web browsers (web)", "Web", "Web"),
    Scope("full", "Full access (full)", "Full", "Full"),
    Scope("refresh_token", _REFRESH, "RefreshToken", "RefreshToken"),
    Scope("offline_access", _REFRESH, "OfflineAccess", "OfflineAccess"),
    Scope("id", _IDENTITY, "Basic", "Basic"),
    Scope("profile", _IDENTITY, "Profile", "Profile"),
    Scope("email", _IDENTITY, "Email", "Email"),
    Scope("address", _IDENTITY, "Address", "Address"),
    Scope("phone", _IDENTITY, "Phone", "Phone"),
    Scope("openid", "Access unique user identifiers (openid)", "OpenID", "OpenID", label_sure=False),
    Scope("chatter_api", "Access Connect REST API resources (chatter_api)", "Chatter", "Chatter"),
    Scope("visualforce", "Access Visualforce applications (visualforce)", "CustomApplications", "CustomApplications", label_sure=False),
    Scope("custom_permissions", "Access custom permissions (custom_permissions)", "CustomPermissions", "CustomPermissions", label_sure=False),
    Scope("lightning", "Access Lightning applications (lightning)", "Lightning", "Lightning", label_sure=False),
    Scope("content", "Access content resources (content)", "Content", "Content"),
    Scope("wave_api", "Access Analytics REST API resources (wave_api)", "Wave", "Wave"),
    Scope("eclair_api", "Access Analytics REST API Charts Geodata resources (eclair_api)", "Eclair", "Eclair"),
    Scope("pardot_api", "Manage Pardot services (pardot_api)", "Pardot", "Pardot"),
    Scope("chatbot_api", "Access chatbot services (chatbot_api)", "Chatbot", "Chatbot", label_sure=False),
    Scope("interaction_api", "Access Interaction API resources (interaction_api)", "Interaction", "Interaction"),
    Scope("sfap_api", "Access the Salesforce API Platform (sfap_api)", "SFAP", "SFApiPlatform", label_sure=False),
    Scope("einstein_gpt_api", "Access Einstein GPT services (einstein_gpt_api)", "EinsteinGPT", "EinsteinGPT", label_sure=False),
    Scope("mcp_api", "Access Salesforce hosted MCP servers (mcp_api)", "MCP", "MCP", label_sure=False),
    Scope("scrt_api", "scrt_api", "SCRT", "SCRT", label_sure=False),
    Scope("cdp_api", "Access all Data Cloud API resources (cdp_api)", "CDP", "CDP"),
    Scope("cdp_ingest_api", "Manage Data Cloud Ingestion API data (cdp_ingest_api)", "CDPIngest", "CDPIngest"),
    Scope("cdp_profile_api", "Manage Data Cloud profile data (cdp_profile_api)", "CDPProfile", "CDPProfile"),
    Scope("cdp_query_api", "Perform ANSI SQL queries on Data Cloud data (cdp_query_api)", "CDPQuery", "CDPQuery"),
    Scope("cdp_segment_api", "Perform segmentation on Data Cloud data (cdp_segment_api)", "CDPSegment", "CDPSegment"),
    Scope("cdp_identityresolution_api", "Manage Data Cloud Identity Resolution (cdp_identityresolution_api)", "CDPIdentityResolution", "CDPIdentityResolution"),
    Scope("cdp_calculated_insight_api", "Manage Data Cloud Calculated Insight data (cdp_calculated_insight_api)", "CDPCalculatedInsight", "CDPCalculatedInsight"),
    Scope("data_cloud_user_claims", "data_cloud_user_claims", "DataCloudUserClaims", "DataCloudUserClaims", label_sure=False),
    Scope("user_registration_api", "Headless Registration API (user_registration_api)", "UserRegistration", "UserRegistration", label_sure=False),
    Scope("forgot_password", "Headless Forgot Password API (forgot_password)", "ForgotPassword", "ForgotPassword", label_sure=False),
    Scope("pwdless_login_api", "Headless Passwordless Login API (pwdless_login_api)", "PwdlessLogin", "PwdlessLogin", label_sure=False),
)
# fmt: on

# Salesforce Help, "OAuth Tokens and Scopes": full has everything but refresh_token.
_INCLUDED = {
    "api": ("chatter_api",),
    "web": ("visualforce",),
    "id": ("profile", "email", "address", "phone"),
    "refresh_token": ("offline_access",),
    "offline_access": ("refresh_token",),
}


def find(text: str) -> Scope | None:
    """The scope with exactly this wire value."""
    return next((scope for scope in SCOPES if scope.wire == text), None)


def identify(text: str) -> Scope | None:
    """The scope that a text names in another way: Setup's label, metadata's spelling, its case.

    Args:
        text: What stands in a spec.

    Returns:
        The scope, or None where it isn't certain.
    """
    wanted = _folded(text)
    for scope in SCOPES:
        label = re.sub(r" \([^()]*\)$", "", scope.label)
        names = (scope.wire, scope.label, label, scope.connected_app, scope.external_client_app)
        if wanted in map(_folded, names):
            return scope
    return None


def nearest(text: str) -> Scope | None:
    """The scope that a misspelt text most likely means."""
    from difflib import get_close_matches

    wires = [scope.wire for scope in SCOPES]
    close = get_close_matches(text.strip().lower().replace("-", "_")[:64], wires, n=1, cutoff=0.6)
    return find(close[0]) if close else None


def includes(wire: str) -> frozenset[str]:
    """The wire values that a scope covers beside itself."""
    if wire == "full":
        names = (scope.wire for scope in SCOPES)
        return frozenset(names) - {"full", "refresh_token", "offline_access"}
    return frozenset(_INCLUDED.get(wire, ()))


def _folded(text: str) -> str:
    return re.sub(r"[\s_,;-]+", " ", text).strip().lower()
