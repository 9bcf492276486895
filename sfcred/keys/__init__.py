"""Private keys and certificates, as n8n and Salesforce take them. No I/O."""
