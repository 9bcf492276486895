"""`sfcred push`: a plan first, then one call after the other; safe to run twice.

Only what is the project's own is overwritten: what its state says was pushed from here. Anything
else that n8n has under a spec's id has to be adopted by a person (`adopt`), and what has another
type is never touched.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from sfcred.errors import NotKnown, RenderError, UsageError, WriteError, WriteRefused
from sfcred.exchange.compare import rendered
from sfcred.exchange.n8n_api import ID_FORM, Api, ApiError, Listed, Summary
from sfcred.exchange.state import Fingerprint, Pushed, State
from sfcred.http.trust import destination
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.export import Stored
from sfcred.resolve.credential import Credential

Action = Literal["create", "update", "adopt", "unchanged", "refused"]

#: What changes something in n8n.
CHANGES = frozenset[Action](["create", "update", "adopt"])

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


class Step(NamedTuple):
    """What would be done for a credential.

    Attributes:
        credential: The spec's name, with its profile.
        action: What. `adopt` overwrites what was not pushed from here.
        entry: What render makes of it; None where it can't.
        n8n_id: n8n's id of it, if it is there.
        found: What n8n has there now, if it can be looked at.
        reason: Why it is refused, or what else there is to know.
        fingerprint: Of the entry.
        with_tokens: The consent is sent, too.
        confirmed: A person wants it; false for an `adopt` that nobody has agreed to yet.
    """

    credential: str
    action: Action
    entry: Stored | None
    n8n_id: str
    found: Summary | None
    reason: str
    fingerprint: Fingerprint
    with_tokens: bool
    confirmed: bool


class Plan(NamedTuple):
    """All steps. `blind`: this n8n can't list its credentials; only the own notes are known."""

    steps: tuple[Step, ...]
    blind: bool

    @property
    def unconfirmed(self) -> tuple[Step, ...]:
        """What a person has to agree to first."""
        return tuple(step for step in self.steps if not step.confirmed)

    def decided(self, *, agreed: bool) -> "Plan":
        """The plan once a person was asked, or nobody could be: without open questions."""
        steps = (
            step._replace(confirmed=True) if step.confirmed or agreed else _not_adopted(step)
            for step in self.steps
        )
        return self._replace(steps=tuple(steps))


class _Scene(NamedTuple):
    """What a step is decided by. `listed` is None where n8n can't list its credentials."""

    url: str
    listed: Listed | None
    state: State
    adopt: frozenset[str]


def make_plan(
    credentials: Sequence[Credential], api: Api, state: State, adopt: frozenset[str] = frozenset()
) -> Plan:
    """Looks at what n8n has, and says what would be done.

    Args:
        credentials: Resolved; their values are read here.
        api: The n8n.
        state: What was pushed from here.
        adopt: Ids of n8n's credentials that may be taken over.

    Raises:
        ApiError: n8n could not be asked, or what answers isn't n8n.
        UsageError: An id to adopt isn't the id of any of these credentials.
    """
    scene = _Scene(api.url, api.look(), state, adopt)
    steps = _apart([_step(credential, scene) for credential in credentials])
    known = {step.n8n_id for step in steps} | {one.n8n.credential_id for one in credentials}
    if strangers := sorted(adopt - known):
        raise UsageError(
            f"--adopt {strangers[0]}: none of these credentials has this id",
            hint="Give the id that the plan shows: sfcred push --dry-run.",
        )
    return Plan(tuple(steps), blind=scene.listed is None)


def _step(credential: Credential, scene: _Scene) -> Step:
    none = Fingerprint("", "")
    nothing = Step(
        credential.label, "refused", None, "", None, "", none, with_tokens=False, confirmed=True
    )
    try:
        destination(credential)  # n8n would send the secrets there
        entry = rendered(credential)
    except (NotKnown, RenderError) as error:
        return nothing._replace(reason=error.message)
    if why := _why_not_sent(entry):
        return nothing._replace(reason=why)
    fingerprint = scene.state.fingerprint(entry.name, entry.data)
    step = nothing._replace(entry=entry, fingerprint=fingerprint)
    return _blindly(step, entry, scene) if scene.listed is None else _looked(step, entry, scene)


def _why_not_sent(entry: Stored) -> str:
    hidden = [field for field in _HIDDEN if field in entry.data]
    if hidden:
        return (
            f"the API takes no {' and '.join(hidden)}, which this n8n needs for my_domain: "
            "use sfcred render and n8n import:credentials"
        )
    if not re.fullmatch(ID_FORM, entry.id):
        return "its n8n.id has a form that can't be used over the API (SFC503)"
    return ""


def _looked(step: Step, entry: Stored, scene: _Scene) -> Step:
    """Decides by what n8n has."""
    listed = scene.listed or {}
    known = scene.state.pushed(scene.url, entry.id)
    found = (listed.get(known.id) if known else None) or listed.get(entry.id)
    if found is None:
        return _create(step, entry, scene)
    step = step._replace(n8n_id=found.id, found=found)
    if found.type != entry.type:
        return step._replace(reason=_OTHER_TYPE)
    if not scene.state.owns(scene.url, found.id):
        return step._replace(action="adopt", confirmed=found.id in scene.adopt)
    step = _changed(step, known)
    if step.action == "unchanged" and found.name != entry.name:
        return step._replace(action="update", reason="")
    return step


_OTHER_TYPE = (
    "n8n has a credential of another type under this id, which push never overwrites: give the "
    "spec another n8n.id"
)


def _create(step: Step, entry: Stored, scene: _Scene) -> Step:
    """Creates it, or takes over one of the same name and type that the person named."""
    namesakes = [
        one
        for one in (scene.listed or {}).values()
        if (one.name, one.type) == (entry.name, entry.type)
        and re.fullmatch(ID_FORM, one.id)
        and not scene.state.owns(scene.url, one.id)
    ]
    for one in namesakes:
        if one.id in scene.adopt:
            return step._replace(action="adopt", n8n_id=one.id, found=one)
    step = step._replace(action="create", with_tokens=True)
    if not namesakes:
        return step
    return step._replace(
        reason=f"n8n has another one of this name and type, with the id {namesakes[0].id}; "
        f"--adopt {namesakes[0].id} overwrites that one instead"
    )


def _blindly(step: Step, entry: Stored, scene: _Scene) -> Step:
    """Decides by the own notes alone: what n8n has can't be looked at."""
    known = scene.state.pushed(scene.url, entry.id)
    if known is None:
        if entry.id in scene.adopt:
            return step._replace(
                n8n_id=entry.id,
                reason="this n8n can't list its credentials, so nobody can see what would be "
                "overwritten: use sfcred render and n8n import:credentials",
            )
        return step._replace(action="create", with_tokens=True)
    step = step._replace(n8n_id=known.id)
    if known.type not in ("", entry.type):
        return step._replace(reason=_OTHER_TYPE)
    return _changed(step, known)


def _changed(step: Step, known: Pushed | None) -> Step:
    """Update or unchanged, by the fingerprint of what was pushed last."""
    wanted = step.fingerprint
    renewed = bool(known and wanted.tokens and known.tokens != wanted.tokens)
    if known is None or known.fingerprint != wanted.fields or renewed:
        return step._replace(action="update", with_tokens=renewed)
    touched = step.found is not None and step.found.updated_at != known.updated_at
    reason = "n8n changed it since it was pushed, or noted a token" if touched else ""
    return step._replace(action="unchanged", reason=reason)


def _not_adopted(step: Step) -> Step:
    return step._replace(action="refused", confirmed=True, reason=NOT_OURS)


#: Why something isn't overwritten that nobody has agreed to.
NOT_OURS = "n8n has a credential under this id that was not pushed from here"


def _apart(steps: Sequence[Step]) -> list[Step]:
    """Refuses specs that would write over each other: none of them is the right one."""
    targets = Counter(step.n8n_id or step.entry.id for step in steps if step.entry is not None)
    return [
        step._replace(action="refused", confirmed=True, reason=_SAME_TARGET)
        if step.entry is not None and targets[step.n8n_id or step.entry.id] > 1
        else step
        for step in steps
    ]


_SAME_TARGET = (
    "another of these credentials has the same id in n8n, and only the last would be left: choose "
    "one with --profile, or give each an n8n.id of its own"
)


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

    Raises:
        WriteError: What was done can't be noted in the state.
    """
    done = []
    for step in plan.steps:
        if step.action not in CHANGES or not step.confirmed or step.entry is None:
            continue
        error = _carry_out_one(step, step.entry, api, state, project)
        done.append(Done(step, error))
        tell(done[-1])
        if error:
            break
    return done


def _carry_out_one(
    step: Step, entry: Stored, api: Api, state: State, project: str | None
) -> ApiError | None:
    try:
        if step.action == "create":
            written, is_placed = _make(entry, api, project)
        else:
            written, is_placed = _update(step, entry, api), True
    except ApiError as error:
        return error
    pushed = Pushed(
        id=written.id,
        fingerprint=step.fingerprint.fields,
        tokens=step.fingerprint.tokens,
        type=entry.type,
        updated_at=written.updated_at,
    )
    # At once: what n8n has must be known as the project's own, whatever comes next.
    try:
        state.remember(api.url, entry.id, pushed)
    except (WriteError, WriteRefused) as error:
        raise WriteError(
            f"{step.credential} is in n8n now, but this can't be noted: {error.message}",
            hint=f"Make room, or name another state (--state FILE). The next push has to adopt "
            f"it: --adopt {written.id}.",
        ) from None
    return None if is_placed or project is None else _move(written, api, project)


def _move(created: Summary, api: Api, project: str) -> ApiError | None:
    try:
        api.move(created.id, project)
    except ApiError as error:
        return ApiError(
            f"it was created, but in the key owner's own project: {error.message}",
            hint=f"Move it in n8n; the next push won't. {error.hint}",
            status=error.status,
        )
    return None


def _make(entry: Stored, api: Api, project: str | None) -> tuple[Summary, bool]:
    """Creates it.

    Returns:
        What n8n made, and whether it is where it belongs: an older n8n takes no project.
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
) -> Summary:
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


def _update(step: Step, entry: Stored, api: Api) -> Summary:
    """With isPartialData, so that n8n keeps the tokens it has.

    Without a type: n8n then holds the data against the type that it has, and refuses what doesn't
    fit (read in n8n 2.3.2 and 2.41.1). So nothing of another type is overwritten, even where n8n
    can't be looked at, or something has changed since.
    """
    kept = ("oauthTokenData",) if not step.with_tokens else ()
    data = {field: value for field, value in entry.data.items() if field not in kept}
    body = {"name": entry.name, "data": data, "isPartialData": True}
    return api.update(step.n8n_id, body)
