"""What the project's configuration leaves out, for a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.checks._api import Rule
from sfcred.doctor._ignores import PathRules
from sfcred.doctor._model import Options
from sfcred.errors import ReadError, SettingsError
from sfcred.files import read_regular
from sfcred.paths import is_there
from sfcred.settings import Settings, require_inside
from sfcred.spec.discover import shown
from sfcred.spec.source import START, Place

if TYPE_CHECKING:
    from sfcred.doctor.baseline import Baseline

# Some ten thousand findings.
_BASELINE_LIMIT = 4 * 1024 * 1024
_CONFIGURATION_LIMIT = 1024 * 1024


def configured(options: Options, settings: Settings, baseline: Path | None = None) -> Options:
    """A run's options with the configuration's `path_ignores` and the baseline.

    Args:
        options: What the command line asks for.
        settings: The configuration.
        baseline: The baseline that the command line names; it must exist. Without one, the
            configuration's is used, if it exists.

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


def load_baseline(file: Path) -> "Baseline":
    """Reads a baseline.

    Raises:
        SettingsError: It can't be read, or is none.
    """
    from sfcred.doctor.baseline import read_baseline

    try:
        content = read_regular(file, _BASELINE_LIMIT)
    except ReadError as error:
        raise SettingsError(error.message, hint=error.hint) from None
    return read_baseline(content, shown(file))


def with_path_rules(options: Options, settings: Settings) -> Options:
    """A run's options with the configuration's `path_ignores`."""
    if not settings.path_ignores:
        return options
    return options._replace(path_rules=PathRules(_path_rules(settings)))


def _path_rules(settings: Settings) -> Mapping[str, list[Rule]]:
    file = Path(settings.source) if settings.source else None
    name = shown(file) if file else "SFCRED_PATH_IGNORES"
    text = _text(file)
    return {
        pattern: [
            Rule(check, reason, "path", name, _place(text, pattern, check), scope=pattern)
            for check, reason in checks.items()
        ]
        for pattern, checks in settings.path_ignores.items()
    }


def _text(file: Path | None) -> str:
    try:
        return read_regular(file, _CONFIGURATION_LIMIT).decode() if file else ""
    except (ReadError, UnicodeDecodeError):
        return ""


def _place(text: str, pattern: str, check: str) -> Place:
    """Where a rule stands in the configuration: TOML's reader tells no places."""
    start = text.find(pattern)
    end = text.find(check, start) if start >= 0 else -1
    if end < 0:
        return START
    return Place(text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end))
