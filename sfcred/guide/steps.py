"""The guide for a credential: today's screens, filled in with the spec's values.

Where the spec has a reference, the guide says where the value is, and never shows it.
"""

from sfcred.guide.api import Guide, GuideField, GuideSection, GuideStep
from sfcred.guide.fields import value_field
from sfcred.guide.n8n_side import n8n_steps
from sfcred.guide.salesforce_side import app_steps, user_steps
from sfcred.paths import is_there, plain_join
from sfcred.redact import public_address
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.shell import for_shell
from sfcred.spec.refs import Reference


def make_guide(credential: Credential) -> Guide:
    """Return the steps for one credential, from nothing to a working login.

    Raises:
        RenderError: The spec doesn't say enough about the app.
        NotKnown: The flow is not decided.
    """
    app = blueprint(credential, for_deployment=False)
    parts = (
        ("The key pair", _key_steps(credential)),
        ("In Salesforce: the user", user_steps(credential, app)),
        ("In Salesforce: the app", app_steps(credential, app)),
        ("Check the login", _check_steps(credential)),
        ("In n8n", n8n_steps(credential)),
        ("Later", [_COMPARE]),
    )
    sections = [GuideSection(title, tuple(steps)) for title, steps in parts if steps]
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
            "The certificate goes to Salesforce. The private key goes to n8n, never to Salesforce. "
            "This flow needs no Consumer Secret, no PKCE, and no Authorization Code and "
            "Credentials Flow."
        )
    return notes


def _key_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps to a key pair, which the app's certificate comes from."""
    if credential.flow != "jwt":
        return []
    name, profile = for_shell(credential.name), credential.profile_option
    entries = (
        value_field(credential, "Private key", ("jwt", "private_key")),
        GuideField("Certificate", credential.spec.jwt.certificate or "(not in the spec)")
        if credential.spec.jwt
        else GuideField("Certificate", "(not in the spec)"),
    )
    if _has_key(credential):
        return [GuideStep("The key pair exists. Keep the private key out of git.", entries)]
    return [GuideStep(f"Create the key pair: run `sfcred keygen {name}{profile}`.", entries)]


def _has_key(credential: Credential) -> bool:
    """Return whether the key can be read, or is somewhere that only n8n can read."""
    reference = credential.declared(("jwt", "private_key"))
    if isinstance(reference, Reference) and reference.provider == "file":
        return is_there(plain_join(credential.folder, reference.locator))
    return True


def _check_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps that test the login before anything is changed in n8n."""
    wait = GuideStep(
        "Wait ten minutes: a new or changed app takes time to reach all of Salesforce."
    )
    if credential.flow == "oauth2":
        return [wait]  # the consent is the test
    spec = for_shell(credential.source.shown)
    return [
        wait,
        GuideStep(
            f"Run `sfcred doctor {spec}{credential.profile_option} --live`: it logs in as n8n "
            "does, and reports what is wrong. Go on when it prints `logged in`."
        ),
    ]


_COMPARE = GuideStep(
    "To compare the app with the spec later, retrieve its metadata to a folder and run `sfcred app "
    "--check` on it."
)
