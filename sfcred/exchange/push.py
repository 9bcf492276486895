"""Carry out the plan of a push: one call to n8n's API after the other; safe to run twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sfcred.errors import WriteError, WriteRefused
from sfcred.exchange.api_errors import ApiError
from sfcred.exchange.n8n_api import Api, CredentialSummary
from sfcred.exchange.plan import Plan, PlannedChange
from sfcred.exchange.state import Pushed, State
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.export import StoredCredential

#: What versions of n8n demand of an OAuth2 credential beyond its own fields: nothing; two fields
#: (about 1.105 to 1.118); three (1.119 to 2.27.2). Each was run.
_DIALECTS: tuple[Mapping[str, object], ...] = (
    {},
    {"sendAdditionalBodyProperties": False, "additionalBodyProperties": ""},
    {
        "serverUrl": "",
        "sendAdditionalBodyProperties": False,
        "additionalBodyProperties": "",
    },
)
_BAD_REQUEST = 400


class PushResult(NamedTuple):
    """What became of a planned change. `error` is None if n8n took it."""

    change: PlannedChange
    error: ApiError | None


def carry_out(
    plan: Plan, api: Api, state: State, project: str | None, tell: Callable[[PushResult], object]
) -> list[PushResult]:
    """Carry out a plan, and stop at the first refusal.

    Args:
        plan: The plan.
        api: The n8n to push to.
        state: Notes each change as soon as n8n took it.
        project: The n8n project that new credentials go to; None: the key owner's own.
        tell: Is handed the result of each change that was tried.

    Returns:
        The results. What comes after a refusal is not tried, and has none.

    Raises:
        WriteError: n8n took a change, but it can't be noted in the state.
    """
    results = []
    for change, entry in _to_do(plan):
        error = _carry_out_one(change, entry, api, state, project)
        results.append(PushResult(change, error))
        tell(results[-1])
        if error:
            break
    return results


def _to_do(plan: Plan) -> Iterator[tuple[PlannedChange, StoredCredential]]:
    for change in plan.to_do:
        if change.entry is None:
            raise TypeError("a change without an entry")
        yield change, change.entry


def _carry_out_one(
    change: PlannedChange, entry: StoredCredential, api: Api, state: State, project: str | None
) -> ApiError | None:
    try:
        if change.action == "create":
            written, is_placed = _create(entry, api, project)
        else:
            written, is_placed = _update(change, entry, api), True
    except ApiError as error:
        return error
    # At once: what n8n has must be known as the project's own, whatever comes next.
    _note(change, entry, written, api.url, state)
    return None if is_placed or project is None else _move(written, api, project)


def _note(
    change: PlannedChange,
    entry: StoredCredential,
    written: CredentialSummary,
    url: str,
    state: State,
) -> None:
    pushed = Pushed(
        id=written.id,
        fingerprint=change.fingerprint.fields,
        tokens=change.fingerprint.tokens,
        type=entry.type,
        updated_at=written.updated_at,
    )
    try:
        state.remember(url, entry.id, pushed)
    except (WriteError, WriteRefused) as error:
        raise WriteError(
            f"{change.credential} is in n8n now, but this can't be noted: {error.message}",
            hint=f"Make room, or name another state (--state FILE). The next push has to adopt "
            f"it: --adopt {written.id}.",
        ) from None


def _move(created: CredentialSummary, api: Api, project: str) -> ApiError | None:
    try:
        api.move(created.id, project)
    except ApiError as error:
        return ApiError(
            f"it was created, but in the key owner's own project: {error.message}",
            hint=f"Move it in n8n; the next push won't. {error.hint}",
            status=error.status,
        )
    return None


def _create(
    entry: StoredCredential, api: Api, project: str | None
) -> tuple[CredentialSummary, bool]:
    """Create a credential.

    Returns:
        What n8n made, and whether it is where it belongs: older versions take no project.
    """
    body: dict[str, object] = {"id": entry.id, "name": entry.name, "type": entry.type}
    if project:
        body["projectId"] = project
    dialects = _DIALECTS if entry.type == OAUTH2 else _DIALECTS[:1]
    created = _first_accepted(api, body, entry.data, dialects)
    return created, not project or "projectId" in body


def _first_accepted(
    api: Api,
    body: dict[str, object],
    data: Mapping[str, object],
    dialects: Sequence[Mapping[str, object]],
) -> CredentialSummary:
    """Try the bodies that versions demand. A 400 changes nothing, so the next may be tried.

    What an older n8n doesn't know (an own id, a project) is taken out of `body`.
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
                unknown = next((f for f in ("id", "projectId") if _is_about(error, f, body)), None)
                if unknown is None:
                    break
                del body[unknown]
    raise refusal or TypeError("no dialect")


def _is_about(error: ApiError, field: str, body: Mapping[str, object]) -> bool:
    named = f"/{field} " in f"{error.said} " or f'"{field}"' in error.said
    return field in body and named


def _update(change: PlannedChange, entry: StoredCredential, api: Api) -> CredentialSummary:
    """Update a credential with isPartialData, so that n8n keeps the tokens it has.

    The body has no type. n8n then holds the data against the type that it has, and refuses what
    doesn't fit (read in n8n 2.3.2 and 2.41.1). So nothing of another type is overwritten, even
    where n8n can't list its credentials, or something has changed since.
    """
    left_out = () if change.with_tokens else ("oauthTokenData",)
    data = {field: value for field, value in entry.data.items() if field not in left_out}
    body = {"name": entry.name, "data": data, "isPartialData": True}
    return api.update(change.n8n_id, body)
