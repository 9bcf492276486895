"""How specs resolve: each decision with its reason, and where each secret comes from."""

import json
from collections.abc import Iterable

from sfcred.redact import redact
from sfcred.resolve.credential import Credential
from sfcred.resolve.decisions import decisions, secret_places


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
                "decisions": [decision._asdict() for decision in decisions(credential)],
                "secrets": [
                    {"field": field, "from": where} for field, where in secret_places(credential)
                ],
            }
            for credential in credentials
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _block(credential: Credential) -> str:
    title = credential.name + (f" [{credential.profile}]" if credential.profile else "")
    lines = [f"{redact(title)} in {credential.source.shown}"]
    for decision in decisions(credential):
        lines.append(f"  {decision.what:<15} {decision.value or '-'}")
        lines.append(f"  {'':<15}   because: {decision.why}")
    lines += [f"  {field:<20} from {where}" for field, where in secret_places(credential)]
    return "\n".join(lines) + "\n"
