"""Facts about Salesforce as typed tables: hosts, scopes, refusals, app names. No I/O."""
