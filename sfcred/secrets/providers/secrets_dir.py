"""`{secrets_dir: NAME}`: a file in a folder of secrets that Docker or Kubernetes mounts."""

from pathlib import Path

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.paths import is_there
from sfcred.secrets.provider import Provider, Surroundings, read_secret_file


def _path(name: str, around: Surroundings) -> Path | None:
    places = (folder / name for folder in around.secrets_dirs)
    return next((place for place in places if is_there(place)), None)


def _read(name: str, around: Surroundings) -> SecretStr:
    path = _path(name, around)
    if path is None:
        folders = ", ".join(str(folder) for folder in around.secrets_dirs)
        raise SecretUnavailable(
            f"no file {name} in {folders}",
            hint="Mount the secret there, or set secrets_dirs in the configuration "
            "(SFCRED_SECRETS_DIRS).",
        )
    return read_secret_file(path, f"the mounted secret {name}")


PROVIDER = Provider(
    key="secrets_dir",
    title="a file in a mounted folder",
    description="A file in a folder of secrets that Docker, Kubernetes or systemd mounts. "
    "`secrets_dirs` in the configuration lists the folders (default: /run/secrets).",
    pattern="[A-Za-z0-9_][A-Za-z0-9_.-]*",
    example="acme_client_secret",
    read=_read,
    where=lambda name, _around: f"mounted secret {name}",
    path=_path,
    path_text=lambda name: name,
)
