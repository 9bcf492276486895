"""Explain why Salesforce refuses a field or an object, and name the nodes that request it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sfcred.needs.denied import Denied, Requester
from sfcred.needs.model import Unknown, User
from sfcred.report.needs.words import shown

_MOST = 20
_Item = TypeVar("_Item")


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


def requested(found: Sequence[Requester], not_ruled_out: Sequence[Unknown] = ()) -> str:
    """Name the nodes that request what is refused.

    Args:
        found: The nodes, from workflows that were read.
        not_ruled_out: The nodes that may request it, too, and what isn't known about them.
    """
    lines = _listed("Requested by:", found, _requester)
    if not found:
        lines.append("None of the workflows that sfcred read requests it by name.")
    lines += _listed("It may be a part of what isn't known about these:", not_ruled_out, _unknown)
    return "\n".join(lines) + "\n"


def _listed(title: str, found: Sequence[_Item], line: Callable[[_Item], str]) -> list[str]:
    if not found:
        return []
    lines = [title, *map(line, found[:_MOST])]
    return [*lines, f"  and {len(found) - _MOST} more"] if len(found) > _MOST else lines


def _node(user: User) -> str:
    where = f"{user.file}:{user.place.line}"
    return f"  {shown(user.workflow)} / {shown(user.node)} ({where})"


def _unknown(one: Unknown) -> str:
    return f"{_node(one.user)}: {shown(one.reason)}"


def _requester(one: Requester) -> str:
    needs = one.needs
    name = shown(needs.credential or needs.n8n_name or "no credential")
    note = "; n8n requests it by itself" if one.unasked else ""
    return f"{_node(one.user)}, as {name}{note}"
