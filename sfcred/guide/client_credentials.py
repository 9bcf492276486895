"""The steps in n8n for client credentials, which its own forms don't offer."""

from sfcred.guide.api import GuideStep
from sfcred.guide.fields import spec_argument
from sfcred.resolve.client_credentials import way_to_log_in
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import ways_in


def client_credentials_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps that make the credential's n8n use client credentials.

    Args:
        credential: A credential with this flow.
    """
    way = way_to_log_in(credential)
    if way is None:
        return [
            GuideStep(
                "n8n Cloud can't use client credentials in Salesforce nodes: it has no overwrite "
                "and no import. Use the JWT flow, which is unattended as well, or a self-hosted "
                "n8n. For HTTP Request nodes only, set n8n.type: oAuth2Api in the spec."
            )
        ]
    first = ways_in(credential)
    write = GuideStep(
        f"{first[0].upper()}{first[1:]}. If you rendered a file, delete it afterwards. n8n gets "
        "its first token by itself, and later ones, too: don't press Connect my account."
    )
    return [write] if way == "stored" else [*_overwrite(credential), write]


def _overwrite(credential: Credential) -> list[GuideStep]:
    command = f"sfcred render {spec_argument(credential)} --target n8n-overwrite"
    return [
        GuideStep(
            "From 2.41.0 on, n8n only uses this flow if an overwrite says so, and the overwrite "
            "applies to every Salesforce OAuth2 credential of that n8n. Check that it has no "
            "other one. Otherwise use the JWT flow."
        ),
        GuideStep(
            f"Run `{command}`, and start n8n with the output in CREDENTIALS_OVERWRITE_DATA (or in "
            "a file, with CREDENTIALS_OVERWRITE_DATA_FILE). `n8n execute` doesn't read it, only "
            "`n8n start` and `n8n worker` do. Then ignore doctor's finding about it in the spec "
            "(`doctor.ignore`), with that reason."
        ),
    ]
