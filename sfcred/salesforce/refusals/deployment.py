"""What the Metadata API and the Salesforce CLI say when an app is deployed."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, node, texts
from sfcred.salesforce.refusals.places import CERTIFICATE, NO_N8N

_NO_KEY = RefusalCause(
    "the source has a `consumerKey`, which Salesforce accepts only when it creates the app, and "
    "only if no other org has that key",
    "Remove `consumerKey` (and `consumerSecret`) from the source, deploy, then read the new key in "
    "Setup and put it where `client_id` points.",
)
_SECRETS_PERMISSION = RefusalCause(
    "the org or the user may not use the OAuth settings of External Client Apps over the Metadata "
    "API",
    "Turn on Allow Access to OAuth Consumer Secrets via Metadata API in Setup, External Client App "
    "Settings, and give the user the permission View External Client Apps Consumer Secrets in "
    "Metadata.",
)
_OLD_VERSION = RefusalCause(
    "the API version of the package, or the Salesforce CLI, is too old for this type or element",
    "Use the version that `sfcred app` writes in package.xml, and update the Salesforce CLI.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "deploy-consumer-key",
        texts(
            "cli",
            "You cannot provide a Consumer Key",
            "The consumer key is already taken",
            "consumer key already taken",
            "Invalid consumer key",
        ),
        (_NO_KEY,),
        NO_N8N,
    ),
    Refusal(
        "deploy-policy-names",
        texts(
            "cli",
            "profile names are already taken",
            # Not traced: the same for the other field.
            "permission set names are already taken",
        ),
        (
            RefusalCause(
                "the policy already has that profile or permission set: these fields add, they "
                "don't "
                "replace",
                "Remove the names that the app already has from the policy file, and deploy again.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-second-policy",
        texts("cli", "ExtlClntAppOauthSettingsId duplicates value on {any}"),
        (
            RefusalCause(
                "the External Client App already has an OAuth policy, under the name at the end of "
                "the text, and can have only one",
                "Name the policy's file and record so (retrieve the app to see it), and deploy "
                "again.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-app-unknown",
        texts(
            "cli",
            "no ConnectedApp named {any} found",
            "no ExternalClientApplication named {any} found",
            "no CustomApplication named {any} found",
            "no AuthProvider named {any} found",
            "no {object} named {any} found",
            "External string does not exist",
        ),
        (
            RefusalCause(
                "a file names an app or another component that is neither in the org nor in the "
                "deployment",
                "Deploy that component first, or together with the file. Or remove the name from "
                "the file.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-not-available",
        texts(
            "cli",
            "Not available for deploy for this organization",
            "Not available for this organization",
            "is not available in this organization",
            "Organization is not configured to support {any}",
        ),
        (
            RefusalCause(
                "the org's edition or its features don't include this type of component",
                "Check the org's edition, and turn on the feature. In a scratch org, add "
                "ExternalClientApps to the features of its definition.",
            ),
            _OLD_VERSION,
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-name-unknown",
        texts(
            "cli",
            "no PermissionSet named {any} found",
            "no Profile named {any} found",
            "couldn't find permission sets called {any}",
            # The form is traced (`In field: profile - no Profile named …`), these fields aren't.
            "In field: permissionSetName",
            "In field: profileName",
            "In field: commaSeparatedPermissionSet",
            "In field: externalClientApplication",
        ),
        (
            RefusalCause(
                "the org has no permission set or profile of that name",
                "Create it first, or correct the name: a Connected App's metadata has labels, an "
                "External Client App's API names.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "retrieve-name-unknown",
        texts(
            "cli",
            "Entity of type '{object}' named '{any}' cannot be found",
            "Load of metadata from db failed for metadata of type:{object} and file name:{any}",
        ),
        (
            RefusalCause(
                "the org has no app of that API name, or the user may not see it",
                "Compare the API name with Setup. The OAuth settings of an External Client App "
                "need permissions of their own: Allow Access to OAuth Consumer Secrets via "
                "Metadata API, and View External Client Apps Consumer Secrets in Metadata.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-permission",
        texts(
            "cli",
            "Unknown user permission:",
            "Unknown object permission",
            "Permission set must be associated to a user license",
            "The user license doesn't allow the permission",
        ),
        (
            RefusalCause(
                "the permission set has a permission that the org or its license doesn't have",
                "Remove the permission that the text names, or choose a license for the set that "
                "includes it: Setup, Permission Sets, the set, License.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-permission-needs-another",
        texts("cli", "depends on permission(s):"),
        (
            RefusalCause(
                "the permission set or profile has a permission without another one that it needs",
                "Add the permission that the text names after the colon to the same file, or "
                "remove the first one.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-tests",
        texts("cli", "test coverage is required", "Average test coverage across all Apex"),
        (
            RefusalCause(
                "the deployment ran the org's Apex tests, which cover less code than Salesforce "
                "requires in production",
                "An app needs no tests: deploy it alone, with `--test-level NoTestRun` where the "
                "org allows that. Otherwise, the org's developers have to add tests.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-not-as-a-whole",
        texts("cli", "rollbackOnError option must be true"),
        (
            RefusalCause(
                "a production org takes a deployment only as a whole, and the client asked for a "
                "part of it if some components fail",
                "Set `rollbackOnError` to true. With the Salesforce CLI, leave out "
                "`--ignore-errors`.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-field-missing",
        texts(
            "cli",
            "Required field is missing: {field}",
            "Required fields are missing: [contactEmail]",
            "Required fields are missing: [label]",
            "Missing required field",
        ),
        (
            RefusalCause(
                "the source lacks {field}, which Salesforce requires",
                "Set it in the spec's `app` section (such as `contact_email` and `label`), and run "
                "`sfcred app` again.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-element",
        texts(
            "cli",
            "invalid at this location in type",
            "not valid in version",
            "Invalid api version:",
            "is not a valid value for the enum",
            "Unknown type name '{any}' specified in package.xml",
            "Missing metadata type definition",
            "Entity of type '{any}' is not available",
            "RegistryError",
            "TypeInferenceError",
        ),
        (
            _OLD_VERSION,
            RefusalCause(
                "the element's name, value or order is wrong: a scope that this version doesn't "
                "know, or an element of the other type of app",
                "Generate the source with `sfcred app`, and remove the newest scopes.",
            ),
            RefusalCause(
                "the org doesn't have the feature",
                "In a scratch org, add the feature ExternalClientApps to its definition.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-secrets-permission",
        texts(
            "cli",
            "OAuth Consumer Secrets via Metadata API",
            "View External Client Apps Consumer Secrets",
        ),
        (_SECRETS_PERMISSION,),
        NO_N8N,
    ),
    Refusal(
        "deploy-metadata-permission",
        texts(
            "cli",
            "use of the Metadata API requires a user with the ModifyAllData",
            "requires a user with the ModifyAllData or ModifyMetadata permissions",
        ),
        (
            RefusalCause(
                "the user may not change the org's setup",
                "Deploy as an admin (Modify Metadata Through Metadata API Functions). The "
                "integration "
                "user needs no such right.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-no-new-connected-apps",
        texts(
            "cli",
            "You can't create a connected app",
            "enable connected app creation",
            "creation of connected apps is disabled",
            "New Connected App button",
        ),
        (
            RefusalCause(
                "new Connected Apps can't be created any more since Spring '26",
                "Use `app.type: external_client_app`, or ask Salesforce's support.",
                signs=("SFC604",),
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-setup-locked",
        (
            *texts(
                "cli",
                "temporarily lock your organization's administration setup",
                "administration setup has already been locked by another change",
            ),
            *node(400, "ALREADY_IN_PROCESS"),
        ),
        (
            RefusalCause(
                "another deployment or package is being installed at the same time",
                "Wait for it to end, and deploy again.",
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-certificate",
        texts(
            "cli",
            "certificate is too large",
        ),
        (
            RefusalCause(
                "the certificate isn't one that Salesforce takes: not X.509, larger than 4 KB, "
                "expired, or a whole chain",
                "Check it with `sfcred doctor`, and upload the key's own certificate alone: "
                "{where}.",
                CERTIFICATE,
                signs=("SFC409", "SFC411", "SFC412"),
            ),
        ),
        NO_N8N,
    ),
    Refusal(
        "deploy-failed",
        texts(
            "cli",
            "The metadata deploy operation failed",
            "Component Failures",
            "Deploy failed",
            "failed to deploy due to",
        ),
        (
            RefusalCause(
                "the deployment's table of component failures has the reason",
                "Pass the table to `sfcred explain --error -`.",
            ),
        ),
        NO_N8N,
        says_little=True,
    ),
)
