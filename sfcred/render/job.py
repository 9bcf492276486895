"""Credentials become documents, none of which would lead n8n to a host that it must not go to."""

from collections.abc import Sequence

from sfcred.errors import NotKnown, RenderError
from sfcred.http.trust import require_targets
from sfcred.render.api import Document, Order, Target
from sfcred.resolve.credential import Credential


def render_all(
    credentials: Sequence[Credential], target: Target, order: Order, *, check: bool
) -> list[Document]:
    """Render credentials.

    Args:
        credentials: What to render.
        target: For what.
        order: How.
        check: Refuse hosts that are not Salesforce's. The fence round the orgs holds in any case.

    Raises:
        RenderError: It can't be rendered correctly, or n8n would send secrets to a host that they
            must not go to.
    """
    for credential in credentials:
        _require_targets(credential, target, order, check=check)
    return target.render(list(credentials), order)


def _require_targets(credential: Credential, target: Target, order: Order, *, check: bool) -> None:
    """Refuse a host that n8n must not send secrets to, whatever the repository ignores.

    A check can be ignored in a spec; who may get the secrets is not for a spec to say. `--no-check`
    is the person's own word, but for the fence round the orgs.
    """
    try:
        targets = target.sends_to(credential, order)
        require_targets(targets, credential.context, fence_only=not check)
    except NotKnown as reason:
        raise RenderError(f"{credential.label}: {reason.message}", hint=reason.hint) from None
