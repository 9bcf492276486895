"""Writes what is made from the code: docs/checks.md, schemas/, and the README's help texts.

    python scripts/generate.py

The tests compare the files with what this would write.
"""

import json
import re
import sys
from pathlib import Path

import click
from click.testing import CliRunner
from pydantic import BaseModel

from sfcred.checks import all_checks
from sfcred.cli import group
from sfcred.cli._schemas import NAMES, schema_text
from sfcred.report.pages import document
from sfcred.secrets import providers
from sfcred.spec.model import App, Doctor, Jwt, N8n, OAuth2, Spec

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = group.list_commands(click.Context(group))


def generated() -> dict[Path, str]:
    """Every generated file and its text."""
    files = {ROOT / f"schemas/{name}.schema.json": schema_text(name) for name in NAMES}
    files[ROOT / "docs/checks.md"] = document(all_checks())
    files[ROOT / "docs/commands.md"] = commands()
    files[ROOT / "docs/spec.md"] = spec_page()
    readme = ROOT / "README.md"
    files[readme] = with_help(readme.read_text(encoding="utf-8"))
    return files


def spec_page() -> str:
    """docs/spec.md: every field of a spec, from the models."""
    head = [
        "# The spec",
        "",
        "This page is made by `make generate`. A file may hold several specs (`---`); paths are",
        "relative to the spec's folder. With `profiles`, each profile laid over the spec is one",
        "credential: mappings merge, everything else is replaced, `null` takes a value away.",
        "",
        "## Secret references",
        "",
        "| reference | what it is |",
        "|---|---|",
    ]
    rows = [f"| `{{{p.key}: {p.example}}}` | {p.description} |" for p in providers().values()]
    return "\n".join([*head, *rows, "", *_fields("A spec", Spec), *_sections()]) + "\n"


def _sections() -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "oauth2": OAuth2,
        "jwt": Jwt,
        "app": App,
        "n8n": N8n,
        "doctor": Doctor,
    }
    return [line for name, model in models.items() for line in _fields(f"`{name}`", model)]


def _fields(title: str, model: type[BaseModel]) -> list[str]:
    rows = [
        f"| `{name}` | {field.description} | `{_shown(field.examples)}` |"
        for name, field in model.model_fields.items()
    ]
    return [f"## {title}", "", "| field | meaning | example |", "|---|---|---|", *rows, ""]


def _shown(examples: list[object] | None) -> str:
    return json.dumps(examples[0] if examples else None, ensure_ascii=False)


def commands() -> str:
    """docs/commands.md: every command's help."""
    parts = ["# The commands", "", "This page is made by `make generate`.", ""]
    for name in COMMANDS:
        parts += [f"## sfcred {name}", "", "```text", help_of(name), "```", ""]
    return "\n".join(parts)


def with_help(readme: str) -> str:
    """The README with the current help between its markers."""
    block = f"<!-- help -->\n```text\n{help_of()}\n```\n<!-- /help -->"
    return re.sub(r"(?s)<!-- help -->.*?<!-- /help -->", lambda _match: block, readme)


def help_of(*command: str) -> str:
    """What `--help` prints, at a fixed width."""
    result = CliRunner().invoke(group, [*command, "--help"], prog_name="sfcred", terminal_width=100)
    if result.exit_code:
        raise SystemExit(f"sfcred {' '.join(command)} --help: {result.exception!r}")
    return "\n".join(line.rstrip() for line in result.output.rstrip().splitlines())


def main() -> int:
    """Writes the files that differ."""
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
