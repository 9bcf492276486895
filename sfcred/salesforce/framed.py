"""Take off what terminals, logs, chats and mail programs put around a text that someone copied."""

import html
import re
from urllib.parse import unquote

from sfcred.utf16 import utf_16_of

# Colours and cursor movements; the escape character is often lost or written out.
_COLOUR = re.compile(
    r"(?:\x1b|\\u001b|\\x1b|\\033|\\e|\^\[)\[[0-9;?]{0,20}[A-Za-z]|\[\d{1,3}(?:;\d{1,3}){0,5}m"
)
# Characters without a width, which chats and web pages add between words.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# What stands before each line: a time stamp, the names of Docker, Swarm and Kubernetes, syslog's
# host and program, the edge of a box, and the sign of a quoted mail.
_BEFORE = re.compile(
    r"^[ \t]{0,40}(?:(?:"
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]?\d{0,9}(?:Z|[+-]\d\d:?\d\d)?"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,80} [\w./-]{1,80}(?:\[\d{1,9}\])?:"
    r"|\[pod/[^\]\s]{1,200}\]"
    r"|[\w.@-]{1,80}[ \t]{1,20}\|"
    r"|[\u2502\u2503\u2551>|]"
    r")[ \t]{1,20}){1,4}",
    re.MULTILINE,
)
_AFTER = re.compile(r"(?<![ \t])[ \t]{0,200}[\u2502\u2503\u2551|][ \t]{0,40}$", re.MULTILINE)
# The Salesforce CLI and OmniAuth put these before every refusal, whatever the reason.
_PREFACE = re.compile(
    r"Invalid\s{1,20}client\s{1,20}credentials\.\s{1,20}Verify\s{1,20}the\s{1,20}OAuth\s{1,20}client\s{1,20}"
    r"secret\s{1,20}and\s{1,20}ID\.\s{1,20}(?=Error\s{1,20}authenticating\s)"
    r"|\bAuthentication failure! ",
    re.IGNORECASE,
)
# An address inside an address is encoded once for each level.
_ENCODED = re.compile(r"(?:error|error_description|oauth_error)%(?:25){0,3}3D", re.IGNORECASE)
_LEVELS = 4


def decoded(data: bytes) -> str:
    """Return the text of a file or a pipe. PowerShell writes UTF-16, and logs can be broken."""
    return data.decode(utf_16_of(data) or "utf-8-sig", "replace")


def uncoloured(text: str) -> str:
    """Return a text without colours, invisible characters, and clients' own prefaces."""
    return _PREFACE.sub("", _INVISIBLE.sub("", _COLOUR.sub("", text)))


def unframed(text: str) -> str:
    """Return a text without what stands before and after each of its lines."""
    return _AFTER.sub("", _BEFORE.sub("", text))


def unnested(text: str) -> str:
    """Return a text whose addresses inside addresses, and pages inside pages, are decoded."""
    for _ in range(_LEVELS):
        if not _ENCODED.search(text):
            break
        text = unquote(text)
    for _ in range(_LEVELS):
        if "&amp;" not in text:
            break
        text = html.unescape(text)
    return text
