"""Configuration: file, then variables, then options."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.errors import SettingsError
from sfcred.settings import load_settings
from tests.conftest import Outcome
from tests.project import Project

Run = Callable[..., Outcome]


def configured(text: str, name: str = "sfcred.toml") -> Path:
    Path(name).write_text(text)
    return Path.cwd()


def test_without_any_the_defaults_hold() -> None:
    settings = load_settings(Path.cwd(), {})
    assert settings.paths == ("credentials",)
    assert settings.source is None


def test_the_file_is_found_from_below() -> None:
    root = configured('ignore = ["SFC507"]\ncertificate_days = 60\n')
    (root / "a/b").mkdir(parents=True)
    settings = load_settings(root / "a/b", {})
    assert (settings.project, settings.ignore, settings.certificate_days) == (root, ("SFC507",), 60)


def test_pyproject_serves_if_it_has_a_table() -> None:
    root = configured("[tool.sfcred]\nfail_on = 'warning'\n", "pyproject.toml")
    assert load_settings(root, {}).fail_on == "warning"
    configured("[tool.other]\n", "pyproject.toml")
    assert load_settings(root, {}).source is None


def test_variables_come_first() -> None:
    root = configured('fail_on = "warning"\nignore = ["SFC1"]\n')
    settings = load_settings(root, {"SFCRED_IGNORE": "SFC2, SFC3", "SFCRED_ALLOW_HOSTS": "a:1"})
    assert settings.ignore == ("SFC2", "SFC3")
    assert settings.fail_on == "warning"
    assert settings.allow_hosts == ("a:1",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignor = []\n", "ignor"),
        ("ignore = 3\n", "ignore"),
        ("fail_on = 'never'\n", "fail_on"),
        ("certificate_days = -1\n", "certificate_days"),
        ("x = \n", "not valid TOML"),
        ('allow_hosts = ["evil.example"]\n', "can't be set in a file"),
    ],
)
def test_a_bad_file_is_one_message(text: str, message: str, run: Run, project: Project) -> None:
    configured(text)
    done = run("doctor", project.credential())
    assert done.status == 2
    assert message in done.err
    assert "sfcred.toml" in done.err


def test_a_bad_variable_is_named_and_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(Path.cwd(), {"SFCRED_CERTIFICATE_DAYS": "canary4711"})
    assert "SFCRED_CERTIFICATE_DAYS" in caught.value.message
    assert "canary4711" not in caught.value.message + caught.value.hint


def test_ignores_of_the_configuration_hold(project: Project, run: Run) -> None:
    spec = project.credential("app: {scopes: [api]}\n")
    assert "SFC202" in run("doctor", spec).out
    configured('ignore = ["SFC202"]\n')
    assert "SFC202" not in run("doctor", spec).out


@pytest.mark.parametrize("host", ["127.0.0.1:8443", "127.0.0.1"])
def test_an_allowed_host_counts_as_an_authority(
    project: Project, run: Run, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential("my_domain: http://127.0.0.1:8443\n")
    assert run("doctor", spec).status == 1
    assert run("doctor", spec, "--allow-host", host).status == 0
    monkeypatch.setenv("SFCRED_ALLOW_HOSTS", host)
    assert run("doctor", spec).status == 0


def test_only_loopback_may_be_plain_http(project: Project, run: Run) -> None:
    spec = project.credential("my_domain: http://org.example.com\n")
    assert run("doctor", spec, "--allow-host", "org.example.com").status == 1


def test_path_ignores_in_a_variable(run: Run, project: Project) -> None:
    spec = project.credential("app: {scopes: [full, refresh_token]}\n")
    project.monkeypatch.setenv("SFCRED_PATH_IGNORES", '{"*.yaml": {"SFC206": "why"}}')
    assert "1 ignored" in run("doctor", spec).out
    project.monkeypatch.setenv("SFCRED_PATH_IGNORES", '{"*.yaml')
    done = run("doctor", spec)
    assert done.status == 2
    assert "SFCRED_PATH_IGNORES: is not valid JSON" in done.err
