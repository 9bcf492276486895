"""A credential's app: written as Salesforce source, and compared with what an org has."""
