"""The guide for a credential: today's screens, filled in with the spec's values.

Where the spec has a reference, the guide says where the value is, and never shows it.
"""

from sfcred.guide.api import Guide, GuideStep, Section
from sfcred.guide.n8n_side import n8n_steps
from sfcred.guide.salesforce_side import app_steps, user_steps
from sfcred.redact import public_address
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.shell import for_shell


def make_guide(credential: Credential) -> Guide:
    """Return the steps for one credential, from nothing to a working login.

    Raises:
        RenderError: The spec doesn't say enough about the app.
        NotKnown: The flow is not decided.
    """
    app = blueprint(credential, for_deployment=False)
    user = user_steps(credential, app)
    sections = [
        *([Section("In Salesforce: the user", tuple(user))] if user else []),
        Section("In Salesforce: the app", tuple(app_steps(credential, app))),
        Section("In n8n", tuple(n8n_steps(credential))),
        Section("Check", tuple(_check_steps(credential))),
    ]
    profile = f" ({credential.profile})" if credential.profile else ""
    title = f"{credential.name}{profile}: Salesforce for n8n"
    return Guide(title, tuple(_notes(credential)), tuple(sections))


def _notes(credential: Credential) -> list[str]:
    url = credential.authority.url if credential.authority else None
    authority = public_address(url) if url else "the org's My Domain"
    what = "JWT bearer flow" if credential.flow == "jwt" else "OAuth2 web server flow"
    environment = credential.spec.environment or "production"
    notes = [f"{what}; {environment}; {authority}. You need admin access to the org."]
    if credential.flow == "jwt":
        notes.append(
            "The certificate goes to Salesforce. The private key goes to n8n, never to Salesforce."
        )
    return notes


def _check_steps(credential: Credential) -> list[GuideStep]:
    profile = f" --profile {credential.profile}" if credential.profile else ""
    spec = for_shell(credential.source.shown)
    return [
        GuideStep("Wait ten minutes: a new or changed app takes time to reach all of Salesforce."),
        GuideStep(
            f"Run `sfcred doctor {spec}{profile} --live`: it logs in as n8n does, and reports "
            "what is wrong."
        ),
        GuideStep(
            "To compare the app with the spec later, retrieve its metadata to a folder and run "
            "`sfcred app --check` on it."
        ),
    ]
