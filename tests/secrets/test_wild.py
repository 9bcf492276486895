"""Every reference that the syntax allows gives a value or an error message."""

import subprocess
from collections.abc import Callable
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcred.errors import SecretUnavailable
from sfcred.secrets import Provider, all_providers, find_provider
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.secrets.conftest import CANARY, read

READABLE = [provider for provider in all_providers().values() if provider.read is not None]


@pytest.mark.parametrize("provider", READABLE, ids=lambda provider: provider.key)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_no_locator_crashes(
    provider: Provider, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setattr("sfcred.secrets.providers.azure._client", raising)
    monkeypatch.setattr(subprocess, "run", raising)
    locator = data.draw(st.from_regex(provider.pattern, fullmatch=True))
    try:
        read(f"{provider.key}: {locator}", PATH="/nowhere")
    except SecretUnavailable as error:
        assert len(error.message) > 10  # noqa: PT017 - a value is as good an end
        assert error.hint  # noqa: PT017


def raising(*_given: object, **_options: object) -> NoReturn:
    from azure.core.exceptions import ServiceRequestError

    raise ServiceRequestError(CANARY)


REMOTE = ("vault: a/b#c", "aws: a#b", "aws_ssm: /a", "azure: acme/crm", "sops: a.yaml#b")


@pytest.mark.parametrize("reference", REMOTE)
def test_a_backend_s_own_words_are_in_no_report(
    reference: str, project: Project, run: Callable[..., Outcome]
) -> None:
    project.monkeypatch.setenv("VAULT_ADDR", "http://127.0.0.1:9")
    project.monkeypatch.setenv("VAULT_TOKEN", CANARY)
    project.monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    project.monkeypatch.setenv("AWS_ACCESS_KEY_ID", CANARY)
    project.monkeypatch.setenv("AWS_REGION", "eu-central-1")
    project.monkeypatch.setattr("sfcred.secrets.providers.azure._client", raising)
    project.spec(f"sops: {{x: {CANARY}}}\nb: {CANARY}\n", "a.yaml")
    key, _, locator = reference.partition(": ")
    spec = project.credential(f'oauth2: {{client_secret: {{{key}: "{locator}"}}}}\n', "oauth2", "s.yaml")  # fmt: skip
    for command in (("doctor", "--require-secrets", "-v"), ("resolve",), ("render", "--no-check", "-o", "x.json")):  # fmt: skip
        done = run(command[0], spec, *command[1:])
        assert CANARY not in done.out + done.err
        assert "Traceback" not in done.err
    assert "SFC005" in run("doctor", spec, "--require-secrets").out


@pytest.mark.parametrize("reference", REMOTE)
@pytest.mark.parametrize(
    "command", [("doctor",), ("doctor", "--fix"), ("resolve",), ("guide",), ("app", "-o", "x")]
)
def test_a_look_at_specs_asks_nobody(
    reference: str, command: tuple[str, ...], project: Project, run: Callable[..., Outcome]
) -> None:
    key, _, locator = reference.partition(": ")
    asked = find_provider(key)._replace(read=raising)
    project.monkeypatch.setattr(f"sfcred.secrets.providers.{key}.PROVIDER", asked)
    spec = project.credential(f'oauth2: {{client_secret: {{{key}: "{locator}"}}}}\n', "oauth2", "s.yaml")  # fmt: skip
    done = run(command[0], spec, *command[1:])
    assert done.status == 0, done
    if command == ("doctor",):
        assert "which is only read with --require-secrets or --live" in done.out
