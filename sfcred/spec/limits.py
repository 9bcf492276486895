"""Limits for spec files. Each one has its own message, and no real project reaches any of them.

A spec is untrusted, because a pull request can change it. The limits keep the work on a file in
proportion to its size. The reader enforces them, so later code doesn't have to guard against long
values or lists.
"""

#: Bytes in a file. A spec has about 1 KB.
FILE_BYTES = 1024 * 1024
#: Characters in a line. A report shows the line again for each finding on it.
LINE = 16_384
#: Levels of nesting. A spec needs five.
DEPTH = 32
#: Characters in a value, key, tag or anchor name. Salesforce's and n8n's limits are lower, except
#: for private keys, which a spec only refers to.
SCALAR = 4096
#: Entries in a list or mapping. Salesforce has about 50 scopes.
ENTRIES = 500
#: Values in a document, with aliases expanded. A spec has about a hundred.
NODES = 20_000
#: Values in all documents of a file, with aliases expanded.
FILE_NODES = 250_000
#: Characters in the values of a file, with aliases expanded and profiles applied.
TEXT = 4 * 1024 * 1024
#: Documents in a file.
DOCUMENTS = 2500
#: Credentials in a file: one per document, or one per profile if the document has profiles.
CREDENTIALS = 2500
#: Schema errors that are listed per document. The others are only counted.
SCHEMA_ERRORS = 100
#: Findings in a file. After that, the rest of the file is not checked.
FINDINGS = 10_000
