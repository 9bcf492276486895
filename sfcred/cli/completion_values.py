"""Shell completion for names of credentials, profiles and checks.

The shell asks while you type, so every error means "no suggestions".
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.text.printable import printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from sfcred.spec.load import Declaration


# A word that no shell interprets. It can't start with a hyphen, as options do.
_PLAIN_WORD = r"[\w@+:,./][\w@%+=:,./-]*"


def checks(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete the ids and names of checks; in a list with commas, the last one."""
    from sfcred.checks import all_checks

    before, comma, last = incomplete.rpartition(",")
    found = {check.id: check.title for check in all_checks() if check.id.startswith(last.upper())}
    if last and not found:
        found = {check.name: check.title for check in all_checks() if check.name.startswith(last)}
    return _items({f"{before}{comma}{word}": title for word, title in found.items()})


def topics(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete what `sfcred explain` explains: checks, and fields of the spec."""
    from sfcred.report.field_pages import field_names

    fields = {name: "" for name in field_names() if name.startswith(incomplete)}
    return [*checks(context, parameter, incomplete), *(_items(fields) if incomplete else [])]


def commands(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete the names of commands."""
    group = context.find_root().command
    known = group.list_commands(context) if isinstance(group, click.Group) else []
    return _items({name: "" for name in known if name.startswith(incomplete)})


def profiles(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete the profiles of the specs on the command line, or else of the whole project."""
    given = context.params.get("paths") or ()
    names = {
        profile: f"profile of {declaration.name}"
        for declaration in _declarations(given)
        for profile in _profiles(declaration)
        if profile.startswith(incomplete)
    }
    return _items(names)


def credentials(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete the names of the project's credentials."""
    return _items(
        {
            declaration.name: declaration.source.shown
            for declaration in _declarations(())
            if declaration.name.startswith(incomplete)
        }
    )


def specs(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Complete files and folders, and the names of the project's credentials."""
    from click.shell_completion import CompletionItem

    # bash forgets what comes before the request for files.
    return [
        CompletionItem(incomplete, type="file"),
        *credentials(context, parameter, incomplete),
    ]


def _declarations(paths: tuple[Path, ...]) -> "Iterator[Declaration]":
    from sfcred.errors import SfcredError
    from sfcred.workspace import Workspace

    try:
        yield from Workspace.open(*paths).declarations()
    except SfcredError:
        return


def _profiles(declaration: "Declaration") -> list[str]:
    from sfcred.spec.fields import NAME_PATTERN

    node = declaration.node.find(("profiles",))
    names = node.value if node is not None and isinstance(node.value, dict) else ()
    return [name for name in names if re.fullmatch(NAME_PATTERN, name)]


def _items(words: dict[str, str]) -> "list[CompletionItem]":
    """Return completions for the words that are safe without quotes.

    bash inserts a word unquoted, so a credential named `$(rm -r .)` would run. You have to type a
    name that needs quotes.
    """
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(word, help=printable(words[word]))
        for word in sorted(words)
        if re.fullmatch(_PLAIN_WORD, word)
    ]
