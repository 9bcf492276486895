"""Attacks from a hostile review that succeeded: values shown, compared, or made to fail.

Each test fails on the reviewed snapshot (5a806c0).
"""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.systems import make_executable, needs_posix
from tests.hostile.canaries import CANARY, leaks
from tests.hostile.sizes import Input, measure

Run = Callable[..., Outcome]

_HEAD = """\
version: 1
name: acme-crm
environment: sandbox
"""
_MY_DOMAIN = "my_domain: https://acme--uat.sandbox.my.salesforce.com\n"
_REST = "client_id: {env: ACME_CLIENT_ID}\noauth2: {client_secret: {env: ACME_CLIENT_SECRET}}\n"
_APP = """\
app:
  type: external_client_app
  label: n8n
  contact_email: crm@acme.com
  scopes: [api, refresh_token]
  callback_urls: [CALLBACK]
"""
_CALLBACK = "https://n8n.acme.com/rest/oauth2-credential/callback"


def spec(
    *,
    my_domain: str = _MY_DOMAIN,
    url: str = "https://n8n.acme.com",
    callback: str = _CALLBACK,
    n8n: str = "version: '2.40.5'",
) -> str:
    """Return a valid spec with a value in one place."""
    app = _APP.replace("CALLBACK", json.dumps(callback))
    return f"{_HEAD}{my_domain}{_REST}n8n: {{url: {json.dumps(url)}, {n8n}}}\n{app}"


def written(text: str, name: str = "credentials/acme.yaml") -> None:
    """Write a file of the project."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def everything(run: Run) -> str:
    """Return the output of all commands that only read."""
    commands = (
        ("doctor", "-v"), ("doctor", "--format", "json"), ("doctor", "--format", "github"),
        ("resolve",), ("guide",),
    )  # fmt: skip
    return "".join(done.out + done.err for done in (run(*command) for command in commands))


# -- 1. messages and hints repeat what the excerpt masks


@pytest.mark.parametrize(
    "url",
    [
        CANARY,
        f"{CANARY}!x",
        f"'{CANARY}'",
        f"https:/{CANARY}",
        f"https://n8n.acme.com:{CANARY}/home/x",
        f"https://me:{CANARY}n8n.acme.com/home/x",
        f"https://n8n.acme.com/// {CANARY}",
        f"https://n8n.acme.com/ {CANARY}",
        f"{CANARY}://n8n.acme.com",
    ],
)
def test_a_hint_does_not_repeat_a_masked_address(run: Run, url: str) -> None:
    written(spec(url=url))
    assert not leaks(everything(run))


@pytest.mark.parametrize(
    "callback",
    [
        f"{_CALLBACK} {CANARY}",
        f"{_CALLBACK}\n{CANARY}",
        f"{_CALLBACK}\u00a0{CANARY}",
        _CALLBACK.replace("https", CANARY),
        f"{CANARY} {_CALLBACK}",
        _CALLBACK.replace("acme.com", f"acme.com. {CANARY}"),
    ],
)
def test_the_difference_of_callbacks_does_not_repeat_a_masked_part(run: Run, callback: str) -> None:
    written(spec(callback=callback))
    assert not leaks(everything(run))


@pytest.mark.parametrize(
    "text",
    [
        f'N8N_ENDPOINT_REST="rest\nN8N_ENCRYPTION_KEY={CANARY}"\n',
        f"N8N_ENDPOINT_REST=rest N8N_ENCRYPTION_KEY={CANARY}\n",
    ],
)
def test_nothing_else_of_n8n_s_environment_file_is_shown(run: Run, text: str) -> None:
    written(text, "n8n.env")
    written(spec(n8n="version: '2.40.5', env_file: ../n8n.env"))
    assert not leaks(everything(run))


@pytest.mark.parametrize("field", ["my_domain", "n8n.url", "callback"])
def test_the_beginning_of_a_word_that_is_no_address_is_not_shown(run: Run, field: str) -> None:
    # ADDRESS_FORM has no end anchor: `Sup3r.Secret!Pass` is shown up to the exclamation mark.
    word = f"{CANARY}.{CANARY}!x"
    texts = {
        "my_domain": spec(my_domain=f"my_domain: '{word}'\n"),
        "n8n.url": spec(url=word),
        "callback": spec(callback=word),
    }
    written(texts[field])
    assert not leaks(everything(run))


# -- 2. what can be guessed offline


@pytest.mark.parametrize("form", ["sarif", "gitlab"])
def test_a_fingerprint_does_not_confirm_a_guess_of_an_unknown_key(run: Run, form: str) -> None:
    def report(key: str) -> str:
        written(_HEAD + _MY_DOMAIN + _REST.replace("{client_secret", f"{{{key}: x, client_secret"))
        return run("doctor", "--format", form).out

    marks = re.findall(r"\b[0-9a-f]{32}\b", report("hunter2"))
    guess = "SFC002\x00acme-crm\x00\x00oauth2.hunter2"
    assert hashlib.sha256(guess.encode()).hexdigest()[:32] not in marks
    assert report("hunter2") == report("hunter3")


# -- 3. the equality oracle


@pytest.mark.parametrize(
    "variable", ["GITHUB_HEAD_REF", "CI_COMMIT_MESSAGE", "CI_MERGE_REQUEST_TITLE"]
)
def test_variables_that_a_pull_request_sets_are_not_compared_with_secrets(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    other = _MY_DOMAIN.replace("acme--", "other--")
    app = "app: {type: external_client_app}\n"
    one = _HEAD + _MY_DOMAIN + _REST.replace("ACME_CLIENT_ID", "DB_PASSWORD") + app
    two = _HEAD.replace("acme-crm", "two") + other + _REST.replace("ACME_CLIENT_ID", variable) + app
    written(f"{one}---\n{two}")
    monkeypatch.setenv("DB_PASSWORD", "hunter2-hunter2")

    def report(guess: str) -> str:
        monkeypatch.setenv(variable, guess)
        return run("doctor", "--format", "json").out

    assert report("hunter2-hunter2") == report("hunter3-hunter3")


def test_a_baseline_does_not_let_another_foreign_host_in(run: Run) -> None:
    # Version 1 hashed the masked line, which contains the host. Version 2 hashes only the field.
    written(spec(my_domain="my_domain: https://acme.my.salesforce.com.example.net\n"))
    assert run("doctor", "--write-baseline").status == 1  # never in a baseline
    written(spec(my_domain="my_domain: https://acme.my.salesforce.com.evil.example\n"))
    assert run("doctor").status == 1


# -- 4. crashes ("a bug in sfcred")


@pytest.mark.parametrize("pattern", ["!", "\\\\", "a[z-a]", "a\\\\"])
def test_a_pattern_that_is_none_is_a_usage_error(run: Run, pattern: str) -> None:
    written(spec())
    written(f'[path_ignores."{pattern}"]\nSFC206 = "why"\n', "sfcred.toml")
    done = run("doctor")
    assert "a bug in sfcred" not in done.err
    assert done.status != 3


@pytest.mark.parametrize("field", ["clientId", "clientSecret"])
def test_an_export_with_half_a_character_is_no_bug(run: Run, field: str) -> None:
    good = {"clientId": "x", "clientSecret": "y"}
    entries = [
        {"id": str(number), "name": f"n{number}", "type": "salesforceOAuth2Api", "data": data}
        for number, data in enumerate((good, {**good, field: "\ud800"}))
    ]
    written(json.dumps(entries), "export.json")
    done = run("import", "export.json", "-o", "imported")
    assert "a bug in sfcred" not in done.err
    assert "it contains half a character" in done.out
    assert {path.stem for path in Path("secrets").iterdir()} == {"n0"}
    assert [path.name for path in Path("imported").iterdir()] == ["n0.yaml"]


def test_completion_of_no_word_is_no_bug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SFCRED_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "sfcred doctor")
    monkeypatch.setenv("COMP_CWORD", "x")
    done = run()
    assert "a bug in sfcred" not in done.err


# -- 5. time


@needs_posix  # measure() forks
def test_many_rules_in_a_shared_configuration_take_no_long_time() -> None:
    def shared(rules: int) -> Input:
        checks = ",".join(f'SFC{number:03}="x"' for number in range(rules))
        lines = "".join(f'"p{number:03}" = {{{checks}}}\n' for number in range(200))
        files = {
            "credentials/acme.yaml": spec(),
            "pyproject.toml": f"[tool.sfcred.path_ignores]\n{lines}",
        }
        return Input(files, ("doctor",))

    assert measure(shared(400)).seconds < 5


# -- 6. secrets that an answer repeats


def test_what_n8n_s_refusal_repeats_is_masked_before_it_is_cut(
    run: Run, monkeypatch: pytest.MonkeyPatch, httpx_mock: HTTPXMock
) -> None:
    secret = "0123456789ABCDEF" * 4
    monkeypatch.setenv("N8N_API_KEY", "key-canary-1")
    monkeypatch.setenv("ACME_CLIENT_ID", CANARY)
    monkeypatch.setenv("ACME_CLIENT_SECRET", secret)
    written(spec(n8n="version: '2.40.5', id: acmeCrm000000001").replace("my_domain", "# my_domain"))
    Path("sfcred.toml").write_text('ignore = ["SFC106"]\n', encoding="utf-8")
    httpx_mock.add_response(
        url="https://n8n.acme.com/api/v1/credentials?limit=100",
        json={"data": [], "nextCursor": None},
        is_reusable=True,
    )
    message = f"{CANARY} key-canary-1 {'.' * 240} {secret}"
    httpx_mock.add_response(method="POST", status_code=500, json={"message": message})
    done = run("push", "--n8n", "https://n8n.acme.com", "--yes", "--no-check")
    assert "HTTP 500" in done.out + done.err, done
    assert not leaks(done.out + done.err)
    assert "key-canary" not in done.out + done.err
    assert secret[:8] not in done.out + done.err


@pytest.mark.parametrize(
    "variable", ["JOB_NAME", "TAG_NAME", "REF", "CIRRUS_TAG", "CHANGED_FILES", "PR_TITLE"]
)
def test_a_variable_that_may_hold_anything_is_no_guess(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    test_variables_that_a_pull_request_sets_are_not_compared_with_secrets(
        run, monkeypatch, variable
    )


def test_a_checkout_that_is_the_home_folder_brings_no_program(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Some CI systems set HOME to the workspace."""
    marker, program = tmp_path / "marker", Path(".local/bin/git")
    subprocess.run(["git", "init", "--quiet"], check=True)
    written(spec(), "svc/credentials/acme.yaml")
    written(f"#!/bin/sh\ntouch {marker}\n", str(program))
    make_executable(program)
    monkeypatch.setenv("HOME", str(Path.cwd()))
    monkeypatch.setenv(
        "PATH", os.pathsep.join([str(program.parent.absolute()), os.environ["PATH"]])
    )
    monkeypatch.chdir("svc")
    run("render", "-o", "out.json", "--no-check")
    run("doctor")
    assert not marker.exists()
