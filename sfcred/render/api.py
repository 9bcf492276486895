"""The interface for render targets.

To add a target, add a module with a `TARGET` to `sfcred/render/targets`. `--target` takes the
module's name, with hyphens for underscores.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.errors import RenderError
from sfcred.redact import public_address
from sfcred.registry import load
from sfcred.resolve.credential import Credential


class RenderOptions(NamedTuple):
    """How credentials are rendered.

    Attributes:
        separate: One document per credential, instead of one for all.
        encryption_key: n8n's own key. With it, data is rendered as n8n's ciphertext.
        tokens: The tokens to keep, by n8n's ids of the credentials that have them.
    """

    separate: bool = False
    encryption_key: SecretStr | None = None
    tokens: Mapping[str, Mapping[str, object]] = MappingProxyType({})


class Document(NamedTuple):
    """A file to write: its name, which counts where there are several, and its text."""

    name: str
    text: str


class Target(NamedTuple):
    """What `--target` names.

    Attributes:
        render: Turns checked credentials into documents, or raises RenderError.
        secret: The documents hold secrets: they are never printed, and git must ignore them.
        next_step: Says what to do with the file, given its path and the options.
        answers: Checks whose findings this target resolves: they don't stop it.
    """

    render: Callable[[Sequence[Credential], RenderOptions], list[Document]]
    secret: bool
    next_step: Callable[[str, RenderOptions], str]
    answers: tuple[str, ...] = ()


def find_target(name: str) -> Target:
    """Return a target by its name, one of `render.target_names()`."""
    target: Target = load("sfcred.render.targets", name.replace("-", "_")).TARGET
    return target


def require_one_instance(credentials: Sequence[Credential]) -> None:
    """Refuse to mix credentials of several n8n instances in one output.

    Raises:
        RenderError: Their `n8n.url` differ.
    """
    instances = sorted({credential.n8n.key for credential in credentials} - {""})
    if len(instances) > 1:
        raise RenderError(
            f"these credentials are for {len(instances)} n8n instances: "
            f"{', '.join(map(public_address, instances))}",
            hint="Render one instance at a time: name its specs, or choose with --profile.",
        )
