"""Collect what workflows need, by credential."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sfcred.needs.binding import GENERIC, Asked, asked_of
from sfcred.needs.model import (
    VERBS,
    CredentialNeeds,
    FieldNeed,
    NodeNeeds,
    ObjectNeeds,
    Unknown,
    User,
    Verb,
)
from sfcred.needs.node import needs_of
from sfcred.resolve.credential import Credential
from sfcred.workflows.model import Workflow, WorkflowFile, WorkflowNode
from sfcred.workflows.read import is_unread_inline


class _Key(NamedTuple):
    """What identifies a credential in the result."""

    credential: str | None
    profile: str | None
    n8n_id: str | None
    n8n_type: str | None
    n8n_name: str  # only for credentials that no spec has


class _Object:
    def __init__(self) -> None:
        self.verbs: set[Verb] = set()
        self.fields: dict[str, tuple[set[Verb], bool]] = {}
        self.users: dict[User, None] = {}


class _Draft:
    """What is known so far about one credential."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        self.objects: dict[str, _Object] = {}
        self.unknown: dict[Unknown, None] = {}
        self.nodes: dict[User, None] = {}

    def add(self, user: User, needs: NodeNeeds) -> None:
        self.nodes[user] = None
        self.unknown.update(dict.fromkeys(Unknown(user, reason) for reason in needs.unknown))
        for access in needs.accesses:
            found = self.objects.setdefault(access.object, _Object())
            found.verbs.update(access.verbs)
            found.users[user] = None
            for field in access.fields:
                verbs, unasked = found.fields.setdefault(field.field, (set(), True))
                verbs.update(field.verbs)
                found.fields[field.field] = (verbs, unasked and field.unasked)


class Collector:
    """Adds up what workflows need, one file at a time.

    Args:
        credentials: The project's credentials.
    """

    def __init__(self, credentials: Iterable[Credential]) -> None:
        self._by_id: dict[str, list[Credential]] = {}
        for credential in credentials:
            self._by_id.setdefault(credential.n8n.credential_id, []).append(credential)
        self._drafts: dict[_Key, _Draft] = {}

    def add(self, file: WorkflowFile) -> None:
        """Add a file's workflows. Archived workflows and disabled nodes send nothing."""
        for workflow in file.workflows:
            if workflow.archived:
                continue
            for node in workflow.nodes:
                if not node.disabled:
                    self._node(file, workflow, node)

    def _node(self, file: WorkflowFile, workflow: Workflow, node: WorkflowNode) -> None:
        user = User(file.shown, workflow.name, node.name, node.place, workflow.active)
        if is_unread_inline(node):
            reason = "the workflow inside this node can't be read, or comes from an expression"
            self._draft(None, Asked(None, None)).add(user, NodeNeeds((), (reason,)))
        for asked in asked_of(node):
            credentials = self.credentials_of(asked)
            if asked.type == GENERIC and not credentials:
                continue  # most OAuth2 credentials are for something else
            for credential in credentials or (None,):
                needs = needs_of(node, credential.n8n.version if credential else None)
                if asked.type is None:
                    reason = "which credential it uses comes from an expression"
                    needs = needs._replace(unknown=(reason, *needs.unknown))
                self._draft(credential, asked).add(user, needs)

    def credentials_of(self, asked: Asked) -> list[Credential]:
        """Return the specs' credentials with the id that a node names: one for each profile."""
        found = self._by_id.get(asked.link.id or "", []) if asked.link else []
        if asked.type == GENERIC:
            return [one for one in found if _type_of(one) == GENERIC]
        return found

    def _draft(self, credential: Credential | None, asked: Asked) -> _Draft:
        link = asked.link
        key = _Key(
            credential.name if credential else None,
            credential.profile if credential else None,
            link.id if link else None,
            asked.type,
            link.name if link and not credential else "",
        )
        if key not in self._drafts:
            self._drafts[key] = _Draft(_detail(credential) if credential else "")
        return self._drafts[key]

    def result(self) -> list[CredentialNeeds]:
        """Return the needs, those of the specs' credentials first."""
        return [_finished(key, self._drafts[key]) for key in sorted(self._drafts, key=_order)]


def needs_of_files(
    files: Iterable[WorkflowFile], credentials: Sequence[Credential]
) -> list[CredentialNeeds]:
    """Return what the workflows in files need."""
    collector = Collector(credentials)
    for file in files:
        collector.add(file)
    return collector.result()


def _order(key: _Key) -> tuple[bool, str, str, str, str, str]:
    return (
        key.credential is None,
        key.credential or "",
        key.profile or "",
        key.n8n_name,
        key.n8n_id or "",
        key.n8n_type or "",
    )


def _type_of(credential: Credential) -> str | None:
    return credential.n8n_type if credential.decision.flow else None


def _detail(credential: Credential) -> str:
    return f"{credential.decision.flow or 'flow not decided'}, {credential.spec.environment}"


def _finished(key: _Key, draft: _Draft) -> CredentialNeeds:
    return CredentialNeeds(
        key.credential,
        key.profile,
        key.n8n_id,
        key.n8n_name,
        key.n8n_type,
        draft.detail,
        tuple(_object(name, draft.objects[name]) for name in sorted(draft.objects)),
        tuple(draft.unknown),
        tuple(draft.nodes),
    )


def _object(name: str, found: _Object) -> ObjectNeeds:
    fields = tuple(
        FieldNeed(field, _sorted(verbs), unasked)
        for field, (verbs, unasked) in sorted(found.fields.items())
    )
    return ObjectNeeds(name, _sorted(found.verbs), fields, tuple(found.users))


def _sorted(verbs: set[Verb]) -> tuple[Verb, ...]:
    return tuple(verb for verb in VERBS if verb in verbs)
