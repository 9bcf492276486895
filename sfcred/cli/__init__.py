"""The command line: parse the arguments, run the command, print, exit."""

import os
from collections.abc import Sequence

import click

from sfcred.cli.colours import color_option
from sfcred.cli.failures import (
    report_bug,
    report_error,
    report_interruption,
    report_system_error,
    report_usage,
    show_findings_of,
)
from sfcred.cli.help_text import HelpContext
from sfcred.errors import SfcredError
from sfcred.registry import load, module_names
from sfcred.version import __version__

_PACKAGE = "sfcred.cli.commands"

#: The variable that click's completion scripts set.
COMPLETES = "_SFCRED_COMPLETE"
# What other tools call sfcred's commands.
_MEANT = {
    **dict.fromkeys(("check", "validate", "lint", "verify", "test", "status"), "doctor"),
    **dict.fromkeys(("auth", "authorize", "authenticate", "connect"), "login"),
    **dict.fromkeys(("export", "build", "generate"), "render"),
    **dict.fromkeys(("deploy", "apply", "sync"), "push"),
    **dict.fromkeys(("new", "create", "add"), "init"),
    **dict.fromkeys(("ls", "show"), "list"),
    "version": "--version",
}
_EPILOG = """\b
Exit status:
  0  no findings at or above --fail-on
  1  findings at or above --fail-on, a difference, or a refusal
  2  usage error, or nothing to check
  3  sfcred itself failed: a bug, or a file could not be written
  4  nothing worse, but something could not be read, reached or compared
  130  interrupted
"""


def _modules() -> dict[str, str]:
    """Return the module of each command: local_org.py for local-org, import_.py for import."""
    return {name.rstrip("_").replace("_", "-"): name for name in module_names(_PACKAGE)}


class _Commands(click.Group):
    """A group that finds commands by file name, and imports them when they are called."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        return sorted(_modules())

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _modules():
            return None
        command = load(_PACKAGE, _modules()[cmd_name]).command
        if not isinstance(command, click.Command):
            return None
        command.context_class = HelpContext
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands to the help, by what they are for."""
        from sfcred.cli.grouped import write_commands

        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        shown = {name: one.get_short_help_str(200) for name, one in found.items() if one}
        write_commands(shown, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from sfcred.text.near import nearest

            near = _MEANT.get(args[0]) or nearest(args[0], self.list_commands(ctx))
            if not near or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near!r}?", ctx) from None


@click.group(
    cls=_Commands,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@color_option
@click.version_option(__version__, prog_name="sfcred")
def group() -> None:
    """Salesforce credentials for n8n, as code.

    Describe each credential in a spec, and keep it in git. sfcred finds mistakes in it before n8n
    does, and turns it into the JSON that n8n imports.
    """


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status. Failures are reported on standard error, without a traceback.
    """
    from sfcred.cli.streams import guarded_streams

    if os.environ.get(COMPLETES, "").startswith("powershell"):
        from sfcred.cli import powershell

        powershell.register()
    with guarded_streams():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one return per outcome
    try:
        status = _judge_environment(arguments) or _call(list(arguments))
    except SfcredError as error:
        show_findings_of(error)
        report_error(error.message, error.hint)
        return error.exit_status
    except click.ClickException as error:
        report_usage(error, arguments)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return report_interruption()
    except MemoryError:
        report_error("out of memory", "Check fewer files at a time.")
        return 3
    except OSError as error:
        return report_system_error(error)
    except Exception as error:  # noqa: BLE001 - a traceback could show a secret's value
        if COMPLETES in os.environ:  # the shell asks while you type: suggest nothing
            return 1
        return report_bug(error)
    return status if isinstance(status, int) else 0


def _call(arguments: list[str]) -> object:
    if not all(map(str.isascii, arguments)):
        from sfcred.cli.meant_option import require_hyphens

        require_hyphens(group, arguments)
    return group.main(arguments, prog_name="sfcred", standalone_mode=False)


def _judge_environment(arguments: Sequence[str]) -> int:
    """Refuse variables by which OpenSSL would load code of the project's.

    Returns:
        The exit status of the refusal; 0: go on. Until then nothing may be imported that brings
        hashlib, which is why this doesn't end as other errors do.
    """
    from sfcred.cli.environment import require_own_libraries

    try:
        require_own_libraries(arguments, completes=bool(os.environ.get(COMPLETES)))
    except SfcredError as error:
        report_error(error.message, error.hint)
        return error.exit_status
    return 0
