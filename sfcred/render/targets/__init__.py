"""The render targets: each a file with a `TARGET`."""
