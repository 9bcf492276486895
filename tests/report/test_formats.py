"""doctor's formats for programs: complete, harmless, and with stable fingerprints."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sfcred.report import format_names
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
LIGHTNING = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"
HOSTILE = """\
version: 1
name: acme
environment: sandbox
client_id: x
my_domain: "https://evil.example\\n::set-output name=a::b\\n</script><b>%0A::error::\\e[31m,:"
description: "\\u0007 ]]> </testsuite>"
"""


def said(run: Run, spec: Path, name: str) -> str:
    done = run("doctor", spec, "--format", name)
    assert done.status == 1
    return done.out


def test_every_format_takes_a_hostile_spec(project: Project, run: Run) -> None:
    spec = project.spec(HOSTILE)
    for name in format_names():
        text = said(run, spec, name)
        assert "\x1b" not in text
        assert "\x07" not in text
        assert not re.search(r"^::set-output", text, re.MULTILINE)


def test_concise_is_a_line_a_finding(project: Project, run: Run) -> None:
    (line,) = said(run, project.credential(LIGHTNING), "concise").splitlines()
    assert re.match(r".*acme\.yaml:4:\d+: error SFC104 ", line)


def test_text_tells_what_follows_once(project: Project, run: Run) -> None:
    """n8n Cloud has two callbacks, and each that is missing is a finding of the same line."""
    spec = project.credential(
        "app: {callback_urls: ['https://else.acme.com/callback']}\n"
        "n8n: {deployment: cloud, url: acme.app.n8n.cloud}\n",
        "oauth2",
    )
    found = [one["check"] for one in json.loads(said(run, spec, "json"))["findings"]]
    assert found.count("SFC304") == 2
    assert said(run, spec, "text").count("follows from this: SFC304 callback-cloud") == 1


def test_github_escapes_as_its_runner_wants_it(project: Project, run: Run) -> None:
    lines = said(run, project.spec(HOSTILE), "github").splitlines()
    assert all(re.match(r"::(error|warning|notice) file=[^,:]+,line=\d+,col=\d+,title=[^,:]+::", line) for line in lines)  # fmt: skip
    found = json.loads(said(run, project.spec(HOSTILE), "json"))["findings"]
    assert len(lines) == len(found)


def test_github_says_what_it_will_not_show(project: Project, run: Run) -> None:
    scopes = ", ".join(f"x{number}" for number in range(13))
    spec = project.credential(f"app: {{scopes: [{scopes}], pre_authorized: false}}\n")
    found = json.loads(said(run, spec, "json"))["findings"]
    lines = said(run, spec, "github").splitlines()
    (note,) = [line for line in lines if "only in this log" in line]
    commands, rest = lines[: lines.index(note)], lines[lines.index(note) + 1 :]
    kinds = [re.match("::(error|warning|notice) ", line)[1] for line in commands]  # type: ignore[index]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert kinds.count("error") == 10
    assert len(rest) == len(found) - len(commands) > 0
    assert all(line.startswith("acme.yaml:") for line in rest)
    assert note == f"{len(rest)} more are only in this log: GitHub shows 10 per level"


def test_gitlab_has_its_fields(project: Project, run: Run) -> None:
    (entry,) = json.loads(said(run, project.credential(LIGHTNING), "gitlab"))
    assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert entry["severity"] == "critical"
    assert entry["location"]["lines"] == {"begin": 4}


def test_junit_counts_what_it_holds(project: Project, run: Run) -> None:
    root = ET.fromstring(said(run, project.spec(HOSTILE), "junit"))
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    assert int(root.get("failures", "")) > 0
    healthy = run("doctor", project.credential(), "--format", "junit").out
    (suite,) = ET.fromstring(healthy)
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


def test_sarif_has_rules_places_and_suppressions(project: Project, run: Run) -> None:
    ignored = "doctor: {ignore: {SFC206: 'canary: it needs all'}}\napp: {scopes: [full, api, refresh_token]}\n"
    document = json.loads(said(run, project.credential(LIGHTNING + ignored), "sarif"))
    (one,) = document["runs"]
    rules = one["tool"]["driver"]["rules"]
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    (suppressed,) = [r for r in one["results"] if "suppressions" in r]
    assert suppressed["ruleId"] == "SFC206"
    assert suppressed["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "canary: it needs all"}
    ]
    (wrong,) = [r for r in one["results"] if r["ruleId"] == "SFC104"]
    assert wrong["level"] == "error"
    assert wrong["locations"][0]["physicalLocation"]["region"]["startLine"] == 4


@pytest.mark.parametrize("name", ["sarif", "gitlab"])
def test_fingerprints_survive_moved_lines(project: Project, run: Run, name: str) -> None:
    spec = project.credential(LIGHTNING)
    before = fingerprints(said(run, spec, name))
    spec.write_text("# moved\n\n" + spec.read_text(encoding="utf-8"), encoding="utf-8")
    assert fingerprints(said(run, spec, name)) == before
    assert len(set(before)) == len(before) > 0


def fingerprints(text: str) -> list[str]:
    return re.findall(r'"(?:sfcred/v2|fingerprint)": "([0-9a-f]{32})"', text)


def test_several_at_once(project: Project, run: Run) -> None:
    spec = project.credential(LIGHTNING)
    done = run("doctor", spec, "-o", "sarif=a.sarif", "-o", "junit=a.xml")
    assert "SFC104" in done.out
    assert json.loads(Path("a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert ET.fromstring(Path("a.xml").read_text(encoding="utf-8")).tag == "testsuites"
    done = run("doctor", spec, "--format", "json", "-o", "./report=x.json")
    assert done.out == ""
    assert json.loads(Path("report=x.json").read_text(encoding="utf-8"))["report_version"] == 1


INJECTIONS = (
    "::error::x",
    "x\n::error::x",
    "x\n   ::set-output name=a::b",
    "##[error]x",
    "x\r\n::error::x",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_of_a_spec_becomes_a_runner_s_command(
    project: Project, run: Run, text: str
) -> None:
    fields = ("my_domain", "description", "client_id", "name", "environment")
    shown = json.dumps(text)
    specs = [f"{field}: {shown}\n" for field in fields]
    specs += [f"app: {{label: {shown}, scopes: [{shown}], callback_urls: [{shown}]}}\n"]
    specs += [f"n8n: {{url: {shown}, id: {shown}, name: {shown}}}\n", f"{shown}: 1\n"]
    specs += [f"jwt: {{username: {shown}, private_key: {{file: {shown}}}, certificate: {shown}}}\n"]
    specs += [f"doctor: {{ignore: {{SFC206: {shown}}}}}\n"]
    for number, fragment in enumerate(specs):
        head = "version: 1\n" if fragment.startswith("name:") else "version: 1\nname: acme\n"
        spec = project.spec(head + fragment, f"{number}.yaml")
        for command in (("doctor", spec), ("doctor", spec, "--format", "junit"), ("resolve", spec)):
            done = run(*command)
            assert_no_command(done.out + done.err)
    spec = project.credential(f"app: {{label: {shown}}}\njwt: {{username: {shown}}}\n")
    for name in ("text", "markdown", "html"):
        done = run("guide", spec, "--format", name)
        assert_no_command(done.out + done.err)


def assert_no_command(text: str) -> None:
    found = [line for line in text.splitlines() if re.match(r"\s*(::|##\[)", line)]
    assert found == []


def test_nor_does_a_file_s_name(project: Project, run: Run) -> None:
    for file in ("::error::x.yaml", "a\n::error::x.yaml"):
        project.spec("name: 3\n", file)
        for name in format_names():
            if name != "github":
                assert_no_command(run("doctor", file, "--format", name).out)


def properties(command: str) -> dict[str, str]:
    """An annotation's properties, as GitHub's runner reads them (ActionCommand.cs)."""
    text = command.removeprefix("::").partition("::")[0].partition(" ")[2]
    pairs = (pair.partition("=") for pair in text.split(","))
    return {name: unescaped(value) for name, _, value in pairs}


def unescaped(text: str) -> str:
    for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


@pytest.mark.parametrize("name", ["a,b.yaml", "a,line=1,title=x.yaml", "50%2C, 100%.yaml", "c=d.yaml"])  # fmt: skip
def test_an_annotation_is_at_its_file_whatever_that_is_called(
    project: Project, run: Run, name: str
) -> None:
    (command,) = said(run, project.credential(LIGHTNING, name=name), "github").splitlines()
    assert properties(command) == {
        "file": name,
        "line": "4",
        "col": "12",
        "title": "SFC104 not-an-authority",
    }


@pytest.mark.parametrize("form", ["gitlab", "sarif", "github", "concise", "junit", "json"])
def test_a_file_is_the_same_however_it_is_spelled(project: Project, run: Run, form: str) -> None:
    path = project.credential(LIGHTNING, name="b.yaml")
    Path("a").mkdir()
    expected = said(run, path, form)
    for spelling in ("b.yaml", "./b.yaml", "./a/../b.yaml", "a/..//b.yaml", str(path.absolute())):
        assert said(run, Path(spelling), form) == expected
        assert run("doctor", spelling, path, "--format", form).out == expected
    Path("elsewhere").symlink_to("a")
    assert run("doctor", "b.yaml", "elsewhere/../b.yaml", "--format", form).out == expected


def test_a_baseline_knows_a_file_however_it_is_spelled(project: Project, run: Run) -> None:
    Path("a").mkdir()
    Path("sfcred.toml").touch()
    path = project.credential(LIGHTNING, name="credentials/b.yaml")
    for file in ("acme.key", "acme.crt"):
        Path(file).replace(Path("credentials") / file)
    assert run("doctor", "--write-baseline").status == 0
    for spelling in ("credentials/b.yaml", "a/../credentials/b.yaml", str(path.absolute())):
        assert run("doctor", spelling).status == 0
        assert run("doctor", spelling, "--no-ignores").status == 1
