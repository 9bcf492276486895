"""Helpers for checks of n8n's version: the version, and which credentials depend on it."""

from typing import TYPE_CHECKING

from sfcred.errors import Cause, NotKnown
from sfcred.n8n.versions import Version
from sfcred.resolve.authority import is_generic
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

ROUTE: Route = ("n8n", "version")


def where_missing(credential: "Credential") -> Route:
    """Return where to report a missing version.

    Without a section `n8n`, that is the spec's name: the first line of most specs is `version: 1`,
    which is another version.
    """
    return ROUTE if credential.spec.n8n else ("name",)


def addition(credential: "Credential") -> str:
    """Return what to add to state the version: with its section, unless the spec has that."""
    line = 'version: "2.40.5"'
    return f"`{line}` under `n8n:`" if credential.spec.n8n else f"`n8n: {{{line}}}`"


def where_shown(credential: "Credential") -> str:
    """Return where people find the version of their n8n. n8n in a container isn't on the PATH."""
    if credential.n8n.is_cloud:
        return "find it in n8n under Help, About n8n"
    return (
        "find it in n8n under Help, About n8n, or with `n8n --version` (with Docker: `docker exec "
        "CONTAINER n8n --version`)"
    )


def known_version(credential: "Credential") -> Version:
    """Return the version of the credential's n8n.

    Raises:
        NotKnown: The spec doesn't give it.
    """
    if credential.n8n.version is None:
        raise NotKnown(
            "n8n.version is not set",
            hint=f"Add {addition(credential)}: {where_shown(credential)}.",
            cause=Cause.NOT_STATED,
        )
    return credential.n8n.version


def has_my_domain(credential: "Credential") -> bool:
    """Return whether n8n needs my_domain: it is set, and isn't a general login host anyway."""
    authority = credential.authority
    return credential.spec.my_domain is not None and not (authority and is_generic(authority))


def n8n_references(credential: "Credential") -> list[tuple[Route, Reference]]:
    """Return the references that n8n resolves itself, with their routes."""
    sent = [(route, r) for route, r in credential.references() if route in credential.n8n_fields]
    return [(route, r) for route, r in sent if r.provider == "n8n"]
