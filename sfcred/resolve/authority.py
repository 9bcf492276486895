"""The Salesforce URL that authorizes and issues tokens."""

from typing import NamedTuple

from sfcred.salesforce.host_tables import LOGIN_HOSTS, HostKind
from sfcred.salesforce.hosts import Host, classify
from sfcred.salesforce.my_domain import inspect_my_domain
from sfcred.spec.model import Environment, Spec
from sfcred.urls import is_loopback, split_url


class Authority(NamedTuple):
    """The authority of a credential.

    Attributes:
        url: `https://host`, without a slash at the end: what n8n uses as the JWT's audience
            and as the base of the token and authorize URLs.
        host: What is known of the host.
        allowed: The person at the command line lets this host pass (`--allow-host`).
        why: How it was chosen.
    """

    url: str
    host: Host
    allowed: bool
    why: str

    @property
    def token_url(self) -> str:
        """Where tokens come from (RFC 6749, section 3.2)."""
        return f"{self.url}/services/oauth2/token"

    @property
    def authorize_url(self) -> str:
        """Where a person gives consent.

        With prompt=login, as n8n has it: else the browser consents as whoever is logged in.
        """
        return f"{self.url}/services/oauth2/authorize?prompt=login"


def generic_host(environment: Environment) -> str:
    """The generic login host, as n8n chooses it by its Environment Type."""
    return LOGIN_HOSTS[environment]


def decide_authority(spec: Spec, allow_hosts: frozenset[str]) -> Authority | None:
    """My Domain if there is one, else the environment's generic login host.

    Args:
        spec: A spec, its profile applied.
        allow_hosts: See Context.

    Returns:
        The authority, its URL brought into the form that n8n needs; None where the My Domain
        value has no host in it.
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
    """Whether it is login.salesforce.com or test.salesforce.com."""
    return authority.host.kind is HostKind.GENERIC_LOGIN


def _allowed_url(value: str, allow_hosts: frozenset[str]) -> str | None:
    """The URL with its own scheme and port, if the command line allows its host."""
    url = split_url(value.strip()) if allow_hosts else None
    if url is None or not url.is_one_of(allow_hosts):
        return None
    if url.scheme == "http" and not is_loopback(url.host):
        return None
    return f"{url.scheme}://{url.netloc}"
