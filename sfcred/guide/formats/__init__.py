"""Guide formats: each a file with `write(guide)`."""
