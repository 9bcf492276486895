"""The app's policies differ from the spec's, or let nobody log in.

**Finds** Permitted Users, permission sets, profiles, the Refresh Token Policy or IP Relaxation of
the org's app that differ from what the spec states. Whatever the spec states, it finds an app that
pre-authorizes its users without anybody assigned, a JWT credential's app that doesn't pre-authorize
them, and an OAuth2 credential's app whose refresh tokens expire at once.

**Why it matters** Someone changed in Setup who can log in, from where, or for how long. The next
deployment from the spec would undo that.

**How to fix it** Deploy the app from the spec (`sfcred app`), or update the spec to what you want.
In Setup: External Client App Manager, the app, Policies, OAuth Policies (Connected App: App
Manager, the app, Manage, Edit Policies). A Connected App's metadata contains the labels of
permission sets: state both, `{name: n8n_Integration, label: n8n - Integration}`.

**Source** Metadata API Developer Guide: ExtlClntAppOauthConfigurablePolicies,
ConnectedAppOauthPolicy.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sfcred.checks.api import Example, Problem, Severity, app_check
from sfcred.checks.lib.apps import REDEPLOY, in_turn, names
from sfcred.errors import NotKnown
from sfcred.salesforce.metadata.assignments import (
    Assignments,
    compare_permission_sets,
    compare_profiles,
)
from sfcred.text.redact import show

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed

BAD = Example("app: {refresh_token_policy: {lifetime: 30d}}\n", deployed="{}\n")
GOOD = Example(
    "app: {permission_sets: [a, b], refresh_token_policy: null}\n",
    deployed="app: {permission_sets: [b, a], refresh_token_policy: {lifetime: 30d}}\n",
)
_USERS, _SETS, _PROFILES = (
    ("app", name) for name in ("pre_authorized", "permission_sets", "profiles")
)


@app_check("SFC705", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0")
def check(app: "Deployed") -> Iterator[Problem]:
    """Report each policy at its field in the spec."""
    return in_turn(app, _users, _nobody, _permission_sets, _profiles, _refresh, _ip)


def _users(app: "Deployed") -> Iterator[Problem]:
    stated, is_jwt = app.stated, app.credential.flow == "jwt"
    wanted = stated.pre_authorized
    if wanted is None and (stated.permission_sets or stated.profiles):
        wanted = True
    if wanted is None:
        found = app.known(app.found.pre_authorized, "pre_authorized")
        if is_jwt and not found:
            message = "the org's app lets users approve it themselves, and JWT logins usually fail"
            hint = "Set Permitted Users to 'Admin approved users are pre-authorized'."
            yield Problem(message, _USERS, hint)
        return
    found = app.known(app.found.pre_authorized, "pre_authorized")
    if wanted == found:
        return
    message = "the org's app lets users approve it themselves, but the spec pre-authorizes them"
    if found:
        message = "the org's app pre-authorizes users, but the spec lets them approve it"
    worse = Severity.ERROR if is_jwt and not found else None
    yield Problem(message, _USERS, REDEPLOY, severity=worse)


def _has_nobody(app: "Deployed") -> bool:
    found = app.found
    return bool(found.pre_authorized) and found.permission_sets == () and found.profiles == ()


def _nobody(app: "Deployed") -> Iterator[Problem]:
    if _has_nobody(app):
        message = (
            "the org's app pre-authorizes users, but has no permission set and no profile, so "
            "nobody can log in"
        )
        hint = "Add one that n8n's user has to the app's policies."
        yield Problem(message, _SETS, hint, severity=Severity.ERROR)


def _permission_sets(app: "Deployed") -> Iterator[Problem]:
    wanted = app.stated.permission_sets
    if wanted is None or not _is_comparable(app):
        return
    found = [one.name for one in app.known(app.found.permission_sets, "permission_sets")]
    has_labels = app.org_app is not None and app.org_app.form.has_labels
    compared = compare_permission_sets(wanted, found, has_labels=has_labels)
    yield from _differences(compared, "permission sets", _SETS)
    if len(compared.unclear) != len(compared.puzzles):
        message = (
            f"the org's app has {len(found)} permission sets, and the spec lists {len(wanted)}"
        )
        yield Problem(message, _SETS, REDEPLOY)
    if compared.unclear:
        raise NotKnown(
            f"the org's app has the {'labels' if has_labels else 'labels or ids'} "
            f"{names(compared.puzzles)} of permission sets, so {names(compared.unclear)} can't be "
            "compared",
            hint="State the label, too: {name: …, label: …}.",
        )


def _profiles(app: "Deployed") -> Iterator[Problem]:
    wanted = app.stated.profiles
    if wanted is not None and _is_comparable(app):
        found = app.known(app.found.profiles, "profiles")
        yield from _differences(compare_profiles(wanted, found), "profiles", _PROFILES)


def _is_comparable(app: "Deployed") -> bool:
    """Return whether both sides pre-authorize, and the org's app has somebody to compare."""
    is_wanted = app.stated.pre_authorized is not False
    return is_wanted and app.found.pre_authorized is not False and not _has_nobody(app)


def _differences(compared: Assignments, what: str, at: tuple[str, str]) -> Iterator[Problem]:
    if compared.missing:
        yield Problem(f"the org's app lacks the {what} {names(compared.missing)}", at, REDEPLOY)
    if compared.extra:
        extra = names(compared.extra)
        message = f"the org's app has the {what} {extra}, which the spec doesn't list"
        yield Problem(message, at, REDEPLOY)


def _refresh(app: "Deployed") -> Iterator[Problem]:
    wanted, at = app.stated.refresh_policy, ("app", "refresh_token_policy")
    if wanted is not None:
        found = app.known(app.found.refresh_policy, "refresh_policy")
        if wanted != found:
            message = (
                f"the Refresh Token Policy is {show(found.words)} in the org's app, but "
                f"{show(wanted.words)} in the spec"
            )
            yield Problem(message, at, REDEPLOY)
        return
    if app.credential.flow != "oauth2":
        return
    if app.known(app.found.refresh_policy, "refresh_policy").kind == "zero":
        message = "the refresh tokens of the org's app expire immediately"
        hint = "Choose 'Refresh token is valid until revoked' in the app's policies."
        yield Problem(message, at, hint, severity=Severity.ERROR)


def _ip(app: "Deployed") -> Iterator[Problem]:
    wanted = app.stated.ip_relaxation
    if wanted is None:
        return
    found = app.known(app.found.ip_relaxation, "ip_relaxation")
    if wanted != found:
        message = f"IP Relaxation is {show(found)} in the org's app, but {show(wanted)} in the spec"
        yield Problem(message, ("app", "ip_relaxation"), REDEPLOY)
