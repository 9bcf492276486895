"""The HTML report begins with what to do: the worst first, each thing once, for all who need it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY, Project

Run = Callable[..., Outcome]
LIGHTNING = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"
MISSPELLED = "app: {scopes: [Api, refresh_token]}\n"
SOUND = "n8n: {version: '2.40.5'}\n"


def page(run: Run, *arguments: str | Path) -> str:
    return run("doctor", *arguments, "--format", "html").out


def entries(text: str) -> list[str]:
    """Return the text of each thing to do, without what is folded."""
    lists = re.findall(r'(?s)<ol class="todo"[^>]*>(.*?)</ol>', text.partition("<details")[0])
    items = re.findall(r"(?s)<li .*?</li>", "".join(lists))
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", item)).split()) for item in items]


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("client_id: {env: UNSET}\n", "<b>2</b> checks not run"),
        ("oauth2: {client_secret: {env: UNSET}}\n", "<b>1</b> check not run"),
    ],
)
def test_what_was_not_run_is_counted(project: Project, run: Run, fragment: str, words: str) -> None:
    run("doctor", project.credential(fragment, "oauth2"), "-o", "r.html")
    assert words in Path("r.html").read_text(encoding="utf-8")


def test_it_comes_before_everything_else(project: Project, run: Run) -> None:
    text = page(run, project.credential(LIGHTNING))
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", text)[0] == "What to do"


def test_one_entry_for_all_that_need_it(project: Project, run: Run) -> None:
    for name in "abcdefgh":
        project.credential(f"name: {name}\n{MISSPELLED}", name=f"{name}.yaml")
    (entry,) = [one for one in entries(page(run, ".")) if "SFC201" in one]
    assert "8 errors" in entry
    assert re.search(r"a , b , c , d , e , f and 2 more$", entry)


def test_errors_come_before_warnings_and_expiry_first(project: Project, run: Run) -> None:
    project.material("old.crt", "certificate-expired")
    project.credential(f"{LIGHTNING}jwt: {{certificate: old.crt}}\napp: {{scopes: [Api]}}\n")
    found = entries(page(run, "acme.yaml"))
    assert "SFC409" in found[0]
    kinds = [one.split()[0] for one in found]
    assert kinds == sorted(kinds, key=["error", "not", "warning"].index)
    assert {"error", "warning"} <= {*kinds}


def test_a_consequence_is_no_work_of_its_own(project: Project, run: Run) -> None:
    Path("acme.key").write_text(
        "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n", encoding="utf-8"
    )
    shown = run("doctor", project.credential(), "--format", "json").out
    because = re.findall(r'"because_of": "(SFC\d+)"', shown)
    checks = set(re.findall(r"SFC\d+", " ".join(entries(page(run, "acme.yaml")))))
    assert checks >= set(because)


def test_different_hints_are_attributed(project: Project, run: Run) -> None:
    for name in ("one", "two"):
        host = f"my_domain: https://acme--{name}.sandbox.lightning.force.com\n"
        project.credential(f"name: {name}\n{host}", name=f"{name}.yaml")
    (entry,) = [one for one in entries(page(run, ".")) if "SFC104" in one]
    assert "For one: " in entry


def test_a_finding_for_all_profiles_counts_once(project: Project, run: Run) -> None:
    spec = project.credential(f"{MISSPELLED}profiles: {{a: {{}}, b: {{}}}}\n")
    number = run("doctor", spec, "--format", "concise").out.count("SFC201")
    (entry,) = [one for one in entries(page(run, spec)) if "SFC201" in one]
    assert f" {number} error" in entry


def test_what_could_not_be_read_is_something_to_do(project: Project, run: Run) -> None:
    Path("locked.crt").mkdir()
    done = run("doctor", project.credential("jwt: {certificate: locked.crt}\n"), "--format", "html")
    assert done.status in (1, 4)
    found = " ".join(entries(done.out))
    assert "locked.crt" in done.out
    assert found
    assert "Nothing." not in done.out


def test_nothing_to_do_is_said(project: Project, run: Run) -> None:
    text = page(run, project.credential(SOUND), "--ignore", "SFC5")
    assert entries(text) == []
    assert "Nothing. There are no findings." in text


@pytest.mark.parametrize("number", [8, 9])
def test_the_timeline_appears_where_it_tells_something(
    project: Project, run: Run, number: int
) -> None:
    for name in "abcdefghi"[:number]:
        project.credential(f"name: {name}\n", name=f"{name}.yaml")
    text = page(run, ".")
    assert ('class="calendar"' in text) == (number > 8)
    assert text.count("<time datetime=") >= number


def test_each_remedy_of_one_credential_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = ("--flow", "oauth2", "--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5")
    done = run("init", "acme-crm", "--my-domain", "https://acme.my.salesforce.com", *consent)
    assert done.status == 0
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    (entry,) = [one for one in entries(page(run)) if "SFC005" in one]
    assert "Set ACME_CRM_CLIENT_SECRET" in entry
    assert "sfcred login acme-crm" in entry
    assert "For acme-crm :" not in entry
