"""`{env: NAME}`: an environment variable."""

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.secrets._api import Provider, Surroundings


def _read(name: str, around: Surroundings) -> SecretStr:
    value = around.environ.get(name)
    if value is None:
        raise SecretUnavailable(
            f"the environment variable {name} is not set",
            hint=f"Set {name} where sfcred runs (in CI: as a secret of the job).",
        )
    if not value:
        raise SecretUnavailable(
            f"the environment variable {name} is empty",
            hint=f"Give {name} a value; a CI secret that is not defined arrives empty.",
        )
    return SecretStr(value)


PROVIDER = Provider(
    key="env",
    title="an environment variable",
    description="The value of an environment variable of the process that runs sfcred.",
    pattern="[A-Za-z_][A-Za-z0-9_]*",
    example="ACME_CLIENT_SECRET",
    read=_read,
    is_own=lambda _name: True,
    where=lambda name, _around: f"environment variable {name}",
)
