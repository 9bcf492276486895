"""`{dotenv: KEY}`: a key of the `.env` file next to the project's configuration."""

import io
from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.secrets._api import Provider, Surroundings, read_secret_file


def _path(_key: str, around: Surroundings) -> Path:
    return around.project / ".env"


def _read(key: str, around: Surroundings) -> SecretStr:
    from dotenv import dotenv_values

    text = read_secret_file(_path(key, around), "the project's .env file").get_secret_value()
    # interpolate=False: `${X}` inside a secret is part of the secret.
    value = dotenv_values(stream=io.StringIO(text), interpolate=False).get(key)
    if not value:
        state = "has no value for" if value is not None else "has no key"
        raise SecretUnavailable(
            f"the project's .env file {state} {key}",
            hint=f"Add a line {key}=… to {_path(key, around)}.",
        )
    return SecretStr(value)


PROVIDER = Provider(
    key="dotenv",
    title="a key of the project's .env file",
    description="A key of the `.env` file next to the project's configuration. "
    "Nothing is expanded: `${X}` inside a value stays as it is.",
    pattern="[A-Za-z_][A-Za-z0-9_.]*",
    example="ACME_CLIENT_SECRET",
    read=_read,
    where=lambda key, _around: f"key {key} of the project's .env file",
    path=_path,
)
