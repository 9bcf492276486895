"""Find the configuration file, and read its TOML."""

import re
from pathlib import Path

from sfcred.errors import ReadError, SettingsError
from sfcred.files import read_regular
from sfcred.paths import is_file, is_inside, is_there, working_folder

FILE = "sfcred.toml"

# Bytes of sfcred.toml, and of a pyproject.toml, which many tools share.
_MOST_OWN = 128 * 1024
_MOST_SHARED = 1024 * 1024
# In one line of either.
_MOST_DOTS = 200


def find_configuration(folder: Path) -> tuple[Path, Path | None, dict[str, object]]:
    """Look for the configuration in a folder and in those above it, up to a `.git`.

    Returns:
        The project's root, the configuration file and its table; None and nothing without one.

    Raises:
        SettingsError: The file can't be read, or is not TOML.
    """
    for parent in (folder, *folder.parents):
        own = parent / FILE
        if is_file(own):
            _refuse_link_out(own)
            return parent, own, _toml(own, _bytes(own))
        shared = parent / "pyproject.toml"
        if is_file(shared):
            table = _tool_table(shared)
            if table is not None:
                return parent, shared, table
        if is_there(parent / ".git"):
            return parent, None, {}
    # A path may be typed that leads elsewhere; else the project is where one stands.
    working = working_folder()
    return working if working and folder.is_relative_to(working) else folder, None, {}


def _refuse_link_out(file: Path) -> None:
    """Raise SettingsError for a configuration outside: messages would show what is in it."""
    if not is_inside(file, file.parent):
        raise SettingsError(
            f"{file}: is a link that leads outside of the project",
            hint="Put a regular file there.",
        )


def _tool_table(file: Path) -> dict[str, object] | None:
    content = _bytes(file)
    if b"tool.sfcred" not in content:  # most have none, and parsing isn't free
        return None
    _refuse_link_out(file)
    tool = _toml(file, content).get("tool")
    table = tool.get("sfcred") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _bytes(file: Path) -> bytes:
    try:
        return read_regular(file, _MOST_OWN if file.name == FILE else _MOST_SHARED)
    except ReadError as error:
        raise SettingsError(error.message, hint=error.hint) from None


def _toml(file: Path, content: bytes) -> dict[str, object]:
    import tomllib

    _refuse_long_keys(file, content)
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"{file}: is not valid TOML: {_why_no_toml(error)}", hint="Correct it at this place."
        ) from None


def _refuse_long_keys(file: Path, content: bytes) -> None:
    """Keep `a.a.a.…` from tomllib, whose time grows with the square of a key's parts."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.count(b".") > _MOST_DOTS:
            raise SettingsError(
                f"{file}: line {number} has more than {_MOST_DOTS} dots",
                hint="Break the line: put each entry of a list on its own line.",
            )


def _why_no_toml(error: ValueError | RecursionError) -> str:
    from tomllib import TOMLDecodeError

    match error:
        case TOMLDecodeError():
            # Without what it quotes of the file: it may be a secret in the wrong place.
            return re.sub(r"\('.*'.*\)|(['\"]).{2,}\1", "…", str(error))
        case UnicodeDecodeError():
            return "not UTF-8 text"
        case RecursionError():
            return "it is nested too deep"
        case _:  # Python converts no number of thousands of digits, nor an impossible date
            return "it has a number or a date that can't be read"
