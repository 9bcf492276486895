"""Compare credentials' apps with an org's metadata."""

from typing import TYPE_CHECKING

from sfcred.checks.api import app_check
from sfcred.doctor.recorder import Recorder
from sfcred.doctor.subject import Subject
from sfcred.errors import Cause, NotKnown
from sfcred.findings import NotRun
from sfcred.resolve.credential import Credential
from sfcred.text.printable import one_line
from sfcred.text.redact import redact

if TYPE_CHECKING:
    from sfcred.app.retrieved import AppFiles


def compare_app(
    recorder: Recorder, credential: Credential, subject: Subject, org: "AppFiles"
) -> bool:
    """Run the checks that compare a credential's app.

    Args:
        recorder: Records what they find.
        credential: The credential.
        subject: What their problems are about.
        org: The org's metadata.

    Returns:
        Whether there was anything to compare.
    """
    from sfcred.app.compare import deployed

    try:
        compared = deployed(credential, org)
    except NotKnown as reason:
        recorder.not_run(recorder.ids("app"), credential, reason, subject.file, subject.rules)
        return False
    found, _unknown = recorder.run(app_check, compared, credential, subject.file, subject.rules)
    recorder.record(found, subject)
    return True


def tell_unread(recorder: Recorder, org: "AppFiles", *, is_anything_compared: bool) -> None:
    """Tell which of the org's files could not be read, and if nothing was compared at all."""
    ids = tuple(recorder.ids("app"))
    not_run = recorder.draft.not_run
    if not ids:
        return
    for file in org.unread:
        entry = NotRun(ids, None, None, one_line(file.path), redact(file.reason), file.hint)
        not_run.append(entry)
    if not is_anything_compared and all(one.cause is Cause.NOT_STATED for one in not_run):
        reason, hint = "no spec's app was compared", "Add an `app` section to the spec."
        not_run.append(NotRun(ids, None, None, org.where, reason, hint))
