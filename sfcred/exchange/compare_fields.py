"""Compare the fields of a credential as a spec renders it with those that n8n has."""

from collections.abc import Mapping

from pydantic import SecretStr

from sfcred.exchange import held_generic
from sfcred.exchange.fields import FieldChange, public_value
from sfcred.exchange.held import (
    default_base,
    login_base,
    needs_environment,
)
from sfcred.exchange.n8n_api import CredentialSummary
from sfcred.n8n.credential_types import GENERIC, JWT, OAUTH2
from sfcred.n8n.export import StoredCredential
from sfcred.n8n.expression import Unevaluated, evaluated, is_expression
from sfcred.n8n.http_domains import DOMAINS_FIELD, MODE_FIELD, AllowedDomains, read_allowed
from sfcred.n8n.versions import HTTP_DOMAINS, STORED_OAUTH_URLS, Version, has
from sfcred.resolve.credential import Credential
from sfcred.resolve.http_request import decide_http_request

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
        *held_generic.LOGIN_PATHS,
        *_FLOW_FIELDS,
        MODE_FIELD,
    ),
    GENERIC: (*held_generic.DECIDED, MODE_FIELD),
}


def differing_names(
    wanted: StoredCredential, entry: StoredCredential | CredentialSummary
) -> tuple[FieldChange, ...]:
    """Return the name and the type, if they differ. A list of n8n's has these, too."""
    pairs = {"name": (entry.name, wanted.name), "type": (entry.type, wanted.type)}
    return tuple(
        FieldChange(field, public_value(field, theirs), public_value(field, ours))
        for field, (theirs, ours) in pairs.items()
        if theirs != ours
    )


def differing_fields(
    wanted: StoredCredential, entry: StoredCredential, version: Version | None
) -> tuple[FieldChange, ...]:
    """Return the fields that differ, of those that this version of n8n heeds.

    Args:
        wanted: The credential as the spec renders it.
        entry: What n8n has.
        version: The version of n8n; None if it is unknown.
    """
    found = differing_names(wanted, entry)
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
    ignored = ["authUrl" if held_generic.is_client_credentials(wanted.data) else "scope"]
    if has(STORED_OAUTH_URLS, version) is False:
        ignored += [*held_generic.LOGIN_PATHS, *_FLOW_FIELDS]
    return ignored


def _differs(field: str, wanted: StoredCredential, entry: StoredCredential) -> bool:
    if field == MODE_FIELD:
        is_same = _is_same_list(read_allowed(wanted.data), _heeded_domains(entry))
        return _has_unknown_mode(entry.data) or not is_same
    if entry.type == GENERIC:
        return held_generic.comparable(field, wanted.data) != held_generic.comparable(
            field, entry.data
        )
    if field in held_generic.LOGIN_PATHS:
        return _logs_in_elsewhere(field, wanted.data, entry.data)
    value = _flow_value if field in _FLOW_DEFAULTS else _value
    return value(field, wanted.data) != value(field, entry.data)


def _logs_in_elsewhere(
    field: str, wanted: Mapping[str, object], entry: Mapping[str, object]
) -> bool:
    ours, theirs = login_base(field, wanted), login_base(field, entry)
    # One can have the address that is the other's by its Environment Type. If both have none, only
    # the Environment Types can differ, which are compared on their own.
    return ours != theirs and (ours or default_base(wanted)) != (theirs or default_base(entry))


def with_stated_list(
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
    return isinstance(evaluated(mode), Unevaluated)


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
    value = evaluated(data.get(field) or "")
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
    value = evaluated(value)
    return "pkce" if value == "authorizationCode" else value


def _canonical(text: str) -> str:
    """Return a key in canonical form, so that different line endings don't count as a change."""
    from sfcred.keys.private_key import PrivateKey, read_private_key

    key = read_private_key(SecretStr(text))
    return key.canonical_pem() if isinstance(key, PrivateKey) else text
