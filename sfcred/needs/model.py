"""What a node, and a credential, needs in Salesforce."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from sfcred.spec.source import Place

Verb = Literal["read", "create", "edit", "delete"]
VERBS: tuple[Verb, ...] = ("read", "create", "edit", "delete")
#: The field of a whole record.
WHOLE = "*"


class FieldNeed(NamedTuple):
    """A field that a request names. `unasked`: n8n requests it although nobody chose it."""

    field: str
    verbs: tuple[Verb, ...]
    unasked: bool = False


class Access(NamedTuple):
    """What one request does with one object."""

    object: str
    verbs: tuple[Verb, ...]
    fields: tuple[FieldNeed, ...] = ()


class NodeNeeds(NamedTuple):
    """What a node needs, and the reasons why it may need more."""

    accesses: tuple[Access, ...] = ()
    unknown: tuple[str, ...] = ()


def read_of(name: str, fields: Iterable[str], *, unasked: bool = False) -> Access:
    """Return the access of a query."""
    needs = tuple(FieldNeed(field, ("read",), unasked) for field in dict.fromkeys(fields))
    return Access(name, ("read",), needs)


class User(NamedTuple):
    """A node that uses a credential."""

    file: str
    workflow: str
    node: str
    place: Place
    active: bool = True


class Unknown(NamedTuple):
    """A node whose needs are not all known, and why."""

    user: User
    reason: str


class ObjectUse(NamedTuple):
    """What one node does with an object."""

    user: User
    accesses: tuple[Access, ...]


class ObjectNeeds(NamedTuple):
    """What all nodes of a credential together need of an object, and what each of them needs."""

    object: str
    verbs: tuple[Verb, ...]
    fields: tuple[FieldNeed, ...]
    uses: tuple[ObjectUse, ...]

    @property
    def used_by(self) -> tuple[User, ...]:
        """The nodes that use the object."""
        return tuple(use.user for use in self.uses)


class CredentialNeeds(NamedTuple):
    """What workflows need of a credential.

    Attributes:
        credential: The spec's name; None if no spec that was read and understood has the id.
        profile: The spec's profile.
        n8n_id: The id that the nodes name; None if they name none.
        n8n_name: The name that the nodes have for it.
        n8n_type: n8n's type of credential; None if it isn't known.
        detail: What else identifies the credential, in words: `jwt, production`, `no spec has it`.
        nodes: Every node that uses it, those without known needs included.
    """

    credential: str | None
    profile: str | None
    n8n_id: str | None
    n8n_name: str
    n8n_type: str | None
    detail: str
    objects: tuple[ObjectNeeds, ...]
    unknown: tuple[Unknown, ...]
    nodes: tuple[User, ...]
