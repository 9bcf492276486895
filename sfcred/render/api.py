"""The interface for render targets. To add a target, write one file in `targets/`.

The file's name is the target's name, with underscores for hyphens. The file needs a `TARGET` of
type Target. Its `render` takes the credentials that passed the checks (with `--no-check`, all of
them) and returns the documents. It writes no files. Unwrap a secret only where its value goes into
a document.

If the target solves the problem that a check reports, add its name to `Remedy` in `checks/api.py`,
set it as the target's `answer`, and declare it in the check's `answered_by`.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pydantic import SecretStr

from sfcred.checks.api import Remedy
from sfcred.errors import RenderError, UsageError
from sfcred.registry import load
from sfcred.render import target_names
from sfcred.resolve.authority import Authority
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_sends import SecretTarget
from sfcred.text.redact import public_address


class RenderOptions(NamedTuple):
    """Options for rendering.

    Attributes:
        separate: Return one document per credential, instead of one for all.
        encryption_key: n8n's encryption key. If given, data is rendered as n8n's ciphertext.
        tokens: The tokens to keep, by the n8n id of their credential.
        others: The project's other credentials, for a target that changes a whole instance.
        misread: The project's specs that can't be understood, as messages show them, for the same.
    """

    separate: bool = False
    encryption_key: SecretStr | None = None
    tokens: Mapping[str, Mapping[str, object]] = MappingProxyType({})
    others: tuple[Credential, ...] = ()
    misread: tuple[str, ...] = ()


class Document(NamedTuple):
    """A file to write: its text, and its name, which matters only if there are several."""

    name: str
    text: str


class Target(NamedTuple):
    """A target of `sfcred render`.

    Attributes:
        render: Turns checked credentials into documents, or raises RenderError.
        secret: Whether the documents contain secrets. If so, they are never printed, and git must
            ignore them.
        next_step: Returns what to do with the file, given its path (empty if it was printed), the
            options and the credentials in it.
        takes: Returns whether a credential goes into the documents; it is left out otherwise.
        sends_to: Returns where n8n sends a credential's secrets once it has the documents.
        caution: Returns what the documents do beyond the credentials in them; empty if nothing.
        answer: The target's name in the checks' `answered_by`. Findings of these checks don't
            stop it.
        is_instance_wide: Whether n8n applies the documents to credentials that aren't in them.
    """

    render: Callable[[Sequence[Credential], RenderOptions], list[Document]]
    secret: bool
    next_step: Callable[[str, RenderOptions, Sequence[Credential]], str]
    sends_to: Callable[[Credential, RenderOptions], Sequence[SecretTarget]]
    takes: Callable[[Credential], bool] = lambda _credential: True
    caution: Callable[[Sequence[Credential]], str] = lambda _credentials: ""
    answer: Remedy | None = None
    is_instance_wide: bool = False


def find_target(name: str) -> Target:
    """Return the target with a name from `render.target_names()`.

    Raises:
        UsageError: There is no such target.
    """
    known = target_names()
    if name not in known:
        raise UsageError(f"unknown target {name}", hint=f"Known: {', '.join(known)}.")
    target: Target = load("sfcred.render.targets", name.replace("-", "_")).TARGET
    return target


def require_one_n8n(credentials: Sequence[Credential]) -> None:
    """Refuse to mix credentials of several n8n instances in one output.

    Raises:
        RenderError: Their `n8n.url` values differ.
    """
    instances = {one.n8n.key: one.n8n.url for one in credentials if one.n8n.url}
    if len(instances) > 1:
        shown = sorted(public_address(url) for url in instances.values())
        raise RenderError(
            f"these credentials are for {len(instances)} n8n instances: {', '.join(shown)}",
            hint="Render one instance at a time: pass its specs, or choose with --profile.",
        )


def require_authority(credential: Credential) -> Authority:
    """Return the authority.

    Raises:
        RenderError: my_domain has no host.
    """
    if credential.authority is None:
        raise RenderError(
            f"{credential.label}: my_domain has no host",
            hint="Write it like https://acme.my.salesforce.com.",
        )
    return credential.authority
