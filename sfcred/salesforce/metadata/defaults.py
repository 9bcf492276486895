"""What it means that a retrieved file doesn't have an element.

Salesforce returns every boolean that the API version of the retrieval knows. So a file without one
was retrieved with an older version, and the org can have any value; or somebody took the element
out, and deploying the file sets the default. A file that has an element of the same version, or of
a later one, is of the second kind. Texts are only returned if they are set: they are empty if the
file is new enough to have them.

Source: Metadata API Developer Guide, ConnectedApp (ConnectedAppOauthConfig) and
ExtlClntAppGlobalOauthSettings: the fields' defaults, and the API versions that they came with. No
default is documented for the rotation and the idle limit of refresh tokens, and for JWT-based
access tokens.
"""

from sfcred.salesforce.metadata.xml import Fields

#: Of a Connected App's oauthConfig: the default, by element.
_CONNECTED_APP = {
    "isAdminApproved": False,
    "isConsumerSecretOptional": False,
    "isPkceRequired": False,
}
#: The API version that elements of a Connected App came with.
_SINCE = {
    "permissionSetName": 46,
    "profileName": 46,
    "oauthPolicy": 49,
    "sessionPolicy": 49,
    "oauthConfig/isAdminApproved": 46,
    "oauthConfig/isConsumerSecretOptional": 49,
    "oauthConfig/isIntrospectAllTokens": 49,
    "oauthConfig/isSecretRequiredForRefreshToken": 51,
    "oauthConfig/isClientCredentialEnabled": 56,
    "oauthConfig/isCodeCredentialEnabled": 57,
    "oauthConfig/isCodeCredentialPostOnly": 57,
    "oauthConfig/isNamedUserJwtEnabled": 59,
    "oauthConfig/isPkceRequired": 59,
    "oauthConfig/isRefreshTokenRotationEnabled": 60,
    "oauthConfig/isSecretRequiredForTokenExchange": 60,
    "oauthConfig/isTokenExchangeEnabled": 60,
}
#: Of ExtlClntAppGlobalOauthSettings, where both elements are as old as the type.
_GLOBAL = {"isConsumerSecretOptional": False, "isPkceRequired": True}
#: Its booleans that came with API version 60, as the certificate did, or later.
_GLOBAL_SINCE_60 = (
    "isClientCredentialsFlowEnabled",
    "isCodeCredFlowEnabled",
    "isCodeCredPostOnly",
    "isDPopEnabled",
    "isDeviceFlowEnabled",
    "isEnforceRefreshTokenTTL",
    "isMtlsEnabled",
    "isNamedUserJwtEnabled",
    "isRefreshTokenRotationEnabled",
    "isSecretRequiredForTokenExchange",
    "isTokenExchangeEnabled",
)


def connected_app_truth(file: Fields, name: str) -> bool | None:
    """Return a boolean of a Connected App's oauthConfig; None if it isn't known.

    Args:
        file: The app's elements.
        name: The element: `isPkceRequired`.
    """
    path = f"oauthConfig/{name}"
    config = file.group("oauthConfig")
    if config is None or name in config:
        return file.truth(path)
    shown = _version_shown(file)
    return _CONNECTED_APP.get(name) if shown >= _SINCE.get(path, shown) else None


def global_truth(shared: Fields, name: str) -> bool | None:
    """Return a boolean of an External Client App's global OAuth settings; None if it isn't known.

    Args:
        shared: The file's elements.
        name: The element: `isPkceRequired`.
    """
    return shared.truth(name) if name in shared else _GLOBAL.get(name)


def unknown_elements(file: Fields) -> list[str]:
    """Return the booleans of a Connected App that are newer than everything in its file."""
    if file.group("oauthConfig") is None:
        return []
    shown = _version_shown(file)
    return [path for path, since in _SINCE.items() if "/is" in path and since > shown]


def global_certificate(shared: Fields) -> str | None:
    """Return an External Client App's certificate; empty if it has none, None if it isn't known."""
    is_told = any(name in shared for name in _GLOBAL_SINCE_60)
    return shared.text("certificate") or ("" if is_told else None)


def flow_user(file: Fields, switch: str, user: str) -> str | None:
    """Return whom client credentials run as; empty if nobody, None if it isn't known.

    Args:
        file: The elements.
        switch: The path of the flow's switch, which came with the same API version as the user.
        user: The path of the user.
    """
    return file.text(user) or ("" if _has(file, switch) else None)


def _version_shown(file: Fields) -> int:
    """Return the API version that a Connected App's newest element came with; 0 if it is older."""
    return max((since for one, since in _SINCE.items() if _has(file, one)), default=0)


def _has(file: Fields, path: str) -> bool:
    above, _, name = path.rpartition("/")
    group = file.group(above)
    return group is not None and name in group
