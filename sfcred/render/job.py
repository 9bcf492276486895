"""Render credentials, unless n8n would then send secrets to a host that must not get them."""

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
        credentials: The credentials to render.
        target: The target.
        options: The options for the target.
        check: Refuse hosts that are not Salesforce's. The fence (SFCRED_ORG_HOSTS, --org-host)
            applies either way.

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
    """Refuse a host that n8n must not send secrets to, even if the repository ignores the check.

    A spec can ignore a check, but it must not decide who gets the secrets. Only you can, with
    `--no-check`, and even that doesn't override the fence.
    """
    try:
        targets = target.sends_to(credential, options)
        require_targets(targets, credential.context, fence_only=not check)
    except NotKnown as reason:
        raise RenderError(f"{credential.label}: {reason.message}", hint=reason.hint) from None
