"""n8n's two types of Salesforce credentials, field by field.

Read in n8n-nodes-base 2.40.2 and, for the versions, in its earlier releases. n8n drops a field
that a type doesn't know, without a word; its public API refuses it.
"""

from typing import Literal, NamedTuple

from sfcred.n8n.versions import API_OAUTH2_EXTRA_FIELDS, MY_DOMAIN_JWT, TOKEN_CACHE, Version

#: The web server flow with PKCE (extends n8n's oAuth2Api).
OAUTH2 = "salesforceOAuth2Api"
#: The JWT bearer flow.
JWT = "salesforceJwtApi"

#: What n8n itself writes into a credential while it is used: left out of comparisons.
WRITTEN_BY_N8N = ("accessToken", "instanceUrl", "oauthTokenData", "accountIdentifier")


class Field(NamedTuple):
    """One field of a credential's data.

    Attributes:
        name: The key in the data.
        form: The sort of its value. An "options" field is production or sandbox.
        secret: n8n shows dots in its place, or it holds a token.
        hidden: n8n's window doesn't show it.
        required: n8n's window demands it.
        since: The first n8n with it; None: always.
    """

    name: str
    form: Literal["string", "options", "json", "boolean"]
    secret: bool = False
    hidden: bool = False
    required: bool = False
    since: Version | None = None


_FIELDS = {
    JWT: (
        Field("environment", "options"),
        Field("clientId", "string", required=True),
        Field("username", "string", required=True),
        Field("privateKey", "string", secret=True, required=True),
        Field("myDomainUrl", "string", since=MY_DOMAIN_JWT.since),
        Field("accessToken", "string", secret=True, hidden=True, since=TOKEN_CACHE.since),
        Field("instanceUrl", "string", hidden=True, since=TOKEN_CACHE.since),
    ),
    OAUTH2: (
        Field("environment", "options"),
        Field("clientId", "string", required=True),
        Field("clientSecret", "string", secret=True, required=True),
        Field("oauthTokenData", "json", secret=True, hidden=True),
        Field("authUrl", "string", hidden=True),
        Field("accessTokenUrl", "string", hidden=True),
        Field("grantType", "string", hidden=True),
        Field("scope", "string", hidden=True),
        Field("authQueryParameters", "string", hidden=True),
        Field("authentication", "string", hidden=True),
        Field("serverUrl", "string", hidden=True, since=API_OAUTH2_EXTRA_FIELDS.since),
        Field("sendAdditionalBodyProperties", "boolean", since=API_OAUTH2_EXTRA_FIELDS.since),
        Field("additionalBodyProperties", "json", since=API_OAUTH2_EXTRA_FIELDS.since),
    ),
}


def fields(type_name: str, version: Version | None) -> tuple[Field, ...]:
    """The fields of a credential type, as an n8n of this version knows them.

    Args:
        type_name: OAUTH2 or JWT.
        version: n8n's version; None for the fields of all versions.

    Raises:
        KeyError: It is no Salesforce type of n8n's.
    """
    known = _FIELDS[type_name]
    if version is None:
        return known
    return tuple(field for field in known if field.since is None or field.since <= version)
