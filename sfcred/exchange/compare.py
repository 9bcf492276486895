"""Compare specs with n8n. Differing fields are named; their values are never shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from pydantic import SecretStr

from sfcred.errors import NotKnown, RenderError
from sfcred.exchange.exports import has_token
from sfcred.exchange.n8n_api import CredentialSummary
from sfcred.exchange.state import Pushed, State
from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.n8n.export import NotRead, StoredCredential
from sfcred.n8n.http_domains import MODE_FIELD, read_allowed
from sfcred.render.api import RenderOptions
from sfcred.render.targets.n8n import entry_of
from sfcred.resolve.credential import Credential

DriftState = Literal["same", "changed", "missing", "unknown", "disconnected", "not_compared"]

#: Fields whose values a spec decides. n8n manages the other fields itself.
_DECIDED = (
    "environment",
    "clientId",
    "clientSecret",
    "username",
    "privateKey",
    "myDomainUrl",
    "authUrl",
    "accessTokenUrl",
    MODE_FIELD,
)
_NEVER_PUSHED = (
    "the API doesn't return its values, and it was not pushed from here: compare with --export"
)
_TOUCHED = (
    "n8n has changed it since it was pushed (or stored a token), and the API doesn't return its "
    "values: compare with --export"
)


class Difference(NamedTuple):
    """The difference between a credential in n8n and its spec.

    Attributes:
        id, name: The credential's id and name in n8n.
        credential: The spec's name with its profile; empty if no spec declares it.
        state: same; changed; missing (from n8n); unknown (no spec declares it); disconnected (the
            same, but n8n has no token, although the spec has a consent); not_compared.
        fields: The fields that differ.
        reason: Why it could not be compared.
    """

    id: str
    name: str
    credential: str
    state: DriftState
    fields: tuple[str, ...] = ()
    reason: str = ""


def compare(
    credentials: Iterable[Credential],
    stored: Iterable[StoredCredential],
    not_read: Iterable[NotRead] = (),
) -> list[Difference]:
    """Compare specs with an export from n8n.

    Args:
        credentials: Resolved credentials. Their secrets are read here.
        stored: n8n's Salesforce credentials, decrypted.
        not_read: Entries that may be Salesforce credentials, and can't be read.

    Returns:
        One per spec, in order, then one for each credential that is only in n8n, then one for each
        other entry that can't be read.
    """
    by_id = {entry.id: entry for entry in stored}
    unread = list(not_read)
    reasons = {entry.id: entry.reason for entry in unread if entry.id}
    result = []
    for credential in credentials:
        key = credential.n8n.credential_id
        entry = by_id.get(key)
        found = _with_stored(entry) if entry else _with_unread(reasons.get(key))
        result.append(_compare_one(credential, found))
    known = {one.id for one in result}
    rest = [_not_compared(entry) for entry in unread if entry.id not in known]
    return result + _only_in_n8n(by_id.values(), known) + rest


def _not_compared(entry: NotRead) -> Difference:
    reason = f"can't be read: {entry.reason}"
    return Difference(entry.id, entry.name, "", "not_compared", reason=reason)


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
        result.append(_compare_one(credential, entry and _with_summary(entry, pushed, state)))
    return result + _only_in_n8n((e for e in by_id.values() if e.type in (JWT, OAUTH2)), known)


def _only_in_n8n(
    entries: Iterable[StoredCredential | CredentialSummary], known: set[str]
) -> list[Difference]:
    return [Difference(one.id, one.name, "", "unknown") for one in entries if one.id not in known]


#: Completes a Difference, given the credential as it should be in n8n.
_Comparison = Callable[[Difference, StoredCredential], Difference]


def _compare_one(credential: Credential, comparison: _Comparison | None) -> Difference:
    n8n = credential.n8n
    blank = Difference(n8n.credential_id, n8n.credential_name, credential.label, "missing")
    if comparison is None:
        return blank
    try:
        wanted = rendered(credential)
    except (NotKnown, RenderError) as error:
        return blank._replace(state="not_compared", reason=error.message)
    return comparison(blank, wanted)


def _with_stored(entry: StoredCredential) -> _Comparison:
    def comparison(blank: Difference, wanted: StoredCredential) -> Difference:
        fields = _differing_fields(wanted, entry)
        if fields:
            return blank._replace(state="changed", fields=fields)
        is_disconnected = wanted.data.get("oauthTokenData") and not has_token(entry)
        return blank._replace(state="disconnected" if is_disconnected else "same")

    return comparison


def _with_unread(reason: str | None) -> _Comparison | None:
    if reason is None:
        return None
    said = f"n8n's entry can't be read: {reason}"
    return lambda blank, _wanted: blank._replace(state="not_compared", reason=said)


def _with_summary(entry: CredentialSummary, pushed: Pushed | None, state: State) -> _Comparison:
    def comparison(blank: Difference, wanted: StoredCredential) -> Difference:
        fields = _differing_names(wanted, entry)
        if fields:
            return blank._replace(state="changed", fields=fields)
        if pushed is None:
            return blank._replace(state="not_compared", reason=_NEVER_PUSHED)
        if pushed.fingerprint != state.fingerprint(wanted.name, wanted.data).fields:
            return blank._replace(
                state="changed", fields=("the spec (changed since it was pushed)",)
            )
        if pushed.updated_at != entry.updated_at:
            return blank._replace(state="not_compared", reason=_TOUCHED)
        return blank._replace(state="same")

    return comparison


def rendered(credential: Credential) -> StoredCredential:
    """Return a credential as `sfcred render` writes it, unencrypted.

    Raises:
        RenderError: It can't be rendered here.
    """
    n8n = credential.n8n
    data = entry_of(credential, RenderOptions())["data"]
    if not isinstance(data, dict):
        raise TypeError("rendered as ciphertext")
    return StoredCredential(n8n.credential_id, n8n.credential_name, credential.n8n_type, data)


def _differing_names(
    wanted: StoredCredential, entry: StoredCredential | CredentialSummary
) -> tuple[str, ...]:
    return tuple(f for f in ("name", "type") if getattr(wanted, f) != getattr(entry, f))


def _differing_fields(wanted: StoredCredential, entry: StoredCredential) -> tuple[str, ...]:
    found = _differing_names(wanted, entry)
    if "type" in found:  # another type has different fields
        return found
    return (*found, *(f for f in _DECIDED if _value(f, wanted.data) != _value(f, entry.data)))


def _value(field: str, data: Mapping[str, object]) -> object:
    """Return a field's value as n8n reads it: a missing value is the same as an empty one."""
    if field == MODE_FIELD:
        allowed = read_allowed(data)
        return allowed.mode, frozenset(allowed.domains)
    value = data.get(field) or ""
    if field == "environment":
        return value or "production"
    if field == "myDomainUrl" and isinstance(value, str):
        return value.removesuffix("/")
    if field == "privateKey" and isinstance(value, str):
        return _canonical(value)
    return value


def _canonical(text: str) -> str:
    """Return a key in canonical form, so that different line endings don't count as a change."""
    from sfcred.keys.private_key import PrivateKey, read_private_key

    key = read_private_key(SecretStr(text))
    return key.canonical_pem() if isinstance(key, PrivateKey) else text
