"""Logs in with each credential, and hands what came back to the live checks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sfcred.doctor.model import LiveCount, LiveOptions
from sfcred.doctor.recorder import Recorder
from sfcred.doctor.subject import Waiting
from sfcred.errors import NotKnown
from sfcred.resolve.context import Context

if TYPE_CHECKING:
    from sfcred.live.visit import Visit


def log_in(
    recorder: Recorder, waiting: Sequence[Waiting], context: Context, options: LiveOptions
) -> None:
    """Visits the orgs, several at a time.

    Args:
        recorder: Where to write down what is found.
        waiting: The credentials.
        context: The surroundings.
        options: How.
    """
    from functools import partial

    from sfcred.http.client import ClientOptions, run_flows
    from sfcred.live.visit import visit

    begin = [partial(visit, one.credential) for one in waiting]
    options.begin(len(begin))
    driven = run_flows(
        begin, ClientOptions(context.allow_hosts, context.org_hosts, options.jobs), options.tick
    )
    count = LiveCount(interrupted=driven.interrupted)
    results = recorder.out.results
    for one, result in zip(waiting, driven.results, strict=True):
        live, trouble = _visited(recorder, one, result)
        results[one.number] = results[one.number]._replace(live=live)
        count = count._replace(
            logged_in=count.logged_in + (live == "logged_in"),
            unreached=count.unreached + trouble,
        )
    recorder.out = recorder.out._replace(live=count)


def _visited(
    recorder: Recorder, waiting: Waiting, result: "Visit | Exception | None"
) -> tuple[str, bool]:
    """Runs the live checks over what a visit brought, or records why there was none.

    Returns:
        What came of it (Result.live), and whether something could not be reached.
    """
    from sfcred.live.visit import Live, Visit

    credential, subject = waiting.credential, waiting.subject
    if isinstance(result, Visit):
        found_before = frozenset(item.check.id for item in waiting.found)
        live = Live(credential, result, found_before, waiting.unknown)
        found, _unknown = recorder.run("live", live, credential, subject.file)
        recorder.record(found, subject, waiting.found)
        return _came_of(result), bool(result.trouble)
    if isinstance(result, NotKnown) or result is None:
        reason = result.message if result else "interrupted before the login"
        hint = result.hint if result else "Run it again."
        recorder.not_run(recorder.ids("live"), credential, reason, hint)
    else:
        recorder.crash("SFC901", result, credential.name, subject.file)
    return "unreached", True


def _came_of(visit: "Visit") -> str:
    if visit.token is not None:
        return "logged_in"
    if visit.trouble:
        return "unreached"
    return "refused" if visit.attempts else "consent_needed"
