"""What n8n says of a credential that it has: its key, its store of secrets, its limits, its use.

Source: npm n8n (credentials, external secrets), n8n-core, n8n-workflow
(credential-domain-restrictions.js), n8n-nodes-base (Salesforce).
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import OWN

_OTHER_KEY = RefusalCause(
    "the data was encrypted with a different key from the one that this n8n has",
    "Give n8n the key that the data was written with: N8N_ENCRYPTION_KEY, or the file config in "
    "n8n's folder, the same for main, workers and imports. Without that key, import the "
    "credential again.",
)
_BOUND_BY_ID = RefusalCause(
    "the workflow names a credential by an id that this n8n doesn't have, or has with another type",
    "Set `n8n.id` in the spec to the id in the workflow and import the credential again, or choose "
    "the credential in the node.",
)
_TOO_FAR = RefusalCause(
    "the credential's Allowed HTTP Request Domains don't include that host",
    "Add the host to the credential's list in n8n, or use the Salesforce node.",
)

_NOT_SHARED = RefusalCause(
    "the credential belongs to another user or project than the workflow, and isn't shared with it",
    "Share the credential with the workflow's project in n8n, or move it there. Then choose it in "
    "the node again.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-encryption-key",
        texts(
            "n8n",
            "Credentials could not be decrypted",
            "Decrypted credentials data is not valid JSON",
            "Credentials data is not in a valid format",
            "The likely reason is that a different {any} was used to encrypt the data",
            "Encryption key not found!",
            "Encryption key not found: {any}",
            "Problem loading credential",
            "Salted__",
        ),
        (_OTHER_KEY,),
        OWN,
    ),
    Refusal(
        "n8n-two-encryption-keys",
        texts("n8n", "Mismatching encryption keys"),
        (
            RefusalCause(
                "the variable and n8n's config file have different keys",
                "Find out which one the data was encrypted with, and give n8n only that one.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-config-file",
        texts("n8n", "Error parsing n8n-config file"),
        (
            RefusalCause(
                "the file config in n8n's folder is empty or damaged. It has n8n's encryption key",
                'Restore it from a backup, or write `{"encryptionKey": "…"}` with the key that the '
                "data was written with. With a new key, the credentials can't be decrypted.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-worker-key",
        texts("n8n", "because of missing encryption key"),
        (
            RefusalCause(
                "a worker (queue mode) has no encryption key: only the main process makes one up",
                "Set N8N_ENCRYPTION_KEY for each worker and webhook process, with the main "
                "process's key (its environment, or the file config in its folder). If you set "
                "N8N_ENCRYPTION_KEY_FILE, use the variable itself: older versions don't read the "
                "file.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-legacy-key",
        texts("n8n", "Legacy aes-256-cbc encryption key not found"),
        (
            RefusalCause(
                "no error: n8n goes on with its own encryption key",
                "If something fails, look for another line. With `export:credentials`, use "
                "`--output`, so that this line isn't in the file.",
            ),
        ),
        OWN,
        says_little=True,
    ),
    Refusal(
        "n8n-rotating-key",
        texts("n8n", "No active encryption key found"),
        (
            RefusalCause(
                "n8n uses rotating keys, and the server has never been started", "Start it once."
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-domain-not-allowed",
        texts(
            "n8n",
            "Domain not allowed",
            "No allowed domains specified",
            "This credential is restricted from accessing",
            "This credential restricts requests to specific domains",
        ),
        (_TOO_FAR,),
        OWN,
    ),
    Refusal(
        "n8n-no-http-request",
        texts(
            "n8n",
            "This credential is configured to prevent use within an",
            "is restricted to specific nodes",
        ),
        (
            RefusalCause(
                "the credential's Allowed HTTP Request Domains is None, so an HTTP Request node "
                "may "
                "not use it",
                "Allow the org's host in the credential's settings in n8n, or use the Salesforce "
                "node.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-credential-missing",
        texts(
            "n8n",
            "does not exist for type",
            "Credential with ID {any} was not found",
            "Could not find credential",
            "Could not find credentials for type {any} with name",
            "uses invalid credential",
            "Credential with ID {any} could not be found",
            "Found credential with no ID",
            "Credentials not found",
            "Credential not found",
            "could not be found to be updated",
            "Credential to be updated not found",
            'Could not find any entity of type "CredentialsEntity"',
        ),
        (_BOUND_BY_ID,),
        OWN,
    ),
    Refusal(
        "n8n-node-without-credential",
        texts(
            "n8n",
            "Node does not have any credentials set",
            "does not have any credentials of type",
            "Node does not have credential type",
            "Node does not require credentials",
            "does not have any credentials defined",
            "Credentials for {any} are not set",
        ),
        (
            RefusalCause(
                "no credential is chosen in the node, or its authentication is set to the other "
                "kind "
                "(before about n8n 2.40, the Salesforce Trigger takes OAuth2 only)",
                "Open the node, set Authentication to the credential's kind, and choose it.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-credential-not-shared",
        texts(
            "n8n",
            "does not have access to the credential",
            "ask the owner to share it with you again",
            "You don't have access to the credential",
            "You don't have access to the credentials in the",
            "Ask the owner to share",
            "You can only modify credentials you have access to",
            "uses a credential you do not have access to",
            "credentials that you do not have access to",
            "You can only removed credentials owned by you",
            "because the current user does not have the correct permissions",
        ),
        (_NOT_SHARED,),
        OWN,
    ),
    Refusal(
        "n8n-credential-unseen",
        texts("n8n", "You can create credentials with the exact name"),
        (_NOT_SHARED, _BOUND_BY_ID),
        OWN,
    ),
    Refusal(
        "n8n-credential-test",
        texts(
            "n8n",
            "Couldn't connect with these settings",
            "Couldn't connect with these credentials",
        ),
        (
            RefusalCause(
                "n8n's test of the credential failed; below the text, More details has the reason",
                "For a JWT credential, the test is a real login: run `sfcred doctor --live`. For "
                "OAuth2, it only looks for a token: click Connect.",
            ),
        ),
        OWN,
        is_a_frame=True,
    ),
    Refusal(
        "n8n-credential-type",
        texts(
            "n8n",
            "Unrecognized credential type",
            "Unknown credential type",
            "This credential cannot be used in workflows",
            "body.type is not a known type",
        ),
        (
            RefusalCause(
                "this n8n doesn't know the credential's type, or keeps it for another use",
                "Use salesforceJwtApi or salesforceOAuth2Api, as `sfcred render` writes them.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-environment-access",
        texts("n8n", "access to env vars denied"),
        (
            RefusalCause(
                "an expression uses `$env`, which n8n blocks from 2.0 on",
                "In a credential, use a reference such as `env` in the spec and render it, or use "
                "n8n's `$vars` and `$secrets`. N8N_BLOCK_ENV_ACCESS_IN_NODE=false allows `$env` "
                "for everyone who edits workflows.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-soql-name",
        texts(
            "n8n",
            "Invalid SOQL field name",
            "Invalid SOQL object name",
            "Invalid SOQL operator",
            "Unsupported value type",
            "Array values must be strings, numbers, or booleans",
            "Invalid numeric value: must be a finite number",
        ),
        (
            RefusalCause(
                "n8n refuses the node's own input before anything is sent: a name with a space "
                "or a "
                "comma too many, or a condition that it doesn't know",
                "Correct the fields and conditions in the node: one API name per entry, no empty "
                "one.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-node-input",
        texts(
            "n8n",
            "You must add at least one update field",
            "No URL found in request options",
            "The property {any} does not exist",
        ),
        (
            RefusalCause(
                "the node has nothing to send, or names a binary property that the item doesn't "
                "have",
                "Add a field to update, or correct the name of the binary property.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-secret-in-plain-text",
        texts(
            "n8n",
            "secrets have become plain text in n8n",
        ),
        (
            RefusalCause(
                "n8n 2.28 to 2.33 (JWT), or before 1.102.1 (the other flows), writes resolved "
                "values back into the database",
                "Update n8n, import the credential again, and replace the secret.",
                signs=("SFC506",),
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-field-empty",
        texts("n8n", "a field is empty although it was imported"),
        (
            RefusalCause(
                "the value begins with `=`, which n8n reads as an expression: a malformed one "
                "becomes "
                "empty",
                "Use `sfcred render`, which escapes the value.",
                signs=("SFC505",),
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-connection-lost-at-pull",
        texts(
            "n8n",
            "pull wipes the OAuth2 connection",
            "pull overwrites the OAuth2 tokens",
        ),
        (
            RefusalCause(
                "n8n's own source control overwrites OAuth2 tokens when it pulls",
                "Leave credentials out of the pull, and update n8n.",
            ),
        ),
        OWN,
    ),
)
