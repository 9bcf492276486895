"""The configuration: `sfcred.toml` or `[tool.sfcred]`, then `SFCRED_*` variables.

pydantic-settings is imported only where one of them exists: it costs more than reading a spec.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sfcred.errors import ReadError, SettingsError
from sfcred.files import read_regular

if TYPE_CHECKING:
    from pydantic import BaseModel

PREFIX = "SFCRED_"
FILE = "sfcred.toml"


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
    folder = start if start.is_dir() else start.parent
    project, file, table = _find(folder.absolute())
    has_variables = any(name.upper().startswith(PREFIX) for name in environ)
    if not table and not has_variables:
        return Settings(project, str(file) if file else None)
    fence = _org_hosts(environ)
    values = _validate(table, file, environ)
    return Settings(project=project, source=str(file) if file else None, org_hosts=fence, **values)


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
        if own.is_file():
            return parent, own, _toml(own)
        shared = parent / "pyproject.toml"
        if shared.is_file():
            table = _tool_table(shared)
            if table is not None:
                return parent, shared, table
        if (parent / ".git").exists():
            return parent, None, {}
    return folder, None, {}


def _tool_table(file: Path) -> dict[str, object] | None:
    if b"tool.sfcred" not in _bytes(file):  # most have none, and parsing isn't free
        return None
    tool = _toml(file).get("tool")
    table = tool.get("sfcred") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _bytes(file: Path) -> bytes:
    try:
        return read_regular(file, 1024 * 1024)
    except ReadError as error:
        raise SettingsError(error.message, hint=error.hint) from None


def _toml(file: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(_bytes(file).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "not UTF-8 text"
        raise SettingsError(
            f"{file}: is not valid TOML: {reason}", hint="Correct it at this place."
        ) from None


def _validate(
    table: dict[str, object], file: Path | None, environ: Mapping[str, str]
) -> dict[str, Any]:
    """The values that are set, converted; from the variables where both say something."""
    from pydantic import ValidationError
    from pydantic_settings.exceptions import SettingsError as Unparsable

    from sfcred._settings_model import from_sources

    for name, option in (("allow_hosts", "--allow-host"), ("org_hosts", "--org-host")):
        if name in table:
            raise SettingsError(
                f"{file}: {name} can't be set in a file, which a pull request could change",
                hint=f"Use the option {option} or the variable {PREFIX}{name.upper()}.",
            )
    try:
        return from_sources(table, environ)
    except Unparsable:  # the one variable that isn't a plain text
        raise SettingsError(
            f"{PREFIX}PATH_IGNORES: is not valid JSON",
            hint='Write it as {"credentials/old/": {"SFC206": "why"}}.',
        ) from None
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)[0]
        name = str(details["loc"][0]) if details["loc"] else "?"
        variable = PREFIX + name.upper()
        given_by_variable = variable in {key.upper() for key in environ}
        where = variable if given_by_variable else f"{file}: {name}"
        raise SettingsError(f"{where}: {details['msg'].lower()}", hint=_hint(name)) from None


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
