"""Every refusal of the token endpoint, rehearsed from the local org through doctor's login."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sfcred.salesforce.diagnosis import ErrorText, diagnose
from sfcred.salesforce.refusals import REFUSALS, Refusal
from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n
from tests.conftest import Outcome
from tests.e2e.conftest import Bench
from tests.e2e.org import Org
from tests.helpers.project import CONSUMER_KEY

Run = Callable[..., Outcome]
SPEC = """\
version: 1
name: rehearsed
environment: sandbox
my_domain: https://acme--uat.sandbox.my.salesforce.com
client_id: {env: KEY}
jwt: {username: n8n@acme.com.uat, private_key: {file: rehearsed.key}}
app: {scopes: [api, refresh_token], permission_sets: [n8n]}
n8n: {url: "https://n8n.acme.com", version: "2.40.5"}
"""
ROWS = [
    pytest.param(row, id=row.name)
    for row in REFUSALS
    if row.answers[0].step in ("token", "userinfo", "rest")
    and row.answers[0].grant in ("", "jwt")
    and row.name != "salesforce-trouble"
]


@pytest.fixture
def spec(bench: Bench, org: Org) -> Iterator[Path]:
    bench.write("rehearsed.key", bench.workshop.text("rsa-2048"))
    path = bench.write("rehearsed.yaml", SPEC)
    org.know([path], {"KEY": CONSUMER_KEY})
    yield path
    org.refuse("")


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal(
    spec: Path, org: Org, run: Run, row: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", CONSUMER_KEY)
    org.refuse(row.name)
    done = run("doctor", spec, "--local-org", org.url)
    assert done.status == 1
    answer = row.answers[0]
    assert answer.error in done.out
    assert "most likely" in done.out
    # A JWT login can have a row of its own for the same answer.
    shown = diagnose(ErrorText(answer.error, answer.description, answer.step, "jwt"))[0]
    assert shown_in_n8n(shown, answer, frozenset({"jwt"})) in done.out


def test_without_one_it_is_well(
    spec: Path, org: Org, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", CONSUMER_KEY)
    done = run("doctor", spec, "--local-org", org.url)
    assert (done.status, "1 logged in" in done.out) == (0, True), done
