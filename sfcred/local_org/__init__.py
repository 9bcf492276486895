"""A stand-in for a Salesforce org on this machine, for trying things out. It is not Salesforce.

It has the apps, certificates, users and scopes from your specs. It checks what Salesforce checks
in a login (client, signature, audience, user, approval, PKCE) and answers in Salesforce's words.
"""
