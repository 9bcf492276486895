"""The Salesforce CLI's own errors: its logins, its projects, and its texts around an answer."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import NO_N8N, SETTINGS

_NOT_FOUND = (
    "{}: command not found",
    "command not found: {}",
    "{}: not found",
    "'{}' is not recognized as",
    "The term '{}' is not recognized",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "jwt-login-failed-in-cli",
        texts("cli", "We encountered a JSON web token error", "Error authenticating with JWT"),
        (
            RefusalCause(
                "the Salesforce CLI puts this sentence before each error of a login with a key, "
                "also before its own faults: the reason is what follows it",
                "Pass the whole text to `sfcred explain --error -`. Or run `sfcred doctor --live`, "
                "which logs in without the CLI and shows each answer.",
            ),
        ),
        says_little=True,
    ),
    Refusal(
        "cli-login-exists",
        texts("cli", "will overwrite existing auth data", "AuthInfoOverwriteError"),
        (
            RefusalCause(
                "the Salesforce CLI already has a login of that username on this machine",
                "Remove it with `sf org logout --target-org` and the username, then log in again.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-no-login",
        texts(
            "cli",
            "No AuthInfo found for name",
            "No authorization information found for",
            "No authorization information can be found for",
            "No default environment found",
            "NamedOrgNotFoundError",
            "No org configuration found for name",
            "NoOrgFound",
        ),
        (
            RefusalCause(
                "the Salesforce CLI has no login of that name on this machine",
                "Log in first: `sf org login web --instance-url` with the org's own address, or "
                "`sf org login jwt` in CI. `sf org list` shows the names.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-logins-unreadable",
        texts(
            "cli",
            "Failed to decipher auth data",
            "AuthDecryptError",
            "InvalidEncryptedFormatError",
            "SecKeychainItemCreateFromContent",
            "failed to set an encryption key for user",
            "GenericKeychainInvalidPermsError",
        ),
        (
            RefusalCause(
                "the Salesforce CLI can't read the logins that it stored: their key, which is in "
                "the system's keyring, has changed or is locked, or another user or an older CLI "
                "wrote them",
                "Unlock the keyring, and log in to each org again with `sf org login`. Where it "
                "comes back, or without a keyring (CI, containers, SSH), set "
                "SF_USE_GENERIC_UNIX_KEYCHAIN=true for every program that uses the CLI, then log "
                "in: the key is then in a file that only its owner may read (chmod 600).",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-auth-url",
        (
            *texts("cli", "Invalid sfdx auth url", "Invalid SFDX authorization URL"),
            *codes("cli", "INVALID_SFDX_AUTH_URL"),
        ),
        (
            RefusalCause(
                "what `sf org login sfdx-url` got isn't only an SFDX authorization URL: it is "
                "empty, has quotes or JSON around it, or is another address",
                "Pass it alone: `force://CLIENT_ID:CLIENT_SECRET:REFRESH_TOKEN@HOST`, without "
                "https:// before the host. It is a secret. `sf org auth show-sfdx-auth-url` shows "
                "it for an org that is logged in.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-nothing",
        texts(
            "cli",
            "No source-backed components present in the package",
            "NothingToDeploy",
            "Unable to find package.xml",
            "No package.xml found",
            "package.xml not found",
            "package.xml does not exist",
            "InvalidProjectWorkspaceError",
            "does not contain a valid Salesforce DX project",
            "was not found in the workspace",
        ),
        (
            RefusalCause(
                "the command ran outside a Salesforce project, or the folder has no package.xml "
                "and none of its files",
                "Run it in the folder that `sfcred app -o` wrote, as its last lines say.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-no-browser",
        (
            *texts("cli", "doesn't work when authorizing to a headless environment"),
            *codes("cli", "DEVICE_WARNING"),
        ),
        (
            RefusalCause(
                "the Salesforce CLI found no browser on this machine, which `sf org login web` "
                "needs",
                "Log in with a key: `sf org login jwt`. `sf org login device`, which the text "
                "names, no longer works with the CLI's own app since August 2025.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "device-flow-off",
        texts("cli", "device flow is not enabled"),
        (
            RefusalCause(
                "the client logs in with the device flow, which the app doesn't allow: the "
                "Salesforce CLI's own app hasn't since August 2025",
                "Log in in the browser (`sf org login web`) or with a key (`sf org login jwt`). In "
                "an app of your own, select Enable Device Flow: {where}.",
                SETTINGS,
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-not-found",
        texts("cli", *(form.format(name) for name in ("sf", "sfdx") for form in _NOT_FOUND)),
        (
            RefusalCause(
                "the shell doesn't find the Salesforce CLI: it isn't installed here, or its folder "
                "isn't on PATH",
                "Run `npm install --global @salesforce/cli`, and open a new terminal. Today's "
                "command is `sf`: `sfdx` is its old name.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-unknown-command",
        texts("cli", "is not a sf command", "is not an sf command", "is not a sfdx command"),
        (
            RefusalCause(
                "this version of the Salesforce CLI doesn't have the command: it is too old, or "
                "the command was renamed or needs a plugin",
                "Update it: `npm install --global @salesforce/cli@latest` (or `sf update`, if an "
                "installer put it there). `sf commands` lists what it has.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "cli-prompt-closed",
        texts("cli", "ExitPromptError", "User force closed the prompt with"),
        (
            RefusalCause(
                "the command asked a question, and there is no terminal to answer it in (CI, a "
                "pipe)",
                "Give the answer with the command: its help names the option, often --no-prompt, "
                "and the variable that it reads, such as SF_ACCESS_TOKEN.",
            ),
            RefusalCause("somebody stopped the command (Ctrl+C, SIGINT)", "Run it again."),
        ),
        NO_N8N,
        of_any_service=True,
    ),
    Refusal(
        "cli-query-failed",
        texts("cli", "We can't query your org"),
        (
            RefusalCause(
                "the editor's login to the org has ended, or its user lacks permission for the "
                "object or the fields",
                "Log in again: `sf org login web --instance-url` with the org's own address. Then "
                "run the query with `sf data query`, which shows Salesforce's answer.",
            ),
        ),
        NO_N8N,
    ),
)
