"""n8n's workflow files: finding and reading them. Nothing here knows Salesforce."""
