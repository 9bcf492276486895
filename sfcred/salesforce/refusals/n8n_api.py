"""What n8n's public API answers to `sfcred push` and other clients.

Source: npm n8n (public-api, credentials); answers of n8n 2.40.5 and 2.41.1.
"""

from sfcred.salesforce.refusals.causes import NEW_API_KEY
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import OWN

_FIELD_MISSING = RefusalCause(
    "a field that this type of credential needs is empty, or the client didn't send it",
    "Fill it in. Over the API, use `sfcred push`, which asks n8n for its fields first, or `sfcred "
    "render` and import.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-api-id-exists",
        texts("n8n", "A credential with this ID already exists"),
        (
            RefusalCause(
                "another credential of this n8n has that id",
                "Adopt it with `sfcred push --adopt ID`, or set another `n8n.id`.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-api-body",
        texts(
            "n8n",
            "is not allowed to have the additional property",
            "request.body.data",
            'requires property "serverUrl"',
            "request/body{any}must NOT have additional properties",
            "request/body{any}must have required property",
        ),
        (
            RefusalCause(
                "this version of n8n expects other fields over its API than the client sent",
                "Use `sfcred push`, which asks n8n for its fields first, or `sfcred render` and "
                "import.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-hidden-field-mandatory",
        texts(
            "n8n",
            'The field "authUrl" is mandatory for credentials of type',
            'The field "accessTokenUrl" is mandatory for credentials of type',
        ),
        (
            RefusalCause(
                "n8n 1.123.0 and the first release candidates of 2.0 ask for fields that they "
                "don't show, which is a bug",
                "Update n8n, then create the credential again.",
            ),
            _FIELD_MISSING,
        ),
        OWN,
    ),
    Refusal(
        "n8n-field-mandatory",
        texts("n8n", "is mandatory for credentials of type"),
        (_FIELD_MISSING,),
        OWN,
    ),
    Refusal(
        "n8n-api-no-update",
        texts(
            "n8n",
            "PATCH method not allowed",
            "HTTP 405 for PATCH",
        ),
        (
            RefusalCause(
                "this version of n8n can't update credentials over the API",
                "Use `sfcred render` and import.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-api-permission",
        texts(
            "n8n",
            "You do not have permission to update",
            "You are not licensed for sharing credentials",
            "Managed credentials cannot be updated",
            "You don't have the permissions to save the credential in this project",
            "X-N8N-API-KEY{any}Forbidden",
            "api/v1/{any}Forbidden",
        ),
        (
            RefusalCause(
                "the API key or the user may not change this credential",
                "Use a key of the credential's owner with the scopes credential:create and "
                "credential:update.",
            ),
        ),
        OWN,
    ),
    Refusal(
        "n8n-api-key",
        texts("n8n", "'X-N8N-API-KEY' header required", "X-N8N-API-KEY{any}unauthorized"),
        (
            RefusalCause(
                "n8n's API got no API key, or one that is expired or another n8n's",
                f"{NEW_API_KEY} `sfcred push` reads it from N8N_API_KEY.",
            ),
        ),
        OWN,
    ),
)
