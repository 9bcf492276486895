"""Guide formats: one module with `write(guide, width)` each (see `guide.api`)."""
