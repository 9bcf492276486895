"""Collect what workflows need, by credential."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sfcred.n8n.salesforce_nodes import table_of
from sfcred.needs.binding import Asked
from sfcred.needs.model import (
    VERBS,
    Access,
    CredentialNeeds,
    FieldNeed,
    NodeNeeds,
    ObjectNeeds,
    ObjectUse,
    Unknown,
    User,
    Verb,
)
from sfcred.needs.use import KnownCredentials, sends, uses_of
from sfcred.resolve.credential import Credential
from sfcred.workflows.model import WorkflowFile

_UNREAD = (
    "the workflow inside this node comes from an expression, can't be read as a whole, or is "
    "nested too deeply"
)


class _Key(NamedTuple):
    """What identifies a credential in the result."""

    credential: str | None
    profile: str | None
    n8n_id: str | None
    n8n_type: str | None
    n8n_name: str  # only for credentials that no spec has


class _Sum:
    """What requests together need of an object."""

    def __init__(self) -> None:
        self.verbs: set[Verb] = set()
        self.fields: dict[str, tuple[set[Verb], bool]] = {}

    def add(self, access: Access) -> None:
        self.verbs.update(access.verbs)
        for field in access.fields:
            known, unasked = self.fields.setdefault(field.field, (set(), True))
            known.update(field.verbs)
            self.fields[field.field] = (known, unasked and field.unasked)

    def all_fields(self) -> tuple[FieldNeed, ...]:
        return tuple(
            FieldNeed(field, _sorted(verbs), unasked)
            for field, (verbs, unasked) in sorted(self.fields.items())
        )


class _Draft:
    """What is known so far about one credential."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        self.objects: dict[str, dict[User, list[Access]]] = {}
        self.unknown: dict[Unknown, None] = {}
        self.nodes: dict[User, None] = {}

    def add(self, user: User, needs: NodeNeeds) -> None:
        self.nodes[user] = None
        self.unknown.update(dict.fromkeys(Unknown(user, reason) for reason in needs.unknown))
        for access in needs.accesses:
            users = self.objects.setdefault(access.object, {})
            users.setdefault(user, []).append(access)


class Collector:
    """Adds up what workflows need, one file at a time.

    Args:
        known: The project's credentials.
    """

    def __init__(self, known: KnownCredentials) -> None:
        self._known = known
        self._drafts: dict[_Key, _Draft] = {}

    def add(self, file: WorkflowFile) -> None:
        """Add a file's workflows. Archived workflows and disabled nodes send nothing."""
        for workflow in file.workflows:
            for use in filter(sends, uses_of(workflow, self._known)):
                user, read = use.user(file.shown), dict[int, NodeNeeds]()
                chosen = [one for one in use.credentials if self._known.is_chosen(one)]
                for credential in chosen if use.credentials else (None,):
                    # Profiles share their node: read it once for each table.
                    table = id(table_of(credential.n8n.version if credential else None))
                    needs = read.get(table) or read.setdefault(table, use.needs(credential))
                    self._draft(credential, use.asked).add(user, needs)
            for node in workflow.unread:
                user = User(file.shown, workflow.name, node.name, node.place, workflow.active)
                self._draft(None, Asked(None, None)).add(user, NodeNeeds((), (_UNREAD,)))

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
            self._drafts[key] = _Draft(self._detail(credential, asked))
        return self._drafts[key]

    def _detail(self, credential: Credential | None, asked: Asked) -> str:
        if credential is None:
            return "it may have a spec" if self._known.doubt else "no spec has it"
        return _detail(credential, asked.type)

    def result(self) -> list[CredentialNeeds]:
        """Return the needs, those of the specs' credentials first."""
        return [_finished(key, self._drafts[key]) for key in sorted(self._drafts, key=_order)]


def needs_of_files(files: Iterable[WorkflowFile], known: KnownCredentials) -> list[CredentialNeeds]:
    """Return what the workflows in files need of the credentials that the run is about.

    Credentials without a spec are included.
    """
    collector = Collector(known)
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


def _detail(credential: Credential, asked: str | None) -> str:
    flow = credential.decision.flow
    detail = f"{flow or 'flow not decided'}, {credential.spec.environment}"
    if flow and asked and asked != credential.n8n_type:
        return f"{detail}, used as {asked}"
    return detail


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


def _object(name: str, users: Mapping[User, list[Access]]) -> ObjectNeeds:
    whole = _Sum()
    for accesses in users.values():
        for access in accesses:
            whole.add(access)
    uses = tuple(ObjectUse(user, tuple(accesses)) for user, accesses in users.items())
    return ObjectNeeds(name, _sorted(whole.verbs), whole.all_fields(), uses)


def _sorted(verbs: set[Verb]) -> tuple[Verb, ...]:
    return tuple(verb for verb in VERBS if verb in verbs)
