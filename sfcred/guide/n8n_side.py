"""The steps in n8n: the import or push, and the credential's form as of n8n 2.40 and 2.41."""

from collections.abc import Callable, Mapping

from sfcred.checks.lib.scopes import missing_to_connect
from sfcred.errors import NotKnown
from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.client_credentials import client_credentials_steps, other_way
from sfcred.guide.fields import import_command, value_field
from sfcred.n8n.credential_types import GENERIC, JWT, OAUTH2
from sfcred.n8n.versions import (
    HTTP_DOMAINS,
    MY_DOMAIN_JWT,
    STORED_OAUTH_URLS,
    TRIGGER_JWT,
    Version,
    format_version,
    has,
)
from sfcred.resolve.credential import Credential
from sfcred.resolve.generic_type import asked_scopes, grant_type
from sfcred.resolve.http_request import decide_http_request
from sfcred.resolve.n8n_ways import brings_consent, can_push, instead_of_push, is_impossible
from sfcred.spec.public import quoted
from sfcred.spec.source import Route
from sfcred.text.printable import sentence
from sfcred.text.redact import MASK, public_address


def n8n_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps in n8n: the quick way, if there is one, and then the manual steps.

    A consent in the spec only gets into n8n the quick way, so then there are no manual steps.
    """
    if is_impossible(credential):
        return [other_way(credential)]
    if credential.is_salesforce_client:
        return [*client_credentials_steps(credential), _node(credential)]
    quick = _cloud_way(credential) if credential.n8n.is_cloud else [_import(credential)]
    if brings_consent(credential):
        return [_consent(credential), *quick, *_renewal_warning(credential), _node(credential)]
    return [*quick, *_WINDOWS[credential.n8n_type](credential), _node(credential)]


def _node(credential: Credential) -> GuideStep:
    """Return the step in the workflow, with the node's own words for the two flows."""
    if credential.has_generic_type:
        return _request_node(credential)
    authentication = "OAuth2 JWT" if credential.flow == "jwt" else "OAuth2"
    return GuideStep(
        "In the workflow, open the Salesforce node and set:",
        (
            GuideField("Authentication", authentication),
            GuideField("Credential", credential.n8n.credential_name, literal=True),
        ),
    )


def _request_node(credential: Credential) -> GuideStep:
    return GuideStep(
        "In the workflow, open the HTTP Request node and set:",
        (
            GuideField("Authentication", "Generic Credential Type"),
            GuideField("Generic Auth Type", "OAuth2 API"),
            GuideField("OAuth2 API", credential.n8n.credential_name, literal=True),
        ),
    )


def _consent(credential: Credential) -> GuideStep:
    command = f"sfcred login {credential.chosen}"
    return GuideStep(
        f"If there is no consent yet, run `{command}`: it stores the refresh token where "
        "oauth2.refresh_token points."
    )


def _import(credential: Credential) -> GuideStep:
    return _quick(credential, f"{import_command(credential)}, and delete the file.")


def _cloud_way(credential: Credential) -> list[GuideStep]:
    if can_push(credential):
        command = (
            "in n8n (Settings, n8n API), create an API key and set N8N_API_KEY to it. Then run "
            f"`sfcred push {credential.chosen_file} --n8n https://NAME.app.n8n.cloud`, with "
            "your workspace's address. Type that yourself: the API key is sent there, so sfcred "
            "never takes it from a spec."
        )
        return [_quick(credential, command)]
    steps = [
        GuideStep(
            "n8n Cloud can't import credentials, and its API doesn't accept this one with "
            f"my_domain. Either {instead_of_push(credential)}, or enter it by hand as follows."
        )
    ]
    if credential.declared(("oauth2", "refresh_token")) is not None:
        steps.append(
            GuideStep(
                "This n8n can't import the consent in oauth2.refresh_token. You'll give a new one "
                "below."
            )
        )
    return steps


def _quick(credential: Credential, command: str) -> GuideStep:
    if brings_consent(credential):
        return GuideStep(
            f"{sentence(command)} The credential arrives connected, with the consent "
            "in oauth2.refresh_token, and stays linked to your workflows."
        )
    if credential.flow == "jwt":
        return GuideStep(
            f"The quick way: {command} This also fixes the key's format and keeps the credential "
            "linked to your workflows. Then go on with the step in the workflow. To do it by hand "
            "instead, go on with the next step."
        )
    if credential.flow == "client_credentials":
        return GuideStep(
            f"The quick way: {command} This fills in the credential's fields and keeps it linked "
            "to your workflows. Then go on with the step in the workflow. To do it by hand "
            "instead, go on with the next step."
        )
    return GuideStep(
        f"The quick way: {command} This fills in the credential's fields and keeps it linked to "
        "your workflows. Then open it in n8n and press Connect my account, as described below. To "
        "fill it in by hand instead, go on with the next step."
    )


def _window(credential: Credential, name: str) -> GuideStep:
    url = public_address(credential.n8n.url or "")
    entries = [GuideField("Address", url, literal=True)] if url else []
    return GuideStep(
        f"In n8n, press Create credential and choose {name}.",
        (*entries, GuideField("Name", credential.n8n.credential_name, literal=True)),
    )


def _jwt_window(credential: Credential) -> list[GuideStep]:
    entries = [
        _environment(credential),
        value_field(credential, "Client ID (the Consumer Key)", ("client_id",)),
        value_field(credential, "Username", ("jwt", "username")),
        value_field(credential, "Private Key (all lines)", ("jwt", "private_key")),
        *_allowed_domains(credential),
    ]
    version = credential.n8n.version
    if has(MY_DOMAIN_JWT, version) is False and version:
        entries.append(
            GuideField(
                "My Domain URL",
                f"n8n {format_version(version)} doesn't have this field: update to 2.20.0",
            )
        )
    elif credential.spec.my_domain and credential.authority:
        entries.append(
            GuideField("My Domain URL", public_address(credential.authority.url), literal=True)
        )
    return [
        _window(credential, "Salesforce JWT API"),
        GuideStep("Fill in these fields and press Save. n8n logs in to test them.", tuple(entries)),
        *_trigger_note(version),
    ]


def _trigger_note(version: Version | None) -> list[GuideStep]:
    """Return a warning if the Salesforce Trigger of this n8n can't use a JWT credential."""
    if has(TRIGGER_JWT, version):
        return []
    which = f"n8n {format_version(version)}" if version else "n8n before 2.35"
    return [
        GuideStep(
            f"The Salesforce Trigger of {which} has no JWT login. If a workflow starts with it, "
            "update n8n to 2.35 or later, or use an OAuth2 credential there."
        )
    ]


def _oauth2_window(credential: Credential) -> list[GuideStep]:
    entries = [
        _environment(credential),
        value_field(credential, "Client ID (the Consumer Key)", ("client_id",)),
        value_field(credential, "Client Secret (the Consumer Secret)", ("oauth2", "client_secret")),
        *_allowed_domains(credential),
    ]
    return [
        _window(credential, "Salesforce OAuth2 API"),
        *_custom_app(credential),
        GuideStep(_redirect_check(credential), _redirect_urls(credential)),
        GuideStep("Fill in these fields:", tuple(entries)),
        *_scope_warning(credential),
        _CONNECT,
        *_host_warning(credential),
    ]


def _scope_warning(credential: Credential) -> list[GuideStep]:
    """Return what to change first if n8n asks for scopes that the app doesn't have."""
    try:
        missing = missing_to_connect(credential)
    except NotKnown:
        return []
    if not missing:
        return []
    names = " and ".join(missing)
    return [
        GuideStep(
            "n8n asks Salesforce for full and refresh_token, whatever app.scopes lists. Before you "
            f"connect, add {names} to the app's Selected OAuth Scopes and to app.scopes: otherwise "
            "Salesforce usually refuses the login. For narrower scopes, use the JWT flow."
        )
    ]


_CONNECT = GuideStep(
    "Press Connect my account, log in as the user that n8n should act as, and press Allow. Use a "
    "private window if you are logged in to another org."
)


_GRANTS = {
    "pkce": "PKCE",
    "authorizationCode": "Authorization Code",
    "clientCredentials": "Client Credentials",
}


def _generic_window(credential: Credential) -> list[GuideStep]:
    """Return the steps for n8n's generic credential, whose fields include the org's URLs."""
    window = _window(credential, "OAuth2 API")
    fields = _generic_fields(credential)
    if credential.flow == "client_credentials":
        return [window, GuideStep("Fill in these fields and press Save:", fields)]
    return [
        window,
        GuideStep(_redirect_check(credential), _redirect_urls(credential)),
        GuideStep("Fill in these fields:", fields),
        _CONNECT,
    ]


def _generic_fields(credential: Credential) -> tuple[GuideField, ...]:
    is_consent, authority = credential.flow == "oauth2", credential.authority
    base = public_address(authority.url) if authority else "the org's My Domain"
    secret: Route = (credential.flow, "client_secret")
    entries = [
        GuideField("Grant Type", _GRANTS[grant_type(credential)]),
        GuideField("Authorization URL", f"{base}/services/oauth2/authorize", literal=True),
        GuideField("Access Token URL", f"{base}/services/oauth2/token", literal=True),
        value_field(credential, "Client ID (the Consumer Key)", ("client_id",)),
        value_field(credential, "Client Secret (the Consumer Secret)", secret),
        _scope(credential),
        GuideField("Auth URI Query Parameters", "prompt=login", literal=True),
        GuideField("Authentication", "Header"),
        *_allowed_domains(credential),
    ]
    only_consent = ("Authorization URL", "Auth URI Query Parameters")
    return tuple(one for one in entries if is_consent or one.label not in only_consent)


def _scope(credential: Credential) -> GuideField:
    """Return the field for the scopes that n8n asks for. Unknown ones are not shown."""
    scopes = [quoted(one, ("app", "scopes", 0), MASK) for one in asked_scopes(credential)]
    text = " ".join(scopes).replace("`", "")
    return GuideField("Scope", text or "(empty)", literal=bool(text))


def _redirect_check(credential: Credential) -> str:
    which = (
        "one of these OAuth Redirect URLs" if credential.n8n.is_cloud else "this OAuth Redirect URL"
    )
    return (
        f"Check that n8n shows {which}, and that the app's Callback URLs include exactly the same "
        "one."
    )


def _custom_app(credential: Credential) -> list[GuideStep]:
    if not credential.n8n.is_cloud:
        return []
    return [
        GuideStep(
            "If n8n offers Managed OAuth2, choose Custom OAuth2. The managed one logs in with "
            "n8n's own app, not with yours: its scopes and policies are n8n's, and an admin of the "
            "org may have to approve it."
        )
    ]


def _redirect_urls(credential: Credential) -> tuple[GuideField, ...]:
    try:
        urls = [public_address(callback.url) for callback in credential.callbacks]
    except NotKnown as reason:
        return (GuideField("OAuth Redirect URL", f"not known: {reason.message}"),)
    return (GuideField("OAuth Redirect URL", "\n".join(urls), literal=True),)


def _host_warning(credential: Credential) -> list[GuideStep]:
    if not credential.spec.my_domain:
        return []
    if credential.n8n.is_cloud:
        return [
            GuideStep(
                "n8n opens the general login page. Check that you log in to the right org. If the "
                "org only allows logins at its My Domain, use the JWT flow or, for HTTP Request "
                "nodes only, n8n.type: oAuth2Api. On n8n Cloud, nothing else sets the address."
            )
        ]
    if has(STORED_OAUTH_URLS, credential.n8n.version) is True:
        return [
            GuideStep(
                "If you fill in the credential by hand, n8n opens the general login page. Check "
                "that you log in to the right org. If the org only allows logins at its My Domain, "
                "use the quick way above, which opens the org's own login page."
            )
        ]
    return [
        GuideStep(
            "n8n opens the general login page. Check that you log in to the right org. If the org "
            "only allows logins at its My Domain, use the JWT flow or, for HTTP Request nodes "
            "only, n8n.type: oAuth2Api. Or set the URLs for the whole n8n instance "
            f"(`{_overwrite(credential)}`)."
        )
    ]


def _overwrite(credential: Credential) -> str:
    return f"sfcred render {credential.chosen_file} --target n8n-overwrite"


def _renewal_warning(credential: Credential) -> list[GuideStep]:
    if credential.has_generic_type or not credential.spec.my_domain:
        return []
    if has(STORED_OAUTH_URLS, credential.n8n.version) is True:
        return []
    others = (
        "The JWT flow and, for HTTP Request nodes only, n8n.type: oAuth2Api use My Domain"
        if credential.n8n.is_cloud
        else f"To use My Domain, set the URLs for the whole instance (`{_overwrite(credential)}`), "
        "or use the JWT flow or, for HTTP Request nodes only, n8n.type: oAuth2Api"
    )
    return [
        GuideStep(
            "From n8n 2.41.0 on, n8n renews the token at the general login host, which the org can "
            f"refuse (Setup, My Domain). {others}."
        )
    ]


def _allowed_domains(credential: Credential) -> list[GuideField]:
    """Return the field that limits where HTTP Request nodes may send the token, if n8n has it."""
    if has(HTTP_DOMAINS, credential.n8n.version) is False:
        return []
    label = "Allowed HTTP Request Domains"
    try:
        mode, domains = decide_http_request(credential).allowed
    except NotKnown as reason:
        return [GuideField(label, f"not known: {reason.message}")]
    words = {"none": "None", "all": "All", "domains": f"Specific Domains: {', '.join(domains)}"}
    return [GuideField(label, words[mode], literal=True)]


_WINDOWS: Mapping[str, Callable[[Credential], list[GuideStep]]] = {
    JWT: _jwt_window,
    OAUTH2: _oauth2_window,
    GENERIC: _generic_window,
}


def _environment(credential: Credential) -> GuideField:
    return GuideField(
        "Environment Type", (credential.spec.environment or "production").capitalize()
    )
