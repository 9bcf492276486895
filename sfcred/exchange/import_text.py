"""Report what an import wrote and skipped, as text for a terminal."""

from sfcred.exchange.exports import Export
from sfcred.exchange.held import dropped_fields
from sfcred.exchange.import_specs import Imported
from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.shell import for_shell

#: The most characters of a name that are shown. Names in an export can be of any length.
_SHOWN = 80


def imported_text(export: Export, imported: Imported, source: str) -> str:
    """Return one line per written file and per skipped entry, then the next steps.

    Text that looks secret is masked, and terminal control characters are escaped.

    Args:
        export: The export.
        imported: What was written.
        source: The export's path from the command line; `-` for standard input.
    """
    lines = [f"wrote {path}" for path in imported.specs]
    lines += [f"left out {_short(one.name)}: {one.reason}" for one in imported.choice.left_out]
    lines += [
        f"kept {path}: it is the spec of {_short(stored.name or '?')}"
        for stored, path in imported.choice.known
    ]
    lines += _dropped(imported)
    lines += [
        f"skipped {_short(name)}: {_short(kind)} is not a Salesforce type"
        for name, kind in export.others
    ]
    lines += [f"not read: {_short(entry.name)}: {entry.reason}" for entry in export.not_read]
    if imported.env_file:
        file = imported.env_file
        lines.append(f"secrets: {file}; load it: set -a; . {for_shell(file)}; set +a")
    lines += _next_steps(export, imported, source)
    return "".join(f"{one_line(redact(line))}\n" for line in lines)


def _dropped(imported: Imported) -> list[str]:
    """Return a line for each new spec that lacks something of its credential in n8n."""
    pairs = [(one, dropped_fields(one)) for one in imported.choice.new]
    return [
        f"note: {_short(one.name)}: no spec has n8n's {' and '.join(fields)}, so importing it "
        "into n8n again would drop that"
        for one, fields in pairs
        if fields
    ]


def _next_steps(export: Export, imported: Imported, source: str) -> list[str]:
    steps = []
    if imported.choice.known:
        steps.append(f"next: compare: sfcred diff --export {for_shell(source)}")
    if source != "-" and export.was_plain:
        steps.append(f"next: delete {source}: it contains the secrets in plain text")
    return steps


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"
