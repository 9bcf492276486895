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
            "subscription.fetch.replayid",
        ),
        (
            RefusalCause(
                "the client asks for events since one that Salesforce no longer keeps (24 hours "
                "for older kinds of events, else 72), or that belongs to another org",
                "Subscribe with -2 for all events that are kept, or -1 for new ones only, and "
                "store the replay id of its last event. Query what is older.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "stream-topic-unknown",
        texts("cli", "The topic information for org"),
        (
            RefusalCause(
                "the org has no such topic: often, Change Data Capture is off for the object, or "
                "the topic's name is wrong",
                "Add the object in Setup, Change Data Capture, or compare the event's API name in "
                "Setup, Platform Events. Without access to the object, the user has no topic.",
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
