"""Queries and searches: their syntax, their size, and what Salesforce doesn't let be queried.

Source: Salesforce REST API Developer Guide, "Status Codes and Error Responses"; SOQL and SOSL
Reference.
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, node, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "query-malformed",
        (
            *node(
                400,
                "MALFORMED_QUERY",
                # Compilers have the same words, but not the quotes or what comes before.
                "unexpected token: '{any}'",
                "ERROR at Row:{any}unexpected token",
                "unexpected end of query",
                "Bind variables only allowed in Apex code",
                "Duplicate field selected",
                "Unknown error parsing query",
                "can not be grouped in a query call",
                "Field must be grouped or aggregated",
                "no viable alternative at",
                "mismatched character",
                "mismatched input",
                "value of filter criterion for field '{field}' must be of type",
                "should not be enclosed in quotes",
            ),
            *node(
                400,
                "INVALID_QUERY_FILTER_OPERATOR",
                "field '{field}' can not be filtered in a query call",
                "invalid operator",
            ),
        ),
        (
            RefusalCause(
                "the query isn't valid SOQL, often because of a quote in a value, a trailing "
                "semicolon or an expression that is empty",
                "Look at the query in the node's details, and try it in Salesforce's Developer "
                "Console.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "query-slow",
        (
            *node(400, "QUERY_TIMEOUT", "Your query request was running for too long"),
            *node(
                400,
                "QUERY_TOO_COMPLICATED",
                "selecting too many fields or the filter conditions are too complicated",
            ),
            *node(503, "REQUEST_RUNNING_TOO_LONG", "Your request was running for too long"),
            *node(400, "INVALID_QUERY_LOCATOR", "invalid query locator"),
        ),
        (
            RefusalCause(
                "the query reads too much, or its pages were read too slowly",
                "Select fewer fields, filter on an indexed field, or set a limit.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "query-restricted",
        texts(
            "node",
            "Implementation restriction",
            "only allows security evaluation for",
            "Aggregate query does not support queryMore",
            "Aggregate query has too many rows for direct assignment",
        ),
        (
            RefusalCause(
                "Salesforce allows queries of this object only with certain filters or a limit, or "
                "only with a permission such as View All Data",
                "Add the filter or LIMIT that the text names to the query, or give the user's "
                "permission set the permission.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "operation-too-large",
        (
            *node(400, "OPERATION_TOO_LARGE", "distinct who/what's"),
            *codes("node", "DELETE_OPERATION_TOO_LARGE"),
        ),
        (
            RefusalCause(
                "the call touches so many records that Salesforce can't work out which of them "
                "the user may see (for a user without View All Data)",
                "Filter the query so that it reads fewer records. If the integration may read "
                "everything, its permission set can have View All Data.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "search-malformed",
        (
            *node(
                400,
                "MALFORMED_SEARCH",
                "No search term found",
                "mismatched character",
                "mismatched input",
                "no viable alternative at",
            ),
            *node(400, "INVALID_SEARCH", "search term must be longer than one character"),
        ),
        (
            RefusalCause(
                "the search isn't valid SOSL, often because of a character that has to be escaped, "
                "or an empty term",
                "Put the term in braces, use at least two characters, and write a backslash before "
                "reserved characters such as & | ! ? * : and brackets.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "object-without-changes",
        texts("node", "sObject type {object} is not replicable"),
        (
            RefusalCause(
                "Salesforce keeps no list of deleted and updated records for {object}",
                "Query {object} by `LastModifiedDate` instead, or leave it out.",
            ),
        ),
        AFTER_LOGIN,
    ),
    Refusal(
        "object-not-for-call",
        (
            *node(
                400,
                "INVALID_TYPE_FOR_OPERATION",
                "entity type {object} does not support query",
                "does not match the entity of the requested Bulk API Job",
            ),
            *codes("node", "BIG_OBJECT_UNSUPPORTED_OPERATION", "BIGOBJECT_UNSUPPORTED_OPERATION"),
        ),
        (
            RefusalCause(
                "{object} can't be used for this kind of call, or the query is about another "
                "object than the job",
                "Compare the object in the query with the node's. Some objects can only be read, "
                "or only through another object: see the Object Reference.",
            ),
        ),
        AFTER_LOGIN,
    ),
)
