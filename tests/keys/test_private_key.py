"""Private keys in every shape are read, and anything else is identified."""

import base64
import copy
import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from sfcred.keys import armor
from sfcred.keys.certificate import Certificate, read_certificate
from sfcred.keys.private_key import KeyProblem, PrivateKey, UnusableKey, read_private_key
from tests.helpers.der import der, integer
from tests.helpers.material import Workshop
from tests.keys.conftest import OpenSSL
from tests.keys.shapes import SHAPES, Shape


def read(text: str) -> PrivateKey:
    key = read_private_key(SecretStr(text))
    assert isinstance(key, PrivateKey), key
    return key


def refuse(text: str) -> UnusableKey:
    found = read_private_key(SecretStr(text))
    assert isinstance(found, UnusableKey), found
    return found


def change(text: str, at: int, to: str) -> str:
    return text[:at] + to + text[at + 1 :]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
@pytest.mark.parametrize("form", ["pkcs8", "pkcs1"])
def test_every_shape_is_read_and_named(
    shape: Shape, form: str, workshop: Workshop, request: pytest.FixtureRequest
) -> None:
    text: str = request.getfixturevalue(form)
    key = read(shape.bend(text, workshop.text("certificate")))
    assert (key.algorithm, key.bits) == ("RSA", 2048)
    assert key.spki_sha256 == read(text).spki_sha256
    assert key.canonical_pem() == read(text).canonical_pem()
    if shape.name == "own label":
        assert key.repairs[0] == shape.repairs[0]
    else:
        assert set(key.repairs) == set(shape.repairs)


@pytest.mark.parametrize("name", ["rsa-1024", "rsa-2048", "rsa-4096"])
def test_the_canonical_pem_is_the_same_key_for_openssl(
    name: str, workshop: Workshop, openssl: OpenSSL, key_file: Callable[[str], Path]
) -> None:
    key = read(workshop.text(name))
    pem = key.canonical_pem()
    path = key_file(pem)
    openssl(f"pkey -in {path} -check -noout")
    assert openssl(f"rsa -in {path} -modulus -noout") == openssl(
        f"rsa -in {workshop.path(name)} -modulus -noout"
    )
    assert key.bits == int(name.removeprefix("rsa-"))
    assert pem.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert pem.endswith("\n-----END PRIVATE KEY-----\n")
    assert "\r" not in pem
    assert {len(line) for line in pem.splitlines()[1:-2]} == {64}


def test_pkcs1_and_pkcs8_give_one_canonical_pem(pkcs1: str, pkcs8: str) -> None:
    assert read(pkcs1).canonical_pem() == read(pkcs8).canonical_pem() == pkcs8


def test_a_key_pairs_with_its_certificate(workshop: Workshop) -> None:
    certificate = read_certificate(workshop.content("certificate"))
    other = read_certificate(workshop.content("certificate-other"))
    assert isinstance(certificate, Certificate)
    assert isinstance(other, Certificate)
    key = read(workshop.text("rsa-2048"))
    assert key.spki_sha256 == certificate.spki_sha256
    assert key.spki_sha256 != other.spki_sha256


def test_labels_over_another_form(pkcs1: str, pkcs8: str) -> None:
    over_pkcs8 = pkcs8.replace("PRIVATE KEY", "RSA PRIVATE KEY")
    over_pkcs1 = pkcs1.replace("RSA PRIVATE KEY", "PRIVATE KEY")
    assert read(over_pkcs8).repairs == ("the label is RSA PRIVATE KEY, but the body is PKCS#8",)
    assert read(over_pkcs1).repairs == ("the label is PRIVATE KEY, but the body is PKCS#1",)


def test_a_misspelt_label_is_an_unusual_one(pkcs8: str) -> None:
    key = read(pkcs8.replace("BEGIN PRIVATE", "BEGIN PRIVAT"))
    assert key.repairs == (armor.OTHER_END, "an unusual label in the BEGIN line")


def test_missing_padding_is_mended(pkcs1: str, pkcs8: str) -> None:
    padded = next(text for text in (pkcs1, pkcs8) if "=\n" in text)
    assert read(padded.replace("=", "")).repairs == (armor.PADDING,)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_binary_der_is_read(encoding: str, workshop: Workshop, openssl: OpenSSL) -> None:
    der = openssl(f"pkcs8 -topk8 -nocrypt -outform DER -in {workshop.path('rsa-2048')}")
    text = der.decode(encoding, "surrogateescape")
    assert read(text).repairs == ("binary DER instead of PEM",)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
@pytest.mark.parametrize("endian", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_the_utf_16_of_powershell_is_read(
    encoding: str, endian: str, mark: str, pkcs8: str
) -> None:
    content = (mark + pkcs8).encode(endian).decode(encoding, "surrogateescape")
    assert read(content).repairs == ("UTF-16 instead of UTF-8",)


@pytest.mark.parametrize(
    ("material", "algorithm", "bits"),
    [
        ("rsa-1024", "RSA", 1024),
        ("rsa-pss", "RSA-PSS", 2048),
        ("ec-p256", "EC P-256", None),
        ("ed25519", "Ed25519", None),
        ("dsa", "DSA", 2048),
    ],
)
def test_other_algorithms_are_keys_with_a_name(
    material: str, algorithm: str, bits: int | None, workshop: Workshop
) -> None:
    key = read(workshop.text(material))
    assert (key.algorithm, key.bits, key.repairs) == (algorithm, bits, ())


@pytest.mark.parametrize(
    ("command", "algorithm"),
    [
        ("ecparam -name prime256v1 -genkey", "EC P-256"),  # with an EC PARAMETERS block
        ("ecparam -name secp384r1 -genkey -noout", "EC P-384"),
        ("ecparam -name secp256k1 -genkey -noout", "EC secp256k1"),
        ("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521", "EC P-521"),
        ("genpkey -algorithm X25519", "X25519"),
        ("genpkey -algorithm ed448", "Ed448"),
    ],
)
def test_more_algorithms(command: str, algorithm: str, openssl: OpenSSL) -> None:
    assert read(openssl(command).decode()).algorithm == algorithm


def test_a_curve_that_cryptography_does_not_know_is_no_crash(openssl: OpenSSL) -> None:
    found = refuse(openssl("ecparam -name prime239v1 -genkey -noout").decode())
    assert found.problem in {KeyProblem.OTHER, KeyProblem.DAMAGED}


def odd_rsa(bits: int) -> rsa.RSAPrivateKey:
    """Make a key of any size instantly: its factors needn't be prime for the numbers to fit."""
    e, p = 65537, (1 << bits // 2) - 1
    while math.gcd(p - 1, e) != 1:
        p -= 2
    q = p - 2
    while math.gcd(q - 1, e) != 1 or math.gcd(p, q) != 1:
        q -= 2
    d = pow(e, -1, math.lcm(p - 1, q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


@pytest.mark.parametrize("bits", [1024, 8192, 16384])
def test_absurd_sizes_are_sizes(bits: int) -> None:
    pem = odd_rsa(bits).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert read(pem.decode()).bits == bits


def test_a_512_bit_key_does_not_crash(openssl: OpenSSL) -> None:
    found = read_private_key(SecretStr(openssl("genrsa 512").decode()))
    assert not isinstance(found, PrivateKey) or found.bits == 512


def test_a_giant_is_refused_before_the_arithmetic() -> None:
    content = b"\x02\x01\x00" * 3 + b"\x02\x82\xa0\x00" + b"\x01" * 0xA000
    der = b"\x30\x82" + len(content).to_bytes(2, "big") + content
    found = refuse(base64.b64encode(der).decode())
    assert found == (KeyProblem.DAMAGED, "far larger than any private key")


@pytest.mark.parametrize(
    ("material", "problem", "detail"),
    [
        ("certificate", KeyProblem.CERTIFICATE, "a certificate (BEGIN CERTIFICATE)"),
        ("public-key", KeyProblem.PUBLIC_KEY, "a public key (BEGIN PUBLIC KEY)"),
        ("csr", KeyProblem.CSR, "a certificate request (BEGIN CERTIFICATE REQUEST)"),
        (
            "rsa-2048-encrypted",
            KeyProblem.ENCRYPTED,
            "an encrypted PKCS#8 key (BEGIN ENCRYPTED PRIVATE KEY)",
        ),
        (
            "rsa-2048-encrypted-pkcs1",
            KeyProblem.ENCRYPTED,
            "an encrypted key (Proc-Type: 4,ENCRYPTED)",
        ),
        (
            "rsa-2048-openssh",
            KeyProblem.OPENSSH,
            "an OpenSSH private key (BEGIN OPENSSH PRIVATE KEY)",
        ),
    ],
)
@pytest.mark.parametrize("bend", ["as is", "literal", "glued", "CRLF"])
def test_what_is_no_usable_key_is_named_however_its_lines_are_joined(
    material: str, problem: KeyProblem, detail: str, bend: str, workshop: Workshop
) -> None:
    text = workshop.text(material)
    breaks = {"as is": "\n", "literal": "\\n", "glued": "", "CRLF": "\r\n"}
    assert refuse(text.replace("\n", breaks[bend])) == (problem, detail)


@pytest.mark.parametrize(
    ("material", "problem"),
    [
        ("certificate", KeyProblem.CERTIFICATE),
        ("public-key", KeyProblem.PUBLIC_KEY),
        ("csr", KeyProblem.CSR),
        ("rsa-2048-encrypted", KeyProblem.ENCRYPTED),
        ("rsa-2048-openssh", KeyProblem.OPENSSH),
    ],
)
def test_strangers_without_or_under_a_wrong_label(
    material: str, problem: KeyProblem, workshop: Workshop
) -> None:
    body = "\n".join(workshop.text(material).strip().splitlines()[1:-1])
    wrong = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
    assert refuse(body).problem is problem
    assert refuse(wrong).problem is problem


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_binary_files_that_are_no_private_key_are_named(
    encoding: str, workshop: Workshop, openssl: OpenSSL
) -> None:
    def problem(data: bytes) -> KeyProblem:
        return refuse(data.decode(encoding, "surrogateescape")).problem

    assert problem(workshop.content("pkcs12")) is KeyProblem.PKCS12
    assert problem(workshop.content("certificate-der")) is KeyProblem.CERTIFICATE
    public = openssl(f"rsa -in {workshop.path('rsa-2048')} -RSAPublicKey_out -outform DER")
    assert problem(public) is KeyProblem.PUBLIC_KEY
    assert problem(b"\x00\x01\x02\xff\xfe\x80") is KeyProblem.OTHER


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_java_keystores(encoding: str) -> None:
    jks = (bytes.fromhex("feedfeed00000002") + bytes(64)).decode(encoding, "surrogateescape")
    assert refuse(jks) == (KeyProblem.OTHER, "a Java keystore (JKS)")
    packed = base64.b64encode(bytes.fromhex("feedfeed00000002") + bytes(64)).decode()
    assert refuse(packed) == (KeyProblem.OTHER, "a Java keystore (JKS)")


@pytest.mark.parametrize("options", ["", "-a"])
def test_a_key_that_ci_keeps_encrypted(options: str, workshop: Workshop, openssl: OpenSSL) -> None:
    key = workshop.content("rsa-2048")
    encrypted = openssl(f"enc -aes-256-cbc -pbkdf2 -pass pass:x {options}", key)
    expected = (KeyProblem.OTHER, "a file that `openssl enc` encrypted, so decrypt it first")
    assert refuse(encrypted.decode("utf-8", "surrogateescape")) == expected


def test_base64_of_a_pkcs12_file(workshop: Workshop) -> None:
    found = refuse(base64.b64encode(workshop.content("pkcs12")).decode())
    assert found == (KeyProblem.PKCS12, "a PKCS#12 file (.p12, .pfx)")


@pytest.mark.parametrize(
    ("text", "problem", "detail"),
    [
        ("", KeyProblem.EMPTY, "nothing"),
        (" \r\n\t\ufeff", KeyProblem.EMPTY, "only white space"),
        ('""', KeyProblem.OTHER, "no BEGIN line"),
        ("hello", KeyProblem.OTHER, "no BEGIN line"),
        ("QUJD" * 40, KeyProblem.OTHER, "no BEGIN line"),
        ("PuTTY-User-Key-File-3: ssh-rsa\nEnc", KeyProblem.OTHER, "a PuTTY key (.ppk)"),
        ('{"kty": "RSA", "n": "abc"}', KeyProblem.OTHER, "a JSON Web Key"),
        (
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n",
            KeyProblem.OTHER,
            "a file that age encrypted",
        ),
        (
            "-----BEGIN CERT-----\nMIIC\n-----END CERT-----\n",
            KeyProblem.OTHER,
            "something other than a key or a certificate",
        ),
        ("<RSAKeyValue><Modulus>AA</Modulus>", KeyProblem.OTHER, "a key in .NET's XML form"),
        (
            "-----BEGIN%20PRIVATE%20KEY-----%0AMII",
            KeyProblem.OTHER,
            "a URL-encoded text, so decode it first",
        ),
        ("ssh-rsa AAAAB3Nza acme", KeyProblem.PUBLIC_KEY, "an OpenSSH public key"),
        ("ssh-ed25519 AAAAC3Nz", KeyProblem.PUBLIC_KEY, "an OpenSSH public key"),
        (
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----",
            KeyProblem.PUBLIC_KEY,
            "a public key (BEGIN PUBLIC KEY)",
        ),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nx", KeyProblem.OTHER, "a PGP key"),
        ("-----BEGIN PKCS7-----\nMII=", KeyProblem.OTHER, "a PKCS#7 bundle of certificates"),
        (
            "-----BEGIN ACME KEY-----",
            KeyProblem.OTHER,
            "something other than a key or a certificate",
        ),
        ("BEGIN RSA PRIVATE KEY\nMIIE", KeyProblem.DAMAGED, "the BEGIN line has no dashes"),
        (
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
            KeyProblem.DAMAGED,
            "the body is missing",
        ),
        ("-----BEGIN PRIVATE KEY-----", KeyProblem.DAMAGED, "the body is missing"),
        (
            "-----BEGIN PRIVATE KEY-----\nQUJDREVG\n-----END PRIVATE KEY-----",
            KeyProblem.DAMAGED,
            "the body is base64, but it doesn't begin like a key",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMII=MII=\n-----END PRIVATE KEY-----",
            KeyProblem.DAMAGED,
            "the body has padding (=) in its middle (line 2)",
        ),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\n***\n-----END OPENSSH PRIVATE KEY-----",
            KeyProblem.OPENSSH,
            "an OpenSSH private key (BEGIN OPENSSH PRIVATE KEY)",
        ),
    ],
)
def test_what_is_no_key_is_named(text: str, problem: KeyProblem, detail: str) -> None:
    assert refuse(text) == (problem, detail)


def test_damage_is_located(pkcs8: str) -> None:
    lines = pkcs8.splitlines(keepends=True)
    cut = "".join(lines[:12] + lines[-1:])
    assert refuse(cut).detail == "the body is cut off (line 12)"
    assert refuse("".join(lines[:12])).detail == "the body is cut off (line 12)"
    assert refuse(cut.replace("\n", "\\n")).detail == "the body is cut off (line 12)"
    assert refuse("".join(cut.splitlines())).detail == "the body is cut off"
    doubled = "".join(lines[:-1] + lines[-5:])
    assert refuse(doubled).problem is KeyProblem.DAMAGED
    starred = pkcs8.replace(lines[4], "*" * 64 + "\n")
    assert refuse(starred).detail.endswith("not allowed in a key (line 5)")
    assert refuse("".join(lines[:3] + lines[4:])).detail == "the body is cut off (line 26)"


def test_lost_and_doubled_characters(pkcs8: str) -> None:
    # Far after the DER header, so that the outline is still a key's.
    assert refuse(pkcs8[:700] + pkcs8[704:]).detail == "the body has missing characters"
    assert refuse(pkcs8[:700] + pkcs8[696:]).detail == "the body has extra characters"
    body = pkcs8.replace("=", "")
    length = len("".join(body.splitlines()[1:-1]))
    some = (length - 1) % 4 or 4
    assert "missing or extra characters" in refuse(body[:700] + body[700 + some :]).detail


@pytest.mark.parametrize("position", range(70, 1600, 45))
def test_a_single_changed_character_is_noticed(position: int, pkcs8: str) -> None:
    if pkcs8[position] == "\n":
        position += 1
    changed = change(pkcs8, position, "A" if pkcs8[position] != "A" else "B")
    assert refuse(changed).problem is KeyProblem.DAMAGED


def test_nothing_of_a_key_is_shown(pkcs8: str) -> None:
    key = read(pkcs8)
    assert repr(key) == str(key) == "PrivateKey(**********)"
    assert not hasattr(key, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.deepcopy(key)


def test_a_text_is_read_once_and_memory_is_bounded(pkcs8: str) -> None:
    from sfcred.keys import private_key

    assert read(pkcs8) is read(pkcs8)
    first = read("\n" + pkcs8)
    for number in range(300):
        refuse(f"no key {number}")
    assert len(private_key._memory) == 256
    assert read("\n" + pkcs8) is not first


def test_importing_is_light() -> None:
    code = (
        "import sys, sfcred.keys.private_key, sfcred.keys.certificate;"
        "print(*{m.partition('.')[0] for m in sys.modules} & {'cryptography', 'pydantic'});"
        "from sfcred.keys.private_key import read_private_key as read;"
        "read(type('S', (), {'get_secret_value': lambda self: 'MEwCAQAw'})());"
        "print('cryptography.x509' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, encoding="utf-8", check=True
    )
    assert shown.stdout == "\nFalse\n"


@pytest.mark.parametrize(
    ("bend", "repairs"),
    [
        (lambda key: key.replace("-----BEGIN", "----BEGIN"), {armor.DASHES}),
        (lambda key: key.replace("KEY-----\n", "KEY----\n", 1), {armor.DASHES}),
        (lambda key: key.replace("-----END", "----END"), {armor.DASHES}),
        (lambda key: key.rstrip()[:-1] + "\n", {armor.DASHES}),
        (lambda key: "Bag Attributes\n" + key, {armor.TEXT_AROUND}),
        (lambda key: "\nx\n\n" + key, {armor.TEXT_AROUND}),
        (lambda key: key + "bye\n", {armor.TEXT_AROUND}),
        (lambda key: "key: " + key, {armor.TEXT_AROUND, armor.TEXT_ON_LINE}),
        (lambda key: key.rstrip() + " bye\n", {armor.TEXT_AROUND, armor.TEXT_ON_LINE}),
        (lambda key: key.partition("\n")[2], {armor.NO_BEGIN}),
        (lambda key: "see below:\n" + key.partition("\n")[2], {armor.NO_BEGIN}),
        (lambda key: "a-b\nsee below:\n" + key.partition("\n")[2], {armor.NO_BEGIN}),
        (lambda key: key.rstrip().rpartition("\n")[0] + "\n", {armor.NO_END}),
        (lambda key: "\t" + key, {armor.INDENTED}),
    ],
)
def test_what_has_to_be_mended_is_named_and_nothing_else(
    bend: Callable[[str], str], repairs: set[str], pkcs8: str
) -> None:
    key = read(bend(pkcs8))
    assert set(key.repairs) == repairs
    assert key.canonical_pem() == read(pkcs8).canonical_pem()


def pkcs1_of(*numbers: int) -> str:
    """An RSAPrivateKey (RFC 8017, A.1.2) with any numbers, in PEM."""
    body = base64.encodebytes(der(48, b"".join(map(integer, (0, *numbers))))).decode()
    return f"-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\n"


def test_an_rsa_key_that_is_too_large_is_said_to_be() -> None:
    """Numbers that took minutes to find, and as long to check, are no key for a login."""
    p, q = (1 << 8200) + 1, (1 << 8200) + 3
    found = refuse(pkcs1_of(p * q, 65537, 5, p, q, 5, 5, 1))
    assert found == (KeyProblem.OTHER, "an RSA key of more than 16384 bits")


@pytest.mark.parametrize("p", [1, 2, 3])
def test_rsa_numbers_that_belong_to_no_key(p: int) -> None:
    q = (1 << 2047) + 1
    assert refuse(pkcs1_of(p * q, 65537, 5, p, q, 0, 5, 1)).problem is KeyProblem.DAMAGED
    assert refuse(pkcs1_of(p * q, 65537, 5, q, p, 5, 0, 1)).problem is KeyProblem.DAMAGED


def test_an_exponent_of_one_protects_nothing() -> None:
    """Anybody could sign with it: RFC 8017, section 3.1, demands 3 or more."""
    p, q = (1 << 1030) + 7, (1 << 1031) + 1
    found = refuse(pkcs1_of(p * q, 1, 1, p, q, 1, 1, pow(q, -1, p)))
    assert found.problem is KeyProblem.DAMAGED


def test_numbers_that_fit_but_can_t_sign_are_no_key() -> None:
    """OpenSSL can't calculate with an even prime: a live login would end in an error of sfcred's."""
    p, q, exponent = (1 << 1030) + 6, (1 << 1031) + 1, 65537
    d = pow(exponent, -1, math.lcm(p - 1, q - 1))
    public = rsa.RSAPublicNumbers(exponent, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    found = read_private_key(SecretStr(pem.decode()))
    assert isinstance(found, UnusableKey)
    assert found.problem is KeyProblem.DAMAGED
