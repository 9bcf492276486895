"""n8n's encryption of credential data, as it has been since its beginning (n8n 0.x to 2.41).

`Salted__`, eight random bytes, AES-256-CBC; key and IV by OpenSSL's EVP_BytesToKey with MD5: the
format of `openssl enc -aes-256-cbc -md md5`. There is no authentication in it. With key rotation
(n8n 2.20.0 and later, off by default) the text is `keyId:…`, and its key lies in n8n's database.
"""

import base64
import hashlib
import os

_MAGIC = b"Salted__"
_BLOCK = 16
_SALT = 8


def encrypt(plaintext: str, key: str, *, salt: bytes | None = None) -> str:
    """Encrypts as n8n does.

    Args:
        plaintext: The data as compact JSON.
        key: The instance's encryption key.
        salt: Eight bytes; random if not given.

    Returns:
        Base64 without line breaks; it begins with U2FsdGVkX1.

    Raises:
        ValueError: The salt isn't eight bytes long, or the text holds half a surrogate pair.
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
    """Decrypts what n8n encrypted.

    Args:
        text: Base64 that begins with U2FsdGVkX1.
        key: The instance's encryption key.

    Returns:
        The plaintext.

    Raises:
        ValueError: It is not in this format, or the key doesn't fit. The text says which. As
            nothing is authenticated, about one wrong key in 256 goes unnoticed here and gives
            nonsense instead, which is no JSON.
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
        raise ValueError("the encryption key does not fit") from None


def _take_apart(text: str) -> tuple[bytes, bytes]:
    if ":" in text:
        raise ValueError("it is encrypted with a rotating key, which only n8n's database has")
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("it is not base64") from None
    salt, ciphertext = raw[len(_MAGIC) : _BLOCK], raw[_BLOCK:]
    if not raw.startswith(_MAGIC) or not ciphertext or len(ciphertext) % _BLOCK:
        raise ValueError("it is not n8n's ciphertext")
    return salt, ciphertext


def _derive(key: str, salt: bytes) -> tuple[bytes, bytes]:
    """EVP_BytesToKey with MD5 and one round: 32 bytes of key and 16 of IV."""
    # Node's Buffer.from(key, 'binary') keeps the low byte of each UTF-16 unit.
    secret = key.encode("utf-16-le", "surrogatepass")[::2] + salt
    blocks = b""
    block = b""
    while len(blocks) < 48:  # noqa: PLR2004 - 32 + 16
        block = hashlib.md5(block + secret, usedforsecurity=False).digest()
        blocks += block
    return blocks[:32], blocks[32:48]
