"""Connect to the running n8n that a command works with."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.cli.output import emit
from sfcred.errors import UsageError
from sfcred.settings import Settings, given_variable
from sfcred.text.shell import set_variable

if TYPE_CHECKING:
    from sfcred.exchange.n8n_api import Api
    from sfcred.exchange.state import State
    from sfcred.workflows.model import WorkflowFile
    from sfcred.workspace import Workspace


def open_state(settings: Settings, given: Path | None) -> "State":
    """Open the record of what was pushed from here.

    Args:
        settings: The configuration. By default, the state is in its project.
        given: The value of --state; None to use SFCRED_STATE.

    Raises:
        SfcredError: The state can't be used, or SFCRED_STATE is empty.
    """
    from sfcred.exchange.state import State

    variable = given_variable("state") if given is None else None
    if variable is not None:
        given = Path(variable)
    return State(settings.project, given)


#: The scopes of an API key for credentials, and for reading workflows.
_FOR_CREDENTIALS = (
    "scopes credential:create, credential:update, credential:list and credential:read"
)
_FOR_WORKFLOWS = "scope workflow:list"


def make_api(
    url: str | None, variable: str, project: Path, scopes: str = _FOR_CREDENTIALS
) -> "Api":
    """Return a client for n8n's API.

    Args:
        url: n8n's address; None to use SFCRED_N8N_URL.
        variable: The name of the environment variable with the API key.
        project: The project's root. Certificate authorities in it are not trusted.
        scopes: The scopes that the key needs, in words.

    Raises:
        SfcredError: The address or the key is missing, or SFCRED_N8N_URL is empty.
    """
    from pydantic import SecretStr

    from sfcred.exchange.address import read_address
    from sfcred.exchange.n8n_api import Api

    url = url or given_variable("n8n_url")
    if not url:
        raise UsageError(
            "n8n's address is missing (it never comes from a spec)",
            hint="Pass --n8n https://n8n.acme.com, or set SFCRED_N8N_URL.",
        )
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(
            f"n8n's API key is missing: the variable {variable} is not set, or empty",
            hint=f"Create a key in n8n (Settings, n8n API, Create an API key) with the {scopes}. "
            f"Then run: `{set_variable(variable, 'KEY')}`",
        )
    address = read_address(url)
    if address.reduced:
        emit(f"--n8n: {address.reduced}; using {address.url}\n", error=True)
    return Api(address, SecretStr(key), project)


def workflows_of(
    workspace: "Workspace", paths: Sequence[Path], url: str | None, variable: str
) -> "Iterable[WorkflowFile]":
    """Return the workflows of a running n8n, or else those in files.

    Args:
        workspace: The project.
        paths: Files and folders; none for the configuration's.
        url: n8n's address; None to read files.
        variable: The name of the environment variable with the API key.

    Raises:
        SfcredError: Both or neither are given, or they can't be used.
    """
    if url is None:
        return workspace.workflow_files(*paths)
    if paths:
        raise UsageError(
            "workflows come from files or from a running n8n, not from both",
            hint="Pass either --workflows PATH or --n8n URL.",
        )
    from sfcred.exchange.n8n_workflows import running_workflows

    project = workspace.settings.project
    return running_workflows(make_api(url, variable, project, _FOR_WORKFLOWS))
