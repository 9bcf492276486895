"""n8n's encryption of credential data, unchanged from n8n 0.x to 2.41.

It is the format of `openssl enc -aes-256-cbc -md md5`: `Salted__`, eight random bytes, and
AES-256-CBC, with key and IV from OpenSSL's EVP_BytesToKey with MD5. It is not authenticated. With
key rotation (n8n 2.20.0 and later, off by default), the text is `keyId:…`, and the key is in n8n's
database.
"""

import base64
import hashlib
import os
import re

_MAGIC = b"Salted__"
_BLOCK = 16
_SALT = 8


def encrypt(plaintext: str, key: str, *, salt: bytes | None = None) -> str:
    """Encrypt as n8n does.

    Args:
        plaintext: The data as compact JSON.
        key: n8n's encryption key.
        salt: Eight bytes. Random by default.

    Returns:
        Base64 without line breaks. It begins with U2FsdGVkX1.

    Raises:
        ValueError: The salt isn't eight bytes long, or the text contains half a surrogate pair.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    salt = os.urandom(_SALT) if salt is None else salt
    if len(salt) != _SALT:
        raise ValueError("a salt has eight bytes")
    aes_key, iv = _derive(key, salt)
    padder = PKCS7(_BLOCK * 8).padder()
    padded = padder.update(plaintext.encode("utf-8")) + padder.finalize()
    encryptor = Cipher(algorithms.AES(aes_key), modes.CBC(iv)).encryptor()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    return base64.b64encode(_MAGIC + salt + ciphertext).decode("ascii")


def decrypt(text: str, key: str) -> str:
    """Decrypt what n8n encrypted.

    Args:
        text: Base64 that begins with U2FsdGVkX1.
        key: n8n's encryption key.

    Returns:
        The plaintext.

    Raises:
        ValueError: The text is not in this format, or the key is wrong. The message says which.
            Without authentication, about one wrong key in 256 goes unnoticed here. The result is
            then not valid JSON.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    salt, ciphertext = _take_apart(text)
    aes_key, iv = _derive(key, salt)
    decryptor = Cipher(algorithms.AES(aes_key), modes.CBC(iv)).decryptor()
    padded = decryptor.update(ciphertext) + decryptor.finalize()
    unpadder = PKCS7(_BLOCK * 8).unpadder()
    try:
        return (unpadder.update(padded) + unpadder.finalize()).decode("utf-8")
    except ValueError:
        raise ValueError("the encryption key is wrong") from None


def format_fault(text: str) -> str | None:
    """Return why no key of the instance can decrypt a text; None if one may."""
    try:
        _take_apart(text)
    except ValueError as reason:
        return str(reason)
    return None


def _take_apart(text: str) -> tuple[bytes, bytes]:
    if re.match(r"[A-Za-z0-9_-]{1,36}:[A-Za-z0-9+/]", text):  # n8n-core 2.20.0, KEY_ID_PATTERN
        raise ValueError(
            "it is encrypted with a rotating key, which is only in n8n's database: export with "
            "--decrypted"
        )
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("it was not encrypted by n8n") from None
    salt, ciphertext = raw[len(_MAGIC) : _BLOCK], raw[_BLOCK:]
    if not raw.startswith(_MAGIC) or not ciphertext or len(ciphertext) % _BLOCK:
        raise ValueError("it was not encrypted by n8n")
    return salt, ciphertext


def _derive(key: str, salt: bytes) -> tuple[bytes, bytes]:
    """Derive 32 bytes of key and 16 of IV: EVP_BytesToKey with MD5 and one round."""
    # Node's Buffer.from(key, 'binary') keeps the low byte of each UTF-16 code unit.
    secret = key.encode("utf-16-le", "surrogatepass")[::2] + salt
    blocks = b""
    block = b""
    while len(blocks) < 48:  # noqa: PLR2004 - 32 + 16
        block = hashlib.md5(block + secret, usedforsecurity=False).digest()
        blocks += block
    return blocks[:32], blocks[32:48]
