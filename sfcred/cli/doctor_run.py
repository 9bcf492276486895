"""What `sfcred doctor` does, step by step; its options are in doctor.py."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sfcred.cli import colours, shared, streams
from sfcred.doctor import LiveOptions, Options, Report, examine
from sfcred.errors import SettingsError, UsageError, WriteRefused
from sfcred.paths import display_path, is_there, join_local
from sfcred.resolve.context import Context
from sfcred.settings import Settings, load_settings, require_inside

if TYPE_CHECKING:
    from sfcred.fix import Correction

STDIN = Path("-")


class Scene(NamedTuple):
    """Where doctor works: settings, files, and what came through standard input."""

    settings: Settings
    files: list[Path]
    given: Mapping[Path, bytes]


def set_scene(paths: tuple[Path, ...], stdin_filename: Path | None) -> Scene:
    """As for all commands; `-` is the spec on standard input.

    Raises:
        SfcredError: The configuration is unusable, or there is no spec.
    """
    if STDIN not in paths:
        if stdin_filename is not None:
            raise UsageError(
                "--stdin-filename names the spec on standard input, and none is read",
                hint="Give - as the PATH.",
            )
        return Scene(*shared.set_scene(paths), {})
    if paths != (STDIN,):
        raise UsageError("- stands for the only spec", hint="Check the files in a run of its own.")
    name = stdin_filename or Path("stdin.yaml")
    return Scene(load_settings(name.absolute().parent), [name], {name: _standard_input()})


def _standard_input() -> bytes:
    from sfcred.spec.source import MAX_BYTES

    content = streams.read_input(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UsageError(
            f"standard input: larger than {MAX_BYTES // 1024} KB", hint="Check that this is a spec."
        )
    return content


def require_sense(options: Options, *, fixes: bool, diff: bool, write_baseline: bool) -> None:
    """Refuses what can't be meant.

    Raises:
        UsageError: There is no file to correct, or the baseline would lose what it holds.
    """
    if options.given and (fixes or diff):
        raise UsageError("--fix and --diff need files", hint="Name the file instead of -.")
    if write_baseline and not (options.whole and options.profile is None):
        raise UsageError(
            "a baseline is of the whole project",
            hint="Leave out PATH and --profile; `paths` in sfcred.toml says where specs are.",
        )


class Run:
    """One call of doctor.

    Args:
        scene: Where.
        context: The surroundings.
        options: What is asked for, offline.
        baseline: The baseline's file, if the command line names one.
    """

    def __init__(
        self, scene: Scene, context: Context, options: Options, baseline: Path | None
    ) -> None:
        self._settings, self._files, _given = scene
        self._context = context
        self._options = options
        self._baseline = baseline

    def show_fixes(self) -> int:
        """Prints what --fix would change; 1 if there is something."""
        found = self._corrections()
        for correction in found:
            shared.emit(correction.diff())
        return int(bool(found))

    def fix(self) -> None:
        """Corrects the files."""
        found = self._corrections()
        for correction in found:
            correction.write()
        values = sum(correction.values for correction in found)
        if found:
            told = [_counted(values, "value")] if values else []
            told += ["the order of keys"] if any(c.ordered for c in found) else []
            where = _counted(len(found), "file")
            shared.emit(f"corrected {' and '.join(told)} in {where}\n", error=True)

    def write_baseline(self) -> None:
        """Writes what is found now, but for what is left out otherwise."""
        from sfcred.doctor.baseline import baseline_text
        from sfcred.doctor.configured import with_path_rules
        from sfcred.files import WriteScope, write_safely

        if self._baseline is None:
            require_inside(self._settings, "baseline")
        file = self._baseline or join_local(self._settings.project, self._settings.baseline)
        _refuse_other_files(file)
        options = with_path_rules(self._options, self._settings)
        text = baseline_text(examine(self._files, self._context, options))
        scope = WriteScope(self._settings.project, confined=self._baseline is None)
        write_safely(file, text, force=True, secret=False, scope=scope)
        number = _counted(text.count('"fingerprint"'), "finding")
        told = f"wrote {number} to {display_path(file)}: commit it, and let it get shorter"
        shared.emit(f"{told}\n", error=True)

    def examine(self, jobs: int | None) -> Report:
        """Checks, and logs in where `jobs` says with how many at a time."""
        options = self._configured()
        if options.baseline is not None and options.baseline.version == 1:
            self._warn_of_old_baseline()
        with shared.progress(jobs is not None) as bar:
            if jobs is not None:
                options = options._replace(live=LiveOptions(jobs, bar.begin, bar.tick))
            return examine(self._files, self._context, options)

    def _configured(self) -> Options:
        from sfcred.doctor.configured import configured

        return configured(self._options, self._settings, self._baseline)

    def _warn_of_old_baseline(self) -> None:
        file = self._baseline or self._settings.project / self._settings.baseline
        shared.emit(
            f"warning: {display_path(file)} is a baseline of version 1, which later versions of "
            "sfcred won't read. Rewrite it with `sfcred doctor --write-baseline`: it then holds "
            "all that is found now, new findings included.\n",
            error=True,
        )

    def _corrections(self) -> "list[Correction]":
        from sfcred.fix import corrections

        report = examine(self._files, self._context, self._configured())
        return list(corrections(self._files, report.findings))


def _refuse_other_files(file: Path) -> None:
    """Raises WriteRefused for a file that is there and is no baseline.

    Its name may come from the configuration, and so from a pull request.
    """
    from sfcred.doctor.configured import load_baseline

    if not is_there(file):
        return
    try:
        load_baseline(file)
    except SettingsError as error:
        raise WriteRefused(
            f"{error.message}, so it is not replaced",
            hint="Remove it if it is an old one; else name another file: --baseline FILE.",
        ) from None


def deliver(
    report: Report,
    targets: list[tuple[str, Path]],
    format_name: str,
    *,
    verbose: bool,
    quiet: bool,
) -> None:
    """Writes the report to its files, and prints it unless a file has the printed format."""
    from sfcred.report.api import Look

    plain = Look(verbose=verbose, quiet=quiet)
    for name, file in targets:
        shared.deliver_report(report, name, plain, file)
    if not any(name == format_name for name, _file in targets):
        shared.deliver_report(report, format_name, plain._replace(style=colours.style_for()), None)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
