"""The running n8n that a command works with."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.cli.output import emit
from sfcred.errors import UsageError
from sfcred.settings import Settings, given_variable

if TYPE_CHECKING:
    from sfcred.exchange.n8n_api import Api
    from sfcred.exchange.state import State


def open_state(settings: Settings, given: Path | None) -> "State":
    """What was pushed from here.

    Args:
        settings: For the project's own state.
        given: --state; SFCRED_STATE stands in for it.

    Raises:
        SfcredError: The state can't be used, or SFCRED_STATE is empty.
    """
    from sfcred.exchange.state import State

    variable = given_variable("state") if given is None else None
    if variable is not None:
        given = Path(variable)
    return State(settings.project, given)


def make_api(url: str | None, variable: str, project: Path) -> "Api":
    """Return the client of n8n's API.

    Args:
        url: n8n's address.
        variable: The environment variable with the API key.
        project: The project's root: no certificate authority comes from there.

    Raises:
        SfcredError: There is no address or no key, or SFCRED_N8N_URL is empty.
    """
    from pydantic import SecretStr

    from sfcred.exchange.address import read_address
    from sfcred.exchange.n8n_api import Api

    url = url or given_variable("n8n_url")
    if not url:
        raise UsageError(
            "which n8n? Its address never comes from a spec",
            hint="Give it: --n8n https://n8n.acme.com, or SFCRED_N8N_URL.",
        )
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(
            f"the variable {variable} has no API key",
            hint="In n8n: Settings, n8n API, Create an API key (scopes credential:create, "
            "credential:update, credential:list).",
        )
    address = read_address(url)
    if address.reduced:
        emit(f"--n8n: {address.reduced}; going on with {address.url}\n", error=True)
    return Api(address, SecretStr(key), project)
