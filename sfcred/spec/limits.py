"""How much a spec file may hold. Each limit has one clear finding; no honest project meets one.

A spec is untrusted: a pull request writes it. The limits keep the work on a file in proportion to
its size, whatever stands in it. They are checked where the file is read, so that nothing behind
the reader has to be afraid of a value's length or of a list's.
"""

#: Bytes of a file. A spec is about 1 KB.
FILE_BYTES = 1024 * 1024
#: Characters of one line. It is what a report shows of a file, once for each finding in it.
LINE = 16_384
#: Levels of nesting. A spec needs five.
DEPTH = 32
#: Characters of one value, key, tag or name of an anchor. Salesforce's and n8n's own limits are
#: lower, but for a private key, which is a reference here.
SCALAR = 4096
#: Entries of one list or mapping. Salesforce has about 50 scopes.
ENTRIES = 500
#: Values of one document, each alias counted as what it stands for. A spec has about a hundred.
NODES = 20_000
#: Values of all documents of a file, counted in the same way.
FILE_NODES = 250_000
#: Characters in the values of a file, each alias and each profile counted as what it stands for.
TEXT = 4 * 1024 * 1024
#: Documents of a file.
DOCUMENTS = 2500
#: Credentials of a file: a document without profiles is one, else each profile is.
CREDENTIALS = 2500
#: What is wrong with one document's form is listed up to this number, then counted.
MISFITS = 100
#: Findings in one file, after which the rest of it is not examined.
FINDINGS = 10_000
