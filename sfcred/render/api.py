"""The interface for render targets. To add a target, write one file in `targets/`.

The file's name is the target's, with hyphens for underscores. The file needs a `TARGET`, which is a
Target. Its `render` gets the credentials that the checks accepted, or that the person insists on
with `--no-check`, and returns the documents. It writes no files. Unwrap a secret only where its
value goes into a document.

If the target solves what a check complains about, add its name to `Remedy` in `checks/api.py`, name
it as the target's `answer`, and declare it in the check's `answered_by`.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.checks.api import Remedy
from sfcred.errors import RenderError
from sfcred.redact import public_address
from sfcred.registry import load
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import SecretTarget


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
        sends_to: Where n8n sends a credential's secrets once it has what was rendered.
        answer: The target as checks name it in `answered_by`: their findings don't stop it.
    """

    render: Callable[[Sequence[Credential], RenderOptions], list[Document]]
    secret: bool
    next_step: Callable[[str, RenderOptions], str]
    sends_to: Callable[[Credential, RenderOptions], Sequence[SecretTarget]]
    answer: Remedy | None = None


def find_target(name: str) -> Target:
    """Return a target by its name, one of `render.target_names()`."""
    target: Target = load("sfcred.render.targets", name.replace("-", "_")).TARGET
    return target


def require_one_n8n(credentials: Sequence[Credential]) -> None:
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
