"""The guide for a credential: today's screens, filled in with the spec's values.

Where the spec has a reference, the guide says where the value is, and never shows it.
"""

from sfcred.guide.api import Guide, GuideSection, GuideStep
from sfcred.guide.key_pair import key_steps
from sfcred.guide.n8n_side import n8n_steps
from sfcred.guide.salesforce_side import app_steps, login_step, user_steps
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import is_impossible
from sfcred.text.redact import public_address


def make_guide(credential: Credential) -> Guide:
    """Return the steps for one credential, from nothing to a working login.

    Raises:
        RenderError: The spec doesn't say enough about the app.
        NotKnown: The flow is not decided.
    """
    if is_impossible(credential):  # the steps in Salesforce would lead nowhere
        parts: tuple[tuple[str, list[GuideStep]], ...] = (("First", n8n_steps(credential)),)
    else:
        parts = _parts(credential)
    sections = [GuideSection(title, tuple(steps)) for title, steps in parts if steps]
    profile = f" ({credential.profile})" if credential.profile else ""
    title = f"{credential.name}{profile}: Salesforce for n8n"
    return Guide(title, tuple(_notes(credential)), tuple(sections))


def _parts(credential: Credential) -> tuple[tuple[str, list[GuideStep]], ...]:
    """Return the titles of the sections, and their steps."""
    app = blueprint(credential, for_deployment=False)
    users, setup = user_steps(credential, app), [login_step(credential)]
    return (
        ("The key pair", key_steps(credential)),
        ("In Salesforce: the user", [*setup, *users] if users else []),
        ("In Salesforce: the app", [*([] if users else setup), *app_steps(credential, app)]),
        ("Check the login", _check_steps(credential)),
        ("In n8n", n8n_steps(credential)),
        ("Later", [_compare(credential)]),
    )


_NAMES = {
    "jwt": "JWT bearer flow",
    "oauth2": "OAuth2 web server flow",
    "client_credentials": "Client credentials flow",
}


def _notes(credential: Credential) -> list[str]:
    url = credential.authority.url if credential.authority else None
    authority = public_address(url) if url else "the org's My Domain"
    what = _NAMES[credential.flow]
    environment = credential.spec.environment or "production"
    notes = [f"{what}; {environment}; {authority}. You need admin access to the org."]
    if credential.flow == "jwt":
        notes.append(
            "The certificate goes to Salesforce. The private key goes to n8n, never to Salesforce. "
            "This flow needs no Consumer Secret, no PKCE, and no Authorization Code and "
            "Credentials Flow."
        )
    if credential.flow == "client_credentials":
        notes.append(
            "The app itself logs in, with its Consumer Secret, and acts as the Run As user. Nobody "
            "gives consent, and there is no key and no refresh token."
        )
    if credential.is_salesforce_client and not is_impossible(credential):
        notes.append("n8n's Salesforce credential has no option for this flow: sfcred writes it.")
    return notes


def _check_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps that test the login before anything is changed in n8n."""
    wait = GuideStep(
        "Wait ten minutes: a new or changed app takes time to reach all of Salesforce."
    )
    if credential.flow == "oauth2":
        return [wait]  # the consent is the test
    return [
        wait,
        GuideStep(
            f"Run `sfcred doctor {credential.chosen_file} --live`: it logs in as n8n "
            "does, and reports what is wrong. Go on when it prints `logged in`."
        ),
    ]


def _compare(credential: Credential) -> GuideStep:
    return GuideStep(
        "To compare the app with the spec later, retrieve its metadata to a folder "
        f"(`sfcred app {credential.chosen_file} -o salesforce` prints the command), and run "
        f"`sfcred app {credential.chosen_file} --check FOLDER`."
    )
