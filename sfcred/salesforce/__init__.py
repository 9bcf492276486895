"""What is known of Salesforce, as typed tables: hosts, scopes, refusals, app metadata. No I/O."""
