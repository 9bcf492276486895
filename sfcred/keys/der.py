"""Recognize what a piece of DER is by its structure (ITU-T X.690, and the RFC of each format).

This reads enough to name the format and to see whether the data is cut off. `cryptography` reads
the values, but its errors don't say which of a dozen formats it was given.
"""

import enum
from collections.abc import Iterator
from typing import NamedTuple

_INTEGER, _BITS, _OCTETS, _OID, _SEQUENCE, _CONTEXT_0 = 0x02, 0x03, 0x04, 0x06, 0x30, 0xA0
_CONSTRUCTED = 0x20
#: 1.2.840.113549.1.1.1 and 1.2.840.113549.1.1.10, RFC 8017. The second is for RSASSA-PSS only.
_RSA = bytes.fromhex("2a864886f70d010101")
_RSASSA_PSS = bytes.fromhex("2a864886f70d01010a")
_PKCS12_VERSION = b"\x03"
#: More children than this tell nothing more about the format.
_ENOUGH = 12


class Form(enum.Enum):
    """A format of keys, certificates, or files that contain them."""

    PKCS8 = "PKCS#8"  # RFC 5208
    PKCS8_ENCRYPTED = "encrypted PKCS#8"
    PKCS1 = "PKCS#1"  # RFC 8017, appendix A.1.2
    SEC1 = "SEC 1 (EC)"  # RFC 5915
    DSA = "traditional DSA"  # OpenSSL's own
    PUBLIC_KEY = "public key"  # RFC 5280, SubjectPublicKeyInfo
    PKCS1_PUBLIC = "PKCS#1 public key"
    CERTIFICATE = "certificate"
    CSR = "certificate request"  # RFC 2986
    PKCS7 = "PKCS#7"
    PKCS12 = "PKCS#12"  # RFC 7292


class Element(NamedTuple):
    """A tag, and where its content is. `end` is beyond the data if that is cut off."""

    tag: int
    start: int
    end: int


def form_of(data: bytes) -> Form | None:
    """Return the format of DER data, or None if it is unknown.

    Args:
        data: DER, possibly cut off. Its beginning decides.
    """
    outer = _element(data, 0)
    if outer is None or outer.tag != _SEQUENCE:
        return None
    children = list(_children(data, outer))
    tags = tuple(child.tag for child in children)
    if tags[:1] == (_INTEGER,):
        first = data[children[0].start : children[0].end]
        return _form_after_integer(tags, first, whole=children[-1].end == outer.end)
    if tags[:2] == (_SEQUENCE, _SEQUENCE):
        return _signed_form(data, children[0])
    outlines: dict[tuple[int, ...], Form] = {
        (_SEQUENCE, _OCTETS): Form.PKCS8_ENCRYPTED,
        (_SEQUENCE, _BITS): Form.PUBLIC_KEY,
        (_OID, _CONTEXT_0): Form.PKCS7,
    }
    return outlines.get(tags[:2])


def missing_bytes(data: bytes) -> int:
    """Return how many bytes are missing, by the length that the data states. Negative if extra."""
    outer = _element(data, 0)
    return 0 if outer is None else outer.end - len(data)


def is_nested(data: bytes) -> bool:
    """Return whether every element ends where the one around it says.

    Data that was changed by accident rarely is.
    """
    outer = _element(data, 0)
    rest = [outer] if outer else []
    while rest:
        parent = rest.pop()
        offset = parent.start
        while parent.tag & _CONSTRUCTED and offset < parent.end:
            child = _element(data, offset)
            if child is None or child.end > parent.end:
                return False
            rest.append(child)
            offset = child.end
    return outer is not None


def is_for_pss(data: bytes, *, path: tuple[int, ...]) -> bool:
    """Return whether the algorithm at `path` (child numbers, outermost first) is RSASSA-PSS."""
    return _content_at(data, path) == _RSASSA_PSS


def is_pkcs8_of_rsa(data: bytes) -> bool:
    """Return whether a PKCS#8 private key names RSA, or RSASSA-PSS, as its algorithm."""
    return _content_at(data, (1, 0)) in (_RSA, _RSASSA_PSS)


def public_key_info(certificate: bytes) -> bytes:
    """Return the bytes of a certificate's SubjectPublicKeyInfo, or nothing if it isn't found.

    It is the last SEQUENCE among the first seven fields of the signed part (RFC 5280).
    """
    outer = _element(certificate, 0)
    signed = _element(certificate, outer.start) if outer else None
    if signed is None:
        return b""
    # Each field begins where the one before it ends.
    begin, found = signed.start, b""
    for field in list(_children(certificate, signed))[:7]:
        if field.tag == _SEQUENCE:
            found = certificate[begin : field.end]
        begin = field.end
    return found


def _content_at(data: bytes, path: tuple[int, ...]) -> bytes | None:
    element = _element(data, 0)
    for number in path:
        if element is None:
            return None
        element = next((c for n, c in enumerate(_children(data, element)) if n == number), None)
    return None if element is None else data[element.start : element.end]


def _form_after_integer(tags: tuple[int, ...], first: bytes, *, whole: bool) -> Form | None:
    """Recognize formats that start with a number: private keys, public numbers, PKCS#12 files.

    Args:
        tags: The tags of all children.
        first: The first child's content.
        whole: Whether the children fill their parent. If not, damage hides the ones that follow.
    """
    if tags[1:3] == (_SEQUENCE, _OCTETS):
        return Form.PKCS8
    if tags[1:2] == (_SEQUENCE,) and first == _PKCS12_VERSION:
        return Form.PKCS12
    if tags[1:2] == (_OCTETS,):
        return Form.SEC1
    if len(tags) > 1 and set(tags) == {_INTEGER}:
        numbers = {2: Form.PKCS1_PUBLIC, 6: Form.DSA} if whole else {}
        return numbers.get(len(tags), Form.PKCS1)
    return None


def _signed_form(data: bytes, signed: Element) -> Form | None:
    """Recognize signed data: a certificate or a certificate request."""
    tags = tuple(child.tag for child in _children(data, signed))
    if tags[:1] == (_CONTEXT_0,) or tags[:4] == (_INTEGER, _SEQUENCE, _SEQUENCE, _SEQUENCE):
        return Form.CERTIFICATE
    return Form.CSR if tags[:3] == (_INTEGER, _SEQUENCE, _SEQUENCE) else None


def _children(data: bytes, parent: Element) -> Iterator[Element]:
    """Yield the elements directly inside `parent`, as far as the data goes."""
    offset = parent.start
    for _ in range(_ENOUGH):
        child = _element(data, offset) if offset < parent.end else None
        if child is None:
            return
        yield child
        offset = child.end


def _element(data: bytes, offset: int) -> Element | None:
    """Return the element at `offset`, or None if the data ends or its length is not valid DER."""
    head = data[offset : offset + 2]
    if len(head) < 2:  # noqa: PLR2004 - a tag and a length
        return None
    tag, length = head
    start = offset + 2
    if length & 0x80:
        octets = data[start : start + (length & 0x7F)]
        # X.690 8.1.3.6 forbids 0x80 here. No key is so long that it needs more than four octets.
        if not 1 <= len(octets) == (length & 0x7F) <= 4:  # noqa: PLR2004 - see above
            return None
        start += len(octets)
        length = int.from_bytes(octets, "big")
    return Element(tag, start, start + length)
