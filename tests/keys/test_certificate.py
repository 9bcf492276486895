"""Certificates as Salesforce gets them: their contents, and other files in their place."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sfcred.keys.certificate import (
    Certificate,
    CertificateProblem,
    UnusableCertificate,
    read_certificate,
)
from tests.helpers.material import Workshop
from tests.keys.conftest import OpenSSL

Certify = Callable[[str], bytes]


def read(data: bytes) -> Certificate:
    certificate = read_certificate(data)
    assert isinstance(certificate, Certificate), certificate
    return certificate


def refuse(data: bytes) -> UnusableCertificate:
    found = read_certificate(data)
    assert isinstance(found, UnusableCertificate), found
    return found


def body_of(pem: bytes) -> bytes:
    return b"".join(pem.strip().splitlines()[1:-1])


def test_a_certificate_says_all(workshop: Workshop, openssl: OpenSSL) -> None:
    pem = workshop.content("certificate")
    certificate = read(pem)
    shown = openssl(f"x509 -in {workshop.path('certificate')} -noout -fingerprint -sha256")
    public = openssl(f"pkey -in {workshop.path('rsa-2048')} -pubout -outform DER")
    digest = openssl("dgst -sha256 -r", public).split()[0].decode()
    fingerprint = shown.decode().strip().partition("=")[2]
    assert certificate.sha256 == fingerprint.replace(":", "").lower()
    assert certificate.spki_sha256 == digest
    assert certificate.subject == "CN=acme"
    assert certificate.signature_hash == "sha256"
    assert str(certificate.public_key) == "RSA 2048"
    assert certificate.not_after - certificate.not_before == timedelta(days=730)
    assert certificate.not_before.tzinfo is UTC
    assert abs(certificate.not_before - datetime.now(UTC)) < timedelta(hours=1)
    assert (certificate.size, certificate.count) == (len(pem), 1)
    assert certificate.der_size == len(workshop.content("certificate-der"))
    assert not certificate.holds_private_key


def test_der_is_the_same_certificate(workshop: Workshop) -> None:
    der = workshop.content("certificate-der")
    pem = read(workshop.content("certificate"))
    assert read(der) == pem._replace(size=len(der))


@pytest.mark.parametrize(
    "bend",
    [
        lambda pem: pem.replace(b"\n", b"\r\n"),
        lambda pem: pem.replace(b"\n", b"\r"),
        lambda pem: b"\xef\xbb\xbf" + pem,
        lambda pem: b"Bag Attributes\n    friendlyName: caf\xe9\n" + pem + b"\nbye",
        lambda pem: b"\n\n" + pem.strip(),
        lambda pem: pem.replace(b"CERTIFICATE", b"X509 CERTIFICATE"),
        lambda pem: pem.decode().encode("utf-16"),
        lambda pem: pem.decode().encode("utf-16-le"),
        lambda pem: pem.decode().encode("utf-16-be"),
    ],
)
def test_the_shapes_of_pem(bend: Callable[[bytes], bytes], workshop: Workshop) -> None:
    bent = bend(workshop.content("certificate"))
    assert read(bent) == read(workshop.content("certificate"))._replace(size=len(bent))


def test_the_keys_of_a_file_s_other_certificates(workshop: Workshop) -> None:
    own, other = workshop.content("certificate"), workshop.content("certificate-other")
    broken = b"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n"
    key = workshop.content("rsa-2048")
    chain = read(other + broken + key + own)
    assert (chain.count, chain.holds_private_key) == (3, True)
    assert chain.later_keys == ("", read(own).spki_sha256)
    assert read(own).later_keys == ()


def test_dates(workshop: Workshop) -> None:
    now = datetime.now(UTC)
    assert read(workshop.content("certificate-expired")).not_after < now
    assert read(workshop.content("certificate-future")).not_before > now


@pytest.mark.parametrize("name", ["md5", "sha1", "sha384", "sha512"])
def test_signature_hashes(name: str, certify: Certify) -> None:
    assert read(certify(f"-{name}")).signature_hash == name


@pytest.mark.parametrize(
    ("material", "public_key", "signature_hash"),
    [
        ("ec-p256", "EC P-256", "sha256"),
        ("ed25519", "Ed25519", ""),
        ("rsa-4096", "RSA 4096", "sha256"),
        ("rsa-pss", "RSA-PSS 2048", "sha256"),
        ("dsa", "DSA 2048", "sha256"),
    ],
)
def test_public_keys(
    material: str, public_key: str, signature_hash: str, workshop: Workshop, openssl: OpenSSL
) -> None:
    key = workshop.path(material)
    certificate = read(openssl(f"req -x509 -new -key {key} -subj /CN=acme"))
    assert (str(certificate.public_key), certificate.signature_hash) == (public_key, signature_hash)


def test_a_key_that_cannot_be_read_still_has_a_digest(openssl: OpenSSL) -> None:
    openssl("ecparam -name prime239v1 -genkey -noout -out odd.pem")
    certificate = read(openssl("req -x509 -new -key odd.pem -subj /CN=acme"))
    public = openssl("pkey -in odd.pem -pubout -outform DER")
    assert str(certificate.public_key) == "unknown"
    assert certificate.spki_sha256 == openssl("dgst -sha256 -r", public).split()[0].decode()


def test_a_version_1_certificate(workshop: Workshop, openssl: OpenSSL) -> None:
    certificate = read(
        openssl(f"x509 -req -signkey {workshop.path('rsa-2048')}", workshop.content("csr"))
    )
    assert str(certificate.public_key) == "RSA 2048"
    assert certificate.spki_sha256 == read(workshop.content("certificate")).spki_sha256


def test_a_version_1_certificate_of_a_pss_key(workshop: Workshop, openssl: OpenSSL) -> None:
    key = workshop.path("rsa-pss")
    request = openssl(f"req -new -key {key} -subj /CN=acme")
    assert str(read(openssl(f"x509 -req -signkey {key}", request)).public_key) == "RSA-PSS 2048"


def test_a_subject_in_utf_8(certify: Certify) -> None:
    assert read(certify("-utf8 -subj /O=Ac,me/CN=caf\u00e9")).subject == "CN=caf\u00e9,O=Ac\\,me"


def test_a_chain_is_counted_and_its_first_judged(workshop: Workshop) -> None:
    first, second = workshop.content("certificate"), workshop.content("certificate-other")
    chain = read(first + second)
    assert chain.count == 2
    assert chain.size == len(first + second)
    assert chain.sha256 == read(first).sha256


@pytest.mark.parametrize("key_first", [True, False])
@pytest.mark.parametrize(
    "key", ["rsa-2048", "rsa-2048-pkcs1", "rsa-2048-encrypted", "rsa-2048-openssh"]
)
def test_a_private_key_beside_it_is_seen(key: str, key_first: bool, workshop: Workshop) -> None:
    parts = [workshop.content(key), workshop.content("certificate")]
    certificate = read(b"".join(parts if key_first else reversed(parts)))
    assert certificate.holds_private_key
    assert certificate.count == 1


@pytest.mark.parametrize(
    ("material", "problem"),
    [
        ("rsa-2048", CertificateProblem.PRIVATE_KEY),
        ("rsa-2048-pkcs1", CertificateProblem.PRIVATE_KEY),
        ("rsa-2048-encrypted", CertificateProblem.PRIVATE_KEY),
        ("rsa-2048-openssh", CertificateProblem.PRIVATE_KEY),
        ("public-key", CertificateProblem.PUBLIC_KEY),
        ("csr", CertificateProblem.CSR),
        ("pkcs12", CertificateProblem.PKCS12),
    ],
)
def test_other_files_are_no_certificate(
    material: str, problem: CertificateProblem, workshop: Workshop
) -> None:
    assert refuse(workshop.content(material)).problem is problem


@pytest.mark.parametrize("first", ["parameters", "public key"])
def test_a_private_key_counts_wherever_it_stands(first: str, openssl: OpenSSL) -> None:
    key = openssl("ecparam -name prime256v1 -genkey")
    assert key.startswith(b"-----BEGIN EC PARAMETERS-----")
    alone = key[key.index(b"-----BEGIN EC PRIVATE KEY-----") :]
    content = key if first == "parameters" else openssl("ec -pubout", key) + alone
    assert refuse(content).problem is CertificateProblem.PRIVATE_KEY


def test_strangers_without_or_under_a_wrong_label(workshop: Workshop) -> None:
    key = body_of(workshop.content("rsa-2048"))
    wrong = b"-----BEGIN CERTIFICATE-----\n" + key + b"\n-----END CERTIFICATE-----\n"
    assert refuse(key).problem is CertificateProblem.PRIVATE_KEY
    assert refuse(wrong).problem is CertificateProblem.PRIVATE_KEY
    assert refuse(base64.b64decode(key)).problem is CertificateProblem.PRIVATE_KEY


@pytest.mark.parametrize(
    ("data", "problem", "detail"),
    [
        (b"", CertificateProblem.EMPTY, "the file is empty"),
        (b" \n", CertificateProblem.EMPTY, "the file is empty"),
        (b"hello", CertificateProblem.OTHER, "no BEGIN line"),
        (b"\x00\xff\xfe\x01", CertificateProblem.OTHER, "no BEGIN line"),
        (b"\xfe\xed\xfe\xed\0\0\0\2", CertificateProblem.OTHER, "a Java keystore (JKS)"),
        (b"ssh-rsa AAAA x", CertificateProblem.PUBLIC_KEY, "an OpenSSH public key"),
        (
            b"-----BEGIN PKCS7-----\nMII=\n-----END PKCS7-----",
            CertificateProblem.OTHER,
            "a PKCS#7 bundle of certificates",
        ),
        (
            b"-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----",
            CertificateProblem.DAMAGED,
            "the body contains a character that is not allowed in a key (line 2)",
        ),
    ],
)
def test_what_is_no_certificate_is_named(
    data: bytes, problem: CertificateProblem, detail: str
) -> None:
    assert refuse(data) == (problem, detail)


@pytest.mark.parametrize("breaks", [b"", b"\n", b"\r\n", b"\n    "])
def test_bare_base64_is_read_as_orgs_return_it(workshop: Workshop, breaks: bytes) -> None:
    lines = body_of(workshop.content("certificate")).split()
    bare, whole = read(breaks.join(lines)), read(workshop.content("certificate"))
    assert (bare.der, bare.pem()) == (whole.der, whole.pem())
    assert refuse(breaks.join(lines)[:-40]).problem is not CertificateProblem.PRIVATE_KEY


def test_a_trusted_certificate_is_none_that_salesforce_takes(
    workshop: Workshop, openssl: OpenSSL
) -> None:
    trusted = openssl(f"x509 -in {workshop.path('certificate')} -trustout -addtrust clientAuth")
    assert refuse(trusted).problem is CertificateProblem.OTHER


def test_a_damaged_certificate_is_refused_with_the_reason(workshop: Workshop) -> None:
    lines = workshop.content("certificate").splitlines(keepends=True)
    der = workshop.content("certificate-der")
    assert refuse(b"".join(lines[:6] + lines[-1:])) == (
        CertificateProblem.DAMAGED,
        "it is cut off",
    )
    assert refuse(der[:-40]).detail == "it is cut off"
    assert refuse(der.replace(b"\x17\x0d", b"\x17\x0c", 1)).problem is CertificateProblem.DAMAGED


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ("a003020102", "a003020103", "a part of it that sfcred can't read"),  # version 4
        ("5a170d", "30170d", "a part of it that sfcred can't read"),  # a date without its Z
        ("0101ff", "010101", "a part of it that sfcred can't read"),  # a true that isn't 255
        (None, "00", "more data follows the certificate's end"),
    ],
)
def test_what_openssl_reads_is_not_called_damaged(
    workshop: Workshop, openssl: OpenSSL, old: str | None, new: str, detail: str
) -> None:
    der = workshop.content("certificate-der")
    changed = der.replace(bytes.fromhex(old), bytes.fromhex(new), 1) if old else der + b"\0"
    assert changed != der
    assert b"acme" in openssl("x509 -inform DER -noout -subject", changed)
    found = refuse(changed)
    assert found.problem is CertificateProblem.UNREADABLE
    assert detail in found.detail


def test_an_unknown_signature_and_a_malformed_name_are_left_empty(workshop: Workshop) -> None:
    der = workshop.content("certificate-der")
    sha256_with_rsa = bytes.fromhex("2a864886f70d01010b")
    assert read(der.replace(sha256_with_rsa, sha256_with_rsa[:-1] + b"c")).signature_hash == ""
    assert read(der.replace(b"acme", b"\xff\xfe\xfd\xfc")).subject == ""


def test_content_is_read_once(workshop: Workshop) -> None:
    data = workshop.content("certificate")
    assert read(data) is read(bytes(data))
