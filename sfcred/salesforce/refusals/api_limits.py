"""The org's limits for API calls: how many in 24 hours, and how many long ones at the same time.

Source: Salesforce Developer Limits and Allocations Quick Reference, "API Request Limits and
Allocations".
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, node, texts
from sfcred.salesforce.refusals.places import AFTER_LOGIN

_USED_UP = RefusalCause(
    "the org has used up its API calls of the last 24 hours",
    "See Setup, System Overview, API Usage. Call less often (bigger batches, fewer polls), find "
    "the client that uses the most, or buy more.",
)
_AT_ONCE = RefusalCause(
    "too many long calls run at the same time, of n8n and all other clients together (a call "
    "counts after 20 seconds, an Apex transaction after 5)",
    "Run fewer workflows in parallel, and make each call shorter: smaller batches, more selective "
    "queries, the bulk API. More calls per day don't help.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "api-limit",
        node(403, "REQUEST_LIMIT_EXCEEDED"),
        (_USED_UP, _AT_ONCE),
        AFTER_LOGIN,
        says_little=True,
    ),
    Refusal(
        "api-calls-used-up",
        texts(
            "node",
            "TotalRequests Limit exceeded",
            "API REQUESTS LIMIT EXCEEDED",
            "API quota used",
            "exceeded the API quota",
        ),
        (_USED_UP,),
        AFTER_LOGIN,
    ),
    Refusal(
        "api-calls-at-once",
        texts(
            "node",
            "ConcurrentRequests",
            "ConcurrentPerOrgLongTxn Limit exceeded",
            "ConcurrentPerOrgApex Limit exceeded",
        ),
        (_AT_ONCE,),
        AFTER_LOGIN,
    ),
)
