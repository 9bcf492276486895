"""How n8n repairs a private key, and whether Node's OpenSSL then accepts it.

Observed with jsonwebtoken 9.0.3 on Node 20 (OpenSSL 3.0), the `formatPrivateKey` of
n8n-nodes-base and the `format-pem-block` of @n8n/utils 1.48.0. OpenSSL reads PEM line by line, and
answers "must be an asymmetric key" to much that RFC 7468 allows lenient parsers to accept.
"""

import binascii
import re
from collections.abc import Iterator

from sfcred.keys.der import Form, form_of

Version = tuple[int, int, int]

#: From this version on, the Salesforce node repairs keys. Before, it passed them on unchanged.
REPAIRS_FROM = (2, 29, 2)
#: From this version on, it also repairs a key without any separators.
REPAIRS_GLUED_FROM = (2, 30, 0)

# White space in JavaScript, which differs from Python's.
_JS_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_JS_SPACES = re.compile(f"[{_JS_SPACE}]+")
_GLUED = re.compile(
    rf"[{_JS_SPACE}]*-----BEGIN ([A-Z0-9 ]*PRIVATE KEY|CERTIFICATE)-----(.*?)-----END \1-----"
    rf"[{_JS_SPACE}]*",
    re.DOTALL,
)
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"
# OpenSSL strips characters up to the space from a line's end. Where `char` is signed, it also
# strips non-ASCII ones, such as a no-break space. On ARM it doesn't, so this module doesn't either.
_LOW = "".join(map(chr, range(33)))
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_COLUMNS = 64
#: The formats that OpenSSL reads under each label.
_READS = {
    "PRIVATE KEY": {Form.PKCS8},
    "RSA PRIVATE KEY": {Form.PKCS1, Form.PKCS8},
}


def as_n8n_repairs(text: str, version: Version | None) -> str:
    """Return the text that n8n passes to OpenSSL.

    Args:
        text: The credential's private key.
        version: n8n's version. None stands for a version that repairs nothing.
    """
    if version is None or version < REPAIRS_FROM or "\n" in text:
        return text
    if version >= REPAIRS_GLUED_FROM:
        glued = _GLUED.fullmatch(text)
        if glued and text.count(_BEGIN) == 1:
            return f"{_BEGIN}{glued[1]}-----\n{_in_lines(glued[2])}\n{_END}{glued[1]}-----"
    return "".join(map(_repaired_part, filter(None, text.split(_DASHES))))


def openssl_takes(text: str) -> bool:
    """Return whether Node's OpenSSL finds an unencrypted RSA private key in a text."""
    for label, lines in _openssl_blocks(text):
        data = _openssl_bytes(lines)
        if data is not None and form_of(data) in _READS.get(label, ()):
            return True
    return False


def _in_lines(body: str) -> str:
    """Split a body into lines at its white space, or every 64 characters if it has none."""
    body = body.replace("\\n", "\n").strip()
    if _JS_SPACES.search(body):
        return _JS_SPACES.sub("\n", body)
    return "\n".join(body[n : n + _COLUMNS] for n in range(0, len(body), _COLUMNS))


def _repaired_part(part: str) -> str:
    """Restore a part between two runs of five dashes: a label's dashes, or a body's lines."""
    if "PRIVATE KEY" in part or "CERTIFICATE" in part:
        return f"{_DASHES}{part}{_DASHES}"
    return _JS_SPACES.sub("\n", part.replace("\\n", "\n"))


def _openssl_blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the label and body lines of each block that OpenSSL 3's PEM parser finds."""
    label, lines = "", list[str]()
    for raw in text.removeprefix("\ufeff").split("\n"):
        line = raw.rstrip(_LOW)
        if not label:
            if line.startswith(_BEGIN) and line.endswith(_DASHES):
                label, lines = line[len(_BEGIN) : -len(_DASHES)], []
        elif line.startswith(_END):
            if line == f"{_END}{label}{_DASHES}":
                yield label, lines
            label = ""
        else:
            lines.append(line)


def _openssl_bytes(lines: list[str]) -> bytes | None:
    """Return the bytes of a body, or None if OpenSSL rejects it.

    A blank line ends the headers (RFC 1421). A blank line right after the BEGIN line ends none, but
    after it no line may be longer than 64 characters, and none may follow a shorter one.
    """
    if lines and not lines[0]:
        lines = lines[1:]
        widths = [len(line) for line in lines]
        if widths and (set(widths[:-1]) - {_COLUMNS} or widths[-1] > _COLUMNS):
            return None
    if not all(lines):
        return None
    body = re.sub(r"[ \t\r]", "", "".join(lines))
    if len(body) % 4 or not _BASE64.fullmatch(body):
        return None
    return binascii.a2b_base64(body)
