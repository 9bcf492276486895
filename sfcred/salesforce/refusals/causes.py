"""Causes that several rows share."""

from sfcred.salesforce.refusals.model import RefusalCause
from sfcred.salesforce.refusals.places import (
    APPS,
    CONSUMER_KEY,
    HISTORY,
    MY_DOMAIN,
    PERMISSION_SETS,
    POLICIES,
    SCOPES,
    SETTINGS,
)

WRONG_ORG = RefusalCause(
    "the login goes to a different org from the one with the app and the user",
    f"In the org with the app, compare `my_domain` with {MY_DOMAIN}, and check that `environment` "
    "matches the org.",
    signs=("SFC103", "SFC106", "SFC108"),
)
GENERIC_HOST = RefusalCause(
    "the login of an External Client App goes to login.salesforce.com or test.salesforce.com, "
    "which have usually refused it in the JWT flow since Spring '26",
    f"Set `my_domain` to the org's own address: {MY_DOMAIN}. In n8n, it is the JWT credential's "
    "field My Domain URL (2.20.0 and later).",
    signs=("SFC106", "generic_host"),
    unless=("own_host", "connected_app"),
)
APP_OF_OTHER_ORG = RefusalCause(
    "the External Client App belongs to another org (each org needs its own, and so does each "
    "sandbox)",
    "Check that the org of `my_domain` has the app: {where}. If not, create it there, and put its "
    "Consumer Key where `client_id` points.",
    APPS,
    signs=("SFC111",),
    unless=("connected_app",),
)
PROPAGATION = RefusalCause(
    "the app is new or was just changed, which can take up to ten minutes to have an effect",
    "Wait ten minutes and try again.",
    signs=("young_certificate",),
)
PRE_AUTHORIZE = RefusalCause(
    "the app is not pre-authorized for this user",
    "Set Permitted Users to 'Admin approved users are pre-authorized', and add a permission set "
    "that the user has: {where}. Assign the permission set to the user first.",
    POLICIES,
    signs=("SFC601", "SFC602"),
)
LICENSE = RefusalCause(
    "the permission set belongs to the Salesforce API Integration license, which can't include "
    "apps",
    "Add a second permission set without a license, or the user's profile, to the app's policy, "
    "and assign the set to the user: {where}.",
    PERMISSION_SETS,
    signs=("sets_declared",),
)
OTHER_SESSION = RefusalCause(
    "the browser is logged in to a different org from the app's",
    f"Open the login in a private window, at the org's own address (`my_domain`: {MY_DOMAIN}).",
    unless=("jwt", "client"),
)
KEY_WRONG = RefusalCause(
    "the Consumer Key is cut off, or belongs to another app or another org's app",
    "Copy the Consumer Key again to where `client_id` points: {where}.",
    CONSUMER_KEY,
    signs=("SFC010", "SFC011", "SFC110", "SFC111"),
)
NOT_INSTALLED = RefusalCause(
    "the app is blocked, or it isn't installed and the user isn't allowed to use uninstalled apps",
    "Install or unblock the app in Setup, Connected Apps OAuth Usage. Admins can often use apps "
    "that others can't (permission Approve Uninstalled Connected Apps).",
)
SCOPE_MISSING = RefusalCause(
    "the client asks for a scope that the app doesn't have (n8n's Salesforce credential always "
    "asks for `full refresh_token`)",
    "Add the scopes to the app: {where}. Or give consent with `sfcred login`, which only asks for "
    "the scopes in the spec.",
    SCOPES,
    signs=("SFC201", "SFC202", "SFC203", "SFC204"),
    unless=("jwt", "client"),
)
SCOPE_SENT = RefusalCause(
    "the client sends scopes with the token request, which the app doesn't have or this flow "
    "doesn't take (n8n's JWT credential sends none)",
    "Remove the scopes from the request: the app's own are granted. If one is missing, add it to "
    "the app: {where}.",
    SCOPES,
    signs=("jwt", "client"),
    unless=("consent",),
)
IP_RANGES = RefusalCause(
    "the user's profile allows logins only from certain IP addresses or at certain hours",
    "In Setup, Profiles, the user's profile, add n8n's outgoing addresses (IPv4 and IPv6) to Login "
    f"IP Ranges, and check Login Hours. {HISTORY}",
    signs=("SFC606", "SFC607"),
)
LOGIN_HOURS = RefusalCause(
    "the user's profile allows logins only at certain hours",
    "Change Login Hours in Setup, Profiles, the user's profile.",
)
USER_OFF = RefusalCause(
    "the user is inactive or frozen",
    "In Setup, Users, the user, select Active and click Unfreeze. Or log in as another integration "
    "user.",
)
API_ONLY_USER = RefusalCause(
    "the user has an API-only integration license and can't log in with a browser",
    "Log in as a full user, or use the JWT flow.",
    unless=("jwt", "client"),
)
REFRESH_POLICY = RefusalCause(
    "the app's policy makes refresh tokens expire, or the token was unused for too long",
    "Set the Refresh Token Policy to 'Refresh token is valid until revoked': {where}. Then give "
    "consent again: `sfcred login`.",
    POLICIES,
    signs=("SFC603", "SFC608"),
    unless=("policy_infinite",),
)
PKCE_OFF = RefusalCause(
    "the app requires PKCE, but the client doesn't send it (n8n before 1.85, or the generic OAuth2 "
    "credential with a grant type other than PKCE)",
    "Update n8n, or give consent with `sfcred login`. Only if you can do neither, turn off Require "
    "Proof Key for Code Exchange: {where}. In some newer apps, it can't be turned off.",
    SETTINGS,
    signs=("SFC508", "n8n_lacks_pkce"),
    unless=("n8n_sends_pkce", "pkce_optional"),
)
SANDBOX_REFRESHED = RefusalCause(
    "the sandbox was refreshed, which can break an app's OAuth settings",
    "Open the app in the sandbox and save its OAuth settings again: {where}. Or deploy the app "
    "again.",
    SETTINGS,
    unless=("production",),
)
CLOCK = RefusalCause(
    "the clock of the computer that logs in is wrong",
    "Synchronize the clock over the network (NTP), here and where n8n runs.",
    signs=("clock",),
    unless=("clocks_agree",),
)
HIDDEN_ANSWER = RefusalCause(
    "n8n hides Salesforce's answer",
    "Open the error's details in n8n: they usually have the answer. Or run `sfcred doctor --live`, "
    "which logs in the same way and shows it.",
)
NOT_ADMIN_APPROVED = RefusalCause(
    "the app is for admin-approved users, and this user has none of the permission sets and "
    "profiles in its policy",
    "Add a permission set to the app's policy, and assign it to the user: {where}.",
    PERMISSION_SETS,
    signs=("SFC602",),
)
NO_TOKEN_ENDPOINT = RefusalCause(
    "something other than Salesforce's token endpoint answered: a login page, a proxy, or a wrong "
    "address",
    f"Copy `my_domain` from {MY_DOMAIN}, and check for a proxy.",
    signs=("SFC104", "SFC105", "SFC107"),
)
WRONG_PASSWORD = RefusalCause(
    "the password or the security token after it is wrong or out of date (n8n uses neither)",
    "Reset the security token in the user's settings. Better, use the JWT or OAuth2 flow: "
    "Salesforce ends password logins in 2027.",
)
SALESFORCE_FAILS = RefusalCause(
    "Salesforce itself has a problem",
    "Check status.salesforce.com, and try again later.",
)
NEW_CONSENT = "Give consent again: `sfcred login`, or Connect in n8n."
NEW_API_KEY = "Create a key in n8n, Settings, n8n API, and pass it in the header X-N8N-API-KEY."
