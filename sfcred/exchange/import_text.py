"""What an import wrote and left out, as text for a terminal."""

from sfcred.exchange.exports import Export
from sfcred.exchange.import_specs import Imported
from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.shell import for_shell

#: The most that is shown of a name, in characters. Names in an export may be of any length.
_SHOWN = 80


def imported_text(export: Export, imported: Imported, source: str) -> str:
    """Return one line per file that was written and per entry that was not, and what to do next.

    Secrets' shapes are masked, and nothing in it can control a terminal.

    Args:
        export: What the export held.
        imported: What was written.
        source: The export, as the person named it; `-` for standard input.
    """
    lines = [f"wrote {path}" for path in imported.specs]
    lines += [
        f"skipped {_short(name)}: {_short(kind)} is not a Salesforce type"
        for name, kind in export.others
    ]
    lines += [f"not read: {_short(entry.name)}: {entry.reason}" for entry in export.not_read]
    if imported.env_file:
        file = imported.env_file
        lines.append(f"secrets: {file}; load it: set -a; . {for_shell(file)}; set +a")
    if source != "-":
        lines.append(f"next: delete {source}: it holds the secrets in plain text")
    return "".join(f"{one_line(redact(line))}\n" for line in lines)


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"
