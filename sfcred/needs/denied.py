"""Salesforce's refusals of a field or an object, and which nodes requested it."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sfcred.needs.model import WHOLE, CredentialNeeds, ObjectUse, Unknown, User
from sfcred.salesforce.pasted import read

_NAME = r"([A-Za-z][A-Za-z0-9_.]{0,200})"
_OBJECT = r"([A-Za-z]\w{0,80})"
_QUOTE = r"""(?:\\*["']|&#39;|&quot;)?"""
_COLUMN = re.compile(
    rf"No such column {_QUOTE}{_NAME}{_QUOTE} on (?:entity|sobject of type) {_QUOTE}{_OBJECT}",
    re.IGNORECASE,
)
_TYPE = re.compile(rf"sObject type {_QUOTE}{_OBJECT}{_QUOTE} is not supported", re.IGNORECASE)
_UPDATE = re.compile(rf"Unable to create/update fields: ({_NAME}(?:, {_NAME}){{0,50}})")


class Denied(NamedTuple):
    """What Salesforce refused.

    Attributes:
        object: The object; empty if the message doesn't name it.
        fields: The fields; empty if it is the object itself.
        is_write: Whether the fields can't be written, though they may be visible.
    """

    object: str
    fields: tuple[str, ...] = ()
    is_write: bool = False


class Requester(NamedTuple):
    """A node that requested it, for which credential, and whether n8n did so by itself."""

    needs: CredentialNeeds
    user: User
    unasked: bool


def read_denied(text: str) -> Denied | None:
    """Return what an error text of Salesforce or n8n refuses; None if it is something else."""
    text = read(text).plain
    column = _COLUMN.search(text)
    if column:
        return Denied(column[2], (column[1],))
    update = _UPDATE.search(text)
    if update:
        fields = update[1].rstrip(".").split(", ")
        return Denied("", tuple(fields), is_write=True)
    kind = _TYPE.search(text)
    return Denied(kind[1]) if kind else None


def requesters(denied: Denied, needs: Iterable[CredentialNeeds]) -> Iterator[Requester]:
    """Yield the nodes that request what was refused."""
    for one in needs:
        for found in one.objects:
            if denied.object and found.object.lower() != denied.object.lower():
                continue
            for use in found.uses:
                is_asked = _is_asked(denied, use)
                if is_asked is not None:
                    yield Requester(one, use.user, not is_asked)


def _is_asked(denied: Denied, use: ObjectUse) -> bool | None:
    """Return whether somebody chose what was refused; None if the node doesn't request it."""
    if not denied.fields:
        return True
    wanted = {field.lower() for field in denied.fields}
    requested = [
        need
        for access in use.accesses
        for need in access.fields
        if need.field.lower() in wanted
        and need.field != WHOLE
        and (need.verbs != ("read",)) >= denied.is_write
    ]
    return not all(need.unasked for need in requested) if requested else None


def not_ruled_out(
    needs: Iterable[CredentialNeeds], found: Collection[Requester]
) -> Iterator[Unknown]:
    """Yield the nodes that may request it, too: not all of their needs are known.

    Args:
        needs: What the workflows need.
        found: The nodes that are known to request it.
    """
    named = {one.user for one in found}
    told: set[User] = set()
    for one in needs:
        for unknown in one.unknown:
            if unknown.user not in named and unknown.user not in told:
                told.add(unknown.user)
                yield unknown
