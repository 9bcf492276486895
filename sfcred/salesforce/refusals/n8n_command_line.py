"""What n8n's command line and n8n's start say."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import OWN

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-no-such-command",
        texts(
            "cli",
            "n8n: command not found",
            "command not found: n8n",
            "n8n: not found",
            "'n8n' is not recognized as",
            "The term 'n8n' is not recognized",
        ),
        (
            RefusalCause(
                "the shell doesn't find n8n: usually, n8n runs in a container, and the command was "
                "run outside it",
                "Run it in the container, with `docker exec -it`, the container's name, and the "
                "command. Without a container, install n8n, or correct PATH.",
            ),
        ),
    ),
    Refusal(
        "n8n-import-no-array",
        texts(
            "n8n",
            "File does not seem to contain credentials",
            "credentials.map is not a function",
            "workflows.map is not a function",
        ),
        (
            RefusalCause(
                "`--input` needs an array, which `sfcred render -o FILE` writes",
                "If you rendered with `--separate`, import with n8n's `--separate`.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-import-incomplete",
        texts(
            "n8n",
            "NOT NULL constraint failed: credentials_entity",
            'credentials_entity" violates not-null constraint',
            # PostgreSQL before 13 doesn't name the table.
            "null value in column {word} violates not-null constraint",
        ),
        (
            RefusalCause(
                "an entry has no id, name, type or data (with `--separate`, also because of any "
                "other "
                "JSON file in the folder, such as a workflow)",
                "Import only what `sfcred render` wrote.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-import-nothing",
        texts("n8n", "Successfully imported 0 credentials"),
        (
            RefusalCause(
                "the folder doesn't exist, or an option is misspelled: n8n ignores unknown "
                "options, "
                "and the exit status is 0",
                "Check the path and the options, and always check the number in this message.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-import-owner",
        texts(
            "n8n",
            "is already owned by the user",
            "already owned by the user",
            "can't be re-owned",
        ),
        (
            RefusalCause(
                "you passed `--userId` in a second import to n8n before 2.41",
                "Leave it out: an existing credential keeps its owner. Or use `--projectId`.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-import-reference",
        texts("n8n", "FOREIGN KEY constraint failed"),
        (
            RefusalCause(
                "an entry names a project, user or resolver that this n8n doesn't have",
                "Import only the keys that `sfcred render` writes, and check `--projectId`.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-import-broken-data",
        texts("n8n", '"data":"[object Object]"', "data is [object Object]"),
        (
            RefusalCause(
                "a file for `--separate` held an array, so n8n stored no data",
                "Render with `--separate` too, and import again.",
            ),
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-import-not-json",
        texts(
            "n8n",
            "Unexpected token {any} is not valid JSON",
            "in JSON at position",
        ),
        (
            RefusalCause(
                "the file isn't JSON as n8n reads it: a byte order mark, a cut-off file, or YAML",
                "Render it again with `sfcred render -o FILE`, and don't open it in an editor that "
                "adds a byte order mark.",
            ),
            RefusalCause(
                "if it isn't n8n's import that prints it, a program got something else than JSON: "
                "an HTML page, an error in words, or data that is cut off or encrypted",
                "Look at what it got, and where from.",
            ),
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-database",
        texts(
            "n8n",
            "no such table: {any}credentials_entity",
            'credentials_entity" does not exist',
            'relation "{any}" does not exist',
        ),
        (
            RefusalCause(
                "n8n's command uses another database than the server, or one that was never set up",
                "Run it with the server's own variables: DB_* (with the table prefix) and "
                "N8N_USER_FOLDER. In a container, use `docker exec` in the server's.",
            ),
            RefusalCause(
                "it is the database of a node, if only executions with that node fail: the table "
                "is in another schema or database, or its name has capital letters",
                "Compare the table's name, the schema and that node's credential. It isn't about "
                "Salesforce.",
                signs=("of_a_node",),
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-database-busy",
        texts("n8n", "SQLITE_BUSY", "database is locked"),
        (
            RefusalCause(
                "another process writes to the same SQLite database at the same time (n8n's own, "
                "unless another program prints this), or the file is on a network drive",
                "Run the command again, while no workflow runs. For several processes or many "
                "executions, use PostgreSQL.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-export-nothing",
        texts(
            "n8n",
            "No {any} found with specified filters",
            "No importable properties found",
            "You cannot use {any} together. Use one or the other",
        ),
        (
            RefusalCause(
                "the options of n8n's command select nothing or exclude each other, or the command "
                "uses another database than the server",
                "Use `--all` or `--id`. If that finds nothing either, run the command as the "
                "server's user and with its variables: DB_* and N8N_USER_FOLDER. In a container, "
                "use `docker exec -u node` in the server's.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-node-unknown",
        texts(
            "n8n",
            "Unrecognized node type",
            "UnrecognizedNodeTypeError",
            "The node is not valid as its type",
        ),
        (
            RefusalCause(
                "this n8n doesn't have that type of node: its community package isn't installed, "
                "or the node is turned off (n8n 2 turns off Execute Command and Local File "
                "Trigger)",
                "Install the package in every n8n process (Settings, Community Nodes), or allow "
                "the node with NODES_EXCLUDE. It isn't about the Salesforce credential.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-overwrite-twice",
        texts("n8n", "Credentials overwrites may not be set more than once"),
        (
            RefusalCause(
                "n8n accepts credential overwrites at its endpoint only once after each start",
                "Restart n8n, then send them once. Or use `CREDENTIALS_OVERWRITE_DATA_FILE`.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-overwrite-not-json",
        texts(
            "n8n",
            "The credentials-overwrite is not valid JSON",
        ),
        (
            RefusalCause(
                "`CREDENTIALS_OVERWRITE_DATA` contains a path instead of JSON, so n8n doesn't "
                "start",
                "Use `CREDENTIALS_OVERWRITE_DATA_FILE` for the path.",
            ),
        ),
        OWN,
    ),
)
