"""`sfcred push`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfcred.cli import _look, _shared
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.instance.api import Api
    from sfcred.instance.pushing import Done, Plan
    from sfcred.instance.state import State


@click.command(short_help="Write credentials into a running n8n.")
@_shared.paths_argument
@_shared.n8n_option
@_shared.api_key_option
@_shared.profile_option
@click.option("--project", metavar="ID", help="The n8n project that new credentials go to.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--no-check", is_flag=True, help="Go on in spite of errors in specs, knowingly.")
@_shared.allow_host_option
@_shared.org_host_option
@_look.color_option
def command(
    paths: tuple[Path, ...],
    url: str | None,
    api_key_variable: str,
    profile: str | None,
    project: str | None,
    dry_run: bool,
    yes: bool,
    no_check: bool,
    allow_hosts: tuple[str, ...],
    org_hosts: tuple[str, ...],
) -> int:
    """Creates and updates credentials over n8n's public API.

    A plan comes first: create, update, unchanged, or refused with the way that works. Connected
    OAuth2 credentials keep their tokens. What was pushed is noted in .sfcred/state.json, as
    fingerprints, so that the next run knows what has changed. The address comes from the command
    line or SFCRED_N8N_URL, never from a spec.

    \b
    Examples:
      sfcred push --n8n https://n8n.acme.com --dry-run
      sfcred push credentials/acme.yaml --n8n https://n8n.acme.com --yes
    """
    from sfcred.instance.pushing import make_plan
    from sfcred.instance.state import State

    settings, files = _shared.set_scene(paths)
    api = _shared.make_api(url, api_key_variable)
    context = _shared.make_context(settings, allow_hosts, org_hosts=org_hosts)
    credentials = _shared.sound_credentials(settings, files, context, profile, check=not no_check)
    state = State(settings.project)
    plan = make_plan(credentials, api, state)
    _show(plan)
    changes = any(step.action in ("create", "update") for step in plan.steps)
    refused = any(step.action == "refused" for step in plan.steps)
    if dry_run or not changes:
        return int(refused)
    if not yes:
        _confirm()
    return max(_carry_out(plan, api, state, project), int(refused))


def _show(plan: "Plan") -> None:
    from sfcred.redact import redact

    lines = []
    for step in plan.steps:
        reason = f": {step.reason}" if step.reason else ""
        tokens = " (with its consent)" if step.with_tokens and step.fingerprint.tokens else ""
        lines.append(f"{step.action:<10} {step.credential}{tokens}{reason}")
    if plan.blind:
        lines.append("this n8n can't list its credentials: only what was pushed from here is known")
    _shared.emit("".join(f"{redact(line)}\n" for line in lines))


def _confirm() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nobody can be asked here", hint="Say --yes, or look first: --dry-run.")
    click.confirm("Do it?", abort=True, err=True)


def _carry_out(plan: "Plan", api: "Api", state: "State", project: str | None) -> int:
    from sfcred.instance.pushing import carry_out

    state.prepare()
    done = carry_out(plan, api, state, project, _tell)
    wanted = [step for step in plan.steps if step.action in ("create", "update")]
    left = [step.credential for step in wanted[len(done) :]]
    if left:
        _shared.emit(f"not tried: {', '.join(left)}\n", error=True)
    return int(any(one.error for one in done))


def _tell(done: "Done") -> None:
    from sfcred.redact import redact

    if done.error is None:
        _shared.emit(f"done: {done.step.action} {done.step.credential}\n")
        return
    text = f"failed: {done.step.action} {done.step.credential}: {done.error.message}\n"
    _shared.emit(redact(f"{text}hint: {done.error.hint}\n"), error=True)
