"""Report what an import wrote and skipped, as text for a terminal."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sfcred.exchange.exports import Export
from sfcred.exchange.held import dropped_fields
from sfcred.exchange.import_specs import Imported
from sfcred.n8n.credential_types import GENERIC
from sfcred.n8n.export import NotRead, StoredCredential
from sfcred.text.printable import one_line, shortened
from sfcred.text.redact import redact
from sfcred.text.shell import for_shell

# The most lines of each kind. An export can have a hundred thousand entries.
_SHOWN = 50


def imported_text(export: Export, imported: Imported, source: str) -> str:
    """Return one line per written file and per skipped entry, then the next steps.

    Of each kind, the first 50 are shown, and the others counted. Text that looks secret is masked,
    and terminal control characters are escaped.

    Args:
        export: The export.
        imported: What was written.
        source: The export's path from the command line; `-` for standard input.
    """
    choice = imported.choice
    lines = [
        *_first("written", (f"wrote {path}" for path in imported.specs)),
        *_first("left out", (f"left out {_named(one)}" for one in choice.left_out)),
        *_first("kept", (_kept(*one) for one in choice.known)),
        *_first("with such a note", _dropped(imported)),
        *_first("skipped", (_skipped(*one) for one in export.others)),
        *_first("not read", (f"not read: {_named(entry)}" for entry in export.not_read)),
    ]
    if imported.env_file:
        file = imported.env_file
        lines.append(f"secrets: {file}; load it: `set -a; . {for_shell(file)}; set +a`")
    lines += _next_steps(export, imported, source)
    return "".join(f"{one_line(redact(line))}\n" for line in lines)


def _first(what: str, lines: Iterable[str]) -> Iterator[str]:
    rest = iter(lines)
    yield from islice(rest, _SHOWN)
    if more := sum(1 for _ in rest):
        yield f"… and {more:,} more: {what}"


def _named(entry: NotRead) -> str:
    return f"{shortened(entry.name)}: {entry.reason}"


def _kept(stored: StoredCredential, path: str) -> str:
    return f"kept {path}: it is the spec of {shortened(stored.name or '?')}"


def _skipped(name: str, kind: str) -> str:
    if kind == GENERIC:
        return f"skipped {shortened(name)}: its URLs are not Salesforce's"
    return f"skipped {shortened(name)}: {shortened(kind)} is not a Salesforce type"


def _dropped(imported: Imported) -> Iterator[str]:
    """Yield a line for each new spec that lacks something of its credential in n8n."""
    for one in imported.choice.new:
        if fields := dropped_fields(one):
            yield (
                f"note: {shortened(one.name)}: no spec has n8n's {' and '.join(fields)}, so "
                "importing it into n8n again would drop that"
            )


def _next_steps(export: Export, imported: Imported, source: str) -> list[str]:
    steps = []
    if imported.choice.known:
        steps.append(f"next: sfcred diff --export {for_shell(source)}")
    if source != "-" and export.was_plain:
        is_whole = not (imported.choice.left_out or export.not_read)
        first = "" if is_whole else "keep what was left out in a safe place, then "
        steps.append(f"next: {first}delete {source}: it contains the secrets in plain text")
    return steps
