"""Guide formats: one module with `write(guide)` each (see `guide.api`)."""
