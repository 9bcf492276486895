"""HTTP to Salesforce and n8n: the client, and the rules for where it may send."""
