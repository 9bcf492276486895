"""Generate the part of docs/troubleshooting.md that comes from the diagnosis table."""

import re
from collections.abc import Iterator

from sfcred.salesforce.diagnosis import fix_of, rank
from sfcred.salesforce.refusals import REFUSALS, Cause, KnownWording, Refusal

#: Chapters in the order in which you meet them: the title, and the endpoints of its rows.
_CHAPTERS = (
    ("What n8n says", ("n8n", "network")),
    ("What Salesforce's login page says", ("authorize",)),
    ("What Salesforce's token endpoint says", ("token",)),
    ("What Salesforce's API says", ("userinfo", "rest")),
)
_GRANTS = {"": "", "jwt": " (JWT)", "refresh": " (refresh)", "code": " (code)"}
_REHEARSE = "sfcred local-org --refuse"
_BLOCK = re.compile(r"(?s)(<!-- refusals -->\n).*?(<!-- /refusals -->)")


def with_refusals(page: str) -> str:
    """Return the page with the current table between its markers."""
    text = "\n".join(line for chapter in _CHAPTERS for line in _chapter(*chapter))
    return _BLOCK.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", page)


def _chapter(title: str, steps: tuple[str, ...]) -> Iterator[str]:
    yield from (f"## {title}", "")
    for row in REFUSALS:
        if row.answers[0].step in steps:
            yield from _row(row)


def _row(row: Refusal) -> Iterator[str]:
    first, *others = row.answers
    yield from (f"### {_said(first)}{_GRANTS[first.grant]}", "")
    also = list(dict.fromkeys(f"`{_said(other)}`" for other in others if _adds(other, first)))
    if also:
        yield from (f"Also: {', '.join(also)}.", "")
    for number, cause in enumerate(rank(row, None), 1):
        yield f"{number}. **{_sentence(cause.what)}** {fix_of(cause, None)}{_checks(cause)}"
    rehearse = (
        "" if first.step in _CHAPTERS[0][1] else f" To rehearse it: `{_REHEARSE} {row.name}`."
    )
    yield from ("", f"{row.in_n8n}{rehearse}", "")


def _adds(other: KnownWording, first: KnownWording) -> bool:
    """Return whether the wording differs in more than its length or its endpoint."""
    return bool(other.description or other.error != first.error) and _said(other) != _said(first)


def _said(answer: KnownWording) -> str:
    return ": ".join(part for part in (answer.error, answer.description) if part)


def _sentence(clause: str) -> str:
    begin = clause[0] if clause.startswith("n8n") else clause[0].upper()
    return f"{begin}{clause[1:]}."


def _checks(cause: Cause) -> str:
    """Return links to the checks that find the cause without a login."""
    ids = [sign for sign in cause.signs if sign.startswith("SFC")]
    if not ids:
        return ""
    return f" (Found offline by {', '.join(f'[{i}](checks/{i.lower()}.md)' for i in ids)}.)"
