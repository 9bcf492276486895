"""No home folder: HOME isn't set, and the user id has no account, as in many containers."""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
DATA = base64.b64encode(b"Salted__" + bytes(24)).decode()
ENCRYPTED = [{"id": "a", "name": "a", "type": "salesforceJwtApi", "data": DATA}]
COMMANDS = (
    ("doctor",), ("doctor", "--fix"), ("doctor", "-o", "html=x.html"), ("resolve",), ("guide", "acme-crm"),
    ("app", "-o", "app"), ("render", "-o", "out.json"), ("render", "--encrypt", "-o", "out2.json"),
    ("import", "export.json"), ("diff", "--export", "export.json"), ("keygen", "acme-crm"), ("needs",),
    ("push", "--n8n", "http://127.0.0.1:9", "--dry-run"), ("init", "other", "--no-input"), ("login", "acme-crm"),
    ("explain", "--error", "invalid_grant"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_account(number: int) -> None:
        raise KeyError(number)

    for name in ("HOME", "USERPROFILE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform != "win32":
        monkeypatch.setattr("pwd.getpwuid", no_account)
    monkeypatch.setenv("N8N_API_KEY", "x")
    Path("export.json").write_text(json.dumps(ENCRYPTED), encoding="utf-8")


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_fails_for_it(project: Project, run: Run, arguments: tuple[str, ...]) -> None:
    project.credential(name="credentials/acme.yaml")
    done = run(*arguments)
    assert done.status in (0, 1, 2, 4), done
    assert "bug" not in done.err


@pytest.mark.parametrize("command", [("import", "export.json"), ("render", "--encrypt", "-o", "x")])
def test_a_folder_named_as_the_home_is_written_is_no_home(
    project: Project, run: Run, command: tuple[str, ...]
) -> None:
    """Without a home, `~` stays as it is, and would be a folder of the checkout."""
    project.credential(name="credentials/acme.yaml")
    Path("~/.n8n").mkdir(parents=True)
    Path("~/.n8n/config").write_text(
        '{"encryptionKey": "known to whoever wrote it"}', encoding="utf-8"
    )
    done = run(*command)
    assert done.status != 0, done
    assert "is in the project" in done.out + done.err
    assert not Path("x").exists()
