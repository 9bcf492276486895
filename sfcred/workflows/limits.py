"""Limits for workflow files, which are untrusted. No real workflow reaches any of them."""

#: Bytes in a file. An export of a thousand workflows has about 20 MB.
FILE_BYTES = 50 * 1024 * 1024
#: Files in all.
FILES = 20_000
#: Levels of objects around a workflow: an API answer or a template has three.
WRAPPERS = 4
#: Levels of workflows inside Execute Workflow nodes.
INLINE = 4
#: Faults that are listed per file. The others are only counted.
FAULTS = 20
