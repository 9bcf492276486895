"""The HTML report: a model of the page (`cards`, `fleet`, `calendar`), a template, style, script.

The page is one file that asks for nothing: no font, script or image from elsewhere. Its content
security policy lets only its own style and script work, by their hashes, so that a text which
would get past the escaping couldn't do anything either.
"""
