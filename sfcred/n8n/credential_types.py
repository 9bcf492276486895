"""n8n's two types of Salesforce credentials.

Read in n8n-nodes-base 2.40.2 and, for the versions, in its earlier releases. n8n drops a field
that a type doesn't know, without a word; its public API refuses it.
"""

#: The web server flow with PKCE (extends n8n's oAuth2Api).
OAUTH2 = "salesforceOAuth2Api"
#: The JWT bearer flow.
JWT = "salesforceJwtApi"

#: What n8n itself writes into a credential while it is used: left out of comparisons.
WRITTEN_BY_N8N = ("accessToken", "instanceUrl", "oauthTokenData", "accountIdentifier")
