"""Report the differences between specs and n8n, as text or JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from sfcred.exchange.compare import Difference
from sfcred.exchange.fields import FieldChange
from sfcred.text.printable import json_text, one_line, shortened
from sfcred.text.redact import masker, redact, show

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
    "missing": "not in n8n",
    "unknown": "only in n8n",
    "disconnected": "same, but not connected in n8n",
}
#: The width of the column with the states, and what is below the next one.
_STATE = max(map(len, _STYLES))
_INDENT = " " * (_STATE + 2)
#: Values can be longer than others in a message: the end of an address matters.
_LONGEST = 200
#: The most credentials of each state that no spec declares. An export can have any number.
_SHOWN = 50


def as_text(differences: Sequence[Difference], style: Style) -> str:
    """Return each credential with what differs and what to do, then the counts, as text.

    Of those that no spec declares, the first 50 of each state are shown.

    Args:
        differences: The result of `compare`.
        style: Colours a text, given the name of a style.
    """
    lines = [line for difference in _shown(differences) for line in _lines(difference, style)]
    lines += _rest(differences, style)
    counts = Counter(difference.state for difference in differences)
    summary = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items())
    return "\n".join([*lines, "", summary or "nothing to compare"]) + "\n"


def _shown(differences: Iterable[Difference]) -> Iterator[Difference]:
    number = Counter[str]()
    for one in differences:
        number[one.state] += not one.credential
        if one.credential or number[one.state] <= _SHOWN:
            yield one


def _rest(differences: Iterable[Difference], style: Style) -> Iterator[str]:
    number = Counter(one.state for one in differences if not one.credential)
    for state, count in number.items():
        if count > _SHOWN:
            head = style(f"{state:<{_STATE}}", _STYLES[state])
            yield f"{head}  … and {count - _SHOWN:,} more (to list all: --format json)"


def _lines(difference: Difference, style: Style) -> Iterator[str]:
    state = difference.state
    said = _WORDS.get(state, difference.reason)
    if state == "changed":
        how = f" ({difference.reason})" if difference.reason else ""
        said = f"differs in {', '.join(difference.fields)}{how}"
    if state == "unknown" and difference.reason:
        said = f"{said}, and no spec can stand for it: {difference.reason}"
    who = difference.credential or _who(difference)
    said = said.removeprefix(f"{who}: ")  # a reason may name the credential itself
    head = f"{style(f'{state:<{_STATE}}', _STYLES[state])}  {style(one_line(redact(who)), 'bold')}"
    yield f"{head}: {one_line(redact(said))}" if said else head
    for change in difference.changes:
        if change.n8n is not None or change.spec is not None:
            yield f"{_INDENT}{change.field}: n8n {_has(change.n8n)}, the spec {_has(change.spec)}"
    if difference.next_step:
        yield f"{_INDENT}next: {one_line(redact(difference.next_step))}"


def _who(difference: Difference) -> str:
    return f"{shortened(difference.name)} ({shortened(difference.id) or '?'})"


def _has(value: str | None) -> str:
    if value is None:
        return "has another value"
    return f"has {show(value, _LONGEST)}" if value else "has none"


def as_json(differences: Sequence[Difference]) -> str:
    """Return the differences as JSON (`diff_version` 1). Text that looks secret is masked."""
    masked = masker()  # thousands of entries often have the same reason and next step
    entries = [
        {name: _plain(value, masked) for name, value in difference._asdict().items()}
        for difference in differences
    ]
    return json_text({"diff_version": 1, "credentials": entries})


def _plain(value: object, masked: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, FieldChange):
        return {name: _plain(part, masked) for name, part in value._asdict().items()}
    return [_plain(part, masked) for part in value] if isinstance(value, tuple) else value
