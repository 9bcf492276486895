"""List everything that was decided about a credential, with the reasons, for people."""

from collections.abc import Iterator
from typing import NamedTuple

from sfcred.errors import NotKnown
from sfcred.n8n.versions import format_version
from sfcred.resolve.credential import Credential
from sfcred.resolve.generic_type import asked_scopes, grant_type
from sfcred.resolve.http_request import decide_http_request
from sfcred.secrets import find_provider
from sfcred.spec.public import quoted
from sfcred.spec.source import route_text
from sfcred.text.redact import MASK, public_address, redact


class Decision(NamedTuple):
    """A decision: its name, its value and the reason. It contains no secrets."""

    what: str
    value: str | None
    why: str


def decisions(credential: Credential) -> list[Decision]:
    """Return all decisions, from the Salesforce side to n8n's."""
    found = [*_salesforce(credential), *_n8n(credential), *_callbacks(credential)]
    return [Decision(what, value and redact(value), redact(why)) for what, value, why in found]


def secret_places(credential: Credential) -> list[tuple[str, str]]:
    """Return the fields that are references, and descriptions of where their values come from."""
    around = credential.values.surroundings(credential.folder)
    return [
        (
            route_text(route),
            redact(find_provider(reference.provider).where(reference.locator, around)),
        )
        for route, reference in credential.references()
    ]


def _salesforce(credential: Credential) -> Iterator[Decision]:
    flow, why = credential.decision
    yield Decision("flow", flow, why)
    authority = credential.authority
    if authority is None:
        yield Decision("authority", None, "my_domain has no host")
        return
    authority = authority._replace(url=public_address(authority.url))
    yield Decision("authority", authority.url, f"{authority.why}: {authority.host.what}")
    yield Decision("token_url", authority.token_url, "authority + /services/oauth2/token")
    if flow == "oauth2":
        yield Decision("authorize_url", authority.authorize_url, "where a person gives consent")
    if flow == "jwt":
        yield Decision("audience", authority.url, "n8n sends the authority as the JWT's audience")


def _n8n(credential: Credential) -> Iterator[Decision]:
    n8n = credential.n8n
    if credential.decision.flow:
        why = "n8n.type" if credential.has_generic_type else f"the flow is {credential.flow}"
        yield Decision("n8n_type", credential.n8n_type, why)
    if credential.has_generic_type:
        yield from _generic(credential)
    id_ = quoted(n8n.credential_id, ("n8n", "id"), MASK).strip("`")
    yield Decision("n8n_id", id_, n8n.id_why)
    named = credential.spec.n8n and credential.spec.n8n.name
    yield Decision("n8n_name", n8n.credential_name, "n8n.name" if named else "the spec's name")
    yield Decision("n8n_deployment", n8n.deployment, _deployment_reason(credential))
    yield _http_request(credential)
    version = format_version(n8n.version) if n8n.version else None
    yield Decision("n8n_version", version, "n8n.version" if version else "n8n.version is not set")


def _generic(credential: Credential) -> Iterator[Decision]:
    """Yield what n8n asks for in a consent, which only its generic credential lets you decide."""
    app = credential.app
    why = "app.scopes" if app.scopes else "app.scopes is not set"
    scopes = [
        quoted(one, ("app", "scopes", 0), MASK).strip("`") for one in asked_scopes(credential)
    ]
    yield Decision("n8n_scopes", " ".join(scopes), why)
    why = f"the flow is {credential.flow}"
    if credential.flow == "oauth2":
        why = f"app.pkce_required is {'' if app.pkce_required is False else 'not '}false"
    yield Decision("n8n_grant_type", grant_type(credential), why)


def _deployment_reason(credential: Credential) -> str:
    n8n = credential.spec.n8n
    if n8n and n8n.deployment:
        return "n8n.deployment"
    return "derived from n8n.url" if n8n and n8n.url else "the default without n8n.url"


def _http_request(credential: Credential) -> Decision:
    what = "n8n_http_request"
    try:
        (mode, domains), _stated, why = decide_http_request(credential)
    except NotKnown as reason:
        return Decision(what, None, reason.message)
    return Decision(what, ", ".join(domains) or mode, why)


def _callbacks(credential: Credential) -> Iterator[Decision]:
    try:
        for callback in credential.callbacks:
            yield Decision("callback_url", public_address(callback.url), "; ".join(callback.steps))
    except NotKnown as reason:
        yield Decision("callback_url", None, reason.message)
