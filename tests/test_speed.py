"""What a cold start imports: a list instead of a timing, which would be noisy."""

import subprocess
import sys

import pytest

from tests.project import Project

HEAVY = (
    "asyncio", "azure", "boto3", "botocore", "cryptography", "google", "hvac", "jinja2", "logging",
    "onepassword", "pathspec", "requests", "difflib", "dotenv", "email", "httpx", "importlib.metadata",
    "jwt", "keyring", "multiprocessing", "pydantic_settings", "rich", "subprocess", "tempfile",
    "starlette", "tenacity", "tomllib", "unittest", "uvicorn", "xml",
)  # fmt: skip

# pydantic's plugin loader imports these, whatever its settings are.
PYDANTIC_S = {"email", "importlib.metadata", "logging", "tempfile"}


def imported(*arguments: str) -> set[str]:
    code = (
        "import sys; from sfcred.cli import main; status = main(sys.argv[1:]);"
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_version_imports_no_models() -> None:
    assert not imported("--version") & {*HEAVY, "pydantic", "yaml", "sfcred.spec.model"}


def test_help_imports_no_models() -> None:
    assert not imported("--help") & {*HEAVY, "pydantic", "yaml", "sfcred.spec.model"}


@pytest.mark.parametrize("base", ["oauth2"])
def test_an_offline_doctor_without_keys_imports_nothing_heavy(project: Project, base: str) -> None:
    spec = project.credential("{}\n", base)
    assert not imported("doctor", str(spec)) & {*HEAVY} - PYDANTIC_S


def test_a_key_brings_cryptography_and_nothing_else(project: Project) -> None:
    found = imported("doctor", str(project.credential()))
    assert "cryptography" in found
    assert not found & {"pydantic_settings", "subprocess", "dotenv", "asyncio"}
