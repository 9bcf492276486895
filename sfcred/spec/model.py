"""The spec as pydantic models. The JSON Schema is generated from them.

The models are strict: they coerce nothing and reject unknown keys. Checks judge what the shape of
the data doesn't show (is this one of Salesforce's hosts? does the key match the certificate?). Most
fields are optional here, because a profile can set what the spec leaves out. `null` means "not
set". In a profile, it removes the spec's value.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sfcred.n8n.credential_types import ALL_TYPES
from sfcred.salesforce.app_type import AppType
from sfcred.spec import limits
from sfcred.spec.fields import (
    CHECK_PATTERN,
    NAME_PATTERN,
    Address,
    ApiName,
    CertificatePath,
    CheckId,
    Email,
    HttpRequest,
    LocalPath,
    N8nId,
    Name,
    OrgId,
    PermissionSetName,
    Public,
    PublicText,
    RefreshTokenPolicy,
    Scope,
    SpecName,
    Username,
    Version,
)
from sfcred.spec.refs import Reference, TextOrReference
from sfcred.spec.required import require_somewhere

Environment = Literal["production", "sandbox"]
Flow = Literal["oauth2", "jwt", "client_credentials"]
N8nType = Literal["oAuth2Api"]

_ENTRIES = Field(max_length=limits.ENTRIES)


class Section(BaseModel):
    """A mapping of a spec."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, defer_build=True
    )


class OAuth2(Section):
    """The web server flow: a person consents in the browser."""

    client_secret: Reference | None = Field(
        default=None,
        description="A reference to the app's Consumer Secret. Salesforce shows it in the app's "
        "settings under OAuth Settings, Consumer Key and Secret.",
        examples=[{"env": "ACME_CLIENT_SECRET"}],
    )
    refresh_token: Reference | None = Field(
        default=None,
        description="A reference to the refresh token of an earlier consent. With it, n8n imports "
        "the credential already connected.",
        examples=[{"env": "ACME_REFRESH_TOKEN"}],
    )


class Jwt(Section):
    """The JWT bearer flow: n8n logs in with a private key, unattended."""

    username: Username | None = Field(
        default=None,
        description="The Salesforce username that n8n acts as (Setup, Users), not the e-mail "
        "address. In a sandbox it usually ends in the sandbox's name.",
        examples=["n8n@acme.com.uat"],
    )
    private_key: Reference | None = Field(
        default=None,
        description="A reference to the private key: RSA, at least 2048 bits, PEM, without a "
        "passphrase. It goes to n8n, and never to Salesforce.",
        examples=[{"file": "../secrets/acme-uat.key"}],
    )
    certificate: CertificatePath | None = Field(
        default=None,
        description="The path of the certificate that you upload to Salesforce (Use digital "
        "signatures), relative to the spec. It is public.",
        examples=["../certs/acme-uat.crt"],
    )


class ClientCredentials(Section):
    """The client credentials flow: n8n logs in as the app, unattended, without a private key."""

    client_secret: Reference | None = Field(
        default=None,
        description="A reference to the app's Consumer Secret. Salesforce shows it in the app's "
        "settings under OAuth Settings, Consumer Key and Secret.",
        examples=[{"env": "ACME_CLIENT_SECRET"}],
    )
    run_as: Username | None = Field(
        default=None,
        description="The username of the integration user that the app acts as (Run As, in the "
        "app's policies). Live checks compare it, and `sfcred app` writes it.",
        examples=["n8n@acme.com.uat"],
    )


class App(Section):
    """The app in Salesforce, as it is or as you want it."""

    type: AppType | None = Field(
        default=None,
        description="The kind of app. Since Spring '26, new apps are External Client Apps. "
        "Existing Connected Apps keep working.",
        examples=["external_client_app"],
    )
    label: PublicText | None = Field(
        default=None,
        description="The app's name, as Setup shows it.",
        examples=["n8n"],
    )
    api_name: ApiName | None = Field(
        default=None,
        description="The app's API name, if it isn't the one that its label gives.",
        examples=["N8N_Portal"],
    )
    contact_email: Email | None = Field(
        default=None,
        description="The app's contact, which Salesforce requires.",
        examples=["crm@acme.com"],
    )
    contact_phone: PublicText | None = Field(
        default=None,
        description="The contact's telephone number.",
        examples=["+1 555 0100"],
    )
    logo_url: Address | None = Field(
        default=None,
        description="The address of the app's logo (https).",
        examples=["https://acme.com/n8n-logo.png"],
    )
    icon_url: Address | None = Field(
        default=None,
        description="The address of the app's icon (https).",
        examples=["https://acme.com/n8n-icon.png"],
    )
    start_url: Address | None = Field(
        default=None,
        description="The address that the app opens in Salesforce's App Launcher.",
        examples=["https://n8n.acme.com"],
    )
    scopes: Annotated[list[Scope], _ENTRIES] | None = Field(
        default=None,
        description="The app's Selected OAuth Scopes, by their technical names.",
        examples=[["api", "refresh_token"]],
    )
    callback_urls: Annotated[list[Address], _ENTRIES] | None = Field(
        default=None,
        description="The app's Callback URLs. One of them must be exactly n8n's own.",
        examples=[["https://n8n.acme.com/rest/oauth2-credential/callback"]],
    )
    pre_authorized: bool | None = Field(
        default=None,
        description="Permitted Users: true for 'Admin approved users are pre-authorized', false "
        "for 'All users may self-authorize'.",
        examples=[True],
    )
    permission_sets: Annotated[list[PermissionSetName], _ENTRIES] | None = Field(
        default=None,
        description="The permission sets in the app's policy, by their API names. A Connected "
        "App's metadata contains their labels: write {name: n8n_Integration, label: n8n - "
        "Integration} if the two differ.",
        examples=[["n8n_Integration"]],
    )
    profiles: Annotated[list[PublicText], _ENTRIES] | None = Field(
        default=None,
        description="The profiles in the app's policy, by their names in Setup.",
        examples=[["API Only"]],
    )
    pkce_required: bool | None = Field(
        default=None,
        description="Require Proof Key for Code Exchange (PKCE) for supported flows.",
        examples=[True],
    )
    refresh_token_policy: RefreshTokenPolicy | None = Field(
        default=None,
        description="Refresh Token Policy: infinite (valid until revoked), zero (expires at "
        "once), {lifetime: 30d} or {inactivity: 90d}.",
        examples=["infinite", {"inactivity": "90d"}],
    )
    refresh_token_rotation: bool | None = Field(
        default=None,
        description="Enable Refresh Token Rotation: each use returns a new token and ends the "
        "old one.",
        examples=[False],
    )
    refresh_token_idle_limit: bool | None = Field(
        default=None,
        description="End refresh tokens that aren't used for 30 days, whatever the policy is.",
        examples=[False],
    )
    ip_relaxation: (
        Literal["enforce", "bypass", "bypass_2factor", "enforce_relax_refresh"] | None
    ) = Field(
        default=None,
        description="IP Relaxation: enforce the IP restrictions (enforce), also relax them for "
        "refresh tokens (enforce_relax_refresh), relax them (bypass), or relax them with a second "
        "factor (bypass_2factor).",
        examples=["enforce"],
    )
    session_level: Literal["low", "standard", "high_assurance"] | None = Field(
        default=None,
        description="The session level that the app requires. The JWT flow can't reach "
        "high_assurance.",
        examples=["standard"],
    )
    named_user_jwt: bool | None = Field(
        default=None,
        description="Issue JWT-based access tokens for named users. The JWT flow doesn't need it.",
        examples=[False],
    )
    org_id: OrgId | None = Field(
        default=None,
        description="The org's id (Setup, Company Information). Live checks compare it, and "
        "`sfcred app --check` does if the metadata names its org.",
        examples=["00D000000000001EAA"],
    )


class N8n(Section):
    """The n8n that imports the credential."""

    deployment: Literal["self_hosted", "cloud"] | None = Field(
        default=None,
        description="Who runs n8n. Default: cloud if the address is on app.n8n.cloud, otherwise "
        "self_hosted.",
        examples=["self_hosted"],
    )
    url: Address | None = Field(
        default=None,
        description="n8n's address, as browsers and Salesforce see it.",
        examples=["https://n8n.acme.com"],
    )
    env_file: LocalPath | None = Field(
        default=None,
        description="The file with n8n's own environment, relative to the spec: an environment "
        "file, a compose file, or Kubernetes manifests. sfcred computes the callback URL from it "
        "as n8n does. It keeps only the variables that this needs, and doesn't read a file outside "
        "the project.",
        examples=["../deploy/docker-compose.yml"],
    )
    env_service: PublicText | None = Field(
        default=None,
        description="n8n's service in a compose file, or its Deployment or container in Kubernetes "
        "manifests. Default: the only one with n8n's image.",
        examples=["n8n"],
    )
    type: Annotated[N8nType | None, Public(names=lambda: frozenset(ALL_TYPES))] = Field(
        default=None,
        description="n8n's credential type, if it isn't the Salesforce one: oAuth2Api is n8n's "
        "generic OAuth2 credential. Only HTTP Request nodes can use it. It has fields for "
        "my_domain and the scopes, in every version of n8n.",
        examples=["oAuth2Api"],
    )
    http_request: HttpRequest | None = Field(
        default=None,
        description="Where n8n's HTTP Request node may send this credential's token (Allowed HTTP "
        "Request Domains): none, org (the host of my_domain), any, or a list of hosts. *.acme.com "
        "stands for the subdomains of acme.com. For JWT, "
        "sfcred adds the host of the login to a list. Default: none, or org if n8n.type is "
        "oAuth2Api.",
        examples=["org", ["acme.my.salesforce.com", "api.acme.com"]],
    )
    version: Version | None = Field(
        default=None,
        description="The version of n8n, in quotes. Versions behave differently, and many checks "
        "depend on it.",
        examples=["2.40.5"],
    )
    id: N8nId | None = Field(
        default=None,
        description="The credential's id in n8n, which workflows use to find it. Default: derived "
        "from the spec's name, so it never changes.",
        examples=["acmeCrm000000001"],
    )
    name: PublicText | None = Field(
        default=None,
        description="The name that n8n shows, of 3 to 128 characters. Default: the spec's name.",
        examples=["Acme CRM"],
    )


class Doctor(Section):
    """Settings for doctor, for this spec only."""

    ignore: Annotated[dict[CheckId, PublicText], _ENTRIES] | None = Field(
        default=None,
        description="Checks to leave out here, each with a reason.",
        examples=[{"SFC206": "the sync needs every object"}],
        json_schema_extra={"propertyNames": {"pattern": CHECK_PATTERN}},
    )


class Overlay(Section):
    """The fields that a profile can set: all but `version`, `name` and `profiles`."""

    description: PublicText | None = Field(
        default=None,
        description="What the credential is for.",
        examples=["Acme CRM, read by the n8n lead workflows"],
    )
    environment: Environment | None = Field(
        default=None,
        description="n8n's Environment Type: production (also for Developer Editions and "
        "playgrounds) or sandbox (also for scratch orgs).",
        examples=["sandbox"],
    )
    my_domain: Address | None = Field(
        default=None,
        description="The org's My Domain address (Setup, My Domain, Current My Domain URL).",
        examples=["https://acme--uat.sandbox.my.salesforce.com"],
    )
    flow: Literal["auto", "oauth2", "jwt", "client_credentials"] | None = Field(
        default=None,
        description="How n8n logs in. auto (the default) uses the flow whose section the spec has.",
        examples=["jwt"],
    )
    client_id: TextOrReference | None = Field(
        default=None,
        description="The app's Consumer Key, as text or as a reference.",
        examples=[{"env": "ACME_CLIENT_ID"}],
    )
    oauth2: OAuth2 | None = Field(
        default=None,
        description="Settings for the OAuth2 web server flow.",
        examples=[{"client_secret": {"env": "ACME_CLIENT_SECRET"}}],
    )
    jwt: Jwt | None = Field(
        default=None,
        description="Settings for the JWT bearer flow.",
        examples=[{"username": "n8n@acme.com.uat", "private_key": {"file": "../secrets/acme.key"}}],
    )
    client_credentials: ClientCredentials | None = Field(
        default=None,
        description="Settings for the client credentials flow, which needs my_domain.",
        examples=[{"client_secret": {"env": "ACME_CLIENT_SECRET"}, "run_as": "n8n@acme.com.uat"}],
    )
    app: App | None = Field(
        default=None,
        description="The app in Salesforce, as it is or as you want it.",
        examples=[{"type": "external_client_app", "scopes": ["api", "refresh_token"]}],
    )
    n8n: N8n | None = Field(
        default=None,
        description="The n8n that imports the credential.",
        examples=[{"url": "https://n8n.acme.com", "version": "2.40.5"}],
    )
    doctor: Doctor | None = Field(
        default=None,
        description="Settings for doctor, for this spec only.",
        examples=[{"ignore": {"SFC206": "the sync needs every object"}}],
    )


def _no_boolean(value: object) -> object:
    """Reject booleans: True equals 1 in Python, and would pass as the literal 1."""
    return "true" if isinstance(value, bool) else value


_PROFILES = Field(min_length=1, max_length=limits.ENTRIES)


class Spec(Overlay):
    """One Salesforce credential for n8n, without its secrets."""

    model_config = ConfigDict(title="sfcred credential", json_schema_extra=require_somewhere)

    version: Annotated[Literal[1], BeforeValidator(_no_boolean)] = Field(
        description="The version of the spec format.",
        examples=[1],
    )
    name: SpecName = Field(
        description="The credential's name, unique in the project. Use a-z, 0-9 and hyphens.",
        examples=["acme-crm"],
    )
    profiles: Annotated[dict[Name, Overlay], _PROFILES] | None = Field(
        default=None,
        description="Variants of the spec by name, for example uat and production. Each profile, "
        "merged over the spec, is one credential.",
        examples=[{"production": {"environment": "production"}}],
        json_schema_extra={"propertyNames": {"pattern": NAME_PATTERN}},
    )
