"""The credentials of a project that a command's arguments leave out.

A command that changes a whole n8n has to know them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.errors import UsageError, system_reason
from sfcred.loaded_specs import LoadedSpecs
from sfcred.paths import display_path, is_there, join_local
from sfcred.resolve.context import Context
from sfcred.settings import Settings, require_inside

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential


def other_credentials(
    chosen: "Iterable[Credential]", files: list[Path], settings: Settings, context: Context
) -> "tuple[Credential, ...]":
    """Return the project's credentials that aren't chosen: other files, other profiles.

    Specs next to the chosen ones count as the project's. Those that can't be understood are left
    out.

    Args:
        chosen: The credentials that are chosen.
        files: The spec files that are chosen.
        settings: The configuration.
        context: The context of the run.

    Raises:
        SfcredError: The project's specs can't be found.
    """
    known = {_identity(one) for one in chosen}
    specs = LoadedSpecs(_project_files(files, settings), context, {}, {})
    found = [one for file in specs.keep() for one in file.all_credentials()]
    return tuple(one for one in found if _identity(one) not in known)


def _identity(credential: "Credential") -> tuple[Path, str, str | None]:
    return credential.source.path.absolute(), credential.name, credential.profile


def _project_files(files: list[Path], settings: Settings) -> list[Path]:
    """Return every spec file of the project: the configuration's, and those next to given ones.

    Args:
        files: Spec files that were chosen. They are in the result.
        settings: The configuration.

    Raises:
        UsageError: A folder can't be read.
        SettingsError: A path in the configuration is outside the project.
    """
    from sfcred.spec.discover import find_specs, is_spec_name
    from sfcred.spec.exclude import Exclusion

    require_inside(settings, "paths")
    folders = [display_path(join_local(settings.project, path)) for path in settings.paths]
    folders = [folder for folder in folders if is_there(folder)]
    exclusion = Exclusion(settings.exclude, settings.project)
    siblings = [
        display_path(path)
        for folder in dict.fromkeys(file.absolute().parent for file in files)
        for path in _content(folder)
        if is_spec_name(path.name) and path.is_file() and not exclusion.covers(path)
    ]
    wanted = [*files, *folders, *siblings]
    return find_specs(wanted, settings.project, excludes=exclusion.covers) if wanted else []


def _content(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"{display_path(folder)}: can't read this folder: {system_reason(error)}",
            hint="An overwrite changes a whole n8n, so all specs next to the rendered ones count. "
            "Check the folder's permissions.",
        ) from None
