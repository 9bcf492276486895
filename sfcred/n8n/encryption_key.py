"""Find n8n's encryption key where n8n itself finds it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import ReadError, SecretUnavailable
from sfcred.files import read_regular
from sfcred.own_files import N8N_KEY, find_brought_along
from sfcred.paths import is_file


def read_encryption_key(environ: Mapping[str, str], project: Path) -> SecretStr:
    """Read the key as n8n 2.40.5 does: the variable, its _FILE form, then n8n's config file.

    Args:
        environ: The environment: N8N_ENCRYPTION_KEY, N8N_ENCRYPTION_KEY_FILE, N8N_USER_FOLDER
            and N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION.
        project: The project's root. A key from there is refused, because its authors know it.

    Returns:
        The key.

    Raises:
        SecretUnavailable: No key was found, two keys differ, the key is part of the project, or
            n8n uses rotating keys, with which only n8n itself can encrypt.
    """
    if environ.get("N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION") == "true":
        raise SecretUnavailable(
            "this n8n uses rotating keys (N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION), which are in its "
            "database",
            hint="Render without --encrypt, import the file, and delete it.",
        )
    return read_instance_key(environ, project)


def read_instance_key(environ: Mapping[str, str], project: Path) -> SecretStr:
    """Read the key that decrypts everything but data with a rotating key.

    Even an n8n that uses rotating keys still has data that was encrypted with this one.

    Args:
        environ: As for read_encryption_key.
        project: As for read_encryption_key.

    Raises:
        SecretUnavailable: No key was found, two keys differ, or the key is part of the project.
    """
    brought = find_brought_along(N8N_KEY, project, environ)
    if brought is not None:
        raise SecretUnavailable(f"n8n's encryption key: {brought.why}", hint=brought.hint)
    from_variable = _from_variable(environ)
    # find_brought_along has judged this path, too.
    home = environ.get("N8N_USER_FOLDER") or os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises
    config = Path(home, ".n8n", "config")
    from_config = _from_config(config)
    if from_variable and from_config and from_variable != from_config:
        raise SecretUnavailable(
            f"N8N_ENCRYPTION_KEY and {config} contain different keys, which n8n also refuses",
            hint="Find out which one your n8n uses, and correct the other.",
        )
    found = from_variable or from_config
    if not found:
        raise SecretUnavailable(
            "n8n's encryption key was not found",
            hint="Set N8N_ENCRYPTION_KEY or N8N_ENCRYPTION_KEY_FILE, or run sfcred where "
            f"{config} is.",
        )
    return SecretStr(found)


def _from_variable(environ: Mapping[str, str]) -> str | None:
    direct = environ.get("N8N_ENCRYPTION_KEY")
    file = environ.get("N8N_ENCRYPTION_KEY_FILE")
    if direct or not file:
        return direct
    try:
        return read_regular(Path(file)).decode("utf-8", "surrogateescape").strip()
    except ReadError as error:
        raise SecretUnavailable(
            f"N8N_ENCRYPTION_KEY_FILE: {error.message}", hint=error.hint
        ) from None


def _from_config(config: Path) -> str | None:
    if not is_file(config):
        return None
    try:
        content = json.loads(read_regular(config))
    except ReadError as error:
        raise SecretUnavailable(error.message, hint=error.hint) from None
    except (ValueError, RecursionError):
        raise SecretUnavailable(
            f"{config} is not JSON", hint="Repair it. n8n can't start with it either."
        ) from None
    key = content.get("encryptionKey") if isinstance(content, dict) else None
    return key if isinstance(key, str) else None
