"""Report the differences between specs and n8n, as text or JSON."""

from collections import Counter
from collections.abc import Callable, Sequence

from sfcred.exchange.compare import Difference
from sfcred.printable import json_text, one_line
from sfcred.redact import redact

Style = Callable[[str, str], str]
_STYLES = {
    "same": "ok",
    "changed": "error",
    "missing": "error",
    "unknown": "warning",
    "disconnected": "warning",
    "not_compared": "warning",
}
_WORDS = {
    "missing": "not in n8n: run sfcred render and import the result, or run sfcred push",
    "unknown": "only in n8n: create a spec from it with sfcred import",
    "disconnected": "same, but not connected in n8n: import it again, or press Connect",
}


def as_text(differences: Sequence[Difference], style: Style) -> str:
    """Return one line per credential, then the counts, as text for a terminal.

    Args:
        differences: The result of `compare`.
        style: Colours a text, given the name of a style.
    """
    lines = [_line(difference, style) for difference in differences]
    counts = Counter(difference.state for difference in differences)
    summary = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items())
    return "\n".join([*lines, "", summary or "nothing to compare"]) + "\n"


def _line(difference: Difference, style: Style) -> str:
    state = difference.state
    said = _WORDS.get(state, difference.reason)
    if state == "changed":
        said = f"differs in {', '.join(difference.fields)}"
    who = difference.credential or f"{difference.name} ({difference.id or '?'})"
    said = said.removeprefix(f"{who}: ")  # a reason may name the credential itself
    head = f"{style(f'{state:<12}', _STYLES[state])} {style(one_line(redact(who)), 'bold')}"
    return f"{head}: {one_line(redact(said))}" if said else head


def as_json(differences: Sequence[Difference]) -> str:
    """Return the differences as JSON (`diff_version` 1). Text that looks secret is masked."""
    entries = [
        {name: redact(value) if isinstance(value, str) else value for name, value in fields.items()}
        for fields in (difference._asdict() for difference in differences)
    ]
    document = {"diff_version": 1, "credentials": entries}
    return json_text(document)
