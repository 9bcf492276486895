"""Explain why Salesforce refuses a field or an object, and name the nodes that request it."""

from collections.abc import Sequence

from sfcred.needs.denied import Denied, Requester
from sfcred.report.needs.words import shown

_MOST = 20


#: What to add where no workflows are configured.
NO_WORKFLOWS = "To see which workflows request it, set `workflows` in sfcred.toml.\n"
#: What to add where the workflows could not be read.
UNREAD = "Which workflows request it isn't known: sfcred could not read the workflows.\n"


def meaning(denied: Denied) -> str:
    """Explain the refusal itself, in case that the table of refusals doesn't."""
    name = shown(denied.object) or "the object"
    place = f"  In Setup, open the user's permission set, Object Settings, {name}, and allow"
    if not denied.fields:
        return f"The user may not read {name}, or the org doesn't have it.\n{place} Read.\n"
    fields = ", ".join(map(shown, denied.fields))
    access = "Edit Access" if denied.is_write else "Read Access"
    verb = "edit" if denied.is_write else "see"
    return (
        f"The user can't {verb} {fields} of {name}, or the org doesn't have the field.\n"
        f"{place} {access}.\n"
    )


def requested(found: Sequence[Requester]) -> str:
    """Name the nodes that request what is refused.

    Args:
        found: The nodes, from workflows that were read.
    """
    if not found:
        return "None of the workflows that sfcred read requests it by name.\n"
    lines = ["Requested by:", *map(_line, found[:_MOST])]
    lines += [f"  and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return "\n".join(lines) + "\n"


def _line(one: Requester) -> str:
    user, needs = one.user, one.needs
    where = f"{user.file}:{user.place.line}"
    name = shown(needs.credential or needs.n8n_name or "no credential")
    note = "; n8n requests it by itself" if one.unasked else ""
    return f"  {shown(user.workflow)} / {shown(user.node)} ({where}), as {name}{note}"
