"""n8n's encryption: there and back, and with OpenSSL."""

import base64
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.n8n.cipher import decrypt, encrypt

DATA = '{"clientId":"3MVG9","name":"Zürich 東京\\n"}'


@given(st.text(), st.text())
def test_there_and_back(plaintext: str, key: str) -> None:
    assert decrypt(encrypt(plaintext, key), key) == plaintext


def test_the_format() -> None:
    text = encrypt(DATA, "key")
    assert text.startswith("U2FsdGVkX1")
    assert "\n" not in text
    assert encrypt(DATA, "key") != text


def test_a_known_ciphertext() -> None:
    text = encrypt('{"a":1}', "test-key", salt=b"12345678")
    assert text == "U2FsdGVkX18xMjM0NTY3ONk+lcA2VEo2i2noeeTzLDo="
    assert decrypt(text, "test-key") == '{"a":1}'


@pytest.mark.parametrize("key", ["Zm9vYmFyYmF6cXV1eA==", "s3cret key"])
def test_openssl_decrypts_ours(key: str) -> None:
    done = subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-md", "md5", "-d", "-base64", "-A", "-k", key],
        input=encrypt(DATA, key).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == DATA


@pytest.mark.parametrize("key", ["Zm9vYmFyYmF6cXV1eA==", "s3cret key"])
def test_we_decrypt_openssls(key: str) -> None:
    done = subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-md", "md5", "-e", "-base64", "-A", "-k", key],
        input=DATA.encode(),
        capture_output=True,
        check=True,
    )
    assert decrypt(done.stdout.decode(), key) == DATA


def test_a_key_counts_by_the_low_bytes_of_its_utf16_units() -> None:
    # Node: Buffer.from("Ā", "binary") is one zero byte, as is Buffer.from("\0", "binary").
    assert decrypt(encrypt(DATA, "keyĀ"), "key\0") == DATA
    assert decrypt(encrypt(DATA, "é"), "\u01e9") == DATA


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("keyId1:AQIDBA==", "rotating"),
        ("not base64!", "not encrypted by n8n"),
        ("é", "not encrypted by n8n"),
        ("", "not encrypted by n8n"),
        ("U2FsdGVkX18=", "not encrypted by n8n"),
        (base64.b64encode(b"Salted__12345678").decode(), "not encrypted by n8n"),
        (base64.b64encode(b"Salted__12345678" + b"x" * 15).decode(), "not encrypted by n8n"),
        (base64.b64encode(b"unsalted12345678" + b"x" * 16).decode(), "not encrypted by n8n"),
        (encrypt(DATA, "another key", salt=b"12345678"), "is wrong"),
    ],
)
def test_why_something_is_not_decrypted(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decrypt(text, "key")


def test_a_salt_has_eight_bytes() -> None:
    with pytest.raises(ValueError, match="eight"):
        encrypt(DATA, "key", salt=b"short")


@given(st.text() | st.binary().map(lambda raw: base64.b64encode(b"Salted__" + raw).decode()))
def test_any_text_is_decrypted_or_refused_with_a_reason(text: str) -> None:
    try:
        plaintext = decrypt(text, "key")
    except ValueError as error:
        reason, cause = str(error), error.__cause__
    else:
        reason, cause = plaintext or "empty", None
    assert reason
    assert cause is None
