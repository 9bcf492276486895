"""Facts about n8n: versions, credential types, callbacks, encryption, ids.

Nothing here uses the network. Only `encryption_key` reads files.
"""
