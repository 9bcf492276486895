"""Decide the authority: the Salesforce URL that authorizes and issues tokens."""

from typing import NamedTuple

from sfcred.salesforce.host_tables import LOGIN_HOSTS, HostKind
from sfcred.salesforce.hosts import Host, classify
from sfcred.salesforce.my_domain import inspect_my_domain
from sfcred.spec.model import Environment, Spec
from sfcred.urls import is_loopback, split_url


class Authority(NamedTuple):
    """The authority of a credential.

    Attributes:
        url: `https://host`, without a trailing slash. n8n uses it as the JWT's audience and as the
            base of the token and authorize URLs.
        host: What is known about the host.
        allowed: Whether a person allows this host (`--allow-host` or SFCRED_ALLOW_HOSTS).
        why: How it was chosen.
    """

    url: str
    host: Host
    allowed: bool
    why: str

    @property
    def token_url(self) -> str:
        """The URL that issues tokens (RFC 6749, section 3.2)."""
        return f"{self.url}/services/oauth2/token"

    @property
    def authorize_url(self) -> str:
        """The URL where a person gives consent.

        It has prompt=login, as in n8n. Otherwise the browser would consent as whoever is logged in.
        """
        return f"{self.url}/services/oauth2/authorize?prompt=login"


def generic_host(environment: Environment | None) -> str:
    """Return the generic login host that n8n chooses for its Environment Type.

    Without one, n8n takes production's.
    """
    return LOGIN_HOSTS[environment or "production"]


def decide_authority(spec: Spec, allow_hosts: frozenset[str]) -> Authority | None:
    """Return My Domain as the authority or, without one, the environment's generic login host.

    Args:
        spec: A spec with its profile applied.
        allow_hosts: See Context.

    Returns:
        The authority, with its URL in the form that n8n needs; None if my_domain has no host.
    """
    if spec.my_domain is None:
        environment = spec.environment or "production"
        host = classify(generic_host(environment))
        why = f"no my_domain, and the environment is {environment}"
        return Authority(f"https://{host.name}", host, allowed=False, why=why)
    allowed = _allowed_url(spec.my_domain, allow_hosts)
    name, _faults = inspect_my_domain(spec.my_domain)
    if name is None:
        return None
    url = allowed or f"https://{f'[{name}]' if ':' in name else name}"
    return Authority(url, classify(name), allowed=allowed is not None, why="my_domain")


def is_generic(authority: Authority) -> bool:
    """Return whether it is login.salesforce.com or test.salesforce.com."""
    return authority.host.kind is HostKind.GENERIC_LOGIN


def _allowed_url(value: str, allow_hosts: frozenset[str]) -> str | None:
    """Return the URL with its own scheme and port, if the command line allows its host."""
    url = split_url(value.strip()) if allow_hosts else None
    if url is None or not url.is_one_of(allow_hosts):
        return None
    if url.scheme == "http" and not is_loopback(url.host):
        return None
    return f"{url.scheme}://{url.netloc}"
