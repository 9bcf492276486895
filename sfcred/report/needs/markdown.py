"""What workflows need, as Markdown: for a pull request or a ticket."""

import re
from collections.abc import Iterable

from sfcred.needs.model import CredentialNeeds, ObjectNeeds
from sfcred.report.needs.words import (
    field_words,
    shown,
    title,
    unasked_words,
    unknown_words,
    usage,
)


def as_markdown(needs: Iterable[CredentialNeeds]) -> str:
    """Return a heading and a table per credential."""
    return "\n".join(map(_section, needs))


def _section(needs: CredentialNeeds) -> str:
    lines = [f"## {_safe(title(needs))}", "", f"{usage(needs.nodes)}.", ""]
    if needs.objects:
        lines += ["| Object | Access | Fields | Used by |", "| --- | --- | --- | --- |"]
        lines += map(_row, needs.objects)
        lines.append("")
    if needs.unknown:
        lines += ["Not known:", ""]
        lines += [f"- {_safe(unknown_words(unknown))}" for unknown in needs.unknown]
        lines.append("")
    return "\n".join(lines)


def _row(found: ObjectNeeds) -> str:
    fields = _safe(", ".join(field_words(found)))
    unasked = unasked_words(found)
    users = dict.fromkeys(f"{shown(user.workflow)} / {shown(user.node)}" for user in found.used_by)
    cells = (
        _safe(shown(found.object)),
        ", ".join(found.verbs),
        f"{fields}<br>{_safe(unasked)}" if unasked else fields,
        "<br>".join(map(_safe, users)),
    )
    return f"| {' | '.join(cells)} |"


def _safe(text: str) -> str:
    """Return a text without Markdown and HTML: names from workflows are untrusted."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~@:-])", r"\\\1", text)
