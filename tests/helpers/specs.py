"""Parts of a complete spec. Without imports, because measuring programs use them, too."""

HEAD = """\
version: 1
name: acme-crm
environment: sandbox
my_domain: https://acme--uat.sandbox.my.salesforce.com
client_id: {env: ACME_CLIENT_ID}
"""
APP = """\
app:
  type: external_client_app
  label: n8n
  contact_email: crm@acme.com
  scopes: [api, refresh_token]
  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback]
  pre_authorized: true
  permission_sets: [n8n_Integration]
  pkce_required: true
  refresh_token_policy: infinite
  refresh_token_rotation: false
  ip_relaxation: enforce
n8n:
  deployment: self_hosted
  url: https://n8n.acme.com
  version: "2.40.5"
  id: acmeCrm000000001
  name: Acme CRM
"""
