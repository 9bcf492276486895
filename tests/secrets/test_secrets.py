"""Secrets never appear in any output: canaries through every command, including failures."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcred.report import format_names
from sfcred.secrets import find_provider
from sfcred.secrets.providers import dotenv
from sfcred.text.redact import redact, show
from tests.conftest import Outcome
from tests.helpers.project import BASES, Project, laid_over
from tests.helpers.specs import HEAD
from tests.helpers.systems import has_mode

Run = Callable[..., Outcome]
CANARY = "canaryVerySecretValue4711"
COMMANDS = (
    ("doctor",),
    ("doctor", "-v", "--require-secrets"),
    *(("doctor", "--format", name) for name in format_names()),
    ("doctor", "--diff"),
    ("resolve",),
    ("resolve", "--format", "json"),
    ("render", "-o", "out.json", "--force"),
    ("render", "--separate", "-o", "out", "--force"),
    ("render", "--no-check", "-o", "out2.json", "--force"),
    ("render", "--encrypt", "-o", "out3.json", "--force"),
    ("render", "--target", "n8n-overwrite"),
    ("guide",),
    ("guide", "--format", "html"),
    ("guide", "--format", "markdown"),
    ("app", "-o", "salesforce", "--force", "--no-check"),
    ("login", "--no-browser", "--no-check"),
    ("keygen", "--force"),
    ("diff", "--export", "export.json"),
    ("doctor", "--fix", "--no-ignores"),
)


def assert_silent(run: Run, spec: Path) -> None:
    Path("export.json").write_text(
        json.dumps(
            [
                {
                    "id": "x",
                    "name": "n",
                    "type": "salesforceJwtApi",
                    "data": {"clientId": CANARY, "privateKey": CANARY},
                }
            ]
        ),
        encoding="utf-8",
    )
    for name, *options in COMMANDS:
        done = run(name, spec, *options)
        assert CANARY not in done.out + done.err, (name, options)
        assert done.status in (0, 1, 2), done
        assert "Traceback" not in done.err
        assert "a bug in sfcred" not in done.err


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("shape", ["{}", " {} ", '"{}"', "={{{{ {} }}}}", "{}\n", "{}\x1b[31m"])
def test_values_behind_references(
    project: Project, run: Run, base: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACME_CLIENT_ID", "ACME_CLIENT_SECRET", "ACME_REFRESH_TOKEN", "USERNAME"):
        monkeypatch.setenv(name, shape.format(CANARY))
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", CANARY)
    project.material("acme.key", f"text:-----BEGIN PRIVATE KEY-----\n{shape.format(CANARY)}\n")
    fragment = "jwt: {username: {env: USERNAME}}\n" if base == "jwt" else "{}\n"
    assert_silent(run, project.credential(fragment, base))


INLINE = (
    f"oauth2:\n  client_secret: {CANARY}\n",
    f"oauth2:\n  client_secret:\n    {CANARY}\n",
    f"oauth2:\n  client_secret: |\n    {CANARY}\n",
    f"oauth2: {{client_secret: {CANARY}, refresh_token: {CANARY}}}\n",
    f"oauth2:\n  client_secrt: {CANARY}\n",
    f"client_secret: {CANARY}\n",
    f"oauth2: {CANARY}\n",
    f"oauth2: [{CANARY}]\n",
    f"oauth2:\n  client_secret: {{env: {CANARY} x}}\n",
    f"jwt:\n  private_key: -----BEGIN PRIVATE KEY-----{CANARY}\n  username: a\n",
    f"jwt:\n  private_key: |\n    -----BEGIN PRIVATE KEY-----\n    {CANARY}\n   x: [\n",
    f"oauth2:\n  client_secret: {CANARY}\n  client_secret: {CANARY}\n",
    f"oauth2:\n  client_secret: '{CANARY}\n",
    f"oauth2:\n\tclient_secret: {CANARY}\n",
    f"oauth2: {{client_secret: *{CANARY}}}\n".replace("*c", "* c"),
    f"n8n:\n  version: 2.40\n  password: {CANARY}\n",
    f"my_domain: https://me:{CANARY}@acme.my.salesforce.com/\n",
    f"my_domain: https://acme.my.salesforce.com/?sid={CANARY}\n",
    f"my_domain: https://acme.lightning.force.com/x#access_token={CANARY}\n",
    f"n8n: {{url: 'https://me:{CANARY}@n8n.acme.com/'}}\n",
    f"app: {{callback_urls: ['https://n8n.acme.com/rest/oauth2-credential/callback?x={CANARY}']}}\n",
    f"{CANARY}\n",
    f"- {CANARY}\n",
)


@pytest.mark.parametrize("text", INLINE)
def test_secrets_that_stand_in_a_spec(project: Project, run: Run, text: str) -> None:
    assert_silent(run, project.spec(HEAD + text))
    assert_silent(run, project.spec(text))


def test_files_with_secrets_are_the_owner_s_alone(project: Project, run: Run) -> None:
    spec = project.credential()
    old = os.umask(0)
    try:
        assert run("render", spec, "-o", "out.json").status == 0
        assert run("render", spec, "--separate", "-o", "out").status == 0
    finally:
        os.umask(old)
    for path in (Path("out.json"), Path("out/acme-crm.json")):
        assert has_mode(path, 0o600)
    assert has_mode(Path("out"), 0o700)


def test_terminals_can_t_be_steered_by_a_spec(project: Project, run: Run) -> None:
    spec = project.spec(
        laid_over("jwt", "app:\n  label: 'x'\n").replace("label: x", 'label: "\\e[2J1"')
    )
    done = run("doctor", spec)
    assert "\x1b" not in done.out
    assert "SFC610" in done.out


@given(st.text())
def test_nothing_unprintable_is_shown(text: str) -> None:
    for shown in (redact(text).replace("\n", ""), show(text)):
        assert shown.isprintable() or "\n" in shown


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    field=st.sampled_from(["client_secret", "refresh_token", "private_key", "anything"]),
    indent=st.sampled_from(["", "  ", "- ", "    "]),
    quote=st.sampled_from(["", "'", '"', "|\n  ", ">-\n  ", "!x ", "&a ", "{a: ", "["]),
)
def test_wherever_a_literal_stands(
    project: Project, run: Run, field: str, indent: str, quote: str
) -> None:
    spec = project.spec(f"{HEAD}oauth2:\n{indent}{field}: {quote}{CANARY}\nflow: 3\n")
    for name, *options in COMMANDS[:3]:
        done = run(name, spec, *options)
        assert CANARY not in done.out + done.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has variables of characters")
def test_a_variable_is_read_as_utf_8_in_every_locale(project: Project, run: Run) -> None:
    """Otherwise, a locale of another encoding would change the secret."""
    spec = project.credential("oauth2: {client_secret: {env: OWN_SECRET}}\n", base="oauth2")
    project.monkeypatch.setenv("OWN_SECRET", os.fsdecode("Schlüssel7".encode()))
    assert run("render", spec, "-o", "out.json", "--force", "--no-check").status == 0
    (entry,) = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert entry["data"]["clientSecret"] == "Schlüssel7"
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "sfcred", "diff", str(spec), "--export", "out.json"]
    subprocess.run(command, env={**os.environ, **locale}, check=True)


def test_a_provider_is_found_by_the_name_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyError):
        find_provider("envv")
    monkeypatch.setattr("sfcred.secrets._module", lambda _key: dotenv)
    with pytest.raises(TypeError, match="has no PROVIDER with the key env"):
        find_provider("env")
