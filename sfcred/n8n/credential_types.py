"""n8n's credential types for Salesforce: two of its own, and the generic one.

Source: n8n-nodes-base 2.40.2 and, for the versions, earlier releases. n8n silently drops fields
that a type doesn't have, and its public API rejects them.
"""

#: The web server flow with PKCE (extends n8n's oAuth2Api).
OAUTH2 = "salesforceOAuth2Api"
#: The JWT bearer flow.
JWT = "salesforceJwtApi"
#: The generic OAuth2 credential, which HTTP Request nodes use. Its URLs and scopes are its fields.
GENERIC = "oAuth2Api"
ALL_TYPES = (JWT, OAUTH2, GENERIC)
#: The types that get their token by OAuth2's own grants, and keep it as oauthTokenData.
WITH_TOKENS = (OAUTH2, GENERIC)

#: What n8n itself writes to a credential in use. Comparisons leave it out.
WRITTEN_BY_N8N = ("accessToken", "instanceUrl", "oauthTokenData", "accountIdentifier")
