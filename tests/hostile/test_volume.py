"""Thousands of findings: people get the worst of them and a count, programs get all of them."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from sfcred.cli.schemas import schema
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]


@pytest.fixture
def many(project: Project, run: Run) -> list[dict[str, Any]]:
    """Create a project with about 1,000 findings of several checks, and return them as in JSON."""
    for number in range(30):
        wrong = "my_domain: https://acme.lightning.force.com\n" if number == 29 else ""
        scopes = ", ".join(f"x{index}" for index in range(24))
        project.credential(
            f"name: acme-{number}\n{wrong}app: {{scopes: [{scopes}], pre_authorized: false}}\n",
            name=f"credentials/{number:03}.yaml",
        )
    report = json.loads(run("doctor", "--format", "json").out)
    assert "not_listed" not in report["summary"]
    found: list[dict[str, Any]] = report["findings"]
    assert len(found) > 700
    return found


def test_text_is_readable(many: list[dict[str, Any]], run: Run) -> None:
    done = run("doctor")
    assert done.status == 1
    assert len(done.out) < 50_000
    heads = re.findall(r"^\S+:\d+:\d+: (error|warning|info) (SFC\d+)", done.out, re.MULTILINE)
    assert max(Counter(check for _, check in heads).values()) <= 10
    # The one that differs from all others is shown, although its file is the last.
    assert "SFC104" in {check for _, check in heads}
    assert {f["check"] for f in many if f["severity"] == "error" and not f["because_of"]} <= {
        check for _, check in heads
    }
    causes = [f for f in many if not f["because_of"]]
    (rest,) = re.findall(r"^… and ([\d,]+) more: (.*)$", done.out, re.MULTILINE)
    assert int(rest[0].replace(",", "")) == len(causes) - len(heads)
    assert "to see all: sfcred doctor -v" in done.out
    errors = sum(f["severity"] == "error" for f in many)
    assert f"{errors} errors" in done.out
    whole = run("doctor", "-v").out
    assert len(
        re.findall(r"^\S+:\d+:\d+: (?:error|warning|info) SFC\d+", whole, re.MULTILINE)
    ) == len(causes)


def test_concise_is_readable(many: list[dict[str, Any]], run: Run) -> None:
    lines = run("doctor", "--format", "concise").out.splitlines()
    shown = [line for line in lines if re.match(r"\S+:\d+:\d+: ", line)]
    assert len(shown) <= 500
    assert any("SFC104" in line for line in shown)
    (rest,) = [line for line in lines if line.startswith("… and ")]
    assert f"{len(many) - len(shown):,} more" in rest
    whole = run("doctor", "--format", "concise", "-v").out.splitlines()
    assert len([line for line in whole if re.match(r"\S+:\d+:\d+: ", line)]) == len(many)


def test_github_has_ten_of_a_kind(many: list[dict[str, Any]], run: Run) -> None:
    lines = run("doctor", "--format", "github").out.splitlines()
    kinds = Counter(re.findall(r"^::(\w+) ", "\n".join(lines), re.MULTILINE))
    assert kinds
    assert max(kinds.values()) <= 10
    assert kinds["error"] == 10
    assert any(
        f"{len(many) - sum(kinds.values()):,} more are only in this log" in line for line in lines
    )


@pytest.mark.parametrize("form", ["sarif", "gitlab", "junit", "html"])
def test_programs_get_all(many: list[dict[str, Any]], run: Run, form: str) -> None:
    text = run("doctor", "--format", form).out
    if form == "sarif":
        assert len(json.loads(text)["runs"][0]["results"]) == len(many)
    elif form == "gitlab":
        names = [entry["check_name"] for entry in json.loads(text)]
        assert len(names) - names.count("not-checked") == len(many)
    elif form == "junit":
        names = [case.get("name", "") for case in ET.fromstring(text).iter("testcase")]
        assert len([name for name in names if re.match(r"SFC\d+ ", name)]) == len(many)
    else:
        assert text.count('<details class="card') == 30


def test_json_says_what_it_does_not_list(
    many: list[dict[str, Any]], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfcred.report.formats.json.LIMIT", 50)
    report = json.loads(run("doctor", "--format", "json").out)
    jsonschema.validate(report, schema("report"), jsonschema.Draft202012Validator)
    assert len(report["findings"]) == 50
    assert {f["severity"] for f in report["findings"]} == {"error"}
    assert report["summary"]["not_listed"] >= len(many) - 50
    assert report["summary"]["errors"] == sum(f["severity"] == "error" for f in many)


@pytest.mark.parametrize("form", ["sarif", "gitlab", "junit"])
def test_the_others_say_so_too(
    many: list[dict[str, Any]], run: Run, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(
        f"sfcred.report.formats.{form}.{'_LIMIT' if form == 'sarif' else 'LIMIT'}", 50
    )
    text = run("doctor", "--format", form).out
    assert f"{len(many) - 50:,} more: " in text
    finding = '"ruleId"|"check_name": "(?!not-listed|not-checked)|name="SFC[0-9]+ '
    assert len(re.findall(finding, text)) == 50


def test_a_page_says_what_it_does_not_show(
    many: list[dict[str, Any]], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfcred.report.formats.html._CARDS", 20)
    monkeypatch.setattr("sfcred.report.formats.html._NOTES", 3)
    monkeypatch.setattr("sfcred.report.formats.html._ENDINGS", 30)
    page = run("doctor", "--format", "html").out
    assert page.count('<details class="card') == 20
    assert "This page leaves out 10 cards" in page
    anchors = set(re.findall(r'id="(card-\d+)"', page))
    assert set(re.findall(r'href="#(card-\d+)"', page)) <= anchors


def test_resolve_shows_two_hundred(project: Project, run: Run) -> None:
    profiles = ", ".join(f"p{number}: {{n8n: {{id: 'id{number}'}}}}" for number in range(230))
    spec = project.credential(f"profiles: {{{profiles}}}\n")
    text = run("resolve", spec).out
    assert text.count("\n  flow ") + text.startswith("  flow ") == 200
    assert "… and 30 more" in text
    assert len(json.loads(run("resolve", spec, "--format", "json").out)["credentials"]) == 230
    assert len(run("guide", f"./{spec.name}").err) < 1000


def test_nothing_is_left_out_of_a_few(project: Project, run: Run) -> None:
    for number in range(5):
        project.credential(f"name: acme-{number}\napp: {{scopes: [{', '.join(f'x{i}' for i in range(11))}]}}\n", name=f"c/{number}.yaml")  # fmt: skip
    done = run("doctor", "c")
    assert "… and" not in done.out
    assert Path("c").exists()


def test_a_page_grows_with_its_documents_only(project: Project, run: Run) -> None:
    """Findings go by the credential's name, which many documents can have."""
    sizes = []
    for number in (50, 100):
        spec = project.spec("---\nname: a\n" * number)
        sizes.append(len(run("doctor", spec, "--format", "html").out))
    assert sizes[1] < 3 * sizes[0]
