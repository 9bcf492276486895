"""Requests that Salesforce does not accept, and its own trouble."""

from sfcred.salesforce.refusals.causes import SALESFORCE_FAILS
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, token
from sfcred.salesforce.refusals.places import (
    BAD_REQUEST,
    CERTIFICATE,
    MY_DOMAIN,
    NEVER,
    SCOPES,
    SETTINGS,
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "scope-not-supported",
        (token("invalid_request", "scope parameter not supported"),),
        (
            RefusalCause(
                "the client sends a scope to the token endpoint, which only the authorize page "
                "accepts",
                "Remove the scope from the token request. The JWT flow uses the app's own scopes.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "scopes-too-many",
        (token("invalid_request", "too many scopes requested"),),
        (
            RefusalCause(
                "the app issues JWT-based access tokens, which can't hold as many scopes as it has",
                "Remove the scopes that nobody needs: {where}. Or turn off JWT-based access "
                "tokens there: n8n doesn't need them.",
                SCOPES,
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "dpop",
        (token("invalid_dpop_proof"), token("use_dpop_nonce")),
        (
            RefusalCause(
                "the app requires a proof that the client has the token's key (DPoP), which n8n "
                "doesn't send",
                "Turn DPoP off for the app: {where}.",
                SETTINGS,
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "device-flow",
        (token("authorization_pending"), token("slow_down")),
        (
            RefusalCause(
                "the client logs in with the device flow, and nobody has entered the code yet "
                "(n8n doesn't use this flow)",
                "Enter the code on Salesforce's page. For n8n, use the JWT or the OAuth2 flow.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "domain-not-supported",
        (token("invalid_grant", "request not supported on this domain"),),
        (
            RefusalCause(
                "the address doesn't issue tokens for this flow",
                f"Copy `my_domain` from {MY_DOMAIN}.",
                signs=("SFC104", "SFC106"),
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "grant-type",
        (
            token("unsupported_grant_type", "grant type not supported"),
            token("unsupported_grant_type"),
        ),
        (
            RefusalCause(
                "the address is that of a Lightning or Setup page, which doesn't issue tokens",
                f"Copy `my_domain` from {MY_DOMAIN}.",
                signs=("SFC104", "SFC105"),
            ),
            RefusalCause(
                "the address begins with http://, so Salesforce redirects the request, which loses "
                "its content on the way",
                "Write https:// before it: in `my_domain`, or in the client's login address.",
                signs=("SFC107", "plain_http"),
            ),
            RefusalCause(
                "the app has no certificate, so the JWT flow is off",
                "Upload the certificate: {where}.",
                CERTIFICATE,
                unless=("consent", "client"),
            ),
            RefusalCause(
                "something between here and Salesforce changed the request",
                "Check the proxies and firewalls on the way.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "request-malformed",
        (
            token("invalid_request", "https required"),
            token("invalid_request", "must use http post"),
            token("invalid_request", "must use http get"),
            token("invalid_request", "out-of-band not supported"),
            token("invalid_request", "assertion type must be specified"),
            token("invalid_assertion_type"),
        ),
        (
            RefusalCause(
                "the request was sent in a way that Salesforce doesn't accept, such as http://",
                "Write `my_domain` with https://, and check for a proxy that rewrites requests.",
                signs=("SFC107",),
            ),
        ),
        BAD_REQUEST,
        says_little=True,
    ),
    Refusal(
        "salesforce-trouble",
        (
            token("server_error"),
            token("service_unavailable"),
            token("system_down"),
            token("unknown_error", "retry your request"),
            token("unknown_error"),
        ),
        (SALESFORCE_FAILS,),
        'n8n shows "Service unavailable" or "The service was not able to process your request".',
    ),
)
