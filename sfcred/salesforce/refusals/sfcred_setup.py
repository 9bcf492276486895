"""What shells, package managers and CI say when sfcred can't be started or its report not sent."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "sfcred-not-found",
        texts(
            "cli",
            "sfcred: command not found",
            "command not found: sfcred",
            "sfcred: not found",
            "'sfcred' is not recognized",
            "The term 'sfcred' is not recognized",
            "No module named sfcred",
            "No module named 'sfcred'",
        ),
        (
            RefusalCause(
                "the shell doesn't find sfcred: it isn't installed here, or the folder with the "
                "program isn't on PATH (such as another virtual environment)",
                "Run `uv tool update-shell` or `pipx ensurepath` and open a new terminal, or "
                "activate the virtual environment. To install it, see the page Install.",
            ),
        ),
    ),
    Refusal(
        "sfcred-not-published",
        texts(
            "cli",
            "No matching distribution found for sfcred",
            "satisfies the requirement sfcred",
            "sfcred was not found in the package registry",
        ),
        (
            RefusalCause(
                "the package is installed from its repository, and not by its name from an index",
                "Get the repository, and run `uv tool install .` or `pipx install .` in its "
                "folder. The page Install has the commands.",
            ),
        ),
    ),
    Refusal(
        "python-too-old",
        texts("cli", "Package 'sfcred' requires a different Python"),
        (
            RefusalCause(
                "the Python there is too old: sfcred needs 3.11 or later",
                "Install a newer Python, or let uv bring one: `uv tool install --python 3.13 .`",
            ),
        ),
    ),
    Refusal(
        "python-managed",
        texts("cli", "externally-managed-environment"),
        (
            RefusalCause(
                "the system's own Python doesn't allow packages from pip",
                "Use `uv tool install .`, `pipx install .` or a virtual environment.",
            ),
        ),
    ),
    Refusal(
        "code-scanning-refused",
        texts(
            "cli",
            "Resource not accessible by integration",
            "Advanced Security must be enabled for this repository",
            "Code scanning is not enabled for this repository",
            "Code Security must be enabled for this repository",
        ),
        (
            RefusalCause(
                "the job's token may not upload to code scanning, or the repository has none "
                "(private repositories need a license)",
                "Give the job `security-events: write`, in private repositories also `actions: "
                "read`. Without code scanning, leave out `upload-sarif`.",
            ),
        ),
    ),
)
