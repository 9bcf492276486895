"""Which nodes use which credentials of the project."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sfcred.n8n.credential_types import GENERIC
from sfcred.needs.binding import Asked, asked_of
from sfcred.needs.model import NodeNeeds, User
from sfcred.needs.node import needs_of
from sfcred.resolve.credential import Credential
from sfcred.workflows.model import Workflow, WorkflowNode

_LONGEST_NAME, _MOST_COMPARED = 200, 5000


class KnownCredentials:
    """The project's credentials, by the id that they have in n8n.

    Args:
        credentials: The credentials that the run is about.
        others: The project's other credentials, as far as they were read.
        is_whole: Whether these are all of the project's credentials.
        is_misread: Whether there are more in specs that could not be understood.
    """

    def __init__(
        self,
        credentials: Iterable[Credential],
        others: Iterable[Credential] = (),
        *,
        is_whole: bool = True,
        is_misread: bool = False,
    ) -> None:
        self.credentials = list(credentials)
        self._chosen = frozenset(map(id, self.credentials))
        self.credentials += others
        self.is_whole = is_whole
        self.is_misread = is_misread
        self._by_id: dict[str, list[Credential]] = {}
        self._nearest: dict[str, Credential | None] = {}
        for credential in self.credentials:
            self._by_id.setdefault(credential.n8n.credential_id, []).append(credential)

    def of(self, asked: Asked) -> tuple[Credential, ...]:
        """Return the credentials with the id that a node names: one for each profile."""
        found = self._by_id.get(asked.link.id or "", []) if asked.link else []
        return tuple(found)

    def is_chosen(self, credential: Credential) -> bool:
        """Return whether the run is about a credential."""
        return id(credential) in self._chosen

    @property
    def doubt(self) -> str:
        """Why a credential that isn't known may have a spec, in words; empty if it has none."""
        if self.is_misread:
            return "its credential may be in a spec that could not be understood"
        return "" if self.is_whole else "not all specs were read, so one may have its credential"

    def nearest(self, name: str) -> Credential | None:
        """Return the credential whose name in n8n is most similar; None if none is."""
        if name not in self._nearest:
            self._nearest[name] = self._find_nearest(name)
        return self._nearest[name]

    def _find_nearest(self, name: str) -> Credential | None:
        from difflib import get_close_matches

        by_name = {one.n8n.credential_name: one for one in self.credentials}
        if name in by_name:
            return by_name[name]
        # Comparing takes time for each name in the workflows and each credential.
        if len(name) > _LONGEST_NAME or len(self._nearest) * len(by_name) > _MOST_COMPARED:
            return None
        near = get_close_matches(name, sorted(by_name), n=1)
        return by_name[near[0]] if near else None


class NodeUse(NamedTuple):
    """A node that uses a Salesforce credential.

    Attributes:
        workflow, node: The node.
        asked: The credential that it asks for.
        credentials: The project's credentials that it may be; empty if no spec has its id.
        known: All of the project's credentials.
    """

    workflow: Workflow
    node: WorkflowNode
    asked: Asked
    credentials: tuple[Credential, ...]
    known: KnownCredentials

    @property
    def title(self) -> str:
        """The node and its workflow, for messages. Both names are untrusted."""
        return f"node {self.node.name} in {self.workflow.name}"

    def needs(self, credential: Credential | None) -> NodeNeeds:
        """Return what the node needs, in the n8n of a credential."""
        needs = needs_of(self.node, credential.n8n.version if credential else None)
        if self.asked.type is None:
            reason = "which credential it uses comes from an expression"
            return needs._replace(unknown=(reason, *needs.unknown))
        if credential is None and self.asked.link is not None and self.known.doubt:
            return needs._replace(unknown=(self.known.doubt, *needs.unknown))
        return needs

    def user(self, file: str) -> User:
        """Return the node as a user of a credential."""
        return User(file, self.workflow.name, self.node.name, self.node.place, self.workflow.active)


class WorkflowUse(NamedTuple):
    """A workflow, and its nodes that use Salesforce credentials."""

    workflow: Workflow
    nodes: tuple[NodeUse, ...]


class CredentialUse(NamedTuple):
    """A credential, and how many nodes use it.

    Attributes:
        credential: The credential; with profiles, the first one.
        nodes: How many nodes use it.
        idle: How many nodes name it but are disabled, or in an archived workflow.
        is_complete: Whether all workflow files could be read.
    """

    credential: Credential
    nodes: int
    idle: int
    is_complete: bool


def uses_of(workflow: Workflow, known: KnownCredentials) -> Iterator[NodeUse]:
    """Yield the nodes that use Salesforce credentials, disabled ones included."""
    for node in workflow.nodes:
        for asked in asked_of(node):
            credentials = known.of(asked)
            # Most generic OAuth2 credentials are for something else, and have ids of their own.
            if asked.type != GENERIC or credentials:
                yield NodeUse(workflow, node, asked, credentials, known)


def sends(use: NodeUse) -> bool:
    """Return whether a node can send anything: it isn't disabled, nor is its workflow archived."""
    return not (use.node.disabled or use.workflow.archived)


def type_of(credential: Credential) -> str | None:
    """Return n8n's type of a credential; None if its flow isn't decided."""
    return credential.n8n_type if credential.decision.flow else None
