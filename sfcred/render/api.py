"""The extension point for render targets: everything that a new target's author needs."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.errors import RenderError
from sfcred.redact import public_address
from sfcred.registry import load
from sfcred.resolve.credential import Credential


class Order(NamedTuple):
    """How something shall be rendered.

    Attributes:
        separate: One document a credential instead of one for all.
        encryption_key: n8n's own key: credentials' data is then rendered as n8n's ciphertext.
        tokens: The tokens that n8n has, by its credentials' ids: they are kept.
    """

    separate: bool = False
    encryption_key: SecretStr | None = None
    tokens: Mapping[str, Mapping[str, object]] = MappingProxyType({})


class Document(NamedTuple):
    """A file to write: its name where there are several, and its text."""

    name: str
    text: str


class Target(NamedTuple):
    """A target.

    Attributes:
        render: Turns credentials into documents, or raises RenderError.
        secret: What it renders holds secrets.
        answers: Checks whose findings this target is the answer to: they don't stop it.
        next_step: What to do with the file, in words; `{path}` stands for it.
    """

    render: Callable[[Sequence[Credential], Order], list[Document]]
    secret: bool
    next_step: Callable[[str, Order], str]
    answers: tuple[str, ...] = ()


def find_target(name: str) -> Target:
    """A target.

    Args:
        name: One of `render.target_names()`.
    """
    target: Target = load("sfcred.render.targets", name.replace("-", "_")).TARGET
    return target


def require_one_instance(credentials: Sequence[Credential]) -> None:
    """Refuses to mix credentials of several n8n instances in one output.

    Raises:
        RenderError: They name different n8n.url.
    """
    instances = sorted({credential.n8n.key for credential in credentials} - {""})
    if len(instances) > 1:
        raise RenderError(
            f"these credentials are for {len(instances)} n8n instances: "
            f"{', '.join(map(public_address, instances))}",
            hint="Render one instance at a time: name its specs, or choose with --profile.",
        )
