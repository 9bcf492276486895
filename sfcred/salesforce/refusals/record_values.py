"""What a record has to be in itself and to its neighbours: prices, parents, approvals, names.

Source: SOAP API Developer Guide, "Core Data Types Used in API Calls" (StatusCode).
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, node, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "standard-price-missing",
        node(
            400,
            "STANDARD_PRICE_NOT_DEFINED",
            "Before creating a custom price, create a standard price",
            "No standard price defined for this product",
        ),
        (
            RefusalCause(
                "the product has no standard price, which it needs before it gets a price in "
                "another price book",
                "First create a price book entry in the standard price book for the same product "
                "(and the same currency).",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "price-book",
        texts(
            "node",
            "pricebook entry is in a different pricebook",
            "pricebook entry does not exist or is not available",
            "PricebookEntryId, unknown",
        ),
        (
            RefusalCause(
                "the price book entry isn't one of the price book that the opportunity (or order, "
                "or quote) uses, is inactive, or is missing",
                "Set the price book (`Pricebook2Id`) first, then send the id of an active entry of "
                "it as `PricebookEntryId`.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "status-change",
        node(400, "INVALID_STATUS", "Choose a valid contract status"),
        (
            RefusalCause(
                "the record can't get this status, or not from the one that it has",
                "Compare the value with the status field's values in Setup, Object Manager. New "
                "contracts and orders begin as Draft.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "currency",
        node(400, "INVALID_CURRENCY_ISO"),
        (
            RefusalCause(
                "the currency isn't active in the org, or the org has only one currency",
                "Send a code that is active in Setup, Manage Currencies, or leave out "
                "`CurrencyIsoCode`.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "person-account",
        node(400, "INVALID_PERSON_ACCOUNT_OPERATION"),
        (
            RefusalCause(
                "the record is a person account, whose account and contact can't be changed or "
                "deleted apart from each other",
                "Work on the account, with its fields `Person…`.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "parent",
        (
            *node(400, "CIRCULAR_DEPENDENCY"),
            *codes("node", "CANNOT_REPARENT_RECORD", "MAXIMUM_HIERARCHY_LEVELS_REACHED"),
            *codes("node", "MAXIMUM_HIERARCHY_CHILDREN_REACHED"),
        ),
        (
            RefusalCause(
                "the record can't have this parent: it would be its own ancestor, the hierarchy "
                "is too deep or too large, or the relationship can't be changed later",
                "Compare the parent's id with the record. A master-detail field can only be "
                "changed if it is set to be reparentable: Setup, Object Manager, the object, "
                "Fields & Relationships.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "reference-by-external-id",
        texts("node", "Foreign key external ID: {any} not found for field {field}"),
        (
            RefusalCause(
                "no record has this value of {field}, so nothing can be linked by it",
                "Create the other record first, or compare the value with {field} there. The user "
                "also has to see that record.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "owner-cannot-be-blank",
        texts("node", "Owner ID: owner cannot be blank"),
        (
            RefusalCause(
                "the owner is empty, or is a user or queue that can't own this kind of record",
                "Send the id of an active user (or of a queue that has this object), or leave out "
                "`OwnerId`.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "charset",
        node(400, "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET"),
        (
            RefusalCause(
                "the text has characters that the org can't store",
                "Replace the characters in the node, for example emojis and control characters.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "changed-meanwhile",
        node(400, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE"),
        (
            RefusalCause(
                "somebody changed the record after it was read, and the call asked to fail then",
                "Read the record again, and repeat the change.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "record-archived",
        node(400, "ENTITY_IS_ARCHIVED"),
        (
            RefusalCause(
                "the record is archived (old tasks and events are, a year after their end), and "
                "can't be changed",
                "Leave it out. `queryAll` finds archived records.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "record-busy-in-automation",
        codes(
            "node",
            "SELF_REFERENCE_FROM_TRIGGER",
            "SELF_REFERENCE_FROM_FLOW",
            "RECORD_IN_USE_BY_WORKFLOW",
        ),
        (
            RefusalCause(
                "a trigger, flow or workflow of the org is working on the same record",
                "Ask the org's admin to look at the automation that the text names.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "no-approval-process",
        node(400, "NO_APPLICABLE_PROCESS", "No applicable approval process was found"),
        (
            RefusalCause(
                "no active approval process accepts the record: it doesn't meet the entry "
                "criteria, or the user may not submit it",
                "Compare the record with the criteria and the initial submitters in Setup, "
                "Approval Processes.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "approver-missing",
        codes("node", "MANAGER_NOT_DEFINED", "ASSIGNEE_TYPE_REQUIRED", "INVALID_ASSIGNEE_TYPE"),
        (
            RefusalCause(
                "the approval has nobody to go to: the user has no manager, or the approver isn't "
                "one",
                "Set Manager in Setup, Users, the user, or name an approver in the call.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "assignment-rule",
        node(400, "INVALID_ASSIGNMENT_RULE"),
        (
            RefusalCause(
                "the assignment rule that the call names doesn't exist, or is another object's",
                "Leave the rule out, or use the id of an active one: Setup, Lead Assignment Rules "
                "or Case Assignment Rules.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "setup-and-data",
        node(400, "MIXED_DML_OPERATION", "DML operation on setup object is not permitted"),
        (
            RefusalCause(
                "one step changes both records and setup (such as users or permission sets), "
                "which Salesforce doesn't allow",
                "Do them in two calls. If a trigger or flow does it, ask the org's admin.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "owner-without-parent",
        codes("node", "SHARE_NEEDED_FOR_CHILD_OWNER", "CHILD_SHARE_FAILS_PARENT"),
        (
            RefusalCause(
                "the owner, or the user to share with, has no access to the parent record",
                "Share the parent record with that user first.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "delete-on-cascade",
        node(400, "DELETE_REQUIRED_ON_CASCADE"),
        (
            RefusalCause(
                "deleting the record deletes others with it, which this user may not delete",
                "Give the user's permission set Delete on the object of those records.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "undelete-refused",
        node(400, "UNDELETE_FAILED", "entity is not in the recycle bin"),
        (
            RefusalCause(
                "the record isn't in the Recycle Bin, so it can't be restored",
                "Check the id. Records leave the Recycle Bin after 15 days.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "name-taken",
        (
            *codes("node", "DUPLICATE_DEVELOPER_NAME", "DUPLICATE_MASTER_LABEL"),
            *codes("node", "DUPLICATE_COMM_NICKNAME"),
            *texts("node", "name is already in use or has been previously used"),
        ),
        (
            RefusalCause(
                "something else in the org already has this name, label or nickname",
                "Choose another one, or change what is there.",
            ),
        ),
        AFTER_LOGIN,
    ),
)
