"""How Salesforce and n8n refuse, why, and what to do about it: the diagnosis table, as data.

A row is an error that people can see, with its texts and causes. Each kind of error has its own
module. Causes are in order of likelihood, as public reports suggest. Salesforce documents only a
few of them (help pages "OAuth Authorization Errors" and "OAuth 2.0 JWT Bearer Flow"). The rest
comes from users of n8n, the Salesforce CLI, simple-salesforce, restforce and jsforce. So sfcred
offers causes in order, and never claims that one is certain. `sfcred.salesforce.diagnosis` matches
and ranks them.
"""

from sfcred.salesforce.refusals import (
    api_limits,
    api_requests,
    api_session,
    app_state,
    authorize_page,
    client_credentials,
    deployment,
    encrypted_keys,
    files_and_email,
    history_oauth,
    history_sign_on,
    history_user,
    host_names,
    http_status,
    jwt_login,
    malformed_request,
    n8n_api,
    n8n_callback,
    n8n_command_line,
    n8n_connect,
    n8n_credentials,
    n8n_external_secrets,
    n8n_http,
    n8n_login_page,
    n8n_services,
    network,
    node_errors,
    private_keys,
    proxies,
    queries,
    record_rules,
    record_values,
    refresh,
    salesforce_cli,
    secret_stores,
    sfcred_itself,
    sfcred_setup,
    streaming,
    tls,
    user_and_limits,
)
from sfcred.salesforce.refusals.model import (
    Endpoint,
    Grant,
    KnownWording,
    Refusal,
    RefusalCause,
    Where,
)
from sfcred.salesforce.refusals.places import CALLBACK, CERTIFICATE, POLICIES

__all__ = [
    "CALLBACK",
    "CERTIFICATE",
    "POLICIES",
    "REFUSALS",
    "Endpoint",
    "Grant",
    "KnownWording",
    "Refusal",
    "RefusalCause",
    "Where",
    "find_refusal",
    "rehearsable",
]

REFUSALS: tuple[Refusal, ...] = (
    *jwt_login.ROWS,
    *app_state.ROWS,
    *authorize_page.ROWS,
    *refresh.ROWS,
    *user_and_limits.ROWS,
    *malformed_request.ROWS,
    *client_credentials.ROWS,
    *api_session.ROWS,
    *streaming.ROWS,
    *node_errors.ROWS,
    *api_limits.ROWS,
    *queries.ROWS,
    *record_rules.ROWS,
    *record_values.ROWS,
    *files_and_email.ROWS,
    *api_requests.ROWS,
    *history_oauth.ROWS,
    *history_user.ROWS,
    *history_sign_on.ROWS,
    *host_names.ROWS,
    *network.ROWS,
    *proxies.ROWS,
    *tls.ROWS,
    *private_keys.ROWS,
    *encrypted_keys.ROWS,
    *n8n_http.ROWS,
    *http_status.ROWS,
    *n8n_connect.ROWS,
    *n8n_callback.ROWS,
    *n8n_login_page.ROWS,
    *n8n_credentials.ROWS,
    *n8n_api.ROWS,
    *n8n_external_secrets.ROWS,
    *n8n_services.ROWS,
    *n8n_command_line.ROWS,
    *deployment.ROWS,
    *salesforce_cli.ROWS,
    *secret_stores.ROWS,
    *sfcred_itself.ROWS,
    *sfcred_setup.ROWS,
)

# The endpoints that an org itself answers at.
_ORG = ("token", "authorize", "userinfo", "rest")


def rehearsable() -> list[Refusal]:
    """Return the rows that an org itself answers with, so that the local org can, too."""
    return [row for row in REFUSALS if row.answers[0].step in _ORG]


def find_refusal(name: str) -> Refusal | None:
    """Return the row with this name."""
    return next((refusal for refusal in REFUSALS if refusal.name == name), None)
