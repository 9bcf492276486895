"""Where n8n sends a credential's secrets, by flow and by n8n's version.

Run on n8n 2.40.5 and 2.41.1, and read in n8n-nodes-base 2.19.0 and 2.20.0; the bounds stand in
`n8n.versions`. Not here is what only the org decides: the `instance_url` of a token that n8n gets
later, to which its nodes then send that token.
"""

from typing import NamedTuple

from sfcred.errors import NotKnown
from sfcred.n8n.versions import (
    MY_DOMAIN_JWT,
    STORED_OAUTH_URLS,
    TOKEN_URL_BY_ENVIRONMENT,
    Feature,
    format_version,
    has,
)
from sfcred.resolve.authority import Authority, generic_host
from sfcred.resolve.credential import Credential


class SecretTarget(NamedTuple):
    """An address that n8n sends secrets of a credential to.

    Attributes:
        url: Scheme and host, with the port if it is not the scheme's own.
        why: Why it is this one, where that is not what the spec's my_domain says; else empty.
        is_n8n_own: n8n has it already, with the token that it uses there: an older address of
            the org's is then no fault.
    """

    url: str
    why: str = ""
    is_n8n_own: bool = False


def import_targets(credential: Credential) -> list[SecretTarget]:
    """Return where n8n sends the secrets of a credential that it imported.

    The signed assertion of a JWT login goes to the login host; so do the consent, the Consumer
    Secret and the refresh token of OAuth2. That is my_domain, or the general login host of the
    Environment Type where this n8n ignores my_domain. With a refresh token in the spec, n8n calls
    my_domain all the same, as the imported `instance_url`.

    Args:
        credential: Its `n8n.version` decides. If the spec doesn't give one, every address counts
            that some version uses. sfcred believes the spec here: it can't ask the n8n.

    Returns:
        The authority first, always: a credential of another org is none of this project's, even
        where its n8n never calls that org.

    Raises:
        NotKnown: my_domain has no host in it, or the flow is not decided.
    """
    targets = [SecretTarget(login_authority(credential).url)]
    is_jwt = credential.flow == "jwt"
    heeds_my_domain = has(MY_DOMAIN_JWT if is_jwt else STORED_OAUTH_URLS, credential.n8n.version)
    if credential.spec.my_domain is None and not is_jwt:
        return targets + _example_target(credential)
    if credential.spec.my_domain is None or heeds_my_domain:
        return targets
    url = f"https://{generic_host(credential.spec.environment or 'production')}"
    if url != targets[0].url:
        targets.append(SecretTarget(url, _why_general(credential, is_jwt=is_jwt)))
    return targets


def overwrite_targets(credential: Credential) -> list[SecretTarget]:
    """Return where n8n sends a credential's secrets with CREDENTIALS_OVERWRITE_DATA of sfcred's.

    Returns:
        The authority, for OAuth2 with a my_domain; nothing for others, which the overwrite has
        nothing from.

    Raises:
        NotKnown: As for import_targets().
    """
    if credential.flow != "oauth2" or credential.spec.my_domain is None:
        return []
    return [SecretTarget(login_authority(credential).url)]


def login_authority(credential: Credential) -> Authority:
    """Return the authority of a credential.

    Raises:
        NotKnown: my_domain has no host in it.
    """
    if credential.authority is None:
        raise NotKnown("my_domain has no host in it", hint="See SFC107.", because_of=("SFC107",))
    return credential.authority


def _example_target(credential: Credential) -> list[SecretTarget]:
    """Where an n8n of 2021 and before sends an OAuth2 login whose token URL nobody has typed."""
    version = credential.n8n.version
    if version is None or has(TOKEN_URL_BY_ENVIRONMENT, version):
        return []
    why = f"n8n {format_version(version)} has this example as its token URL: give my_domain"
    return [SecretTarget("https://yourcompany.salesforce.com", why)]


def _why_general(credential: Credential, *, is_jwt: bool) -> str:
    version = credential.n8n.version
    what = "my_domain" if is_jwt else "my_domain for OAuth2"
    if version is not None:
        return f"n8n {format_version(version)} ignores {what} and logs in there"
    which = _bound(MY_DOMAIN_JWT if is_jwt else STORED_OAUTH_URLS)
    return f"n8n {which} ignores {what} and logs in there, and n8n.version is not given"


def _bound(feature: Feature) -> str:
    """Which versions of n8n are without a feature, in words."""
    if feature.since is not None:
        return f"before {format_version(feature.since)}"
    return f"from {format_version(feature.until or (0, 0, 0))} on"
