"""The n8n that will import a credential."""

from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from sfcred.environment_file import bindings
from sfcred.errors import NotKnown, ReadError
from sfcred.n8n.callback import VARIABLES, Callback, for_cloud, from_environment, from_url
from sfcred.n8n.ids import derive_id
from sfcred.n8n.versions import Version, parse_version
from sfcred.resolve.values import Values
from sfcred.spec.model import Spec


class Instance(NamedTuple):
    """n8n's side of a credential.

    Attributes:
        deployment: Who runs n8n.
        url: Its public address as the spec has it, or None.
        version: Its version, or None where the spec doesn't say.
        credential_id: n8n's id of the credential.
        id_why: How the id came about.
        credential_name: What n8n shows.
    """

    deployment: Literal["self_hosted", "cloud"]
    url: str | None
    version: Version | None
    credential_id: str
    id_why: str
    credential_name: str

    @property
    def key(self) -> str:
        """What tells one n8n from another; empty where the spec doesn't say."""
        return (self.url or "").strip().rstrip("/").lower()


def decide_instance(spec: Spec) -> Instance:
    """n8n's side, as far as the spec tells.

    Args:
        spec: A spec, its profile applied.
    """
    n8n = spec.n8n
    url = n8n.url if n8n else None
    given = n8n.id if n8n else None
    return Instance(
        deployment=(n8n and n8n.deployment) or ("cloud" if _is_cloud(url) else "self_hosted"),
        url=url,
        version=parse_version(n8n.version) if n8n and n8n.version else None,
        credential_id=given or derive_id(spec.name),
        id_why="n8n.id" if given else "derived from the spec's name",
        credential_name=(n8n and n8n.name) or spec.name,
    )


def _is_cloud(url: str | None) -> bool:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    return host.endswith((".app.n8n.cloud", ".n8n.cloud"))


def url_callbacks(instance: Instance) -> tuple[Callback, ...]:
    """The callbacks as n8n computes them from its public address; two for n8n Cloud.

    Raises:
        NotKnown: The spec has no address.
    """
    if instance.deployment == "cloud":
        return for_cloud(instance.url)
    if instance.url is None:
        raise NotKnown("n8n.url is not given", hint="Add n8n.url, n8n's public address.")
    return (from_url(instance.url),)


def environment_callback(
    env_file: Path, shown: str, version: Version | None, values: Values
) -> Callback:
    """The callback that n8n computes from its own environment file.

    Only the variables that matter for it are kept; the others of the file (the encryption key
    is among them) are not.

    Args:
        env_file: The file.
        shown: Its path as the spec has it.
        version: n8n's version.
        values: Reads the file.

    Raises:
        NotKnown: The file can't be read.
    """
    try:
        lines = list(bindings(values.file(env_file).decode("utf-8-sig", "replace")))
    except ReadError as error:
        reason = error.message.removeprefix(f"{env_file}: ")
        raise NotKnown(f"n8n's environment file {shown}: {reason}", hint=error.hint) from None
    wanted = {
        binding.key: binding.value
        for binding in lines
        if binding.key in VARIABLES and binding.value is not None
    }
    return from_environment({str(key): str(value) for key, value in wanted.items()}, version)
