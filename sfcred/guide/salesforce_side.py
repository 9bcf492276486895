"""The steps in Salesforce, for the user and the app, on the screens of 2026.

External Client Apps are in External Client App Manager, Connected Apps in App Manager.
"""

from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import value_field
from sfcred.paths import plain_join
from sfcred.redact import public_address
from sfcred.resolve.blueprint import Blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.model import RefreshPolicy
from sfcred.salesforce.scopes import find

_IP = {
    "enforce": "Enforce IP restrictions",
    "enforce_relax_refresh": "Enforce IP restrictions, but relax for refresh tokens",
    "bypass_2factor": "Relax IP restrictions for activated devices",
    "bypass": "Relax IP restrictions",
}


def user_steps(credential: Credential, app: Blueprint) -> list[GuideStep]:
    """Return the steps for the user that n8n acts as; empty if there are none."""
    steps = []
    if credential.flow == "jwt":
        steps.append(
            GuideStep(
                "Setup, Users: check that the user that n8n acts as exists and is active, and that "
                "its profile has API Enabled.",
                (value_field(credential, "Username", ("jwt", "username")),),
            )
        )
    if app.has_nobody:
        steps.append(
            GuideStep(
                "Setup, Permission Sets: create a permission set and assign it to the user (Manage "
                "Assignments). The app pre-authorizes its users, so without one nobody can log in. "
                "Add it to app.permission_sets in the spec, or the user's profile to app.profiles."
            )
        )
    if app.pre_authorized and app.profiles:
        steps.append(
            GuideStep(
                "Setup, Users: check that the user has one of these profiles.",
                (GuideField("Profiles", "\n".join(app.profiles), literal=True),),
            )
        )
    if app.pre_authorized and app.permission_sets:
        steps.append(
            GuideStep(
                "Setup, Permission Sets: check that each of these exists and is assigned to the "
                "user (Manage Assignments). A permission set with the Salesforce API Integration "
                "license can't contain apps: create a second one.",
                (GuideField("Permission sets", _sets(app), literal=True),),
            )
        )
    return steps


def app_steps(credential: Credential, app: Blueprint) -> list[GuideStep]:
    """Return the steps for the app, on the screens of its type."""
    if credential.app.type == "connected_app":
        return _connected_app(credential, app)
    return _client_app(credential, app)


def _client_app(credential: Credential, app: Blueprint) -> list[GuideStep]:
    return [
        GuideStep("Log in to the org, click the gear icon and choose Setup.", _address(credential)),
        GuideStep(
            "Quick Find: External Client App Manager. Press New External Client App. If the app "
            "already exists, open it instead and press Edit in Settings.",
            (
                GuideField("External Client App Name", app.label, literal=True),
                GuideField("API Name", app.api_name, literal=True),
                _contact(app),
                GuideField("Distribution State", "Local"),
            ),
        ),
        GuideStep(
            "API (Enable OAuth Settings): select Enable OAuth.",
            (_callback_entry(app), _scope_entry(app)),
        ),
        *_certificate(credential, "Flow Enablement: select Enable JWT Bearer Flow, and upload"),
        _security(credential, app, "Under Security"),
        GuideStep("Press Create (or Save)."),
        GuideStep(
            "Open the Policies tab, press Edit, and set these under OAuth Policies and App "
            "Authorization. Then press Save.",
            tuple(_policies(app)),
        ),
        *_consumer(credential, "Settings, OAuth Settings, Consumer Key and Secret"),
    ]


def _connected_app(credential: Credential, app: Blueprint) -> list[GuideStep]:
    return [
        GuideStep(
            "You can no longer create new Connected Apps, so these steps are for an existing one. "
            "For a new app, write `type: external_client_app`.",
        ),
        GuideStep("Log in to the org, click the gear icon and choose Setup.", _address(credential)),
        GuideStep(
            "Quick Find: App Manager. In the app's row, click the arrow, then Edit.",
            (GuideField("Connected App Name", app.label, literal=True),),
        ),
        GuideStep(
            "API (Enable OAuth Settings): select Enable OAuth Settings.",
            (_callback_entry(app), _scope_entry(app)),
        ),
        *_certificate(credential, "Select Use digital signatures, and upload"),
        _security(credential, app, "In the same section"),
        GuideStep("Press Save, then Continue."),
        GuideStep(
            "App Manager, the app, Manage, Edit Policies: set these. Then press Save.",
            tuple(_policies(app)),
        ),
        *_pre_authorize(app),
        *_consumer(credential, "App Manager, the app, View, Manage Consumer Details"),
    ]


def _address(credential: Credential) -> tuple[GuideField, ...]:
    url = public_address(credential.authority.url) if credential.authority else ""
    return (GuideField("Address", url, literal=True),) if url else ()


def _contact(app: Blueprint) -> GuideField:
    shown = app.contact_email or "your e-mail address"
    return GuideField("Contact Email", shown, literal=bool(app.contact_email))


def _callback_entry(app: Blueprint) -> GuideField:
    return GuideField(
        "Callback URL", "\n".join(map(public_address, app.callback_urls)), literal=True
    )


def _scope_entry(app: Blueprint) -> GuideField:
    labels = dict.fromkeys(scope.label for scope in map(find, app.scopes) if scope)
    return GuideField("Selected OAuth Scopes", "\n".join(labels))


def _certificate(credential: Credential, text: str) -> list[GuideStep]:
    jwt = credential.spec.jwt
    if credential.flow != "jwt" or jwt is None:
        return []
    shown = "the certificate (create one with sfcred keygen)"
    if jwt.certificate:
        shown = str(plain_join(credential.folder, jwt.certificate))
    entry = GuideField("File", shown, literal=bool(jwt.certificate))
    return [GuideStep(f"{text} the certificate (not the private key).", (entry,))]


def _security(credential: Credential, app: Blueprint, where: str) -> GuideStep:
    pkce = GuideField("Require Proof Key for Code Exchange (PKCE)", _selected(app.pkce_required))
    rotation = GuideField("Enable Refresh Token Rotation", _selected(app.refresh_token_rotation))
    if credential.flow == "jwt":  # only what the spec states
        stated = credential.app
        fields = (
            *((pkce,) if stated.pkce_required is not None else ()),
            *((rotation,) if stated.refresh_token_rotation is not None else ()),
        )
        text = "leave the settings as they are: the JWT flow uses no Consumer Secret and no PKCE."
        return GuideStep(f"{where}, {'set:' if fields else text}", fields)
    fields = (
        GuideField("Require Secret for Web Server Flow", "selected"),
        GuideField("Require Secret for Refresh Token Flow", "selected"),
        pkce,
        rotation,
    )
    return GuideStep(f"{where}, set:", fields)


def _selected(yes: bool) -> str:
    return "selected" if yes else "not selected"


def _policies(app: Blueprint) -> list[GuideField]:
    users = (
        "Admin approved users are pre-authorized"
        if app.pre_authorized
        else "All users may self-authorize"
    )
    entries = [GuideField("Permitted Users", users)]
    if app.pre_authorized and app.profiles:
        entries.append(GuideField("Selected Profiles", "\n".join(app.profiles), literal=True))
    if app.pre_authorized and app.permission_sets:
        entries.append(GuideField("Selected Permission Sets", _sets(app), literal=True))
    entries.append(GuideField("Refresh Token Policy", _refresh(app.refresh_policy)))
    entries.append(GuideField("IP Relaxation", _IP[app.ip_relaxation]))
    return entries


def _sets(app: Blueprint) -> str:
    """Return the permission sets as Setup lists them: by label, if it is known."""
    return "\n".join(one.label or one.name for one in app.permission_sets)


def _refresh(policy: RefreshPolicy) -> str:
    unit = policy.unit.lower()
    return {
        "infinite": "Refresh token is valid until revoked",
        "zero": "Immediately expire refresh token",
        "lifetime": f"Expire refresh token after: {policy.number} {unit}",
        "inactivity": f"Expire refresh token if not used for: {policy.number} {unit}",
    }[policy.kind]


def _pre_authorize(app: Blueprint) -> list[GuideStep]:
    steps = []
    if app.pre_authorized and app.profiles:
        entry = GuideField("Profiles", "\n".join(app.profiles), literal=True)
        text = "App Manager, the app, Manage, Manage Profiles: select these."
        steps.append(GuideStep(text, (entry,)))
    if app.pre_authorized and app.permission_sets:
        entry = GuideField("Permission sets", _sets(app), literal=True)
        text = "App Manager, the app, Manage, Manage Permission Sets: select these."
        steps.append(GuideStep(text, (entry,)))
    return steps


def _consumer(credential: Credential, where: str) -> list[GuideStep]:
    entries = [value_field(credential, "Consumer Key goes to", ("client_id",))]
    if credential.flow == "oauth2":
        entries.append(
            value_field(credential, "Consumer Secret goes to", ("oauth2", "client_secret"))
        )
    return [
        GuideStep(
            f"{where}: Salesforce first sends you a code by email. Then copy:", tuple(entries)
        )
    ]
