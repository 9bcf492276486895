"""The Streaming API, as clients of CometD show it."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import NEVER

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "stream-token-missing",
        texts("cli", "401::Request requires authentication"),
        (
            RefusalCause(
                "the streaming client sends no access token with its handshake",
                "Update the client, or give it the header Authorization with the token (Bearer or "
                "OAuth). A proxy can drop that header, too.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "stream-replay-id",
        texts(
            "cli",
            "The replayId {any} you provided was invalid",
            "The Replay ID validation failed",
        ),
        (
            RefusalCause(
                "the client asks for events since one that Salesforce no longer keeps (24 hours "
                "for older kinds of events, else 72), or that belongs to another org",
                "Subscribe with -2 for all events that are kept, or -1 for new ones only, and "
                "store the replay id of the last event anew. What is older has to be queried.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "stream-client-unknown",
        texts("cli", "403::Unknown client"),
        (
            RefusalCause(
                "the server no longer knows this streaming client, usually because it was silent "
                "for too long",
                "The client has to shake hands, as `advice` says, and to subscribe again: some "
                "clients don't do the second.",
            ),
        ),
        NEVER,
    ),
)
