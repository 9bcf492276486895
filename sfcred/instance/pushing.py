"""`sfcred push`: a plan first, then one call after the other; safe to run twice."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from sfcred.errors import RenderError
from sfcred.instance.api import Api, ApiError, Listed
from sfcred.instance.differing import rendered
from sfcred.instance.state import Fingerprint, Pushed, State
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.export import Stored
from sfcred.resolve.credential import Credential

Action = Literal["create", "update", "unchanged", "refused"]

#: What the API calls an additional property, though import:credentials takes it.
_HIDDEN = ("authUrl", "accessTokenUrl")
#: The bodies that versions of n8n want for OAuth2 (see facts of each version in n8n.versions):
#: nothing more; two fields (about 1.105 to 1.118); three (1.119 to 2.27.2).
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
_CANNOT = (404, 405)


class Step(NamedTuple):
    """What would be done for a credential.

    Attributes:
        credential: The spec's name, with its profile.
        action: What.
        entry: What render makes of it; None where it can't.
        n8n_id: n8n's id of it, if it is there.
        reason: Why it is refused.
        fingerprint: Of the entry.
        with_tokens: The consent is sent, too.
    """

    credential: str
    action: Action
    entry: Stored | None
    n8n_id: str
    reason: str
    fingerprint: Fingerprint
    with_tokens: bool


class Plan(NamedTuple):
    """All steps. `blind`: this n8n can't list its credentials; only the own notes are known."""

    steps: tuple[Step, ...]
    blind: bool


def make_plan(credentials: Sequence[Credential], api: Api, state: State) -> Plan:
    """Looks at what n8n has, and says what would be done.

    Raises:
        ApiError: n8n could not be asked.
    """
    blind = False
    try:
        listed = {entry.id: entry for entry in api.credentials()}
    except ApiError as error:
        if error.status not in _CANNOT:
            raise
        listed, blind = {}, True
    steps = [_step(credential, api.url, listed, state, blind) for credential in credentials]
    return Plan(tuple(steps), blind)


def _step(
    credential: Credential, url: str, listed: Mapping[str, Listed], state: State, blind: bool
) -> Step:
    label = credential.name + (f" [{credential.profile}]" if credential.profile else "")
    nothing = Step(label, "refused", None, "", "", Fingerprint("", ""), with_tokens=False)
    try:
        entry = rendered(credential)
    except RenderError as error:
        return nothing._replace(reason=error.message)
    hidden = [field for field in _HIDDEN if field in entry.data]
    if hidden:
        return nothing._replace(
            reason=f"the API takes no {' and '.join(hidden)}, which this n8n needs for my_domain: "
            "use sfcred render and n8n import:credentials"
        )
    fingerprint = state.fingerprint(entry.name, entry.data)
    known = state.pushed(url, entry.id)
    found = listed.get(entry.id) or (listed.get(known.id) if known else None)
    n8n_id = found.id if found else (known.id if known and blind else "")
    step = nothing._replace(entry=entry, fingerprint=fingerprint, n8n_id=n8n_id)
    if not n8n_id:
        return step._replace(action="create", with_tokens=True)
    renewed = bool(known and fingerprint.tokens and known.tokens != fingerprint.tokens)
    same = known is not None and known.fingerprint == fingerprint.fields and not renewed
    if same and (found is None or found.name == entry.name):
        return step._replace(action="unchanged")
    return step._replace(action="update", with_tokens=renewed)


class Done(NamedTuple):
    """What became of a step. `error` is None where it was done."""

    step: Step
    error: ApiError | None


def carry_out(
    plan: Plan, api: Api, state: State, project: str | None, tell: Callable[[Done], object]
) -> list[Done]:
    """Carries a plan out, and stops at the first refusal.

    Args:
        plan: The plan.
        api: The n8n.
        state: Remembers each step when it is done.
        project: Where new credentials go; None: to the key's owner.
        tell: Is handed each step that was tried.

    Returns:
        What was tried. Steps behind a refusal are not.
    """
    done = []
    for step in plan.steps:
        if step.action not in ("create", "update") or step.entry is None:
            continue
        try:
            listed = _create(step, api, project) if step.action == "create" else _update(step, api)
        except ApiError as error:
            done.append(Done(step, error))
            tell(done[-1])
            break
        tokens = step.fingerprint.tokens
        pushed = Pushed(
            id=listed.id,
            fingerprint=step.fingerprint.fields,
            tokens=tokens,
            updated_at=listed.updated_at,
        )
        state.remember(api.url, step.entry.id, pushed)
        done.append(Done(step, None))
        tell(done[-1])
    return done


def _create(step: Step, api: Api, project: str | None) -> Listed:
    entry = step.entry
    if entry is None:
        raise TypeError("a step without an entry")
    body: dict[str, object] = {"id": entry.id, "name": entry.name, "type": entry.type}
    if project:
        body["projectId"] = project
    dialects = _DIALECTS if entry.type == OAUTH2 else _DIALECTS[:1]
    created = _first_accepted(api, body, entry.data, dialects)
    if project and "projectId" not in body:
        api.move(created.id, project)
    return created


def _first_accepted(
    api: Api,
    body: dict[str, object],
    data: Mapping[str, object],
    dialects: Sequence[Mapping[str, object]],
) -> Listed:
    """Tries the bodies that versions want. A 400 changes nothing, so the next may be tried.

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


def _update(step: Step, api: Api) -> Listed:
    """With isPartialData, so that n8n keeps the tokens it has."""
    entry = step.entry
    if entry is None:
        raise TypeError("a step without an entry")
    kept = ("oauthTokenData",) if not step.with_tokens else ()
    data = {field: value for field, value in entry.data.items() if field not in kept}
    body = {"name": entry.name, "type": entry.type, "data": data, "isPartialData": True}
    return api.update(step.n8n_id, body)
