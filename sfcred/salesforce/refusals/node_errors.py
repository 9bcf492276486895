"""What the API answers to a node's call when the login works: queries, records, limits.

Source: Salesforce REST API Developer Guide, "Status Codes and Error Responses"; SOAP API Developer
Guide, "Core Data Types Used in API Calls".
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, node, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

_HIDDEN_FIELD = RefusalCause(
    "{field} doesn't exist on {object}, or this user can't see it (field-level security)",
    "Compare the API name in Setup, Object Manager, {object}, Fields & Relationships (custom "
    "fields end in __c). Then give the user's permission set read access to it.",
)
_HIDDEN_OBJECT = RefusalCause(
    "{object} doesn't exist in this org, or this user has no access to it",
    "Compare the API name in Setup, Object Manager (custom objects end in __c). Then give the "
    "user's permission set access to it. Some objects need a feature or a license.",
)
_READ_ONLY = RefusalCause(
    "this user can't write {field}, or only Salesforce itself can (formulas, compound names, "
    "system fields)",
    "Give the user's permission set edit access to {field}: Setup, Permission Sets, Object "
    "Settings. Or remove {field} from the node.",
)
_NO_ACCESS = RefusalCause(
    "this user may not see, edit or delete this record or object: a permission on the object, the "
    "owner and sharing rules, a record type, or a locked record",
    "Give the user's permission set the object permission, or share the record with the user: "
    "Setup, Permission Sets, Object Settings; Setup, Sharing Settings.",
)
_BAD_ID = RefusalCause(
    "the id belongs to no record that this user can see, or to another kind of record",
    "Check the id in the node, that it is from this org, and that the record is shared with the "
    "user.",
)
_AUTOMATION = RefusalCause(
    "a trigger, a flow or another automation of the org failed, or a record type is missing",
    "Read the rest of the text: it names the trigger or the field. Ask the org's admin to look at "
    "it, and check what the user needs for it.",
)
_SAME_RECORD = RefusalCause(
    "something else is changing the same record, or its parent, at this moment",
    "Try again: turn on Retry On Fail in the node's settings, and don't write children of one "
    "parent in parallel.",
)
_VALUE = RefusalCause(
    "the value of {field} has the wrong type, form or length",
    "Compare the value in the node with the field's type in Setup, Object Manager.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "field-unknown",
        (
            *node(
                400,
                "INVALID_FIELD",
                "No such column '{field}' on entity '{object}'",
                "No such column '{field}' on sobject of type {object}",
                "Didn't understand relationship '{field}' in field path",
                "No such column '{field}'",
            ),
            *texts(
                "node",
                "you don't have access to fields on {object}",
                "Field {field} in {object} is not available in this org due to insufficient",
                # With a label of several words.
                "is not available in this org due to insufficient privileges",
                "secure query included inaccessible field",
            ),
        ),
        (_HIDDEN_FIELD,),
        AFTER_LOGIN,
    ),
    Refusal(
        "object-unknown",
        node(
            400,
            "INVALID_TYPE",
            "sObject type '{object}' is not supported",
            "sObject of type {object} is not supported",
        ),
        (_HIDDEN_OBJECT,),
        AFTER_LOGIN,
    ),
    Refusal(
        "field-read-only",
        (
            *node(
                400,
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                "Unable to create/update fields: {fields}",
            ),
            *texts("node", "Field is not writeable: {field}", "Field {field} is not editable"),
            *codes("node", "FIELD_NOT_UPDATABLE"),
        ),
        (_READ_ONLY,),
        AFTER_LOGIN,
    ),
    Refusal(
        "access-insufficient",
        (
            *node(
                403,
                "INSUFFICIENT_ACCESS_OR_READONLY",
                "insufficient access rights on object id",
                "entity type cannot be inserted: {object}",
                "entity type cannot be updated: {object}",
                "entity type cannot be deleted: {object}",
            ),
            *node(
                403,
                "INSUFFICIENT_ACCESS",
                "You do not have the level of access necessary to perform the operation",
            ),
            *texts("node", "insufficient privileges"),
        ),
        (_NO_ACCESS, _HIDDEN_OBJECT),
        AFTER_LOGIN,
    ),
    Refusal(
        "reference-not-accessible",
        node(
            400,
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
            "insufficient access rights on cross-reference id",
        ),
        (
            _BAD_ID._replace(
                what="a record that this one refers to isn't accessible to the user, "
                "or its record type isn't assigned"
            ),
            _NO_ACCESS,
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "reference-invalid",
        node(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
        (_BAD_ID,),
        AFTER_LOGIN,
    ),
    Refusal(
        "record-not-found",
        (
            *node(
                404,
                "NOT_FOUND",
                "The requested resource does not exist",
                "Provided external ID field does not exist or is not accessible: {field}",
            ),
        ),
        (
            RefusalCause(
                "the object, the record or the external id field doesn't exist, or the user can't "
                "see it",
                "Check the names and the id in the node, and give the user's permission set "
                "access. "
                "An external id field has to be marked as such.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "field-required",
        node(
            400,
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [{fields}]",
            # The text is in the user's language.
            "REQUIRED_FIELD_MISSING: {any}: [{fields}]",
        ),
        (
            RefusalCause(
                "the node sends nothing (or an empty value) for {field}, which the record needs",
                "Add {field} to the node. An empty expression counts as missing.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "validation-rule",
        node(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
        (
            RefusalCause(
                "a validation rule of the org rejects the record (the text is the rule's own)",
                "Send what the rule asks for, or change the rule: Setup, Object Manager, the "
                "object, "
                "Validation Rules.",
            ),
        ),
        AFTER_LOGIN,
        is_in_own_words=True,
    ),
    Refusal(
        "field-value",
        (
            *node(400, "STRING_TOO_LONG", "data value too large"),
            *node(400, "NUMBER_OUTSIDE_VALID_RANGE", "outside of valid range on numeric field"),
            *node(400, "INVALID_EMAIL_ADDRESS", "{field}: invalid email address"),
            *node(400, "INVALID_TYPE_ON_FIELD_IN_RECORD", "value not of required type"),
            *texts(
                "node",
                "Cannot deserialize instance of {word} from",
                "is not a valid value for the type xsd:",
                "{field}: invalid date:",
                "Value too long for field: {field} maximum length is",
            ),
        ),
        (_VALUE,),
        AFTER_LOGIN,
    ),
    Refusal(
        "field-integrity",
        node(400, "FIELD_INTEGRITY_EXCEPTION"),
        (
            RefusalCause(
                "a value doesn't fit the record's other values, or breaks a rule of Salesforce's "
                "own for this object",
                "Read the rest of the text: it names the rule, and often the fields. Then change "
                "the node's values.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "automation-failed",
        (
            *node(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "record type missing for"),
            *node(
                400,
                "CANNOT_EXECUTE_FLOW_TRIGGER",
                "We can't save this record because the",
                "it failed to trigger a flow",
                "An error occurred when executing a flow interview",
            ),
            *node(400, "APEX_ERROR"),
            *codes("node", "CUSTOM_APEX_ERROR", "FLOW_EXCEPTION", "MAX_DEPTH_IN_FLOW_EXECUTION"),
            *node(400, "ERROR_IN_MAILER"),
        ),
        (_AUTOMATION, _NO_ACCESS),
        AFTER_LOGIN,
    ),
    Refusal(
        "duplicate-record",
        (
            *node(
                400,
                "DUPLICATES_DETECTED",
                "creating a duplicate record",
                "Use one of these records",
            ),
        ),
        (
            RefusalCause(
                "a duplicate rule of the org found a record that is too similar",
                "Update that record instead (upsert with an external id). Or change the rule: "
                "Setup, "
                "Duplicate Rules.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "duplicate-value",
        node(
            400,
            "DUPLICATE_VALUE",
            "duplicate value found: {field} duplicates value on record",
            "duplicate value found",
        ),
        (
            RefusalCause(
                "another record already has this value of {field}, which has to be unique",
                "Update that record instead (upsert with {field} as the external id).",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "record-locked",
        node(
            400,
            "UNABLE_TO_LOCK_ROW",
            "unable to obtain exclusive access to this record",
            "Record Currently Unavailable",
            "is currently being modified by another user",
        ),
        (_SAME_RECORD,),
        AFTER_LOGIN,
    ),
    Refusal(
        "storage-full",
        node(400, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"),
        (
            RefusalCause(
                "the org's data or file storage is full",
                "Delete data, or buy storage: Setup, Storage Usage.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "org-busy",
        (
            *node(
                503,
                "SERVER_UNAVAILABLE",
                "The server is temporarily unavailable",
                "Server too busy",
            ),
            *node(
                500,
                "UNKNOWN_EXCEPTION",
                "An unexpected error occurred. Please include this ErrorId",
            ),
            *texts("node", "Unknown exception in Async API"),
            *codes("node", "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE"),
        ),
        (
            RefusalCause(
                "Salesforce itself had a problem with this call",
                "Try again later. If it stays, give the ErrorId to Salesforce's support.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "feature-off",
        (
            *node(
                403,
                "FUNCTIONALITY_NOT_ENABLED",
                "This feature is not currently enabled for this user",
            ),
            *node(400, "FEATURE_NOT_ENABLED"),
            *codes("node", "FeatureNotEnabled"),
            *texts("node", "requires the org permission"),
            *codes(
                "node", "REQUIRED_FEATURE_MISSING", "PACKAGE_LICENSE_REQUIRED", "PACKAGE_DISABLED"
            ),
            *node(403, "OPERATION_NOT_ALLOWED"),
        ),
        (
            RefusalCause(
                "the org or the user's license doesn't have the feature that the node uses",
                "Turn it on in Setup, or use another operation.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "owner-inactive",
        (
            *node(400, "INACTIVE_OWNER_OR_USER", "operation performed with inactive user"),
            *node(400, "OP_WITH_INVALID_USER_TYPE_EXCEPTION"),
        ),
        (
            RefusalCause(
                "the record's owner is inactive, or is of a type that can't own it",
                "Choose another owner in the node.",
            ),
        ),
        AFTER_LOGIN,
    ),
)
