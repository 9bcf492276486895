"""Compare specs with n8n. Differing fields are named, and public values shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from pydantic import SecretStr

from sfcred.errors import NotKnown, RenderError
from sfcred.exchange import drift_steps, held_generic
from sfcred.exchange.exports import has_token
from sfcred.exchange.fields import FieldChange, changes_since, public_value
from sfcred.exchange.held import (
    LOGIN_PATHS,
    default_base,
    is_client_credentials,
    login_base,
    needs_environment,
)
from sfcred.exchange.n8n_api import CredentialSummary
from sfcred.exchange.other_org import TOKEN, login_of, moved_login, token_change
from sfcred.exchange.state import Fingerprint, Pushed, State
from sfcred.n8n.callback import is_cloud
from sfcred.n8n.credential_types import GENERIC, JWT, OAUTH2, WITH_TOKENS
from sfcred.n8n.export import NotRead, StoredCredential
from sfcred.n8n.expression import Unevaluated, evaluated, is_expression
from sfcred.n8n.http_domains import DOMAINS_FIELD, MODE_FIELD, AllowedDomains, read_allowed
from sfcred.n8n.versions import HTTP_DOMAINS, STORED_OAUTH_URLS, Version, has
from sfcred.render.api import RenderOptions
from sfcred.render.targets.n8n import data_of, fields_of
from sfcred.resolve.credential import Credential
from sfcred.resolve.http_request import decide_http_request

DriftState = Literal["same", "changed", "missing", "unknown", "disconnected", "not_compared"]

#: The fields that make n8n before 2.41.0 use client credentials.
_FLOW_FIELDS = ("grantType", "authentication", "scope")
#: What n8n uses for such a field if it is missing. An empty text is a value of its own for `scope`.
_FLOW_DEFAULTS: Mapping[str, object] = {
    held_generic.CREDENTIAL_TYPE: held_generic.BY_SECRET,
    "grantType": "pkce",
    "authentication": "header",
    "scope": "full refresh_token",
}
#: Fields whose values a spec decides, by n8n's type. n8n manages the others itself, or drops them.
#: n8n's Salesforce type has no ignoreSSLIssues, tokenExpiredStatusCode or jweEnabled, whatever is
#: stored (`doNotInherit`), and additionalBodyProperties only with the authentication `body` (n8n
#: 2.40.5 and 2.41.1, run). MODE_FIELD stands for both fields of Allowed HTTP Request Domains.
_DECIDED = {
    JWT: ("environment", "clientId", "username", "privateKey", "myDomainUrl", MODE_FIELD),
    OAUTH2: (
        "environment",
        "clientId",
        "clientSecret",
        held_generic.CREDENTIAL_TYPE,
        *LOGIN_PATHS,
        *_FLOW_FIELDS,
        MODE_FIELD,
    ),
    GENERIC: (*held_generic.DECIDED, MODE_FIELD),
}
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
        reason: Why it could not be compared, or with what it was.
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
    entries = list(stored)
    by_id = {entry.id: entry for entry in entries if entry.id}
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
    only = _only_in_n8n(entries, known)
    return result + [one._replace(next_step=drift_steps.IMPORT) for one in only] + rest


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
        wanted = _with_stated_list(_without_tokens(credential), credential, entry)
        changes = _differing_fields(wanted, entry, credential.n8n.version)
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
        changes = _differing_names(wanted, entry)
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


def _differing_names(
    wanted: StoredCredential, entry: StoredCredential | CredentialSummary
) -> tuple[FieldChange, ...]:
    pairs = {"name": (entry.name, wanted.name), "type": (entry.type, wanted.type)}
    return tuple(
        FieldChange(field, public_value(field, theirs), public_value(field, ours))
        for field, (theirs, ours) in pairs.items()
        if theirs != ours
    )


def _differing_fields(
    wanted: StoredCredential, entry: StoredCredential, version: Version | None
) -> tuple[FieldChange, ...]:
    found = _differing_names(wanted, entry)
    if wanted.type != entry.type:  # another type has different fields
        return found
    # What n8n ignores, whatever it has stored
    ignored = [] if needs_environment(entry, version) else ["environment"]
    if entry.type == OAUTH2:
        ignored += _ignored_of_oauth2(wanted, version)
    if has(HTTP_DOMAINS, version) is False:
        ignored.append(MODE_FIELD)
    heeded = [field for field in _DECIDED[entry.type] if field not in ignored]
    return (
        *found,
        *(_field_change(f, wanted, entry) for f in heeded if _differs(f, wanted, entry)),
    )


def _ignored_of_oauth2(wanted: StoredCredential, version: Version | None) -> list[str]:
    # A consent ignores a stored scope, and client credentials need no authUrl.
    ignored = ["authUrl" if is_client_credentials(wanted.data) else "scope"]
    if has(STORED_OAUTH_URLS, version) is False:
        ignored += [*LOGIN_PATHS, *_FLOW_FIELDS]
    return ignored


def _differs(field: str, wanted: StoredCredential, entry: StoredCredential) -> bool:
    if field == MODE_FIELD:
        is_same = _is_same_list(read_allowed(wanted.data), _heeded_domains(entry))
        return _has_unknown_mode(entry.data) or not is_same
    if entry.type == GENERIC:
        return held_generic.comparable(field, wanted.data) != held_generic.comparable(
            field, entry.data
        )
    value = _flow_value if field in _FLOW_DEFAULTS else _value
    return value(field, wanted.data) != value(field, entry.data)


def _with_stated_list(
    wanted: StoredCredential, credential: Credential, entry: StoredCredential
) -> StoredCredential:
    """Compare with the spec's own list if n8n has that: its JWT login works without its host, too.

    So what was imported from n8n doesn't differ from it.
    """
    if MODE_FIELD not in wanted.data:
        return wanted
    stated = decide_http_request(credential).stated
    is_stated = _is_same_list(stated, _heeded_domains(entry))
    return wanted._replace(data={**wanted.data, **stated.fields()}) if is_stated else wanted


def _is_same_list(ours: AllowedDomains, theirs: AllowedDomains) -> bool:  # in any order
    return (ours.mode, {*ours.domains}) == (theirs.mode, {*theirs.domains})


def _heeded_domains(entry: StoredCredential) -> AllowedDomains:
    """Return where n8n sends the token. A list without hosts is the same as none.

    Source: n8n 2.40.5 and 2.41.1, run: n8n then refuses every HTTP Request node, and its Salesforce
    nodes work.
    """
    found = read_allowed(entry.data)
    is_empty = found.mode == "domains" and not found.domains
    listed = entry.data.get(DOMAINS_FIELD)
    is_known = not (isinstance(listed, str) and is_expression(listed))
    return AllowedDomains("none") if is_empty and is_known else found


def _has_unknown_mode(data: Mapping[str, object]) -> bool:
    mode = data.get(MODE_FIELD)
    return isinstance(mode, str) and isinstance(evaluated(mode), Unevaluated)


def _field_change(field: str, wanted: StoredCredential, entry: StoredCredential) -> FieldChange:
    if field == MODE_FIELD:
        return FieldChange(field, _allowed(entry.data), _allowed(wanted.data))
    values = (one.data.get(field) for one in (entry, wanted))
    return FieldChange(field, *(public_value(field, value) for value in values))


def _allowed(data: Mapping[str, object]) -> str | None:
    """Return the hosts that may get the token, or n8n's word for all or none; None if unknown."""
    if _has_unknown_mode(data):
        return None
    mode, domains = read_allowed(data)
    return public_value(DOMAINS_FIELD, ", ".join(domains)) or mode


def _value(field: str, data: Mapping[str, object]) -> object:
    """Return a field's value as n8n reads it: a missing value is the same as an empty one."""
    if field in LOGIN_PATHS:
        return login_base(field, data)
    stored = data.get(field) or ""
    value = evaluated(stored) if isinstance(stored, str) else stored
    if not isinstance(value, str):
        return value
    if field == "environment":
        return value or "production"
    if field == "myDomainUrl":
        url = value.removesuffix("/")
        return "" if url == default_base(data) else url
    return _canonical(value) if field == "privateKey" else value


def _flow_value(field: str, data: Mapping[str, object]) -> object:
    """Return a field that decides the flow. n8n before 1.85 has a consent without PKCE."""
    value = data.get(field)
    if value is None or (value == "" and field != "scope"):
        return _FLOW_DEFAULTS[field]
    value = evaluated(value) if isinstance(value, str) else value
    return "pkce" if value == "authorizationCode" else value


def _canonical(text: str) -> str:
    """Return a key in canonical form, so that different line endings don't count as a change."""
    from sfcred.keys.private_key import PrivateKey, read_private_key

    key = read_private_key(SecretStr(text))
    return key.canonical_pem() if isinstance(key, PrivateKey) else text
