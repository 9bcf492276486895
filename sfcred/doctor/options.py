"""The options of a run."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sfcred.doctor.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from sfcred.app.retrieved import AppFiles
    from sfcred.doctor.baseline_file import Baseline
    from sfcred.doctor.rules import PathRules
    from sfcred.resolve.loading import LoadedFile
    from sfcred.workflows.model import WorkflowFile


class Options(NamedTuple):
    """The options of a run.

    Attributes:
        select: Check ids, prefixes of ids, or names to run; empty for all checks.
        ignore: Check ids, prefixes of ids, or names not to run.
        profile: Examine only credentials with this profile, and those without profiles.
        require_secrets: Report a reference that can't be read as an error.
        live: Log in with each credential; None to stay offline.
        workflows: n8n's workflows, to check them as well; None if they aren't checked.
        app: An org's metadata files, to compare each credential's app with.
        select_source: The configuration file that `select` comes from; empty if it is your own.
        general_rules: The configuration file's ignores for all files.
        path_rules: The configuration's ignores for some files.
        baseline: Findings to suppress.
        heeds_ignores: Respect the ignores in specs and configuration, and the baseline.
        whole: The files are all of the project's specs, so that a missing finding is really gone.
        rest: Returns the project's other specs, if the files are only some of them. Project checks
            compare with these, too.
        given: The content of files that aren't read from disk, such as standard input.
        details: Include in results what was decided about each credential.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    require_secrets: bool = False
    live: "LiveOptions | None" = None
    app: "AppFiles | None" = None
    workflows: "Iterable[WorkflowFile] | None" = None
    select_source: str = ""
    general_rules: Rules = NO_RULES
    path_rules: "PathRules | None" = None
    baseline: "Baseline | None" = None
    heeds_ignores: bool = True
    whole: bool = False
    rest: "Callable[[], Iterable[LoadedFile]]" = tuple
    given: Mapping[Path, bytes] = MappingProxyType({})
    details: bool = False


class LiveOptions(NamedTuple):
    """Options for logging in.

    Attributes:
        jobs: The number of orgs to visit at the same time.
        begin: Called once with the number of logins, before the first one.
        tick: Called after each login.
    """

    jobs: int = 8
    begin: Callable[[int], object] = lambda _number: None
    tick: Callable[[], object] = lambda: None
