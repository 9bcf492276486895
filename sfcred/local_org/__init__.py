"""A stand-in for a Salesforce org on this machine, to rehearse on. It is not Salesforce.

It is made from the apps, certificates, users and scopes of specs. It checks what Salesforce checks
in a login (client, signature, audience, user, approval, PKCE) and answers in Salesforce's words.
"""
