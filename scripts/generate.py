"""Generate files from the code: pages of docs/, schemas/, and the README's table of commands.

    python -m scripts.generate

The tests compare the files with what this script would write.
"""

import re
import sys
from pathlib import Path

import click
from click.testing import CliRunner

from scripts.check_pages import check_pages
from scripts.own_messages import TABLE, own_messages
from scripts.refusal_pages import with_refusals
from scripts.screenshots import terminal_svg
from scripts.spec_page import spec_page
from sfcred.cli import group
from sfcred.cli.grouped import PURPOSES
from sfcred.cli.schemas import NAMES, schema_text

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
COMMANDS = group.list_commands(click.Context(group))
if set(COMMANDS) != {name for names in PURPOSES.values() for name in names}:
    raise SystemExit("PURPOSES in sfcred/cli/grouped.py and the commands differ")


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    files = {ROOT / f"schemas/{name}.schema.json": schema_text(name) for name in NAMES}
    files |= {DOCS / f"checks/{name}": text for name, text in check_pages().items()}
    files[TABLE] = own_messages()
    files[DOCS / "commands.md"] = commands()
    files[DOCS / "assets/doctor.svg"] = terminal_svg()
    files[DOCS / "spec.md"] = spec_page()
    files[README] = with_commands(README.read_text(encoding="utf-8"))
    page = DOCS / "troubleshooting.md"
    files[page] = with_refusals(page.read_text(encoding="utf-8"))
    return files


def commands() -> str:
    """Return docs/commands.md: every command's help, and the README's table of exit statuses."""
    status = re.search(r"(?s)\n(## Exit status\n.*?\n)## ", README.read_text(encoding="utf-8"))
    parts = ["# The commands", "", "```text", help_of(), "```", ""]
    parts += [status[1].rstrip(), ""] if status else []
    for name in COMMANDS:
        parts += [f"## sfcred {name}", "", "```text", help_of(name), "```", ""]
    return "\n".join(parts)


def with_commands(readme: str) -> str:
    """Return the README with the current table of commands between its markers."""
    rows = [
        f"| {'' if number else what} | {_cells(name)} |"
        for what, names in PURPOSES.items()
        for number, name in enumerate(names)
    ]
    table = "\n".join(["| to | command | does |", "|---|---|---|", *rows])
    block = f"<!-- commands -->\n{table}\n<!-- /commands -->"
    return re.sub(r"(?s)<!-- commands -->.*?<!-- /commands -->", lambda _match: block, readme)


def _cells(name: str) -> str:
    command = group.get_command(click.Context(group), name)
    if command is None:
        raise SystemExit(f"there is no command {name}")
    text = command.get_short_help_str(200).rstrip(".")
    return f"[`{name}`](docs/commands.md#sfcred-{name}) | {text}"


def help_of(*command: str) -> str:
    """Return the output of `--help`, at a fixed width."""
    result = CliRunner().invoke(group, [*command, "--help"], prog_name="sfcred", terminal_width=100)
    if result.exit_code:
        raise SystemExit(f"sfcred {' '.join(command)} --help: {result.exception!r}")
    return "\n".join(line.rstrip() for line in result.output.rstrip().splitlines())


def main() -> int:
    """Write the files that differ."""
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
