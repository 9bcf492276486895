"""Which keys each version of n8n accepts unchanged. Every row was run with n8n's own code."""

import pytest
from pydantic import SecretStr

from sfcred.keys import armor
from sfcred.keys.private_key import why_n8n_rejects
from tests.helpers.material import Workshop
from tests.keys.shapes import ALL, NEW, OLD, RAW, SHAPES, Shape


def choke(text: str, version: tuple[int, int, int] | None) -> str | None:
    return why_n8n_rejects(SecretStr(text), version)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
@pytest.mark.parametrize("form", ["pkcs8", "pkcs1"])
def test_every_shape_in_every_version(
    shape: Shape, form: str, workshop: Workshop, request: pytest.FixtureRequest
) -> None:
    key: str = request.getfixturevalue(form)
    text = shape.bend(key, workshop.text("certificate"))
    taken_by = {version for version in ALL if choke(text, version) is None}
    assert taken_by == shape.taken_by
    assert (choke(text, None) is None) == (RAW in shape.taken_by)


@pytest.mark.parametrize(
    ("versions", "as_if"),
    [
        ([(0, 236, 0), (1, 123, 81), (2, 14, 9), (2, 15, 0), (2, 27, 4), (2, 29, 1)], RAW),
        ([(2, 29, 2), (2, 29, 9)], OLD),
        ([(2, 30, 0), (2, 41, 3), (3, 0, 0)], NEW),
    ],
)
def test_versions_between(
    versions: list[tuple[int, int, int]], as_if: tuple[int, int, int], pkcs8: str
) -> None:
    for shape in SHAPES:
        text = shape.bend(pkcs8, "")
        for version in versions:
            assert (choke(text, version) is None) == (choke(text, as_if) is None)


@pytest.mark.parametrize(
    "material",
    [
        "certificate",
        "public-key",
        "rsa-2048-encrypted",
        "rsa-2048-encrypted-pkcs1",
        "rsa-2048-openssh",
        "ec-p256",
        "ed25519",
        "dsa",
        "rsa-pss",
        "rsa-1024",
    ],
)
@pytest.mark.parametrize("version", [None, RAW, OLD, NEW])
def test_no_version_takes_these(
    material: str, version: tuple[int, int, int] | None, workshop: Workshop
) -> None:
    assert choke(workshop.text(material), version)


def test_only_one_of_the_swapped_labels_works(pkcs1: str, pkcs8: str) -> None:
    for version in ALL:
        assert choke(pkcs8.replace("PRIVATE KEY", "RSA PRIVATE KEY"), version) is None
        assert choke(pkcs1.replace("RSA PRIVATE KEY", "PRIVATE KEY"), version)


def test_a_damaged_certificate_beside_the_key_troubles_nobody(
    pkcs8: str, workshop: Workshop
) -> None:
    certificate = workshop.text("certificate")
    for damaged in (
        certificate[:100] + "*" + certificate[100:],
        certificate.replace("END ", "END X"),
    ):
        for version in ALL:
            assert choke(damaged + pkcs8, version) is None


def test_reasons_are_plain(pkcs8: str, workshop: Workshop) -> None:
    literal = pkcs8.replace("\n", "\\n")
    assert choke(literal, RAW) == f"{armor.LITERAL_BREAKS}; n8n before 2.29.2 doesn't repair that"
    assert choke(literal + "\n", NEW) == (
        f"{armor.LITERAL_BREAKS}; n8n doesn't repair text with real line breaks"
    )
    assert choke("".join(pkcs8.splitlines()), OLD) == f"{armor.ONE_LINE}; n8n doesn't repair that"
    assert choke(workshop.text("rsa-1024"), NEW) == (
        "n8n rejects RSA keys under 2048 bits, and this one has 1024"
    )
    assert choke(workshop.text("ec-p256"), NEW) == (
        "n8n signs with RS256, which needs an RSA key, and this is EC P-256"
    )
    assert choke("", NEW) == "nothing"


def test_a_mark_behind_a_space_has_no_name_but_a_reason(pkcs8: str) -> None:
    assert choke(" \ufeff" + pkcs8, NEW) == (
        "a format that OpenSSL doesn't read; n8n doesn't repair text with real line breaks"
    )
