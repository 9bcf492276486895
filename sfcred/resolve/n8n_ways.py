"""Determine which ways lead into a credential's n8n: its import, its API, its environment.

n8n Cloud has no command line and no environment variables of your own, so a credential gets there
over the API, or by hand (n8n's documentation). The API doesn't accept the authorize and token URL
of a Salesforce OAuth2 credential, which n8n before 2.41.0 needs for My Domain, or the grant type,
which it needs for client credentials (tested with n8n 0.236.0 to 2.41.1). It does accept those of
the generic credential, whose fields they are.
"""

from pathlib import Path

from sfcred.n8n.versions import STORED_OAUTH_URLS, has
from sfcred.paths import plain_join
from sfcred.resolve.client_credentials import way_to_log_in
from sfcred.resolve.credential import Credential
from sfcred.text.shell import with_input


def rendered_file(project: Path, *, separate: bool = False) -> Path:
    """Return where `sfcred render` writes without -o: in a folder that git ignores.

    Args:
        project: The project's root.
        separate: Return the folder for one file per credential.
    """
    # Links in the project stay, so that the writer sees and refuses them.
    return plain_join(project, "rendered" if separate else "rendered/credentials.json")


def import_in_container(file: Path | str) -> str:
    """Return the command that imports a file into an n8n in a container (n8n 2.40.5, Docker)."""
    return with_input("docker exec -i CONTAINER n8n import:credentials --input=/dev/stdin", file)


def needs_stored_urls(credential: Credential) -> bool:
    """Return whether n8n needs the login URLs, or the flow, in the credential itself.

    Without `n8n.version`, it may.
    """
    if credential.has_generic_type:
        return False
    if credential.flow == "client_credentials":
        return way_to_log_in(credential) == "stored"
    if credential.flow != "oauth2" or not credential.spec.my_domain:
        return False
    return has(STORED_OAUTH_URLS, credential.n8n.version) is not False


#: Why n8n Cloud can't use client credentials, and what it offers instead.
NOT_ON_CLOUD = (
    "n8n Cloud can't use client credentials in Salesforce nodes: it has no overwrite and no import"
)
_INSTEAD_OF_CLIENT_CREDENTIALS = (
    "use the JWT flow, which is unattended as well, or, for HTTP Request nodes only, n8n.type: "
    "oAuth2Api, or a self-hosted n8n"
)


def is_impossible(credential: Credential, *, is_cloud: bool = False) -> bool:
    """Return whether the credential's n8n can't use it, whatever its version.

    Args:
        credential: The credential.
        is_cloud: Whether the n8n is known to be on n8n Cloud, whatever the spec says.
    """
    return credential.is_salesforce_client and (is_cloud or credential.n8n.is_cloud)


def can_push(credential: Credential) -> bool:
    """Return whether n8n's API accepts the whole credential, and n8n can then use it."""
    return not needs_stored_urls(credential) and not is_impossible(credential)


def has_way_in(credential: Credential) -> bool:
    """Return whether the whole credential, with a consent, can get into its n8n."""
    return can_push(credential) or not credential.n8n.is_cloud


def brings_consent(credential: Credential) -> bool:
    """Return whether the credential arrives connected, so that nobody presses Connect."""
    is_declared = credential.declared(("oauth2", "refresh_token")) is not None
    return credential.flow == "oauth2" and is_declared and has_way_in(credential)


def ways_in(credential: Credential, *, exists: bool = True) -> str:
    """Return how to write the credential to n8n, as the rest of a sentence: "run `sfcred …`".

    Args:
        credential: The credential.
        exists: Whether n8n may have it already, with tokens to keep.
    """
    # Not the spec's address: where a credential is sent is never taken from a spec.
    url = "https://NAME.app.n8n.cloud" if credential.n8n.is_cloud else "URL"
    push = f"`sfcred push{credential.profile_option} --n8n {url}`"
    kept = _keeps_tokens(credential) if exists else ""
    importing = f"`sfcred render{credential.profile_option}{kept}` and `n8n import:credentials`"
    if credential.n8n.is_cloud:
        return f"run {push}" if can_push(credential) else instead_of_push(credential)
    return f"run {push}, or {importing}" if can_push(credential) else f"run {importing}"


def instead_of_push(credential: Credential, *, is_cloud: bool = False) -> str:
    """Return what to do with a credential that n8n's API doesn't accept, or n8n can't use.

    Args:
        credential: The credential.
        is_cloud: Whether the n8n is known to be on n8n Cloud, whatever the spec says.
    """
    if is_impossible(credential, is_cloud=is_cloud):
        return _INSTEAD_OF_CLIENT_CREDENTIALS
    first = "set n8n.version if it is 2.41.0 or later, or "
    start = first if credential.n8n.version is None else ""
    if is_cloud or credential.n8n.is_cloud:
        return (
            f"{start}use the JWT flow, which has a field for My Domain, or, for HTTP Request nodes "
            "only, n8n.type: oAuth2Api"
        )
    return f"{start}use `sfcred render{_keeps_tokens(credential)}` and `n8n import:credentials`"


def _keeps_tokens(credential: Credential) -> str:
    """Return the option of render without which an import would disconnect the credential."""
    is_kept = credential.flow != "oauth2" or credential.declared(("oauth2", "refresh_token"))
    return "" if is_kept else " --merge-from EXPORT"
