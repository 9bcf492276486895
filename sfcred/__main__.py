"""The `sfcred` command. `python -I -m sfcred` is the same.

Without -I, Python looks for modules in the working folder first. Some of its own are imported, and
`sfcred` itself is looked for, before any line here runs. Keep -I in a folder that you don't trust.
"""

import os
import sys


def run() -> None:
    """Runs the command line and ends the process with its exit status."""
    _open_missing_streams()
    from sfcred.memory import postpone_collection

    postpone_collection()
    # Plugins of pydantic are handed what specs hold, and looking for them takes time.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    if not sys.warnoptions:
        _keep_libraries_quiet()
    try:
        from sfcred.cli import main
        from sfcred.ending import handle_signals

        handle_signals()

        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        _say_interrupted()
        status = 130
    _ignore_interrupts()
    sys.exit(status)


def _open_missing_streams() -> None:
    """Leads closed standard streams to the null device.

    First of all: else the next file that is opened gets a stream's number, and what is printed
    goes into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is taken, and those below are open by now.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - no keyword
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
            setattr(sys, name, stream)


def _keep_libraries_quiet() -> None:
    """A library's warning is for developers: people see nothing that they can't act on."""
    import warnings

    warnings.simplefilter("ignore")


def _say_interrupted() -> None:
    try:
        sys.stderr.write("interrupted\n")
        sys.stderr.flush()
    except OSError:
        return


def _ignore_interrupts() -> None:
    """The verdict stands: Ctrl-C while Python ends would print a traceback."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        # The working folder: no `click` or `yaml` in it is meant.
        del sys.path[0]
    run()
