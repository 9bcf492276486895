"""An n8n that is there: what it exported becomes specs, and is compared with them."""
