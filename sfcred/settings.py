"""The configuration: `sfcred.toml` or `[tool.sfcred]`, then `SFCRED_*` variables.

pydantic-settings is imported only where one of them exists: it costs more than reading a spec.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sfcred.errors import ReadError, SettingsError
from sfcred.files import read_regular
from sfcred.paths import (
    MAX_PARTS,
    is_file,
    is_folder,
    is_inside,
    is_there,
    lies_outside,
    why_foreign,
    working_folder,
)
from sfcred.shell import for_shell

if TYPE_CHECKING:
    from pydantic import BaseModel

PREFIX = "SFCRED_"
FILE = "sfcred.toml"
# What only the command line and the environment may say, with the option's name.
_OUTSIDE_ONLY = (
    ("allow_hosts", "--allow-host"),
    ("org_hosts", "--org-host"),
    ("state", "--state"),
)

# Bytes of sfcred.toml, and of a pyproject.toml, which many tools share.
_MOST_OWN = 128 * 1024
_MOST_SHARED = 1024 * 1024
# In plain words, where pydantic's own are none.
_REASONS = {"extra_forbidden": "not a setting of sfcred", "too_short": "is empty"}
# In one line of either.
_MOST_DOTS = 200


class Settings(NamedTuple):
    """What holds for the project. The options of the command line come before it.

    Attributes:
        project: The root: the folder of the configuration, else of git, else the working one.
        source: The configuration file, as messages show it; None without one.
        paths: Where specs are, relative to the root.
        select, ignore: Checks, by id, beginning of ids or name.
        path_ignores: Checks that don't apply to some files, with reasons, by pattern.
        baseline: The file of known findings, relative to the root.
        fail_on: The severity from which on doctor's exit status is 1: error or warning.
        require_secrets: A reference that can't be read is an error.
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


def load_settings(start: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Finds the project and reads its configuration.

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
    project, file, table = _find(folder)
    _refuse_foreign_owner(project, file, folder)
    has_variables = any(name.upper().startswith(PREFIX) for name in environ)
    source = str(file) if file else None
    if not table and not has_variables:
        return Settings(project, source)
    fence = _org_hosts(environ)
    values = _validate(table, file, environ)
    return Settings(project=project, source=source, org_hosts=fence, **values)


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
    variable = PREFIX + name.upper()
    if any(key.upper() == variable and value.strip() for key, value in environ.items()):
        return
    for place in settings.paths if name == "paths" else (settings.baseline,):
        if lies_outside(settings.project / place, settings.project):
            where = f"{settings.source}: " if settings.source else ""
            raise SettingsError(
                f"{where}{name}: {place!r} lies outside of the project ({settings.project}), links "
                "followed",
                hint="Name it on the command line instead, move it into the project, or move "
                f"{FILE} to the folder that holds both. {variable} can name it, too.",
            )


def _org_hosts(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """The hosts of SFCRED_ORG_HOSTS; None where it isn't set.

    The model of the other variables takes an empty one for a missing one. Here that would be the
    worst answer: no fence, where a CI system failed to fill it in.
    """
    name = f"{PREFIX}ORG_HOSTS"
    given = {value for key, value in environ.items() if key.upper() == name}
    hosts = [host.strip() for value in given for host in value.split(",") if host.strip()]
    if not given:
        return None
    if not hosts or len(given) > 1:
        what = "is empty" if not hosts else "is set twice, in capital and in small letters"
        raise SettingsError(
            f"{name}: {what}",
            hint="Name your orgs' hosts, such as acme.my.salesforce.com; unset it to send to any "
            "org that a spec names.",
        )
    return tuple(hosts)


def _find(folder: Path) -> tuple[Path, Path | None, dict[str, object]]:
    """The project's root, its configuration file and what it says."""
    for parent in (folder, *folder.parents):
        own = parent / FILE
        if is_file(own):
            _refuse_link_out(own)
            return parent, own, _toml(own)
        shared = parent / "pyproject.toml"
        if is_file(shared):
            table = _tool_table(shared)
            if table is not None:
                return parent, shared, table
        if is_there(parent / ".git"):
            return parent, None, {}
    # A path may be typed that leads elsewhere; else the project is where one stands.
    working = working_folder()
    return working if working and folder.is_relative_to(working) else folder, None, {}


def _refuse_link_out(file: Path) -> None:
    """Raise SettingsError for a configuration outside: messages would show what is in it."""
    if not is_inside(file, file.parent):
        raise SettingsError(
            f"{file}: is a link that leads outside of the project",
            hint="Put a regular file there.",
        )


def _tool_table(file: Path) -> dict[str, object] | None:
    if b"tool.sfcred" not in _bytes(file):  # most have none, and parsing isn't free
        return None
    _refuse_link_out(file)
    tool = _toml(file).get("tool")
    table = tool.get("sfcred") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _bytes(file: Path) -> bytes:
    try:
        return read_regular(file, _MOST_OWN if file.name == FILE else _MOST_SHARED)
    except ReadError as error:
        raise SettingsError(error.message, hint=error.hint) from None


def _toml(file: Path) -> dict[str, object]:
    import tomllib

    content = _bytes(file)
    _refuse_long_keys(file, content)
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"{file}: is not valid TOML: {_why_no_toml(error)}", hint="Correct it at this place."
        ) from None


def _refuse_long_keys(file: Path, content: bytes) -> None:
    """Keeps `a.a.a.…` from tomllib, whose time grows with the square of a key's parts."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.count(b".") > _MOST_DOTS:
            raise SettingsError(
                f"{file}: line {number} has more than {_MOST_DOTS} dots",
                hint="Break the line: put each entry of a list on its own line.",
            )


def _why_no_toml(error: ValueError | RecursionError) -> str:
    from tomllib import TOMLDecodeError

    match error:
        case TOMLDecodeError():
            # Without what it quotes of the file: it may be a secret in the wrong place.
            return re.sub(r"\('.*'.*\)|(['\"]).{2,}\1", "…", str(error))
        case UnicodeDecodeError():
            return "not UTF-8 text"
        case RecursionError():
            return "it is nested too deep"
        case _:  # Python converts no number of thousands of digits, nor an impossible date
            return "it has a number or a date that can't be read"


def _validate(
    table: dict[str, object], file: Path | None, environ: Mapping[str, str]
) -> dict[str, Any]:
    """The values that are set, converted; from the variables where both say something."""
    from pydantic import ValidationError
    from pydantic_settings.exceptions import SettingsError as Unparsable

    from sfcred._settings_model import from_sources
    from sfcred.near import is_near

    for name, option in _OUTSIDE_ONLY:
        if name in table:
            raise SettingsError(
                f"{file}: {name} can't be set in a file, which a pull request could change",
                hint=f"Use the option {option} or the variable {PREFIX}{name.upper()}.",
            )
    _refuse_foreign_paths(table, file)
    try:
        return from_sources(table, environ)
    except (Unparsable, RecursionError):  # the one variable that isn't a plain text
        raise SettingsError(
            f"{PREFIX}PATH_IGNORES: is not valid JSON",
            hint='Write it as {"credentials/old/": {"SFC206": "why"}}.',
        ) from None
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)[0]
        name = str(details["loc"][0]) if details["loc"] else "?"
        name = name if is_near(name, frozenset(settings_model().model_fields)) else "a name in it"
        variable = PREFIX + name.upper()
        given_by_variable = variable in {key.upper() for key in environ}
        where = variable if given_by_variable else f"{file}: {name}"
        reason = _REASONS.get(details["type"], details["msg"].lower())
        raise SettingsError(f"{where}: {reason}", hint=_hint(name)) from None


def _refuse_foreign_paths(table: dict[str, object], file: Path | None) -> None:
    """A pull request may change the file; on Windows a path can reach another machine."""
    for field in ("paths", "baseline", "secrets_dirs"):
        given = table.get(field)
        if not isinstance(given, str | list):
            continue  # the model says what is wrong with it
        for path in given.split(",") if isinstance(given, str) else given:
            reason = why_foreign(path) if isinstance(path, str) else None
            if reason:
                raise SettingsError(
                    f"{file}: {field}: a path there {reason}", hint="Name a place in the project."
                )


def _hint(name: str) -> str:
    from difflib import get_close_matches

    fields = settings_model().model_fields
    if name in fields:
        return f"{fields[name].description}"
    near = get_close_matches(name, fields, n=1)
    known = ", ".join(field for field in fields if field != "allow_hosts")
    return f"Did you mean {near[0]}?" if near else f"Known: {known}."


def settings_model() -> "type[BaseModel]":
    """The model behind the configuration, for its JSON Schema."""
    from sfcred._settings_model import FileSettings

    return FileSettings
