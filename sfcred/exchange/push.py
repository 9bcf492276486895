"""Carry out the plan of a push, one call to n8n's API at a time. It is safe to run twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sfcred.errors import WriteError, WriteRefused
from sfcred.exchange.api_errors import ApiError
from sfcred.exchange.n8n_api import Api, CredentialSummary
from sfcred.exchange.plan import Plan, PlannedChange
from sfcred.exchange.state import Pushed, State
from sfcred.n8n.credential_types import JWT, WITH_TOKENS
from sfcred.n8n.export import StoredCredential
from sfcred.n8n.http_domains import FIELDS, MODE_FIELD, read_allowed

#: Fields that versions of n8n require of an OAuth2 credential in addition to its own: none; two
#: (about 1.105 to 1.118); three (1.119 to 2.27.2). All were tested.
_DIALECTS: tuple[Mapping[str, object], ...] = (
    {},
    {"sendAdditionalBodyProperties": False, "additionalBodyProperties": ""},
    {
        "serverUrl": "",
        "sendAdditionalBodyProperties": False,
        "additionalBodyProperties": "",
    },
)
#: Fields that a credential can lack. An update clears them, because n8n keeps what isn't sent. An
#: n8n that refuses such a field doesn't have it.
_OPTIONAL: Mapping[str, tuple[str, ...]] = {JWT: ("myDomainUrl",)}
_BAD_REQUEST = 400
_NOT_LIMITED = (
    "this n8n's API doesn't accept Allowed HTTP Request Domains, so n8n's HTTP Request node may "
    "send the token to any host; set them in n8n's editor, or update n8n"
)


class PushResult(NamedTuple):
    """The result of a planned change.

    Attributes:
        change: The change.
        error: n8n's refusal; None if it accepted the change.
        n8n_id: The credential's id in n8n; empty if it wasn't written.
        note: What n8n did not accept of it; empty if it took everything.
    """

    change: PlannedChange
    error: ApiError | None
    n8n_id: str = ""
    note: str = ""


class _Written(NamedTuple):
    """What n8n accepted.

    Attributes:
        summary: What it now has.
        data: The data without the fields that it refused.
        is_placed: Whether it is in the right project: older versions don't accept one.
    """

    summary: CredentialSummary
    data: Mapping[str, object]
    is_placed: bool


def carry_out(
    plan: Plan, api: Api, state: State, project: str | None, tell: Callable[[PushResult], object]
) -> list[PushResult]:
    """Carry out a plan, and stop at the first refusal.

    Args:
        plan: The plan.
        api: The n8n to push to.
        state: The state, which is updated as soon as n8n accepts a change.
        project: The n8n project for new credentials; None for the personal project of the API key's
            owner.
        tell: Called with the result of each attempted change.

    Returns:
        The results of the attempted changes. Nothing is attempted after a refusal.

    Raises:
        WriteError: n8n accepted a change, but the state can't be written.
    """
    results = []
    for change, entry in _to_do(plan):
        results.append(_carry_out_one(change, entry, api, state, project))
        tell(results[-1])
        if results[-1].error:
            break
    return results


def _to_do(plan: Plan) -> Iterator[tuple[PlannedChange, StoredCredential]]:
    for change in plan.to_do:
        if change.entry is None:
            raise TypeError("a change without an entry")
        yield change, change.entry


def _carry_out_one(
    change: PlannedChange, entry: StoredCredential, api: Api, state: State, project: str | None
) -> PushResult:
    try:
        is_new = change.action == "create"
        written = _create(entry, api, project) if is_new else _update(change, entry, api)
    except ApiError as error:
        return PushResult(change, error)
    # At once: the state must know that n8n's credential is the project's, whatever happens next.
    _note(change, entry, written, api.url, state)
    misplaced = _move(written.summary, api, project) if project and not written.is_placed else None
    return PushResult(change, misplaced, written.summary.id, _not_limited(entry, written))


def _not_limited(entry: StoredCredential, written: _Written) -> str:
    is_limited = MODE_FIELD in written.data or MODE_FIELD not in entry.data
    return "" if is_limited or read_allowed(entry.data).mode == "all" else _NOT_LIMITED


def _note(
    change: PlannedChange,
    entry: StoredCredential,
    written: _Written,
    url: str,
    state: State,
) -> None:
    # Without what n8n refused, so that the next push tries again.
    accepted = state.fingerprint(entry.name, written.data)
    pushed = Pushed(
        id=written.summary.id,
        fingerprint=accepted.fields,
        tokens=change.fingerprint.tokens,
        type=entry.type,
        updated_at=written.summary.updated_at,
        digests=dict(accepted.marks.digests),
        values=dict(accepted.marks.values),
        login=change.login,
        reconnect=change.reconnect,
    )
    try:
        state.remember(url, entry.id, pushed)
    except (WriteError, WriteRefused) as error:
        raise WriteError(
            f"{change.credential} is in n8n now, but the state can't be written: {error.message}",
            hint="Fix that, or use another state (--state FILE). Pass --adopt "
            f"{written.summary.id} to the next push.",
        ) from None


def _move(created: CredentialSummary, api: Api, project: str) -> ApiError | None:
    try:
        api.move(created.id, project)
    except ApiError as error:
        return ApiError(
            f"it was created, but in the API key owner's personal project: {error.message}",
            hint=f"Move it in n8n, because the next push won't. {error.hint}",
            status=error.status,
        )
    return None


def _create(entry: StoredCredential, api: Api, project: str | None) -> _Written:
    body: dict[str, object] = {"id": entry.id, "name": entry.name, "type": entry.type}
    if project:
        body["projectId"] = project
    dialects = _DIALECTS if entry.type in WITH_TOKENS else _DIALECTS[:1]
    data = dict(entry.data)
    created = _first_accepted(api, body, data, dialects)
    return _Written(created, data, not project or "projectId" in body)


def _first_accepted(
    api: Api,
    body: dict[str, object],
    data: dict[str, object],
    dialects: Sequence[Mapping[str, object]],
) -> CredentialSummary:
    """Try the bodies that different versions require. A 400 changes nothing, so try the next.

    Fields that an older n8n doesn't know are removed from `body` (id, projectId) and `data`.
    """
    refusal: ApiError | None = None
    for extra in dialects:
        while True:
            try:
                return api.create({**body, "data": {**data, **extra}})
            except ApiError as error:
                if error.status != _BAD_REQUEST:
                    raise
                refusal = error
                if _without_refused(data, error):
                    continue
                unknown = next((f for f in ("id", "projectId") if _is_about(error, f, body)), None)
                if unknown is None:
                    break
                del body[unknown]
    raise refusal or TypeError("no dialect")


def _without_refused(data: dict[str, object], error: ApiError) -> bool:
    """Remove Allowed HTTP Request Domains from the data, if n8n refused it for them."""
    if error.status != _BAD_REQUEST or not any(_is_about(error, f, data) for f in FIELDS):
        return False
    for field in FIELDS:
        data.pop(field, None)
    return True


def _is_about(error: ApiError, field: str, body: Mapping[str, object]) -> bool:
    named = f"/{field} " in f"{error.said} " or f'"{field}"' in error.said
    return field in body and named


def _update(change: PlannedChange, entry: StoredCredential, api: Api) -> _Written:
    """Update a credential, so that n8n keeps the tokens that only a person can renew.

    isPartialData keeps what isn't sent. For JWT, that would be n8n's session: in the old org, as
    the old user. Without it, n8n logs in again (read in n8n 2.40.5 and 2.41.1).

    The body has no type, so n8n validates the data against the existing credential's type, and
    refuses what doesn't fit (read in n8n 2.3.2 and 2.41.1). So a credential of another type is
    never overwritten, even if n8n can't list its credentials or something has changed meanwhile.
    """
    accepted = dict(entry.data)
    left_out = () if change.with_tokens else ("oauthTokenData",)
    cleared = {field: "" for field in _OPTIONAL.get(entry.type, ()) if field not in accepted}
    keeps_rest = entry.type != JWT
    while True:
        data = {field: value for field, value in accepted.items() if field not in left_out}
        body = {"name": entry.name, "data": {**data, **cleared}, "isPartialData": keeps_rest}
        try:
            return _Written(api.update(change.n8n_id, body), accepted, is_placed=True)
        except ApiError as error:
            if _without_refused(accepted, error):
                keeps_rest = True  # n8n may have such limits all the same, from its editor
            elif not _without_cleared(cleared, error):
                raise


def _without_cleared(cleared: dict[str, str], error: ApiError) -> bool:
    """Clear nothing, if n8n refused it: it doesn't have such a field."""
    if error.status != _BAD_REQUEST or not any(field in error.said for field in cleared):
        return False
    cleared.clear()
    return True
