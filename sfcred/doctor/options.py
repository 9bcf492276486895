"""What a run is asked for."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sfcred.doctor.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from sfcred.doctor.baseline_file import Baseline
    from sfcred.doctor.rules import PathRules
    from sfcred.salesforce.metadata.model import RetrievedFile


class Options(NamedTuple):
    """What a run is asked for.

    Attributes:
        select: Ids, names or the beginnings of ids; empty: every check.
        ignore: The same, to leave out.
        profile: Only credentials of this profile, and those without profiles.
        require_secrets: A reference that can't be read is an error.
        live: Log in with each credential; None: stay offline.
        app: An org's metadata files, to compare each credential's app with.
        select_source: The configuration file that `select` comes from; empty: the person.
        general_rules: What the configuration file leaves out everywhere.
        path_rules: What the configuration leaves out for some files.
        baseline: Findings to leave out.
        heeds_ignores: What specs, configuration and baseline leave out is left out.
        whole: The files are all of the project's: what isn't found isn't there.
        given: The content of files that isn't read from the disk, such as standard input's.
        details: Results carry what was decided about each credential.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    require_secrets: bool = False
    live: "LiveOptions | None" = None
    app: "AppFiles | None" = None
    select_source: str = ""
    general_rules: Rules = NO_RULES
    path_rules: "PathRules | None" = None
    baseline: "Baseline | None" = None
    heeds_ignores: bool = True
    whole: bool = False
    given: Mapping[Path, bytes] = MappingProxyType({})
    details: bool = False


class AppFiles(NamedTuple):
    """The metadata files that an org gave back, and where they are, in words."""

    files: "Sequence[RetrievedFile]"
    where: str


class LiveOptions(NamedTuple):
    """How to log in.

    Attributes:
        jobs: How many orgs at the same time.
        begin: Is called once with the number of logins, before the first one.
        tick: Is called after each.
    """

    jobs: int = 8
    begin: Callable[[int], object] = lambda _number: None
    tick: Callable[[], object] = lambda: None
