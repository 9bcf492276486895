"""The steps in n8n: the import, or the credential's form as of n8n 2.40."""

from sfcred.errors import NotKnown
from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import value_field
from sfcred.n8n.versions import MY_DOMAIN_JWT, STORED_OAUTH_URLS, format_version, has
from sfcred.redact import public_address
from sfcred.resolve.credential import Credential


def n8n_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps in n8n: the import, if n8n has one, and then the manual steps."""
    by_hand = _jwt_window(credential) if credential.flow == "jwt" else _oauth2_window(credential)
    profile = f" --profile {credential.profile}" if credential.profile else ""
    also = "also fixes the key's format, and " if credential.flow == "jwt" else ""
    return [
        GuideStep(
            f"The quick way: run `mkdir -p rendered`, `sfcred render{profile} -o "
            "rendered/credentials.json`, and `n8n import:credentials "
            f"--input=rendered/credentials.json`. Then delete the file. This {also}keeps the "
            "credential linked to your workflows. To do it by hand instead, go on with the next "
            "step."
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


def _environment(credential: Credential) -> GuideField:
    return GuideField(
        "Environment Type", (credential.spec.environment or "production").capitalize()
    )
