"""RSA private keys and X.509 certificates as n8n and Salesforce take them. No I/O.

Importing this package loads nothing heavy: `cryptography` comes with the first key that is read.
"""
