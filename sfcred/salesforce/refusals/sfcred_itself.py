"""What sfcred itself says, where its own hint can use a second explanation."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "sfcred-could-not-check",
        texts("sfcred", "could not be checked"),
        (
            RefusalCause(
                "a file that the spec names, the git repository or the org can't be read or "
                "reached "
                "(exit status 4)",
                "Follow the hint of each line. The page about CI has the usual causes.",
            ),
        ),
        says_little=True,
    ),
    Refusal(
        "sfcred-not-checked",
        texts("sfcred", "not checked:"),
        (
            RefusalCause(
                "a secret isn't here, or the spec doesn't say what a check needs (no error)",
                "Run with `-v` to list everything, with what to do. `--require-secrets` makes "
                "missing "
                "secrets errors.",
            ),
        ),
        says_little=True,
    ),
    Refusal(
        "sfcred-variable-missing",
        texts(
            "sfcred",
            "the environment variable {any} is not set",
            "environment variable is missing",
            "environment variable is not set",
            "environment variable is required",
            "Missing required environment variable",
        ),
        (
            RefusalCause(
                "this shell or CI job doesn't have the variable (a secret that isn't defined in CI "
                "arrives empty)",
                "Set it in this shell, or pass the secret to the job.",
            ),
        ),
    ),
    Refusal(
        "file-not-found",
        texts(
            "sfcred",
            "no such file or directory",
            "ENOENT: no such file or directory",
            "FileNotFoundError",
            "The system cannot find the file specified",
            "The system cannot find the path specified",
            "WinError 2",
            "WinError 3",
        ),
        (
            RefusalCause(
                "a file isn't where the path leads: the path is wrong, or is meant from another "
                "folder, container or CI job",
                "Check the path on the machine that reads it. Paths in a spec are relative to the "
                "spec's own file: `../secrets/acme.key` for a folder next to credentials/.",
            ),
            RefusalCause(
                "the file hasn't been made yet, or a job deleted it",
                "Make a key and its certificate with `sfcred keygen`, or write the file before the "
                "step that reads it.",
            ),
        ),
    ),
    Refusal(
        "file-not-readable",
        texts(
            "sfcred",
            "EACCES: permission denied",
            "PermissionError",
            "WinError 5",
            "Access is denied",
            "permission denied (os error 13)",
        ),
        (
            RefusalCause(
                "the user that runs the program may not read or write the file",
                "Give that user the file. n8n's container runs as the user node (id 1000).",
            ),
        ),
    ),
    Refusal(
        "keyring-missing",
        texts(
            "sfcred",
            "No recommended backend was available",
            "NoKeyringError",
            "SecretServiceNotAvailableException",
            "Unable to autolaunch a dbus-daemon",
            "The Secret Service daemon is neither running",
            "The name org.freedesktop.secrets was not provided",
            "Failed to unlock the collection",
            "Failed to create the collection",
        ),
        (
            RefusalCause(
                "the machine has no keyring that is running and unlocked (usual on servers, in "
                "containers and over SSH)",
                "There, use another reference than `keyring`, such as `file` or `env`. On a "
                "desktop, start and unlock its keyring (GNOME Keyring, KWallet), and try again.",
            ),
        ),
    ),
    Refusal(
        "sfcred-not-ignored",
        texts("sfcred", "will contain secrets, and git does not ignore it"),
        (
            RefusalCause(
                "the file would be easy to commit by mistake", "Add the path to `.gitignore`."
            ),
        ),
    ),
    Refusal(
        "sfcred-other-repository",
        texts("sfcred", "it is in another repository, not the project's"),
        (
            RefusalCause(
                "sfcred asks git only about the repositories of the project and of the working "
                "folder",
                "Write elsewhere, or use `--force`.",
            ),
        ),
    ),
    Refusal(
        "sfcred-other-owner",
        texts("sfcred", "the folder belongs to another user", "detected dubious ownership"),
        (
            RefusalCause(
                "git doesn't trust folders of other users",
                'Run sfcred as the owner (in a container, `--user "$(id -u)"`), or trust the '
                "folder: "
                "`git config --global --add safe.directory FOLDER`.",
            ),
        ),
    ),
    Refusal(
        "sfcred-symbolic-link",
        texts("sfcred", "is a symbolic link, and sfcred doesn't write through symbolic links"),
        (
            RefusalCause(
                "the path of a file to write contains a link inside the project",
                "Use the real path.",
            ),
        ),
    ),
    Refusal(
        "sfcred-outside-project",
        texts("sfcred", "is outside the project"),
        (
            RefusalCause(
                "the spec or the configuration sets a path outside the project",
                "Choose another, or pass `--force`.",
            ),
        ),
    ),
    Refusal(
        "sfcred-windows-path",
        texts(
            "sfcred",
            "leads to another machine or a device",
            "contains a name that is a device on Windows",
            "contains a colon",
        ),
        (
            RefusalCause(
                "Windows would not treat the path as a file, and sfcred refuses it on every system",
                "Use an ordinary path inside the project.",
            ),
        ),
    ),
    Refusal(
        "sfcred-already-exists",
        texts("sfcred", ": already exists", "already exists, and init never overwrites files"),
        (
            RefusalCause(
                "sfcred doesn't replace a file or a stored secret by itself",
                "Choose another name, or pass `--force`.",
            ),
        ),
        says_little=True,
    ),
    Refusal(
        "sfcred-nothing-sent",
        texts("sfcred", "nothing is sent to"),
        (
            RefusalCause(
                "the host isn't Salesforce's",
                "Correct `my_domain`. Only if you trust the host, pass it with `--allow-host`.",
                signs=("SFC105",),
            ),
        ),
    ),
    Refusal(
        "sfcred-several-n8n",
        texts("sfcred", "these credentials are for {any} n8n instances"),
        (
            RefusalCause(
                "the specs are for several n8n instances, and one file or push is for one",
                "Pass `--profile`, or name the specs of one n8n.",
            ),
        ),
    ),
    Refusal(
        "sfcred-bug",
        texts("sfcred", "a bug in sfcred"),
        (
            RefusalCause(
                "sfcred itself failed (exit status 3)",
                "Report the bug with the printed line, which contains no values.",
            ),
        ),
    ),
    Refusal(
        "sfcred-next-step",
        texts("sfcred", "next: sfcred", "next: delete"),
        (
            RefusalCause(
                "no error: sfcred names the next step",
                "Run the command after it in the project's folder, or do what the line says.",
            ),
        ),
        says_little=True,
    ),
    Refusal(
        "sfcred-message",
        texts("sfcred", "sfcred: {any}"),
        (
            RefusalCause(
                "the message is sfcred's own, and nothing else in the text explains it",
                "Do what the line below it says, which begins with hint. `sfcred help` lists the "
                "commands, and `sfcred COMMAND --help` explains their options.",
            ),
        ),
        says_little=True,
    ),
)
