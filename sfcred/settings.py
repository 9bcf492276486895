"""The configuration: `sfcred.toml` or `[tool.sfcred]`, then `SFCRED_*` variables.

Importing is kept for when it is needed: pydantic for a file, and pydantic-settings, which takes
longer than reading a spec, for a variable.
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sfcred._settings_file import FILE, find_configuration
from sfcred.errors import SettingsError
from sfcred.paths import MAX_PARTS, is_folder, lies_outside, why_foreign, working_folder
from sfcred.shell import for_shell

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

PREFIX = "SFCRED_"
# What only the command line and the environment may say, with the option's name.
_OUTSIDE_ONLY = (
    ("allow_hosts", "--allow-host"),
    ("org_hosts", "--org-host"),
    ("state", "--state"),
)

# In plain words, where pydantic's own are none.
_REASONS = {
    "extra_forbidden": "not a setting of sfcred",
    "too_short": "is empty",
    "string_too_short": "an empty text can't be used here",
}


class Settings(NamedTuple):
    """The project's settings. Options of the command line take precedence.

    Attributes:
        project: The root: the folder of the configuration, else of git, else the working one.
        source: The configuration file, as messages show it; None without one.
        paths: Where specs are, relative to the root.
        select, ignore: Checks, by id, beginning of ids or name.
        path_ignores: Checks to leave out for some files, with reasons, by pattern.
        baseline: The file of known findings, relative to the root.
        fail_on: The severity from which on doctor's exit status is 1: error or warning.
        require_secrets: Whether a reference that can't be read is an error.
        secrets_dirs: Where `{secrets_dir: NAME}` looks.
        certificate_days: From how many days before its end a certificate is a warning.
        jobs: How many orgs live checks log in to at the same time.
        allow_hosts: Further hosts as authorities: from SFCRED_ALLOW_HOSTS alone.
        org_hosts: The only hosts that anything is sent to: from SFCRED_ORG_HOSTS alone. None
            where it isn't set.
    """

    project: Path
    source: str | None = None
    paths: tuple[str, ...] = ("credentials",)
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


#: Settings that variables hold, by their names. Those of _VALIDATED have a model.
_VALIDATED = tuple(n for n in Settings._fields if n not in ("project", "source", "org_hosts"))
_IN_VARIABLES = (*_VALIDATED, "org_hosts", "state", "n8n_url")

_FILL_OR_UNSET = "Give it a value, or unset it."
_WHEN_EMPTY = {
    "org_hosts": "Name your orgs' hosts, such as acme.my.salesforce.com; unset it to send to any "
    "org that a spec names.",
    "state": "Name a file, or unset it: the state is then .sfcred/state.json.",
    "n8n_url": "Give the address, such as https://n8n.acme.com, or unset it and use --n8n.",
}


def load_settings(start: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Find the project and read its configuration.

    Args:
        start: Where to look first, then upwards: a file or folder.
        environ: The environment, for the `SFCRED_*` variables.

    Returns:
        The settings.

    Raises:
        SettingsError: A configuration that can't be used, with the file and the field.
    """
    folder = start if is_folder(start) else start.parent
    # A longer path leads nowhere, and its parents are too many to look into.
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
    """Refuse a configuration that another user put where you work.

    In a shared folder such as /tmp, a configuration or a `.git` of somebody else would decide for
    everybody who works there or below. Git refuses such a repository for the same reason. You trust
    yourself, root, and whoever has the folder that you work in: a container that runs as another
    user than the checkout's owner can work in it, in a folder below its root, too.

    Raises:
        SettingsError: With the way out.
    """
    found = file or project / ".git"
    if os.name != "posix" or not os.path.lexists(found):
        return
    # Of a path that leads nowhere, the nearest folder that is there.
    chosen = {next(folder for folder in (start, *start.parents) if is_folder(folder))}
    chosen |= {project} & {working_folder()}
    trusted = {0, os.geteuid(), *_who_uses_sudo(), *(folder.stat().st_uid for folder in chosen)}
    owner = os.lstat(found).st_uid
    if owner not in trusted:
        raise SettingsError(
            f"{found}: belongs to another user (uid {owner}), who would decide for everybody who "
            f"works in {project}",
            hint="Work in a folder of your own, with an sfcred.toml in it. If you trust the file, "
            f"make it yours: sudo chown {os.geteuid()} {for_shell(found)}",
        )


def _who_uses_sudo() -> tuple[int, ...]:
    given = os.environ.get("SUDO_UID", "")
    return (int(given),) if os.geteuid() == 0 and re.fullmatch("[0-9]{1,10}", given) else ()


def require_inside(settings: Settings, name: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse a place outside of the project that no person chose, before it is used.

    A pull request can change the configuration, and make a link of a default's name.

    Args:
        settings: The settings.
        name: The setting that is about to be used: paths or baseline.
        environ: The environment: what a person set there may lead anywhere.

    Raises:
        SettingsError: With the way out.
    """
    if given_variable(name, environ) is not None:
        return
    for place in settings.paths if name == "paths" else (settings.baseline,):
        if lies_outside(settings.project / place, settings.project):
            where = f"{settings.source}: " if settings.source else ""
            raise SettingsError(
                f"{where}{name}: {place!r} lies outside of the project ({settings.project}), links "
                "followed",
                hint="Name it on the command line instead, move it into the project, or move "
                f"{FILE} to the folder that holds both. {PREFIX}{name.upper()} can name it, too.",
            )


def given_variable(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the text of a setting's `SFCRED_*` variable; None where it isn't set.

    A variable that is set but empty usually means that a CI system failed to fill it in. Taking
    it for a missing one could mean: no fence, all checks passed over, another n8n.

    Args:
        name: The setting, such as `fail_on`.
        environ: The environment. Upper and lower case are the same, as on Windows.

    Raises:
        SettingsError: It is empty, or set twice with different texts.
    """
    variable = PREFIX + name.upper()
    given = {value for key, value in environ.items() if key.upper() == variable}
    if not given:
        return None
    text = given.pop()
    if given:
        what = "is set twice, in upper and in lower case, to different values"
        raise SettingsError(f"{variable}: {what}", hint="Unset one of them.")
    if not text.strip(" \t\r\n,"):
        raise SettingsError(f"{variable} is empty", hint=_WHEN_EMPTY.get(name, _FILL_OR_UNSET))
    return text


def _refuse_slips(own: Mapping[str, str]) -> None:
    """Refuse a variable that is a setting's but for a slip: SFCRED_ORG_HOST would be no fence.

    Raises:
        SettingsError: With the right name.
    """
    known = frozenset(_IN_VARIABLES)
    for key in own:
        name = key[len(PREFIX) :].lower()
        if name in known:
            continue
        from sfcred.near import is_near

        if is_near(name, known):
            raise SettingsError(
                f"{key}: not a setting of sfcred",
                hint=f"Did you mean {PREFIX}{_nearest(name, known).upper()}? If the variable is "
                "for something else, give it another name.",
            )


def _org_hosts(own: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the hosts of SFCRED_ORG_HOSTS; None where it isn't set."""
    given = given_variable("org_hosts", own)
    if given is None:
        return None
    return tuple(host.strip() for host in given.split(",") if host.strip())


def _from_file(table: dict[str, object], file: Path | None) -> dict[str, Any]:
    """Return the values that the file sets."""
    if not table:
        return {}
    from pydantic import ValidationError

    from sfcred._settings_model import read_table

    for name, option in _OUTSIDE_ONLY:
        if name in table:
            raise SettingsError(
                f"{file}: {name} can't be set in a file, which a pull request could change",
                hint=f"Use the option {option} or the variable {PREFIX}{name.upper()}.",
            )
    _refuse_foreign_paths(table, file)
    try:
        return read_table(table)
    except ValidationError as error:
        raise _unusable(error, lambda name: f"{file}: {name}") from None


def _from_variables(own: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that variables set."""
    texts = {name: given_variable(name, own) for name in _VALIDATED}
    given = {name: text for name, text in texts.items() if text is not None}
    if not given:
        return {}
    from pydantic import ValidationError
    from pydantic_settings.exceptions import SettingsError as Unparsable

    from sfcred._settings_variables import read_variables

    try:
        return read_variables(given)
    except (Unparsable, RecursionError):  # the one variable that isn't a plain text
        raise SettingsError(
            f"{PREFIX}PATH_IGNORES: is not valid JSON",
            hint='Write it as {"credentials/old/": {"SFC206": "why"}}.',
        ) from None
    except ValidationError as error:
        raise _unusable(error, lambda name: PREFIX + name.upper()) from None


def _unusable(error: "ValidationError", where: Callable[[str], str]) -> SettingsError:
    """Return what is wrong with the first value that the model refuses, without the value."""
    from sfcred.near import is_near

    details = error.errors(include_input=False, include_url=False)[0]
    name = str(details["loc"][0]) if details["loc"] else "?"
    name = name if is_near(name, frozenset(_VALIDATED)) else "a name in it"
    reason = _REASONS.get(details["type"], details["msg"].lower())
    return SettingsError(f"{where(name)}: {reason}", hint=_hint(name))


def _refuse_foreign_paths(table: dict[str, object], file: Path | None) -> None:
    """Raise SettingsError for a path that, on Windows, could reach another machine.

    A pull request can change the file.
    """
    for field in ("paths", "baseline", "secrets_dirs"):
        given = table.get(field)
        for path in given if isinstance(given, list) else [given]:
            reason = why_foreign(path) if isinstance(path, str) else None
            if reason:
                raise SettingsError(
                    f"{file}: {field}: a path there {reason}", hint="Name a place in the project."
                )


def _hint(name: str) -> str:
    fields = settings_model().model_fields
    if name in fields:
        return f"{fields[name].description}"
    near = _nearest(name, frozenset(fields))
    return f"Did you mean {near}?" if near else f"Known: {', '.join(fields)}."


def _nearest(name: str, known: frozenset[str]) -> str:
    """Return the most similar known name; empty where none is similar."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(known), n=1)), "")


def settings_model() -> "type[BaseModel]":
    """Return the configuration's model, for its JSON Schema."""
    from sfcred._settings_model import FileSettings

    return FileSettings
