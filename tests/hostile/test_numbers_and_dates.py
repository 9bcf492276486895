"""Metrics and calendars stay what they are, whatever is in a repository, and have no secrets."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.conftest import Outcome
from tests.helpers.project import ENVIRON, Project
from tests.helpers.systems import needs_any_name
from tests.hostile.runners import TEXTS

Run = Callable[..., Outcome]
#: What could end a label, a property or a component early.
BREAKS = ('a"b', "a\\", 'x"} 1\nsfcred_login_ok{credential="y', "a\r\nEND:VEVENT\r\nBEGIN:VEVENT", "a;b,c:d", "# EOF\n")  # fmt: skip
OURS = {
    "sfcred_certificate_not_after_timestamp_seconds",
    "sfcred_findings",
    "sfcred_unreadable_checks",
}

pytestmark = needs_any_name


def written(run: Run) -> tuple[str, bytes]:
    """Return both reports of the project's specs, as files."""
    run("doctor", ".", "--no-ignores", "-o", "openmetrics=sfcred.prom", "-o", "ics=sfcred.ics")
    return Path("sfcred.prom").read_text(encoding="utf-8"), Path("sfcred.ics").read_bytes()


def assert_sound(metrics: str, calendar: bytes, *, certificates: int) -> None:
    families = list(text_string_to_metric_families(metrics))  # type: ignore[no-untyped-call]
    assert {family.name for family in families} <= OURS
    expiries = [one for family in families for one in family.samples if "not_after" in one.name]
    assert len(expiries) == certificates
    assert metrics.endswith("\n# EOF\n")
    assert metrics.count("# EOF") == 1
    (parsed,) = Calendar.from_ical(calendar, multiple=True)
    events = parsed.walk("VEVENT")
    assert len([event for event in events if "expires" in str(event["SUMMARY"])]) == certificates
    assert calendar.count(b"\r\n") == calendar.count(b"\n") == calendar.count(b"\r")


@pytest.mark.parametrize("text", [*TEXTS, *BREAKS])
def test_no_file_s_name_adds_an_event_or_a_metric(project: Project, run: Run, text: str) -> None:
    name = text.replace("/", "")
    project.credential(name=f"{name}/{name}.yaml")
    for file in ("acme.key", "acme.crt"):
        Path(file).replace(Path(name) / file)
    project.spec("x: [", f"{name}.yml")
    metrics, calendar = written(run)
    assert_sound(metrics, calendar, certificates=1)
    assert b"could not be checked" in calendar


@pytest.mark.parametrize("text", BREAKS)
def test_nor_does_a_value(project: Project, run: Run, text: str) -> None:
    shown = json.dumps(text)
    project.credential(f"description: {shown}\napp: {{label: {shown}}}\nn8n: {{name: {shown}}}\n")
    project.spec(f"version: 1\nname: {shown}\n{shown}: 1\n", "broken.yaml")
    assert_sound(*written(run), certificates=1)


def test_no_secret_is_in_them(project: Project, run: Run) -> None:
    project.credential(f"client_id: {ENVIRON['ACME_CLIENT_ID']}\n", name="jwt.yaml")
    project.credential(
        f"name: other\noauth2: {{client_secret: {ENVIRON['ACME_CLIENT_SECRET']}}}\n",
        "oauth2",
        "oauth2.yaml",
    )
    metrics, calendar = written(run)
    for secret in ENVIRON.values():
        assert secret not in metrics
        assert secret not in calendar.replace(b"\r\n ", b"").decode()
    assert_sound(metrics, calendar, certificates=1)
