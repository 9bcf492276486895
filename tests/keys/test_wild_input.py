"""No input in the place of a key or a certificate raises, hangs or is shown."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from sfcred.keys.certificate import UnusableCertificate, read_certificate
from sfcred.keys.private_key import PrivateKey, UnusableKey, read_private_key, why_n8n_rejects
from tests.helpers.material import Workshop

#: This many characters of a key in a row are never an accident.
TELLING = 16

wild = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
pieces = st.sampled_from(
    [
        *("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY"),
        *("-----END", "BEGIN", "CERTIFICATE", "-----BEGIN CERTIFICATE-----", "\\n", "\\r\\n", "\\"),
        *("Proc-Type: 4,ENCRYPTED", '"', "\u201c", "\ufeff", "\n", "\r", "\t", " ", "=", "\0"),
        *(
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj",
            "MIIC",
            "openssh-key-v1",
            '{"kty":',
            "\udcff",
        ),
        *(
            "\xfe\xed\xfe\xed",
            "\udcfe\udced\udcfe\udced",
            "0\x82\x04\xbd\x02\x01\x00",
            "\udcff\udcfe",
        ),
    ]
)
texts = st.one_of(
    st.text(),
    st.lists(st.one_of(pieces, st.text(max_size=5)), max_size=12).map("".join),
    st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.binary().map(lambda data: data.decode("latin-1")),
)


def shows(detail: str, content: str) -> bool:
    """Return whether a detail repeats the content, apart from sfcred's own words for labels."""
    compact = re.sub(
        r"[^A-Za-z0-9+/=]", "", re.sub(r"-{1,6}(BEGIN|END)[^-]{0,60}-{1,6}", "", content)
    )
    runs = re.findall(rf"[A-Za-z0-9+/=]{{{TELLING},}}", detail)
    return any(
        run[n : n + TELLING] in compact for run in runs for n in range(len(run) - TELLING + 1)
    )


def look(content: str) -> PrivateKey | UnusableKey:
    """Read a text as a key in every way, and check what is said about it."""
    text = SecretStr(content)
    found = read_private_key(text)
    said = [why_n8n_rejects(text, version) or "" for version in (None, (2, 29, 2), (2, 41, 0))]
    said += [found.detail, repr(found)] if isinstance(found, UnusableKey) else list(found.repairs)
    assert not any(shows(words, content) for words in said), said
    return found


@wild
@given(texts)
def test_any_text(content: str) -> None:
    look(content)


@wild
@given(st.one_of(st.binary(), texts.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_as_certificate(data: bytes) -> None:
    found = read_certificate(data)
    if isinstance(found, UnusableCertificate):
        assert not shows(found.detail, data.decode("latin-1"))


def mutate(text: str, changes: list[tuple[int, str, str]]) -> str:
    for position, operation, character in changes:
        at = position % max(1, len(text))
        text = {
            "delete": text[:at] + text[at + 1 :],
            "double": text[:at] + text[at : at + 1] + text[at:],
            "insert": text[:at] + character + text[at:],
            "replace": text[:at] + character + text[at + 1 :],
            "cut": text[:at],
        }[operation]
    return text


changes = st.lists(
    st.tuples(
        st.integers(0, 4000),
        st.sampled_from(["delete", "double", "insert", "replace", "cut"]),
        st.sampled_from(list("AZaz09+/=-\n\r\\\"' \t\0\u2014\u200b\udcff")),
    ),
    max_size=4,
)
materials = st.sampled_from(
    [
        *("rsa-2048", "rsa-2048-pkcs1", "ec-p256", "ed25519", "dsa", "certificate", "csr"),
        *("rsa-2048-encrypted", "rsa-2048-encrypted-pkcs1", "rsa-2048-openssh", "public-key"),
    ]
)


@wild
@given(material=materials, changes=changes)
def test_mutated_pem(
    material: str, changes: list[tuple[int, str, str]], workshop: Workshop
) -> None:
    text = mutate(workshop.text(material), changes)
    look(text)
    read_certificate(text.encode("utf-8", "surrogatepass"))


@wild
@given(position=st.integers(0, 1200), value=st.integers(0, 255), cut=st.booleans())
def test_mutated_der(position: int, value: int, cut: bool, workshop: Workshop) -> None:
    for material in ("certificate-der", "pkcs12"):
        data = bytearray(workshop.content(material))
        at = position % len(data)
        data[at] = value
        content = bytes(data[:at] if cut else data)
        read_certificate(content)
        look(content.decode("latin-1"))


@wild
@given(position=st.integers(28, 1600), character=st.sampled_from("ABCDabcd0189+/"))
def test_a_mutated_rsa_key_is_never_taken_for_another(
    position: int, character: str, workshop: Workshop
) -> None:
    text = workshop.text("rsa-2048")
    position = min(position, text.index("\n-----END") - 4)
    if text[position] in {"\n", character}:
        return
    found = look(text[:position] + character + text[position + 1 :])
    # Like OpenSSL, some releases of cryptography don't notice a changed version number.
    assert isinstance(found, UnusableKey) or found.canonical_pem() == text


@pytest.mark.timed
@pytest.mark.parametrize(
    "content",
    [
        *("-" * 65_536, "\\" * 65_536, "A" * 65_536, "\n\t" * 32_000 + "x", '{"kty" ' * 9_000),
        *("-----BEGIN " * 6_000, "-----BEGIN " + "A " * 32_000, "BEGIN " + "A " * 30_000),
        *("-----BEGIN PRIVATE KEY-----x" * 2_300, "-----END PRIVATE KEY-----x" * 2_300),
        *(
            "-----BEGIN PRIVATE KEY-----" + "\n" * 30_000 + "\t" * 30_000,
            "\\n" * 32_000,
            "\r" * 65_536,
        ),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_64_kilobytes_of_malice_take_no_time(content: str) -> None:
    begin = time.perf_counter()
    look(content)
    read_certificate(content.encode())
    assert time.perf_counter() - begin < 2
