"""Credentials become documents, none of which would lead n8n to a host that it must not go to."""

from collections.abc import Sequence

from sfcred.errors import NotKnown, RenderError
from sfcred.http.trust import require_targets
from sfcred.render.api import Document, RenderOptions, Target
from sfcred.resolve.credential import Credential


def render_all(
    credentials: Sequence[Credential], target: Target, options: RenderOptions, *, check: bool
) -> list[Document]:
    """Render credentials.

    Args:
        credentials: What to render.
        target: For what.
        options: How.
        check: Refuse hosts that are not Salesforce's. The fence round the orgs holds in any case.

    Raises:
        RenderError: They can't be rendered correctly, or n8n would send secrets to a host that must
            not get them.
    """
    for credential in credentials:
        _require_targets(credential, target, options, check=check)
    return target.render(list(credentials), options)


def _require_targets(
    credential: Credential, target: Target, options: RenderOptions, *, check: bool
) -> None:
    """Refuse a host that n8n must not send secrets to, whatever the repository ignores.

    A check can be ignored in a spec; who may get the secrets is not for a spec to say. `--no-check`
    is the person's own word, but for the fence round the orgs.
    """
    try:
        targets = target.sends_to(credential, options)
        require_targets(targets, credential.context, fence_only=not check)
    except NotKnown as reason:
        raise RenderError(f"{credential.label}: {reason.message}", hint=reason.hint) from None
