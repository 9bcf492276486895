"""What is known of n8n: versions, credential types, callback, cipher, ids. No I/O."""
