"""Values of booleans that a retrieved file doesn't have, where Salesforce documents a default.

Salesforce returns every boolean that the API version of the retrieval knows. So a file without one
was retrieved with an older version, and the org can have any value; or somebody took the element
out, and deploying the file sets the default. A file that has an element of the same version, or of
a later one, is of the second kind.

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
    shown = max((since for one, since in _SINCE.items() if _has(file, one)), default=0)
    return _CONNECTED_APP.get(name) if shown >= _SINCE.get(path, shown) else None


def global_truth(shared: Fields, name: str) -> bool | None:
    """Return a boolean of an External Client App's global OAuth settings; None if it isn't known.

    Args:
        shared: The file's elements.
        name: The element: `isPkceRequired`.
    """
    return shared.truth(name) if name in shared else _GLOBAL.get(name)


def _has(file: Fields, path: str) -> bool:
    above, _, name = path.rpartition("/")
    group = file.group(above)
    return group is not None and name in group
