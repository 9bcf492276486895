"""`sfcred push`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import colours, shared
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.exchange.n8n_api import Api
    from sfcred.exchange.push import Done, Plan
    from sfcred.exchange.state import State


@click.command(short_help="Write credentials into a running n8n.")
@shared.paths_argument
@shared.n8n_option
@shared.api_key_option
@shared.profile_option
@shared.state_option
@click.option(
    "--adopt",
    "adopt",
    multiple=True,
    metavar="ID",
    help="Overwrite n8n's credential with this id, though it was not pushed from here; repeat it "
    "for several.",
)
@click.option("--project", metavar="ID", help="The n8n project that new credentials go to.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--no-check", is_flag=True, help="Go on in spite of errors in specs, knowingly.")
@shared.allow_host_option
@shared.org_host_option
@colours.color_option
def command(
    paths: tuple[Path, ...],
    url: str | None,
    api_key_variable: str,
    profile: str | None,
    state_file: Path | None,
    adopt: tuple[str, ...],
    project: str | None,
    dry_run: bool,
    yes: bool,
    no_check: bool,
    allow_hosts: tuple[str, ...],
    org_hosts: tuple[str, ...],
) -> int:
    """Creates and updates credentials over n8n's public API.

    A plan comes first: create, update, adopt, unchanged, or refused with the way that works. Only
    what was pushed from here is overwritten. Another credential that n8n has under the same id
    needs --adopt ID, or your yes on a terminal; one of another type is never touched. Connected
    OAuth2 credentials keep their tokens. What was pushed is noted in .sfcred/state.json, as
    fingerprints. The address comes from the command line or SFCRED_N8N_URL, never from a spec.

    \b
    Examples:
      sfcred push --n8n https://n8n.acme.com --dry-run
      sfcred push credentials/acme.yaml --n8n https://n8n.acme.com --yes
      sfcred push --n8n https://n8n.acme.com --adopt 4LmoB0rVGGUe0Nxx
    """
    from sfcred.exchange.plan_text import plan_text
    from sfcred.exchange.push import make_plan
    from sfcred.exchange.state import Busy

    settings, files = shared.set_scene(paths)
    api = shared.make_api(url, api_key_variable)
    context = shared.make_context(settings, allow_hosts, org_hosts=org_hosts)
    credentials = shared.sound_credentials(settings, files, context, profile, check=not no_check)
    state = shared.open_state(settings, state_file)
    asks = not yes and not dry_run and _can_ask()
    plan = make_plan(credentials, api, state, frozenset(adopt))
    shared.emit(plan_text(plan if asks else plan.decided(agreed=False)))
    agreed = asks and bool(plan.unconfirmed) and _ask_to_adopt(plan)
    if asks and plan.unconfirmed and not agreed:
        names = ", ".join(step.credential for step in plan.unconfirmed)
        shared.emit(f"left as they are in n8n: {names}\n", error=True)
    plan = plan.decided(agreed=agreed)
    if dry_run or not _changes(plan):
        return int(_refuses(plan))
    if not yes:
        _confirm(asks)
        again = make_plan(credentials, api, state, frozenset(adopt))
        if again.decided(agreed=agreed) != plan:
            raise Busy(
                "n8n has changed while you were asked", hint="Nothing was sent. Run it again."
            )
    return max(_carry_out(plan, api, state, project), int(_refuses(plan)))


def _changes(plan: "Plan") -> bool:
    from sfcred.exchange.push import CHANGES

    return any(step.action in CHANGES for step in plan.steps)


def _refuses(plan: "Plan") -> bool:
    return any(step.action == "refused" for step in plan.steps)


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask_to_adopt(plan: "Plan") -> bool:
    number = len(plan.unconfirmed)
    which = "the one credential" if number == 1 else f"the {number} credentials"
    text = f"Overwrite {which} marked adopt, which were not pushed from here?"
    return click.confirm(text, err=True)


def _confirm(asks: bool) -> None:
    if not asks:
        raise UsageError("nobody can be asked here", hint="Say --yes, or look first: --dry-run.")
    click.confirm("Do it?", abort=True, err=True)


def _carry_out(plan: "Plan", api: "Api", state: "State", project: str | None) -> int:
    from sfcred.exchange.push import CHANGES, carry_out

    with state.writing():
        done = carry_out(plan, api, state, project, _tell)
    wanted = [step for step in plan.steps if step.action in CHANGES]
    left = [step.credential for step in wanted[len(done) :]]
    if left:
        shared.emit(f"not tried: {', '.join(left)}\n", error=True)
    return int(any(one.error for one in done))


def _tell(done: "Done") -> None:
    from sfcred.exchange.plan_text import done_text

    shared.emit(done_text(done), error=done.error is not None)
