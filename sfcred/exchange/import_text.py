"""Report what an import wrote and skipped, as text for a terminal."""

from sfcred.exchange.exports import Export
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
    lines += [
        f"skipped {_short(name)}: {_short(kind)} is not a Salesforce type"
        for name, kind in export.others
    ]
    lines += [f"not read: {_short(entry.name)}: {entry.reason}" for entry in export.not_read]
    if imported.env_file:
        file = imported.env_file
        lines.append(f"secrets: {file}; load it: set -a; . {for_shell(file)}; set +a")
    if source != "-":
        lines.append(f"next: delete {source}: it contains the secrets in plain text")
    return "".join(f"{one_line(redact(line))}\n" for line in lines)


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"
