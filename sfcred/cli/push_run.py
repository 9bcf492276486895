"""The steps of `sfcred push`. Its options are in commands/push.py."""

from pathlib import Path
from typing import TypedDict

import click

from sfcred.checks import answered_by
from sfcred.cli.output import tell, warn
from sfcred.cli.running_n8n import make_api, open_state
from sfcred.cli.streams import can_ask
from sfcred.errors import UsageError
from sfcred.exchange.n8n_api import Api
from sfcred.exchange.n8n_test import FAILURES, CredentialTest
from sfcred.exchange.plan import Plan, require_unchanged
from sfcred.exchange.plan_text import plan_text, result_text, test_text
from sfcred.exchange.planning import make_plan
from sfcred.exchange.push import PushResult, carry_out
from sfcred.exchange.verify import to_test, verify
from sfcred.workspace import Workspace


class PushOptions(TypedDict):
    """The command-line options."""

    paths: tuple[Path, ...]
    url: str | None
    api_key_variable: str
    profile: str | None
    state_file: Path | None
    adopt: tuple[str, ...]
    project: str | None
    dry_run: bool
    yes: bool
    no_check: bool
    no_test: bool
    allow_hosts: tuple[str, ...]
    org_hosts: tuple[str, ...]


def run(given: PushOptions) -> int:
    """Plan the changes, ask for confirmation, and apply them.

    Returns:
        The exit status.

    Raises:
        SfcredError: Nothing can be pushed.
    """
    workspace = Workspace.open(
        *given["paths"],
        profile=given["profile"],
        allow_hosts=given["allow_hosts"],
        org_hosts=given["org_hosts"],
        reads_remote_secrets=True,
        warn=warn,
    )
    api = make_api(given["url"], given["api_key_variable"], workspace.settings.project)
    return _Push(workspace, api, given).run()


class _Push:
    """One run of push."""

    def __init__(self, workspace: Workspace, api: Api, given: PushOptions) -> None:
        self._given = given
        self._api = api
        # The plan refuses credentials whose hosts are not allowed, and keeps the others.
        self._credentials = workspace.require_sound(
            ignore=answered_by("push"), require_secrets=True, check=not given["no_check"]
        )
        self._declared = workspace.declared_ids()
        self._state = open_state(workspace.settings, given["state_file"])
        self._asks = not given["yes"] and not given["dry_run"] and can_ask()

    def run(self) -> int:
        plan = self._plan()
        tell(plan_text(plan if self._asks else plan.decided(agreed=False)))
        agreed = self._asks and bool(plan.unconfirmed) and _agrees_to_adopt(plan)
        plan = plan.decided(agreed=agreed)
        if self._given["dry_run"] or not (plan.to_do or to_test(plan, ())):
            return int(plan.has_refusals)
        if plan.to_do and not self._given["yes"]:
            self._confirm()
            require_unchanged(plan, self._plan().decided(agreed=agreed))
        return max(self._carry_out(plan), int(plan.has_refusals))

    def _carry_out(self, plan: Plan) -> int:
        is_fine = True
        with self._state.writing():
            results = carry_out(plan, self._api, self._state, self._given["project"], _tell)
            if not self._given["no_test"]:
                is_fine = verify(to_test(plan, results), self._api, self._state, _tell_test)
        left = [change.credential for change in plan.to_do[len(results) :]]
        if left:
            tell(f"not attempted: {', '.join(left)}\n", error=True)
        return int(not is_fine or any(result.error for result in results))

    def _plan(self) -> Plan:
        adopt = frozenset(self._given["adopt"])
        return make_plan(self._credentials, self._api, self._state, adopt, self._declared)

    def _confirm(self) -> None:
        if not self._asks:
            raise UsageError(
                "can't ask for confirmation without a terminal",
                hint="Pass --yes, or preview with --dry-run.",
            )
        click.confirm(f"Apply these changes to {self._api.url}?", abort=True, err=True)


def _agrees_to_adopt(plan: Plan) -> bool:
    number = len(plan.unconfirmed)
    text = (
        "Overwrite the credential marked adopt, which wasn't pushed from here?"
        if number == 1
        else f"Overwrite the {number} credentials marked adopt, which weren't pushed from here?"
    )
    if click.confirm(text, err=True):
        return True
    names = ", ".join(one.credential for one in plan.unconfirmed)
    tell(f"left unchanged in n8n: {names}\n", error=True)
    return False


def _tell(result: PushResult) -> None:
    tell(result_text(result), error=result.error is not None)


def _tell_test(credential: str, result: CredentialTest) -> None:
    tell(test_text(credential, result), error=result.state in FAILURES)
