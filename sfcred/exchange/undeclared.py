"""Find what was pushed from here, is still in n8n, and has no spec any more."""

from collections.abc import Iterator

from sfcred.exchange.n8n_api import CredentialSummary, Listed
from sfcred.exchange.state import State


def find_undeclared(
    state: State, url: str, listed: Listed | None, declared: frozenset[str] | None
) -> Iterator[CredentialSummary]:
    """Yield the credentials in n8n that only an earlier push explains.

    Args:
        state: The state of earlier pushes.
        url: n8n's URL, as in the state.
        listed: What n8n has; None if it can't list its credentials.
        declared: The ids that the project's specs give their credentials; None if it isn't known
            what all of them declare.
    """
    if listed is None or declared is None:
        return
    pushed = state.pushed_ids(url)
    # A push looks a credential up by the id that n8n chose, then by the spec's.
    in_use = {pushed.get(one, one) for one in declared} | declared
    for n8n_id in dict.fromkeys(pushed.values()):
        if n8n_id in listed and n8n_id not in in_use:
            yield listed[n8n_id]
