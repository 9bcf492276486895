"""The types of the diagnosis table, and short forms for its wordings."""

from typing import Literal, NamedTuple

#: Where an error comes from. The first four are endpoints that an org itself answers at.
Endpoint = Literal[
    "token", "authorize", "userinfo", "rest", "page", "node", "history", "network", "key", "n8n",
    "cli", "sfcred",
]  # fmt: skip
Grant = Literal["", "jwt", "refresh", "code", "client"]
#: How much a row's texts tell: only that something failed, a mere status, little, or a reason.
A_FRAME, A_STATUS, LITTLE, A_REASON = range(4)


class KnownWording(NamedTuple):
    """One wording of an error.

    Attributes:
        step: Where it comes from: an endpoint; page for a page of Salesforce's without a code; node
            for what the API answers to a node's call; history for a status in Login History;
            network if nothing answers; key for a library that reads a key; n8n for n8n's own
            messages; cli for the Salesforce CLI's and other clients'; sfcred for sfcred's own.
        status: The HTTP status; 302 for an error that is redirected to the callback, 0 without
            an HTTP answer.
        error: `error` in the body, or `errorCode` for REST.
        description: `error_description`, or `message` for REST. Any text that contains it
            matches, ignoring case. If empty, the error alone decides. `{field}`, `{fields}`,
            `{object}`, `{host}`, `{label}` (a host without a dot), `{unset}` (undefined, null
            or https), `{word}` (without blanks) and `{any}` stand for names and other parts that
            vary.
        grant: The grant that it belongs to; empty for any.
    """

    step: Endpoint
    status: int
    error: str
    description: str = ""
    grant: Grant = ""


class Where(NamedTuple):
    """A place in Salesforce's Setup, for both types of app."""

    external_client_app: str
    connected_app: str


class RefusalCause(NamedTuple):
    """A possible cause of an error.

    Attributes:
        what: A clause that fits after "most likely".
        fix: What to do; `{where}` is replaced with the place.
        where: The place in Setup, if it depends on the type of app.
        signs: Ids of checks, and traits of the credential (see `traits.TRAITS`), that make this
            the likeliest cause.
        unless: Traits that rule this cause out.
        fix_without_consent: What to do in a flow without a consent, if that differs.
    """

    what: str
    fix: str
    where: Where | None = None
    signs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    fix_without_consent: str = ""


class Refusal(NamedTuple):
    """A row of the table.

    Attributes:
        name: The row's name: `audience-invalid`.
        answers: Its wordings, the usual one first.
        causes: Its causes, the likeliest first.
        in_n8n: What n8n shows for the same fault; can be empty.
        says_little: The text hides the reason, so any other error in the same text wins.
        only_a_status: The text says no more than an HTTP status, so even an error that says little
            wins.
        is_a_frame: n8n puts the text around any error, or its log has it beside any, so even a
            mere status wins.
        is_in_own_words: The org's admin wrote the text, which can be anything, so the code decides.
        of_any_service: Other services than Salesforce get the texts, too, and the causes only hold
            for Salesforce.
        never_in: The grants whose logins don't get this error.
        matched: The wording that a text has; None for a row of the table.
    """

    name: str
    answers: tuple[KnownWording, ...]
    causes: tuple[RefusalCause, ...]
    in_n8n: str = ""
    says_little: bool = False
    only_a_status: bool = False
    is_a_frame: bool = False
    is_in_own_words: bool = False
    of_any_service: bool = False
    never_in: tuple[Grant, ...] = ()
    matched: KnownWording | None = None

    @property
    def wording(self) -> KnownWording:
        """The wording that a text has; for a row of the table, the usual one."""
        return self.matched or self.answers[0]

    @property
    def tells(self) -> int:
        """How much the texts tell: A_FRAME, A_STATUS, LITTLE or A_REASON."""
        if self.is_a_frame:
            return A_FRAME
        if self.only_a_status:
            return A_STATUS
        return LITTLE if self.says_little else A_REASON


def token(error: str, description: str = "", grant: Grant = "") -> KnownWording:
    """Return an answer of the token endpoint."""
    return KnownWording("token", 400, error, description, grant)


def page(error: str, description: str = "") -> KnownWording:
    """Return an error that Salesforce shows on its own page."""
    return KnownWording("authorize", 200, error, description)


def back(error: str, description: str = "") -> KnownWording:
    """Return an error that Salesforce sends to the callback."""
    return KnownWording("authorize", 302, error, description)


def node(status: int, error: str, *descriptions: str) -> tuple[KnownWording, ...]:
    """Return an error that the API answers to a node's call: its texts, then the bare code."""
    return (
        *(KnownWording("node", status, error, text) for text in descriptions),
        KnownWording("node", status, error),
    )


def texts(step: Endpoint, *descriptions: str) -> tuple[KnownWording, ...]:
    """Return messages without a code."""
    return tuple(KnownWording(step, 0, "", text) for text in descriptions)


def codes(step: Endpoint, *errors: str) -> tuple[KnownWording, ...]:
    """Return codes without a message."""
    return tuple(KnownWording(step, 0, error) for error in errors)


def status(code: str, *descriptions: str) -> tuple[KnownWording, ...]:
    """Return a status in Login History: its texts, then the code of the login event."""
    return (*texts("history", *descriptions), *codes("history", code))
