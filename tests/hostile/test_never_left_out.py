"""Some findings can't be left out, whoever wrote the spec, the configuration or the baseline."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck, Trait
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]

KEPT = [c for c in all_checks() if c.traits & {Trait.ALWAYS, Trait.NEVER_BASELINED}]
#: Live checks need an org. An org that can't be reached is listed as not checked, not as a finding.
ALWAYS = [c for c in KEPT if Trait.ALWAYS in c.traits and c.group != "live"]
#: Findings that need a whole project, or that appear only after the baseline, have separate tests.
BY_SPEC = [c for c in KEPT if c.group in ("spec", "offline")]


def found(run: Run, *options: str) -> set[str]:
    report = json.loads(run("doctor", "--format", "json", *options).out)
    return {finding["check"] for finding in report["findings"]}


def marks(run: Run) -> list[dict[str, str | None]]:
    """Return the fingerprints of all current findings, which anybody can read in a SARIF report."""
    (one,) = json.loads(run("doctor", "--format", "sarif").out)["runs"]
    return [
        {
            "fingerprint": result["partialFingerprints"]["sfcred/v2"],
            "check": result["ruleId"],
            "credential": "acme-crm",
            "profile": None,
            "field": "",
        }
        for result in one["results"]
    ]


def write_baseline(entries: list[dict[str, str | None]]) -> None:
    entries = list({entry["fingerprint"]: entry for entry in entries}.values())
    Path("sfcred-baseline.json").write_text(
        json.dumps({"baseline_version": 2, "findings": entries}, indent=1), encoding="utf-8"
    )


def bad_project(project: Project, check: AnyCheck) -> None:
    """Create a project with the check's bad example as its only spec."""
    project.example(check.bad)
    told, _, host = check.bad.setting.partition("=")
    if told == "org_hosts":
        project.monkeypatch.setenv("SFCRED_ORG_HOSTS", host)
    Path("sfcred.toml").write_text('paths = ["."]\n', encoding="utf-8")


@pytest.mark.parametrize("check", BY_SPEC, ids=lambda check: check.id)
def test_a_baseline_written_by_hand_hides_nothing_of_it(
    check: AnyCheck, project: Project, run: Run
) -> None:
    bad_project(project, check)
    assert check.id in found(run)
    write_baseline(marks(run))
    assert check.id in found(run)
    assert run("doctor").status in (1, 4)


@pytest.mark.parametrize("check", BY_SPEC, ids=lambda check: check.id)
def test_not_under_another_check_s_name_either(check: AnyCheck, project: Project, run: Run) -> None:
    bad_project(project, check)
    write_baseline([{**entry, "check": "SFC206"} for entry in marks(run)])
    assert check.id in found(run)


@pytest.mark.parametrize("check", BY_SPEC, ids=lambda check: check.id)
def test_an_entry_that_can_t_work_is_told(check: AnyCheck, project: Project, run: Run) -> None:
    bad_project(project, check)
    write_baseline([entry for entry in marks(run) if entry["check"] == check.id])
    report = json.loads(run("doctor", "--format", "json").out)
    (told,) = {f["message"] for f in report["findings"] if f["check"] == "SFC012"}
    assert check.id in told
    assert "can't be" in told


@pytest.mark.parametrize("check", BY_SPEC, ids=lambda check: check.id)
def test_a_written_baseline_does_not_hold_it(check: AnyCheck, project: Project, run: Run) -> None:
    bad_project(project, check)
    assert run("doctor", "--write-baseline").status in (1, 4)
    held = json.loads(Path("sfcred-baseline.json").read_text(encoding="utf-8"))["findings"]
    assert check.id not in {entry["check"] for entry in held}


@pytest.mark.parametrize("check", ALWAYS, ids=lambda check: check.id)
def test_no_selection_and_no_ignore_leaves_it_out(
    check: AnyCheck, project: Project, run: Run
) -> None:
    bad_project(project, check)
    Path("sfcred.toml").write_text(
        f'paths = ["."]\nignore = ["{check.id}"]\n[path_ignores."*"]\n{check.id} = "why"\n',
        encoding="utf-8",
    )
    assert check.id in found(run)
    assert check.id in found(run, "--select", "SFC610", "--ignore", check.id)
