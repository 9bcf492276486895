"""Plan a push: decide what to do with which of n8n's credentials, and why.

A push only overwrites credentials that were pushed from here, according to the project's state. You
have to adopt any other credential that has a spec's id (`adopt`). Credentials of another type are
never touched.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sfcred.errors import NotKnown, RenderError, UsageError
from sfcred.exchange.address import other_n8n
from sfcred.exchange.compare import rendered
from sfcred.exchange.fields import FieldChange, FieldMarks, changes_since, public_value
from sfcred.exchange.n8n_api import Api, Listed
from sfcred.exchange.other_org import TOKEN, login_of, moved_login
from sfcred.exchange.overwritten import would_change
from sfcred.exchange.plan import Plan, PlannedChange
from sfcred.exchange.state import Fingerprint, Pushed, State
from sfcred.exchange.undeclared import find_undeclared
from sfcred.http.trust import require_targets
from sfcred.n8n.callback import is_cloud
from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.n8n.export import StoredCredential
from sfcred.n8n.expression import read_locator
from sfcred.n8n.ids import ID_FORM
from sfcred.n8n.versions import SECRET_WRITEBACK, has
from sfcred.resolve.client_credentials import needed_overwrite
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import import_targets
from sfcred.resolve.n8n_ways import NOT_ON_CLOUD, instead_of_push, is_impossible

_OTHER_TYPE = (
    "n8n has a credential of another type under this id, which push never overwrites: set another "
    "n8n.id in the spec"
)
_SAME_TARGET = (
    "another of these credentials has the same id in n8n, and would overwrite this one or be "
    "overwritten: choose one with --profile, or give each a different n8n.id"
)
_WRITEBACK = (
    "some versions of n8n (2.28 to 2.33) write resolved external secrets into their database "
    "when they log in, and n8n.version doesn't rule that out"
)
_FAILED = "it failed n8n's test after the last push"
_UNKNOWN = "it is not known which fields change"
_TOUCHED = "n8n has changed it since it was pushed, or stored a token"
_RECONNECT = (
    "if it is connected, n8n keeps using the token of the org that it was connected to before: "
    "connect it again in n8n"
)
_CANT_ADOPT_UNSEEN = (
    "this n8n can't list its credentials, so you can't see what you would overwrite"
)
#: Fields of the Salesforce OAuth2 type that n8n's API refuses as additional properties, although
#: import:credentials accepts them (tested with n8n 0.236.0 to 2.41.1).
_HIDDEN = ("grantType", "authUrl", "accessTokenUrl")
_NOTHING = StoredCredential("", "", "", {})


class _Situation(NamedTuple):
    """What a decision depends on. `listed` is None if n8n can't list its credentials."""

    url: str
    listed: Listed | None
    state: State
    adopt: frozenset[str]


def make_plan(
    credentials: Sequence[Credential],
    api: Api,
    state: State,
    adopt: frozenset[str] = frozenset(),
    declared: frozenset[str] | None = None,
) -> Plan:
    """Ask n8n what it has, and plan the actions.

    Args:
        credentials: Resolved credentials. Their secrets are read here.
        api: The n8n to push to.
        state: The state of earlier pushes.
        adopt: The ids of credentials in n8n that may be overwritten.
        declared: The ids that all of the project's specs give; None if they aren't all known.

    Raises:
        ApiError: n8n refused or can't be reached, or the answer is not n8n's.
        UsageError: An id to adopt doesn't belong to any of these credentials.
    """
    situation = _Situation(api.url, api.look(), state, adopt)
    planned = _refuse_same_target([_plan_one(credential, situation) for credential in credentials])
    planned = _heed_overwrites(planned, credentials, situation.listed)
    known = {one.n8n_id for one in planned} | {one.n8n.credential_id for one in credentials}
    if strangers := sorted(adopt - known):
        raise UsageError(
            f"--adopt {strangers[0]}: none of these credentials has this id",
            hint="Use an id from the plan. To see it, run sfcred push --dry-run.",
        )
    others = tuple(other_n8n(api.url, ((one.label, one.n8n.url) for one in credentials)))
    left = tuple(find_undeclared(state, api.url, situation.listed, declared))
    return Plan(api.url, tuple(planned), others, situation.listed is None, left)


def _plan_one(credential: Credential, situation: _Situation) -> PlannedChange:
    none = Fingerprint("", "", FieldMarks({}, {}))
    nothing = PlannedChange(
        credential.label, "refused", None, "", None, "", none, with_tokens=False, confirmed=True
    )
    try:
        require_targets(import_targets(credential), credential.context)
        entry = rendered(credential)
    except (NotKnown, RenderError) as error:
        return nothing.refused(error.message)
    if why := _why_not_sent(credential, entry, on_cloud=is_cloud(situation.url)):
        return nothing.refused(why)
    fingerprint = situation.state.fingerprint(entry.name, entry.data)
    untested = _WRITEBACK if _writes_secrets_back(credential, entry) else ""
    planned = nothing._replace(
        entry=entry,
        fingerprint=fingerprint,
        untested=untested,
        login=login_of(credential, entry),
    )
    decide = _decide_blindly if situation.listed is None else _decide
    return decide(planned, entry, situation)


def _why_not_sent(credential: Credential, entry: StoredCredential, *, on_cloud: bool) -> str:
    if is_impossible(credential, is_cloud=on_cloud):
        return f"{NOT_ON_CLOUD}: {instead_of_push(credential, is_cloud=on_cloud)}"
    hidden = [field for field in _HIDDEN if field in entry.data]
    if hidden and entry.type == OAUTH2:
        purpose = "client credentials" if "grantType" in hidden else "my_domain"
        return (
            f"n8n's API doesn't accept {' and '.join(hidden)}, which n8n before 2.41.0 needs for "
            f"{purpose}: {instead_of_push(credential, is_cloud=on_cloud)}"
        )
    if not re.fullmatch(ID_FORM, entry.id):
        return "its n8n.id is not in a format that n8n's API accepts"
    return ""


def _writes_secrets_back(credential: Credential, entry: StoredCredential) -> bool:
    """Return whether a login could make n8n replace its external secrets by their values."""
    if entry.type != JWT or has(SECRET_WRITEBACK, credential.n8n.version) is False:
        return False
    return any(isinstance(value, str) and read_locator(value) for value in entry.data.values())


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
    planned = _update_if_changed(planned, known if known and known.id == found.id else None)
    if found.name == entry.name:
        return planned
    others = tuple(one for one in planned.changes if one.field != "name")
    names = (public_value("name", name) for name in (found.name, entry.name))
    renamed = planned._replace(changes=(FieldChange("name", *names), *others))
    if planned.action == "unchanged":
        return renamed._replace(action="update", reason="")
    return renamed


def _create_or_adopt(
    planned: PlannedChange, entry: StoredCredential, situation: _Situation
) -> PlannedChange:
    """Create it, or adopt one with the same name and type, if --adopt names its id."""
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
        reason=f"n8n has another one with this name and type, with the id {namesakes[0].id}; to "
        f"overwrite that one instead, pass --adopt {namesakes[0].id}"
    )


def _decide_blindly(
    planned: PlannedChange, entry: StoredCredential, situation: _Situation
) -> PlannedChange:
    """Decide by the project's state alone, if n8n can't list its credentials."""
    known = situation.state.pushed(situation.url, entry.id)
    if known is None:
        if entry.id in situation.adopt:
            instead = (
                "update n8n"
                if is_cloud(situation.url)
                else "use sfcred render and n8n import:credentials"
            )
            return planned._replace(n8n_id=entry.id).refused(f"{_CANT_ADOPT_UNSEEN}: {instead}")
        return planned._replace(action="create", with_tokens=True)
    planned = planned._replace(n8n_id=known.id)
    if known.type not in ("", entry.type):
        return planned.refused(_OTHER_TYPE)
    return _update_if_changed(planned, known)


def _update_if_changed(planned: PlannedChange, known: Pushed | None) -> PlannedChange:
    """Compare with the fingerprint of the last push."""
    if known is None:
        return planned._replace(action="update", reason=_UNKNOWN)
    wanted = planned.fingerprint
    renewed = bool(wanted.tokens and known.tokens != wanted.tokens)
    touched = planned.found is not None and planned.found.updated_at != known.updated_at
    is_changed, moved = known.fingerprint != wanted.fields, moved_login(known, planned.login)
    if not (is_changed or renewed or moved):
        return _unchanged(planned, known, touched=touched)
    changes = changes_since(known.marks, wanted.marks) if known.digests else ()
    planned = _with_token(planned, known, is_moved=bool(moved), renewed=renewed, touched=touched)
    if is_changed and not changes:
        return planned._replace(reason=f"{_UNKNOWN}; {planned.reason}".removesuffix("; "))
    return planned._replace(changes=(*changes, *moved))


def _unchanged(planned: PlannedChange, known: Pushed, *, touched: bool) -> PlannedChange:
    # If n8n has stored something since then, it may be the new token.
    kept = known.reconnect and not touched
    reason = _FAILED if known.failed else _RECONNECT if kept else _TOUCHED if touched else ""
    return planned._replace(action="unchanged", reason=reason, retest=known.failed)


def _with_token(
    planned: PlannedChange, known: Pushed, *, is_moved: bool, renewed: bool, touched: bool
) -> PlannedChange:
    """Plan an update, with the spec's own token if the one in n8n is from another org."""
    sent = renewed or (is_moved and planned.entry is not None and TOKEN in planned.entry.data)
    kept = not sent and (is_moved or (known.reconnect and not touched))
    reasons = (_TOUCHED if touched else "", _RECONNECT if kept else "")
    return planned._replace(
        action="update",
        with_tokens=sent,
        reconnect=kept,
        reason="; ".join(one for one in reasons if one),
    )


def _refuse_same_target(planned: Sequence[PlannedChange]) -> list[PlannedChange]:
    """Refuse credentials that would overwrite each other, because any of them could be wrong."""
    targets = Counter(one.n8n_id or one.entry.id for one in planned if one.entry is not None)
    return [
        one.refused(_SAME_TARGET)
        if one.entry is not None and targets[one.n8n_id or one.entry.id] > 1
        else one
        for one in planned
    ]


def _heed_overwrites(
    planned: Sequence[PlannedChange], credentials: Sequence[Credential], listed: Listed | None
) -> list[PlannedChange]:
    """Refuse new credentials whose overwrite changes others in n8n; note it about existing ones."""
    wanted = list(map(needed_overwrite, credentials))
    same: dict[str, set[str]] = {}
    for change, overwrite in zip(planned, wanted, strict=True):
        same.setdefault(overwrite, set()).add(change.n8n_id or (change.entry or _NOTHING).id)
    held = (listed or {}).values()
    others = {overwrite: would_change(held, ids) for overwrite, ids in same.items() if overwrite}
    return [
        _with_others(change, others[overwrite]) if others.get(overwrite) else change
        for change, overwrite in zip(planned, wanted, strict=True)
    ]


def _with_others(change: PlannedChange, others: str) -> PlannedChange:
    text = f"the overwrite that this one needs changes n8n's {others}, too"
    if change.action in ("create", "adopt"):
        ways = "delete that in n8n if nothing uses it, or use the JWT flow or another n8n for it"
        more = f"; {change.reason}" if change.reason else ""
        return change.refused(f"{text}: {ways}{more}")
    return change._replace(reason=f"{change.reason}; {text}" if change.reason else text)
