"""What is known of n8n: versions, credential types, callback, cipher, ids.

Nothing here connects. Only `encryption_key` reads files: n8n's own key.
"""
