"""Configuration: file, then variables, then options."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from sfcred.cli import group
from sfcred.errors import SettingsError
from sfcred.settings import Settings, load_settings, settings_model
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
COMMANDS = group.list_commands(click.Context(group))


def find_command(name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert found
    return found


def configured(text: str, name: str = "sfcred.toml") -> Path:
    Path(name).write_text(text, encoding="utf-8")
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


@pytest.mark.parametrize(
    "table",
    [
        "[tool.sfcred]\nfail_on = 'warning'\n",
        "[tool]\nsfcred = {fail_on = 'warning'}\n",
        "[tool.'sfcred']\nfail_on = 'warning'\n",
    ],
)
def test_pyproject_serves_if_it_has_a_table(table: str) -> None:
    root = configured(table, "pyproject.toml")
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
        ("x = 1\npaths = [\u201ccredentials\u201d]\n", 'Write straight quotes ("…")'),
        ('paths = ["more\\credentials"]\n', "Write / in place of \\ in a path."),
        ('allow_hosts = ["evil.example"]\n', "can't be set in a file"),
        # TOML has types, and the schema names them.
        ('paths = "credentials,more"\n', 'paths: must be a list: ["one", "two"]'),
        ('jobs = "8"\n', "jobs: must be a valid integer"),
        ('require_secrets = "no"\n', "require_secrets: must be true or false"),
        ("ignore = [507]\n", "ignore: must be a valid string"),
        # An empty path would mean the whole project.
        ('paths = [""]\n', "paths: must not be an empty string"),
        ('baseline = ""\n', "baseline: must not be an empty string"),
        ('secrets_dirs = [""]\n', "secrets_dirs: must not be an empty string"),
        ("paths = []\n", "paths: must not be empty"),
        ('[tool.sfcred]\npaths = ["credentials"]\n', "settings have no sections"),
        ('[doctor]\nfail_on = "warning"\n', "settings have no sections"),
        ('[sfcred.doctor]\nfail_on = "warning"\n', "settings have no sections"),
    ],
)
def test_a_bad_file_is_one_message(text: str, message: str, run: Run, project: Project) -> None:
    configured(text)
    done = run("doctor", project.credential())
    assert done.status == 2
    assert message in done.err
    assert "sfcred.toml" in done.err


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("# mine\n\nx = \n", "sfcred.toml", ":3:5: not valid TOML"),
        ("paths = [", "sfcred.toml", ": not valid TOML"),  # at its end, says the reader
        ('paths = ["a"]\n  fail_on = 3\n', "sfcred.toml", ":2:3: fail_on: "),
        ('"jobs" = "8"\n', "sfcred.toml", ":1:1: jobs: "),
        ('jobs = 8\n[path_ignores."a/"]\nSFC2 = "x"\n', "sfcred.toml", ":2:1: path_ignores: "),
        ("jobs = 8\n[doctor]\nx = 1\n", "sfcred.toml", ":2:1: settings have no sections"),
        ("jobs = 8\nallow_hosts = []\n", "sfcred.toml", ":2:1: allow_hosts can't be set in a file"),
        ('jobs = 8\npaths = ["//host/x"]\n', "sfcred.toml", ":2:1: paths: a path in it "),
        ('jobs = 8\npaths = ["../x"]\n', "sfcred.toml", ":2:1: paths: '../x' is outside"),
        # Other tools have settings of the same name.
        (
            "[tool.x]\nexclude = 1\n[tool.sfcred]\nexclude = 1\n",
            "pyproject.toml",
            ":4:1: exclude: ",
        ),
        ("tool.sfcred = {jobs = 0}\n", "pyproject.toml", ": jobs: "),
        # Two lines look like it, so neither is named.
        ('jobs = 0\nbaseline = """\njobs = 1"""\n', "sfcred.toml", ": jobs: "),
    ],
)
def test_a_bad_file_is_told_with_its_line(text: str, name: str, place: str, run: Run) -> None:
    configured(text, name)
    done = run("doctor")
    assert done.status == 2
    assert f"{name}{place}" in done.err.replace("\n", " ")


def test_a_bad_variable_is_named_and_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(Path.cwd(), {"SFCRED_CERTIFICATE_DAYS": "canary4711"})
    assert "SFCRED_CERTIFICATE_DAYS" in caught.value.message
    assert "canary4711" not in caught.value.message + caught.value.hint


#: Each setting in all three places, with the same meaning.
SETTINGS: dict[str, tuple[str, str, object]] = {
    "paths": ('["a", "b"]', "a, b", ("a", "b")),
    "exclude": ('["*.sops.yaml", "/a/"]', "*.sops.yaml, /a/", ("*.sops.yaml", "/a/")),
    "workflows": ('["flows"]', "flows", ("flows",)),
    "select": ('["SFC1"]', "SFC1", ("SFC1",)),
    "ignore": ('["SFC1", "SFC2"]', "SFC1,SFC2,", ("SFC1", "SFC2")),
    "path_ignores": ('{"*.yaml" = {SFC206 = "why"}}', '{"*.yaml": {"SFC206": "why"}}', {"*.yaml": {"SFC206": "why"}}),
    "baseline": ('"known.json"', "known.json", "known.json"),
    "fail_on": ('"warning"', "warning", "warning"),
    "require_secrets": ("true", "true", True),
    "secrets_dirs": ('["secrets"]', "secrets", ("secrets",)),
    "certificate_days": ("60", "60", 60),
    "jobs": ("3", "3", 3),
}  # fmt: skip
#: What only the environment can set.
HOSTS = ("allow_hosts", "org_hosts")


def test_every_setting_is_in_the_table() -> None:
    assert {"project", "source", *SETTINGS, *HOSTS} == {*Settings._fields}
    assert {*SETTINGS} == {*settings_model().model_fields}


@pytest.mark.parametrize("name", SETTINGS)
def test_file_and_variable_mean_the_same(name: str) -> None:
    toml, text, value = SETTINGS[name]
    variable = {f"SFCRED_{name.upper()}": text}
    assert getattr(load_settings(Path.cwd(), variable), name) == value
    root = configured(f"{name} = {toml}\n")
    assert getattr(load_settings(root, {}), name) == value


def test_the_models_defaults_are_the_settings_own() -> None:
    defaults = settings_model()().model_dump()
    for name, value in Settings._field_defaults.items():
        if name in defaults:
            given = defaults[name]
            assert value == (tuple(given) if isinstance(given, list) else given), name


@pytest.mark.parametrize("text", ["", "  ", ",", " , \t,"])
@pytest.mark.parametrize("name", [*SETTINGS, *HOSTS])
def test_an_empty_variable_is_an_error(
    name: str, text: str, run: Run, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential()
    monkeypatch.setenv(f"SFCRED_{name.upper()}", text)
    for command in (("doctor", spec), ("resolve", spec), ("render", spec, "-o", "out.json")):
        done = run(*command)
        assert done.status == 2, done
        assert f"SFCRED_{name.upper()} is empty\nhint: " in done.err
        assert "unset it" in done.err
    assert not Path("out.json").exists()


def test_an_export_is_compared_whatever_n8n_the_environment_names(
    run: Run, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential()
    Path("export.json").write_text("[]", encoding="utf-8")
    monkeypatch.setenv("SFCRED_N8N_URL", "https://n8n.acme.com")
    done = run("diff", spec, "--export", "export.json")
    assert (done.status, "missing" in done.out) == (1, True), done


@pytest.mark.parametrize("command", ["push", "diff"])
def test_an_empty_address_of_n8n_is_named(
    command: str, run: Run, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential()
    monkeypatch.setenv("N8N_API_KEY", "key")
    monkeypatch.setenv("SFCRED_N8N_URL", "")
    done = run(command, spec)
    assert done.status == 2
    assert "SFCRED_N8N_URL is empty" in done.err


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("SFCRED_ORG_HOST", "SFCRED_ORG_HOSTS"),  # would be no fence
        ("SFCRED_ORGHOSTS", "SFCRED_ORG_HOSTS"),
        ("SFCRED_REQUIRE_SECRET", "SFCRED_REQUIRE_SECRETS"),
        ("SFCRED_FAILON", "SFCRED_FAIL_ON"),
        ("SFCRED_SELCT", "SFCRED_SELECT"),
        ("sfcred_stat", "SFCRED_STATE"),
    ],
)
def test_a_misspelt_variable_is_an_error(
    variable: str, meant: str, run: Run, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential()
    monkeypatch.setenv(variable, "canary4711")
    done = run("doctor", spec)
    assert done.status == 2, done
    assert f"{variable}: unknown setting" in done.err
    assert f"Did you mean {meant}?" in done.err
    assert "canary4711" not in done.err


@pytest.mark.parametrize("variable", ["SFCRED_ACME_SECRET", "SFCRED_VERSION", "SFCRED_TOKEN_CI"])
def test_other_variables_are_nobody_s_business(variable: str) -> None:
    assert load_settings(Path.cwd(), {variable: ""}) == load_settings(Path.cwd(), {})


def test_a_variable_that_is_set_twice_is_an_error() -> None:
    with pytest.raises(SettingsError, match="SFCRED_FAIL_ON: has different values"):
        load_settings(Path.cwd(), {"SFCRED_FAIL_ON": "error", "sfcred_fail_on": "warning"})
    same = load_settings(Path.cwd(), {"SFCRED_JOBS": "3", "sfcred_jobs": "3"})
    assert same.jobs == 3


def test_what_is_wrong_is_looked_for_where_it_stands() -> None:
    """With both, the file's mistake was reported as the variable's, which is valid."""
    root = configured("jobs = 0\n")
    with pytest.raises(SettingsError, match=r"sfcred\.toml:1:1: jobs"):
        load_settings(root, {"SFCRED_JOBS": "3"})
    configured("jobs = 3\n")
    with pytest.raises(SettingsError, match=r"^SFCRED_JOBS: "):
        load_settings(root, {"SFCRED_JOBS": "0"})


def test_the_documented_settings_are_the_settings() -> None:
    """Compare names, variables, options and defaults in docs/configuration.md."""
    page = (Path(__file__).parents[1] / "docs/configuration.md").read_text(encoding="utf-8")
    lines = (line.strip("|").split("|") for line in page.splitlines() if "| `SFCRED_" in line)
    rows = [[cell.strip().strip("`") for cell in cells] for cells in lines]
    named = {
        variable.split("`")[0]: (key, option, default) for key, variable, option, default in rows
    }
    environment_only = {f"SFCRED_{name.upper()}" for name in (*HOSTS, "state", "n8n_url")}
    assert {*named} == {f"SFCRED_{name.upper()}" for name in SETTINGS} | environment_only
    options = {option for name in COMMANDS for p in find_command(name).params for option in p.opts}
    fields = settings_model().model_fields
    for variable, (key, option, default) in named.items():
        assert key == (
            "" if variable in environment_only else variable.removeprefix("SFCRED_").lower()
        )
        assert not option.startswith("-") or option in options, variable
        if key:
            value = fields[key].default
            shown = value[0] if isinstance(value, list) and value else value
            if shown not in ([], {}):
                assert str(shown).lower() in default.lower(), variable


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
    assert "SFCRED_PATH_IGNORES: not valid JSON" in done.err


@pytest.mark.parametrize("text", ["", "  "])
@pytest.mark.parametrize("name", ["doctor", "resolve", "render", "push", "diff", "app", "guide"])
def test_an_empty_profile_is_an_error(name: str, text: str, run: Run, project: Project) -> None:
    """It selected no credential of a spec with profiles, and doctor's status was 0."""
    spec = project.credential("profiles: {uat: {environment: sandbox}}\n")
    done = run(name, spec, "--profile", text)
    assert done.status == 2, done
    assert "Invalid value for '--profile': the value is empty" in done.err
