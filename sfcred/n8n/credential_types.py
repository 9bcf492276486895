"""n8n's two credential types for Salesforce.

Source: n8n-nodes-base 2.40.2 and, for the versions, earlier releases. n8n silently drops fields
that a type doesn't have, and its public API rejects them.
"""

#: The web server flow with PKCE (extends n8n's oAuth2Api).
OAUTH2 = "salesforceOAuth2Api"
#: The JWT bearer flow.
JWT = "salesforceJwtApi"

#: What n8n itself writes to a credential in use. Comparisons leave it out.
WRITTEN_BY_N8N = ("accessToken", "instanceUrl", "oauthTokenData", "accountIdentifier")
