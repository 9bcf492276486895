"""How specs resolve: each decision with its reason, and where each secret comes from."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sfcred.errors import NotKnown
from sfcred.redact import redact
from sfcred.resolve.credential import Credential
from sfcred.secrets import providers


class Decision(NamedTuple):
    """One decided thing: its name, its value, and how it came about."""

    what: str
    value: str | None
    why: str


def decisions(credential: Credential) -> list[Decision]:
    """Everything that was decided about a credential, in the order of the data's flow."""
    return [*_salesforce(credential), *_n8n(credential), *_callbacks(credential)]


def as_text(credentials: Iterable[Credential]) -> str:
    """For people."""
    return "\n".join(_block(credential) for credential in credentials)


def as_json(credentials: Iterable[Credential]) -> str:
    """For programs: lists of decisions and secrets a credential."""
    document = {
        "resolve_version": 1,
        "credentials": [
            {
                "name": credential.name,
                "profile": credential.profile,
                "file": credential.source.shown,
                "decisions": [_clean(decision)._asdict() for decision in decisions(credential)],
                "secrets": [
                    {"field": field, "from": where} for field, where in _secrets(credential)
                ],
            }
            for credential in credentials
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _clean(decision: Decision) -> Decision:
    value = None if decision.value is None else redact(decision.value)
    return Decision(decision.what, value, redact(decision.why))


def _salesforce(credential: Credential) -> Iterator[Decision]:
    flow, why = credential.decision
    yield Decision("flow", flow, why)
    authority = credential.authority
    if authority is None:
        yield Decision("authority", None, "my_domain has no host in it (SFC107)")
        return
    yield Decision("authority", authority.url, f"{authority.why}: {authority.host.what}")
    yield Decision("token_url", authority.token_url, "authority + /services/oauth2/token")
    if flow == "oauth2":
        yield Decision("authorize_url", authority.authorize_url, "where a person gives consent")
    if flow == "jwt":
        yield Decision("audience", authority.url, "n8n sends the authority as the JWT's audience")


def _n8n(credential: Credential) -> Iterator[Decision]:
    n8n = credential.n8n
    if credential.decision.flow:
        yield Decision("n8n_type", credential.n8n_type, f"the flow is {credential.flow}")
    yield Decision("n8n_id", n8n.credential_id, n8n.id_why)
    named = credential.spec.n8n and credential.spec.n8n.name
    yield Decision("n8n_name", n8n.credential_name, "n8n.name" if named else "the spec's name")
    yield Decision("n8n_deployment", n8n.deployment, "n8n.deployment, else by the address")
    version = ".".join(map(str, n8n.version)) if n8n.version else None
    yield Decision("n8n_version", version, "n8n.version" if version else "n8n.version is not given")


def _callbacks(credential: Credential) -> Iterator[Decision]:
    try:
        for callback in credential.callbacks:
            yield Decision("callback_url", callback.url, "; ".join(callback.steps))
    except NotKnown as reason:
        yield Decision("callback_url", None, reason.message)


def _secrets(credential: Credential) -> Iterator[tuple[str, str]]:
    around = credential.values.surroundings(credential.folder)
    for route, reference in credential.references():
        provider = providers()[reference.provider]
        yield ".".join(map(str, route)), provider.where(reference.locator, around)


def _block(credential: Credential) -> str:
    title = credential.name + (f" [{credential.profile}]" if credential.profile else "")
    lines = [f"{redact(title)} in {credential.source.shown}"]
    for decision in map(_clean, decisions(credential)):
        lines.append(f"  {decision.what:<15} {decision.value or '-'}")
        lines.append(f"  {'':<15}   because: {decision.why}")
    for field, where in _secrets(credential):
        lines.append(f"  {field:<20} from {redact(where)}")
    return "\n".join(lines) + "\n"
