"""Find credentials of an n8n that an overwrite changes, although no spec asks for that."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sfcred.errors import RenderError
from sfcred.n8n.credential_types import OAUTH2
from sfcred.text.printable import counted
from sfcred.text.redact import show

#: The number of credentials that a message names.
_NAMED = 3


class Held(Protocol):
    """A credential in n8n, however sfcred got to know it."""

    @property
    def id(self) -> str:
        """Its id in n8n."""

    @property
    def name(self) -> str:
        """Its name in n8n."""

    @property
    def type(self) -> str:
        """Its type; empty if that isn't known."""


def would_change(held: Iterable[Held], ours: Iterable[str]) -> str:
    """Return which of n8n's credentials an overwrite would change; empty if none.

    Args:
        held: What n8n has.
        ours: The ids in n8n of the credentials that the overwrite is for.
    """
    known = set(ours)
    found = [one for one in held if one.type in (OAUTH2, "") and one.id not in known]
    named = [f"{show(one.name) or '?'} (id {show(one.id) or '?'})" for one in found[:_NAMED]]
    more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
    return ", ".join([*named, *more])


def require_no_others(held: Sequence[Held], ours: Iterable[str], where: str) -> None:
    """Refuse an overwrite that would change credentials without a spec.

    Args:
        held: What n8n has.
        ours: The ids in n8n of the credentials that the overwrite is for.
        where: Where n8n's credentials were found, in words.

    Raises:
        RenderError: It would.
    """
    if others := would_change(held, ours):
        raise RenderError(
            f"the overwrite would also change credentials that no rendered spec has: {others}, in "
            f"{where} with {counted(len(held), 'credential')}",
            hint="Delete them in n8n if nothing uses them. Otherwise use the JWT flow, or another "
            "n8n for one of them.",
        )
