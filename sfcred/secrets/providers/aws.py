"""`{aws: secret-id#key}`: a secret in AWS Secrets Manager."""

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.own_files import AWS
from sfcred.secrets.aws_clients import client_of, region_of, translate_errors
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import bounded, checked_value, field_of


def _read(locator: str, around: Surroundings) -> SecretStr:
    name, _, field = locator.partition("#")
    region = region_of(name)
    fetch = bounded("AWS", AWS, around, lambda: _fetch(name, region))
    text = around.cache.ask(("secretsmanager", region), name, fetch)
    shown = f"the AWS secret {name}"
    if not field:
        return checked_value(text, shown)
    return checked_value(field_of(text, field, shown), f"the field {field} of {shown}")


def _fetch(name: str, region: str | None) -> str:
    shown = f"the AWS secret {name}"
    client = client_of("secretsmanager", region)
    with translate_errors(shown, "secretsmanager:GetSecretValue"):
        value = client.get_secret_value(SecretId=name).get("SecretString")
    if not isinstance(value, str):
        raise SecretUnavailable(
            f"{shown} is binary", hint="Store it as text (SecretString), for example as PEM."
        )
    return value


PROVIDER = Provider(
    key="aws",
    title="a secret in AWS Secrets Manager",
    description="A secret in AWS Secrets Manager, by name or ARN. If the secret is a JSON object, "
    "add # and a field. Needs the extra `aws`.",
    pattern="[A-Za-z0-9/_+=.@!:-]+(#[^#\\n\\r]+)?",
    example="prod/acme#client_secret",
    read=_read,
    is_remote=True,
    is_own=lambda locator: not locator.startswith("arn:"),  # an ARN can name any account
    where=lambda locator, _around: f"AWS secret {locator}",
)
