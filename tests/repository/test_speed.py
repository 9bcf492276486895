"""What a cold start imports: a list instead of a timing, which would be noisy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.project import Project

HEAVY = (
    "asyncio", "azure", "boto3", "botocore", "cryptography", "google", "hvac", "jinja2", "logging",
    "onepassword", "pathspec", "requests", "difflib", "dotenv", "email", "httpx", "importlib.metadata",
    "jwt", "keyring", "multiprocessing", "pydantic_settings", "rich", "subprocess", "tempfile",
    "starlette", "tenacity", "tomllib", "unittest", "uvicorn", "xml",
)  # fmt: skip

# pydantic's plugin loader imports these, whatever its settings are.
PYDANTIC_S = {"email", "importlib.metadata", "logging", "tempfile"}


def imported(*arguments: str, **environ: str) -> set[str]:
    code = (
        "import sys; from sfcred.cli import main; status = main(sys.argv[1:]);"
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, **environ},
    )
    return set(done.stderr.split())


def test_version_imports_no_models() -> None:
    found = imported("--version")
    assert not found & {*HEAVY, "pydantic", "yaml", "sfcred.spec.model", "sfcred.text.wrapping"}


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


@pytest.mark.parametrize("file", ["sfcred.toml", "pyproject.toml"])
def test_a_configuration_file_brings_a_toml_reader_and_nothing_else(
    project: Project, file: str
) -> None:
    head = "[tool.sfcred]\n" if file == "pyproject.toml" else ""
    Path(file).write_text(
        f'{head}ignore = ["SFC507"]\njobs = 3\nbaseline = "known.json"\n', encoding="utf-8"
    )
    spec = project.credential("{}\n", "oauth2")
    assert imported("doctor", str(spec)) & {*HEAVY} - PYDANTIC_S == {"tomllib"}


# Every CI job that logs in sets it, and it has no model.
def test_a_fence_brings_no_model_of_variables(project: Project) -> None:
    spec = project.credential("{}\n", "oauth2")
    found = imported("doctor", str(spec), SFCRED_ORG_HOSTS="acme--uat.sandbox.my.salesforce.com")
    assert not found & {*HEAVY} - PYDANTIC_S


def test_variables_bring_pydantic_settings(project: Project) -> None:
    spec = project.credential("{}\n", "oauth2")
    assert "pydantic_settings" in imported("doctor", str(spec), SFCRED_IGNORE="SFC507")


def test_pydantic_looks_for_no_plugins(project: Project) -> None:
    """Looking for them costs time in an environment with many packages, and a plugin sees specs."""
    code = (
        "import atexit, sys; from sfcred.__main__ import run\n"
        "def tell():\n"
        "    from pydantic.plugin import _loader\n"
        "    sys.stderr.write(f'plugins: {_loader._plugins}')\n"
        "atexit.register(tell); run()\n"
    )
    spec = project.credential("{}\n", "oauth2")
    command = [sys.executable, "-c", code, "doctor", str(spec)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.endswith("plugins: None")
