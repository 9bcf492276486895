"""A private key in the file with the certificate is found in every shape, and never written."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SHAPES: dict[str, Callable[[str, str], str]] = {
    "the key alone": lambda _, key: key,
    "both": lambda certificate, key: certificate + key,
    "bare base64": lambda _, key: "".join(key.strip().splitlines()[1:-1]),
    "base64 of the file": lambda _, key: packed(key),
    "base64 of both": lambda certificate, key: packed(certificate + key),
    "base64 of an export": lambda certificate, key: packed(
        f"Bag Attributes\n    localKeyID: 01\n{certificate}Key Attributes: <No Attributes>\n{key}"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_key_in_the_certificate_s_file(project: Project, run: Run, shape: str) -> None:
    certificate, key = (project.workshop.text(name) for name in ("certificate", "rsa-2048"))
    path = project.credential("{}\n", "jwt")
    Path("acme.crt").write_text(SHAPES[shape](certificate, key), encoding="utf-8")
    done = run("doctor", path)
    assert (done.status, "SFC412" in done.out) == (1, True), done
    written = run("app", path, "-o", "out", "--no-check", "--force")
    shown = done.out + done.err + written.out + written.err
    files = "".join(one.read_text(encoding="utf-8") for one in Path("out").rglob("*.xml"))
    for line in key.splitlines()[1:-1]:
        assert line not in shown + files
        assert packed(line)[4:-4] not in shown + files
