"""How n8n repairs a private key, and what Node's OpenSSL then takes of it.

Observed with jsonwebtoken 9.0.3 on Node 20 (OpenSSL 3.0), the `formatPrivateKey` of
n8n-nodes-base and the `format-pem-block` of @n8n/utils 1.48.0. OpenSSL reads PEM line by line:
much that RFC 7468 lets a lenient parser accept ends there with "must be an asymmetric key".
"""

import binascii
import re
from collections.abc import Iterator

from sfcred.keys.der import Form, form_of

Version = tuple[int, int, int]

#: From here on the Salesforce node itself repairs keys; before, it passed them on as they are.
REPAIRS_FROM = (2, 29, 2)
#: From here on a key without any separator is repaired, too.
REPAIRS_GLUED_FROM = (2, 30, 0)

# What JavaScript takes as white space; Python's own idea of it differs.
_JS_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_JS_SPACES = re.compile(f"[{_JS_SPACE}]+")
_GLUED = re.compile(
    rf"[{_JS_SPACE}]*-----BEGIN ([A-Z0-9 ]*PRIVATE KEY|CERTIFICATE)-----(.*?)-----END \1-----"
    rf"[{_JS_SPACE}]*",
    re.DOTALL,
)
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"
# OpenSSL cuts every character up to the space from a line's end. Where `char` is signed it also
# cuts all that is not ASCII, such as a no-break space; on ARM it doesn't, so it isn't done here.
_LOW = "".join(map(chr, range(33)))
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_COLUMNS = 64
#: Which forms OpenSSL reads under which label.
_READS = {
    "PRIVATE KEY": {Form.PKCS8},
    "RSA PRIVATE KEY": {Form.PKCS1, Form.PKCS8},
}


def as_n8n_repairs(text: str, version: Version | None) -> str:
    """The text that n8n hands to OpenSSL.

    Args:
        text: The credential's private key.
        version: n8n's version; None is taken as one that repairs nothing.
    """
    if version is None or version < REPAIRS_FROM or "\n" in text:
        return text
    if version >= REPAIRS_GLUED_FROM:
        glued = _GLUED.fullmatch(text)
        if glued and text.count(_BEGIN) == 1:
            return f"{_BEGIN}{glued[1]}-----\n{_in_lines(glued[2])}\n{_END}{glued[1]}-----"
    return "".join(map(_repaired_part, filter(None, text.split(_DASHES))))


def openssl_takes(text: str) -> bool:
    """Whether Node's OpenSSL finds an unencrypted RSA private key in a text."""
    for label, lines in _openssl_blocks(text):
        data = _openssl_bytes(lines)
        if data is not None and form_of(data) in _READS.get(label, ()):
            return True
    return False


def _in_lines(body: str) -> str:
    """A body on lines of its own: cut where it has white space, else every 64 characters."""
    body = body.replace("\\n", "\n").strip()
    if _JS_SPACES.search(body):
        return _JS_SPACES.sub("\n", body)
    return "\n".join(body[n : n + _COLUMNS] for n in range(0, len(body), _COLUMNS))


def _repaired_part(part: str) -> str:
    """What stands between two runs of five dashes: a label gets them back, a body its lines."""
    if "PRIVATE KEY" in part or "CERTIFICATE" in part:
        return f"{_DASHES}{part}{_DASHES}"
    return _JS_SPACES.sub("\n", part.replace("\\n", "\n"))


def _openssl_blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Label and body lines of each block, as OpenSSL 3's PEM reader finds them."""
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
    """The bytes of a body; None where OpenSSL gives up.

    A blank line ends the headers (RFC 1421). One right after the BEGIN line ends none, but from
    there on no line may be longer than 64 characters, and none may follow a shorter one.
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
