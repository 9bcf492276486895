"""Let n8n test what was pushed, and remember failures, so that the next push tests again."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sfcred.exchange.api_errors import ApiError
from sfcred.exchange.n8n_api import Api
from sfcred.exchange.n8n_test import FAILURES, CredentialTest, run_test
from sfcred.exchange.plan import Plan, PlannedChange
from sfcred.exchange.push import PushResult
from sfcred.exchange.state import State
from sfcred.n8n.export import StoredCredential


class ToTest(NamedTuple):
    """A credential to test.

    Attributes:
        credential: The spec's name, with its profile.
        entry: The credential as it was pushed.
        n8n_id: Its id in n8n.
        untested: Why n8n must not test it; otherwise empty.
    """

    credential: str
    entry: StoredCredential
    n8n_id: str
    untested: str


def to_test(plan: Plan, results: Iterable[PushResult]) -> list[ToTest]:
    """Return what to test: everything that n8n accepted, and what failed its last test.

    Args:
        plan: The plan.
        results: The results of its changes.
    """
    written = [(one.change, one.n8n_id) for one in results if one.n8n_id]
    again = [(one, one.n8n_id) for one in plan.planned if one.action == "unchanged" and one.retest]
    return [found for change, n8n_id in (*written, *again) if (found := _to_test(change, n8n_id))]


def _to_test(change: PlannedChange, n8n_id: str) -> ToTest | None:
    return change.entry and ToTest(change.credential, change.entry, n8n_id, change.untested)


def verify(
    tests: Iterable[ToTest], api: Api, state: State, tell: Callable[[str, CredentialTest], object]
) -> bool:
    """Run the tests.

    Args:
        tests: From `to_test`.
        api: The n8n.
        state: The state, which remembers failures, and the changes that n8n makes for a test.
        tell: Called with each name and result.

    Returns:
        Whether none failed.

    Raises:
        WriteError: The state can't be written.
    """
    is_fine = True
    for one in tests:
        result = _run(one, api)
        _note(one, result, api, state)
        tell(one.credential, result)
        is_fine = is_fine and result.state not in FAILURES
    return is_fine


def _run(one: ToTest, api: Api) -> CredentialTest:
    if one.untested:
        return CredentialTest("not_tested", one.untested, "Set n8n.version, or update n8n.")
    return run_test(one.entry, one.n8n_id, api)


def _note(one: ToTest, result: CredentialTest, api: Api, state: State) -> None:
    pushed = state.pushed(api.url, one.entry.id)
    if pushed is None or result.state == "not_tested":
        return
    updated_at = pushed.updated_at
    if result.state == "passed":  # n8n has stored the token of the login
        updated_at = _updated_at(one.n8n_id, api) or updated_at
    # Without a note of the tokens, the next push sends them.
    tokens = "" if result.state == "disconnected" else pushed.tokens
    failed = result.state in ("failed", "unreached")
    noted = pushed.model_copy(update={"failed": failed, "tokens": tokens, "updated_at": updated_at})
    if noted != pushed:
        state.remember(api.url, one.entry.id, noted)


def _updated_at(n8n_id: str, api: Api) -> str:
    try:
        return api.find(n8n_id).updated_at
    except ApiError:
        return ""
