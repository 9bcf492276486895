"""What doctor says of a certificate's public key where the private key can't tell."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
SAME_KEY = "from the same key"
NEW_KEY = "Create an RSA key of 2048 bits"


def certify(project: Project, material: str, *options: str, days: int = 730) -> None:
    """Write acme.crt, a certificate of a material's public key."""
    command = ["openssl", "req", "-x509", "-new", "-subj", "/CN=acme", "-days", str(days)]
    command += ["-key", str(project.workshop.path(material)), "-out", "acme.crt", *options]
    subprocess.run(command, check=True, capture_output=True)


def examined(run: Run, spec: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run("doctor", spec, "--format", "json").out)
    return report


def found(report: dict[str, Any], check: str) -> list[dict[str, Any]]:
    return [finding for finding in report["findings"] if finding["check"] == check]


@pytest.mark.parametrize(
    ("material", "check", "message"),
    [
        ("ec-p256", "SFC403", "the certificate's key is EC P-256"),
        ("ed25519", "SFC403", "the certificate's key is Ed25519"),
        ("dsa", "SFC403", "the certificate's key is DSA"),
        ("rsa-pss", "SFC403", "the certificate's key is RSA-PSS"),
        ("rsa-1024", "SFC405", "the certificate's key has 1024 bits"),
    ],
)
@pytest.mark.parametrize("key", ["absent", "n8n's", "encrypted"])
def test_the_certificate_speaks_for_an_unknown_key(
    project: Project, run: Run, material: str, check: str, message: str, key: str
) -> None:
    certify(project, material)
    fragment = "{}\n"
    if key == "absent":
        Path("acme.key").unlink()
    elif key == "n8n's":
        fragment = "jwt: {private_key: {n8n: $secrets.vault.key}}\n"
    else:
        project.material("acme.key", "rsa-2048-encrypted")
    report = examined(run, project.credential(fragment))
    (one,) = found(report, check)
    assert message in one["message"]
    assert (one["line"], one["severity"]) == (12, "error")
    assert check not in [skipped["check"] for skipped in report["not_checked"]]


@pytest.mark.parametrize("material", ["ec-p256", "rsa-1024"])
def test_a_key_that_is_here_is_reported_once(project: Project, run: Run, material: str) -> None:
    certify(project, material)
    project.material("acme.key", material)
    report = examined(run, project.credential())
    messages = [one["message"] for one in found(report, "SFC403") + found(report, "SFC405")]
    assert [message.startswith("the private key ") for message in messages] == [True]


def test_a_good_certificate_proves_nothing_of_the_key(project: Project, run: Run) -> None:
    Path("acme.key").unlink()
    report = examined(run, project.credential())
    skipped = {one["check"] for one in report["not_checked"]}
    assert {"SFC403", "SFC405", "SFC408"} <= skipped


@pytest.mark.parametrize(
    ("check", "material"),
    [
        ("SFC409", "certificate-expired"),
        ("SFC410", "certificate-expiring"),
        ("SFC413", "certificate-sha1"),
    ],
)
def test_a_good_key_gets_a_new_certificate(
    project: Project, run: Run, check: str, material: str
) -> None:
    project.material("acme.crt", material)
    (one,) = found(examined(run, project.credential()), check)
    assert SAME_KEY in one["hint"]


@pytest.mark.parametrize("material", ["ec-p256", "rsa-pss", "rsa-1024"])
def test_no_repair_is_promised_for_a_key_that_has_to_be_replaced(
    project: Project, run: Run, material: str
) -> None:
    project.material("acme.key", material)
    (one,) = found(examined(run, project.credential()), "SFC407")
    assert "it creates an RSA key of 2048 bits" in one["hint"]
    assert "repair" not in one["hint"]


@pytest.mark.parametrize("material", ["ec-p256", "rsa-pss", "rsa-1024"])
@pytest.mark.parametrize("key", ["here", "absent"])
@pytest.mark.parametrize("check", ["SFC410", "SFC413"])
def test_a_bad_key_gets_no_new_certificate(
    project: Project, run: Run, material: str, key: str, check: str
) -> None:
    if check == "SFC413":
        certify(project, material, "-sha1")
    else:
        certify(project, material, days=10)
    project.material("acme.key", material)
    if key == "absent":
        Path("acme.key").unlink()
    (one,) = found(examined(run, project.credential()), check)
    assert SAME_KEY not in one["hint"]
    assert NEW_KEY in one["hint"]


@pytest.mark.parametrize("material", ["ec-p256", "rsa-1024"])
def test_a_key_that_must_be_replaced_explains_another_pair(
    project: Project, run: Run, material: str
) -> None:
    certify(project, "rsa-2048")
    project.material("acme.key", material)
    (one,) = found(examined(run, project.credential("{}\n")), "SFC408")
    assert one["because_of"] in {"SFC403", "SFC405"}
