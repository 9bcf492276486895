"""Refusals of a whole request after the login: its method, its form, its limits, and its batch.

Source: Salesforce REST API Developer Guide, "Status Codes and Error Responses"; SOAP API Developer
Guide, "Core Data Types Used in API Calls"; Bulk API 2.0 and Bulk API Developer Guide, "Errors".
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, node, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

_READ_THE_OTHERS = (
    "Look for the error of the other record in the same answer, and pass it to `sfcred explain "
    "--error`."
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "apex-rest-off",
        codes("node", "APEX_REST_SERVICES_DISABLED"),
        (
            RefusalCause(
                "the user may not call Apex REST services",
                "Select Apex REST Services in the user's permission set: Setup, Permission Sets, "
                "the set, System Permissions.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "event-topic",
        texts("node", "while getting the metadata for org {any} and topic"),
        (
            RefusalCause(
                "the topic doesn't exist, or the user may not read the object or the event behind "
                "it",
                "Compare the topic's name, turn the object on in Setup, Change Data Capture, and "
                "give the user's permission set access to it.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "apex-class-access",
        texts("node", "You do not have access to the Apex class named"),
        (
            RefusalCause(
                "the user's permission set doesn't include the Apex class that the call runs",
                "Add the class that the text names: Setup, Permission Sets, the set, Apex Class "
                "Access.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "reference-id",
        texts("node", "Provided referenceId"),
        (
            RefusalCause(
                "a referenceId in a composite request has other characters than letters, digits "
                "and underscores",
                "Replace hyphens, spaces and dots in each `referenceId`, and wherever it is used.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "json-refused",
        node(
            400,
            "JSON_PARSER_ERROR",
            "was expecting double-quote to start field name",
            "No content to map to Object due to end of input",
        ),
        (
            RefusalCause(
                "the request's body isn't the JSON that Salesforce expects: a quote or comma is "
                "wrong, it is empty, or a part has another name or another form",
                "Read the rest of the text: it often gives the line and column. Look at the body "
                "in the node's details; a value with quotes or line breaks has to be escaped.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "org-in-maintenance",
        codes("node", "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"),
        (
            RefusalCause(
                "the org is in maintenance, and can only be read",
                "Try again when it is over: status.salesforce.com shows the org's instance.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "some-limit",
        codes("node", "LIMIT_EXCEEDED", "MAX_LIMIT_EXCEEDED"),
        (
            RefusalCause(
                "the org has reached a limit, which the rest of the text names",
                "Compare it with Setup, System Overview and Company Information. If it is the "
                "number of API calls, call less often.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "apex-limits",
        codes("node", "TOO_MANY_APEX_REQUESTS", "TOO_MANY_JOBS"),
        (
            RefusalCause(
                "too many calls or jobs run at once in the org",
                "Call less often, or one after the other.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "input-refused",
        (
            *node(400, "INVALID_INPUT", "The SOQL FIELDS function {any}"),
            *node(400, "API_ERROR", "Value does not match expected type"),
            *codes(
                "node",
                "ILLEGAL_QUERY_PARAMETER_VALUE",
                "INVALID_PARAMETER",
                "INVALID_ARGUMENT_TYPE",
                "MISSING_ARGUMENT",
                "INVALID_REQUEST_BODY",
                "PARSE_ERROR",
                "XML_PARSER_ERROR",
                "INVALID_CONTENT_TYPE",
                "UNSUPPORTED_MEDIA_TYPE",
                "UNSUPPORTED_MEDIATYPE",
                "INVALID_BATCH_SIZE",
                "INVALID_API_INPUT",
                "INVALID_OPERATOR",
                "INVALID_REPLICATION_DATE",
            ),
        ),
        (
            RefusalCause(
                "the request itself has a parameter, a body or a content type that Salesforce "
                "doesn't accept there",
                "Read the rest of the text: it names the part. Compare the node's fields with it; "
                "an expression can be empty or give an object instead of text.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "method-not-allowed",
        (
            *texts(
                "node",
                "HTTP Method '{any}' not allowed",
                "HTTP Method '{any}' not allowed. Allowed are",
            ),
            *node(405, "METHOD_NOT_ALLOWED"),
        ),
        (
            RefusalCause(
                "this address doesn't take this kind of call, for example an upsert with Id as its "
                "external id field",
                "Use the node's own operation (update needs an id, upsert an external id field), "
                "and compare the address with Salesforce's REST API guide.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "too-many-records",
        (
            *node(400, "EXCEEDED_ID_LIMIT", "record limit reached"),
            *codes("node", "TOO_MANY_RECORDS", "TOO_MANY_ENUM_VALUE"),
            *texts("node", "cannot submit more than"),
        ),
        (
            RefusalCause(
                "one call has more records than Salesforce accepts at once (usually 200)",
                "Send smaller batches: in n8n, use Loop Over Items before the node.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "bulk-limit",
        texts(
            "node",
            "Max bulk v2 query jobs",
            "Max bulk v2 ingest jobs",
            "per 24 hrs has been reached",
            "ApiBatchItems Limit exceeded",
            "TooManyLockFailure",
            "ExceededQuota",
        ),
        (
            RefusalCause(
                "the org has used up its bulk jobs or batches of the last 24 hours",
                "Wait, or send more records per job. See Setup, Bulk Data Load Jobs.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "bulk-failed",
        (
            *codes("node", "InvalidBatch", "InvalidJob", "InvalidJobState", "ClientInputError"),
            *codes("node", "INVALIDBATCH", "INVALIDJOB", "INVALIDJOBSTATE"),
        ),
        (
            RefusalCause(
                "a bulk job or a batch of it failed, and the words after the code tell why: often, "
                "a column isn't a field of the object, or a query isn't valid",
                "Look at the job in Setup, Bulk Data Load Jobs, and compare the columns with the "
                "object's API names in Setup, Object Manager.",
            ),
        ),
        AFTER_LOGIN,
        says_little=True,
    ),
    Refusal(
        "bulk-batch",
        texts("node", "Records not processed", "Field name not found"),
        (
            RefusalCause(
                "a bulk job has a column that isn't a field of the object, or rows in a form that "
                "doesn't fit",
                "Compare the columns with the object's API names in Setup, Object Manager, and "
                "look at the job in Setup, Bulk Data Load Jobs.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "bulk-object",
        (
            *texts(
                "node",
                "Selecting compound data not supported in Bulk Query",
                "compound data not supported",
                "is not supported by the Bulk API",
                "Binary field not supported",
            ),
            *codes("node", "INVALIDENTITY"),
        ),
        (
            RefusalCause(
                "bulk queries can't read this object, a field that holds a file, or a compound "
                "field such as an address or a location",
                "Leave the object or the field out, select a compound field's parts (BillingCity, "
                "BillingStreet), or query without the Bulk API.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "security-policy",
        (
            *texts(
                "node",
                "transaction security policies took too long",
                "enabled transaction security polic",
                "blocked by a transaction security policy",
                "allowed due to a security policy in your organization",
            ),
            *codes("node", "TXN_SECURITY_METERING_ERROR", "TXN_SECURITY_NO_ACCESS"),
        ),
        (
            RefusalCause(
                "a transaction security policy of the org stopped the call, or took too long",
                "Give the integration user the permission Exempt from Transaction Security, or "
                "change the policy: Setup, Transaction Security Policies.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "other-record-failed",
        codes("node", "ALL_OR_NONE_OPERATION_ROLLED_BACK", "PROCESSING_HALTED"),
        (
            RefusalCause(
                "another record or step of the same call failed, so this one was undone",
                _READ_THE_OTHERS,
            ),
        ),
        AFTER_LOGIN,
        says_little=True,
    ),
    Refusal(
        "several-records-match",
        (
            *texts("node", "300 Multiple Choices", "more than one record found for external id"),
            *codes("node", "DUPLICATE_EXTERNAL_ID"),
        ),
        (
            RefusalCause(
                "several records have this value of the external id field",
                "Make the field unique, or remove the duplicates, and run the node again.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "address-state-country",
        (
            *texts(
                "node",
                "There's a problem with this country",
                "There's a problem with this state",
                "Please select a country/territory before specifying a state",
            ),
            *codes("node", "INVALID_COUNTRY", "INVALID_STATE", "INVALID_COUNTRY_CODE"),
        ),
        (
            RefusalCause(
                "the org uses state and country picklists, and the value isn't one of them",
                "Send the names or codes that Setup, State and Country/Territory Picklists lists "
                "(the fields …Code take codes).",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "address-lost",
        texts("node", 'Invalid URI "/services/data', "Destination URL not reset"),
        (
            RefusalCause(
                "the client has no instance address for the call: the login's instance_url was "
                "lost",
                "Log in again, and keep the token's instance_url. In n8n, connect the credential "
                "again.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "address-too-long",
        texts("node", "URI Too Long", "URI length exceeds"),
        (
            RefusalCause(
                "the query has so many fields that its address is too long",
                "Choose the fields that you need, instead of all.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "api-version",
        (*node(400, "UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL"),),
        (
            RefusalCause(
                "the org doesn't have the API version that the client calls",
                "Update n8n (its node calls version 59.0), and compare `my_domain` with the org.",
            ),
        ),
        AFTER_LOGIN,
    ),
)
