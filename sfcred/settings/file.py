"""Find the configuration file and read its TOML."""

import re
from pathlib import Path

from sfcred.errors import ReadError, SettingsError
from sfcred.files import read_regular
from sfcred.paths import is_file, is_inside, is_there, working_folder

FILE = "sfcred.toml"

# The largest sfcred.toml, and the largest pyproject.toml, which many tools share, in bytes.
_MOST_OWN = 128 * 1024
_MOST_SHARED = 1024 * 1024
# The most dots in a line of either.
_MOST_DOTS = 200


def find_configuration(folder: Path) -> tuple[Path, Path | None, dict[str, object]]:
    """Search a folder and its parents, up to a `.git`, for the configuration.

    Returns:
        The project's root, the configuration file and its table; None and an empty table if there
        is no file.

    Raises:
        SettingsError: The file can't be read, or is not valid TOML.
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
    # The project is the working folder, unless the path leads out of it.
    working = working_folder()
    return working if working and folder.is_relative_to(working) else folder, None, {}


def _refuse_link_out(file: Path) -> None:
    """Raise SettingsError for a link out of the project: messages could show its target's text."""
    if not is_inside(file, file.parent):
        raise SettingsError(
            f"{file}: is a link to a file outside the project",
            hint="Replace it with a regular file.",
        )


def _tool_table(file: Path) -> dict[str, object] | None:
    content = _bytes(file)
    if b"sfcred" not in content:  # parsing takes time, and most files have no such table
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
        return tomllib.loads(content.decode("utf-8-sig"))  # Windows' editors begin with a mark
    except (ValueError, RecursionError) as error:
        why, place, line = _why_not_toml(error), "", ""
        if found := re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", why):
            why, place = found[1], f":{found[2]}:{found[3]}"
            line = content.decode(errors="replace").split("\n")[int(found[2]) - 1]
        raise SettingsError(
            f"{file}{place}: not valid TOML: {why}",
            hint=_how_to_correct(line),
        ) from None


def place_of_setting(file: Path, name: str) -> str:
    """Return the file with the line and column of a setting: `sfcred.toml:3:1`.

    The TOML reader gives no positions. So this searches the lines, and returns only the file unless
    exactly one line sets it.
    """
    key = re.compile(rf"[ \t]*(['\"]?){re.escape(name)}\1[ \t]*[.=]")
    table = re.compile(rf"[ \t]*\[(?:tool\.sfcred\.)?{re.escape(name)}[.\]]")
    inside, found = file.name == FILE, []
    for number, line in enumerate(_bytes(file).decode("utf-8-sig", "replace").splitlines(), 1):
        if table.match(line) or (inside and key.match(line)):
            found.append(f"{file}:{number}:{len(line) - len(line.lstrip()) + 1}")
        if re.match(r"[ \t]*\[", line):
            inside = line.strip().startswith("[tool.sfcred]")
    return found[0] if len(found) == 1 else str(file)


def _refuse_long_keys(file: Path, content: bytes) -> None:
    """Refuse keys like `a.a.a.…`: tomllib's time grows with the square of their parts."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.count(b".") > _MOST_DOTS:
            raise SettingsError(
                f"{file}:{number}:1: this line has more than {_MOST_DOTS} dots",
                hint="Split the line: put each entry of a list on its own line.",
            )


def _how_to_correct(line: str) -> str:
    """Return the hint for a line that TOML refuses."""
    if re.search("[\u201c\u201d\u201e\u2018\u2019]", line):
        return 'Write straight quotes ("…") in place of typographic ones.'
    if "\\" in line:
        return "Write / in place of \\ in a path."
    return "Correct the file at this place."


def _why_not_toml(error: ValueError | RecursionError) -> str:
    from tomllib import TOMLDecodeError

    match error:
        case TOMLDecodeError():
            # Drop what tomllib quotes from the file: it could be a misplaced secret.
            return re.sub(r"\('.*'.*\)|(['\"]).{2,}\1", "…", str(error))
        case UnicodeDecodeError():
            return "not UTF-8 text"
        case RecursionError():
            return "it is nested too deeply"
        case _:  # Python refuses numbers with thousands of digits, and impossible dates
            return "it has a number or a date that can't be read"
