"""The calendar, read by icalendar: one event per certificate, the same on every day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from icalendar import Calendar, Event

from sfcred.keys.certificate import Certificate, read_certificate
from sfcred.report.formats.ics import _day, _folded, _text, _utc
from sfcred.text.printable import guarded
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
TWO = "profiles:\n  uat: {}\n  live: {environment: production, my_domain: https://acme.my.salesforce.com}\n"


def content(run: Run, *arguments: str | Path) -> bytes:
    run("doctor", *arguments, "-o", "ics=sfcred.ics")
    return Path("sfcred.ics").read_bytes()


def events(data: bytes) -> list[Event]:
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    assert (calendar["VERSION"], bool(calendar["PRODID"])) == ("2.0", True)
    found = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    assert all(not one.errors for one in (calendar, *found))
    assert len({str(one["UID"]) for one in found}) == len(found)
    return found


def text_of(event: Event) -> str:
    return str(event["DESCRIPTION"])


def certificate() -> Certificate:
    found = read_certificate(Path("acme.crt").read_bytes())
    assert isinstance(found, Certificate)
    return found


def test_an_event_is_at_the_moment_of_the_expiry(project: Project, run: Run) -> None:
    (event,) = events(content(run, project.credential()))
    assert event.decoded("DTSTART") == certificate().not_after
    assert event.decoded("DTSTART").utcoffset() == timedelta(0)
    assert event.decoded("DTSTAMP") == certificate().not_before
    assert event["SUMMARY"] == "Certificate of acme-crm expires"
    assert "`sfcred keygen acme-crm --rotate`" in text_of(event)
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(days=-30)


def test_each_profile_has_its_event(project: Project, run: Run) -> None:
    found = events(content(run, project.credential(TWO)))
    assert {str(one["SUMMARY"]) for one in found} == {
        "Certificate of acme-crm [uat] expires",
        "Certificate of acme-crm [live] expires",
    }


def test_a_shared_key_is_rotated_once(project: Project, run: Run) -> None:
    project.credential(TWO, name="two.yaml")
    other = "name: other\njwt: {private_key: {file: ./acme.key}}\nn8n: {id: other}\n"
    found = events(content(run, "two.yaml", project.credential(other, name="other.yaml")))
    (step,) = {line for one in found for line in text_of(one).splitlines() if "rotate" in line}
    assert step.startswith("What to do: run `sfcred keygen acme-crm --profile uat --rotate` once")
    assert step.endswith(": acme-crm [uat], acme-crm [live], other.")


def test_what_shares_a_key_and_names_no_certificate_is_listed_too(
    project: Project, run: Run
) -> None:
    other = "name: other\njwt: {private_key: {file: ./acme.key}, certificate: null}\nn8n: {id: o}\n"
    specs = (project.credential(other, name="a.yaml"), project.credential(name="b.yaml"))
    (event,) = events(content(run, *specs))
    assert "run `sfcred keygen acme-crm --rotate` once" in text_of(event)
    assert text_of(event).count(": other, acme-crm.") == 1


def test_keys_in_different_files_are_rotated_one_by_one(project: Project, run: Run) -> None:
    fragment = TWO.replace("uat: {}", "uat: {jwt: {private_key: {file: uat.key}}}")
    found = events(content(run, project.credential(fragment)))
    steps = {line for one in found for line in text_of(one).splitlines() if "rotate" in line}
    assert {"--profile uat --rotate`, and" in one for one in steps} == {True, False}
    assert not any("once" in one for one in steps)


def test_it_is_the_same_on_another_day(project: Project, run: Run) -> None:
    spec = project.credential(TWO)
    before = content(run, spec)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        assert content(run, spec) == before


def test_a_renewed_certificate_moves_its_event(project: Project, run: Run) -> None:
    project.material("acme.crt", "certificate-expired")
    (before,) = events(content(run, project.credential()))
    project.material("acme.crt", "certificate")
    (after,) = events(content(run, project.credential("description: moved\n")))
    assert before["UID"] == after["UID"]
    assert before.decoded("DTSTART") < after.decoded("DTSTART")
    assert before.decoded("DTSTAMP") < after.decoded("DTSTAMP")


def test_an_expired_certificate_stays_in_the_calendar(project: Project, run: Run) -> None:
    project.material("acme.crt", "certificate-expired")
    (event,) = events(content(run, project.credential()))
    assert event.decoded("DTSTART") == certificate().not_after < datetime.now(UTC)


@pytest.mark.parametrize("what", ["missing", "a folder", "not a certificate"])
def test_an_expiry_that_is_not_known_is_an_event_of_today(
    project: Project, run: Run, what: str
) -> None:
    Path("acme.crt").unlink()
    if what == "a folder":
        Path("acme.crt").mkdir()
    elif what == "not a certificate":
        project.material("acme.crt", "rsa-other")
    (event,) = events(content(run, project.credential()))
    assert event["SUMMARY"] == "Certificate of acme-crm could not be checked"
    today = datetime.now(UTC).date()
    start = event.decoded("DTSTART")
    assert type(start) is date
    assert today - start <= timedelta(days=1)
    assert "What to do: " in text_of(event)


@pytest.mark.parametrize(
    "way",
    ["--select SFC1", "--ignore SFC4", "select", "ignore", "spec", "path"],
)
def test_no_choice_of_checks_hides_an_expiry_that_is_not_known(
    project: Project, run: Run, way: str
) -> None:
    Path("acme.crt").unlink()
    rule = '{SFC408: "x", SFC409: "x", SFC410: "x", SFC412: "x", SFC008: "x"}'
    spec = project.credential(f"doctor: {{ignore: {rule}}}\n" if way == "spec" else "{}\n")
    settings = {
        "select": 'select = ["SFC2"]\n',
        "ignore": 'ignore = ["SFC4"]\n',
        "path": f'[path_ignores]\n"*.yaml" = {rule.replace(": ", " = ")}\n',
    }
    Path("sfcred.toml").write_text(settings.get(way, ""), encoding="utf-8")
    (event,) = events(content(run, spec, *(way.split() if way.startswith("--") else ())))
    assert event["SUMMARY"] == "Certificate of acme-crm could not be checked"


@pytest.mark.parametrize("year", [1, 476, 999, 1000, 9999])
def test_any_year_has_four_digits(year: int) -> None:
    moment = datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert _utc(moment) == f"{year:04}0102T030405Z"
    assert _day(moment) == f"{year:04}0102"


def test_a_spec_that_cannot_be_read_is_an_event_of_today(project: Project, run: Run) -> None:
    project.spec("x: [", "credentials/broken.yaml")
    project.credential("{}\n", "oauth2", "credentials/acme.yaml")
    (event,) = events(content(run, "credentials"))
    assert "credentials/broken.yaml" in text_of(event)


def test_without_certificates_there_are_no_events(project: Project, run: Run) -> None:
    assert events(content(run, project.credential("{}\n", "oauth2"))) == []


def test_two_documents_with_one_name_have_two_events(project: Project, run: Run) -> None:
    spec = project.credential("{}\n---\n{}\n")
    assert len(events(content(run, spec))) == 2


def test_lines_end_and_fold_as_the_standard_requires(project: Project, run: Run) -> None:
    project.credential(name="credentials/日本語 Größe, a;b " + "x" * 60 + ".yaml")
    for file in ("acme.key", "acme.crt"):
        Path(file).replace(Path("credentials") / file)
    data = content(run, "credentials")
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    (event,) = events(data)
    assert "credentials/日本語 Größe, a;b xx" in text_of(event)


HOSTILE = ("::error::x", "a\nEND:VEVENT\nBEGIN:VEVENT", "##[error]x", "a\\nb;c,d", "x" * 70 + "::error::y", ":" * 300, "😀" * 60, "\x1b[31m\u202e")  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_stays_a_text(text: str) -> None:
    line = _folded(f"SUMMARY:{_text(text)}")
    assert all(len(part.encode()) <= 75 for part in line.split("\n"))
    raw = guarded(line).replace("\n", "\r\n").encode()
    (event,) = events(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n" + raw + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")  # fmt: skip
    shown = str(event["SUMMARY"])
    assert "\n" not in shown
    for word in ("END:VEVENT", "error", "😀", "c,d"):
        assert (word in shown) == (word in text)


@pytest.mark.parametrize(
    "fault", ["environment: qa", "flow: auto\noauth2: {client_secret: {env: X}}"]
)
def test_a_spec_with_errors_has_an_event(project: Project, run: Run, fault: str) -> None:
    """Otherwise its certificate would vanish from the calendar without a word."""
    (event,) = events(content(run, project.credential(f"{fault}\n")))
    assert event["SUMMARY"] == "Certificate of acme-crm could not be checked"
    assert "the spec has errors" in text_of(event)
