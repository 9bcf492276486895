"""The steps of `sfcred doctor`. Its options are in commands/doctor.py."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sfcred.cli.colours import style_for, width_for
from sfcred.cli.output import deliver_report, emit, warn
from sfcred.errors import SettingsError, UsageError, WriteRefused
from sfcred.paths import display_path, is_there, join_local
from sfcred.settings import require_inside
from sfcred.text.printable import counted, listed
from sfcred.workspace import Workspace

if TYPE_CHECKING:
    from sfcred.findings import Report
    from sfcred.fix import Correction
    from sfcred.workflows.model import WorkflowFile

STDIN = Path("-")


class DoctorOptions(TypedDict):
    """The command-line options."""

    paths: tuple[Path, ...]
    format_name: str
    is_format_chosen: bool
    outputs: tuple[str, ...]
    profile: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str | None
    require_secrets: bool
    fixes: bool
    dry_run: bool
    diff: bool
    baseline: Path | None
    write_baseline: bool
    no_ignores: bool
    live: bool
    jobs: int | None
    local_org: str | None
    workflows: tuple[Path, ...]
    url: str | None
    api_key_variable: str
    allow_hosts: tuple[str, ...]
    org_hosts: tuple[str, ...]
    stdin_filename: Path | None
    quiet: bool
    verbose: bool


class ReportFile(NamedTuple):
    """A report file and its format."""

    format_name: str
    file: Path


def run(given: DoctorOptions) -> int:
    """Run doctor with the given options.

    Returns:
        The exit status.

    Raises:
        SfcredError: The options contradict each other, or there is nothing to check.
    """
    from sfcred.findings import Severity

    if given["diff"]:
        warn("--diff is now called --fix --dry-run")
    targets = list(_targets(given))
    workspace = _open(given)
    if targets:
        _require_distinct(targets, workspace, given["baseline"])
    run = _Run(workspace, given)
    if _is_preview(given):
        return run.show_fixes()
    if given["fixes"]:
        run.fix()
    if given["write_baseline"]:
        run.write_baseline()
    report = run.examine(with_details=_shows_details(given, targets))
    _deliver(report, targets, given)
    return report.exit_status(Severity(given["fail_on"] or workspace.settings.fail_on))


# -- before the run


def _targets(given: DoctorOptions) -> Iterator[ReportFile]:
    """Yield the report files: `-o FORMAT=FILE`, or `-o FILE`.

    The format of `-o FILE` is --format if that was given; otherwise the one of the file's suffix,
    or text if no format has that suffix.

    Raises:
        UsageError: A format is misspelled, or is there without a file.
    """
    from sfcred.report import format_names

    for text in given["outputs"]:
        name, equals, file = text.partition("=")
        if name in format_names() and not file:
            raise UsageError(
                f"-o {text}: a format without a file name",
                hint=f"Write -o {name}=FILE, or pass --format {name} to print the report.",
            )
        if equals and name in format_names():
            yield ReportFile(name, Path(file))
            continue
        if equals and name.isalnum():
            raise _unknown_format(name, format_names())
        yield ReportFile(_format_of(Path(text), given), Path(text))


def _format_of(file: Path, given: DoctorOptions) -> str:
    """Return the format of a report file: that of --format, or else what its suffix asks for."""
    from sfcred.cli.report_files import refuse_other_format
    from sfcred.report.api import SUFFIXES

    chosen = given["format_name"]
    if given["is_format_chosen"]:
        return chosen
    refuse_other_format(file)
    return SUFFIXES.get(file.suffix.lower(), chosen)


def _unknown_format(name: str, known: Sequence[str]) -> UsageError:
    from sfcred.text.near import nearest

    near = nearest(name, known)
    meant = f", did you mean {near}?" if near else ""
    return UsageError(
        f"-o: unknown format {name}{meant}",
        hint=f"Use one of: {', '.join(known)}. If the file's name contains =, write -o ./{name}=….",
    )


def _open(given: DoctorOptions) -> Workspace:
    paths, content = _from_stdin(given)
    workspace = Workspace.open(
        *paths,
        profile=given["profile"],
        allow_hosts=given["allow_hosts"],
        org_hosts=given["org_hosts"],
        local_org=given["local_org"],
        reads_remote_secrets=True if _is_live(given) or given["require_secrets"] else None,
        given=content,
        warn=warn,
    )
    _require_sense(given, workspace, is_stdin=bool(content))
    if workspace.is_whole:
        _point_out_exports(workspace)
    return workspace


def _require_distinct(
    targets: Sequence[ReportFile], workspace: Workspace, baseline: Path | None
) -> None:
    from sfcred.cli.report_files import require_distinct

    settings = workspace.settings
    known = baseline or join_local(settings.project, settings.baseline)
    require_distinct([one.file for one in targets], known)


def _point_out_exports(workspace: Workspace) -> None:
    """Warn about exports of n8n's credentials in the project that git would take."""
    from sfcred.exchange.left_behind import find_left_behind

    settings = workspace.settings
    folders = [settings.project, *(join_local(settings.project, path) for path in settings.paths)]
    if found := find_left_behind(folders, settings.project):
        names = listed([str(display_path(file)) for file in found])
        warn(f"git doesn't ignore {names}, which contains n8n's credentials: move it elsewhere")


def _is_live(given: DoctorOptions) -> bool:
    return given["live"] or given["local_org"] is not None


def _is_preview(given: DoctorOptions) -> bool:
    return given["dry_run"] or given["diff"]


def _from_stdin(given: DoctorOptions) -> tuple[tuple[Path, ...], dict[Path, bytes]]:
    """Return the paths, and the spec read from standard input (`-`)."""
    paths, name = given["paths"], given["stdin_filename"]
    if STDIN not in paths:
        if name is not None:
            raise UsageError(
                "--stdin-filename needs a spec on standard input",
                hint="Pass - as the PATH.",
            )
        return paths, {}
    if paths != (STDIN,):
        raise UsageError("- can't be combined with other paths", hint="Check the files separately.")
    return (), {name or Path("stdin.yaml"): _standard_input()}


def _standard_input() -> bytes:
    from sfcred.files import read_standard_input
    from sfcred.spec.reader import MAX_BYTES

    too_large = UsageError(
        f"standard input is larger than {MAX_BYTES // 1024} KB", hint="Check that this is a spec."
    )
    return read_standard_input(MAX_BYTES, too_large)


def _require_sense(given: DoctorOptions, workspace: Workspace, *, is_stdin: bool) -> None:
    """Refuse options that don't go together.

    Raises:
        UsageError: There is no file to correct, or a partial run would shorten the baseline.
    """
    if given["dry_run"] and not given["fixes"]:
        raise UsageError("--dry-run belongs to --fix", hint="Pass --fix --dry-run.")
    if is_stdin and (given["fixes"] or given["diff"]):
        raise UsageError("--fix needs files", hint="Pass the file's name instead of -.")
    if _is_preview(given) and (given["write_baseline"] or given["outputs"] or _is_live(given)):
        raise UsageError(
            "--dry-run only shows what --fix would change",
            hint="Use --live, --write-baseline and -o in a separate run.",
        )
    if given["write_baseline"] and given["select"]:
        raise UsageError(
            "a baseline always covers all checks", hint="Leave out --select with --write-baseline."
        )
    if given["write_baseline"] and not (workspace.is_whole and workspace.profile is None):
        raise UsageError(
            "a baseline always covers the whole project",
            hint="Leave out PATH and --profile. Set `paths` in sfcred.toml to where the specs are.",
        )


# -- the run


class _Run:
    """One run of doctor."""

    def __init__(self, workspace: Workspace, given: DoctorOptions) -> None:
        from sfcred.cli.selectors import require_known, split_ids
        from sfcred.settings import place_of

        self._workspace = workspace
        self._given = given
        self._select = split_ids(given["select"])
        self._ignore = split_ids(given["ignore"])
        for option, ids in (("select", self._select), ("ignore", self._ignore)):
            require_known(ids, f"--{option}")
            require_known(getattr(workspace.settings, option), place_of(workspace.settings, option))

    def show_fixes(self) -> int:
        """Print what --fix would change, and which specs it can't understand.

        Returns:
            The exit status: 1 if there is either, and 4 if no file is a spec.
        """
        from sfcred.cli.output import show_findings
        from sfcred.findings import Severity

        found = self._corrections()
        for correction in found:
            emit(correction.diff())
        faults = self._workspace.understood().report
        if faults.findings or faults.crashes:
            show_findings(faults._replace(results=()))
        return int(bool(found)) or faults.exit_status(Severity.ERROR)

    def fix(self) -> None:
        """Write the corrections to the files."""
        found = self._corrections()
        for correction in found:
            correction.write()
        self._workspace.reload()
        values = sum(correction.values for correction in found)
        if found:
            told = [counted(values, "value")] if values else []
            told += ["the order of keys"] if any(c.ordered for c in found) else []
            where = counted(len(found), "file")
            emit(f"corrected {' and '.join(told)} in {where}\n", error=True)

    def write_baseline(self) -> None:
        """Write the current findings, except for those that are ignored."""
        from sfcred.doctor.baseline import baseline_text
        from sfcred.files.writing import WriteScope, write_safely

        settings, named = self._workspace.settings, self._given["baseline"]
        if named is None:
            require_inside(settings, "baseline")
        file = named or join_local(settings.project, settings.baseline)
        _refuse_other_files(file)
        report = self._workspace.examine_without_baseline(
            select=self._select, ignore=self._ignore, workflows=self._workflows()
        )
        text = baseline_text(report)
        scope = WriteScope(settings.project, confined=named is None)
        write_safely(file, text, force=True, secret=False, scope=scope)
        number = counted(text.count('"fingerprint"'), "finding")
        told = f"wrote {number} to {display_path(file)}; commit it, and shrink it over time"
        emit(f"{told}\n", error=True)

    def examine(self, *, with_details: bool) -> "Report":
        """Run the checks, and log in if the options ask for it."""
        from sfcred.cli.progress import progress
        from sfcred.doctor import LiveOptions

        given = self._given
        is_live = _is_live(given)
        with progress(is_live) as bar:
            jobs = given["jobs"] or self._workspace.settings.jobs
            return self._workspace.examine(
                select=self._select,
                ignore=self._ignore,
                require_secrets=given["require_secrets"],
                live=LiveOptions(jobs, bar.begin, bar.tick) if is_live else None,
                workflows=self._workflows(),
                heeds_ignores=not given["no_ignores"],
                baseline=given["baseline"],
                warn=warn,
                details=with_details,
            )

    def _workflows(self) -> "Iterable[WorkflowFile] | None":
        """Return the workflows to check: your own choice, or the configuration's; None for none.

        The configuration's are only checked with all of the project's specs: other specs could
        have the credentials that they use.
        """
        from sfcred.cli.running_n8n import workflows_of

        given, workspace = self._given, self._workspace
        is_chosen = bool(given["workflows"]) or given["url"] is not None
        if not (is_chosen or (workspace.is_whole and workspace.settings.workflows)):
            return None
        return workflows_of(workspace, given["workflows"], given["url"], given["api_key_variable"])

    def _corrections(self) -> "list[Correction]":
        from sfcred.fix import corrections, texts_of

        texts = texts_of(self._workspace.files)
        report = self._workspace.examine(
            select=self._select,
            ignore=self._ignore,
            require_secrets=self._given["require_secrets"],
            heeds_ignores=not self._given["no_ignores"],
            baseline=self._given["baseline"],
        )
        return list(corrections(texts, report.findings))


def _refuse_other_files(file: Path) -> None:
    """Raise WriteRefused if the file exists and is not a baseline.

    Its name can come from the configuration, which a pull request can change.
    """
    from sfcred.doctor.configured import load_baseline

    if not is_there(file):
        return
    try:
        load_baseline(file)
    except SettingsError as error:
        raise WriteRefused(
            f"{error.message}, so it was not replaced",
            hint="Delete it if it is an old baseline, or name another file with --baseline FILE.",
        ) from None


# -- after the run


def _shows_details(given: DoctorOptions, targets: list[ReportFile]) -> bool:
    from sfcred.report.api import wants_details

    return any(map(wants_details, {given["format_name"], *(one.format_name for one in targets)}))


def _deliver(report: "Report", targets: list[ReportFile], given: DoctorOptions) -> None:
    """Write the report to its files, and print it unless a file already has that format."""
    from sfcred.report.api import ReportStyle

    printed = given["format_name"]
    plain = ReportStyle(verbose=given["verbose"], quiet=given["quiet"])
    for target in targets:
        deliver_report(report, target.format_name, plain, target.file)
    if not any(target.format_name == printed for target in targets):
        look = plain._replace(style=style_for(), width=width_for())
        deliver_report(report, printed, look, None)
