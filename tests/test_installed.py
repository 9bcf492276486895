"""How sfcred was installed, as pip itself records it, and what installs the same one elsewhere."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sfcred import installed
from sfcred.installed import EXTRAS, Installation, Manager
from sfcred.version import __version__

ROOT = Path(__file__).parent.parent
COMMIT, DIGEST = "a" * 40, "b" * 64
GIT = "https://git.example/team/sfcred.git"
WHEEL = "https://files.example/sfcred-0.1.0-py3-none-any.whl"
# For an index, pip records nothing. No index has a development version, so it came from wheels here.
RELEASED, UNKNOWN = ["", "None", f"sfcred=={__version__}"], [None, "None", None]
WITHOUT_RECORD = UNKNOWN if ".dev" in __version__ else RELEASED
ASK = (
    "from sfcred.installed import installation as i; import json;"
    "print(json.dumps([i().address, str(i().origin), i().requirement()]))"
)


def pip(*words: str) -> None:
    command = [sys.executable, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    subprocess.run(command, check=True, capture_output=True)


def asked(folder: Path, where: Path = Path()) -> list[str | None]:
    """Ask the sfcred in a folder how it was installed."""
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, encoding="utf-8", check=True, cwd=where,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )  # fmt: skip
    answer: list[str | None] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def install(folder: Path, *what: str) -> Path:
    pip("install", "--no-deps", "--no-build-isolation", "--target", str(folder), *what)
    return folder


# -- what pip records


def test_a_release_of_an_index(tmp_path: Path, wheel: Path) -> None:
    there = install(tmp_path / "x", "--no-index", "--find-links", str(wheel.parent), "sfcred")
    assert asked(there) == WITHOUT_RECORD
    (there / "sfcred/version.py").write_text('__version__ = "7.8.9"\n', encoding="utf-8")
    assert asked(there) == ["", "None", "sfcred==7.8.9"]


def test_a_wheel_on_this_machine(tmp_path: Path, wheel: Path) -> None:
    assert asked(install(tmp_path / "x", str(wheel))) == [None, str(wheel), None]


def test_a_folder_on_this_machine(tmp_path: Path) -> None:
    folder = tmp_path / "with a space"
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "sfcred"):
        (folder / name).symlink_to(ROOT / name)
    assert asked(install(tmp_path / "x", str(folder))) == [None, str(folder), None]


def test_a_commit_on_this_machine(tmp_path: Path, wheel: Path) -> None:
    there = install(tmp_path / "x", str(wheel))
    (record,) = there.glob("*.dist-info/direct_url.json")
    record.write_text(
        json.dumps({"url": tmp_path.as_uri(), "vcs_info": {"vcs": "git", "commit_id": COMMIT}}),
        encoding="utf-8",
    )
    assert asked(there) == [None, str(tmp_path), None]


def test_what_is_no_longer_there_is_no_origin(tmp_path: Path) -> None:
    """As in a container image: the build's wheel isn't in it. A command with its path would fail."""
    record = {"url": (tmp_path / "gone-1.whl").as_uri(), "archive_info": {}}
    assert installed._read(json.dumps(record)) == (None, None)


def test_no_checkout_decides_what_is_installed(tmp_path: Path, wheel: Path) -> None:
    checkout = tmp_path / "checkout"
    record = checkout / "sfcred-9.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: sfcred\nVersion: 9\n", encoding="utf-8"
    )
    (record / "direct_url.json").write_text(
        json.dumps({"url": WHEEL, "archive_info": {}}), encoding="utf-8"
    )
    there = install(tmp_path / "x", "--no-index", "--find-links", str(wheel.parent), "sfcred")
    assert asked(there, checkout) == WITHOUT_RECORD


# -- what it means


@pytest.mark.parametrize(
    ("record", "requirement"),
    [
        (None, f"sfcred[vault]=={__version__}"),
        ({"url": GIT, "vcs_info": {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"}}, f"sfcred[vault] @ git+{GIT}@{COMMIT}"),
        ({"url": "ssh://git@git.example/x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, f"sfcred[vault] @ git+ssh://git@git.example/x@{COMMIT}"),
        ({"url": GIT, "subdirectory": "tools/sf", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, f"sfcred[vault] @ git+{GIT}@{COMMIT}#subdirectory=tools/sf"),
        ({"url": WHEEL, "archive_info": {"hash": f"sha256={DIGEST}", "hashes": {"sha256": DIGEST}}}, f"sfcred[vault] @ {WHEEL}#sha256={DIGEST}"),
        ({"url": WHEEL, "archive_info": {}}, f"sfcred[vault] @ {WHEEL}"),
        # What nobody else can get, or what must not be repeated.
        ({"url": "file:///srv/sfcred", "dir_info": {"editable": True}}, None),
        ({"url": "https://user:canary@git.example/x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, None),
        ({"url": "https://${TOKEN}@git.example/x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, None),
        ({"url": "https://git.example/${{ x }}", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, None),
        ({"url": f"{WHEEL}?X-Amz-Signature=canary", "archive_info": {}}, None),
        ({"url": "http://files.example/sfcred.whl", "archive_info": {}}, None),
        ({"url": GIT, "vcs_info": {"vcs": "git", "commit_id": "main; id"}}, None),
        ({"url": GIT, "subdirectory": "../x y", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, None),
        ({"url": GIT, "vcs_info": {"vcs": "hg", "commit_id": COMMIT}}, None),
        ({}, None),
        ([], None),
    ],
)  # fmt: skip
def test_the_requirement_that_others_can_use(record: object, requirement: str | None) -> None:
    source = ("", None) if record is None else installed._read(json.dumps(record))
    assert Installation(*source, "pip").requirement("vault") == requirement


@pytest.mark.parametrize(
    ("one", "command"),
    [
        (Installation("", None, "pipx"), f"pipx install --force 'sfcred[vault]=={__version__}'"),
        (Installation(None, Path("/srv/sf"), "pipx"), "pipx install --force 'sfcred[vault] @ file:///srv/sf'"),
        (Installation(None, Path("/srv/sf"), "uv tool"), "uv tool install --force 'sfcred[vault] @ file:///srv/sf'"),
        (Installation(f"git+{GIT}@{COMMIT}", None, "uv tool"), f"uv tool install --force 'sfcred[vault] @ git+{GIT}@{COMMIT}'"),
        (Installation("", None, "uvx"), f"uvx --from 'sfcred[vault]=={__version__}' sfcred"),
        # By the name alone, another sfcred could replace this one.
        (Installation("", None, "uv pip"), f"uv pip install --no-config --python {sys.executable} 'hvac>=2.3'"),
        (Installation(None, None, "pipx"), "pipx inject sfcred 'hvac>=2.3'"),
        (Installation(None, None, "uv tool"), f"uv pip install --no-config --python {sys.executable} 'hvac>=2.3'"),
        (Installation(None, None, "uvx"), f"uv pip install --no-config --python {sys.executable} 'hvac>=2.3'"),
        (Installation(None, Path("/srv/sf"), "pip"), f"{sys.executable} -I -m pip install 'hvac>=2.3'"),
        # Nothing can be installed in the image: another one has to be built.
        (Installation("", None, "image"), "docker build --tag sfcred --build-arg 'EXTRAS=[vault]' CLONE"),
    ],
)  # fmt: skip
def test_the_command_that_adds_an_extra(
    one: Installation, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setattr(installed, "_has", lambda _extra: False)
    assert one.command("vault") == command


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("image", "docker build --tag sfcred --build-arg 'EXTRAS=[local-org,vault,aws]' CLONE"),
        ("pipx", "pipx install --force 'sfcred[local-org,vault,aws] @ file:///srv/sf'"),
        ("uv tool", "uv tool install --force 'sfcred[local-org,vault,aws] @ file:///srv/sf'"),
        ("uvx", "uvx --from 'sfcred[local-org,vault,aws] @ file:///srv/sf' sfcred"),
    ],
)
def test_another_extra_does_not_cost_those_that_are_there(
    manager: Manager, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {"starlette", "uvicorn", "boto3", "azure-identity"}  # azure needs one more package
    monkeypatch.setattr(installed, "_distribution", lambda name: name in there)
    assert Installation(None, Path("/srv/sf"), manager).command("vault") == command


def test_extras_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed._has("keyring")
    monkeypatch.setattr(installed, "EXTRAS", {"keyring": ("no-such-thing>=1",)})
    assert not installed._has("keyring")


def test_in_an_active_environment_the_command_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert Installation("", None, "pip").command("vault") == "pip install 'hvac>=2.3'"


def test_extras_are_those_of_pyproject_toml() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {name: list(needed) for name, needed in EXTRAS.items()} == project[
        "optional-dependencies"
    ]


@pytest.mark.parametrize("manager", ["pip", "uv pip", "pipx", "uv tool", "uvx"])
def test_no_command_gets_sfcred_by_its_name_alone(manager: Manager) -> None:
    for one in (Installation(None, None, manager), Installation(None, Path("/srv/x"), manager)):
        for extra in EXTRAS:
            command = one.command(extra).removeprefix("pipx inject sfcred ")
            assert not re.search(
                r"sfcred(?:\[[\w-]+\])?'?(?: (?!@)|$)", command.removesuffix(" sfcred")
            ), command


@pytest.mark.parametrize(
    ("file", "manager"),
    [
        ("pipx_metadata.json", "pipx"),
        ("uv-receipt.toml", "uv tool"),
        ("sfcred-container-image", "image"),
    ],
)
def test_the_environment_tells_its_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, manager: str
) -> None:
    (tmp_path / file).write_text("", encoding="utf-8")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert installed._manager() == manager


def test_uvx_s_environment_is_in_uv_s_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "uv/archive-v0/s7GlrPMAli0wuyfs"))
    assert installed._manager() == "uvx"


def test_the_container_image_says_that_it_is_one() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "touch /opt/sfcred/sfcred-container-image\n" in dockerfile


@pytest.mark.parametrize("manager", ["uv pip", "uv tool"])
def test_uv_builds_no_wheel_from_a_wheel(manager: installed.Manager) -> None:
    assert Installation(None, Path("/srv/sfcred-1.whl"), manager).wheel_command("vendor") is None
    assert Installation(None, Path("/srv/sfcred"), manager).wheel_command("vendor") is not None
