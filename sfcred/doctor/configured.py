"""Apply the configuration's ignores and the baseline to a run."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.checks.api import Trait
from sfcred.doctor.options import Options
from sfcred.doctor.rules import PathRules, Rules
from sfcred.doctor.select import matching
from sfcred.errors import ReadError, SettingsError
from sfcred.files import read_regular
from sfcred.findings import Rule
from sfcred.paths import is_there
from sfcred.settings import Settings, require_inside
from sfcred.spec.discover import reported_path
from sfcred.spec.source import START, LineIndex, Place

if TYPE_CHECKING:
    from sfcred.doctor.baseline_file import Baseline

# Enough for about ten thousand findings, in bytes.
_BASELINE_LIMIT = 4 * 1024 * 1024
_CONFIGURATION_LIMIT = 1024 * 1024
_IN_GENERAL = "left out by `ignore` in the configuration"


def configured(options: Options, settings: Settings, baseline: Path | None = None) -> Options:
    """Return a run's options with the configuration's `path_ignores` and the baseline.

    Args:
        options: The options from the command line.
        settings: The configuration.
        baseline: The baseline from the command line, which must exist. If None, the configuration's
            baseline is used, if it exists.

    Raises:
        SettingsError: The baseline can't be used.
    """
    options = with_path_rules(options, settings)
    file = baseline or settings.project / settings.baseline
    if baseline is None:
        require_inside(settings, "baseline")
        if not is_there(file):
            return options
    return options._replace(baseline=load_baseline(file))


def with_choice(
    options: Options, settings: Settings, select: tuple[str, ...], ignore: tuple[str, ...]
) -> Options:
    """Return the options with the configuration file's `select` and `ignore`.

    A pull request can change that file. So the checks that it ignores still run: reports count what
    they find, and `--no-ignores` shows it.

    Args:
        options: What the person asks for; a choice of checks precedes the file's.
        settings: The configuration.
        select: The checks that the file selects.
        ignore: The checks that it ignores.
    """
    if not options.heeds_ignores:
        return options
    if select and not options.select:
        name = configuration_name(settings)
        options = options._replace(select=select, select_source=name)
    return options._replace(general_rules=_general_rules(ignore, settings)) if ignore else options


def _general_rules(ignore: tuple[str, ...], settings: Settings) -> Rules:
    name = configuration_name(settings)
    return {
        check.id: Rule(check.id, _IN_GENERAL, "configuration", name, START)
        for check in matching(ignore)
        if Trait.ALWAYS not in check.traits
    }


def configuration_name(settings: Settings) -> str:
    """Return the configuration file, as reports show it; empty without one."""
    return reported_path(Path(settings.source)) if settings.source else ""


def load_baseline(file: Path) -> "Baseline":
    """Read a baseline.

    Raises:
        SettingsError: It can't be read, or is not a baseline.
    """
    from sfcred.doctor.baseline_file import read_baseline

    try:
        content = read_regular(file, _BASELINE_LIMIT)
    except ReadError as error:
        raise SettingsError(error.message, hint=error.hint) from None
    return read_baseline(content, reported_path(file))


def with_path_rules(options: Options, settings: Settings) -> Options:
    """Return a run's options with the configuration's `path_ignores`."""
    if not settings.path_ignores:
        return options
    return options._replace(path_rules=PathRules(_path_rules(settings)))


def _path_rules(settings: Settings) -> Mapping[str, list[Rule]]:
    file = Path(settings.source) if settings.source else None
    name = configuration_name(settings) or "SFCRED_PATH_IGNORES"
    places = _Places(_text(file))
    return {
        pattern: [
            Rule(check, reason, "path", name, place, scope=pattern)
            for (check, reason), place in zip(
                checks.items(), places.of(pattern, checks), strict=True
            )
        ]
        for pattern, checks in settings.path_ignores.items()
    }


def _text(file: Path | None) -> str:
    try:
        return read_regular(file, _CONFIGURATION_LIMIT).decode() if file else ""
    except (ReadError, UnicodeDecodeError):
        return ""


class _Places:
    """Finds the positions of rules in the configuration, which the TOML reader doesn't give."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = LineIndex(text)

    def of(self, pattern: str, checks: Iterable[str]) -> Iterator[Place]:
        """Yield the positions of a pattern's checks, which follow it in this order."""
        at = self._text.find(pattern)
        for check in checks:
            found = self._text.find(check, at) if at >= 0 else -1
            at = max(at, found)
            yield self._lines.place_at(found) if found >= 0 else START
