"""The OAuth2 protocol: requests from plain values, answers, and the way back from the browser."""
