"""An unknown refusal: doctor names what it checked, and only what it really checked."""

from collections.abc import Callable
from typing import Any

import pytest

from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck
from tests.live.conftest import Org

Doctor = Callable[..., dict[str, Any]]

CLAIMING = [check for check in all_checks() if check.rules_out]
BY_ID = pytest.mark.parametrize("check", CLAIMING, ids=lambda check: check.id)


def hint(report: dict[str, Any]) -> str:
    (refusal,) = [f["hint"] for f in report["findings"] if f["name"] == "login-refused"]
    assert "not in sfcred's table" in refusal
    return str(refusal)


def claims(report: dict[str, Any]) -> set[str]:
    words = hint(report)
    return {check.id for check in CLAIMING if check.rules_out in words}


@pytest.fixture(autouse=True)
def _moon(org: Org) -> None:
    org.refuses("moon_phase", "The moon is wrong.")


def test_all_that_was_checked_is_named(doctor: Doctor) -> None:
    assert claims(doctor()) == {check.id for check in CLAIMING}


def test_a_consent_has_no_key_and_no_username(doctor: Doctor) -> None:
    of_any_flow = {check.id for check in CLAIMING if check.covers("oauth2")}
    assert claims(doctor("{}\n", "oauth2")) == of_any_flow
    assert 0 < len(of_any_flow) < len(CLAIMING)


@BY_ID
def test_what_did_not_run_is_not_named(check: AnyCheck, doctor: Doctor) -> None:
    left = claims(doctor("{}\n", "jwt", "--ignore", check.id))
    assert left == {other.id for other in CLAIMING} - {check.id}


def test_nothing_is_named_where_only_the_login_is_selected(doctor: Doctor) -> None:
    assert claims(doctor("{}\n", "jwt", "--select", "SFC9")) == set()


def test_what_crashed_is_not_named(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_value: str) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("sfcred.checks.offline.username_form._fault", broken)
    report = doctor()
    assert [crash["check"] for crash in report["crashed"]] == ["SFC109"]
    assert claims(report) == {check.id for check in CLAIMING} - {"SFC109"}


@pytest.mark.parametrize(
    ("fragment", "check_id"),
    [
        ("jwt: {username: n8n@acme.com}\n", "SFC108"),
        ("jwt: {username: n8n@acme.com}\ndoctor: {ignore: {SFC108: it is so}}\n", "SFC108"),
        ("client_id: 3MVG9abc\ndoctor: {ignore: {SFC110: it is so}}\n", "SFC110"),
        ("jwt: {certificate: null}\n", "SFC408"),
        ("jwt: {certificate: null}\n", "SFC409"),
    ],
)
def test_what_was_found_ignored_or_not_known_is_not_named(
    fragment: str, check_id: str, doctor: Doctor
) -> None:
    assert check_id not in claims(doctor(fragment))
