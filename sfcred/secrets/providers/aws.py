"""`{aws: secret-id#key}`: a secret in AWS Secrets Manager."""

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.programs import fenced
from sfcred.secrets.aws_clients import MEMORY, client_of, region_of, told
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import field_of, sound


def _read(locator: str, around: Surroundings) -> SecretStr:
    name, _, field = locator.partition("#")
    region = region_of(name)
    with fenced(around.project):
        text = MEMORY.ask(("secretsmanager", region), name, lambda: _fetch(name, region))
    shown = f"the AWS secret {name}"
    if not field:
        return sound(text, shown)
    return sound(field_of(text, field, shown), f"the field {field} of {shown}")


def _fetch(name: str, region: str | None) -> str:
    shown = f"the AWS secret {name}"
    client = client_of("secretsmanager", region)
    with told(shown, "secretsmanager:GetSecretValue"):
        value = client.get_secret_value(SecretId=name).get("SecretString")
    if not isinstance(value, str):
        raise SecretUnavailable(
            f"{shown} is binary", hint="Store it as text (SecretString), such as a PEM."
        )
    return value


PROVIDER = Provider(
    key="aws",
    title="a secret in AWS Secrets Manager",
    description="A secret in AWS Secrets Manager, by its name or ARN; behind a #, a field of a "
    "secret that is a JSON object. Needs an extra: pip install 'sfcred[aws]'.",
    pattern="[A-Za-z0-9/_+=.@!:-]+(#[^#\\n\\r]+)?",
    example="prod/acme#client_secret",
    read=_read,
    is_remote=True,
    is_own=lambda locator: not locator.startswith("arn:"),  # an ARN may be of any account
    where=lambda locator, _around: f"AWS secret {locator}",
)
