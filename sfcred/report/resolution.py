"""Show how specs resolve: each decision with its reason, and where each secret comes from."""

from collections.abc import Iterable, Sequence

from sfcred.resolve.credential import Credential
from sfcred.resolve.decisions import decisions, secret_places
from sfcred.text.printable import json_text, one_line
from sfcred.text.redact import redact
from sfcred.text.wrapping import wrapped

# The most credentials that as_text shows.
_SHOWN = 200


def as_text(credentials: Sequence[Credential], width: int | None = None) -> str:
    """Return text for a terminal: the first 200 credentials, and how many more there are.

    Args:
        credentials: The credentials.
        width: The width to wrap at; None for no line breaks.
    """
    blocks = [_block(credential, width) for credential in credentials[:_SHOWN]]
    if len(credentials) > _SHOWN:
        more = len(credentials) - _SHOWN
        blocks.append(f"… and {more:,} more: pass their files, or use --format json\n")
    return "\n".join(blocks)


def as_json(credentials: Iterable[Credential]) -> str:
    """Return JSON (`resolve_version` 1): the decisions and secrets of each credential."""
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
    return json_text(document)


def _block(credential: Credential, width: int | None) -> str:
    lines = [f"{redact(credential.label)} in {credential.source.shown}"]
    decided, places = decisions(credential), secret_places(credential)
    size = max(len(name) for name in (*(one.what for one in decided), *(one[0] for one in places)))
    for decision in decided:
        value = one_line(decision.value or "-")
        lines.append(wrapped(value, width, f"  {decision.what:<{size}} "))
        lines.append(wrapped(f"because: {one_line(decision.why)}", width, " " * (size + 5)))
    for field, where in places:
        lines.append(wrapped(f"from {one_line(where)}", width, f"  {field:<{size}} ", size + 5))
    return "\n".join(lines) + "\n"
