"""A stand-in for a Salesforce org on this machine, to rehearse on. It is no Salesforce.

It is made from specs: their apps, certificates, users and scopes. It checks what Salesforce checks
in a login (client, signature, audience, user, approval, PKCE) and answers in Salesforce's words.
"""
