"""Specs and what n8n has, compared: what differs is named, its value never."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from pydantic import SecretStr

from sfcred.errors import RenderError
from sfcred.exchange.n8n_api import Summary
from sfcred.exchange.state import Pushed, State
from sfcred.n8n.credential_types import JWT, OAUTH2
from sfcred.n8n.export import Stored
from sfcred.render.api import Order
from sfcred.render.targets.n8n import render
from sfcred.resolve.credential import Credential

Standing = Literal["same", "changed", "missing", "unknown", "disconnected", "not_compared"]

#: Fields that a spec always decides; n8n's other ones are its own.
_DECIDED = (
    "environment",
    "clientId",
    "clientSecret",
    "username",
    "privateKey",
    "myDomainUrl",
    "authUrl",
    "accessTokenUrl",
)


class Difference(NamedTuple):
    """How a credential stands.

    Attributes:
        id, name: n8n's.
        credential: The spec's name with its profile; empty where no spec has it.
        state: same; changed; missing (in n8n); unknown (to the specs); disconnected (same, but
            n8n has no token where the spec has a consent); not_compared.
        fields: What differs.
        reason: Why it could not be compared.
    """

    id: str
    name: str
    credential: str
    state: Standing
    fields: tuple[str, ...] = ()
    reason: str = ""


def compare(credentials: Iterable[Credential], stored: Iterable[Stored]) -> list[Difference]:
    """Compares specs with what n8n has.

    Args:
        credentials: Resolved; their values are read here.
        stored: n8n's Salesforce credentials, decrypted.

    Returns:
        Specs in their order, then what only n8n has.
    """
    by_id = {entry.id: entry for entry in stored}
    result = [_one(credential, by_id) for credential in credentials]
    known = {difference.id for difference in result}
    return result + [
        Difference(entry.id, entry.name, "", "unknown")
        for entry in by_id.values()
        if entry.id not in known
    ]


def _one(credential: Credential, by_id: Mapping[str, Stored]) -> Difference:
    n8n = credential.n8n
    blank = Difference(n8n.credential_id, n8n.credential_name, credential.label, "missing")
    entry = by_id.get(n8n.credential_id)
    if entry is None:
        return blank
    try:
        wanted = rendered(credential)
    except RenderError as error:
        return blank._replace(state="not_compared", reason=error.message)
    fields = _fields(wanted, entry)
    if fields:
        return blank._replace(state="changed", fields=fields)
    return blank._replace(state="disconnected" if _is_disconnected(wanted, entry) else "same")


def compare_listed(
    credentials: Iterable[Credential], listed: Iterable[Summary], url: str, state: State
) -> list[Difference]:
    """Compares specs with what a running n8n lists, which never has data.

    What was pushed from here is known by its fingerprint, and by when n8n changed it last.

    Args:
        credentials: Resolved; their values are read here.
        listed: n8n's list.
        url: n8n's address, as it was pushed to.
        state: What was pushed.
    """
    by_id = {entry.id: entry for entry in listed}
    result, known = [], set()
    for credential in credentials:
        pushed = state.pushed(url, credential.n8n.credential_id)
        entry = by_id.get(pushed.id if pushed else "") or by_id.get(credential.n8n.credential_id)
        known.add(entry.id if entry else "")
        result.append(_listed_one(credential, entry, pushed, state))
    return result + [
        Difference(entry.id, entry.name, "", "unknown")
        for entry in by_id.values()
        if entry.id not in known and entry.type in (JWT, OAUTH2)
    ]


def _listed_one(
    credential: Credential, entry: Summary | None, pushed: Pushed | None, state: State
) -> Difference:
    n8n = credential.n8n
    blank = Difference(n8n.credential_id, n8n.credential_name, credential.label, "missing")
    if entry is None:
        return blank
    try:
        wanted = rendered(credential)
    except RenderError as error:
        return blank._replace(state="not_compared", reason=error.message)
    fields = tuple(f for f in ("name", "type") if getattr(wanted, f) != getattr(entry, f))
    if fields:
        return blank._replace(state="changed", fields=fields)
    if pushed is None:
        return blank._replace(state="not_compared", reason=_NEVER_PUSHED)
    return _since(blank, entry, pushed, state.fingerprint(wanted.name, wanted.data).fields)


def _since(blank: Difference, entry: Summary, pushed: Pushed, fingerprint: str) -> Difference:
    """What happened since it was pushed."""
    if pushed.fingerprint != fingerprint:
        return blank._replace(state="changed", fields=("the spec, since it was pushed",))
    if pushed.updated_at != entry.updated_at:
        return blank._replace(state="not_compared", reason=_TOUCHED)
    return blank._replace(state="same")


_NEVER_PUSHED = "its values can't be read over the API, and it was not pushed from here: --export"
_TOUCHED = (
    "n8n changed it since it was pushed (or noted a token); its values can't be read over the "
    "API: --export"
)


def rendered(credential: Credential) -> Stored:
    """The credential as render writes it.

    Raises:
        RenderError: It can't be rendered here.
    """
    import json

    (document,) = render([credential], Order(separate=True))
    entry = json.loads(document.text)
    return Stored(entry["id"], entry["name"], entry["type"], entry["data"])


def _fields(wanted: Stored, entry: Stored) -> tuple[str, ...]:
    found = [name for name in ("name", "type") if getattr(wanted, name) != getattr(entry, name)]
    if "type" in found:
        return tuple(found)
    return (
        *found,
        *(f for f in _DECIDED if _value(f, wanted.data) != _value(f, entry.data)),
    )


def _value(field: str, data: Mapping[str, object]) -> object:
    """A field's value as n8n reads it: nothing is the same as an empty text."""
    value = data.get(field) or ""
    if field == "environment":
        return value or "production"
    if field == "myDomainUrl" and isinstance(value, str):
        return value.removesuffix("/")
    if field == "privateKey" and isinstance(value, str):
        return _canonical(value)
    return value


def _canonical(text: str) -> str:
    """A key in one form, so that line ends don't count as a change."""
    from sfcred.keys.private_key import PrivateKey, read_private_key

    key = read_private_key(SecretStr(text))
    return key.canonical_pem() if isinstance(key, PrivateKey) else text


def _is_disconnected(wanted: Stored, entry: Stored) -> bool:
    return bool(wanted.data.get("oauthTokenData")) and not has_token(entry)


def has_token(entry: Stored) -> bool:
    """Whether an OAuth2 credential is connected: n8n has a token for it."""
    tokens = entry.data.get("oauthTokenData")
    return isinstance(tokens, dict) and bool(
        tokens.get("refresh_token") or tokens.get("access_token")
    )
