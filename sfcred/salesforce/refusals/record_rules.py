"""What the org says about one record: its state, its owner, its filters, automation's limits.

Source: SOAP API Developer Guide, "Core Data Types Used in API Calls"; Apex Developer Guide,
"Execution Governors and Limits"; Salesforce Help, "License limit exceeded".
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, node, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "record-deleted",
        node(404, "ENTITY_IS_DELETED", "entity is deleted"),
        (
            RefusalCause(
                "the record was deleted, and may still be in the org's Recycle Bin",
                "Restore it from the Recycle Bin, or use another record. If the workflow remembers "
                "ids, look the record up again before you write to it.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "id-malformed",
        (
            *node(400, "MALFORMED_ID", "malformed id", "id value of incorrect type"),
            *node(400, "INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD"),
            *node(400, "INVALID_ID_FIELD"),
        ),
        (
            RefusalCause(
                "the id isn't a record id of 15 or 18 characters, or is another kind of record's",
                "Look at the id that the node sends: often it is a name, a link, empty, or an "
                "expression that n8n didn't resolve.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "record-in-approval",
        node(
            400,
            "ENTITY_IS_LOCKED",
            "the entity is locked for editing",
            "This record is locked. If you need to edit it",
        ),
        (
            RefusalCause(
                "the record is locked, usually because it waits for approval",
                "Wait until it is approved or recalled, or unlock it on its page. The approval "
                "process decides who may edit a locked record.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "lead-converted",
        node(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead"),
        (
            RefusalCause(
                "the lead has been converted, and only users with View and Edit Converted Leads "
                "can change it",
                "Change its contact or account instead: query the lead's `ConvertedContactId` and "
                "`ConvertedAccountId`. To skip such leads, filter with `IsConverted = false`. Or "
                "give the user's permission set View and Edit Converted Leads.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "lookup-filter",
        node(
            400,
            "FIELD_FILTER_VALIDATION_EXCEPTION",
            "Value does not exist or does not match filter criteria",
        ),
        (
            RefusalCause(
                "the record that the field refers to doesn't match the field's lookup filter, or "
                "the user can't see it",
                "Send the id of a record that matches, or change the filter: Setup, Object "
                "Manager, the object, Fields & Relationships, the field.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "picklist-value",
        node(
            400,
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "bad value for restricted picklist field",
        ),
        (
            RefusalCause(
                "the value isn't one of the picklist's, or the record's type doesn't have it",
                "Send the value's API name, in the same case: Setup, Object Manager, the object, "
                "Fields & Relationships, the field. Record Types there lists each type's values.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "username-taken",
        (
            *texts("node", "already exists in this or another Salesforce org"),
            *codes("node", "DUPLICATE_USERNAME"),
        ),
        (
            RefusalCause(
                "another user, in this or any other org, has this username",
                "Choose another username, such as one that ends in the sandbox's name. It doesn't "
                "have to be the user's e-mail address.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "apex-exception",
        texts(
            "node",
            "An Apex error occurred",
            "System.QueryException",
            "System.DmlException",
            "System.NullPointerException",
            "caused an unexpected exception, contact your administrator",
        ),
        (
            RefusalCause(
                "a trigger, a class that a flow calls, or a package (Apex code) failed",
                "Read the rest of the text, which names the code, and ask the org's admin or the "
                "package's vendor.",
            ),
        ),
        AFTER_LOGIN,
        says_little=True,
    ),
    Refusal(
        "record-type",
        (
            *texts(
                "node",
                "Record Type ID: this ID value isn't valid for the user",
                "this ID value isn't valid for the user",
                "Record Type ID: value not of required type",
                "Invalid record type",
            ),
            *node(400, "UNAVAILABLE_RECORDTYPE_EXCEPTION", "Unable to find default record type"),
        ),
        (
            RefusalCause(
                "the user doesn't have this record type, or it is inactive or another object's",
                "Assign the record type in the user's profile or permission set: Setup, Object "
                "Settings, the object. Or send another `RecordTypeId`.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "automation-limit",
        texts(
            "node",
            "System.LimitException",
            "Too many SOQL queries",
            "Too many query rows",
            "Too many DML statements",
            "Too many DML rows",
            "Apex CPU time limit exceeded",
            "Apex heap size too large",
            "Maximum trigger depth exceeded",
            "Too many queueable jobs",
        ),
        (
            RefusalCause(
                "a trigger or flow of the org used up one of Apex's limits for a single call, "
                "often because of too many records at once",
                "Send fewer records per call (in n8n, with Loop Over Items), and ask the org's "
                "admin to look at the automation that the text names.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "no-records",
        texts("node", "Unable to find any data to create batch"),
        (
            RefusalCause(
                "the call has no records: the list is empty, or has another form",
                "Check that the node before it gives records, and stop the workflow if there are "
                "none.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "id-in-record",
        (
            *texts(
                "node",
                "The Id field should not be specified in the sobject data",
                "cannot specify Id in an insert call",
            ),
        ),
        (
            RefusalCause(
                "the record's data contains the field Id, which Salesforce sets itself",
                "Remove Id from the fields that the node sends. To change a record, give its id "
                "only where the update operation asks for it.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "delete-refused",
        (
            *node(
                400,
                "DELETE_FAILED",
                "Your attempt to delete {any} could not be completed",
                "could not be completed because it is associated with",
            ),
            *codes("node", "DEPENDENCY_EXISTS"),
        ),
        (
            RefusalCause(
                "other records or settings depend on this record, so Salesforce doesn't delete it",
                "Read the rest of the text: it names them. Delete or reassign those first, or keep "
                "the record.",
            ),
            RefusalCause(
                "a trigger, a flow or another automation of the org stopped the deletion",
                "Ask the org's admin to look at the automation that the text names.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "owner-without-read",
        node(400, "TRANSFER_REQUIRES_READ", "The new owner must have read permission"),
        (
            RefusalCause(
                "the new owner has no read access to this object",
                "Give the owner's profile or permission set read access to the object, or send "
                "another `OwnerId`.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "license-limit",
        node(400, "LICENSE_LIMIT_EXCEEDED", "license limit exceeded"),
        (
            RefusalCause(
                "the org has no user license or feature license left for this user",
                "See Setup, Company Information, Remaining Licenses. Deactivate a user, buy more, "
                "or leave out the fields `UserPermissions…` that need a feature license.",
            ),
        ),
        AFTER_LOGIN,
    ),
)
