"""The `sfcred` command: `python -m sfcred` is the same."""

import gc
import sys


def run() -> None:
    """Runs the command line and ends the process with its exit status."""
    # Importing makes objects that live until the end: collecting between them is wasted time.
    gc.disable()
    try:
        from sfcred.cli import main

        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    run()
