"""The steps in n8n: the import, or the credential's window as of n8n 2.40."""

from sfcred.errors import NotKnown
from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import value_field
from sfcred.n8n.versions import MY_DOMAIN_JWT, STORED_OAUTH_URLS, format_version, has
from sfcred.redact import public_address
from sfcred.resolve.credential import Credential


def n8n_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps in n8n: the import where there is one, then the way by hand."""
    by_hand = _jwt_window(credential) if credential.flow == "jwt" else _oauth2_window(credential)
    profile = f" --profile {credential.profile}" if credential.profile else ""
    return [
        GuideStep(
            "The short way, which also repairs the key's form and keeps the workflows' links: "
            f"`sfcred render{profile} -o credentials.json`, `n8n import:credentials "
            "--input=credentials.json`, and delete the file. By hand:"
            if credential.n8n.deployment == "self_hosted"
            else "n8n Cloud has no import on a command line, so by hand:"
        ),
        *by_hand,
    ]


def _window(credential: Credential, name: str) -> GuideStep:
    url = public_address(credential.n8n.url or "")
    entries = [GuideField("Address", url, literal=True)] if url else []
    return GuideStep(
        f"In n8n: Create credential, {name}.",
        (*entries, GuideField("Name", credential.n8n.credential_name, literal=True)),
    )


def _jwt_window(credential: Credential) -> list[GuideStep]:
    entries = [
        _environment(credential),
        value_field(credential, "Client ID (the Consumer Key)", ("client_id",)),
        value_field(credential, "Username", ("jwt", "username")),
        value_field(credential, "Private Key (all lines)", ("jwt", "private_key")),
    ]
    version = credential.n8n.version
    if has(MY_DOMAIN_JWT, version) is False and version:
        entries.append(
            GuideField(
                "My Domain URL", f"missing in n8n {format_version(version)}: update to 2.20.0"
            )
        )
    elif credential.spec.my_domain and credential.authority:
        entries.append(
            GuideField("My Domain URL", public_address(credential.authority.url), literal=True)
        )
    return [
        _window(credential, "Salesforce JWT API"),
        GuideStep("Fill in, and press Save: n8n logs in to test it.", tuple(entries)),
    ]


def _oauth2_window(credential: Credential) -> list[GuideStep]:
    entries = [
        _environment(credential),
        value_field(credential, "Client ID (the Consumer Key)", ("client_id",)),
        value_field(credential, "Client Secret (the Consumer Secret)", ("oauth2", "client_secret")),
    ]
    return [
        _window(credential, "Salesforce OAuth2 API"),
        GuideStep(
            "Compare: n8n shows this as OAuth Redirect URL, and it is among the app's Callback "
            "URLs to the letter.",
            _redirect_urls(credential),
        ),
        GuideStep("Fill in:", tuple(entries)),
        GuideStep(
            "Press Connect my account, log in as the user that n8n shall act as, press Allow. Use "
            "a private window if you are logged in to another org."
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
                "Connected by hand, the window opens the general login page, which External Client "
                "Apps usually refuse: then take the short way above, which opens the org's own."
            )
        ]
    return [
        GuideStep(
            "The window opens the general login page, which External Client Apps usually refuse. "
            "From n8n 2.41.0 on, only the instance can change that (`sfcred render --target "
            "n8n-overwrite`); or import a consent from `sfcred login`, or use the JWT flow."
        )
    ]


def _environment(credential: Credential) -> GuideField:
    return GuideField(
        "Environment Type", (credential.spec.environment or "production").capitalize()
    )
