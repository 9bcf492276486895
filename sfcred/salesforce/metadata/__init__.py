"""Apps as Salesforce's metadata: what an app is, and its files in both directions. No I/O.

Element names, types and their order are those of Metadata API 66.0 (Metadata API Developer Guide;
npm `@salesforce/types`); folders and suffixes those of the Salesforce CLI's registry.
"""

#: The version that all files are written for. Elements differ by version, so it is pinned.
API_VERSION = "66.0"
