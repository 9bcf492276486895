"""Words that the formats share. Names from workflows are untrusted, so they are masked."""

from collections.abc import Iterable

from sfcred.needs.model import WHOLE, CredentialNeeds, FieldNeed, ObjectNeeds, Unknown, User
from sfcred.text.printable import counted, labelled, one_line, shortened
from sfcred.text.redact import redact

_LONGEST = 120


def shown(text: str) -> str:
    """Return an untrusted text on one line, masked, and not too long."""
    return shortened(one_line(redact(text)), _LONGEST)


def title(needs: CredentialNeeds) -> str:
    """Return what identifies a credential."""
    if needs.credential is not None:
        name = labelled(needs.credential, needs.profile)
        return f"{shown(name)} ({needs.detail})"
    kind = shown(needs.n8n_type or "type not known")
    if needs.n8n_id is None and not needs.n8n_name:
        return f"No credential ({kind})"
    key = f", id {shown(needs.n8n_id)}" if needs.n8n_id else ", without an id"
    return f"{shown(needs.n8n_name or '(no name)')} ({kind}{key}; {needs.detail})"


def usage(nodes: Iterable[User]) -> str:
    """Return how many workflows and nodes use a credential."""
    users = list(nodes)
    workflows = {(user.file, user.workflow) for user in users}
    inactive = {(user.file, user.workflow) for user in users if not user.active}
    note = f" ({len(inactive)} inactive)" if inactive else ""
    return f"{counted(len(workflows), 'workflow')}{note}, {counted(len(users), 'node')}"


def field_words(found: ObjectNeeds) -> list[str]:
    """Return an object's fields, with their verbs if these differ from the object's."""
    ordered = sorted(found.fields, key=lambda need: (need.field != "Id", need.field))
    return [_field(need, found) for need in ordered]


def _field(need: FieldNeed, found: ObjectNeeds) -> str:
    name = "every field" if need.field == WHOLE else shown(need.field)
    if need.verbs == found.verbs:
        return name
    verbs = " ".join(need.verbs)
    is_external_id = need.verbs == ("read",) and "read" not in found.verbs
    return f"{name} (external id: {verbs})" if is_external_id else f"{name} ({verbs})"


def unasked_words(found: ObjectNeeds) -> str:
    """Return which fields n8n requests by itself; empty if there are none."""
    names = [need.field for need in found.fields if need.unasked]
    if not names:
        return ""
    nodes = ", ".join(dict.fromkeys(shown(user.node) for user in found.used_by))
    if len(names) == len(found.fields):
        return f"requested by n8n itself ({nodes})"
    return f"requested by n8n itself: {' '.join(map(shown, names))}"


def unknown_words(unknown: Unknown) -> str:
    """Return what isn't known about a node, and why."""
    user = unknown.user
    return f"{shown(user.workflow)} / {shown(user.node)} ({shown(unknown.reason)})"
