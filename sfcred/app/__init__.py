"""Write a credential's app as Salesforce source, and compare it with an org's."""
