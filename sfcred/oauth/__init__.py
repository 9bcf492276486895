"""The OAuth2 protocol: build requests, read answers, and receive the browser's callback."""
