"""Names that are devices on Windows: no file there can have them, whatever its suffix."""

from collections.abc import Callable

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
DEVICES = ("con", "nul", "aux", "prn", "com1", "lpt9")


@pytest.mark.parametrize("name", DEVICES)
def test_no_spec_is_called_like_one(project: Project, run: Run, name: str) -> None:
    done = run("doctor", project.credential(f"name: {name}\n"))
    assert done.status == 1
    assert "SFC002" in done.out
    assert "`name` is the name of a device on Windows" in done.out


@pytest.mark.parametrize("name", ["console", "com", "com10", "nul-1", "lpt"])
def test_others_are_fine(project: Project, run: Run, name: str) -> None:
    assert "device" not in run("doctor", project.credential(f"name: {name}\n")).out


def test_a_profile_only_follows_a_name(project: Project, run: Run) -> None:
    done = run("doctor", project.credential("profiles: {con: {description: x}}\n"))
    assert "device" not in done.out


@pytest.mark.parametrize("app", ["label: Aux", "api_name: con", "label: '!com1'"])
def test_an_app_s_files_could_not_be_checked_out(project: Project, run: Run, app: str) -> None:
    done = run("doctor", project.credential(f"app: {{{app}}}\n"), "--select", "SFC610")
    assert done.status == 0
    assert "is the name of a device on Windows" in done.out


@pytest.mark.parametrize("flow", ["jwt", "oauth2"])
def test_init_asks_for_another_name(run: Run, flow: str) -> None:
    done = run("init", "con", "--flow", flow, "--environment", "production", "--no-input")
    assert done.status == 2
    assert "NAME: `name` is the name of a device on Windows" in done.err
    assert "private_key" not in done.err
