"""The app's Consumer Key isn't the one in the spec.

**Finds** an app whose retrieved metadata has another Consumer Key than `client_id`. Neither key is
shown.

**Why it matters** The spec logs in to another app than the one that you compare it with. If that
app is deleted, blocked or in another org, Salesforce answers `invalid_client_id` or
`app_not_found`. If it exists, the comparison says nothing about it.

**How to fix it** Copy the Consumer Key: External Client App Manager, the app, Settings, OAuth
Settings, Consumer Key and Secret (Connected App: App Manager, View, Manage Consumer Details). If
`client_id` is right, compare the spec with its own app: correct `app.label` or `app.api_name`.

sfcred can't always tell. The check is listed as not checked if the metadata has no Consumer Key, or
if `client_id` is a secret (a reference) that isn't available here. A reference is only compared
with a key that Salesforce generated. A key that somebody chose could be a guess of the secret, and
whoever writes a pull request could test such guesses.

**Source** Metadata API Developer Guide, ConnectedAppOauthConfig and ExtlClntAppGlobalOauthSettings:
consumerKey.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import in_turn
from sfcred.errors import Cause, NotKnown

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

_AT = ("client_id",)
_KEY = {"ecaGlblOauth/consumerKey": "chosenByMetadata2026"}
BAD = Example("client_id: chosenByMetadata2025\n", deployed="{}\n", elements=_KEY)
GOOD = Example("client_id: chosenByMetadata2026\n", deployed="{}\n", elements=_KEY)
#: A key with so many random characters can't be guessed.
_GENERATED = re.compile(r"3MVG9[A-Za-z0-9._]{55,}")


@app_check("SFC715", Severity.ERROR, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Compare the keys without showing them."""
    return in_turn(app, _check)


def _check(app: "Deployed") -> Iterator[Problem]:
    key = _key_of(app)
    declared = app.credential.declared(_AT)
    if not isinstance(declared, str) and declared and not _GENERATED.fullmatch(key):
        raise NotKnown(
            "client_id is read from a secret, and the Consumer Key in the metadata was chosen by "
            "somebody. Comparing them could tell a pull request whether its guess at the secret is "
            "right",
            hint="Compare them in Setup: the app's OAuth settings, Consumer Key and Secret.",
            cause=Cause.SECRET,
        )
    if app.credential.value(_AT).get_secret_value().strip() != key:
        message = "the org's app has another Consumer Key than `client_id`"
        hint = "Copy the app's Consumer Key from Setup. If it is right, correct app.label."
        yield Problem(message, _AT, hint)


def _key_of(app: "Deployed") -> str:
    """Return the Consumer Key of the org's app.

    Raises:
        NotKnown: The files don't contain one. Salesforce leaves it out if the user may not see it.
    """
    try:
        return app.known(app.found.consumer_key, "consumer_key")
    except NotKnown as gap:
        place = app.org_app.form.places["consumer_key"] if app.org_app else None
        if app.org_app is None or place is None or place.kind not in app.org_app.parts:
            raise
        hint = "Compare it in Setup: the app's OAuth settings, Consumer Key and Secret."
        raise NotKnown(gap.message, hint=hint, cause=Cause.NOT_STATED, topic=gap.topic) from None
