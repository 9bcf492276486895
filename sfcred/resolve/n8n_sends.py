"""Determine where n8n sends a credential's secrets, by flow and n8n version.

Tested with n8n 2.40.5 and 2.41.1, and read in n8n-nodes-base 2.19.0 and 2.20.0. `n8n.versions` has
the version bounds. What only the org decides is not covered: the `instance_url` of a token that n8n
gets later, to which its nodes then send that token.
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
        url: Scheme and host, with the port if it isn't the default.
        why: Why n8n uses it, if it isn't the spec's my_domain; otherwise empty.
        is_n8n_own: n8n already has it, together with the token that it uses there. An older address
            of the org is acceptable then.
    """

    url: str
    why: str = ""
    is_n8n_own: bool = False


def import_targets(credential: Credential) -> list[SecretTarget]:
    """Return where n8n sends the secrets of a credential that it imported.

    The login host gets the signed assertion (JWT), the Consumer Secret (client credentials), or the
    consent, the Consumer Secret and the refresh token (OAuth2). It is my_domain or, if this version
    of n8n ignores my_domain, the general login host of the Environment Type. With a refresh token
    in the spec, n8n also calls my_domain, as the imported `instance_url`.

    Args:
        credential: A credential. Its `n8n.version` decides; without one, every address that some
            version uses is returned. sfcred has to trust the spec here, because it can't ask n8n.

    Returns:
        The addresses. The authority always comes first: a credential for another org doesn't belong
        in this project, even if its n8n never calls that org.

    Raises:
        NotKnown: my_domain has no host, or the flow is not decided.
    """
    targets = [SecretTarget(login_authority(credential).url)]
    if credential.has_generic_type:  # its URLs are its fields, in every version
        return targets
    is_jwt = credential.flow == "jwt"
    heeds_my_domain = has(MY_DOMAIN_JWT if is_jwt else STORED_OAUTH_URLS, credential.n8n.version)
    if credential.spec.my_domain is None and credential.flow == "oauth2":
        return targets + _example_target(credential)
    if credential.spec.my_domain is None or heeds_my_domain:
        return targets
    url = f"https://{generic_host(credential.spec.environment)}"
    if url != targets[0].url:
        targets.append(SecretTarget(url, _why_general(credential, is_jwt=is_jwt)))
    return targets


def overwrite_targets(credential: Credential) -> list[SecretTarget]:
    """Return where n8n sends a credential's secrets with sfcred's CREDENTIALS_OVERWRITE_DATA.

    Returns:
        The authority, for n8n's Salesforce OAuth2 type with a my_domain; empty for others, which
        don't contribute to the overwrite.

    Raises:
        NotKnown: As for import_targets().
    """
    if credential.flow == "jwt" or credential.has_generic_type:
        return []
    if credential.spec.my_domain is None:
        return []
    return [SecretTarget(login_authority(credential).url)]


def login_authority(credential: Credential) -> Authority:
    """Return the authority of a credential.

    Raises:
        NotKnown: my_domain has no host.
    """
    if credential.authority is None:
        raise NotKnown(
            "my_domain has no host",
            hint="Write it as https://NAME.my.salesforce.com.",
            topic="my_domain",
        )
    return credential.authority


def _example_target(credential: Credential) -> list[SecretTarget]:
    """Return where n8n of 2021 and earlier sends an OAuth2 login if no token URL was entered."""
    version = credential.n8n.version
    if version is None or has(TOKEN_URL_BY_ENVIRONMENT, version):
        return []
    why = f"n8n {format_version(version)} uses this example as token URL unless you set my_domain"
    return [SecretTarget("https://yourcompany.salesforce.com", why)]


_WITHOUT_OVERWRITE = {
    "oauth2": "my_domain for OAuth2",
    "client_credentials": "client credentials without an overwrite",
}


def _why_general(credential: Credential, *, is_jwt: bool) -> str:
    version = credential.n8n.version
    what = _WITHOUT_OVERWRITE.get(credential.flow, "my_domain")
    if version is not None:
        return f"n8n {format_version(version)} ignores {what} and logs in there"
    which = _bound(MY_DOMAIN_JWT if is_jwt else STORED_OAUTH_URLS)
    return f"n8n {which} ignores {what} and logs in there, and n8n.version is not set"


def _bound(feature: Feature) -> str:
    """Return in words which versions of n8n lack a feature."""
    if feature.since is not None:
        return f"before {format_version(feature.since)}"
    return f"from {format_version(feature.until or (0, 0, 0))} on"
