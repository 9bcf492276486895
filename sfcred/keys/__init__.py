"""Private keys and X.509 certificates for n8n and Salesforce. No I/O.

Importing this package loads nothing heavy. `cryptography` is imported with the first key.
"""
