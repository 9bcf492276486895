"""The steps in n8n: the import, or the credential's form as of n8n 2.40."""

from sfcred.errors import NotKnown
from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import value_field
from sfcred.n8n.versions import (
    HTTP_DOMAINS,
    MY_DOMAIN_JWT,
    STORED_OAUTH_URLS,
    TRIGGER_JWT,
    Version,
    format_version,
    has,
)
from sfcred.redact import public_address
from sfcred.resolve.credential import Credential
from sfcred.resolve.http_request import decide_http_request


def n8n_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps in n8n: the import, if n8n has one, and then the manual steps."""
    by_hand = _jwt_window(credential) if credential.flow == "jwt" else _oauth2_window(credential)
    profile = f" --profile {credential.profile}" if credential.profile else ""
    return [
        GuideStep(
            f"The quick way: run `sfcred render{profile} -o credentials.json`, then `n8n "
            "import:credentials --input=credentials.json`, and delete the file. This also fixes "
            "the key's format and keeps the credential linked to your workflows. To do it by hand "
            "instead, go on with the next step."
            if credential.n8n.deployment == "self_hosted"
            else "n8n Cloud can't import credentials from the command line, so enter them by hand."
        ),
        *by_hand,
    ]


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
        GuideStep(
            "Check that n8n shows this OAuth Redirect URL, and that the app's Callback URLs "
            "include exactly the same one.",
            _redirect_urls(credential),
        ),
        GuideStep("Fill in these fields:", tuple(entries)),
        GuideStep(
            "Press Connect my account, log in as the user that n8n should act as, and press Allow. "
            "Use a private window if you are logged in to another org."
        ),
        *_host_warning(credential),
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
    if has(STORED_OAUTH_URLS, credential.n8n.version) is True:
        return [
            GuideStep(
                "If you connect by hand, n8n opens the general login page, which External Client "
                "Apps usually refuse. In that case use the quick way above, which opens the org's "
                "own login page."
            )
        ]
    return [
        GuideStep(
            "n8n opens the general login page, which External Client Apps usually refuse. From n8n "
            "2.41.0 on, you can only change that for the whole instance (`sfcred render --target "
            "n8n-overwrite`). Or import a consent from `sfcred login`, or use the JWT flow."
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


def _environment(credential: Credential) -> GuideField:
    return GuideField(
        "Environment Type", (credential.spec.environment or "production").capitalize()
    )
