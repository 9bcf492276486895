"""n8n's two types of Salesforce credentials."""

#: The web server flow with PKCE (extends n8n's oAuth2Api).
OAUTH2 = "salesforceOAuth2Api"
#: The JWT bearer flow.
JWT = "salesforceJwtApi"
