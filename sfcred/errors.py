"""Everything that sfcred raises on purpose, as one family.

An error is written for the person at the keyboard: `message` says what is wrong and where,
`hint` says what to do next. `exit_status` is what the process ends with (the README has the
table). Nothing here may carry a secret's value.
"""

from enum import StrEnum
from pathlib import Path


class SfcredError(Exception):
    """The root of the family; the command line prints it and never shows a traceback.

    Args:
        message: What is wrong, and where.
        hint: The next step for the person who reads it.
    """

    exit_status = 2

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SfcredError):
    """The command line asks for something impossible, or there is nothing to check."""


class SettingsError(SfcredError):
    """`sfcred.toml`, `[tool.sfcred]` or an `SFCRED_*` variable can't be used."""


class ReadError(SfcredError):
    """A file can't be read: missing, unreadable, too large, or not a regular file."""


class SecretUnavailable(SfcredError):
    """A secret reference can't be read here. The message names the place, never the value."""


class RenderError(SfcredError):
    """What was asked for can't be rendered correctly, so nothing is."""

    exit_status = 1


class WriteRefused(SfcredError):
    """A file exists, is a link, or lies where git would take it: `--force` may decide otherwise."""


class WriteError(SfcredError):
    """The system refused to write: no permission, no space, a closed device."""

    exit_status = 3


class LoginFailed(SfcredError):
    """A consent came to nothing, or to something that must not be stored."""

    exit_status = 1


class Unreadable(SfcredError):
    """Input is there and can't be read or understood, so that nothing could be compared."""

    exit_status = 4


class Cause(StrEnum):
    """Why something isn't known. It decides whether a run that found nothing is a success.

    Attributes:
        NOT_STATED: The spec, or an org's answer, doesn't state it: there is nothing to look at.
        FINDING: Another check of this report says what stands in the way.
        SECRET: A secret isn't available here, or sfcred doesn't compare it.
        IGNORED: The spec or the configuration ignores the check here.
        UNREADABLE: It is there, or should be, and could not be read, reached or compared. The
            exit status is 4 if nothing worse is found.
    """

    NOT_STATED = "not_stated"
    FINDING = "finding"
    SECRET = "secret"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


class NotKnown(SfcredError):
    """Something that a check would need can't be known here; the message is the reason.

    doctor lists the check as not run, with this reason. Who raises it knows the cause; what says
    nothing counts as unreadable, so that a forgotten cause is never taken for a success.

    Args:
        message: The reason.
        hint: The next step for the person who reads it.
        cause: Why it isn't known.
        because_of: The checks that report what stands in the way. The cause becomes FINDING if
            the report has one of them; else nothing says it, and it stays unreadable.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        cause: Cause = Cause.UNREADABLE,
        because_of: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.cause = cause
        self.because_of = because_of


def system_reason(error: OSError) -> str:
    """The system's words for a message, without numbers and names: `no such file or directory`."""
    return (error.strerror or type(error).__name__).lower()


def bug_place(error: BaseException) -> str:
    """A bug's type, file and line. Its text is left out: it might hold a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} in {file}:{trace.tb_lineno}"
