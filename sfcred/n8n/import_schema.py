"""Models of Salesforce credentials for n8n's import. Everything that render writes must match.

n8n itself checks almost none of this (n8n 2.40.5), so it is defined here.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sfcred.n8n.ids import ID_PATTERN

_Filled = Annotated[str, Field(min_length=1)]
_Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]
_Ciphertext = Annotated[
    str,
    Field(pattern="^U2FsdGVkX1[A-Za-z0-9+/=]+$", description="n8n's AES-256-CBC ciphertext."),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Data(_Strict):
    allowedHttpRequestDomains: Literal["none", "domains", "all"] | None = Field(
        default=None, description="Allowed HTTP Request Domains, in n8n 1.110 and later."
    )
    allowedDomains: _Filled | None = Field(
        default=None, description="With `domains`: the hosts, separated by commas."
    )


class JwtData(_Data):
    """The fields of salesforceJwtApi."""

    environment: Literal["production", "sandbox"]
    clientId: _Filled
    username: _Filled
    privateKey: Annotated[str, Field(pattern=r"^(-----BEGIN PRIVATE KEY-----\n|=\{\{)")]
    myDomainUrl: _Url | None = Field(default=None, description="n8n 2.20.0 and later.")


class _AnyTokenData(_Strict):
    access_token: _Filled
    token_type: Literal["Bearer"]


class TokenData(_AnyTokenData):
    """The tokens that n8n keeps after you connect a credential."""

    refresh_token: _Filled


class OrgTokenData(TokenData):
    """The tokens of a Salesforce credential, and the org that n8n's Salesforce nodes call."""

    instance_url: _Url


class ClientTokenData(_AnyTokenData):
    """The token of client credentials, which n8n renews without a refresh token, and the org."""

    instance_url: _Url


class OAuth2Data(_Data):
    """The fields of salesforceOAuth2Api."""

    environment: Literal["production", "sandbox"]
    clientId: _Filled
    clientSecret: _Filled
    authUrl: _Url | None = Field(default=None, description="Used by n8n before 2.41.0.")
    accessTokenUrl: _Url | None = Field(default=None, description="Used by n8n before 2.41.0.")
    oauthTokenData: OrgTokenData | None = None


class ClientCredentialsData(_Data):
    """The fields of salesforceOAuth2Api for client credentials.

    From n8n 2.41.0 on, the overwrite of the instance has the optional ones.
    """

    environment: Literal["production", "sandbox"]
    clientId: _Filled
    clientSecret: _Filled
    grantType: Literal["clientCredentials"] | None = None
    accessTokenUrl: _Url | None = None
    authentication: Literal["header"] | None = None
    scope: Literal[""] | None = None
    oauthTokenData: ClientTokenData


class _GenericData(_Data):
    accessTokenUrl: _Url
    clientId: _Filled
    clientSecret: _Filled
    authentication: Literal["header"]


class GenericData(_GenericData):
    """The fields of oAuth2Api for a consent."""

    grantType: Literal["pkce", "authorizationCode"]
    authUrl: _Url
    scope: _Filled = Field(description="The scopes that n8n asks for, separated by spaces.")
    authQueryParameters: Literal["prompt=login"]
    oauthTokenData: TokenData | None = None


class GenericClientData(_GenericData):
    """The fields of oAuth2Api for client credentials."""

    grantType: Literal["clientCredentials"]
    scope: str = Field(description="Likewise; empty for all of the app's scopes.")


class _Entry(_Strict):
    id: Annotated[str, Field(pattern=ID_PATTERN)]
    name: Annotated[str, Field(min_length=1, max_length=128)]
    nodesAccess: Annotated[list[str], Field(max_length=0)] | None = Field(
        default=None, description="For n8n before 1.41."
    )


class JwtEntry(_Entry):
    """A credential for the JWT bearer flow."""

    type: Literal["salesforceJwtApi"]
    data: JwtData | _Ciphertext


class OAuth2Entry(_Entry):
    """A credential for the web server flow, or for client credentials."""

    type: Literal["salesforceOAuth2Api"]
    data: OAuth2Data | ClientCredentialsData | _Ciphertext


class GenericEntry(_Entry):
    """n8n's generic credential, for HTTP Request nodes."""

    type: Literal["oAuth2Api"]
    data: GenericData | GenericClientData | _Ciphertext


def import_schema() -> dict[str, object]:
    """Return the JSON Schema of the array for `n8n import:credentials --input`."""
    entry = Annotated[JwtEntry | OAuth2Entry | GenericEntry, Field(discriminator="type")]
    adapter: TypeAdapter[object] = TypeAdapter(list[entry])
    return {"title": "sfcred render for n8n", **adapter.json_schema()}
