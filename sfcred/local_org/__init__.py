"""A stand-in for a Salesforce org, on this machine."""
