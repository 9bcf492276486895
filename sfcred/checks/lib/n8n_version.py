"""What checks of n8n's version share: the version, and for which credentials it matters."""

from typing import TYPE_CHECKING

from sfcred.errors import NotKnown
from sfcred.n8n.versions import Version
from sfcred.resolve.authority import is_generic
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("n8n", "version")


def known_version(credential: "Credential") -> Version:
    """The version of the credential's n8n.

    Raises:
        NotKnown: The spec doesn't say.
    """
    if credential.n8n.version is None:
        raise NotKnown(
            "n8n.version is not given",
            hint="Add n8n.version, in quotes; `n8n --version` prints it.",
        )
    return credential.n8n.version


def has_my_domain(credential: "Credential") -> bool:
    """Whether n8n has to know my_domain: one that isn't a generic login host anyway."""
    authority = credential.authority
    return credential.spec.my_domain is not None and not (authority and is_generic(authority))


def n8n_references(credential: "Credential") -> list[tuple[Route, Reference]]:
    """The values that n8n itself resolves, with their places."""
    return [(route, r) for route, r in credential.references() if r.provider == "n8n"]
