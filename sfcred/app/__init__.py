"""An app as Salesforce source."""
