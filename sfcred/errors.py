"""The errors that sfcred raises on purpose.

Errors are written for people: `message` tells what is wrong and where, and `hint` what to do next.
`exit_status` is the exit status of the process (see the table in the README). An error must never
contain a secret's value.
"""

from enum import StrEnum
from pathlib import Path
from typing import Literal


class SfcredError(Exception):
    """The base class. The command line prints the error without a traceback.

    Args:
        message: What is wrong, and where.
        hint: What to do next.
    """

    exit_status = 2

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SfcredError):
    """The command line is wrong, or there is nothing to check."""


class NothingFound(UsageError):
    """There is no spec in the files and folders."""


class SettingsError(SfcredError):
    """`sfcred.toml`, `[tool.sfcred]` or an `SFCRED_*` variable is wrong."""


class ReadError(SfcredError):
    """A file can't be read: it is missing, unreadable, too large, or not a regular file."""


class SecretUnavailable(SfcredError):
    """A secret reference can't be read here. The message names the place, never the value."""


class RenderError(SfcredError):
    """Something can't be rendered correctly, so nothing is rendered."""

    exit_status = 1


class WriteRefused(SfcredError):
    """A file may not be written: it exists, is a link, or git doesn't ignore it.

    In some cases, `--force` allows it.
    """


class AlreadyThere(WriteRefused):
    """A file exists, and `--force` would replace it."""


class WriteError(SfcredError):
    """The system refused to write: no permission, no space, a closed device."""

    exit_status = 3


class Interrupted(SfcredError):
    """Ctrl-C ended the command, and something is left that the user should know about."""

    exit_status = 130


class LoginFailed(SfcredError):
    """A login failed, or its result must not be stored."""

    exit_status = 1


class Unreadable(SfcredError):
    """The input exists but can't be read or understood, so nothing was compared."""

    exit_status = 4


class Cause(StrEnum):
    """Why something isn't known. It decides whether a run without findings is a success.

    Attributes:
        NOT_STATED: The spec, or an org's answer, doesn't state it, so there is nothing to check.
        FINDING: Another check in the report explains what prevents this one.
        SECRET: A secret isn't available here, or sfcred doesn't compare it.
        IGNORED: The spec or the configuration ignores the check.
        UNREADABLE: It exists, or should, but could not be read, reached or compared. The exit
            status is 4 unless something worse is found.
    """

    NOT_STATED = "not_stated"
    FINDING = "finding"
    SECRET = "secret"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


#: What a finding can explain, for code that doesn't know the checks.
Topic = Literal["flow", "my_domain", "private_key", "app_oauth"]


class NotKnown(SfcredError):
    """Something that a check needs isn't known. The message is the reason.

    doctor lists the check as not run, with this reason. Without a cause, it counts as unreadable,
    so a forgotten cause never looks like a success.

    Args:
        message: The reason.
        hint: What to do next.
        cause: Why it isn't known.
        because_of: The checks that report the underlying problem. The cause becomes FINDING if the
            report has one of them, and otherwise stays UNREADABLE.
        topic: The same for code that doesn't know the checks: the underlying problem. Checks
            declare which topics their findings explain.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        cause: Cause = Cause.UNREADABLE,
        because_of: tuple[str, ...] = (),
        topic: Topic | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.cause = cause
        self.because_of = because_of
        self.topic = topic
        if because_of or topic:  # a finding stands in the way: a command refuses because of it
            self.exit_status = 1


class SecretNotHere(NotKnown):
    """A value isn't known because its secret can't be read here."""


def system_reason(error: OSError) -> str:
    """Return the system's error text without numbers and names: `no such file or directory`."""
    return (error.strerror or type(error).__name__).lower()


def bug_place(error: BaseException) -> str:
    """Return a bug's type, file and line, without its text, which could contain a secret."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} in {file}:{trace.tb_lineno}"
