"""The configuration: `sfcred.toml` or `[tool.sfcred]`, then `SFCRED_*` variables.

Imports happen late: pydantic only for a file, and pydantic-settings, which takes longer to import
than a spec takes to read, only for a variable.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sfcred.errors import SettingsError
from sfcred.paths import MAX_PARTS, is_folder, lies_outside, why_foreign, working_folder
from sfcred.settings.file import FILE, find_configuration, place_of_setting
from sfcred.text.near import is_near, nearest
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

PREFIX = "SFCRED_"
# Settings that only the command line and the environment can give, with their options.
_OUTSIDE_ONLY = (
    ("allow_hosts", "--allow-host"),
    ("org_hosts", "--org-host"),
    ("state", "--state"),
)

# Plainer words than pydantic's.
_REASONS = {
    "extra_forbidden": "unknown setting",
    "too_short": "must not be empty",
    "string_too_short": "must not be an empty string",
    "list_type": 'must be a list: ["one", "two"]',
    "bool_type": "must be true or false",
}


class Settings(NamedTuple):
    """The project's settings. Command-line options take precedence.

    Attributes:
        project: The root: the folder of the configuration, or of `.git`, or the working folder.
        source: The configuration file, as messages show it; None if there is none.
        paths: Where specs are, relative to the root.
        exclude: Patterns of files in those folders that aren't specs.
        workflows: Where n8n's workflows are, relative to the root; none if they aren't checked.
        select, ignore: Checks to run and to leave out, by id, prefix of ids or name.
        path_ignores: Checks to leave out for some files, by pattern, with reasons.
        baseline: The file of known findings, relative to the root.
        fail_on: The lowest severity that makes doctor's exit status 1: error or warning.
        require_secrets: Whether a reference that can't be read is an error.
        secrets_dirs: The folders of `{secrets_dir: NAME}`.
        certificate_days: How early to warn about an expiring certificate, in days.
        jobs: How many orgs live checks log in to at the same time.
        allow_hosts: Further hosts to accept as an authority, from SFCRED_ALLOW_HOSTS only.
        org_hosts: The only hosts that anything is sent to, from SFCRED_ORG_HOSTS only; None if it
            isn't set.
    """

    project: Path
    source: str | None = None
    paths: tuple[str, ...] = ("credentials",)
    exclude: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    path_ignores: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    baseline: str = "sfcred-baseline.json"
    fail_on: str = "error"
    require_secrets: bool = False
    secrets_dirs: tuple[str, ...] = ("/run/secrets",)
    certificate_days: int = 30
    jobs: int = 8
    allow_hosts: tuple[str, ...] = ()
    org_hosts: tuple[str, ...] | None = None


#: Names of the settings that a variable can give. Those in _VALIDATED have a model.
_VALIDATED = tuple(n for n in Settings._fields if n not in ("project", "source", "org_hosts"))
_IN_VARIABLES = (*_VALIDATED, "org_hosts", "state", "n8n_url")

_FILL_OR_UNSET = "Set it to a value, or unset it."
_WHEN_EMPTY = {
    "org_hosts": "List your orgs' hosts, for example acme.my.salesforce.com, or unset it to allow "
    "any org that a spec names.",
    "state": "Set it to a file, or unset it to use .sfcred/state.json.",
    "n8n_url": "Set it to an address such as https://n8n.acme.com, or unset it and pass --n8n.",
}


def load_settings(start: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Find the project and read its configuration.

    Args:
        start: The file or folder to start at. The search goes up from there.
        environ: The environment, for the `SFCRED_*` variables.

    Raises:
        SettingsError: The configuration can't be used. The message has the file and the field.
    """
    folder = start if is_folder(start) else start.parent
    # A longer path can't exist, and it has too many parents to search.
    folder = Path(*folder.absolute().parts[:MAX_PARTS])
    project, file, table = find_configuration(folder)
    _refuse_foreign_owner(project, file, folder)
    own = {key: text for key, text in environ.items() if key.upper().startswith(PREFIX)}
    _refuse_slips(own)
    return Settings(
        project=project,
        source=str(file) if file else None,
        org_hosts=_org_hosts(own),
        **{**_from_file(table, file), **_from_variables(own)},
    )


def _refuse_foreign_owner(project: Path, file: Path | None, start: Path) -> None:
    """Refuse a configuration that belongs to another user.

    In a shared folder such as /tmp, another user's configuration or `.git` would decide for
    everyone who works there or below. Git refuses such a repository for the same reason. You, root
    and the owner of the folder that you work in are trusted, so that a container can run as another
    user than the owner of the checkout, in its root or in a folder below.

    Raises:
        SettingsError: The owner isn't trusted. The hint says what to do.
    """
    found = file or project / ".git"
    if sys.platform == "win32" or not os.path.lexists(found):
        return
    # For a path that doesn't exist, the nearest folder that does.
    chosen = {next(folder for folder in (start, *start.parents) if is_folder(folder))}
    chosen |= {project} & {working_folder()}
    trusted = {0, os.geteuid(), *_who_uses_sudo(), *(folder.stat().st_uid for folder in chosen)}
    owner = os.lstat(found).st_uid
    if owner not in trusted:
        raise SettingsError(
            f"{found}: belongs to another user (uid {owner}), who could change what sfcred does in "
            f"{project}",
            hint="Work in your own folder, with an sfcred.toml in it. If you trust the file, "
            f"take it over: `sudo chown {os.geteuid()} {for_shell(found)}`",
        )


def _who_uses_sudo() -> tuple[int, ...]:
    given = os.environ.get("SUDO_UID", "")
    if sys.platform == "win32":
        return ()
    return (int(given),) if os.geteuid() == 0 and re.fullmatch("[0-9]{1,10}", given) else ()


def require_inside(settings: Settings, name: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse a path outside the project, unless a person chose it.

    A pull request can change the configuration, or put a link in place of a default path.

    Args:
        settings: The settings.
        name: The setting that is about to be used: paths, workflows or baseline.
        environ: The environment. A path set there is a person's choice, and can be anywhere.

    Raises:
        SettingsError: A path is outside the project. The hint lists the alternatives.
    """
    if given_variable(name, environ) is not None:
        return
    places = {"paths": settings.paths, "workflows": settings.workflows}
    for place in places.get(name, (settings.baseline,)):
        if lies_outside(settings.project / place, settings.project):
            file = settings.source and place_of_setting(Path(settings.source), name)
            where = f"{file}: " if file else ""
            raise SettingsError(
                f"{where}{name}: {place!r} is outside the project ({settings.project}), with links "
                "followed",
                hint="Pass it on the command line, move it into the project, or move "
                f"{FILE} to a folder that contains both. You can also set {PREFIX}{name.upper()}.",
            )


def place_of(settings: Settings, name: str) -> str:
    """Return where a setting's value comes from, for messages: a variable, or the file."""
    if given_variable(name) is not None:
        return f"{PREFIX}{name.upper()}"
    file = Path(settings.source).name if settings.source else FILE
    return f"`{name}` in {file}"


def given_variable(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the text of a setting's `SFCRED_*` variable; None if it isn't set.

    A variable that is set but empty usually means that a CI system failed to fill it in. Treating
    it as unset could lift the limit on hosts, skip checks, or choose another n8n.

    Args:
        name: The setting, for example `fail_on`.
        environ: The environment. Upper and lower case are the same, as on Windows.

    Raises:
        SettingsError: The variable is empty, or upper and lower case have different values.
    """
    variable = PREFIX + name.upper()
    given = {value for key, value in environ.items() if key.upper() == variable}
    if not given:
        return None
    text = given.pop()
    if given:
        what = "has different values in upper and lower case"
        raise SettingsError(f"{variable}: {what}", hint="Unset one of them.")
    if not text.strip(" \t\r\n,"):
        raise SettingsError(f"{variable} is empty", hint=_WHEN_EMPTY.get(name, _FILL_OR_UNSET))
    return text


def _refuse_slips(own: Mapping[str, str]) -> None:
    """Refuse a misspelled variable: SFCRED_ORG_HOST, for example, would limit nothing.

    Raises:
        SettingsError: A variable's name is almost a setting's. The hint has the right name.
    """
    known = frozenset(_IN_VARIABLES)
    for key in own:
        name = key[len(PREFIX) :].lower()
        if name not in known and is_near(name, known):
            meant = nearest(name, sorted(known)) or ""
            raise SettingsError(
                f"{key}: unknown setting",
                hint=f"Did you mean {PREFIX}{meant.upper()}? If the variable is for something "
                "else, rename it.",
            )


def _org_hosts(own: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the hosts of SFCRED_ORG_HOSTS; None if it isn't set."""
    given = given_variable("org_hosts", own)
    if given is None:
        return None
    return tuple(host.strip() for host in given.split(",") if host.strip())


def _from_file(table: dict[str, object], file: Path | None) -> dict[str, Any]:
    """Return the values that the file sets."""
    if file is None or not table:
        return {}
    from pydantic import ValidationError

    from sfcred.settings.model import read_table

    for name, option in _OUTSIDE_ONLY:
        if name in table:
            raise SettingsError(
                f"{place_of_setting(file, name)}: {name} can't be set in a file, because a pull "
                "request could change it",
                hint=f"Use the option {option} or the variable {PREFIX}{name.upper()}.",
            )
    _refuse_sections(table, file)
    _refuse_foreign_paths(table, file)
    try:
        return read_table(table)
    except ValidationError as error:
        raise _unusable(
            error, lambda name, shown: f"{place_of_setting(file, name)}: {shown}"
        ) from None


def _from_variables(own: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that variables set."""
    texts = {name: given_variable(name, own) for name in _VALIDATED}
    given = {name: text for name, text in texts.items() if text is not None}
    if not given:
        return {}
    from pydantic import ValidationError
    from pydantic_settings.exceptions import SettingsError as Unparsable

    from sfcred.settings.variables import read_variables

    try:
        return read_variables(given)
    except (Unparsable, RecursionError):  # only path_ignores is parsed
        raise SettingsError(
            f"{PREFIX}PATH_IGNORES: not valid JSON",
            hint='Write it as {"credentials/old/": {"SFC206": "why"}}.',
        ) from None
    except ValidationError as error:
        raise _unusable(error, lambda _name, shown: PREFIX + shown.upper()) from None


def _unusable(error: "ValidationError", where: Callable[[str, str], str]) -> SettingsError:
    """Return an error about the first value that the model refuses, without the value.

    Args:
        error: What the model says.
        where: Returns where a setting is, from its name and from what can be shown of that.
    """
    details = error.errors(include_input=False, include_url=False)[0]
    name = str(details["loc"][0]) if details["loc"] else "?"
    shown = name if is_near(name, frozenset(_VALIDATED)) else "a name in it"
    own = str(details["ctx"]["error"]) if details["type"] == "value_error" else ""
    told = details["msg"].lower().replace("input should be ", "must be ")
    reason = own or _REASONS.get(details["type"], told)
    return SettingsError(f"{where(name, shown)}: {reason}", hint=_hint(shown))


def _refuse_sections(table: dict[str, object], file: Path) -> None:
    """Raise SettingsError for a section such as [doctor], or [tool.sfcred] in sfcred.toml."""
    known = settings_model().model_fields
    sections = [n for n, value in table.items() if isinstance(value, dict) and n not in known]
    if sections:
        raise SettingsError(
            f"{place_of_setting(file, sections[0])}: settings have no sections, but it has one",
            hint="Write the settings at the top of sfcred.toml, or below [tool.sfcred] in "
            "pyproject.toml.",
        )


def _refuse_foreign_paths(table: dict[str, object], file: Path) -> None:
    """Raise SettingsError for a path that, on Windows, could reach another machine.

    A pull request can change the file.
    """
    for field in ("paths", "workflows", "baseline", "secrets_dirs"):
        given = table.get(field)
        for path in given if isinstance(given, list) else [given]:
            reason = why_foreign(path) if isinstance(path, str) else None
            if reason:
                raise SettingsError(
                    f"{place_of_setting(file, field)}: {field}: a path in it {reason}",
                    hint="Use a path in the project.",
                )


def _hint(name: str) -> str:
    fields = settings_model().model_fields
    if name in fields:
        return f"{fields[name].description}"
    near = nearest(name, fields)
    return f"Did you mean {near}?" if near else f"Known: {', '.join(fields)}."


def settings_model() -> "type[BaseModel]":
    """Return the model of a configuration file, for its JSON Schema."""
    from sfcred.settings.model import FileSettings

    return FileSettings
