"""The steps in n8n for client credentials, which its own forms don't offer."""

from sfcred.checks import answered_by, find_check
from sfcred.checks.lib.ignoring import ignore_line
from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import import_command
from sfcred.resolve.client_credentials import way_to_log_in
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import NOT_ON_CLOUD, can_push, instead_of_push
from sfcred.text.printable import sentence


def other_way(credential: Credential) -> GuideStep:
    """Return the only step for a credential that its n8n can't use (n8n_ways.is_impossible)."""
    return GuideStep(
        f"{NOT_ON_CLOUD}. {sentence(instead_of_push(credential))}. Change the spec, and print this "
        "guide again: the steps in Salesforce depend on it."
    )


def client_credentials_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps that make the credential's n8n use client credentials.

    Args:
        credential: A credential with this flow, which its n8n can use.
    """
    ways = [import_command(credential)]
    if can_push(credential):
        ways.insert(0, f"run `sfcred push {credential.chosen_file}` with n8n's address in --n8n")
    write = GuideStep(
        f"{sentence(', or '.join(ways))}. If you rendered a file, delete it afterwards. n8n gets "
        "its first token by itself, and later ones, too: don't press Connect my account."
    )
    if way_to_log_in(credential) == "stored":
        return [write]
    return [*_version(credential), *_overwrite(credential), write]


def _version(credential: Credential) -> list[GuideStep]:
    if credential.n8n.version is not None:
        return []
    return [
        GuideStep(
            "Set n8n.version in the spec, and print this guide again: before 2.41.0, n8n needs no "
            "overwrite. The next steps are for 2.41.0 and later."
        )
    ]


def _overwrite(credential: Credential) -> list[GuideStep]:
    command = f"sfcred render {credential.chosen_file} --target n8n-overwrite"
    ignore = ignore_line(credential, _answered_check(), "the overwrite is set in n8n's environment")
    return [
        GuideStep(
            "From 2.41.0 on, n8n only uses this flow if an overwrite says so, and the overwrite "
            "applies to every Salesforce OAuth2 credential of that n8n. Check that it has no "
            "other one. Otherwise use the JWT flow or, for HTTP Request nodes only, n8n.type: "
            "oAuth2Api."
        ),
        GuideStep(
            f"Run `{command}`, and start n8n with the output in CREDENTIALS_OVERWRITE_DATA (or in "
            "a file, with CREDENTIALS_OVERWRITE_DATA_FILE). `n8n execute` doesn't read it, only "
            "`n8n start` and `n8n worker` do."
        ),
        GuideStep(
            f"Then tell doctor that the overwrite is set: add this {ignore.where}.",
            (GuideField("Line", ignore.line, literal=True),),
        ),
    ]


def _answered_check() -> str:
    """Return the id of the check of this flow that the overwrite answers."""
    checks = (find_check(one) for one in answered_by("n8n-overwrite"))
    return next(one.id for one in checks if one is not None and one.flow == "client_credentials")
