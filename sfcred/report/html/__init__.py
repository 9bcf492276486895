"""The HTML report: a model of the page (`cards`, `fleet`, `calendar`), template, style and script.

The page is a single file that loads nothing: no font, script or image. Its content security policy
allows only its own style and script, by their hashes. Even text that got past the escaping could
not run.
"""
