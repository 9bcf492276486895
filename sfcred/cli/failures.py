"""Report what ends a command early, on standard error and without a traceback."""

import errno
import os
import sys
from collections.abc import Sequence

import click

from sfcred.errors import SfcredError, bug_place, system_reason

# Errors of the system itself, as opposed to a wrong path.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.ENFILE})
# Messages are shortened to this many characters.
_LONGEST = 2000


def show_findings_of(error: SfcredError) -> None:
    """Print the findings, if they are why a command refused the specs."""
    from sfcred.workspace.errors import Refused

    if isinstance(error, Refused):
        from sfcred.cli.output import show_findings

        show_findings(error.report)


def report_error(message: str, hint: str = "") -> None:
    """Print an error and what to do next, masked and wrapped.

    Args:
        message: What is wrong, on one line.
        hint: What to do; empty if nothing.
    """
    from sfcred.cli.colours import width_for
    from sfcred.cli.streams import emit
    from sfcred.text.printable import one_line
    from sfcred.text.redact import redact
    from sfcred.text.wrapping import wrapped, wrapped_lines

    # A line feed in a file's name could otherwise fake a hint.
    width = width_for(error=True)
    text = wrapped(one_line(redact(_short(message))), width, "sfcred: ") + "\n"
    if hint:
        text += wrapped_lines(redact(_beginning(hint)), width, "hint: ") + "\n"
    emit(text, error=True)


def report_interruption() -> int:
    """Report Ctrl-C or Ctrl-D on a line of its own.

    Returns:
        The exit status.
    """
    from sfcred.cli.streams import emit

    if sys.stderr.isatty():  # the cursor is after a question, or after `^C`
        emit("\n", error=True)
    report_error("interrupted")
    return 130


#: Where a missing argument comes from, by its name.
_WHERE = {
    "name": "To see the names, run `sfcred list`.",
    "source": "To create one: n8n export:credentials --all --decrypted --output=FILE.",
}


def report_usage(error: click.ClickException, arguments: Sequence[str]) -> None:
    """Print click's own message, which repeats arguments: they can be long, or secret.

    Args:
        error: The error.
        arguments: The command line.
    """
    from io import StringIO

    from sfcred.cli.streams import emit
    from sfcred.text.printable import one_line
    from sfcred.text.redact import redact

    told = StringIO()
    error.show(told)
    usage, label, message = told.getvalue().rstrip("\n").partition("Error: ")
    if isinstance(error, click.MissingParameter) and error.param:
        message = f"{message} {_WHERE.get(error.param.name or '', '')}".rstrip()
    if message.startswith("Got unexpected extra argument"):
        message += ". Put a value with spaces in quotes."
    if isinstance(error, click.NoSuchOption):
        from sfcred.cli.meant_option import meant_option

        if meant := meant_option(error, arguments):
            message = f"{message.rstrip('.')}. {meant}"  # older versions of click write no period
    elif isinstance(error, click.BadParameter):
        from sfcred.cli.meant_option import meant_choice

        message = f"{message} {meant_choice(error, arguments)}".rstrip()
    emit(f"{usage}{label}{one_line(redact(_short(message)))}\n", error=True)


def report_system_error(error: OSError) -> int:
    """Report an error of the system that no command expected: a long name, a full disk.

    Returns:
        The exit status.
    """
    from sfcred.paths import working_folder

    if working_folder() is None:
        report_error("the working folder no longer exists", "Change to another folder.")
        return 2
    if isinstance(error.filename, str | bytes):
        what = os.fsdecode(error.filename)
    elif error.errno in _DISK:
        what = "a file could not be written"
    else:
        return report_bug(error)
    report_error(
        f"{what}: {system_reason(error)}",
        "Check the path, its permissions and the free disk space.",
    )
    return 3 if error.errno in _DISK else 2


def report_bug(error: Exception) -> int:
    """Report an error that nobody expected.

    Returns:
        The exit status.
    """
    report_error(f"a bug in sfcred ({bug_place(error)})", "Please report this line.")
    return 3


def _short(text: str) -> str:
    """Return the message, cut in the middle if it repeats a very long argument."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … {text[-half:]}"


def _beginning(hint: str) -> str:
    """Return the hint, cut at its end if it is very long.

    Not in the middle: without a part of it, the quotes in a command could enclose something else.
    """
    return hint if len(hint) <= _LONGEST else f"{hint[:_LONGEST]} …"
