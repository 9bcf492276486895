"""Compare specs with n8n. Differing fields are named, and public values shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from sfcred.errors import NotKnown, RenderError
from sfcred.exchange import drift_steps
from sfcred.exchange.compare_fields import differing_fields, differing_names, with_stated_list
from sfcred.exchange.exports import has_token
from sfcred.exchange.fields import FieldChange, changes_since
from sfcred.exchange.held import why_not_held
from sfcred.exchange.n8n_api import CredentialSummary
from sfcred.exchange.other_org import TOKEN, login_of, moved_login, token_change
from sfcred.exchange.state import Fingerprint, Pushed, State
from sfcred.n8n.callback import is_cloud
from sfcred.n8n.credential_types import JWT, OAUTH2, WITH_TOKENS
from sfcred.n8n.export import NotRead, StoredCredential
from sfcred.n8n.versions import Version
from sfcred.render.api import RenderOptions
from sfcred.render.targets.n8n import data_of, fields_of
from sfcred.resolve.credential import Credential

DriftState = Literal["same", "changed", "missing", "unknown", "disconnected", "not_compared"]

_NEVER_PUSHED = "the API doesn't return its values, and it was not pushed from here"
_BY_PUSH = "compared with what was pushed last"
_AND_TOUCHED = f"{_BY_PUSH}, but n8n has changed it since then, too"
_TOUCHED = (
    "n8n has changed it since it was pushed (or stored a token), and the API doesn't return its "
    "values"
)


class Difference(NamedTuple):
    """The difference between a credential in n8n and its spec.

    Attributes:
        id, name: The credential's id and name in n8n.
        credential: The spec's name with its profile; empty if no spec declares it.
        state: same; changed; missing (from n8n); unknown (no spec declares it); disconnected (the
            same, but n8n has no token, although the spec has a consent); not_compared.
        fields: The fields that differ.
        reason: Why it could not be compared, or with what it was; for unknown, why no spec can
            stand for it.
        changes: The fields that differ, with their values if they are public and known.
        next_step: What to do; empty if nothing differs.
    """

    id: str
    name: str
    credential: str
    state: DriftState
    fields: tuple[str, ...] = ()
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()
    next_step: str = ""


def compare(
    credentials: Iterable[Credential],
    stored: Iterable[StoredCredential],
    not_read: Iterable[NotRead] = (),
) -> list[Difference]:
    """Compare specs with an export from n8n.

    Args:
        credentials: Resolved credentials. Their secrets are read here.
        stored: n8n's Salesforce credentials, decrypted, each id once.
        not_read: Entries that may be Salesforce credentials, and can't be read.

    Returns:
        One per spec, in order, then one for each credential that is only in n8n, then one for each
        other entry that can't be read.
    """
    declared, entries = list(credentials), list(stored)
    by_id = {entry.id: entry for entry in entries if entry.id}
    unread = list(not_read)
    reasons = {entry.id: entry.reason for entry in unread if entry.id}
    result = []
    for credential in declared:
        key = credential.n8n.credential_id
        entry = by_id.get(key)
        reason = reasons.get(key) or _why_not_missing(credential, unread)
        found = _with_stored(entry) if entry else _with_unread(reason)
        result.append(_compare_one(credential, found))
    known = {one.id for one in result}
    rest = [_not_compared(entry) for entry in unread if entry.id not in known]
    only = (one for one in entries if one.id not in known)
    version = _version_of(declared)
    return result + [_undeclared(one, version) for one in only] + rest


def _why_not_missing(credential: Credential, unread: Iterable[NotRead]) -> str | None:
    """Return why a credential that wasn't found can be in n8n all the same.

    An entry that can't be read, not even its id, can be any of its type.
    """
    for entry in unread:
        if not entry.id and entry.type in ("", credential.n8n_type):
            return f"{entry.reason} (it could be this one)"
    return None


def _version_of(credentials: Iterable[Credential]) -> Version | None:
    """Return the version of n8n that the specs are for; None if they differ or don't state one."""
    versions = {credential.n8n.version for credential in credentials}
    return versions.pop() if len(versions) == 1 else None


def _undeclared(entry: StoredCredential, version: Version | None) -> Difference:
    """Return a credential that no spec declares: as one to import, unless import leaves it out."""
    blank = Difference(entry.id, entry.name, "", "unknown")
    reason = why_not_held(entry, version)
    return blank._replace(reason=reason, next_step=drift_steps.to_import(reason))


def _not_compared(entry: NotRead) -> Difference:
    blank = Difference(entry.id, entry.name, "", "not_compared")
    return blank._replace(
        reason=f"can't be read: {entry.reason}", next_step=drift_steps.EXPORT_AGAIN
    )


def compare_listed(
    credentials: Iterable[Credential], listed: Iterable[CredentialSummary], url: str, state: State
) -> list[Difference]:
    """Compare specs with a running n8n's list, which never includes values.

    Credentials that were pushed from here are compared by their fingerprint, and by the time when
    n8n last changed them.

    Args:
        credentials: Resolved credentials. Their secrets are read here.
        listed: n8n's list, with credentials of any type.
        url: n8n's URL, as in the state.
        state: The state of earlier pushes.

    Returns:
        One per spec, in order, then one for each Salesforce credential that is only in n8n.
    """
    by_id = {entry.id: entry for entry in listed}
    result, known = [], set()
    for credential in credentials:
        pushed = state.pushed(url, credential.n8n.credential_id)
        entry = by_id.get(pushed.id if pushed else "") or by_id.get(credential.n8n.credential_id)
        known.add(entry.id if entry else "")
        comparison = entry and _with_summary(entry, pushed, state, on_cloud=is_cloud(url))
        result.append(_compare_one(credential, comparison))
    only = _only_in_n8n((e for e in by_id.values() if e.type in (JWT, OAUTH2)), known)
    return result + [
        one._replace(next_step=drift_steps.to_declare(one.id, is_cloud=is_cloud(url)))
        for one in only
    ]


def _only_in_n8n(
    entries: Iterable[StoredCredential | CredentialSummary], known: set[str]
) -> list[Difference]:
    return [Difference(one.id, one.name, "", "unknown") for one in entries if one.id not in known]


#: Completes a Difference, given the credential.
_Comparison = Callable[[Difference, Credential], Difference]


def _compared(blank: Difference, credential: Credential, comparison: _Comparison) -> Difference:
    try:
        return comparison(blank, credential)
    except (NotKnown, RenderError) as error:
        return blank._replace(state="not_compared", reason=error.message, next_step=error.hint)


def _compare_one(credential: Credential, comparison: _Comparison | None) -> Difference:
    n8n = credential.n8n
    blank = Difference(n8n.credential_id, n8n.credential_name, credential.label, "missing")
    if comparison is None:
        return blank._replace(next_step=drift_steps.to_create(credential))
    found = _compared(blank, credential, comparison)
    if found.state == "changed":
        return found._replace(next_step=drift_steps.to_write(credential, found.fields))
    if found.state == "disconnected":
        return found._replace(next_step=drift_steps.to_connect(credential))
    return found


def _with_stored(entry: StoredCredential) -> _Comparison:
    def comparison(blank: Difference, credential: Credential) -> Difference:
        wanted = with_stated_list(_without_tokens(credential), credential, entry)
        changes = differing_fields(wanted, entry, credential.n8n.version)
        other = token_change(credential, entry) if wanted.type == entry.type else None
        if changes or other:
            changed = _changed(blank, (*changes, other) if other else changes)
            return changed._replace(reason=drift_steps.OTHER_ORG if other else "")
        is_declared = credential.declared(("oauth2", "refresh_token")) is not None
        has_consent = credential.flow == "oauth2" and is_declared
        is_disconnected = entry.type in WITH_TOKENS and has_consent and not has_token(entry)
        return blank._replace(state="disconnected" if is_disconnected else "same")

    return comparison


def _with_unread(reason: str | None) -> _Comparison | None:
    if reason is None:
        return None
    said = f"n8n's entry can't be read: {reason}"
    step = drift_steps.EXPORT_AGAIN
    return lambda blank, _credential: blank._replace(
        state="not_compared", reason=said, next_step=step
    )


def _with_summary(
    entry: CredentialSummary, pushed: Pushed | None, state: State, *, on_cloud: bool
) -> _Comparison:
    def comparison(blank: Difference, credential: Credential) -> Difference:
        wanted = rendered(credential)
        changes = differing_names(wanted, entry)
        if pushed is None:
            if changes:
                return _changed(blank, changes)
            step = drift_steps.to_adopt(entry.id, is_cloud=on_cloud)
            return blank._replace(state="not_compared", reason=_NEVER_PUSHED, next_step=step)
        since = (
            *_changed_since(pushed, state.fingerprint(wanted.name, wanted.data)),
            *moved_login(pushed, login_of(credential, wanted)),
        )
        touched = pushed.updated_at != entry.updated_at
        if changes or since:
            reason = (_AND_TOUCHED if touched else _BY_PUSH) if since else ""
            return _changed(blank, (*changes, *since))._replace(reason=reason)
        if touched:
            step = drift_steps.to_know(is_cloud=on_cloud)
            return blank._replace(state="not_compared", reason=_TOUCHED, next_step=step)
        if pushed.reconnect:
            kept = _changed(blank, (FieldChange(TOKEN, None, None),))
            return kept._replace(reason=drift_steps.OTHER_ORG)
        return blank._replace(state="same")

    return comparison


def _changed(blank: Difference, changes: tuple[FieldChange, ...]) -> Difference:
    fields = tuple(change.field for change in changes)
    return blank._replace(state="changed", fields=fields, changes=changes)


#: Stands for the fields if it isn't known which of them have changed since the last push.
UNNAMED = "the spec (changed since it was pushed)"


def _changed_since(pushed: Pushed, wanted: Fingerprint) -> tuple[FieldChange, ...]:
    """Return the spec's fields that have changed since the last push, but for the name."""
    if pushed.fingerprint == wanted.fields:
        return ()
    changes = changes_since(pushed.marks, wanted.marks) if pushed.digests else ()
    if not changes:
        return (FieldChange(UNNAMED, None, None),)
    return tuple(one for one in changes if one.field != "name")  # n8n's list has the name


def rendered(credential: Credential) -> StoredCredential:
    """Return a credential as `sfcred render` writes it, unencrypted.

    Raises:
        RenderError: It can't be rendered here.
    """
    return _stored(credential, data_of(credential, RenderOptions()))


def _without_tokens(credential: Credential) -> StoredCredential:
    """Return a credential as it is rendered, but for its consent, which n8n renews."""
    return _stored(credential, fields_of(credential))


def _stored(credential: Credential, data: Mapping[str, object]) -> StoredCredential:
    n8n = credential.n8n
    return StoredCredential(n8n.credential_id, n8n.credential_name, credential.n8n_type, data)
