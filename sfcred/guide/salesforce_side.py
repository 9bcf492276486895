"""The steps in Salesforce, for the user and the app, on the screens of 2026.

External Client Apps are in External Client App Manager, Connected Apps in App Manager.

Source of the labels: Salesforce Help ("Manage OAuth Access Policies for a Connected App", "Limit
the Idle Refresh Token TTL in External Client Apps" and "in Connected Apps") and Salesforce's
workshop on hosted MCP servers (the settings under Security). The label of the idle limit, and "can
self-authorize", are as guides of other vendors quote the screens of External Client Apps.
"""

from collections.abc import Mapping

from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import place_field, value_field
from sfcred.paths import plain_join
from sfcred.resolve.blueprint import Blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_type import AppType
from sfcred.salesforce.scopes import find
from sfcred.text.redact import public_address

_IP = {
    "enforce": "Enforce IP restrictions",
    "enforce_relax_refresh": "Enforce IP restrictions, but relax for refresh tokens",
    "bypass_2factor": "Relax IP restrictions for activated devices",
    "bypass": "Relax IP restrictions",
}
# The two types of app have other names for the same policies.
_CONNECTED_APP_REFRESH = {
    "infinite": "Refresh token is valid until revoked",
    "zero": "Immediately expire refresh token",
    "lifetime": "Expire refresh token after: {number} {unit}",
    "inactivity": "Expire refresh token if not used for: {number} {unit}",
}
_CLIENT_APP_REFRESH = {
    **_CONNECTED_APP_REFRESH,
    "lifetime": "Expire refresh token after specific time: {number} {unit}",
    "inactivity": "Expire refresh token if not used for specific time: {number} {unit}",
}
_SELF_AUTHORIZE: Mapping[AppType, str] = {
    "connected_app": "All users may self-authorize",
    "external_client_app": "All users can self-authorize",
}
_PKCE = "Require Proof Key for Code Exchange (PKCE) extension for Supported Authorization Flows"
_IDLE_LIMIT = "Limit Idle Refresh Token Time-to-Live (TTL) to 30 Days"
_NAMED_USERS = "Issue JSON Web Token (JWT)-based access tokens for named users"
_NO_LICENSE = (
    "Choose no license: a permission set with the Salesforce API Integration license can't contain "
    "apps."
)
_ASSIGN = GuideStep(
    "Open the permission set, press Manage Assignments and Add Assignment, select the user that "
    "n8n acts as, press Next and Assign."
)


def login_step(credential: Credential) -> GuideStep:
    """Return the step to Setup, which all the others start from."""
    url = public_address(credential.authority.url) if credential.authority else ""
    fields = (GuideField("Address", url, literal=True),) if url else ()
    return GuideStep("Log in to the org, click the gear icon and choose Setup.", fields)


def user_steps(credential: Credential, app: Blueprint) -> list[GuideStep]:
    """Return the steps for the user that n8n acts as; empty if there are none."""
    steps = []
    if (route := credential.username_route) is not None:
        steps.append(
            GuideStep(
                "Setup, Users: if the user that n8n acts as doesn't exist, press New User. Check "
                "that Active is selected, and that the profile (or a permission set) has API "
                "Enabled.",
                (value_field(credential, "Username", route),),
            )
        )
    if app.settings.has_nobody:
        steps += _new_set()
    if app.pre_authorized and app.profiles:
        steps.append(
            GuideStep(
                "Setup, Users: check that the user has one of these profiles.",
                (GuideField("Profiles", "\n".join(app.profiles), literal=True),),
            )
        )
    if app.pre_authorized and app.permission_sets:
        steps += _permission_sets(app)
    return steps


def _new_set() -> list[GuideStep]:
    return [
        GuideStep(
            f"Setup, Permission Sets: press New, enter a Label and press Save. {_NO_LICENSE} The "
            "app pre-authorizes its users, so without one nobody can log in."
        ),
        _ASSIGN,
        GuideStep(
            "Add it to app.permission_sets in the spec, or the user's profile to app.profiles."
        ),
    ]


def _permission_sets(app: Blueprint) -> list[GuideStep]:
    return [
        GuideStep(
            "Setup, Permission Sets: if one of these doesn't exist, press New, enter the Label and "
            f"the API Name, and press Save. {_NO_LICENSE}",
            (GuideField("Permission sets", _sets(app), literal=True),),
        ),
        _ASSIGN,
    ]


def app_steps(credential: Credential, app: Blueprint) -> list[GuideStep]:
    """Return the steps for the app, on the screens of its type."""
    if credential.app.type == "connected_app":
        return _connected_app(credential, app)
    return _client_app(credential, app)


def _client_app(credential: Credential, app: Blueprint) -> list[GuideStep]:
    return [
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
            f"API (Enable OAuth Settings): select Enable OAuth.{_about_callback(credential)}",
            (_callback_entry(app), _scope_entry(app)),
        ),
        *_flow_switch(credential, "Flow Enablement: select"),
        *_certificate(credential, "Flow Enablement: select Enable JWT Bearer Flow, and upload"),
        _security(credential, app, "Under Security"),
        GuideStep("Press Create (or Save)."),
        *_client_app_policies(credential, app),
        *_consumer(credential, "Settings, OAuth Settings, Consumer Key and Secret"),
    ]


def _connected_app(credential: Credential, app: Blueprint) -> list[GuideStep]:
    return [
        GuideStep(
            "You can no longer create new Connected Apps, so these steps are for an existing one. "
            "For a new app, write `type: external_client_app`.",
        ),
        GuideStep(
            "Quick Find: App Manager. In the app's row, click the arrow, then Edit.",
            (GuideField("Connected App Name", app.label, literal=True),),
        ),
        GuideStep(
            "API (Enable OAuth Settings): select Enable OAuth Settings."
            f"{_about_callback(credential)}",
            (_callback_entry(app), _scope_entry(app)),
        ),
        *_flow_switch(credential, "In the same section, select"),
        *_certificate(credential, "Select Use digital signatures, and upload"),
        _security(credential, app, "In the same section"),
        GuideStep("Press Save, then Continue."),
        GuideStep(
            "App Manager, the app, Manage, Edit Policies: set these. Then press Save.",
            (
                _permitted_users(app, "connected_app"),
                *_token_policies(credential, app, _CONNECTED_APP_REFRESH),
            ),
        ),
        *_run_as(credential, "On the same page, under Client Credentials Flow, set Run As, save."),
        *_pre_authorize(app),
        *_consumer(credential, "App Manager, the app, View, Manage Consumer Details"),
    ]


def _contact(app: Blueprint) -> GuideField:
    shown = app.contact_email or "your email address"
    return GuideField("Contact Email", shown, literal=bool(app.contact_email))


def _about_callback(credential: Credential) -> str:
    if credential.flow == "oauth2":
        return ""
    return " Salesforce requires a Callback URL, but this login never uses it."


def _callback_entry(app: Blueprint) -> GuideField:
    return GuideField(
        "Callback URL", "\n".join(map(public_address, app.callback_urls)), literal=True
    )


def _scope_entry(app: Blueprint) -> GuideField:
    labels = dict.fromkeys(scope.label for scope in map(find, app.scopes) if scope)
    return GuideField("Selected OAuth Scopes", "\n".join(labels))


def _flow_switch(credential: Credential, text: str) -> list[GuideStep]:
    if credential.flow != "client_credentials":
        return []
    return [GuideStep(f"{text} Enable Client Credentials Flow, and accept the warning.")]


def _run_as(credential: Credential, text: str) -> list[GuideStep]:
    if credential.flow != "client_credentials":
        return []
    return [GuideStep(text, (value_field(credential, "Run As", ("client_credentials", "run_as")),))]


def _certificate(credential: Credential, text: str) -> list[GuideStep]:
    if credential.flow != "jwt" or credential.spec.jwt is None:
        return []
    named, shown = credential.named_certificate, "the certificate (create one with sfcred keygen)"
    if named:
        shown = str(plain_join(credential.folder, named))
    entry = GuideField("File", shown, literal=bool(named))
    return [GuideStep(f"{text} the certificate (not the private key).", (entry,))]


_UNUSED = {
    "jwt": "the JWT flow uses no Consumer Secret and no PKCE",
    "client_credentials": "they are for flows in which a person logs in",
}


def _security(credential: Credential, app: Blueprint, where: str) -> GuideStep:
    """Return the step for the security settings: without a consent, only what the spec states."""
    stated, has_consent = credential.app, credential.flow == "oauth2"
    secrets = ("Require secret for Web Server Flow", "Require secret for Refresh Token Flow")
    switches = [(label, True) for label in secrets] if has_consent else []
    if has_consent or stated.pkce_required is not None:
        switches.append((_PKCE, app.pkce_required))
    if has_consent or stated.refresh_token_rotation is not None:
        switches.append(("Enable Refresh Token Rotation", app.refresh_token_rotation))
    if stated.refresh_token_idle_limit is not None:
        switches.append((_IDLE_LIMIT, stated.refresh_token_idle_limit))
    if stated.named_user_jwt is not None:
        switches.append((_NAMED_USERS, stated.named_user_jwt))
    fields = tuple(GuideField(label, _selected(is_on)) for label, is_on in switches)
    text = f"leave the settings as they are: {_UNUSED.get(credential.flow, '')}."
    return GuideStep(f"{where}, {'set:' if fields else text}", fields)


def _selected(yes: bool) -> str:
    return "selected" if yes else "not selected"


def _client_app_policies(credential: Credential, app: Blueprint) -> list[GuideStep]:
    """Return the steps in the Policies tab, by its sections."""
    assigned = []
    if app.pre_authorized and app.profiles:
        assigned.append(GuideField("Select Profiles", "\n".join(app.profiles), literal=True))
    has_nobody = app.settings.has_nobody
    if app.pre_authorized and (app.permission_sets or has_nobody):
        sets = _sets(app) or "the permission set that you created"
        assigned.append(GuideField("Select Permission Sets", sets, literal=not has_nobody))
    steps = [
        GuideStep(
            "Open the Policies tab and press Edit. Under OAuth Policies, set:",
            (
                _permitted_users(app, "external_client_app"),
                *_token_policies(credential, app, _CLIENT_APP_REFRESH),
            ),
        )
    ]
    steps += _run_as(
        credential, "Under OAuth Policies, select Enable Client Credentials Flow, and set Run As:"
    )
    if assigned:
        steps.append(GuideStep("Under App Policies, select:", tuple(assigned)))
    return [*steps, GuideStep("Press Save.")]


def _permitted_users(app: Blueprint, kind: AppType) -> GuideField:
    approved = "Admin approved users are pre-authorized"
    return GuideField("Permitted Users", approved if app.pre_authorized else _SELF_AUTHORIZE[kind])


def _token_policies(
    credential: Credential, app: Blueprint, names: Mapping[str, str]
) -> list[GuideField]:
    """Return the fields for tokens and sessions. Only a consent brings a refresh token."""
    stated, policy, fields = credential.app, app.refresh_policy, []
    if credential.flow == "oauth2" or stated.refresh_token_policy is not None:
        shown = names[policy.kind].format(number=policy.number, unit=policy.unit.lower())
        fields.append(GuideField("Refresh Token Policy", shown))
    fields.append(GuideField("IP Relaxation", _IP[app.ip_relaxation]))
    if stated.session_level is not None:
        level = stated.session_level.replace("_", " ").title()
        fields.append(GuideField("Session Policies", level))
    return fields


def _sets(app: Blueprint) -> str:
    """Return the permission sets as Setup lists them: by label, if it is known."""
    return "\n".join(one.label or one.name for one in app.permission_sets)


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
    if app.settings.has_nobody:
        text = "App Manager, the app, Manage, Manage Permission Sets: select the one you created."
        steps.append(GuideStep(text))
    return steps


def _consumer(credential: Credential, where: str) -> list[GuideStep]:
    entries = [place_field(credential, "Consumer Key goes to", ("client_id",))]
    if credential.flow != "jwt":
        entries.append(place_field(credential, "Consumer Secret goes to", credential.secret_route))
    return [
        GuideStep(
            f"{where}: Salesforce first sends you a code by email. Then copy:", tuple(entries)
        )
    ]
