"""The alerts in docs/reports.md, tried by promtool with the metrics that doctor writes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.e2e_install import promtool
from scripts.generate import ROOT
from tests.helpers.project import Project

DAY = 86400
PROGRAM = promtool()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no package of Prometheus here")
EXPIRES, LOGIN, UNCHECKED = (
    "SalesforceCertificateExpires", "SalesforceLoginFails", "SalesforceCredentialsNotChecked",
)  # fmt: skip
LABELS = {"credential": "acme-crm", "profile": "uat", "environment": "sandbox"}


@pytest.fixture(autouse=True)
def rules() -> Path:
    """The page's rules, in a file of their own."""
    page = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(groups:.*?)```", page, re.DOTALL)
    Path("rules.yml").write_text(text, encoding="utf-8")
    return Path("rules.yml")


def tried(series: dict[str, int], *expected: tuple[int, str, str | None]) -> str:
    """Let promtool try the rules for three hours, and return what it reports; empty if all is well.

    Args:
        series: Metrics, and the value that each one keeps.
        expected: The minute, the alert, and its summary; None if it must not fire.
    """
    labels = ",".join(f'{name}="{value}"' for name, value in LABELS.items())
    test = {
        "rule_files": ["rules.yml"],
        "tests": [{
            "interval": "1m",
            "input_series": [
                {"series": f"{name}{{{labels}}}", "values": f"{value}x180"}
                for name, value in series.items()
            ],
            "alert_rule_test": [
                {"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": fired(series, summary)}
                for minute, alert, summary in expected
            ],
        }],
    }  # fmt: skip
    Path("test.yml").write_text(json.dumps(test), encoding="utf-8")
    done = subprocess.run(
        [str(PROGRAM), "test", "rules", "test.yml"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def fired(series: dict[str, int], summary: str | None) -> list[dict[str, object]]:
    if summary is None:
        return []
    annotations = {"exp_annotations": {"summary": summary}} if summary else {}
    return [{"exp_labels": LABELS if series else {}, **annotations}]


def metrics(until: int, login: int, unread: int) -> dict[str, int]:
    return {
        "sfcred_certificate_not_after_timestamp_seconds": until,
        "sfcred_login_ok": login,
        "sfcred_unreadable_checks": unread,
    }


def test_the_rules_are_well_formed(rules: Path) -> None:
    done = subprocess.run(
        [str(PROGRAM), "check", "rules", str(rules)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, "3 rules found" in done.stdout) == (0, True), done


def test_nothing_fires_while_all_is_well() -> None:
    quiet = [(minute, alert, None) for minute in (0, 100) for alert in (EXPIRES, LOGIN, UNCHECKED)]
    assert tried(metrics(31 * DAY, 1, 0), *quiet) == ""


def test_each_alert_fires_for_its_own_reason() -> None:
    soon = "The certificate of acme-crm expires in 10d 0h 0m 0s"
    refused = "acme-crm can't log in. Run: sfcred doctor --live"
    assert tried(metrics(10 * DAY, 1, 0), (0, EXPIRES, soon), (0, LOGIN, None)) == ""
    assert tried(metrics(31 * DAY, 0, 0), (0, LOGIN, refused), (0, EXPIRES, None)) == ""
    unread = metrics(31 * DAY, 1, 2)
    assert tried(unread, (59, UNCHECKED, None), (61, UNCHECKED, ""), (61, LOGIN, None)) == ""
    assert tried({}, (59, UNCHECKED, None), (61, UNCHECKED, "")) == ""


def test_a_wrong_expectation_is_noticed() -> None:
    assert "got:[]" in tried(metrics(31 * DAY, 1, 0), (0, LOGIN, "acme-crm can't log in"))


def test_the_rules_use_what_doctor_writes(project: Project, rules: Path) -> None:
    project.credential("profiles: {uat: {}}\n", name="acme.yaml")
    command = [sys.executable, "-m", "sfcred", "doctor", "acme.yaml", "-o", "sfcred.prom"]
    subprocess.run(command, check=False, capture_output=True)
    written = Path("sfcred.prom").read_text(encoding="utf-8")
    used = set(re.findall(r"sfcred_\w+", rules.read_text(encoding="utf-8")))
    # Without --live, there is no login to report.
    assert used - {"sfcred_login_ok"} <= set(re.findall(r"^# TYPE (\w+)", written, re.MULTILINE))
    assert all(f'{name}="' in written for name in LABELS)
    done = subprocess.run(
        [str(PROGRAM), "check", "metrics"],
        input=written,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
