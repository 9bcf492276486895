"""Exchange credentials with an existing n8n: import, compare and push."""
