"""Warn about apps that overwrite each other when they are deployed."""

from collections.abc import Iterator, Sequence

from sfcred.resolve.credential import Credential
from sfcred.resolve.deployed_app import app_clashes, deployed_app


def overwriting(credentials: Sequence[Credential]) -> Iterator[str]:
    """Yield a warning for each credential whose app overwrites an earlier one's.

    Args:
        credentials: Those whose apps are written.
    """
    for clash in app_clashes([deployed_app(one) for one in credentials]):
        later, earlier = (credentials[one].label for one in (clash.later, clash.earlier))
        yield (
            f"{later}: deployed to the same org, this app overwrites that of {earlier}, which "
            f"differs in {', '.join(clash.differences)}: give each app its own app.label; "
            "if they share one app, describe it in the same way, or in only one of them"
        )
