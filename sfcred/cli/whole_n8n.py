"""Compare an overwrite with everything that its n8n has."""

from typing import TYPE_CHECKING, NamedTuple

from sfcred.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfcred.exchange.exports import Export
    from sfcred.exchange.overwritten import Held
    from sfcred.render.api import Target
    from sfcred.resolve.credential import Credential
    from sfcred.workspace import Workspace


class WholeN8n(NamedTuple):
    """Where to find everything that an n8n has.

    Attributes:
        export: An export of that n8n; None without one.
        url: The address of that n8n; None if it isn't asked.
        api_key_variable: The name of the environment variable with the API key.
    """

    export: "Export | None"
    url: str | None
    api_key_variable: str


def require_specs_for_all(
    workspace: "Workspace", credentials: "Sequence[Credential]", n8n: WholeN8n
) -> None:
    """Refuse an overwrite that would change credentials without a spec, if n8n's are known.

    Args:
        workspace: The project.
        credentials: The credentials that the overwrite is for.
        n8n: Where to find what the n8n has.

    Raises:
        SfcredError: The overwrite would change others, or n8n's credentials can't be read.
    """
    from sfcred.exchange import overwritten

    settings, others = workspace.settings, workspace.other_credentials()
    # The project's other credentials were compared with the overwrite before.
    known = [one for one in (*credentials, *others) if one.decision.flow is not None]
    if n8n.export is not None:
        from sfcred.exchange.exports import with_ids

        found = with_ids(n8n.export, known)
        held: list[Held] = [*found.salesforce, *found.not_read]
        overwritten.require_no_others(held, _ids(known), "the export")
    if n8n.url is not None:
        from sfcred.cli.running_n8n import make_api, open_state

        api = make_api(n8n.url, n8n.api_key_variable, settings.project)
        state = open_state(settings, None)
        pushed = [state.pushed(api.url, one) for one in _ids(known)]
        ours = {*_ids(known), *(one.id for one in pushed if one is not None)}
        overwritten.require_no_others(api.credentials(), ours, api.url)


def require_instance_wide(name: str, target: "Target", url: str | None) -> None:
    """Refuse --n8n for a target that doesn't change a whole n8n.

    Args:
        name: The target's name.
        target: The target.
        url: The value of --n8n; None if it isn't given.

    Raises:
        UsageError: It is given.
    """
    if url is not None and not target.is_instance_wide:
        raise UsageError(
            f"--n8n doesn't go with --target {name}",
            hint="It compares an overwrite with n8n's credentials. To write to n8n, use sfcred "
            "push.",
        )


def _ids(credentials: "Sequence[Credential]") -> set[str]:
    return {one.n8n.credential_id for one in credentials}
