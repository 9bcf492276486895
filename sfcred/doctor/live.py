"""Log in with each credential, and run the live checks on what came back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfcred.checks import about_the_visit
from sfcred.checks.api import live_check
from sfcred.doctor.options import LiveOptions
from sfcred.doctor.recorder import Recorder
from sfcred.doctor.subject import Waiting, is_error
from sfcred.errors import Cause, NotKnown
from sfcred.findings import LiveCount
from sfcred.resolve.context import Context

if TYPE_CHECKING:
    from sfcred.live.visit import Visit

_UNJUDGED = "the login was refused, and no check of this run looks at the refusal"
_SELECT_ALL = "Select all live checks: --select SFC9."


def log_in(
    recorder: Recorder,
    waiting: Sequence[Waiting],
    context: Context,
    options: LiveOptions,
    *,
    is_chosen: bool = True,
) -> None:
    """Visit the orgs, several at a time.

    Args:
        recorder: Records what is found.
        waiting: The credentials to log in with.
        context: The context of the run.
        options: How to log in.
        is_chosen: The checks were chosen by the person, not by a configuration file.
    """
    from functools import partial

    from sfcred.http.client import ClientOptions, run_flows
    from sfcred.live.collect import visit

    begin = [partial(visit, one.credential) for one in waiting]
    options.begin(len(begin))
    driven = run_flows(
        begin,
        ClientOptions(
            context.allow_hosts, context.org_hosts, options.jobs, project=context.project
        ),
        options.tick,
    )
    count = LiveCount(interrupted=driven.interrupted, local_org=context.local_org)
    results = recorder.draft.results
    for one, result in zip(waiting, driven.results, strict=True):
        live, trouble = _visited(recorder, one, result, is_chosen=is_chosen)
        results[one.number] = results[one.number]._replace(live=live)
        count = count._replace(
            logged_in=count.logged_in + (live == "logged_in"),
            unreached=count.unreached + trouble,
            untried=count.untried + isinstance(result, NotKnown),
        )
    recorder.draft.live = count


def _visited(
    recorder: Recorder,
    waiting: Waiting,
    result: "Visit | Exception | None",
    *,
    is_chosen: bool,
) -> tuple[str, bool]:
    """Run the live checks on a visit, or record why there was none.

    Returns:
        The result of the login (Result.live), and whether something could not be reached.
    """
    from sfcred.live.visit import Live, Visit

    credential, subject = waiting.credential, waiting.subject
    if isinstance(result, Visit):
        found_before = frozenset(item.check.id for item in waiting.found)
        clean = frozenset(recorder.ids("offline")) - found_before - waiting.unknown
        live = Live(credential, result, found_before, clean)
        found, _unknown = recorder.run(live_check, live, credential, subject.file, subject.rules)
        recorder.record(found, subject, waiting.found)
        came = _came_of(result)
        if came == "refused" and not any(map(is_error, found)):
            cause = Cause.IGNORED if is_chosen else Cause.UNREADABLE
            why = NotKnown(_UNJUDGED, hint=_SELECT_ALL, cause=cause)
            recorder.not_run([about_the_visit()], credential, why, subject.file)
        return came, bool(result.trouble)
    if isinstance(result, NotKnown) or result is None:
        reason = _why_not_begun(result)
        recorder.not_run(recorder.ids("live"), credential, reason, subject.file, subject.rules)
    else:
        recorder.crash_of_visit(result, credential)
    return "unreached", True


def _why_not_begun(reason: NotKnown | None) -> NotKnown:
    """Return why a login could not begin.

    With --live, a value that the spec doesn't state is an obstacle, so it gets a topic.
    """
    if reason is None:
        return NotKnown("interrupted before the login", hint="Run it again.")
    if reason.cause is Cause.NOT_STATED:
        return NotKnown(reason.message, hint=reason.hint, topic="flow")
    return reason


def _came_of(visit: "Visit") -> str:
    if visit.token is not None:
        return "logged_in"
    if visit.trouble:
        return "unreached"
    return "refused" if visit.attempts else "consent_needed"
