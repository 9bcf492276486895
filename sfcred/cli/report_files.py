"""Which files a report may replace: reports, and nothing else."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from sfcred.errors import ReadError, SfcredError, UsageError, WriteRefused
from sfcred.files import REFERENCED_LIMIT, read_start
from sfcred.files.writing import WriteScope
from sfcred.paths import is_file, is_there, real_path
from sfcred.repositories import find_root

# No report format has such a file name. Specs, configurations, keys and certificates do.
_NO_REPORTS = frozenset({".yaml", ".yml", ".toml", ".pem", ".key", ".crt", ".cer", ".env"})
# Formats that people ask for, and that no report has.
_DOCUMENTS = frozenset({".pdf", ".csv", ".xls", ".xlsx", ".doc", ".docx", ".odt", ".ods", ".rtf"})
_APART = frozenset({".git", ".sfcred"})
# The names of reports in a repository, where most other files are the project's own.
_REPORTS = frozenset(
    {".txt", ".md", ".json", ".sarif", ".xml", ".html", ".htm", ".prom", ".om", ".ics", ".log"}
)
# Whether `a.txt` and `A.txt` are one file, as usual on Windows and macOS.
_FOLDS_CASE = sys.platform in ("win32", "darwin")
# Files of projects that are named like reports.
_OWN_NAMES = frozenset({
    "authors", "changelog", "changes", "cmakelists", "code_of_conduct", "codeowners", "composer",
    "constraints", "contributing", "copying", "history", "licence", "license", "maintainers",
    "news", "notice", "package", "package-lock", "pom", "readme", "requirements", "robots",
    "security", "sfcred-baseline", "sfdx-project", "tsconfig",
})  # fmt: skip
# How sfcred's own reports begin: doctor's and needs' JSON, SARIF, GitLab's (without findings, it
# is `[]`), JUnit's, and pages of doctor and guide. A word somewhere in a file would tell nothing.
_HEAD = re.compile(
    rb"""\s*(?:
        \{\s*"(?:report|needs)_version":\s*\d+,\s*"sfcred_version":
        | \{\s*"\$schema":[^{}\[\]]*"runs":\s*\[\s*\{\s*
          "tool":\s*\{\s*"driver":\s*\{\s*"name":\s*"sfcred"
        | \[\s*\]\s*\Z
        | \[\s*\{\s*"description":\s*"(?:SFC\d{3}\b|[^"]*\bcould\ not\ be\ checked:)
        | (?:<\?xml[^>]*>\s*)?<testsuites\ name="sfcred\ doctor"
        | <!doctype\ html>(?:(?!<title>|<style).)*
          <title>(?:sfcred\ doctor:|[^<]*:\ Salesforce\ for\ n8n</title>)
    )""",
    re.VERBOSE | re.DOTALL,
)
# Reports with these suffixes can be told from other files.
_MARKED = frozenset({".json", ".sarif", ".xml", ".html", ".htm"})


def refuse_other_format(path: Path) -> None:
    """Refuse a file whose name announces a format that sfcred doesn't have, as with `-o a.pdf`.

    Raises:
        UsageError: A program that opens it would say that it is damaged.
    """
    suffix = path.suffix.lower()
    if suffix in _DOCUMENTS:
        raise UsageError(
            f"-o: {path}: there is no report in the format {suffix}",
            hint="Use a name that ends in .html for a page to print, or in .json for programs.",
        )


def refuse_no_report(path: Path) -> None:
    """Refuse to replace a file that isn't a report, as with a mistyped `-o credentials/a.yaml`.

    The next report replaces the last one without asking: CI jobs and hooks rely on it.

    Raises:
        WriteRefused: The file exists and isn't one, or it is in a folder of git's or sfcred's.
    """
    lies_apart = not _APART.isdisjoint(part.lower() for part in path.absolute().parts)
    if lies_apart or (is_there(path) and _is_other(path)):
        raise WriteRefused(
            f"{path}: doesn't look like a report, so it isn't replaced",
            hint="Name another file. A report is usually .txt, .md, .json, .sarif, .xml, .html, "
            ".prom or .ics.",
        )


def _is_other(path: Path) -> bool:
    """Return whether a file that exists is certainly not a report."""
    suffix, name = path.suffix.lower(), path.name.lower()
    if suffix in _NO_REPORTS or name.startswith("."):
        return True
    # A device, or what mktemp makes, has nothing to lose.
    if not is_file(path) or find_root(real_path(path)) is None or path.stat().st_size == 0:
        return False
    is_named_like_one = suffix in _REPORTS and name.partition(".")[0] not in _OWN_NAMES
    return not is_named_like_one or (suffix in _MARKED and _is_foreign_in_git(path))


def _is_foreign_in_git(path: Path) -> bool:
    """Return whether git tracks, or may track, a file that sfcred didn't write."""
    if _is_ours(read_start(path, REFERENCED_LIMIT)):
        return False
    try:
        return WriteScope().git.tracks(path)
    except (SfcredError, OSError, ValueError):  # git can't tell
        return True


def _is_ours(content: bytes) -> bool:
    return _HEAD.match(content) is not None


def require_distinct(reports: Sequence[Path], baseline: Path) -> None:
    """Refuse two outputs for one file, of which only the last would remain.

    Args:
        reports: The files for reports.
        baseline: The project's baseline, which doesn't have to exist.

    Raises:
        UsageError: Two names lead to the same file.
    """
    known = {_identity(baseline): baseline}
    for file in reports:
        if is_there(file) and not is_file(file):  # a device takes any number of reports
            continue
        if known.setdefault(_identity(file), file) is not file:
            other = "the baseline" if known[_identity(file)] is baseline else "another report"
            raise UsageError(
                f"-o: {file} is the same file as that of {other}, and only one would remain",
                hint="Name another file.",
            )


def _identity(file: Path) -> str:
    """Return what is the same for all names of a file, whether it exists or not."""
    try:
        name = str(real_path(file))
    except (ReadError, OSError, ValueError):  # writing it is an error of its own
        name = str(file.absolute())
    if not _FOLDS_CASE:
        return name
    import unicodedata

    return unicodedata.normalize("NFC", name.casefold())
