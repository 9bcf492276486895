"""Read the environment of an n8n from the files that deploy it.

`read.py` decides what kind of file it is; each kind has its own module. Only the variables in
`model.NAMES` are kept.
"""
