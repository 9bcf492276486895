"""A credential's guide: today's screens, and every value that the spec knows.

Screens: External Client App Manager and App Manager as Salesforce has them in 2026; n8n's windows
as of 2.40. Values that come through a reference are named by their place, never shown.
"""

import re

from sfcred.errors import NotKnown
from sfcred.guide.api import Entry, Guide, Section, Step
from sfcred.n8n.versions import MY_DOMAIN_JWT, STORED_OAUTH_URLS, format_version, has
from sfcred.redact import public_address
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.model import Blueprint, RefreshPolicy
from sfcred.salesforce.scopes import find
from sfcred.secrets import all_providers
from sfcred.shell import for_shell
from sfcred.spec.model import EMAIL_PATTERN
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route


def make_guide(credential: Credential) -> Guide:
    """The steps for one credential, from nothing to a workflow that runs.

    Raises:
        RenderError: The spec doesn't say enough of the app.
        NotKnown: The flow is not decided.
    """
    app = blueprint(credential, for_deployment=False)
    url = credential.authority.url if credential.authority else None
    authority = public_address(url) if url else "the org's My Domain"
    what = "JWT bearer flow" if credential.flow == "jwt" else "OAuth2, web server flow"
    profile = f" ({credential.profile})" if credential.profile else ""
    is_connected = credential.app.type == "connected_app"
    salesforce = _connected_app(credential, app) if is_connected else _client_app(credential, app)
    user = _user(credential, app)
    sections = [
        *([Section("In Salesforce: the user", tuple(user))] if user else []),
        Section("In Salesforce: the app", tuple(salesforce)),
        Section("In n8n", tuple(_n8n(credential))),
        Section("Check", tuple(_check(credential))),
    ]
    return Guide(
        f"{credential.name}{profile}: Salesforce for n8n",
        tuple(_notes(credential, authority, what)),
        tuple(sections),
    )


def _notes(credential: Credential, authority: str, what: str) -> list[str]:
    environment = credential.spec.environment or "production"
    notes = [f"{what}; {environment}; {authority}. You need an admin's login to this org."]
    if credential.flow == "jwt":
        notes.append(
            "The certificate goes to Salesforce. The private key goes to n8n, never to Salesforce."
        )
    return notes


# -- the user


def _user(credential: Credential, app: Blueprint) -> list[Step]:
    steps = []
    if credential.flow == "jwt":
        steps.append(
            Step(
                "Setup, Users: the user that n8n acts as exists, is active, and its profile has "
                "API Enabled.",
                (_place(credential, "Username", ("jwt", "username")),),
            )
        )
    if app.pre_authorized and app.permission_sets:
        steps.append(
            Step(
                "Setup, Permission Sets: each of these exists and is assigned to the user (Manage "
                "Assignments). A permission set of the Salesforce API Integration licence can't "
                "hold apps: make a second one.",
                (Entry("Permission sets", "\n".join(app.permission_sets), literal=True),),
            )
        )
    return steps


# -- the app


def _client_app(credential: Credential, app: Blueprint) -> list[Step]:
    return [
        Step("Log in to the org, open the gear icon, Setup.", _address(credential)),
        Step(
            "Quick Find: External Client App Manager. Press New External Client App; if the app is "
            "there already, open it instead and press Edit in Settings.",
            (
                Entry("External Client App Name", app.label, literal=True),
                Entry("API Name", app.api_name, literal=True),
                Entry("Contact Email", app.contact_email or "yours", literal=True),
                Entry("Distribution State", "Local"),
            ),
        ),
        Step(
            "API (Enable OAuth Settings): tick Enable OAuth.",
            (_callback_entry(app), _scope_entry(app)),
        ),
        *_certificate(credential, "Flow Enablement: tick Enable JWT Bearer Flow, and upload"),
        Step("Security:", tuple(_security(app))),
        Step("Press Create (or Save)."),
        Step(
            "Open the tab Policies, press Edit, OAuth Policies and App Authorization. Then Save.",
            tuple(_policies(app)),
        ),
        *_consumer(credential, "Settings, OAuth Settings, Consumer Key and Secret"),
    ]


def _connected_app(credential: Credential, app: Blueprint) -> list[Step]:
    return [
        Step(
            "New Connected Apps can't be created any more: this is for one that exists. For a new "
            "one write `type: external_client_app`.",
        ),
        Step("Log in to the org, open the gear icon, Setup.", _address(credential)),
        Step(
            "Quick Find: App Manager. At the app's row: the arrow, Edit.",
            (Entry("Connected App Name", app.label, literal=True),),
        ),
        Step(
            "API (Enable OAuth Settings): tick Enable OAuth Settings.",
            (_callback_entry(app), _scope_entry(app)),
        ),
        *_certificate(credential, "Tick Use digital signatures, and upload"),
        Step("In the same section:", tuple(_security(app))),
        Step("Press Save, Continue."),
        Step("App Manager, the app, Manage, Edit Policies. Then Save.", tuple(_policies(app))),
        *_pre_authorize(app),
        *_consumer(credential, "App Manager, the app, View, Manage Consumer Details"),
    ]


def _address(credential: Credential) -> tuple[Entry, ...]:
    url = public_address(credential.authority.url) if credential.authority else ""
    return (Entry("Address", url, literal=True),) if url else ()


def _callback_entry(app: Blueprint) -> Entry:
    return Entry("Callback URL", "\n".join(map(public_address, app.callback_urls)), literal=True)


def _scope_entry(app: Blueprint) -> Entry:
    labels = dict.fromkeys(scope.label for scope in map(find, app.scopes) if scope)
    return Entry("Selected OAuth Scopes", "\n".join(labels))


def _certificate(credential: Credential, text: str) -> list[Step]:
    jwt = credential.spec.jwt
    if credential.flow != "jwt" or jwt is None:
        return []
    shown = jwt.certificate or "the certificate (sfcred keygen makes one)"
    entry = Entry("File", shown, literal=bool(jwt.certificate))
    return [Step(f"{text} the certificate: not the private key.", (entry,))]


def _security(app: Blueprint) -> list[Entry]:
    return [
        Entry("Require Secret for Web Server Flow", "ticked"),
        Entry("Require Secret for Refresh Token Flow", "ticked"),
        Entry("Require Proof Key for Code Exchange (PKCE)", _ticked(app.pkce_required)),
        Entry("Enable Refresh Token Rotation", _ticked(app.refresh_token_rotation)),
    ]


def _ticked(yes: bool) -> str:
    return "ticked" if yes else "not ticked"


def _policies(app: Blueprint) -> list[Entry]:
    users = (
        "Admin approved users are pre-authorized"
        if app.pre_authorized
        else "All users may self-authorize"
    )
    entries = [Entry("Permitted Users", users)]
    if app.pre_authorized and app.permission_sets:
        entries.append(
            Entry("Selected Permission Sets", "\n".join(app.permission_sets), literal=True)
        )
    ip = "Relax IP restrictions" if app.bypass_ip else "Enforce IP restrictions"
    entries.append(Entry("Refresh Token Policy", _refresh(app.refresh_policy)))
    entries.append(Entry("IP Relaxation", ip))
    return entries


def _refresh(policy: RefreshPolicy) -> str:
    unit = policy.unit.lower()
    return {
        "infinite": "Refresh token is valid until revoked",
        "zero": "Immediately expire refresh token",
        "lifetime": f"Expire refresh token after: {policy.number} {unit}",
        "inactivity": f"Expire refresh token if not used for: {policy.number} {unit}",
    }[policy.kind]


def _pre_authorize(app: Blueprint) -> list[Step]:
    if not (app.pre_authorized and app.permission_sets):
        return []
    entry = Entry("Permission sets", "\n".join(app.permission_sets), literal=True)
    return [Step("App Manager, the app, Manage, Manage Permission Sets: tick these.", (entry,))]


def _consumer(credential: Credential, where: str) -> list[Step]:
    entries = [_place(credential, "Consumer Key goes to", ("client_id",))]
    if credential.flow == "oauth2":
        entries.append(_place(credential, "Consumer Secret goes to", ("oauth2", "client_secret")))
    return [Step(f"{where}: Salesforce sends a code by e-mail first. Copy:", tuple(entries))]


def _place(credential: Credential, field: str, route: Route) -> Entry:
    """Where the value is, or a username that the spec states: no other value is shown."""
    declared = credential.declared(route)
    if isinstance(declared, Reference):
        around = credential.values.surroundings(credential.folder)
        return Entry(field, all_providers()[declared.provider].where(declared.locator, around))
    if declared is None:
        return Entry(field, f"(the spec doesn't say: {'.'.join(map(str, route))})")
    if route == ("jwt", "username") and re.fullmatch(EMAIL_PATTERN, declared):
        return Entry(field, declared, literal=True)
    return Entry(field, f"(as the spec has it: {'.'.join(map(str, route))})")


# -- n8n


def _n8n(credential: Credential) -> list[Step]:
    by_hand = _jwt_window(credential) if credential.flow == "jwt" else _oauth2_window(credential)
    profile = f" --profile {credential.profile}" if credential.profile else ""
    return [
        Step(
            "The short way, which also repairs the key's form and keeps the workflows' links: "
            f"`sfcred render{profile} -o credentials.json`, `n8n import:credentials "
            "--input=credentials.json`, and delete the file. By hand:"
            if credential.n8n.deployment == "self_hosted"
            else "n8n Cloud has no import on a command line, so by hand:"
        ),
        *by_hand,
    ]


def _window(credential: Credential, name: str) -> Step:
    url = public_address(credential.n8n.url or "")
    entries = [Entry("Address", url, literal=True)] if url else []
    return Step(
        f"In n8n: Create credential, {name}.",
        (*entries, Entry("Name", credential.n8n.credential_name, literal=True)),
    )


def _jwt_window(credential: Credential) -> list[Step]:
    entries = [
        _environment(credential),
        _place(credential, "Client ID (the Consumer Key)", ("client_id",)),
        _place(credential, "Username", ("jwt", "username")),
        _place(credential, "Private Key (all lines)", ("jwt", "private_key")),
    ]
    version = credential.n8n.version
    if has(MY_DOMAIN_JWT, version) is False and version:
        entries.append(
            Entry("My Domain URL", f"missing in n8n {format_version(version)}: update to 2.20.0")
        )
    elif credential.spec.my_domain and credential.authority:
        entries.append(
            Entry("My Domain URL", public_address(credential.authority.url), literal=True)
        )
    return [
        _window(credential, "Salesforce JWT API"),
        Step("Fill in, and press Save: n8n logs in to test it.", tuple(entries)),
    ]


def _oauth2_window(credential: Credential) -> list[Step]:
    entries = [
        _environment(credential),
        _place(credential, "Client ID (the Consumer Key)", ("client_id",)),
        _place(credential, "Client Secret (the Consumer Secret)", ("oauth2", "client_secret")),
    ]
    return [
        _window(credential, "Salesforce OAuth2 API"),
        Step(
            "Compare: n8n shows this as OAuth Redirect URL, and it is among the app's Callback "
            "URLs to the letter.",
            _redirect_urls(credential),
        ),
        Step("Fill in:", tuple(entries)),
        Step(
            "Press Connect my account, log in as the user that n8n shall act as, press Allow. Use "
            "a private window if you are logged in to another org."
        ),
        *_host_warning(credential),
    ]


def _redirect_urls(credential: Credential) -> tuple[Entry, ...]:
    try:
        urls = [public_address(callback.url) for callback in credential.callbacks]
    except NotKnown as reason:
        return (Entry("OAuth Redirect URL", f"not known: {reason.message}"),)
    return (Entry("OAuth Redirect URL", "\n".join(urls), literal=True),)


def _host_warning(credential: Credential) -> list[Step]:
    if not credential.spec.my_domain:
        return []
    if has(STORED_OAUTH_URLS, credential.n8n.version) is True:
        return [
            Step(
                "Connected by hand, the window opens the general login page, which External Client "
                "Apps usually refuse: then take the short way above, which opens the org's own."
            )
        ]
    return [
        Step(
            "The window opens the general login page, which External Client Apps usually refuse. "
            "From n8n 2.41.0 on, only the instance can change that (`sfcred render --target "
            "n8n-overwrite`); or import a consent from `sfcred login`, or use the JWT flow."
        )
    ]


def _environment(credential: Credential) -> Entry:
    return Entry("Environment Type", (credential.spec.environment or "production").capitalize())


# -- afterwards


def _check(credential: Credential) -> list[Step]:
    profile = f" --profile {credential.profile}" if credential.profile else ""
    spec = for_shell(credential.source.shown)
    return [
        Step("Wait ten minutes: a new or changed app isn't known everywhere at once."),
        Step(
            f"`sfcred doctor {spec}{profile} --live` logs in as n8n does, and says what is wrong."
        ),
        Step(
            "To compare the app with the spec later: retrieve its metadata to a folder, and run "
            "`sfcred app --check` with it."
        ),
    ]
