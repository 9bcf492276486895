"""n8n's texts about secrets in an external store, which a credential refers to with `$secrets`.

Source: npm n8n (external-secrets.ee, credentials/validation.js), n8n-core (get-secrets-proxy.js).
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import OWN

_STORE = RefusalCause(
    "n8n can't read the secret from the external store: the name or the vault isn't there, the "
    "store is out of reach, or the worker has no provider or license",
    "Check the name in the credential and in the store, and that every n8n process has the "
    "store's settings. Update n8n: some versions had faults here.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-external-secret",
        texts(
            "n8n",
            "Could not load secrets",
            "tries to use secret from an external store that could not be found",
            "pulls secrets from an external store that is not reachable",
            "used in {any} does not exist in this project",
            "The secret provider {any} does not exist",
            "The secret providers {any} do not exist",
            "Error refreshing secrets from provider",
            "External secrets manager failed to initialize",
        ),
        (_STORE,),
        OWN,
    ),
    Refusal(
        "n8n-external-store-login",
        texts(
            "n8n",
            "Failed to connect to Azure Key Vault",
            "Connection error for secrets provider",
            "Failed to connect provider",
            "Provider entered error state during connection",
            "Failed to initialize external secrets provider",
        ),
        (
            RefusalCause(
                "n8n can't log in to the external store of secrets, or can't reach it",
                "Check the store's settings in n8n, Settings, External Secrets, and that n8n's "
                "machine reaches the store. If secrets resolve all the same, only the test is "
                "wrong: some versions had faults here, so update n8n.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-external-secret-form",
        texts("n8n", "Could not find a valid external secret vault name inside"),
        (
            RefusalCause(
                "n8n's check reads the store's name only in some forms of the expression, and "
                "not in a mix of a dot and brackets",
                "Write the expression with dots alone (`$secrets.store.name`) or with brackets "
                "alone (`$secrets['store']['name']`), or update n8n.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-external-secret-permission",
        texts(
            "n8n",
            "Lacking permissions to reference external secrets in credentials",
            "Project does not have the required access level for this connection",
        ),
        (
            RefusalCause(
                "the user, project or API key may not use the external store",
                "Give it the scope externalSecret:list, or import on the command line, which "
                "doesn't check it.",
            ),
        ),
        OWN,
    ),
)
