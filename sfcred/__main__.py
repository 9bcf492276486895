"""The `sfcred` command. `python -I -m sfcred` does the same.

Without -I, Python searches the working folder for modules first, and it imports some modules, and
`sfcred` itself, before any line here runs. Always use -I in a folder that you don't trust.
"""

import os
import sys


def run() -> None:
    """Run the command line, and exit with its status."""
    try:
        status = _run()
    except KeyboardInterrupt:
        _say_interrupted()
        status = 130
    _ignore_interrupts()
    from sfcred.memory import skip_last_collection

    skip_last_collection()
    sys.exit(status)


def _run() -> int:
    _open_missing_streams()
    from sfcred.memory import postpone_collection

    postpone_collection()
    # Plugins of pydantic would get the content of specs, and searching for them takes time.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    if not sys.warnoptions:
        _keep_libraries_quiet()
    from sfcred.cli import main
    from sfcred.ending import handle_signals

    handle_signals()
    return main(sys.argv[1:])


def _open_missing_streams() -> None:
    """Connect closed standard streams to the null device.

    This must come first. Otherwise the next file that is opened gets a stream's number, and output
    goes into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # The system uses the lowest free number, and all lower ones are open by now.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - no keyword
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - stays open
            setattr(sys, name, stream)


def _keep_libraries_quiet() -> None:
    """Hide warnings from libraries. They are for developers, and users can't act on them."""
    import warnings

    warnings.simplefilter("ignore")


def _say_interrupted() -> None:
    try:
        sys.stderr.write("interrupted\n")
        sys.stderr.flush()
    except OSError:
        return


def _ignore_interrupts() -> None:
    """Ignore Ctrl-C while Python exits, which would print a traceback."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        # Remove the working folder, so that a `click` or `yaml` in it isn't imported.
        del sys.path[0]
    run()
