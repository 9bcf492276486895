"""`{aws_ssm: /path/name}`: a parameter in AWS Systems Manager Parameter Store."""

from pydantic import SecretStr

from sfcred.own_files import AWS
from sfcred.secrets.aws_clients import client_of, region_of, translate_errors
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import bounded, checked_value


def _read(name: str, around: Surroundings) -> SecretStr:
    region = region_of(name)
    fetch = bounded("AWS", AWS, around, lambda: _fetch(name, region))
    text = around.cache.ask(("ssm", region), name, fetch)
    return checked_value(text, f"the AWS parameter {name}")


def _fetch(name: str, region: str | None) -> object:
    client = client_of("ssm", region)
    with translate_errors(
        f"the AWS parameter {name}", "ssm:GetParameter (and kms:Decrypt on its key)"
    ):
        return client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


PROVIDER = Provider(
    key="aws_ssm",
    title="a parameter in AWS Parameter Store",
    description="A parameter in AWS Systems Manager Parameter Store, decrypted, by name or "
    "ARN. Needs the extra `aws`.",
    pattern="[A-Za-z0-9/_.:-]+",
    example="/acme/crm/client_secret",
    read=_read,
    is_remote=True,
    is_own=lambda locator: not locator.startswith("arn:"),  # an ARN can name any account
    where=lambda name, _around: f"AWS parameter {name}",
)
