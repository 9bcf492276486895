"""What a caller can know about a credential in addition to its findings, for ranking causes."""

#: Each trait with what it means, in words that fit in "ruled out: … (…)".
TRAITS = {
    "generic_host": "the login goes to login.salesforce.com or test.salesforce.com",
    "n8n_host": "the text names n8n's host",
    "own_host": "my_domain is the org's own address",
    "production": "the spec has environment: production",
    "connected_app": "the spec has app.type: connected_app",
    "jwt": "it logs in with a key (JWT), without a consent",
    "consent": "it logs in with a person's consent",
    "client": "it logs in with client credentials, without a consent",
    "young_certificate": "the certificate is less than a day old",
    "email_username": "the username looks like an e-mail address",
    "sets_declared": "the spec lists permission sets for the app",
    "clock": "the clocks differ",
    "clocks_agree": "the clocks agree",
    "api_scope": "the token was granted with api or full",
    "no_api_scope": "the token was granted without api and full",
    "fresh_token": "the token was issued seconds before",
    "policy_infinite": "the spec has app.refresh_token_policy: infinite",
    "rotates": "the spec has app.refresh_token_rotation: true",
    "rotation_off": "the spec has app.refresh_token_rotation: false",
    "ip_relaxed": "the spec has app.ip_relaxation: bypass",
    "pkce_optional": "the spec has app.pkce_required: false",
    "n8n_sends_pkce": "n8n.version is new enough to send PKCE",
    "n8n_lacks_pkce": "n8n.version is too old to send PKCE",
    "n8n_keeps_tokens": "n8n.version is 2.28 or later, which keeps its token",
}
