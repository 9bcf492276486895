"""Credentials that are chosen by name: tell names from paths, and find the specs that have them."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import SfcredError, UsageError
from sfcred.paths import is_there, place_of
from sfcred.settings import Settings
from sfcred.spec.fields import NAME_PATTERN
from sfcred.workspace.errors import no_such_name
from sfcred.workspace.opening import find_files


class Arguments(NamedTuple):
    """What a person names: files and folders, and credentials."""

    paths: list[Path]
    names: list[str]


class Chosen(NamedTuple):
    """Spec files, and the only credentials that count in some of them."""

    files: list[Path]
    names: Mapping[Path, frozenset[str]]


def is_name(text: str) -> bool:
    """Return whether an argument is a credential's name, and not a path. What exists is a path."""
    return _is_like_a_name(text) and not is_there(Path(text))


def _is_like_a_name(text: str) -> bool:
    # Looser than a name, so that `Acme_CRM` leads to the known names.
    return bool(re.fullmatch(r"[\w-]{1,63}", text)) and text[0] != "-"


def split_arguments(arguments: Iterable[Path | str]) -> Arguments:
    """Sort arguments into names and paths."""
    texts = [str(argument) for argument in arguments]
    names = list(dict.fromkeys(text for text in texts if is_name(text)))
    return Arguments([Path(text) for text in texts if text not in names], names)


def with_named(
    files: list[Path], asked: Arguments, settings: Settings, note: Callable[[str], object]
) -> Chosen:
    """Return the files together with the project's specs that have the named credentials.

    Args:
        files: The spec files that are chosen by their paths, where every credential counts.
        asked: The arguments.
        settings: The configuration.
        note: Called with a warning for specs that are left out.

    Raises:
        UsageError: The project has no specs, or none with one of the names.
    """
    _warn_of_hidden_names(asked.paths, settings, note)
    names = asked.names
    if not names:
        return Chosen(files, {})
    known = {file: _names_in(file) for file in _project_files(names[0], settings, note)}
    chosen: dict[Path, frozenset[str]] = {}
    for name in names:
        having = [
            file for file, found in known.items() if name in found or _may_be(name, file, found)
        ]
        if not having:
            raise no_such_name(name, {one for found in known.values() for one in found})
        for file in having:
            chosen[file] = chosen.get(file, frozenset()) | {name}
    whole = {place_of(file) for file in files}
    added = {file: chosen[file] for file in chosen if place_of(file) not in whole}
    return Chosen([*files, *added], {file: only for file, only in added.items() if known[file]})


def _warn_of_hidden_names(
    paths: Iterable[Path], settings: Settings, warn: Callable[[str], object]
) -> None:
    """Warn if a file or folder is read in place of a credential of the same name.

    A change to the repository can add such a folder, and the credential would be left out.

    Args:
        paths: What was taken as a path.
        settings: The configuration. Its own `paths` are no names.
        warn: Called with each warning.
    """
    own = {str(path) for path in settings.paths}
    like_names = [
        text for text in dict.fromkeys(map(str, paths)) if text not in own and _is_like_a_name(text)
    ]
    if not like_names:
        return
    try:
        files = find_files([], settings, lambda _text: None)
    except UsageError:
        return
    known = frozenset().union(*map(_names_in, files))
    for text in like_names:
        if text in known:
            warn(
                f"{text} is a file or folder here, so it is read, and not the credential {text}. "
                "For the credential, pass the path of its spec"
            )


def _project_files(name: str, settings: Settings, note: Callable[[str], object]) -> list[Path]:
    try:
        return find_files([], settings, note)
    except UsageError as error:
        error.message = f"{name}: no such file or folder, and {error.message}"
        raise


def _may_be(name: str, file: Path, found: frozenset[str]) -> bool:
    """Return whether a spec without a readable name is meant: its file is called like that."""
    return not found and file.stem == name


def _names_in(file: Path) -> frozenset[str]:
    """Return the names of the specs in a file; empty if it can't be read, which doctor reports."""
    from sfcred.spec.reader import read

    try:
        documents = read(file, file.name).documents
    except SfcredError:
        return frozenset()
    found = (node.find(("name",)) for node in documents)
    names = (node.value for node in found if node is not None)
    return frozenset(n for n in names if isinstance(n, str) and re.fullmatch(NAME_PATTERN, n))
