"""Salesforce's OAuth scopes: technical name, label in Setup, and both metadata spellings.

Technical names ("wire values") come from the openid-configuration of live orgs, and spellings from
the Metadata API (ConnectedAppOauthAccessScope, and the tokens of commaSeparatedOauthScopes). Labels
that no official page confirms are marked with `_likely`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sfcred.text.near import nearest as nearest_name


class Scope(NamedTuple):
    """One scope.

    Attributes:
        wire: The technical name, as in specs and tokens.
        label: The label in Setup under Selected OAuth Scopes, or the wire value if no label is
            known.
        connected_app: The spelling in a Connected App's metadata.
        external_client_app: The spelling in an External Client App's metadata.
    """

    wire: str
    label: str
    connected_app: str
    external_client_app: str


def _seen(wire: str, label: str, connected_app: str) -> Scope:
    # The label appears on a Salesforce page or in a vendor's guide.
    label = label if label.endswith(")") else f"{label} ({wire})"
    return Scope(wire, label, connected_app, connected_app)


def _likely(wire: str, label: str | None, connected_app: str, external: str = "") -> Scope:
    label = f"{label} ({wire})" if label else wire
    return Scope(wire, label, connected_app, external or connected_app)


#: What the client credentials flow doesn't grant, as users of several clients report. Salesforce
#: leaves them out of the token, or refuses the login if nothing else is left.
NOT_WITH_CLIENT_CREDENTIALS = frozenset({"full", "web", "refresh_token", "offline_access"})

# Each is one checkbox in Setup.
_IDENTITY = "Access the identity URL service (id, profile, email, address, phone)"
_REFRESH = "Perform requests at any time (refresh_token, offline_access)"

SCOPES = (
    _seen("api", "Manage user data via APIs", "Api"),
    _seen("web", "Manage user data via Web browsers", "Web"),
    _seen("full", "Full access", "Full"),
    _seen("refresh_token", _REFRESH, "RefreshToken"),
    _seen("offline_access", _REFRESH, "OfflineAccess"),
    _seen("id", _IDENTITY, "Basic"),
    _seen("profile", _IDENTITY, "Profile"),
    _seen("email", _IDENTITY, "Email"),
    _seen("address", _IDENTITY, "Address"),
    _seen("phone", _IDENTITY, "Phone"),
    _likely("openid", "Access unique user identifiers", "OpenID"),
    _seen("chatter_api", "Access Connect REST API resources", "Chatter"),
    _likely("visualforce", "Access Visualforce applications", "CustomApplications"),
    _likely("custom_permissions", "Access custom permissions", "CustomPermissions"),
    _likely("lightning", "Access Lightning applications", "Lightning"),
    _seen("content", "Access content resources", "Content"),
    _seen("wave_api", "Access Analytics REST API resources", "Wave"),
    _seen("eclair_api", "Access Analytics REST API Charts Geodata resources", "Eclair"),
    _seen("pardot_api", "Manage Pardot services", "Pardot"),
    _likely("chatbot_api", "Access chatbot services", "Chatbot"),
    _seen("interaction_api", "Access Interaction API resources", "Interaction"),
    _likely("sfap_api", "Access the Salesforce API Platform", "SFAP", "SFApiPlatform"),
    _likely("einstein_gpt_api", "Access Einstein GPT services", "EinsteinGPT"),
    _likely("mcp_api", "Access Salesforce hosted MCP servers", "MCP"),
    _likely("scrt_api", None, "SCRT"),
    _seen("cdp_api", "Access all Data Cloud API resources", "CDP"),
    _seen("cdp_ingest_api", "Manage Data Cloud Ingestion API data", "CDPIngest"),
    _seen("cdp_profile_api", "Manage Data Cloud profile data", "CDPProfile"),
    _seen("cdp_query_api", "Perform ANSI SQL queries on Data Cloud data", "CDPQuery"),
    _seen("cdp_segment_api", "Perform segmentation on Data Cloud data", "CDPSegment"),
    _seen(
        "cdp_identityresolution_api",
        "Manage Data Cloud Identity Resolution",
        "CDPIdentityResolution",
    ),
    _seen(
        "cdp_calculated_insight_api",
        "Manage Data Cloud Calculated Insight data",
        "CDPCalculatedInsight",
    ),
    _likely("data_cloud_user_claims", None, "DataCloudUserClaims"),
    _likely("user_registration_api", "Headless Registration API", "UserRegistration"),
    _likely("forgot_password", "Headless Forgot Password API", "ForgotPassword"),
    _likely("pwdless_login_api", "Headless Passwordless Login API", "PwdlessLogin"),
)

# Salesforce help, "OAuth Tokens and Scopes", and the Metadata API's notes on each scope.
_INCLUDED = {
    "api": ("chatter_api",),
    "web": ("visualforce",),
    "id": ("profile", "email", "address", "phone"),
    "refresh_token": ("offline_access",),
    "offline_access": ("refresh_token",),
}


def find(text: str) -> Scope | None:
    """Return the scope with exactly this wire value."""
    return _by_wire().get(text)


@lru_cache(maxsize=1)
def _by_wire() -> dict[str, Scope]:
    return {scope.wire: scope for scope in reversed(SCOPES)}


def identify(text: str) -> Scope | None:
    """Return the scope that is written in another way: as a label, in metadata spelling or case.

    Args:
        text: The scope as the spec has it.

    Returns:
        The scope, or None if it isn't certain, as with `cdpapi`.
    """
    known = _by_any_name().get(_folded(text))
    if known is not None:
        return known
    # Labels in Setup have changed over the years, but not the wire value in parentheses.
    former = re.fullmatch(r"[^()]+\(([a-z_]+)(?:, [a-z_, ]+)?\)\s*", text)
    return find(former[1]) if former else None


@lru_cache(maxsize=1)
def _by_any_name() -> dict[str, Scope]:
    found: dict[str, Scope] = {}
    for scope in SCOPES:
        label = re.sub(r" \([^()]*\)$", "", scope.label)
        names = (scope.wire, scope.label, label, scope.connected_app, scope.external_client_app)
        for name in names:
            found.setdefault(_folded(name), scope)
    return found


def scope_names(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the technical names of scopes; one that sfcred doesn't know stays as it is."""
    meant = ((identify(text), text) for text in scopes)
    return tuple(scope.wire if scope else text for scope, text in meant)


def nearest(text: str) -> Scope | None:
    """Return the scope that a misspelled text most likely means, or None if none is similar."""
    return _nearest(text.strip()[:64].lower())


@lru_cache(maxsize=1024)  # several checks look up each scope
def _nearest(wanted: str) -> Scope | None:
    wire = nearest_name(wanted, [scope.wire for scope in SCOPES])
    return find(wire) if wire else None


def includes(wire: str) -> frozenset[str]:
    """Return the wire values that a scope includes, besides its own.

    `full` includes all others except the refresh token, which must be requested (Salesforce help).
    `openid` is excluded too, because it makes Salesforce send an ID token.

    Args:
        wire: A scope's wire value. An unknown one includes nothing.
    """
    if wire == "full":
        wires = frozenset(scope.wire for scope in SCOPES)
        return wires - {"full", "refresh_token", "offline_access", "openid"}
    return frozenset(_INCLUDED.get(wire, ()))


def _folded(text: str) -> str:
    return re.sub(r"[\s_,;-]+", " ", text).strip().lower()
