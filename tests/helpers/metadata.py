"""Metadata of apps as orgs return it, in source or metadata format, whole or in part."""

from collections.abc import Iterable
from pathlib import Path

from tests.helpers.project import CONSUMER_KEY

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://soap.sforce.com/2006/04/metadata"
CALLBACK = "https://n8n.acme.com/rest/oauth2-credential/callback"

CONNECTED = "ConnectedApp"
#: Folder, name and suffix by type. An org's own names of the other files follow no rule.
_PLACES = {
    CONNECTED: ("connectedApps", "n8n", "connectedApp"),
    "ExternalClientApplication": ("externalClientApps", "n8n", "eca"),
    "ExtlClntAppGlobalOauthSettings": ("extlClntAppGlobalOauthSets", "n8nGlbl", "ecaGlblOauth"),
    "ExtlClntAppOauthSettings": ("extlClntAppOauthSettings", "n8nOAuthSettings", "ecaOauth"),
    "ExtlClntAppOauthConfigurablePolicies": (
        "extlClntAppOauthPolicies",
        "n8nOAuthSettings_defaultPolicy",
        "ecaOauthPlcy",
    ),
    "ExtlClntAppConfigurablePolicies": ("extlClntAppPolicies", "n8n_defaultPolicy", "ecaPlcy"),
}
PARTS = tuple(kind for kind in _PLACES if kind != CONNECTED)

#: What the app of tests/helpers/specs.py looks like in an org. CERTIFICATE stands for a certificate.
BODIES = {
    CONNECTED: f"""
    <attributes>
        <formula>$User.Email</formula>
        <key>mail</key>
    </attributes>
    <contactEmail>crm@acme.com</contactEmail>
    <label>n8n</label>
    <oauthConfig>
        <callbackUrl>{CALLBACK}</callbackUrl>
        <certificate>CERTIFICATE</certificate>
        <consumerKey>{CONSUMER_KEY}</consumerKey>
        <isAdminApproved>true</isAdminApproved>
        <isClientCredentialEnabled>false</isClientCredentialEnabled>
        <isConsumerSecretOptional>false</isConsumerSecretOptional>
        <isIntrospectAllTokens>false</isIntrospectAllTokens>
        <isPkceRequired>true</isPkceRequired>
        <isRefreshTokenRotationEnabled>false</isRefreshTokenRotationEnabled>
        <isSecretRequiredForRefreshToken>false</isSecretRequiredForRefreshToken>
        <scopes>Api</scopes>
        <scopes>RefreshToken</scopes>
        <singleLogoutUrl>https://acme.com/out</singleLogoutUrl>
    </oauthConfig>
    <oauthPolicy>
        <ipRelaxation>ENFORCE</ipRelaxation>
        <refreshTokenPolicy>infinite</refreshTokenPolicy>
    </oauthPolicy>
    <permissionSetName>n8n_Integration</permissionSetName>
    <sessionPolicy>
        <sessionTimeout>30</sessionTimeout>
    </sessionPolicy>
""",
    "ExternalClientApplication": """
    <contactEmail>crm@acme.com</contactEmail>
    <description>Made in Setup</description>
    <distributionState>Local</distributionState>
    <isProtected>false</isProtected>
    <label>n8n</label>
    <orgScopedExternalApp>00D000000000001EAA:n8n</orgScopedExternalApp>
""",
    "ExtlClntAppGlobalOauthSettings": f"""
    <callbackUrl>{CALLBACK}</callbackUrl>
    <certificate>CERTIFICATE</certificate>
    <consumerKey>{CONSUMER_KEY}</consumerKey>
    <externalClientApplication>n8n</externalClientApplication>
    <isConsumerSecretOptional>false</isConsumerSecretOptional>
    <isIntrospectAllTokens>false</isIntrospectAllTokens>
    <isPkceRequired>true</isPkceRequired>
    <isRefreshTokenRotationEnabled>false</isRefreshTokenRotationEnabled>
    <isSecretRequiredForRefreshToken>false</isSecretRequiredForRefreshToken>
    <label>anything</label>
    <shouldRotateConsumerKey>false</shouldRotateConsumerKey>
    <shouldRotateConsumerSecret>false</shouldRotateConsumerSecret>
""",
    "ExtlClntAppOauthSettings": """
    <commaSeparatedOauthScopes>Api, RefreshToken</commaSeparatedOauthScopes>
    <externalClientApplication>n8n</externalClientApplication>
    <isFirstPartyAppEnabled>false</isFirstPartyAppEnabled>
    <label>anything</label>
    <oauthLink>00D000000000001:888000000000001</oauthLink>
""",
    "ExtlClntAppOauthConfigurablePolicies": """
    <commaSeparatedPermissionSet>n8n_Integration</commaSeparatedPermissionSet>
    <externalClientApplication>n8n</externalClientApplication>
    <ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>
    <isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled>
    <label>anything</label>
    <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>
    <refreshTokenPolicyType>Infinite</refreshTokenPolicyType>
    <requiredSessionLevel>STANDARD</requiredSessionLevel>
    <sessionTimeoutInMinutes>30</sessionTimeoutInMinutes>
""",
    "ExtlClntAppConfigurablePolicies": """
    <externalClientApplication>n8n</externalClientApplication>
    <isEnabled>true</isEnabled>
    <isOauthPluginEnabled>true</isOauthPluginEnabled>
    <label>anything</label>
    <startPage>None</startPage>
""",
}


def xml(kind: str, *changes: tuple[str, str], certificate: str = "") -> str:
    """Return a file as an org returns it.

    Args:
        kind: Its type.
        changes: Texts of the usual content, and what replaces each of them.
        certificate: The certificate, as PEM or bare base64.
    """
    body = BODIES[kind].replace("CERTIFICATE", certificate)
    for old, new in changes:
        assert old in body, old
        body = body.replace(old, new)
    return f'{_HEAD}<{kind} xmlns="{_SPACE}">{body}</{kind}>\n'


def path_of(kind: str, folder: Path = Path("md"), *, is_source: bool = True) -> Path:
    """Return the path of a file, in source or metadata format."""
    parent, name, suffix = _PLACES[kind]
    return folder / parent / f"{name}.{suffix}{'-meta.xml' if is_source else ''}"


def retrieve(
    kinds: Iterable[str],
    *changes: tuple[str, str],
    certificate: str,
    folder: Path = Path("md"),
    is_source: bool = True,
) -> None:
    """Write files of an app to a folder. Each change applies to the files that contain its text."""
    for kind in kinds:
        path = path_of(kind, folder, is_source=is_source)
        path.parent.mkdir(parents=True, exist_ok=True)
        own = [change for change in changes if change[0] in BODIES[kind]]
        path.write_text(xml(kind, *own, certificate=certificate), encoding="utf-8")
