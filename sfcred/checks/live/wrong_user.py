"""The login belongs to a different user.

**Finds** a login whose user has a different username from `jwt.username` or
`client_credentials.run_as`.

**Why it matters** n8n would act with another user's permissions, and leave that user's name on
every record.

**How to fix it** In Setup, Users, find the user that n8n should act as, and copy its Username. For
client credentials, the app's policies choose the user: Setup, External Client App Manager, the app,
Policies, OAuth Policies, Run As.

**Source** The userinfo endpoint (OpenID Connect Core 1.0, section 5.3), and the User record where
the two differ.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, ExampleReply, Problem, Severity, live_check
from sfcred.checks.lib.live import ALL_IS_WELL, ORGANIZATION, TOKEN, USER, token
from sfcred.errors import Cause, NotKnown
from sfcred.spec.source import route_text

if TYPE_CHECKING:
    from sfcred.live.visit import Live

_OTHER = USER._replace(body=USER.body.replace("n8n@acme.com.uat", "ada@acme.com.uat"))
_RECORD = ExampleReply('{"records": [{"Username": "ada@acme.com.uat"}]}')
BAD = Example("{}\n", replies=(TOKEN, ORGANIZATION, _OTHER, _RECORD))
GOOD = Example("jwt: {username: N8N@acme.com.uat}\n", replies=ALL_IS_WELL)

_HINTS = {
    "jwt": "In Setup, Users, find the user that n8n should act as, and copy its Username.",
    "client_credentials": "In the app's policies in Setup, set Run As to this user, or correct "
    "client_credentials.run_as.",
}


@live_check(
    "SFC906", Severity.ERROR, bad=BAD, good=GOOD, flow=("jwt", "client_credentials"), since="0.2.0"
)
def check(live: "Live") -> Iterator[Problem]:
    """Compare usernames in any case, and show neither: one can come from a reference."""
    route = live.credential.username_route
    if route is None or token(live) is None:
        return
    identity = live.visit.identity
    if identity is None or not identity.username:
        raise NotKnown("userinfo could not be read", hint="See SFC910.", because_of=("SFC910",))
    field = route_text(route)
    if live.credential.declared(route) is None:
        raise NotKnown(
            f"{field} is not set. The login belongs to the user {identity.user_id}",
            hint=f"In Setup, Users, find this user, and add its Username as {field}.",
            cause=Cause.NOT_STATED,
        )
    wanted = live.credential.value(route).get_secret_value()
    if identity.username.casefold() != wanted.casefold():
        message = f"the login belongs to the user {identity.user_id}, not to {field}"
        yield Problem(message, route, _HINTS[live.credential.flow])
