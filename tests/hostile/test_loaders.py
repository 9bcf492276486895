"""No variable makes a program that sfcred starts load something of the repository."""

from pathlib import Path

import pytest

from sfcred.programs.trusted import without_programs_of

LOADERS = (
    "CORECLR_PROFILER_PATH", "COR_PROFILER_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ADDITIONAL_DEPS",
    "GEM_PATH", "GEM_HOME", "BUNDLE_GEMFILE", "LUA_INIT", "LUA_INIT_5_4", "LUA_PATH", "LUA_CPATH_5_4",
    "VK_ICD_FILENAMES", "VK_DRIVER_FILES", "VK_LAYER_PATH", "LIBGL_DRIVERS_PATH", "GBM_BACKENDS_PATH",
    "GDK_PIXBUF_MODULE_FILE", "GDK_PIXBUF_MODULEDIR", "GTK_IM_MODULE_FILE", "GST_PLUGIN_SYSTEM_PATH_1_0",
    "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH", "GIT_EXEC_PATH", "npm_config_node_options",
    "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS", "GUILE_LOAD_PATH", "TCLLIBPATH", "R_LIBS_PATH",
    "PERL5LIB", "RUBYLIB", "BASH_ENV", "LD_AUDIT", "GCONV_PATH",
)  # fmt: skip
#: Those that only a path with a folder, or the name of a file, leads into the project.
OTHERS = ("R_PROFILE_USER", "JULIA_PROJECT", "PHPRC", "SOME_FUTURE_LOADER", "OCL_ICD_VENDORS", "ALSA_CONFIG", "GIT_SSH", "EDITOR")  # fmt: skip


def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **environ: str) -> dict[str, str]:
    for place in ("work/lib", "empty", "own"):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
    (tmp_path / "work/lib/x.so").touch()
    (tmp_path / "work/x.so").touch()
    monkeypatch.chdir(tmp_path / "work")
    return without_programs_of(tmp_path / "work", environ, tmp_path / "empty")


@pytest.mark.parametrize("name", [*LOADERS, *OTHERS])
@pytest.mark.parametrize(
    "value",
    ["HERE/lib", "HERE/lib/x.so", "lib/x.so", "x.so", "/opt/x:HERE/lib", "--require=HERE/lib/x.so", "@HERE/lib/x.so", "-x HERE/lib", "LINK/x.so"],
)  # fmt: skip
def test_none_leads_into_the_project(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "work/lib")
    text = value.replace("HERE", str(tmp_path / "work")).replace("LINK", str(tmp_path / "link"))
    assert name not in kept(monkeypatch, tmp_path, **{name: text})


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize("value", ["lib", ".", "", "--require=lib"])
def test_nor_does_a_loader_where_a_program_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    assert name not in kept(monkeypatch, tmp_path, **{name: value})


@pytest.mark.parametrize("name", [*LOADERS, *OTHERS])
def test_one_to_the_person_s_own_folder_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    assert kept(monkeypatch, tmp_path, **{name: f"{tmp_path}/own"})[name] == f"{tmp_path}/own"


PROXIES = {"HTTPS_PROXY": "proxy", "http_proxy": "proxy", "ALL_PROXY": "proxy", "NO_PROXY": "n8n"}


def test_no_file_of_the_project_takes_a_proxy_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else a pull request could decide which way a login takes."""
    (tmp_path / "work").mkdir(exist_ok=True)
    for value in PROXIES.values():
        (tmp_path / "work" / value).touch()
    found = kept(monkeypatch, tmp_path, **PROXIES)
    assert {name: found.get(name) for name in PROXIES} == PROXIES


def test_ordinary_settings_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    work = tmp_path / "work"
    environ = {
        "HOME": "/home/me", "LANG": "de_DE.UTF-8", "TERM": "xterm-256color", "TZ": "Europe/Berlin",
        "DISPLAY": ":0", "USER": "me", "LS_COLORS": "di=01;34:*.tar=01;31", "LESSOPEN": "|/usr/bin/lesspipe %s",
        "XDG_DATA_DIRS": "/usr/share:/usr/local/share", "SSH_AUTH_SOCK": "/run/user/1000/ssh", "MAIL": "/var/mail/me",
        "HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "localhost,.example/x", "GIT_CEILING_DIRECTORIES": str(work),
        "AWS_WEB_IDENTITY_TOKEN_FILE": f"{work}/token", "SOPS_AGE_KEY_FILE": f"{work}/age.key",
        "GOOGLE_APPLICATION_CREDENTIALS": "gcp.json", "TMPDIR": str(work), "SHLVL": "1", "EDITOR": "vim",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://a.example/b/c?d=e",
        "LINES": "40", "CI": "true", "GITHUB_REPOSITORY": "acme/x",
    }  # fmt: skip
    found = kept(monkeypatch, tmp_path, **environ)
    assert {name: found.get(name) for name in environ} == environ
