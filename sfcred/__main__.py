"""The `sfcred` command. `python -I -m sfcred` is the same.

Without -I, Python looks for modules in the working folder first. Some of its own are imported, and
`sfcred` itself is looked for, before any line here runs. Keep -I in a folder that you don't trust.
"""

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
    if not sys.flags.safe_path:
        # The working folder: no `click` or `yaml` in it is meant.
        del sys.path[0]
    run()
