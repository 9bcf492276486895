"""The plan of a push: what would be done to which of n8n's credentials, and why.

Only what the project's state says was pushed from here is overwritten. Anything else that n8n has
under a spec's id has to be adopted by a person (`adopt`), and a credential of another type is never
touched.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sfcred.errors import NotKnown, RenderError, UsageError
from sfcred.exchange.compare import rendered
from sfcred.exchange.n8n_api import ID_FORM, Api, CredentialSummary, Listed
from sfcred.exchange.state import Busy, Fingerprint, Pushed, State
from sfcred.http.trust import require_targets
from sfcred.n8n.export import StoredCredential
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import import_targets

Action = Literal["create", "update", "adopt", "unchanged", "refused"]

#: The actions that change something in n8n.
CHANGES = frozenset[Action](["create", "update", "adopt"])

#: Why a credential isn't overwritten that nobody has agreed to overwrite.
NOT_OURS = "n8n has a credential under this id that was not pushed from here"
_OTHER_TYPE = (
    "n8n has a credential of another type under this id, which push never overwrites: give the "
    "spec another n8n.id"
)
_SAME_TARGET = (
    "another of these credentials has the same id in n8n, and only the last would be left: choose "
    "one with --profile, or give each an n8n.id of its own"
)
_TOUCHED = "n8n changed it since it was pushed, or noted a token"
_CANT_ADOPT_UNSEEN = (
    "this n8n can't list its credentials, so you can't see what you would overwrite: use "
    "sfcred render and n8n import:credentials"
)
#: Fields that n8n's API refuses as additional properties, though import:credentials takes them
#: (run with n8n 0.236.0 to 2.41.1).
_HIDDEN = ("authUrl", "accessTokenUrl")


class PlannedChange(NamedTuple):
    """What would be done for one credential.

    Attributes:
        credential: The spec's name, with its profile.
        action: What would be done. `adopt` overwrites what was not pushed from here.
        entry: The credential as `sfcred render` writes it; None where it can't be rendered.
        n8n_id: n8n's id of it, if n8n has it.
        found: What n8n has there now, if it can be listed.
        reason: Why it is refused, or what else to know.
        fingerprint: Of the entry.
        with_tokens: The consent is sent too.
        confirmed: False for an `adopt` that nobody has agreed to yet.
    """

    credential: str
    action: Action
    entry: StoredCredential | None
    n8n_id: str
    found: CredentialSummary | None
    reason: str
    fingerprint: Fingerprint
    with_tokens: bool
    confirmed: bool

    def refused(self, reason: str) -> "PlannedChange":
        """The same credential, left as it is in n8n."""
        return self._replace(action="refused", confirmed=True, reason=reason)


class Plan(NamedTuple):
    """What would be done for each credential, in the order of the specs.

    Attributes:
        planned: One entry per credential.
        blind: n8n can't list its credentials, so only what was pushed from here is known.
    """

    planned: tuple[PlannedChange, ...]
    blind: bool

    @property
    def unconfirmed(self) -> tuple[PlannedChange, ...]:
        """What a person has to agree to first."""
        return tuple(one for one in self.planned if not one.confirmed)

    @property
    def to_do(self) -> tuple[PlannedChange, ...]:
        """What changes something in n8n, and may."""
        return tuple(one for one in self.planned if one.action in CHANGES and one.confirmed)

    @property
    def has_refusals(self) -> bool:
        """Whether a credential is left as it is in n8n, though its spec differs."""
        return any(one.action == "refused" for one in self.planned)

    def decided(self, *, agreed: bool) -> "Plan":
        """The plan without open questions, once a person was asked or nobody could be."""
        planned = (
            one._replace(confirmed=True) if one.confirmed or agreed else one.refused(NOT_OURS)
            for one in self.planned
        )
        return self._replace(planned=tuple(planned))


def require_unchanged(plan: Plan, again: Plan) -> None:
    """Refuse to go on where n8n has changed while a person was asked.

    Args:
        plan: What the person agreed to.
        again: The same, made and decided once more.

    Raises:
        Busy: They differ.
    """
    if again != plan:
        raise Busy("n8n has changed while you were asked", hint="Nothing was sent. Run it again.")


class _Situation(NamedTuple):
    """What decides about a credential. `listed` is None where n8n can't list its credentials."""

    url: str
    listed: Listed | None
    state: State
    adopt: frozenset[str]


def make_plan(
    credentials: Sequence[Credential], api: Api, state: State, adopt: frozenset[str] = frozenset()
) -> Plan:
    """Look at what n8n has, and decide what would be done.

    Args:
        credentials: Resolved credentials; their secrets are read here.
        api: The n8n to push to.
        state: What was pushed from here.
        adopt: Ids of n8n's credentials that may be taken over.

    Raises:
        ApiError: n8n could not be asked, or the answer is not n8n's.
        UsageError: An id to adopt isn't the id of any of these credentials.
    """
    situation = _Situation(api.url, api.look(), state, adopt)
    planned = _refuse_same_target([_plan_one(credential, situation) for credential in credentials])
    known = {one.n8n_id for one in planned} | {one.n8n.credential_id for one in credentials}
    if strangers := sorted(adopt - known):
        raise UsageError(
            f"--adopt {strangers[0]}: none of these credentials has this id",
            hint="Give the id that the plan shows: sfcred push --dry-run.",
        )
    return Plan(tuple(planned), blind=situation.listed is None)


def _plan_one(credential: Credential, situation: _Situation) -> PlannedChange:
    none = Fingerprint("", "")
    nothing = PlannedChange(
        credential.label, "refused", None, "", None, "", none, with_tokens=False, confirmed=True
    )
    try:
        require_targets(import_targets(credential), credential.context)
        entry = rendered(credential)
    except (NotKnown, RenderError) as error:
        return nothing.refused(error.message)
    if why := _why_not_sent(entry):
        return nothing.refused(why)
    fingerprint = situation.state.fingerprint(entry.name, entry.data)
    planned = nothing._replace(entry=entry, fingerprint=fingerprint)
    decide = _decide_blindly if situation.listed is None else _decide
    return decide(planned, entry, situation)


def _why_not_sent(entry: StoredCredential) -> str:
    hidden = [field for field in _HIDDEN if field in entry.data]
    if hidden:
        return (
            f"the API takes no {' and '.join(hidden)}, which this n8n needs for my_domain: "
            "use sfcred render and n8n import:credentials"
        )
    if not re.fullmatch(ID_FORM, entry.id):
        return "its n8n.id has a form that can't be used over the API"
    return ""


def _decide(
    planned: PlannedChange, entry: StoredCredential, situation: _Situation
) -> PlannedChange:
    """Decide by what n8n has."""
    listed = situation.listed or {}
    known = situation.state.pushed(situation.url, entry.id)
    found = (listed.get(known.id) if known else None) or listed.get(entry.id)
    if found is None:
        return _create_or_adopt(planned, entry, situation)
    planned = planned._replace(n8n_id=found.id, found=found)
    if found.type != entry.type:
        return planned.refused(_OTHER_TYPE)
    if not situation.state.owns(situation.url, found.id):
        return planned._replace(action="adopt", confirmed=found.id in situation.adopt)
    planned = _update_if_changed(planned, known)
    if planned.action == "unchanged" and found.name != entry.name:
        return planned._replace(action="update", reason="")
    return planned


def _create_or_adopt(
    planned: PlannedChange, entry: StoredCredential, situation: _Situation
) -> PlannedChange:
    """Create it, or take over one of the same name and type that the person named."""
    namesakes = [
        one
        for one in (situation.listed or {}).values()
        if (one.name, one.type) == (entry.name, entry.type)
        and re.fullmatch(ID_FORM, one.id)
        and not situation.state.owns(situation.url, one.id)
    ]
    for one in namesakes:
        if one.id in situation.adopt:
            return planned._replace(action="adopt", n8n_id=one.id, found=one)
    planned = planned._replace(action="create", with_tokens=True)
    if not namesakes:
        return planned
    return planned._replace(
        reason=f"n8n has another one of this name and type, with the id {namesakes[0].id}; "
        f"--adopt {namesakes[0].id} overwrites that one instead"
    )


def _decide_blindly(
    planned: PlannedChange, entry: StoredCredential, situation: _Situation
) -> PlannedChange:
    """Decide by the project's state alone, because n8n can't list its credentials."""
    known = situation.state.pushed(situation.url, entry.id)
    if known is None:
        if entry.id in situation.adopt:
            return planned._replace(n8n_id=entry.id).refused(_CANT_ADOPT_UNSEEN)
        return planned._replace(action="create", with_tokens=True)
    planned = planned._replace(n8n_id=known.id)
    if known.type not in ("", entry.type):
        return planned.refused(_OTHER_TYPE)
    return _update_if_changed(planned, known)


def _update_if_changed(planned: PlannedChange, known: Pushed | None) -> PlannedChange:
    """Compare with the fingerprint of what was pushed last."""
    wanted = planned.fingerprint
    renewed = bool(known and wanted.tokens and known.tokens != wanted.tokens)
    if known is None or known.fingerprint != wanted.fields or renewed:
        return planned._replace(action="update", with_tokens=renewed)
    touched = planned.found is not None and planned.found.updated_at != known.updated_at
    return planned._replace(action="unchanged", reason=_TOUCHED if touched else "")


def _refuse_same_target(planned: Sequence[PlannedChange]) -> list[PlannedChange]:
    """Refuse credentials that would overwrite each other: none of them is the right one."""
    targets = Counter(one.n8n_id or one.entry.id for one in planned if one.entry is not None)
    return [
        one.refused(_SAME_TARGET)
        if one.entry is not None and targets[one.n8n_id or one.entry.id] > 1
        else one
        for one in planned
    ]
